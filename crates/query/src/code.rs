//! The kinds of diagnostics, with what each means in general.

use crate::diagnostic::Severity;

/// Makes the enum of codes and their table from the same rows.
macro_rules! codes {
    ($($variant:ident $code:literal $severity:ident $explanation:literal)*) => {
        /// A kind of diagnostic. What its code stands for never changes.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Code {
            $(#[doc = $explanation] $variant,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the code as people write it, such as `Q0101`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Returns how much it usually matters.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Returns what it means in general.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    // Text that is no query.
    UnknownCharacter "Q0001" Error "A character that no query has outside text, regular expressions and backticks."
    Unterminated "Q0002" Error "A text, regular expression or name in backticks that begins and does not end."
    Expected "Q0003" Error "Something else must stand here."
    UnknownCommand "Q0004" Error "A pipe is followed by a command, and there is none of this name."
    TooDeep "Q0005" Error "Parentheses, operators or functions within each other, more than a query may have."
    BadNumber "Q0006" Error "A number that is too large, or not written as one."
    BadRegex "Q0007" Error "A regular expression that cannot be read, or uses what engines of this class do not have."
    TooLong "Q0008" Error "A query of more bytes than anybody writes."
    // Names.
    UnknownFunction "Q0101" Error "There is no function of this name."
    UnknownField "Q0102" Note "A field that is not known; it is taken for one that is discovered in the events."
    Alias "Q0103" Note "A field is known under another name here."
    StaleField "Q0104" Error "After `stats` and the like only what they give exists."
    DuplicateName "Q0105" Error "Two columns would have the same name."
    UnknownSource "Q0106" Note "An index that does not exist here; the command is left out."
    // Arguments.
    WrongArity "Q0201" Error "A function with too many or too few arguments."
    WrongArgument "Q0202" Error "An argument of a kind that the function or command cannot use."
    NeverTrue "Q0203" Warning "A comparison or call that cannot have a result as it is written."
    OutOfRange "Q0204" Error "A number outside the range that AWS allows."
    Clamped "Q0205" Warning "A period that AWS would silently make shorter."
    // Order and place of commands.
    WrongPlace "Q0301" Error "A command that may not stand where it stands."
    TooMany "Q0302" Error "A command that occurs more often than AWS allows."
    AggregateOutsideStats "Q0303" Error "An aggregate where there are no groups."
    NotAggregated "Q0304" Error "A field in the outputs of `stats` that is neither a key nor within an aggregate."
    // Surprises.
    DefaultOrder "Q0401" Note "`sort` without direction is ascending."
    Deprecated "Q0402" Note "AWS calls this deprecated."
    Extension "Q0403" Note "AWS does not accept this; Portolan does."
    Surprise "Q0404" Note "This means something else than it seems to."
    LastDisplayCounts "Q0405" Warning "Only the last `display` decides what is shown."
}
