//! The aggregates of `stats`, as one table.

use crate::function::signatures;

signatures! {
    /// A function of many rows, for `stats` only. Rows whose argument is missing do not count.
    Aggregate,
    Average "avg" ("number") 1..=1, [Number] => Gives::Kind(Kind::Decimal); "The mean of the numbers."
    Count "count" ("[value]") 0..=1, [Any] => Gives::Kind(Kind::Integer); "How many rows there are, or how many have the value."
    CountDistinct "count_distinct" ["countDistinct"] ("value") 1..=1, [Any] => Gives::Kind(Kind::Integer); "How many different values there are."
    Max "max" ("value") 1..=1, [Any] => Gives::First; "The largest number, or the text that sorts last if none is a number."
    Min "min" ("value") 1..=1, [Any] => Gives::First; "The smallest number, or the text that sorts first if none is a number."
    Percentile "pct" ["percentile"] ("number, percent") 2..=2, [Number, Number] => Gives::Kind(Kind::Decimal); "The number below which so many percent of the numbers lie."
    StandardDeviation "stddev" ("number") 1..=1, [Number] => Gives::Kind(Kind::Decimal); "The standard deviation of the numbers, as a population."
    Sum "sum" ("number") 1..=1, [Number] => Gives::SameNumber; "The sum of the numbers; missing if there are none."
    Values "values" ["COLLECT_VALUES"] ("value") 1..=1, [Any] => Gives::Kind(Kind::Structure); "The list of different values, in ascending natural order."
    Variance "variance" ("number") 1..=1, [Number] => Gives::Kind(Kind::Decimal); "The variance of the numbers, as a population."
    TopK "topk" ("k, value") 2..=2, [Number, Any] => Gives::Kind(Kind::Structure); "The list of the k most frequent values, most frequent first, then in natural order; alone in its `stats`."
    Rate "rate" ("number, period") 2..=2, [Number, Period] => Gives::Kind(Kind::Decimal); "The change from the earliest to the latest number, for each period."
    CountOverTime "countOverTime" ("value") 1..=1, [Any] => Gives::Kind(Kind::Integer); "`count`, to be used with `by bin(…)`."
    SumOverTime "sumOverTime" ("number") 1..=1, [Number] => Gives::SameNumber; "`sum`, to be used with `by bin(…)`."
    Histogram "histogram" ("number, buckets") 2..=2, [Number, Number] => Gives::Kind(Kind::Structure); "The map from ranges of equal width, `low-high`, to how many numbers lie in them."
    Earliest "earliest" ("value") 1..=1, [Any] => Gives::First; "The value of the row with the earliest `@timestamp` that has one."
    Latest "latest" ("value") 1..=1, [Any] => Gives::First; "The value of the row with the latest `@timestamp` that has one."
    SortsFirst "sortsFirst" ("value") 1..=1, [Any] => Gives::First; "The value that sorts first."
    SortsLast "sortsLast" ("value") 1..=1, [Any] => Gives::First; "The value that sorts last."
}

impl Aggregate {
    /// Returns which argument is the parameter: written out, and the same for all rows.
    pub const fn parameter(self) -> Option<usize> {
        match self {
            Self::TopK => Some(0),
            Self::Percentile | Self::Rate | Self::Histogram => Some(1),
            _ => None,
        }
    }

    /// Returns whether the aggregate looks at the order of rows in time.
    pub const fn needs_time(self) -> bool {
        matches!(self, Self::Rate | Self::Earliest | Self::Latest)
    }
}
