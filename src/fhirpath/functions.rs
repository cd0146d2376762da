//! Every function by name: how many arguments, and which of them are evaluated for each item.

/// A function of FHIRPath, of its later drafts, or of FHIR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Fun {
    Empty,
    Exists,
    Not,
    All,
    AllTrue,
    AnyTrue,
    AllFalse,
    AnyFalse,
    SubsetOf,
    SupersetOf,
    Count,
    Distinct,
    IsDistinct,
    Where,
    Select,
    Repeat,
    RepeatAll,
    OfType,
    Is,
    As,
    Single,
    First,
    Last,
    Tail,
    Skip,
    Take,
    Intersect,
    Exclude,
    Union,
    Combine,
    Coalesce,
    Iif,
    Aggregate,
    Sort,
    Children,
    Descendants,
    Trace,
    DefineVariable,
    Now,
    Today,
    TimeOfDay,
    Type,
    ToBoolean,
    ToInteger,
    ToLong,
    ToDecimal,
    ToDate,
    ToDateTime,
    ToTime,
    ToQuantity,
    ToString,
    ConvertsToBoolean,
    ConvertsToInteger,
    ConvertsToLong,
    ConvertsToDecimal,
    ConvertsToDate,
    ConvertsToDateTime,
    ConvertsToTime,
    ConvertsToQuantity,
    ConvertsToString,
    IndexOf,
    LastIndexOf,
    Substring,
    StartsWith,
    EndsWith,
    Contains,
    Upper,
    Lower,
    Replace,
    Matches,
    MatchesFull,
    ReplaceMatches,
    Length,
    ToChars,
    Encode,
    Decode,
    Escape,
    Unescape,
    Trim,
    Split,
    Join,
    Abs,
    Ceiling,
    Exp,
    Floor,
    Ln,
    Log,
    Power,
    Round,
    Sqrt,
    Truncate,
    LowBoundary,
    HighBoundary,
    Precision,
    Comparable,
    YearOf,
    MonthOf,
    DayOf,
    HourOf,
    MinuteOf,
    SecondOf,
    MillisecondOf,
    TimezoneOffsetOf,
    DateOf,
    TimeOf,
    Extension,
    HasValue,
    GetValue,
    Resolve,
    ElementDefinition,
    Slice,
    CheckModifiers,
    ConformsTo,
    MemberOf,
    Subsumes,
    SubsumedBy,
    HtmlChecks,
    HtmlContent,
    GetResourceKey,
    GetReferenceKey,
}

/// How arguments are evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// Once, in the context of the call.
    Once,
    /// For each item of the input, which is `$this`.
    Each,
    /// A type name, not an expression.
    Type,
    /// The second for each item (`trace`), the first once.
    Second,
}

/// One row of the table.
pub struct Signature {
    /// As written.
    pub name: &'static str,
    /// What it is.
    pub fun: Fun,
    /// Fewest arguments.
    pub least: usize,
    /// Most arguments.
    pub most: usize,
    /// How they are evaluated.
    pub arguments: Arguments,
}

macro_rules! table {
    ($($name:literal $fun:ident $least:literal $most:literal $arguments:ident)*) => {
        /// The table, in the order of the specification.
        pub const FUNCTIONS: &[Signature] = &[$(Signature {
            name: $name,
            fun: Fun::$fun,
            least: $least,
            most: $most,
            arguments: Arguments::$arguments,
        }),*];
    };
}

table! {
    "empty" Empty 0 0 Once
    "exists" Exists 0 1 Each
    "not" Not 0 0 Once
    "all" All 1 1 Each
    "allTrue" AllTrue 0 0 Once
    "anyTrue" AnyTrue 0 0 Once
    "allFalse" AllFalse 0 0 Once
    "anyFalse" AnyFalse 0 0 Once
    "subsetOf" SubsetOf 1 1 Once
    "supersetOf" SupersetOf 1 1 Once
    "count" Count 0 0 Once
    "distinct" Distinct 0 0 Once
    "isDistinct" IsDistinct 0 0 Once
    "where" Where 1 1 Each
    "select" Select 1 1 Each
    "repeat" Repeat 1 1 Each
    "repeatAll" RepeatAll 1 1 Each
    "ofType" OfType 1 1 Type
    "is" Is 1 1 Type
    "as" As 1 1 Type
    "single" Single 0 0 Once
    "first" First 0 0 Once
    "last" Last 0 0 Once
    "tail" Tail 0 0 Once
    "skip" Skip 1 1 Once
    "take" Take 1 1 Once
    "intersect" Intersect 1 1 Once
    "exclude" Exclude 1 1 Once
    "union" Union 1 1 Once
    "combine" Combine 1 2 Once
    "coalesce" Coalesce 1 16 Once
    "iif" Iif 2 3 Each
    "aggregate" Aggregate 1 2 Each
    "sort" Sort 0 8 Each
    "children" Children 0 0 Once
    "descendants" Descendants 0 0 Once
    "trace" Trace 1 2 Second
    "defineVariable" DefineVariable 1 2 Second
    "now" Now 0 0 Once
    "today" Today 0 0 Once
    "timeOfDay" TimeOfDay 0 0 Once
    "type" Type 0 0 Once
    "toBoolean" ToBoolean 0 0 Once
    "toInteger" ToInteger 0 0 Once
    "toLong" ToLong 0 0 Once
    "toDecimal" ToDecimal 0 0 Once
    "toDate" ToDate 0 0 Once
    "toDateTime" ToDateTime 0 0 Once
    "toTime" ToTime 0 0 Once
    "toQuantity" ToQuantity 0 1 Once
    "toString" ToString 0 0 Once
    "convertsToBoolean" ConvertsToBoolean 0 0 Once
    "convertsToInteger" ConvertsToInteger 0 0 Once
    "convertsToLong" ConvertsToLong 0 0 Once
    "convertsToDecimal" ConvertsToDecimal 0 0 Once
    "convertsToDate" ConvertsToDate 0 0 Once
    "convertsToDateTime" ConvertsToDateTime 0 0 Once
    "convertsToTime" ConvertsToTime 0 0 Once
    "convertsToQuantity" ConvertsToQuantity 0 1 Once
    "convertsToString" ConvertsToString 0 0 Once
    "indexOf" IndexOf 1 1 Once
    "lastIndexOf" LastIndexOf 1 1 Once
    "substring" Substring 1 2 Once
    "startsWith" StartsWith 1 1 Once
    "endsWith" EndsWith 1 1 Once
    "contains" Contains 1 1 Once
    "upper" Upper 0 0 Once
    "lower" Lower 0 0 Once
    "replace" Replace 2 2 Once
    "matches" Matches 1 2 Once
    "matchesFull" MatchesFull 1 2 Once
    "replaceMatches" ReplaceMatches 2 3 Once
    "length" Length 0 0 Once
    "toChars" ToChars 0 0 Once
    "encode" Encode 1 1 Once
    "decode" Decode 1 1 Once
    "escape" Escape 1 1 Once
    "unescape" Unescape 1 1 Once
    "trim" Trim 0 0 Once
    "split" Split 1 1 Once
    "join" Join 0 1 Once
    "abs" Abs 0 0 Once
    "ceiling" Ceiling 0 0 Once
    "exp" Exp 0 0 Once
    "floor" Floor 0 0 Once
    "ln" Ln 0 0 Once
    "log" Log 1 1 Once
    "power" Power 1 1 Once
    "round" Round 0 1 Once
    "sqrt" Sqrt 0 0 Once
    "truncate" Truncate 0 0 Once
    "lowBoundary" LowBoundary 0 1 Once
    "highBoundary" HighBoundary 0 1 Once
    "precision" Precision 0 0 Once
    "comparable" Comparable 1 1 Once
    "yearOf" YearOf 0 0 Once
    "monthOf" MonthOf 0 0 Once
    "dayOf" DayOf 0 0 Once
    "hourOf" HourOf 0 0 Once
    "minuteOf" MinuteOf 0 0 Once
    "secondOf" SecondOf 0 0 Once
    "millisecondOf" MillisecondOf 0 0 Once
    "timezoneOffsetOf" TimezoneOffsetOf 0 0 Once
    "dateOf" DateOf 0 0 Once
    "timeOf" TimeOf 0 0 Once
    "extension" Extension 1 1 Once
    "hasValue" HasValue 0 0 Once
    "getValue" GetValue 0 0 Once
    "resolve" Resolve 0 0 Once
    "elementDefinition" ElementDefinition 0 0 Once
    "slice" Slice 2 2 Once
    "checkModifiers" CheckModifiers 0 16 Once
    "conformsTo" ConformsTo 1 1 Once
    "memberOf" MemberOf 1 1 Once
    "subsumes" Subsumes 1 1 Once
    "subsumedBy" SubsumedBy 1 1 Once
    "htmlChecks" HtmlChecks 0 0 Once
    "htmlchecks" HtmlChecks 0 0 Once
    "htmlChecks2" HtmlContent 0 0 Once
    "getResourceKey" GetResourceKey 0 0 Once
    "getReferenceKey" GetReferenceKey 0 1 Type
}

/// The row of a function.
pub fn function(name: &str) -> Option<&'static Signature> {
    FUNCTIONS.iter().find(|f| f.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_counts_make_sense() {
        for (i, f) in FUNCTIONS.iter().enumerate() {
            assert!(f.least <= f.most, "{}", f.name);
            assert!(FUNCTIONS[..i].iter().all(|g| g.name != f.name), "{}", f.name);
        }
    }
}
