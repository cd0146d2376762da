//! Tests of parsing, printing and repairing; evaluation is tested against a slow evaluator in `tests/inside/snomed.rs`.

use super::*;

fn stable(text: &str) -> Ecl {
    let ecl = Ecl::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    let printed = ecl.to_string();
    let again = Ecl::parse(&printed).unwrap_or_else(|fault| panic!("{text} printed as {printed}: {fault}"));
    assert_eq!(ecl, again, "{text} printed as {printed}");
    assert_eq!(printed, again.to_string());
    ecl
}

#[test]
fn every_construct_parses_and_prints() {
    for (text, printed) in [
        ("73211009", "73211009"),
        ("<<73211009|Diabetes mellitus|", "<< 73211009 |Diabetes mellitus|"),
        ("DESCENDANTORSELFOF 73211009", "<< 73211009"),
        ("memberof 700043003", "^ 700043003"),
        ("childOf 73211009 or parentOf any", "<! 73211009 OR >! *"),
        ("<<! 73211009", "<<! 73211009"),
        (">>! 73211009", ">>! 73211009"),
        ("!!> (<< 73211009)", "!!> (<< 73211009)"),
        ("!!< ^ 700043003", "!!< ^ 700043003"),
        ("<< (^ 700043003)", "<< ^ 700043003"),
        ("^ (<< 700043003)", "^ (<< 700043003)"),
        ("^ [mapTarget, active] 700043003", "^ [mapTarget, active] 700043003"),
        (
            "^ [*] 700043003 {{ M mapPriority = #1, mapTarget = \"J45\" }}",
            "^ [*] 700043003 {{ M mapPriority = #1, mapTarget = \"J45\" }}",
        ),
        ("(73211009 AND (22298006 OR 195967001))", "73211009 AND (22298006 OR 195967001)"),
        ("73211009 MINUS (22298006, 195967001)", "73211009 MINUS (22298006 AND 195967001)"),
        ("/* why */ 73211009 /* not */", "73211009"),
        ("ICD-10#J45.9 |Asthma|", "ICD-10#J45.9 |Asthma|"),
        ("\"LOINC#85354 9\"", "\"LOINC#85354 9\""),
        ("*:[0..0]116676008=<<26036001", "* : [0..0] 116676008 = << 26036001"),
        ("*:[1 to many]116676008 not = 26036001", "* : [1..*] 116676008 != 26036001"),
        ("* : R 116676008 <> *", "* : R 116676008 != *"),
        ("* : reverseOf 116676008 = *", "* : R 116676008 = *"),
        ("* : (<< 116676008 MINUS 363698007) = *", "* : (<< 116676008 MINUS 363698007) = *"),
        ("* : (116676008 = * OR 363698007 = *), 42752001 = *", "* : (116676008 = * OR 363698007 = *), 42752001 = *"),
        ("* : [1..3] { 116676008 = * , [2..*] 363698007 = * }", "* : [1..3] { 116676008 = *, [2..*] 363698007 = * }"),
        ("* : { 116676008 = * } OR { 363698007 = * }", "* : { 116676008 = * } OR { 363698007 = * }"),
        ("* : 116676008 >= #-1.50", "* : 116676008 >= #-1.50"),
        ("* : 116676008 != \"a \\\"b\\\" \\\\c\"", "* : 116676008 != \"a \\\"b\\\" \\\\c\""),
        ("* : 116676008 = (\"a\" wild:\"b*\")", "* : 116676008 = (\"a\" wild:\"b*\")"),
        ("* : 116676008 = TRUE", "* : 116676008 = true"),
        ("(* : 116676008 = *) : 363698007 = *", "(* : 116676008 = *) : 363698007 = *"),
        ("73211009 . 363698007 . 116676008", "73211009 . 363698007 . 116676008"),
        ("* {{ term = \"heart att\" }}", "* {{ D term = \"heart att\" }}"),
        (
            "* {{ D TERM != (match:\"a b\" exact:\"c\"), type = (syn FSN) }}",
            "* {{ D term != (match:\"a b\" exact:\"c\"), type = (syn fsn) }}",
        ),
        ("* {{ language = EN, typeId = 900000000000003001 }}", "* {{ D language = en, typeId = 900000000000003001 }}"),
        (
            "* {{ typeId = (900000000000003001 |FSN| 900000000000013009) }}",
            "* {{ D typeId = (900000000000003001 |FSN| OR 900000000000013009) }}",
        ),
        ("* {{ dialect = en-GB (prefer) }}", "* {{ D dialect = en-gb (prefer) }}"),
        (
            "* {{ dialect = (en-gb (prefer) en-nhs-clinical (accept)) }}",
            "* {{ D dialect = (en-gb (prefer) en-nhs-clinical (accept)) }}",
        ),
        (
            "* {{ dialectId = (999001261000000100 |x| (prefer) 900000000000508004) (accept) }}",
            "* {{ D dialectId = (999001261000000100 |x| (prefer) 900000000000508004) (accept) }}",
        ),
        (
            "* {{ dialectId = << 900000000000508004 (900000000000548007) }}",
            "* {{ D dialectId = << 900000000000508004 (900000000000548007) }}",
        ),
        ("* {{ d id = (787121000006116 123456012) }}", "* {{ D id = (787121000006116 123456012) }}"),
        (
            "* {{ C active = false, moduleId = << 900000000000207008 }}",
            "* {{ C active = 0, moduleId = << 900000000000207008 }}",
        ),
        (
            "* {{ c effectiveTime >= (\"20200131\" \"\") }} {{ D active = 1 }}",
            "* {{ C effectiveTime >= (\"20200131\" \"\") }} {{ D active = 1 }}",
        ),
        (
            "* {{ C definitionStatus = (primitive defined), definitionStatusId != 900000000000074008 }}",
            "* {{ C definitionStatus = (primitive defined), definitionStatusId != 900000000000074008 }}",
        ),
        ("* {{ Dterm = \"a\", Type = syn }}", "* {{ D term = \"a\", type = syn }}"),
        ("* {{ cactive = 1 }}", "* {{ C active = 1 }}"),
        ("* {{ M mapTarget = \"J45\" }}", "* {{ M mapTarget = \"J45\" }}"),
        (
            "^ 447562003 {{MmapTarget = \"J45\", mapGroup = #1}}",
            "^ 447562003 {{ M mapTarget = \"J45\", mapGroup = #1 }}",
        ),
        ("73211009/* a */AND/* b */22298006", "73211009 AND 22298006"),
        ("* : 116676008 = #0.50", "* : 116676008 = #0.50"),
        ("<< 73211009 {{ +HISTORY }}", "<< 73211009 {{ +HISTORY }}"),
        ("<< 73211009 {{ + history_min }}", "<< 73211009 {{ +HISTORY-MIN }}"),
        (
            "<< 73211009 {{ C active = 1 }} {{ +HISTORY (900000000000527005 OR < 900000000000522004) }}",
            "<< 73211009 {{ C active = 1 }} {{ +HISTORY (900000000000527005 OR < 900000000000522004) }}",
        ),
        ("(<< 73211009 {{ +HISTORY-MAX }}) {{ +HISTORY-MOD }}", "(<< 73211009 {{ +HISTORY-MAX }}) {{ +HISTORY-MOD }}"),
    ] {
        assert_eq!(stable(text).to_string(), printed, "{text}");
    }
}

#[test]
fn errors_name_the_place() {
    for (text, start) in [
        ("", 0),
        ("<<", 2),
        ("12345", 0),
        ("012345678", 0),
        ("1234567890123456789", 0),
        ("73211009 |Diabetes", 9),
        ("73211009 ||", 9),
        ("73211009 22298006", 9),
        ("(73211009", 9),
        ("73211009)", 8),
        ("73211009 AND 22298006 OR 195967001", 22),
        ("73211009 MINUS 22298006 MINUS 195967001", 24),
        ("* : 116676008 = * AND 363698007 = * OR 42752001 = *", 36),
        ("* : { { 116676008 = * } }", 6),
        ("* : 116676008 > 73211009", 16),
        ("* : [1..x] 116676008 = *", 8),
        ("* {{ colour = 1 }}", 5),
        ("* {{ C term = \"a\" }}", 7),
        ("* {{ D effectiveTime = \"2020\" }}", 23),
        ("* {{ +HISTORY-ALL }}", 14),
        ("< < 73211009", 2),
        ("73211009 AND(22298006 OR 195967001)", 9),
        ("73211009 |a|OR<22298006", 12),
        ("descendantOf73211009", 0),
        ("memberOf(73211009)", 0),
        ("* : [3..1] 116676008 = *", 9),
        ("* : [01..2] 116676008 = *", 5),
        ("* : 116676008 = #007", 17),
        ("* {{ term = (\"a\"\"b\") }}", 16),
        ("* {{ dialect = (en-gb(prefer)en-us) }}", 29),
        ("* {{ C active = 1 }} {{ M mapTarget = \"a\" }}", 25),
        ("* {{ active = 2 }}", 14),
        ("* {{ term = \"open }}", 12),
        ("descendant 73211009", 0),
    ] {
        match Ecl::parse(text) {
            Err(fault) => assert_eq!(fault.span.start, start, "{text}: {fault}"),
            Ok(ecl) => panic!("{text} parsed as {ecl}"),
        }
    }
    let deep = format!("{}73211009{}", "(".repeat(5000), ")".repeat(5000));
    assert!(Ecl::parse(&deep).is_err());
}

#[test]
fn concepts_with_places() {
    let text = "< 19829001 |Disorder of lung| : 116676008 |x| = << 79654002 {{ C moduleId = 83821000000107 }}";
    let found = Ecl::parse(text).unwrap().concepts();
    let texts: Vec<&str> = found.iter().map(|(_, span)| span.of(text)).collect();
    assert_eq!(texts, ["19829001", "116676008", "79654002", "83821000000107"]);
}

#[test]
fn official_expressions() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/oracle/fhirpath-and-ecl-tests.tgz");
    let Ok(file) = std::fs::File::open(path) else {
        println!("official ECL expressions: no data folder, passed over");
        return;
    };
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut lines = String::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        if entry.path().unwrap().ends_with("expressions.txt") {
            std::io::Read::read_to_string(&mut entry, &mut lines).unwrap();
        }
    }
    let count = lines.lines().filter(|line| !line.trim().is_empty()).map(stable).count();
    assert!(count >= 59, "{count} expressions");
}

#[test]
fn published_faults_are_repaired() {
    use RepairKind::*;
    for (text, printed, kinds) in [
        ("<< 105590001 |A| OR << 373873005", "<< 105590001 |A| OR << 373873005", &[][..]),
        (
            "(<<105590001 |Stuff OR <<373873005 |Pills / drops| OR 196461000000101 |Lost)",
            "<< 105590001 |Stuff| OR << 373873005 |Pills / drops| OR 196461000000101 |Lost|",
            &[UnclosedTerm, UnclosedTerm],
        ),
        ("(<<404684003 | found things)", "<< 404684003 |found things|", &[UnclosedTerm]),
        ("< 309013001 |Sent by someone (finding)", "< 309013001 |Sent by someone (finding)|", &[UnclosedTerm]),
        (
            "(255604002 |A| OR 399166001 |B| 442452003 |C|)",
            "255604002 |A| OR 399166001 |B| OR 442452003 |C|",
            &[MissingOr],
        ),
        (
            "(<105590001 |A (a)|(then fill in the others too)OR <49755003 |B (b)|OR < 260787004 |C (c))",
            "< 105590001 |A (a)| OR < 49755003 |B (b)| OR < 260787004 |C (c)|",
            &[Prose, UnclosedTerm],
        ),
        (
            "(<<71388002 |A|<<129125009 OR |B with c|)",
            "<< 71388002 |A| OR << 129125009",
            &[MissingOr, MisplacedOperator],
        ),
        ("< 442083009 one or two things OR <49755003 another", "< 442083009 OR < 49755003", &[BareTerm, BareTerm]),
        ("lt;lt;404684003", "<< 404684003", &[Escaped]),
        ("< < 404684003", "<< 404684003", &[SplitOperator]),
        ("&lt; 404684003 OR &lt;&lt; 71388002", "< 404684003 OR << 71388002", &[Escaped, Escaped]),
        ("(404684003 OR 71388002", "404684003 OR 71388002", &[UnclosedBracket]),
        ("404684003 OR 71388002)", "404684003 OR 71388002", &[StrayBracket]),
        ("<<404684003 MINUS 71388002 MINUS 49755003", "(<< 404684003 MINUS 71388002) MINUS 49755003", &[ChainedMinus]),
    ] {
        let (ecl, repairs) = parse_tolerant(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(ecl.to_string(), printed, "{text}");
        assert_eq!(repairs.iter().map(|r| r.kind).collect::<Vec<_>>(), kinds, "{text}");
    }
    for hopeless in ["", "see the guide", "73211009 AND 22298006 OR 195967001", "<<"] {
        assert!(parse_tolerant(hopeless).is_err(), "{hopeless}");
    }
}

/// Found by fuzzing: what only quotes hold together must keep them.
#[test]
fn alternate_identifiers_print_to_what_parses() {
    for text in
        ["\"a(#8\"", "\"any#8\"", "\"a b#8\"", "\"1a#8\"", "\"a\\\"b#8\"", "\"a#b#c\"", "a-b#8.1_c", "\"a#b c\" |term|"]
    {
        let parsed = Ecl::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(parsed.to_string(), text);
        assert!(Ecl::parse(&parsed.to_string()).is_ok(), "{text}");
    }
}
