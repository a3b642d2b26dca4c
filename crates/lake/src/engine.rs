//! Questions on flow logs: a checked query, or SQL, over the files of a snapshot.
//!
//! ```text
//!   Query --plan--> plan of DataFusion --run--> batches --operator--> batches --plan--> … --> Answer
//! ```
//!
//! A query becomes plans of DataFusion and, between them, operators of ours (`operator`). Columns keep the types of the files all
//! the way: addresses are numbers until a cell is shown. What DataFusion does badly on logs is done otherwise: percentiles and sets
//! (`aggregate`), `dedup` and everything else that is newest first (one time slice after the other, `run`), grouping by one or two
//! numbers.
//!
//! **Invariant:** an answer is a function of snapshot, query, time range and tables; how many processors or machines work on it
//! changes nothing but the order of equal rows.

mod aggregate;
mod answer;
mod database;
mod enrichment;
mod expression;
mod function;
mod group;
mod names;
mod natural;
mod open;
mod operator;
mod parquet_file;
mod plan;
mod run;
mod scope;
mod session;
mod source;
mod table;
mod value;
mod vocabulary;

use std::sync::Arc;

use datafusion::error::Result;
use datafusion::execution::context::SessionContext;
use object_store::ObjectStore;
use portolan_query::Query;
use url::Url;

pub use aggregate::EXACT_UP_TO;
pub use answer::{Answer, AnswerColumn, Progress, Rows};
pub use database::Database;
pub use enrichment::{EnrichmentError, Published, aws_ranges, maxmind};
pub use parquet_file::parquet_file;
pub use session::Limits;
#[cfg(feature = "cluster")]
pub(crate) use session::functions;
pub use source::{Source, SourceFile, reading_type};
pub use table::{Reference, Table, Tables};
pub use value::{Number, Value};
pub use vocabulary::vocabulary;

/// A time range in milliseconds since 1970: from the first moment until before the last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Range {
    /// The first moment.
    pub from: i64,
    /// The moment after the last.
    pub to: i64,
}

impl Range {
    /// All of time.
    pub const ALL: Self = Self { from: i64::MIN, to: i64::MAX };

    /// Returns the first whole second of the range since 1970, and the one after its last.
    pub fn seconds(self) -> (i64, i64) {
        let up = |moment: i64| moment.div_euclid(1000) + i64::from(moment.rem_euclid(1000) > 0);
        (up(self.from), up(self.to))
    }
}

/// Answers queries on the files of a snapshot.
#[derive(Clone)]
pub struct Engine {
    session: SessionContext,
    source: Source,
    tables: Arc<Tables>,
    /// When the queries are asked, in milliseconds since 1970.
    now: i64,
    #[cfg(feature = "cluster")]
    cluster: Option<Arc<crate::cluster::Client>>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("files", &self.source.files.len()).finish_non_exhaustive()
    }
}

impl Engine {
    /// Returns an engine on these files of a store; `now` is the time in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// Fails if there is no place to spill to.
    pub fn new(
        store: (Url, Arc<dyn ObjectStore>),
        source: Source,
        limits: &Limits,
        now: i64,
    ) -> Result<Self> {
        let session = session::new(limits)?;
        session.register_object_store(&store.0, store.1);
        Ok(Self {
            session,
            source,
            tables: Arc::default(),
            now,
            #[cfg(feature = "cluster")]
            cluster: None,
        })
    }

    /// Gives the tables that `lookup` and `cidrlookup` may name.
    #[must_use]
    pub fn with_tables(mut self, tables: Tables) -> Self {
        self.tables = Arc::new(tables);
        self
    }

    /// Begins to answer a query on a time range.
    ///
    /// # Errors
    ///
    /// Fails if a table that it names is not there, or the store cannot be read.
    pub async fn query(&self, query: &Query, range: Range) -> Result<Answer> {
        run::answer(self, query, range).await
    }

    /// Returns how a query would be answered, as text for people who know DataFusion.
    ///
    /// # Errors
    ///
    /// Fails as [`Self::query`] does.
    pub async fn explain(&self, query: &Query, range: Range) -> Result<String> {
        let answer = self.query(query, range).await?;
        Ok(answer.explain())
    }

    /// Begins to answer SQL on the table `flows`, whose columns are those of the lake with addresses as text.
    ///
    /// # Errors
    ///
    /// Fails if the text is not SQL, or names what is not there.
    pub async fn sql(&self, text: &str, range: Range) -> Result<Answer> {
        run::sql(self, text, range).await
    }
}

#[cfg(test)]
mod tests;
