//! Whoever asks a cluster.
//!
//! A scheduler keeps its jobs in memory, and one that was started anew answers for a job it does not know as if the job
//! had not begun; Ballista's client would wait for ever. So a connection that carries nothing is held open beside
//! the query: when it ends, that scheduler is gone, and the query is asked again. So it is when an executor is lost with results
//! that are still needed. Queries only read, so asking twice is harmless.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ballista_core::config::{
    BALLISTA_CLIENT_IO_RETRIES_TIMES, BALLISTA_CLIENT_IO_RETRY_WAIT_TIME_MS,
};
use ballista_core::execution_plans::execute_physical_plan;
use ballista_core::extension::SessionConfigExt as _;
use ballista_core::serde::protobuf::GetJobStatusParams;
use ballista_core::serde::protobuf::scheduler_grpc_client::SchedulerGrpcClient;
use datafusion::arrow::array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionState;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::common::collect;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties as _};
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::PhysicalPlanNode;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tonic::transport::Endpoint;

use super::identity::{self, MemberIdentity};
use super::once::REFUSED;
use super::{LARGEST_MESSAGE, MemberError, SILENCE, Token};

/// A way to a cluster.
#[derive(Clone, Debug)]
pub struct Client {
    host: String,
    port: u16,
    identity: Option<MemberIdentity>,
    lost: fn(&Loss),
}

/// What a query has to be asked again for.
#[derive(Debug)]
#[non_exhaustive]
pub enum Loss {
    /// The scheduler ended, and with it all that it knew.
    Scheduler {
        /// Where it was.
        scheduler: String,
    },
    /// An executor ended, or hangs, and with it results that are still needed.
    Results,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheduler { scheduler } => {
                write!(f, "the scheduler at {scheduler} was lost; asking again when it is back")
            }
            Self::Results => f.write_str("an executor was lost with its results; asking again"),
        }
    }
}

/// How asking once ended, other than well.
enum Failure {
    Lost(DataFusionError),
    Query(DataFusionError),
}

/// Why a cluster gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The address of a cluster is `df://HOST:PORT`.
    #[error("`{text}` is not the address of a cluster")]
    Address {
        /// What was given.
        text: String,
    },
    /// The token gives no usable key.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// Nobody listens, or not with this token.
    #[error("there is no scheduler at {scheduler}")]
    NoScheduler {
        /// Where it was looked for.
        scheduler: String,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// Somebody listens, and does not speak with us.
    #[error("the scheduler at {scheduler} does not accept us")]
    Refused {
        /// Where it is.
        scheduler: String,
        /// What happened.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It was lost each time.
    #[error("the scheduler at {scheduler} was lost while it worked on the query, {times} times")]
    Lost {
        /// Where it was.
        scheduler: String,
        /// How often the query was begun.
        times: u32,
    },
    /// Executors were lost each time.
    #[error("executors were lost while they worked on the query, {times} times")]
    ResultsLost {
        /// How often the query was begun.
        times: u32,
        /// What happened last.
        #[source]
        source: Box<DataFusionError>,
    },
    /// The query failed.
    #[error("the cluster could not answer")]
    Query(#[from] Box<DataFusionError>),
}

impl ClientError {
    /// Returns what the user can do about it, if anything.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::Address { .. } => "write it as `df://HOST:PORT`",
            Self::Member(error) => return error.help(),
            Self::NoScheduler { .. } => "start one with `portolan cluster scheduler`",
            Self::Refused { .. } => {
                "give the same `--token-file` to all members and clients, or to none"
            }
            Self::Lost { .. } => "look at what the scheduler said when it stopped, then ask again",
            Self::ResultsLost { .. } => {
                "look at what the executors said when they stopped, then ask again"
            }
            Self::Query(_) => return None,
        };
        Some(text.to_owned())
    }
}

/// How often a query is begun before we give up.
const ATTEMPTS: u32 = 3;

/// How long to wait for a scheduler to come back.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long to wait between two looks for it.
const PAUSE: Duration = Duration::from_millis(250);

impl Client {
    /// Returns the way to the cluster at `address`, such as `df://10.0.0.5:50050`.
    ///
    /// # Errors
    ///
    /// Fails if the address or the token is not well formed; nobody is called yet.
    pub fn new(address: &str, token: Option<&Token>) -> Result<Self, ClientError> {
        let refused = || ClientError::Address { text: address.to_owned() };
        let place = address.strip_prefix("df://").ok_or_else(refused)?.trim_end_matches('/');
        let (host, port) = place.rsplit_once(':').ok_or_else(refused)?;
        let port = port.parse().map_err(|_| refused())?;
        if host.is_empty() {
            return Err(refused());
        }
        let identity = token.map(Token::identity).transpose()?;
        Ok(Self { host: host.to_owned(), port, identity, lost: |_| {} })
    }

    /// Has this told what was lost, each time that the query is asked again.
    #[must_use]
    pub fn when_lost(self, lost: fn(&Loss)) -> Self {
        Self { lost, ..self }
    }

    /// Returns what a plan gives that was made in `state`.
    ///
    /// The plan is one of DataFusion's own operators and plain scans, with our functions by name.
    ///
    /// # Errors
    ///
    /// Fails if there is no scheduler, if members are lost three times, or if the query itself fails.
    pub async fn collect(
        &self,
        state: &SessionState,
        plan: &Arc<dyn ExecutionPlan>,
    ) -> Result<Vec<RecordBatch>, ClientError> {
        let mut watch = self.watch(Duration::ZERO).await?;
        self.greet().await?;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            let answer = self.ask(state, plan);
            let failed = tokio::select! {
                answer = answer => match answer {
                    Ok(batches) => return Ok(batches),
                    Err(failure) => Some(failure),
                },
                () = ended(&mut watch) => None,
            };
            last = match failed {
                Some(failure) if !is_ended(&mut watch).await => match failure {
                    Failure::Query(error) => return Err(Box::new(error).into()),
                    Failure::Lost(error) => Some(error),
                },
                _ => None,
            };
            (self.lost)(&match last {
                None => Loss::Scheduler { scheduler: self.place() },
                Some(_) => Loss::Results,
            });
            watch = self.watch(PATIENCE).await?;
        }
        Err(match last {
            None => ClientError::Lost { scheduler: self.place(), times: ATTEMPTS },
            Some(error) => ClientError::ResultsLost { times: ATTEMPTS, source: Box::new(error) },
        })
    }

    /// Asks the scheduler something that needs no work, so that what stands between us is known before the query.
    async fn greet(&self) -> Result<(), ClientError> {
        let refused = |source: Box<dyn std::error::Error + Send + Sync>| ClientError::Refused {
            scheduler: self.place(),
            source,
        };
        let endpoint = Endpoint::from_shared(self.address()).map_err(|it| refused(it.into()))?;
        let endpoint = endpoint.connect_timeout(SILENCE).timeout(SILENCE);
        let endpoint = match &self.identity {
            None => endpoint,
            Some(identity) => identity::endpoints(Some(identity))(endpoint).map_err(refused)?,
        };
        let channel = endpoint.connect().await.map_err(|it| refused(it.into()))?;
        let question = GetJobStatusParams { job_id: String::from("greeting") };
        let answer = SchedulerGrpcClient::new(channel).get_job_status(question).await;
        answer.map(drop).map_err(|status| refused(status.into()))
    }

    async fn ask(
        &self,
        state: &SessionState,
        plan: &Arc<dyn ExecutionPlan>,
    ) -> Result<Vec<RecordBatch>, Failure> {
        let config = self.config(state.config().clone());
        let (codec, settings) =
            (config.ballista_physical_extension_codec(), config.ballista_config());
        let stream = execute_physical_plan::<PhysicalPlanNode>(
            self.address(),
            &settings,
            in_one_task(plan),
            codec.as_ref(),
            state.session_id().to_owned(),
            config,
        );
        let stream = stream.await.map_err(|error| {
            let refused = error.to_string().contains(REFUSED);
            if refused { Failure::Lost(error) } else { Failure::Query(error) }
        })?;
        // The work is done: what fails now is to fetch its results from executors.
        collect(stream).await.map_err(Failure::Lost)
    }

    /// Returns the settings of a session made into those of one that asks the cluster.
    fn config(&self, local: SessionConfig) -> SessionConfig {
        local
            .upgrade_for_ballista()
            .with_ballista_adaptive_query_planner(false)
            .with_ballista_grpc_client_max_message_size(LARGEST_MESSAGE as usize)
            .set_str(BALLISTA_CLIENT_IO_RETRIES_TIMES, "1")
            .set_str(BALLISTA_CLIENT_IO_RETRY_WAIT_TIME_MS, "1000")
            .with_ballista_use_tls(self.identity.is_some())
            .with_ballista_override_create_grpc_client_endpoint(identity::endpoints(
                self.identity.as_ref(),
            ))
    }

    /// Opens the connection that lives as long as the scheduler, waiting for it as long as `patience`.
    async fn watch(&self, patience: Duration) -> Result<TcpStream, ClientError> {
        let mut left = patience;
        loop {
            let place = (self.host.trim_matches(['[', ']']), self.port);
            match TcpStream::connect(place).await {
                Ok(stream) => return Ok(stream),
                Err(source) if left.is_zero() => {
                    return Err(ClientError::NoScheduler { scheduler: self.place(), source });
                }
                Err(_) => tokio::time::sleep(PAUSE.min(left)).await,
            }
            left = left.saturating_sub(PAUSE);
        }
    }

    fn address(&self) -> String {
        let scheme = if self.identity.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.place())
    }

    fn place(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// Returns a plan whose results are of one task.
///
/// If an executor is lost that has results of some tasks, Ballista gives these to another and hands out the results of both.
fn in_one_task(plan: &Arc<dyn ExecutionPlan>) -> Arc<dyn ExecutionPlan> {
    match plan.output_partitioning().partition_count() {
        1 => Arc::clone(plan),
        _ => Arc::new(CoalescePartitionsExec::new(Arc::clone(plan))),
    }
}

/// Returns when the other side has closed the connection. What it says is not of interest.
async fn ended(watch: &mut TcpStream) {
    let mut bytes = [0; 64];
    while let Ok(1..) = watch.read(&mut bytes).await {}
}

/// Returns whether the other side closes the connection at about this time.
async fn is_ended(watch: &mut TcpStream) -> bool {
    tokio::time::timeout(Duration::from_millis(500), ended(watch)).await.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: Option<(&str, u16)>) {
        let client = Client::new(address, None).ok();
        let found = client.as_ref().map(|it| (it.host.as_str(), it.port));
        assert_eq!(found, expected, "{address}");
    }

    #[test]
    fn addresses_are_read() {
        check("df://127.0.0.1:50050", Some(("127.0.0.1", 50050)));
        check("df://scheduler.internal:1/", Some(("scheduler.internal", 1)));
        check("df://[::1]:50050", Some(("[::1]", 50050)));
        check("127.0.0.1:50050", None);
        check("df://127.0.0.1", None);
        check("df://:50050", None);
        check("df://host:port", None);
    }
}
