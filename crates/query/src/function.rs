//! The functions of the language, as one table: names, arguments, results, what they do.
//!
//! A function of which an argument is missing is missing, unless its summary says otherwise; so is one whose number, time or
//! text argument is none. Lists and maps are neither number nor text.
//!
//! Parsing, checking, completion and documentation are made from it; what a function computes is up to whoever
//! evaluates it. Aggregates have a table of their own: [`crate::Aggregate`].

use std::ops::RangeInclusive;

use crate::kind::Kind;

/// What a function does with an argument.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Accepts {
    /// Any value as it is.
    Any,
    /// A number, or text that is one.
    Number,
    /// The text of the value.
    Text,
    /// Text that is an IP address.
    Address,
    /// A time, or a number of milliseconds since 1970.
    Time,
    /// A list or map, or JSON text of one.
    Structure,
    /// A condition.
    Condition,
    /// A period such as `5m`, written out.
    Period,
    /// A regular expression, written out as text or between slashes.
    Regex,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Gives {
    /// A value of this kind.
    Kind(Kind),
    /// A number that is whole if the first argument is.
    SameNumber,
    /// A number that is whole if all arguments are.
    CommonNumber,
    /// A value of the kind that all arguments have.
    Common,
    /// A value of the kind that the second argument and those after it have.
    Branches,
    /// A value of the kind that every second argument, and the last, has.
    Cases,
    /// The first argument, unchanged.
    First,
}

/// What is known of a function.
#[derive(Debug)]
pub struct Signature<F: 'static> {
    /// Which function.
    pub function: F,
    /// Its name as AWS writes it. Names are found in any case.
    pub name: &'static str,
    /// Other names of it.
    pub aliases: &'static [&'static str],
    /// How many arguments it takes.
    pub arity: RangeInclusive<usize>,
    /// What it does with each argument; the last stands for all that follow.
    pub accepts: &'static [Accepts],
    /// What it gives.
    pub gives: Gives,
    /// Its arguments in words, such as `text, start[, length]`.
    pub arguments: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
}

impl<F> Signature<F> {
    /// Returns what the function does with the argument at this place, counted from 0.
    pub fn accepts_at(&self, index: usize) -> Accepts {
        self.accepts.get(index).or(self.accepts.last()).copied().unwrap_or(Accepts::Any)
    }

    /// Returns whether this is a name of the function, in any case.
    pub fn is_named(&self, name: &str) -> bool {
        let mut names = std::iter::once(&self.name).chain(self.aliases);
        names.any(|it| it.eq_ignore_ascii_case(name))
    }

    /// Returns the function with its arguments in words, such as `strlen(text)`.
    pub fn usage(&self) -> String {
        format!("{}({})", self.name, self.arguments)
    }
}

/// Makes the enum of functions and their table from the same rows.
macro_rules! signatures {
    ($(#[$doc:meta])* $enum:ident, $($variant:ident $name:literal $([$($alias:literal),+])? ($arguments:literal)
        $arity:expr, [$($accepts:ident),*] => $gives:expr; $summary:literal)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $enum {
            $(#[doc = $summary] $variant,)*
        }

        impl $enum {
            /// Every row of the table, in the order of the documentation.
            pub const ALL: &'static [$crate::function::Signature<Self>] = {
                use $crate::function::{Accepts, Gives, Signature};
                use $crate::kind::Kind;
                &[$(Signature {
                    function: Self::$variant,
                    name: $name,
                    aliases: &[$($($alias),+)?],
                    arity: $arity,
                    accepts: &[$(Accepts::$accepts),*],
                    gives: $gives,
                    arguments: $arguments,
                    summary: $summary,
                }),*]
            };

            /// Returns the row of the function.
            pub fn signature(self) -> &'static $crate::function::Signature<Self> {
                // The table has a row for each variant, in the order of the variants.
                #[expect(clippy::indexing_slicing, reason = "the macro makes a row for each variant")]
                &Self::ALL[self as usize]
            }

            /// Returns the function of this name, in any case.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().find(|row| row.is_named(name)).map(|row| row.function)
            }
        }
    };
}
pub(crate) use signatures;

signatures! {
    /// A function of one row. What it computes is specified in the manual of the query language.
    Function,
    // Numbers.
    Abs "abs" ("number") 1..=1, [Number] => Gives::SameNumber; "The number without its sign."
    Ceil "ceil" ("number") 1..=1, [Number] => Gives::SameNumber; "The smallest whole number that is not below the number."
    Floor "floor" ("number") 1..=1, [Number] => Gives::SameNumber; "The largest whole number that is not above the number."
    Greatest "greatest" ("number, …") 1..=64, [Number] => Gives::CommonNumber; "The largest of the numbers; missing if one is missing."
    Least "least" ("number, …") 1..=64, [Number] => Gives::CommonNumber; "The smallest of the numbers; missing if one is missing."
    Log "log" ("number") 1..=1, [Number] => Gives::Kind(Kind::Decimal); "The natural logarithm; missing for numbers that are not above 0."
    Round "round" ("number[, digits]") 1..=2, [Number, Number] => Gives::SameNumber; "The number rounded to so many digits after the point, halves away from zero."
    Sqrt "sqrt" ("number") 1..=1, [Number] => Gives::Kind(Kind::Decimal); "The square root; missing for numbers below 0."
    Haversine "haversine" ("latitude, longitude, latitude, longitude") 4..=4, [Number] => Gives::Kind(Kind::Decimal); "The distance on the Earth in kilometres, from degrees."
    ToNumber "toNumber" ("text") 1..=1, [Any] => Gives::Kind(Kind::Decimal); "The number that the text is; missing if it is none."
    ToInt "toInt" ("text") 1..=1, [Any] => Gives::Kind(Kind::Integer); "The whole number of 32 bits, fractions cut off; missing if it does not fit."
    ToLong "toLong" ("text") 1..=1, [Any] => Gives::Kind(Kind::Integer); "The whole number of 64 bits, fractions cut off; missing if it does not fit."
    ToDouble "toDouble" ("text") 1..=1, [Any] => Gives::Kind(Kind::Decimal); "The number of double precision; missing if it is none."
    // Dates and times.
    DateFloor "datefloor" ("time, period") 2..=2, [Time, Period] => Gives::Kind(Kind::Time); "The time rounded down to a period."
    DateCeil "dateceil" ("time, period") 2..=2, [Time, Period] => Gives::Kind(Kind::Time); "The time rounded up to a period."
    Bin "bin" ("period") 1..=1, [Period] => Gives::Kind(Kind::Time); "`datefloor(@timestamp, period)`, and becomes that when checked."
    FromMillis "fromMillis" ("number") 1..=1, [Number] => Gives::Kind(Kind::Time); "The time so many milliseconds after 1970."
    ToMillis "toMillis" ("time") 1..=1, [Time] => Gives::Kind(Kind::Integer); "The milliseconds between 1970 and the time."
    Now "now" ("") 0..=0, [] => Gives::Kind(Kind::Integer); "When the query began, in seconds since 1970."
    ParseDate "parseDate" ("text, pattern[, zone]") 2..=3, [Text, Text, Text] => Gives::Kind(Kind::Integer); "The milliseconds since 1970 of a date that is written in this pattern of Java's `DateTimeFormatter`."
    FormatDate "formatDate" ["strftime"] ("time, format[, zone]") 2..=3, [Time, Text, Text] => Gives::Kind(Kind::Text); "The time written in this format of strftime."
    QueryStartTime "queryStartTime" ("") 0..=0, [] => Gives::Kind(Kind::Integer); "Where the time range of the query starts, in milliseconds since 1970."
    QueryEndTime "queryEndTime" ("") 0..=0, [] => Gives::Kind(Kind::Integer); "Where the time range of the query ends, in milliseconds since 1970."
    QueryTimeRange "queryTimeRange" ("") 0..=0, [] => Gives::Kind(Kind::Integer); "How long the time range of the query is, in milliseconds."
    // Any value.
    IsPresent "ispresent" ("value") 1..=1, [Any] => Gives::Kind(Kind::Boolean); "Whether there is a value."
    Coalesce "coalesce" ("value, …") 1..=64, [Any] => Gives::Common; "The first value that is present."
    Case "case" ("condition, value, …[, otherwise]") 2..=21, [Any] => Gives::Cases; "The value after the first condition that is true; at most 10 conditions."
    If "if" ("condition, then, otherwise") 3..=3, [Condition, Any, Any] => Gives::Branches; "The second argument if the condition is true, else the third."
    IsNumeric "isNumeric" ("value") 1..=1, [Any] => Gives::Kind(Kind::Boolean); "Whether the value is a number, or text that is one."
    MessageSize "messageSize" ("text") 1..=1, [Text] => Gives::Kind(Kind::Integer); "The length of the text in bytes of UTF-8."
    Unmask "unmask" ("value") 1..=1, [Any] => Gives::First; "The value itself: nothing is masked here."
    // Text.
    IsEmpty "isempty" ("text") 1..=1, [Text] => Gives::Kind(Kind::Boolean); "1 if the value is missing or empty, else 0."
    IsBlank "isblank" ("text") 1..=1, [Text] => Gives::Kind(Kind::Boolean); "1 if the value is missing, empty or only white space, else 0."
    Concat "concat" ("text, …") 1..=64, [Text] => Gives::Kind(Kind::Text); "The texts one after the other; missing ones count as empty."
    LeftTrim "ltrim" ("text[, characters]") 1..=2, [Text, Text] => Gives::Kind(Kind::Text); "The text without white space, or these characters, at its start."
    RightTrim "rtrim" ("text[, characters]") 1..=2, [Text, Text] => Gives::Kind(Kind::Text); "The text without white space, or these characters, at its end."
    Trim "trim" ("text[, characters]") 1..=2, [Text, Text] => Gives::Kind(Kind::Text); "The text without white space, or these characters, at both ends."
    StringLength "strlen" ("text") 1..=1, [Text] => Gives::Kind(Kind::Integer); "The length of the text in Unicode code points."
    ToUpper "toupper" ("text") 1..=1, [Text] => Gives::Kind(Kind::Text); "The text in upper case."
    ToLower "tolower" ("text") 1..=1, [Text] => Gives::Kind(Kind::Text); "The text in lower case."
    Substring "substr" ("text, start[, length]") 2..=3, [Text, Number, Number] => Gives::Kind(Kind::Text); "The part of the text from a code point counted from 0."
    Replace "replace" ("text, search, replacement") 3..=3, [Text] => Gives::Kind(Kind::Text); "The text with every occurrence replaced."
    RegexReplace "regexReplace" ("text, regex, replacement") 3..=3, [Text, Regex, Text] => Gives::Kind(Kind::Text); "The text with every match replaced; `$1` and `${name}` stand for groups."
    StringContains "strcontains" ("text, search[, ignore case]") 2..=3, [Text, Text, Condition] => Gives::Kind(Kind::Boolean); "1 if the text contains the other, else 0."
    StartsWith "startsWith" ("text, search") 2..=2, [Text] => Gives::Kind(Kind::Boolean); "1 if the text starts with the other, else 0."
    EndsWith "endsWith" ("text, search") 2..=2, [Text] => Gives::Kind(Kind::Boolean); "1 if the text ends with the other, else 0."
    UrlEncode "urlencode" ("text") 1..=1, [Text] => Gives::Kind(Kind::Text); "The text with `%XX` for all bytes but letters, digits and `-_.~`."
    UrlDecode "urldecode" ("text") 1..=1, [Text] => Gives::Kind(Kind::Text); "The text with each `%XX` replaced by its byte and each `+` by a space; missing if that is not UTF-8."
    Base64Encode "base64encode" ("text") 1..=1, [Text] => Gives::Kind(Kind::Text); "The text in Base64."
    Base64Decode "base64decode" ("text") 1..=1, [Text] => Gives::Kind(Kind::Text); "The text that this is the Base64 of; missing if it is not Base64 of UTF-8."
    Split "split" ("text, delimiter") 2..=2, [Text] => Gives::Kind(Kind::Structure); "The list of parts between the delimiters."
    HexToAscii "hexToAscii" ("text") 1..=1, [Text] => Gives::Kind(Kind::Text); "The text that these hexadecimal bytes are; missing if they are not UTF-8."
    HexToDecimal "hexToDec" ("text") 1..=1, [Text] => Gives::Kind(Kind::Integer); "The number that is written in hexadecimal, with or without `0x`."
    DecimalToHex "decToHex" ("number") 1..=1, [Number] => Gives::Kind(Kind::Text); "The number in lower-case hexadecimal with `0x`, fractions cut off."
    // IP addresses.
    IsValidIp "isValidIp" ("address") 1..=1, [Text] => Gives::Kind(Kind::Boolean); "Whether the text is an IP address."
    IsValidIpv4 "isValidIpV4" ("address") 1..=1, [Text] => Gives::Kind(Kind::Boolean); "Whether the text is an IPv4 address."
    IsValidIpv6 "isValidIpV6" ("address") 1..=1, [Text] => Gives::Kind(Kind::Boolean); "Whether the text is an IPv6 address."
    IsIpInSubnet "isIpInSubnet" ("address, subnet") 2..=2, [Address, Text] => Gives::Kind(Kind::Boolean); "Whether the address is in the subnet, of either family."
    IsIpv4InSubnet "isIpv4InSubnet" ("address, subnet") 2..=2, [Address, Text] => Gives::Kind(Kind::Boolean); "Whether the address is an IPv4 address in the subnet."
    IsIpv6InSubnet "isIpv6InSubnet" ("address, subnet") 2..=2, [Address, Text] => Gives::Kind(Kind::Boolean); "Whether the address is an IPv6 address in the subnet."
    Ipv4ToNumber "ipv4ToNumber" ("address") 1..=1, [Address] => Gives::Kind(Kind::Integer); "The IPv4 address as a number of 32 bits; missing for anything else."
    IsPrivateIp "isPrivateIP" ("address") 1..=1, [Address] => Gives::Kind(Kind::Boolean); "Whether the address is one of RFC 1918."
    IsPublicIp "isPublicIP" ("address") 1..=1, [Address] => Gives::Kind(Kind::Boolean); "Whether the address is neither private nor reserved."
    IsReservedIp "isReservedIP" ("address") 1..=1, [Address] => Gives::Kind(Kind::Boolean); "Whether the address is reserved for a special purpose other than private networks."
    // JSON.
    JsonParse "jsonParse" ("text") 1..=1, [Text] => Gives::Kind(Kind::Structure); "The list or map that the JSON text is; missing if it is neither."
    JsonStringify "jsonStringify" ("structure") 1..=1, [Structure] => Gives::Kind(Kind::Text); "The list or map as JSON text."
    JsonArraySize "jsonArraySize" ("array") 1..=1, [Structure] => Gives::Kind(Kind::Integer); "The number of items of a list or JSON array; missing for anything else."
    JsonArrayContains "jsonArrayContains" ("array, value") 2..=2, [Structure, Any] => Gives::Kind(Kind::Boolean); "Whether the list or JSON array has this item; 0 for anything else."
    // Hashes.
    Md5 "md5" ("text") 1..=1, [Text] => Gives::Kind(Kind::Text); "The MD5 digest of the text in lower-case hexadecimal."
    Sha256 "sha256" ("text") 1..=1, [Text] => Gives::Kind(Kind::Text); "The SHA-256 digest of the text in lower-case hexadecimal."
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aggregate::Aggregate;

    #[test]
    fn names_are_unique_and_found_in_any_case() {
        let mut names: Vec<_> = Function::ALL
            .iter()
            .flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()))
            .chain(Aggregate::ALL.iter().map(|row| row.name))
            .map(str::to_ascii_lowercase)
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
        assert_eq!(Function::named("ISPRESENT"), Some(Function::IsPresent));
        assert_eq!(Function::named("strftime"), Some(Function::FormatDate));
        assert_eq!(Function::named("strf"), None);
    }

    #[test]
    fn each_function_has_its_own_row() {
        for row in Function::ALL {
            assert_eq!(row.function.signature().name, row.name);
            assert!(row.accepts.len() <= *row.arity.end(), "{}", row.name);
            assert!(row.summary.ends_with('.'), "{}", row.name);
        }
    }
}
