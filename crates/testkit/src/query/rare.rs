//! Commands that compare, join and fill: each once, where its rows are in an order that is said.

use portolan_query::{Command, Kind};

use super::Draft;

impl Draft<'_> {
    /// Fills the periods that the last `stats` found nothing in, if it grouped by time.
    pub(super) fn missing_periods(&mut self) -> Option<String> {
        let has_time = self.columns.iter().any(|(_, kind)| *kind == Kind::Time);
        if !has_time || !self.allows(Command::FillMissing) {
            return None;
        }
        let number = self.column_of(Kind::is_number)?;
        Some(format!("fillmissing with {} for {number}", self.random.below(3)))
    }

    /// What is done with groups in order: totals, values far from the others, columns of another query.
    pub(super) fn beside(&mut self) -> Option<String> {
        let command = *self.random.pick(&[
            Command::AddTotals,
            Command::Outlier,
            Command::AppendColumns,
            Command::Limit,
            Command::Limit,
        ])?;
        if !self.allows(command) {
            return None;
        }
        match command {
            Command::AddTotals => {
                Some(format!("addtotals row=true col={}", self.random.chance(50)))
            }
            Command::Outlier => {
                let number = self.column_of(|kind| kind == Kind::Integer)?;
                let action = self.random.pick(&["remove", "transform"])?;
                Some(format!("outlier action={action} param=1.5 mark=true {number}"))
            }
            Command::AppendColumns => {
                let replaces = self.random.chance(50);
                // Under a name that the rows may have, and under one that they have not.
                let name = self.random.pick(&["v1", "v2", "beside"])?;
                Some(format!(
                    "appendcols override={replaces} (SOURCE 'other' | stats count(*) as {name} by protocol | sort {name} desc, protocol asc)"
                ))
            }
            _ => None,
        }
    }

    /// How much fields tell about a condition.
    pub(super) fn relevance(&mut self) -> Vec<String> {
        if !self.allows(Command::RelevantFields) {
            return Vec::new();
        }
        let fields: Vec<String> = (0..3).map(|_| self.column().0).collect();
        vec![format!("relevantfields {} where {}", fields.join(", "), self.condition(1))]
    }

    /// Rows beside others with an equal key, which come from the log itself.
    pub(super) fn join(&mut self) -> Vec<String> {
        let known = self.vocabulary.fields().iter().filter(|it| it.kind.is_text());
        let keys: Vec<String> = known.map(|field| field.name.clone()).collect();
        let key = self.random.pick(&keys).cloned().filter(|_| self.allows(Command::Join));
        let Some(key) = key else { return Vec::new() };
        let kind = if self.random.chance(50) { "inner" } else { "left" };
        let shown = ["a.bytes", "b.bytes", "b.action"];
        vec![
            format!(
                "join type={kind} left=a right=b where a.{key} = b.{key} (SOURCE 'other' start=0)"
            ),
            format!("fields a.{key}, {}", shown.join(", ")),
            format!("sort a.{key} asc, {} desc", shown.join(" desc, ")),
            String::from("limit 50"),
        ]
    }

    /// Rows beside those of an earlier time.
    pub(super) fn windows(&mut self) -> Vec<String> {
        if !self.allows(Command::LogCompare) {
            return Vec::new();
        }
        let shift = self.random.within(1..=60);
        let (shown, _) = self.column();
        vec![
            format!("logcompare timeshift {shift}m"),
            format!("fields @timestamp, @window, {shown}"),
            format!("sort @timestamp desc, @window asc, {shown} desc"),
        ]
    }

    /// Sessions of what has the same values.
    pub(super) fn sessions(&mut self) -> Vec<String> {
        if !self.allows(Command::Sessionize) {
            return Vec::new();
        }
        let keys = [self.column().0, self.column().0];
        let gap = self.random.within(1..=20);
        vec![
            format!("sessionize {} maxspan {gap}m as session", keys.join(", ")),
            String::from("stats count(*) as n, min(@timestamp) as first by session"),
            String::from("sort session asc"),
        ]
    }
}
