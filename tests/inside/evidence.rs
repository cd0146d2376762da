//! Files as evidence: what each amounts to, by whom it counts, when it lapses, and what is not what it was.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::collections::BTreeMap;

use hallmark::finding::Dimension;
use hallmark::kitemark::{
    About, Assessment, Attestations, Bearing, Beside, CriteriaSet, CriterionResult, Reason, Shortfall, Status, assess,
    indications, subjects,
};
use hallmark::record::{Counts, Header, Part, Record, Scope, Share};
use hallmark::rules::capability::{State, Subject};
use hallmark::settings::Date;
use hallmark::tally::MeasureKey;

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn set() -> CriteriaSet {
    CriteriaSet::embedded("stp-2019").unwrap()
}

fn about(partner: Option<&str>) -> About<'_> {
    About { partner, collected: Some(day("2026-10-01")), valid_until: None, today: day("2026-11-21") }
}

/// A month of X26: Patients, one Flag, a Bundle around them.
fn record() -> Record {
    let scope = Scope {
        partner: "X26".into(),
        product: "p".into(),
        interface: "i".into(),
        environment: "test".into(),
        period: "2026-11".into(),
    };
    let resources = [("Patient", 500), ("Flag", 1), ("Bundle", 500), ("Composition", 0)];
    let mut part = Part {
        collected: "2026-11-20".into(),
        counts: Counts {
            given: 500,
            read: 500,
            clean: 500,
            resources: resources.into_iter().map(|(ty, n)| (ty.to_string(), n)).collect(),
            ..Counts::default()
        },
        ..Part::default()
    };
    for (resource, coded) in [("AllergyIntolerance", 990), ("Condition", 300)] {
        let key = MeasureKey { resource: resource.into(), ..MeasureKey::default() };
        let share = Share { dimension: Dimension::Validity, numerator: coded, denominator: 1000 };
        part.measures.insert(("snomed-coded".into(), key), share);
    }
    for (name, resource, numerator, denominator) in [
        ("document-structured", "Composition", 480, 500),
        ("result-requested", "DiagnosticReport", 20, 500),
        ("medicine-loop", "MedicationStatement", 250, 500),
    ] {
        let key = MeasureKey { resource: resource.into(), ..MeasureKey::default() };
        let share = Share { dimension: Dimension::Consistency, numerator, denominator };
        part.measures.insert((name.into(), key), share);
    }
    for (bucket, count) in [("PT1H", 300), ("PT24H", 150), ("P3D", 50)] {
        let key = MeasureKey { resource: "Encounter".into(), ..MeasureKey::default() };
        part.tallies.insert(("event-to-message".into(), key, bucket.into()), count);
    }
    Record { header: Header::default(), rules: BTreeMap::new(), parts: BTreeMap::from([(scope, part)]) }
}

fn assessed(attestations: &Attestations, today: &str) -> Assessment {
    let record = record();
    let subject = subjects(&record).into_iter().next().unwrap();
    assess(&set(), &record, &subject, attestations, day(today))
}

fn result<'a>(assessment: &'a Assessment, id: &str) -> &'a CriterionResult {
    assessment.results.iter().find(|r| r.id == id).unwrap()
}

/// A server of STU3 with the types given, each with read and search.
fn statement(types: &[&str], security: bool) -> String {
    let resources: Vec<String> = types
        .iter()
        .map(|ty| {
            format!(
                "{{\"type\":\"{ty}\",\"profile\":{{\"reference\":\"https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-{ty}-1\"}},\
                 \"interaction\":[{{\"code\":\"read\"}},{{\"code\":\"search-type\"}}],\"searchParam\":[{{\"name\":\"identifier\",\"type\":\"token\"}},{{\"name\":\"name\",\"type\":\"string\"}}]}}"
            )
        })
        .collect();
    let security = match security {
        true => "\"security\":{\"service\":[{\"coding\":[{\"code\":\"SMART-on-FHIR\"}]}]},",
        false => "",
    };
    format!(
        "{{\"resourceType\":\"CapabilityStatement\",\"status\":\"active\",\"date\":\"2026-09-01\",\"fhirVersion\":\"3.0.1\",\"format\":[\"application/fhir+json\"],\
         \"rest\":[{{\"mode\":\"server\",{security}\"resource\":[{}]}}]}}",
        resources.join(",")
    )
}

const SMART: &str = r#"{"authorization_endpoint": "https://ehr.test/authorize", "token_endpoint": "https://ehr.test/token",
 "grant_types_supported": ["authorization_code"], "code_challenge_methods_supported": ["S256"], "capabilities": ["launch-ehr"]}"#;

#[test]
fn a_capability_statement_is_held_against_its_requirement_set_and_the_feed() {
    let mut attestations = Attestations::default();
    let text = statement(&["Patient", "Practitioner", "Organization", "Location"], true);
    attestations.add_evidence(&set(), "metadata.json", &text, about(Some("X26"))).unwrap();
    let assessment = assessed(&attestations, "2026-11-21");
    let [table] = assessment.capability.as_slice() else { panic!("one set for STU3") };
    assert_eq!(table.set, "careconnect-api");
    let sent: Vec<(&str, State)> =
        table.rows.iter().filter(|r| r.subject == Subject::Sent).map(|r| (r.resource.as_str(), r.state)).collect();
    assert_eq!(sent, [("Flag", State::Missing), ("Patient", State::Met)], "carriers and what was not seen stay out");
    let (met, all) = table.mandatory();
    let int3 = result(&assessment, "INT-3");
    let shown = int3.share.unwrap().counted;
    assert_eq!((shown.numerator, shown.denominator), (met, all));
    assert!(met > 0 && met < all && int3.level == 0 && int3.status == Status::NotMet, "{:?}", int3.reason);
    // Another partner's statement is not this one's, and nothing lasts for ever.
    assert_eq!(result(&assessed(&attestations, "2027-10-02"), "INT-3").status, Status::NotAssessed);
    let mut others = Attestations::default();
    others.add_evidence(&set(), "metadata.json", &text, about(Some("RLQ"))).unwrap();
    assert_eq!(result(&assessed(&others, "2026-11-21"), "INT-3").status, Status::NotAssessed);
}

#[test]
fn the_release_chooses_the_set() {
    for (version, names) in [("4.0.1", ["uk-core"]), ("3.0.1", ["careconnect-api"]), ("1.0.2", ["careconnect-api"])] {
        let mut attestations = Attestations::default();
        let text = statement(&["Patient"], false).replace("3.0.1", version);
        attestations.add_evidence(&set(), "m.json", &text, about(None)).unwrap();
        let assessment = assessed(&attestations, "2026-11-21");
        assert_eq!(assessment.capability.iter().map(|t| t.set.as_str()).collect::<Vec<_>>(), names, "{version}");
        let declared = assessment.capability[0].rows.iter().find(|r| r.subject == Subject::Version).unwrap().state;
        assert_eq!(declared == State::Met, version != "1.0.2");
    }
}

#[test]
fn xml_counts_like_json() {
    let xml = "<CapabilityStatement xmlns=\"http://hl7.org/fhir\"><date value=\"2026-09-01\"/><fhirVersion value=\"3.0.1\"/><rest><mode value=\"server\"/>\
        <resource><type value=\"Patient\"/><interaction><code value=\"read\"/></interaction></resource></rest></CapabilityStatement>";
    let mut attestations = Attestations::default();
    let dated = About { collected: None, ..about(None) };
    attestations.add_evidence(&set(), "m.xml", xml, dated).unwrap();
    assert_eq!(attestations.files[0].collected, day("2026-09-01"), "the day that stands in the file");
    assert_eq!(assessed(&attestations, "2026-11-21").capability.len(), 1);
}

#[test]
fn smart_needs_a_sound_configuration_and_a_coded_service() {
    for (title, smart, security, status, level) in [
        ("sound, alone", SMART.to_string(), None, Status::Met, 2),
        ("sound, service coded", SMART.to_string(), Some(true), Status::Met, 2),
        ("sound, service not coded", SMART.to_string(), Some(false), Status::PartlyMet, 1),
        ("plain challenges", SMART.replace("S256", "plain"), Some(true), Status::PartlyMet, 1),
        ("no TLS", SMART.replace("https://ehr.test/token", "http://ehr.test/token"), None, Status::PartlyMet, 1),
    ] {
        let mut attestations = Attestations::default();
        attestations.add_evidence(&set(), "smart.json", &smart, about(None)).unwrap();
        if let Some(coded) = security {
            attestations.add_evidence(&set(), "m.json", &statement(&["Patient"], coded), about(None)).unwrap();
        }
        let assessment = assessed(&attestations, "2026-11-21");
        let int6 = result(&assessment, "INT-6");
        assert_eq!((int6.status, int6.level), (status, level), "{title}: {:?}", int6.reason);
        assert!(!attestations.files[0].says.is_empty(), "{title}");
    }
}

#[test]
fn scans_lapse_with_the_certificate() {
    let scan = "[{\"id\":\"TLS1\",\"finding\":\"not offered\"},{\"id\":\"TLS1_2\",\"finding\":\"offered\"},{\"id\":\"clientAuth\",\"finding\":\"required\"},\
        {\"id\":\"cert_notAfter\",\"finding\":\"2026-12-24 10:00\"}]";
    let mut attestations = Attestations::default();
    attestations.add_evidence(&set(), "scan.json", scan, about(None)).unwrap();
    assert_eq!(result(&assessed(&attestations, "2026-11-21"), "CYB-3").status, Status::Met);
    let later = assessed(&attestations, "2026-11-25");
    let cyb3 = result(&later, "CYB-3");
    assert_eq!(
        (cyb3.status, &cyb3.reason),
        (Status::NotAssessed, &Reason::Short(Shortfall::Lapsed(day("2026-11-24"))))
    );
}

#[test]
fn answered_requirements_are_a_start_and_no_certificate() {
    let list = "Identifier|Use case|Type|Link|Description|Item|Test cases|Evidence required|Response\nGPC-1|all|SHALL||x|1||log|Met\nGPC-2|all|SHALL||y|2||log|\n";
    let mut attestations = Attestations::default();
    attestations.add_evidence(&set(), "scal.csv", list, about(None)).unwrap();
    let statement = &attestations.statements[0];
    assert_eq!((statement.criterion.as_str(), statement.value.as_str()), ("INT-4", "started"));
    assert!(attestations.files[0].says[0].starts_with("2 requirements: 1 answered as met"));
}

#[test]
fn what_is_none_of_these_is_refused() {
    let mut attestations = Attestations::default();
    for (text, says) in [
        ("{}", "is not a CapabilityStatement"),
        ("{", "well-formed JSON"),
        ("{\"resourceType\":\"Patient\"}", "is not a CapabilityStatement"),
        ("Identifier|Description\n|x\n", "no identifier"),
    ] {
        let error = attestations.add_evidence(&set(), "x", text, about(None)).unwrap_err();
        assert!(error.contains(says), "{text}: {error}");
    }
    assert!(attestations.files.is_empty() && attestations.statements.is_empty());
}

#[test]
fn statements_come_as_csv_too() {
    let csv = "Criterion,Value,By role,On,Partner,Kind,Valid until,Reference,SHA256\r\n\
        IG-1,met,senior information risk owner,2026-06-30,X26,document,2027-06-30,\"toolkit, 2026\",\r\nGOV-1,named,chair,2026-06-01,,,,,\r\n";
    let mut attestations = Attestations::default();
    attestations.add_csv("a.csv", csv, &set()).unwrap();
    let assessment = assessed(&attestations, "2026-11-21");
    assert_eq!(result(&assessment, "IG-1").status, Status::Attested);
    assert_eq!(result(&assessment, "IG-1").statement.as_ref().unwrap().reference, "toolkit, 2026");
    for (from, to, says) in [
        ("Value", "Vlue", "Did you mean `value`?"),
        ("met", "mett", "Did you mean `met`?"),
        ("2026-06-30", "30/06/2026", "this is not a day"),
        ("IG-1", "IG-11", "there is no criterion"),
        ("document", "paper", "no such kind"),
        ("senior information risk owner", "", "`by-role` is empty"),
    ] {
        let changed = csv.replacen(from, to, 1);
        assert_ne!(changed, csv);
        let faults = Attestations::default().add_csv("a.csv", &changed, &set()).unwrap_err().to_string();
        assert!(faults.contains(says) && faults.contains("a.csv:"), "{from}: {faults}");
    }
}

const BESIDE: &str = "partner = 'X26'\n\
    [[attestation]]\ncriterion = 'GOV-4'\nvalue = 'current'\nkind = 'document'\nby-role = 'clinical safety officer'\non = 2026-06-01\nreference = 'safety.txt'\nsha256 = 'DIGEST'\n\
    [[evidence]]\nfile = 'smart.json'\non = 2026-10-01\nsha256 = 'SMART'\n\
    [[maturity]]\nmodel = 'regional self-assessment'\ndimension = 'records'\nscore = 2.4\nout-of = 5\nby-role = 'CIO'\non = 2026-05-01\nvalid-until = 2026-11-01\n\
    [[attestation]]\ncriterion = 'MAT-1'\nvalue = '5'\nby-role = 'CIO'\non = 2026-05-01\n";

fn digest(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

#[test]
fn documents_are_known_by_their_digest() {
    for (safety, smart, gov4, int6) in [
        ("the safety case", SMART, Status::Attested, Status::Met),
        ("the safety cose", SMART, Status::NotAssessed, Status::Met),
        ("the safety case", "{}", Status::Attested, Status::NotAssessed),
    ] {
        let text = BESIDE.replace("DIGEST", &digest("the safety case")).replace("SMART", &digest(SMART));
        let mut attestations = Attestations::default();
        attestations.add("folder/x26.toml", &text, &set()).unwrap();
        let read = |_: Beside, from: &str, file: &str| -> Option<Vec<u8>> {
            assert_eq!(from, "folder/x26.toml");
            match file {
                "safety.txt" => Some(safety.into()),
                "smart.json" => Some(smart.into()),
                _ => None,
            }
        };
        attestations.settle(&set(), day("2026-11-21"), &read).unwrap();
        let assessment = assessed(&attestations, "2026-11-21");
        assert_eq!(result(&assessment, "GOV-4").status, gov4, "{:?}", result(&assessment, "GOV-4").reason);
        assert_eq!(result(&assessment, "INT-6").status, int6);
        assert_eq!(attestations.files.len(), 1);
        assert_eq!(attestations.files[0].says[0].contains("digest differs"), smart == "{}");
    }
    let mut attestations = Attestations::default();
    attestations.add("x.toml", "[[evidence]]\nfile = 'gone.json'\n", &set()).unwrap();
    let error = attestations.settle(&set(), day("2026-11-21"), &|_, _, _| None).unwrap_err();
    assert_eq!(error, "gone.json, named in x.toml, cannot be read");
}

#[test]
fn indicators_speak_and_never_decide() {
    let text = BESIDE.split_once("[[evidence]]").unwrap().1.split_once("[[maturity]]").unwrap().1;
    let mut attestations = Attestations::default();
    attestations.add("x.toml", &format!("[[maturity]]{text}"), &set()).unwrap();
    let record = record();
    let with = assessed(&attestations, "2026-11-21");
    let said = indications(&set(), &record, &with);
    let bearing = |id: &str| said.iter().find(|i| i.id == id).unwrap().bearing;
    for (id, expected) in [
        ("structured-documents", Bearing::Supports),
        ("results-linked-to-requests", Bearing::Contradicts),
        ("medicines-ordered-and-used", Bearing::Open),
        ("allergies-coded", Bearing::Supports),
        ("problems-coded", Bearing::Contradicts),
        // No care plan was seen.
        ("care-plans-shared", Bearing::Open),
        ("within-the-hour", Bearing::Open),
        // 450 of 500 came in a day, so that the 95th percentile lies beyond it.
        ("delay-95th-percentile", Bearing::Contradicts),
    ] {
        assert_eq!(bearing(id), expected, "{id}");
    }
    assert!(said.iter().find(|i| i.id == "care-plans-shared").unwrap().counted.is_none());
    let mat1 = result(&with, "MAT-1");
    assert_eq!((mat1.status, mat1.level), (Status::Attested, 2), "the stage is as stated");
    let without = assessed(&Attestations::default(), "2026-11-21");
    assert!(indications(&set(), &record, &without).iter().all(|i| i.bearing == Bearing::NothingStated));
    let score = attestations.scores_of("X26", day("2026-11-21")).next().unwrap();
    assert_eq!((score.score.as_str(), score.has_lapsed(day("2026-11-21"))), ("2.4", true));
}

#[test]
fn sets_say_what_is_wrong_with_indicators_and_milestones() {
    let (_, text) = hallmark::kitemark::EMBEDDED[0];
    for (from, to, says) in [
        ("bears-on = [\"5\"", "bears-on = [\"55\"", "takes no statement `55`"),
        ("supports = 80", "supports = 10", "lies above"),
        ("criteria = [\"CYB-5\"]", "criteria = [\"CYB-55\"]", "no such criterion or row"),
        ("capability(careconnect-api, uk-core)", "capability(careconnect)", "these ship: careconnect-api"),
        ("due = 2021-08-31", "due = \"summer\"", "date"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let faults = CriteriaSet::read("s.toml", &changed).unwrap_err().to_string();
        assert!(faults.contains(says) && faults.contains("s.toml:"), "{from}: {faults}");
    }
}

/// What today's set takes: a bill of materials and an interface description, for presence and day alone.
#[test]
fn presence_of_a_document_is_stated_and_dated() {
    let set = CriteriaSet::embedded("england-2026").unwrap();
    for (text, criterion, value) in [
        (
            "{\"bomFormat\":\"CycloneDX\",\"metadata\":{\"timestamp\":\"2026-10-02T08:00:00Z\"},\"components\":[{\"name\":\"a\"}]}",
            "SEC-1",
            "sbom",
        ),
        ("{\"bomFormat\":\"CycloneDX\",\"components\":[]}", "SEC-1", "none"),
        ("{\"openapi\":\"3.1.0\",\"paths\":{\"/Patient\":{}}}", "API-2", "described"),
        ("{\"openapi\":\"3.1.0\"}", "API-2", "none"),
    ] {
        let mut attestations = Attestations::default();
        attestations.add_evidence(&set, "a.json", text, about(Some("X26"))).unwrap();
        let statement = attestations.statement(criterion, "X26", day("2026-11-21")).unwrap();
        assert_eq!((statement.value.as_str(), statement.seen), (value, false), "{text}");
    }
}

/// Criteria that two sets share take the same statements, so that one file serves both.
#[test]
fn sets_share_statements() {
    let (then, now) = (set(), CriteriaSet::embedded("england-2026").unwrap());
    let mut shared = 0;
    for one in &then.criteria {
        let Some(other) = now.criterion(&one.id) else { continue };
        shared += 1;
        let values =
            |accepts: &[Vec<String>]| accepts.iter().flatten().cloned().collect::<std::collections::BTreeSet<_>>();
        let (before, today) = (values(&one.accepts), values(&other.accepts));
        assert!(today.is_empty() || before.is_empty() || before == today, "{}: {before:?} {today:?}", one.id);
    }
    assert!(shared >= 15, "{shared}");
}
