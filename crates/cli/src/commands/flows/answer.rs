//! What every question on flow logs shares: which records, who computes, and how the answer is shown.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use portolan_lake::engine::{Answer, Engine, Limits, Range, Rows};
use portolan_lake::manifest::Snapshot;
use portolan_lake::{Lake, LakeError, Moment};
use portolan_query::Query;
use portolan_report::{Drawing, Format, RowSet};

use super::rows::row_set;
use super::tables::{GivenTables, TableArguments};
use crate::context::Context;
use crate::error::CliError;
use crate::lake::{LakeArguments, each_batch, now};
use crate::output::{OutputArguments, print, write_bytes};
use crate::runtime::block_on;
use crate::status::Status;

/// What a question is asked of and how its answer is shown, as typed.
#[derive(Args, Debug)]
pub(super) struct AnswerArguments {
    #[command(flatten)]
    lake: LakeArguments,

    #[command(flatten)]
    range: RangeArguments,

    #[command(flatten)]
    tables: TableArguments,

    #[cfg(feature = "cluster")]
    #[command(flatten)]
    cluster: super::cluster::ClusterArguments,

    /// Print how the answer is computed, for people who know DataFusion
    #[arg(long, help_heading = "Output")]
    explain: bool,

    /// Draw the answer instead of listing it
    #[arg(long, value_name = "HOW", value_enum, help_heading = "Output")]
    draw: Option<Draw>,

    /// Write the answer as Parquet to this file, and show nothing
    #[arg(long, value_name = "FILE", help_heading = "Output", conflicts_with_all = ["draw", "explain"])]
    parquet: Option<PathBuf>,

    #[command(flatten)]
    output: OutputArguments,
}

/// Which records, as typed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Selection")]
pub(super) struct RangeArguments {
    /// Only records that start then or later: `2026-01-01`, `2026-01-01T06:00Z`, or `3h` for three hours ago
    #[arg(long, value_name = "TIME")]
    start: Option<Moment>,

    /// Only records that start before that
    #[arg(long, value_name = "TIME")]
    end: Option<Moment>,
}

impl RangeArguments {
    /// Returns the range; all of time if nothing was typed.
    pub(super) fn range(&self) -> Range {
        let millis = |moment: Moment| moment.millis(now().saturating_mul(1000));
        Range {
            from: self.start.map_or(Range::ALL.from, millis),
            to: self.end.map_or(Range::ALL.to, millis),
        }
    }

    /// Returns the seconds of the range since 1970; all of time if nothing was typed.
    pub(super) fn seconds(&self) -> RangeInclusive<i64> {
        let (from, to) = self.range().seconds();
        from..=to.saturating_sub(1)
    }

    /// Returns whether anything was typed.
    pub(super) const fn is_given(&self) -> bool {
        self.start.is_some() || self.end.is_some()
    }
}

/// Says what AWS left out of the log in that time, if it did.
fn gaps(snapshot: &Snapshot, seconds: RangeInclusive<i64>) -> Option<String> {
    let (rows, is_exact) = snapshot.rows_skipped(&seconds);
    let most = if is_exact { "" } else { "up to " };
    let verb = if rows == 1 { "stands" } else { "stand" };
    let records = crate::words::count(rows, "record");
    (rows > 0).then(|| {
        format!("{most}{records} {verb} for others that AWS left out (SKIPDATA): counts and sums are lower bounds")
    })
}

/// How to draw an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Draw {
    /// A bar for each row, as long as its last number
    Bars,
    /// A line of blocks for each series of numbers over time
    Sparkline,
    /// A picture of numbers over time, as an SVG document
    Svg,
}

/// A question.
#[derive(Debug)]
pub(super) enum Question {
    /// In the language of CloudWatch Logs Insights.
    Query(Query),
    /// In SQL.
    Sql(String),
}

impl Question {
    /// Returns which of the tables of these names it looks things up in.
    fn tables(&self, known: BTreeSet<String>) -> BTreeSet<String> {
        match self {
            Self::Query(query) => query.tables().into_iter().map(str::to_owned).collect(),
            // Only DataFusion knows what a text of SQL names; reading one table too many does no harm.
            Self::Sql(text) => known.into_iter().filter(|name| text.contains(name)).collect(),
        }
    }

    async fn begin(&self, engine: &Engine, range: Range) -> Result<Answer, LakeError> {
        match self {
            Self::Query(query) => Ok(engine.query(query, range).await?),
            Self::Sql(text) => Ok(engine.sql(text, range).await?),
        }
    }
}

/// What came of a question.
struct Answered {
    answer: Answer,
    rows: Vec<Rows>,
    /// What a reader must know beside the rows.
    remarks: Vec<String>,
}

impl AnswerArguments {
    /// Asks the lake, and shows the answer.
    pub(super) fn ask(&self, question: &Question, context: &Context) -> Result<Status, CliError> {
        let lake = self.lake.open(context)?;
        let names = question.tables(self.tables.names(context));
        let tables = self.tables.read(names.iter().map(String::as_str), context)?;
        let asked = async {
            let answered = self.answered(&lake, tables, question, context);
            tokio::select! {
                answered = answered => answered.map(Some),
                // Dropping the question stops the work and removes what it has put on disk.
                _ = tokio::signal::ctrl_c() => Ok(None),
            }
        };
        match block_on(asked)?? {
            None => Ok(Status::Interrupted),
            Some(answered) => self.show(&answered, context).map(|()| Status::Worked),
        }
    }

    async fn answered(
        &self,
        lake: &Lake,
        tables: GivenTables,
        question: &Question,
        context: &Context,
    ) -> Result<Answered, CliError> {
        let snapshot = lake.snapshot().await?;
        let engine = self.engine(lake, &snapshot, context)?.with_tables(tables.tables);
        let mut answer = question.begin(&engine, self.range.range()).await?;
        let mut rows = Vec::new();
        each_batch(&mut answer, "asking", context, |batch| {
            rows.push(batch);
            Ok(())
        })
        .await?;
        let gaps = gaps(&snapshot, self.range.seconds());
        let remarks = tables.remarks.into_iter().chain(gaps).collect();
        Ok(Answered { answer, rows, remarks })
    }

    #[cfg(feature = "cluster")]
    fn engine(
        &self,
        lake: &Lake,
        snapshot: &Snapshot,
        context: &Context,
    ) -> Result<Engine, CliError> {
        let (limits, now) = (Limits::default(), now().saturating_mul(1000));
        let engine = match self.cluster.client(context)? {
            None => Engine::open(lake, snapshot, &limits, now),
            Some(client) => Engine::open_on_cluster(lake, snapshot, &limits, now, client),
        };
        Ok(engine.map_err(LakeError::from)?)
    }

    #[cfg(not(feature = "cluster"))]
    fn engine(&self, lake: &Lake, snapshot: &Snapshot, _: &Context) -> Result<Engine, CliError> {
        let now = now().saturating_mul(1000);
        Ok(Engine::open(lake, snapshot, &Limits::default(), now).map_err(LakeError::from)?)
    }

    fn show(&self, answered: &Answered, context: &Context) -> Result<(), CliError> {
        let Answered { answer, rows, remarks } = answered;
        if self.explain {
            return print(|out| writeln!(out, "{}", answer.explain()));
        }
        if let Some(path) = &self.parquet {
            say_all(remarks, context);
            let parquet = portolan_lake::engine::parquet_file(answer.columns(), rows)
                .map_err(LakeError::from)?;
            return write_bytes(Some(path), |out| out.write_all(&parquet));
        }
        let set = RowSet { remarks: remarks.clone(), ..row_set(answer.columns(), rows)? };
        let drawing = match self.draw {
            None => Drawing::Nothing,
            Some(Draw::Bars) => Drawing::Bars,
            Some(Draw::Sparkline) => Drawing::Sparkline,
            Some(Draw::Svg) => {
                say_all(remarks, context);
                return self.draw_svg(&set);
            }
        };
        self.output.write(context, |format, style, out| {
            if format == Format::Csv {
                say_all(remarks, context);
            }
            portolan_report::rows(&set, drawing, format, style, out)
        })
    }

    fn draw_svg(&self, set: &RowSet) -> Result<(), CliError> {
        let mut picture = Vec::new();
        let is_series = portolan_report::series_svg(set, &mut picture)
            .map_err(|source| CliError::Write { path: PathBuf::from("-"), source })?;
        if !is_series {
            return Err(CliError::NoSeries);
        }
        write_bytes(self.output.file(), |out| out.write_all(&picture))
    }
}

/// Says on standard error what the form of an answer has no place for.
fn say_all(remarks: &[String], context: &Context) {
    for remark in remarks {
        context.ui.note(remark);
    }
}
