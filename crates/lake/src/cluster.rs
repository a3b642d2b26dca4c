//! Queries on more than one machine.
//!
//! A cluster is one scheduler and any number of executors, all of them this program, built on Ballista. A client
//! hands the scheduler the physical plan of each part of a query that DataFusion would run, and runs what is left (the operators
//! that look at rows in their order) itself; members read the lake's files, which must be at the same place for all. Nothing of
//! ours is in these plans but functions, which each member registers by name, and plain scans of Parquet, so that no codec
//! of ours has to agree between versions. Physical rather than logical, because a logical plan would have to describe
//! our table to the scheduler, which then would ask the store about each file again.
//!
//! Members talk TLS and know each other by a shared [`Token`]; without one they serve this machine only. Only
//! pulled work is used: an executor asks for tasks, so that nobody has to reach into it but for results.
//!
//! Ballista's REST and Flight SQL services are not mounted: less to defend.

mod client;
mod executor;
mod functions;
mod identity;
mod once;
mod scheduler;

pub use client::{Client, ClientError, Loss};
pub use executor::{ExecutorSettings, execute};
pub use functions::{ClusterFunctions, functions};
pub use identity::{Token, TokenError};
pub use scheduler::{SchedulerSettings, schedule};

use std::net::SocketAddr;
use std::time::Duration;

/// How long an executor may be silent before its tasks are given to others.
///
/// Under pulled work an executor speaks at least every 5 s, even when it is busy (Ballista 55,
/// `HEARTBEAT_POLL_INTERVAL`). Ballista's own default is 180 s.
const SILENCE: Duration = Duration::from_secs(9);

/// How long a connection to another member may take, and how long the member may leave a ping unanswered. An executor that
/// hangs rather than dies is noticed by nothing else when results are fetched from it.
const UNANSWERED: Duration = Duration::from_secs(5);

/// The largest message between members, in bytes: a plan names each of its files.
const LARGEST_MESSAGE: u32 = 64 << 20;

/// Why a member cannot serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemberError {
    /// The address is not one of this machine only, and there is no token.
    #[error("`{address}` can be reached by others, and there is no token")]
    Open {
        /// The address that was to be served.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on `{address}`")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The token gives no usable key.
    #[error("the token cannot be used for TLS")]
    Identity(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Ballista gave up.
    #[error("the {member} stopped")]
    Stopped {
        /// `scheduler` or `executor`.
        member: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl MemberError {
    /// Returns what the user can do about it, if anything.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Open { .. } => Some(String::from(
                "make a token with `portolan cluster token` and give it to every member, or bind to 127.0.0.1",
            )),
            Self::Listen { .. } => Some(String::from("choose another port with `--bind`")),
            Self::Identity(_) => Some(String::from("make a new one with `portolan cluster token`")),
            Self::Stopped { .. } => None,
        }
    }
}

/// Listens on the address, which may have port 0, if it may be served.
fn listen(
    address: SocketAddr,
    token: Option<&Token>,
) -> Result<std::net::TcpListener, MemberError> {
    if token.is_none() && !address.ip().is_loopback() {
        return Err(MemberError::Open { address });
    }
    let listener = std::net::TcpListener::bind(address)
        .and_then(|listener| listener.set_nonblocking(true).map(|()| listener));
    listener.map_err(|source| MemberError::Listen { address, source })
}
