//! The members that work.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_flight::flight_service_server::FlightServiceServer;
use ballista_core::error::BallistaError;
use ballista_core::extension::SessionConfigExt as _;
use ballista_core::utils::create_grpc_server;
use ballista_core::{ConfigProducer, config::TaskSchedulingPolicy};
use ballista_executor::ArrowFlightServerProvider;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_executor::flight_service::BallistaFlightService;
use datafusion::prelude::SessionConfig;
use tonic::transport::server::TcpIncoming;

use super::identity::{self, MemberIdentity};
use super::once::Once;
use super::{ClusterFunctions, LARGEST_MESSAGE, MemberError, Token, listen};

/// How an executor works.
#[derive(Clone, Debug)]
pub struct ExecutorSettings {
    /// Host and port of the scheduler.
    pub scheduler: (String, u16),
    /// Where others fetch results; port 0 means any that is free.
    pub bind: SocketAddr,
    /// The name or address under which others reach it, if that is not the address of `bind`.
    pub advertise: Option<String>,
    /// The secret of the cluster; without one only loopback addresses are served.
    pub token: Option<Token>,
    /// How many tasks to work on at once; 0 means one for each processor.
    pub cores: usize,
    /// The memory that operators may take before they spill, in bytes; `None` means 70 % of what there is.
    pub memory: Option<u64>,
    /// Where intermediate results are kept; `None` means a temporary folder.
    pub work_directory: Option<PathBuf>,
    /// The functions of plans.
    pub functions: ClusterFunctions,
}

/// How long to wait for a scheduler that is not there yet, in seconds.
const PATIENCE_SECS: u16 = 30;

/// How long intermediate results of a query are kept if its end was not heard of, in seconds.
const KEPT_SECS: u64 = 3600;

/// Works until the process is told to stop (SIGINT or SIGTERM), then finishes the tasks at hand.
///
/// `ready` is told the address where results are fetched.
///
/// # Errors
///
/// Fails if the address cannot be served, or must not be, or the scheduler is not there.
pub async fn execute(
    settings: ExecutorSettings,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), MemberError> {
    let stopped = |source| MemberError::Stopped { member: "executor", source };
    let listener = listen(settings.bind, settings.token.as_ref())?;
    let address = listener.local_addr().unwrap_or(settings.bind);
    let identity = settings.token.as_ref().map(Token::identity).transpose()?;
    let (scheduler_host, scheduler_port) = settings.scheduler;
    // Ballista makes itself a temporary folder and forgets to keep it.
    let temporary = tempfile::tempdir().map_err(|it| stopped(it.into()))?;
    let work_directory = settings.work_directory.unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&work_directory).map_err(|it| stopped(it.into()))?;
    let config = ExecutorProcessConfig {
        bind_host: address.ip().to_string(),
        external_host: Some(settings.advertise.unwrap_or_else(|| address.ip().to_string())),
        port: address.port(),
        scheduler_host,
        scheduler_port,
        scheduler_connect_timeout_seconds: PATIENCE_SECS,
        vcores: settings.cores,
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(work_directory.display().to_string()),
        job_data_ttl_seconds: KEPT_SECS,
        job_data_clean_up_interval_seconds: KEPT_SECS / 4,
        grpc_max_decoding_message_size: LARGEST_MESSAGE,
        grpc_max_encoding_message_size: LARGEST_MESSAGE,
        memory_pool_size: settings.memory,
        override_function_registry: Some(Arc::new(settings.functions.registry())),
        override_config_producer: Some(config_of(identity.clone())),
        override_create_grpc_client_endpoint: Some(identity::endpoints(identity.as_ref())),
        override_execution_engine: Some(Arc::new(Once::default())),
        override_arrow_flight_service: Some(results(listener, identity)),
        ..ExecutorProcessConfig::default()
    };
    ready(address);
    start_executor_process(Arc::new(config)).await.map_err(|it| stopped(it.into()))
}

/// Returns what settings tasks begin with: how to fetch from other executors.
fn config_of(identity: Option<MemberIdentity>) -> ConfigProducer {
    Arc::new(move || {
        SessionConfig::new_with_ballista()
            .with_ballista_use_tls(identity.is_some())
            .with_ballista_override_create_grpc_client_endpoint(identity::endpoints(
                identity.as_ref(),
            ))
    })
}

/// Returns the service from which results are fetched, on a port that is already ours.
fn results(
    listener: std::net::TcpListener,
    identity: Option<MemberIdentity>,
) -> Arc<ArrowFlightServerProvider> {
    let listener = Mutex::new(Some(listener));
    Arc::new(move |work_directory, _address, mut shutdown, config| {
        let listener = listener.lock().unwrap_or_else(PoisonError::into_inner).take();
        let identity = identity.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "Ballista waits for the task that it asks for"
        )]
        tokio::spawn(async move {
            let missing =
                || BallistaError::General(String::from("the service was asked for twice"));
            let listener = tokio::net::TcpListener::from_std(listener.ok_or_else(missing)?)?;
            let mut server = create_grpc_server(&config);
            if let Some(identity) = identity {
                server = server.tls_config(identity.server).map_err(BallistaError::TonicError)?;
            }
            let service = FlightServiceServer::new(BallistaFlightService::new(work_directory))
                .max_decoding_message_size(LARGEST_MESSAGE as usize)
                .max_encoding_message_size(LARGEST_MESSAGE as usize);
            let served = server
                .add_service(service)
                .serve_with_incoming_shutdown(TcpIncoming::from(listener), shutdown.recv());
            served.await.map_err(BallistaError::TonicError)
        })
    })
}
