//! What to change and why: rules tightened to observed traffic, with proof.
