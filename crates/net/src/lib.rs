//! Values of networking and their algebra: ports, prefixes, protocols, packets and sets of them.
