//! `portolan flows tail`: records as they come into the lake.

use std::time::Duration;

use clap::Args;
use portolan_lake::engine::{Engine, Limits, Range, Tables};
use portolan_lake::{Lake, LakeError, Moment};
use portolan_query::Query;

use super::query::LanguageArguments;
use super::rows::row_set;
use super::tables::TableArguments;
use crate::context::Context;
use crate::error::CliError;
use crate::lake::{LakeArguments, now};
use crate::output::print;
use crate::runtime::block_on;
use crate::status::Status;

/// Show records as they come into the lake
///
/// Whatever fills the lake (`portolan flows follow`, or `ingest` from time to time), this shows the records that start later than
/// all before, one line each, until it is interrupted. Records that arrive late are in the lake and are not shown.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  portolan flows tail
  portolan flows tail 'filter action = \"REJECT\" | fields @timestamp, srcAddr, dstAddr, dstPort'
  portolan flows tail --start 10m")]
pub(super) struct TailArguments {
    /// What to show of them: a question that filters records and names fields
    #[arg(default_value = "fields @message")]
    query: String,

    /// Begin with records that start then: `10m` for ten minutes ago, `2026-01-01T06:00Z`
    #[arg(long, value_name = "TIME", help_heading = "Selection")]
    start: Option<Moment>,

    /// Seconds between two looks into the lake
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,

    #[command(flatten)]
    language: LanguageArguments,

    #[command(flatten)]
    tables: TableArguments,

    #[command(flatten)]
    lake: LakeArguments,
}

/// Shows records until it is interrupted.
pub(super) fn run(arguments: &TailArguments, context: &Context) -> Result<Status, CliError> {
    let text = format!("{} | sort @timestamp asc", arguments.query);
    let query = arguments.language.checked(&text, context)?;
    let tables = arguments.tables.read(query.tables(), context)?;
    for remark in &tables.remarks {
        context.ui.note(remark);
    }
    let lake = arguments.lake.open(context)?;
    block_on(async {
        tokio::select! {
            failed = show_all(arguments, &lake, &query, &tables.tables) => failed,
            _ = tokio::signal::ctrl_c() => Ok(Status::Interrupted),
        }
    })?
}

/// Looks into the lake again and again; returns only if that fails.
async fn show_all(
    arguments: &TailArguments,
    lake: &Lake,
    query: &Query,
    tables: &Tables,
) -> Result<Status, CliError> {
    let mut tick = tokio::time::interval(Duration::from_secs(arguments.every));
    let mut from = match arguments.start {
        Some(moment) => moment.millis(now().saturating_mul(1000)),
        None => after(lake.snapshot().await?.time_range()).unwrap_or(i64::MIN),
    };
    loop {
        tick.tick().await;
        let snapshot = lake.snapshot().await?;
        let Some(next) = after(snapshot.time_range()).filter(|next| *next > from) else { continue };
        let now = now().saturating_mul(1000);
        let engine =
            Engine::open(lake, &snapshot, &Limits::default(), now).map_err(LakeError::from)?;
        let engine = engine.with_tables(tables.clone());
        let range = Range { from, to: next };
        let mut answer = engine.query(query, range).await.map_err(LakeError::from)?;
        while let Some(rows) = answer.next().await.map_err(LakeError::from)? {
            let set = row_set(answer.columns(), &[rows])?;
            print(|out| portolan_report::row_lines(&set, out))?;
        }
        from = next;
    }
}

/// Returns the moment after the last second of a range, in milliseconds.
fn after(range: Option<(i64, i64)>) -> Option<i64> {
    range.map(|(_, last)| last.saturating_add(1).saturating_mul(1000))
}
