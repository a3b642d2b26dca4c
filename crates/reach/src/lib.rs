//! Exact reachability over the model, with witnesses and blockers.
