//! What each port is: the registry, what AWS runs there, the recommended setting.
