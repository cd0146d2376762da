//! Evaluations a second of the commonest invariants, on a patient, an observation and a bundle of our own.
#![allow(missing_docs, clippy::expect_used, clippy::panic)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hallmark::bench::fhirpath::{Env, NoHost, Outcome, Program, repaired};
use hallmark::bench::pack::Release;
use hallmark::bench::read::{Limits, read};
use hallmark::bench::tree::{Element, Tree, flags, names};

#[path = "support/patient.rs"]
mod patient;
use patient::PATIENT;

const OBSERVATION: &str = r##"{"resourceType":"Observation","id":"o1","status":"final",
 "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
 "code":{"coding":[{"system":"http://loinc.org","code":"85354-9"},{"system":"http://snomed.info/sct","code":"75367002"}]},
 "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-01-02T03:04:05Z",
 "component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},
   "valueQuantity":{"value":120,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
  {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},
   "valueQuantity":{"value":80,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}}],
 "referenceRange":[{"low":{"value":90,"unit":"mmHg"},"high":{"value":140,"unit":"mmHg"}}]}"##;

/// Types by element name: enough for these resources, where no name has two.
const TYPES: [(&str, &str); 45] = [
    ("id", "id"),
    ("meta", "Meta"),
    ("versionId", "id"),
    ("lastUpdated", "instant"),
    ("profile", "canonical"),
    ("text", "Narrative"),
    ("div", "xhtml"),
    ("status", "code"),
    ("extension", "Extension"),
    ("url", "uri"),
    ("identifier", "Identifier"),
    ("use", "code"),
    ("system", "uri"),
    ("period", "Period"),
    ("start", "dateTime"),
    ("end", "dateTime"),
    ("active", "boolean"),
    ("name", "HumanName"),
    ("family", "string"),
    ("given", "string"),
    ("prefix", "string"),
    ("telecom", "ContactPoint"),
    ("gender", "code"),
    ("birthDate", "date"),
    ("address", "Address"),
    ("line", "string"),
    ("city", "string"),
    ("postalCode", "string"),
    ("contact", "BackboneElement"),
    ("relationship", "CodeableConcept"),
    ("coding", "Coding"),
    ("code", "code"),
    ("display", "string"),
    ("unit", "string"),
    ("reference", "string"),
    ("generalPractitioner", "Reference"),
    ("managingOrganization", "Reference"),
    ("subject", "Reference"),
    ("category", "CodeableConcept"),
    ("component", "BackboneElement"),
    ("referenceRange", "BackboneElement"),
    ("low", "Quantity"),
    ("high", "Quantity"),
    ("valueQuantity", "Quantity"),
    ("valueCodeableConcept", "CodeableConcept"),
];

fn typed(text: &str) -> Tree<'_> {
    let (mut tree, faults) = read(text, &Limits::default());
    assert!(faults.is_empty());
    for at in 0..tree.nodes.len() {
        let name = names::text(tree.nodes[at].name);
        let structure = tree.nodes[at].first != hallmark::bench::tree::NONE;
        let node = &mut tree.nodes[at];
        if node.is(flags::RESOURCE) {
            continue;
        }
        let ty = TYPES.iter().find(|(n, _)| *n == name).map(|(_, ty)| *ty);
        let ty = match (name, structure) {
            ("code", true) => Some("CodeableConcept"),
            ("name", false) => Some("string"),
            ("value", _) => Some("decimal"),
            _ => ty,
        };
        node.ty = names::intern(ty.unwrap_or("string"));
        if let Some(suffix) = name.strip_prefix("value").filter(|s| !s.is_empty()) {
            node.base = names::VALUE;
            node.ty = names::intern(suffix);
            node.flags |= flags::CHOICE;
        } else if name == "effectiveDateTime" {
            node.base = names::intern("effective");
            node.ty = names::T_DATE_TIME;
        }
    }
    tree
}

/// Key, expression, resource (0 patient, 1 observation, 2 bundle) and the path to its focus.
const INVARIANTS: [(&str, &str, usize, &str); 22] = [
    ("ele-1", "hasValue() or (children().count() > id.count())", 0, "name"),
    ("ext-1", "extension.exists() != value.exists()", 0, "extension"),
    ("dom-2", "contained.contained.empty()", 0, ""),
    ("dom-4", "contained.meta.versionId.empty() and contained.meta.lastUpdated.empty()", 0, ""),
    (
        "dom-3",
        "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
        0,
        "",
    ),
    // As the peers were measured: on a resource that contains nothing.
    (
        "dom-3, nothing contained",
        "contained.where((('#'+id in (%resource.descendants().reference | %resource.descendants().as(canonical) | %resource.descendants().as(uri) | %resource.descendants().as(url))) or descendants().where(reference = '#').exists() or descendants().where(as(canonical) = '#').exists() or descendants().where(as(canonical) = '#').exists()).not()).trace('unmatched', id).empty()",
        1,
        "",
    ),
    (
        "contact.all",
        "contact.all(name.exists() or telecom.exists() or address.exists() or organization.exists())",
        0,
        "",
    ),
    ("dom-5", "contained.meta.security.empty()", 0, ""),
    ("dom-6", "text.`div`.exists()", 0, ""),
    ("pat-1", "name.exists() or telecom.exists() or address.exists() or organization.exists()", 0, "contact"),
    ("per-1", "start.hasValue().not() or end.hasValue().not() or (start <= end)", 0, "name.period"),
    (
        "ref-1",
        "reference.startsWith('#').not() or (reference.substring(1).trace('url') in %rootResource.contained.id.trace('ids'))",
        0,
        "generalPractitioner",
    ),
    ("org-3", "where(use = 'home').empty()", 0, "telecom"),
    ("obs-6", "dataAbsentReason.empty() or value.empty()", 1, ""),
    ("obs-7", "value.empty() or component.code.where(coding.intersect(%resource.code.coding).exists()).empty()", 1, ""),
    ("obs-3", "low.exists() or high.exists() or text.exists()", 1, "referenceRange"),
    ("vs-3", "value.exists() or dataAbsentReason.exists()", 1, "component"),
    ("vs-2", "(component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())", 1, ""),
    ("qty-3", "code.empty() or system.exists()", 1, "component.value"),
    ("bdl-1", "total.empty() or (type = 'searchset') or (type = 'history')", 2, ""),
    ("bdl-8", "fullUrl.contains('/_history/').not()", 2, "entry"),
    (
        "bdl-3",
        "entry.all(request.exists() = (%resource.type = 'batch' or %resource.type = 'transaction' or %resource.type = 'history'))",
        2,
        "",
    ),
];

fn bundle() -> String {
    let entry = |i: usize, resource: &str| format!("{{\"fullUrl\":\"urn:uuid:{i}\",\"resource\":{resource}}}");
    let entries: Vec<_> = (0..20).map(|i| entry(i, if i % 2 == 0 { PATIENT } else { OBSERVATION })).collect();
    format!("{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{}]}}", entries.join(","))
}

fn focus<'t>(tree: &'t Tree<'t>, path: &str) -> Element<'t> {
    path.split('.').filter(|s| !s.is_empty()).fold(Element::new(tree, 0), |at, name| at.get(name).expect("focus"))
}

fn invariants(c: &mut Criterion) {
    let bundle = bundle();
    let trees = [typed(PATIENT), typed(OBSERVATION), typed(&bundle)];
    let mut group = c.benchmark_group("fhirpath");
    group.throughput(Throughput::Elements(1));
    // The yardstick: one patient, to a Value.
    group.bench_function("serde_json parses the patient", |b| {
        b.iter(|| serde_json::from_str::<serde_json::Value>(black_box(PATIENT)).expect("JSON"));
    });
    for (key, expression, tree, path) in INVARIANTS {
        let (expression, _) = repaired(Release::R4, key, expression);
        let program = Program::compile(expression, Release::R4).expect("compiles");
        let env = Env::default();
        let focus = focus(&trees[tree], path);
        let outcome = program.test(focus, &env, &NoHost).expect("outcome");
        assert!(outcome == Outcome::True || key == "org-3", "{key}");
        group.bench_function(key, |b| b.iter(|| program.test(black_box(focus), &env, &NoHost)));
    }
    group.finish();
}

criterion_group!(benches, invariants);
criterion_main!(benches);
