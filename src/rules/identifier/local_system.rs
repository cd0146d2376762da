//! Code systems of one supplier, counted for the quality report.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::{TextMap, agrees, counted, sanitise};
use crate::tree::{Element, names};
use crate::uk::systems::is_local;

/// Row 8 of the faults seen most.
pub static META: Meta = Meta {
    id: "HM0233",
    name: "code-system-local",
    title: "codes of a supplier's own code system are sent",
    family: Family::Quality,
    severity: Severity::Information,
    dimension: Dimension::Consistency,
    issue: "informational",
    requirement: "FAULT-08",
    basis: "NHS England, information standards: SNOMED CT, dm+d and published code systems; open standards",
    criterion: "INT-8",
    why: "Nobody outside the supplier's system knows what these codes mean.",
    remedy: "Send a published code beside the local one, and publish the local code system.",
    examples: &[
        Example::bad(
            "a local code alone",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "«https://supplier.test/codes»", "code": "X1"}]}}"#,
        ),
        Example::good(
            "SNOMED CT",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Message], check };

fn check(scene: &Scene<'_, '_>, _: Element<'_>, out: &mut Sink) {
    let mut found: TextMap<&str, (Element<'_>, u64)> = TextMap::default();
    let tree = scene.message.tree;
    for (i, node) in tree.nodes.iter().enumerate() {
        if node.ty != names::T_CODING {
            continue;
        }
        let Some(system) = Element::new(tree, i as u32).child(names::SYSTEM) else { continue };
        let Some(url) = system.value() else { continue };
        found.entry(url).or_insert((system, 0)).1 += 1;
    }
    for (url, (system, count)) in found {
        if !is_local(url) || scene.sets.system(scene.release(), url).is_some() {
            continue;
        }
        let uses = agrees(count, "uses", "use");
        let url = sanitise::url(url);
        let says = format!("{} {uses} the local code system {url}", counted(count, "coding"));
        out.say(&META, system, says).key.clone_from(&url);
    }
}
