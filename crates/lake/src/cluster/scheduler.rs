//! The member that plans: one for each cluster.
//!
//! Its state is in memory. If it dies, running queries are lost and clients ask again; executors come back by themselves.

use std::net::SocketAddr;
use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::extension::SessionConfigExt as _;
use ballista_core::serde::protobuf::scheduler_grpc_server::SchedulerGrpcServer;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::create_scheduler;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use super::identity;
use super::{ClusterFunctions, LARGEST_MESSAGE, MemberError, SILENCE, Token, listen};

/// How a scheduler serves.
#[derive(Clone, Debug)]
pub struct SchedulerSettings {
    /// Where it listens; port 0 means any that is free.
    pub bind: SocketAddr,
    /// The secret of the cluster; without one only loopback addresses are served.
    pub token: Option<Token>,
    /// The functions of plans.
    pub functions: ClusterFunctions,
}

/// Serves until `stop` ends; `ready` is told the address once it can be called.
///
/// # Errors
///
/// Fails if the address cannot be served, or must not be.
pub async fn schedule(
    settings: SchedulerSettings,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), MemberError> {
    let SchedulerSettings { bind, token, functions } = settings;
    let stopped = |source| MemberError::Stopped { member: "scheduler", source };
    let listener = listen(bind, token.as_ref())?;
    let address = listener.local_addr().unwrap_or(bind);
    let identity = token.as_ref().map(Token::identity).transpose()?;
    let config = SchedulerConfig {
        bind_host: address.ip().to_string(),
        bind_port: address.port(),
        external_host: address.ip().to_string(),
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: SILENCE.as_secs(),
        expire_dead_executor_interval_seconds: 1,
        grpc_server_max_decoding_message_size: LARGEST_MESSAGE,
        grpc_server_max_encoding_message_size: LARGEST_MESSAGE,
        grpc_client_max_message_size: LARGEST_MESSAGE,
        use_tls: identity.is_some(),
        override_create_grpc_client_endpoint: Some(identity::endpoints(identity.as_ref())),
        override_session_builder: Some(Arc::new(move |config| session(config, &functions))),
        override_config_producer: Some(Arc::new(SessionConfig::new_with_ballista)),
        ..SchedulerConfig::default()
    };
    let cluster =
        BallistaCluster::new_from_config(&config).await.map_err(|it| stopped(it.into()))?;
    let scheduler =
        create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config));
    let scheduler = scheduler.await.map_err(|it| stopped(it.into()))?;
    let service = SchedulerGrpcServer::new(scheduler)
        .max_decoding_message_size(LARGEST_MESSAGE as usize)
        .max_encoding_message_size(LARGEST_MESSAGE as usize);
    let mut server = Server::builder();
    if let Some(identity) = identity {
        server = server.tls_config(identity.server).map_err(|it| stopped(it.into()))?;
    }
    let listener = tokio::net::TcpListener::from_std(listener).map_err(|it| stopped(it.into()))?;
    ready(address);
    let served = server
        .add_service(service)
        .serve_with_incoming_shutdown(TcpIncoming::from(listener), stop)
        .await;
    served.map_err(|it| stopped(it.into()))
}

/// Returns the state in which the plans of one client are made ready.
fn session(
    config: SessionConfig,
    functions: &ClusterFunctions,
) -> datafusion::error::Result<SessionState> {
    let mut state = SessionStateBuilder::new().with_default_features().with_config(config).build();
    functions.register(&mut state)?;
    Ok(state)
}
