//! The commands of the language, as one table.

/// Makes the enum of commands and their table from the same rows.
macro_rules! commands {
    ($($variant:ident $name:literal $(or $alias:literal)? $arguments:literal $summary:literal)*) => {
        /// A command.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Command {
            $(#[doc = $summary] $variant,)*
        }

        impl Command {
            /// Every command, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name as AWS writes it. Names are found in any case.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns another name of the command, if it has one.
            pub const fn alias(self) -> Option<&'static str> {
                match self { $(Self::$variant => commands!(@alias $($alias)?),)* }
            }

            /// Returns what follows the name, in words.
            pub const fn arguments(self) -> &'static str {
                match self { $(Self::$variant => $arguments,)* }
            }

            /// Returns what it does, in one line.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }
        }
    };
    (@alias) => { None };
    (@alias $alias:literal) => { Some($alias) };
}

commands! {
    Fields "fields" "expression [as name], …" "Shows fields, and computes new ones that later commands can use."
    Display "display" "expression [as name], …" "Shows these and nothing else; the last one counts."
    Filter "filter" "condition" "Keeps the rows for which the condition is true."
    Where "where" "condition" "`filter` by another name."
    Stats "stats" "aggregate [as name], … [by expression [as name], … [offset period]]" "Computes aggregates of groups; nothing else is left afterwards."
    Sort "sort" "expression [asc|desc], …" "Orders the rows, naturally and ascending unless told otherwise."
    Limit "limit" "[any] number" "Keeps so many rows: the first, or any."
    Head "head" "number" "`limit` by a deprecated name."
    Tail "tail" "number" "Keeps the last rows; deprecated."
    Dedup "dedup" "field, …" "Keeps the first row of those that are equal in these fields, and all that lack one."
    Parse "parse" "field \"glob*\" as name, …  or  field /regex(?<name>…)/" "Takes parts of a text as new fields."
    Pattern "pattern" "expression" "Clusters texts into patterns."
    Diff "diff" "[previousDay|previousWeek|previousMonth]" "Compares patterns with those of an earlier time range."
    Anomaly "anomaly" "" "Marks patterns that are unusual, after `pattern`."
    Unmask "unmask" "expression [as name], …" "`fields`: nothing is masked here."
    Unnest "unnest" "list into name" "Makes one row of each item of a list."
    Expand "expand" "field" "Makes one row of each item of a JSON array, in place."
    Lookup "lookup" "table column [as field], … OUTPUT column [as name], …" "Takes fields from the row of a table with equal keys."
    CidrLookup "cidrlookup" "table field [as column] OUTPUT|OUTPUTNEW column [as name], …" "Takes fields from the row of a table with the longest prefix that holds an address."
    Join "join" "[type=inner|left] left=a right=b where a.field=b.field (SOURCE …)" "Puts rows of another source beside these."
    AppendColumns "appendcols" "[override=true|false] [max=number] (query)" "Puts the rows of a query beside these, by position."
    Source "SOURCE" "name, …  or  logGroups(…)  or  dataSource([…])" "Says where rows come from; must be first."
    FilterIndex "filterIndex" "field = value  or  field in [value, …]" "`filter` on an indexed field."
    AddTotals "addtotals" "[fieldname=name] [row=true|false] [col=true|false] [field, …]" "Adds sums of rows and of columns."
    Autoregress "autoregress" "field [as name] [p=first[-last]]" "Adds the values of rows before."
    LogCompare "logcompare" "timeshift period" "Adds the rows of an earlier time range, marked in `@window`."
    FillDown "filldown" "[field …]" "Fills missing values from the row before; `*` stands for any characters."
    FillMissing "fillmissing" "[with value for field, …]" "Adds rows for the periods that `stats … by bin(…)` found nothing in."
    Outlier "outlier" "[action=remove|transform] [param=number] [uselower=true|false] [mark=true|false] field …" "Removes or clamps values far from the others."
    Accumulate "accum" "field [as name]" "Adds a running sum."
    Sessionize "sessionize" "field, … [maxspan period] [as name]" "Numbers sessions of activity."
    CountFrequent "countFrequent" or "count_frequent" "field, …" "Counts each combination of values, the most frequent first."
    RelevantFields "relevantfields" "[field, …] where condition" "Ranks fields by how much they tell about a condition."
    Estimate "estimate" "" "Says how much would be read, without reading it; must be last."
}

impl Command {
    /// Returns the command of this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| {
            it.name().eq_ignore_ascii_case(name)
                || it.alias().is_some_and(|alias| alias.eq_ignore_ascii_case(name))
        })
    }

    /// Returns the command with its arguments in words.
    pub fn usage(self) -> String {
        format!("{} {}", self.name(), self.arguments()).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_all_of_them() {
        assert_eq!(Command::ALL.len(), 34);
        assert_eq!(Command::named("COUNT_FREQUENT"), Some(Command::CountFrequent));
        assert_eq!(Command::named("filt"), None);
        assert_eq!(Command::Anomaly.usage(), "anomaly");
    }
}
