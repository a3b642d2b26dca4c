//! The answers of AWS, one module for each kind of resource.
//!
//! Each module has the part of the answer that the model needs, as types for `serde`, and a function that turns
//! an element into a resource. A field that every answer has and the model cannot do without is not
//! optional; all others are, and fields that are not named are ignored.

pub(crate) mod address;
pub(crate) mod block_public_access;
pub(crate) mod database;
pub(crate) mod endpoint;
pub(crate) mod firewall;
pub(crate) mod function;
pub(crate) mod gateway;
pub(crate) mod instance;
pub(crate) mod interface;
pub(crate) mod listener;
pub(crate) mod load_balancer;
pub(crate) mod network_acl;
pub(crate) mod peering;
pub(crate) mod prefix_list;
pub(crate) mod route_table;
pub(crate) mod security_group;
pub(crate) mod target_group;
pub(crate) mod transit_gateway;
pub(crate) mod vpc;
pub(crate) mod vpn;
