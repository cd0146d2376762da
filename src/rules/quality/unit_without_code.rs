//! Measured values have coded units.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0824",
    name: "quantity-without-unit-code",
    title: "a measured value has a unit in words and no UCUM code",
    family: Family::Quality,
    severity: Severity::Information,
    dimension: Dimension::Validity,
    issue: "required",
    requirement: "FAULT-15",
    basis: "FHIR, Quantity.system and Quantity.code; UCUM",
    criterion: "COD-1",
    why: "Values with units in words cannot be compared, plotted or converted: mg and mcg look alike to a person, and the same to a program.",
    remedy: "Send system http://unitsofmeasure.org and the UCUM code beside the unit.",
    examples: &[
        Example::bad(
            "words alone",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueQuantity": «{"value": 5.1, "unit": "mmol/L"}»}"#,
        ),
        Example::good(
            "coded",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueQuantity": {"value": 5.1, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Measured values have coded units.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Observation"])], check };

/// Units as people write them, and in UCUM.
const UCUM: &[(&str, &str)] = &[
    ("%", "%"),
    ("/min", "/min"),
    ("10*12/l", "10*12/L"),
    ("10*9/l", "10*9/L"),
    ("10^12/l", "10*12/L"),
    ("10^9/l", "10*9/L"),
    ("beats/min", "/min"),
    ("bpm", "/min"),
    ("breaths/min", "/min"),
    ("cel", "Cel"),
    ("celsius", "Cel"),
    ("cm", "cm"),
    ("degree celsius", "Cel"),
    ("degrees c", "Cel"),
    ("fl", "fL"),
    ("g/dl", "g/dL"),
    ("g/l", "g/L"),
    ("iu/l", "[iU]/L"),
    ("kg", "kg"),
    ("kg/m2", "kg/m2"),
    ("m", "m"),
    ("mg", "mg"),
    ("mg/l", "mg/L"),
    ("ml", "mL"),
    ("mm/h", "mm/h"),
    ("mm[hg]", "mm[Hg]"),
    ("mmhg", "mm[Hg]"),
    ("mmol/l", "mmol/L"),
    ("mmol/mol", "mmol/mol"),
    ("pg", "pg"),
    ("u/l", "U/L"),
    ("umol/l", "umol/L"),
];

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let own = at.all("value");
    let parts = at.all("component").flat_map(|c| c.all("value"));
    for quantity in own.chain(parts).filter(|v| v.type_id() == names::T_QUANTITY) {
        let unit = quantity.text(names::UNIT).unwrap_or("").trim();
        if unit.is_empty() || quantity.child(names::CODE).is_some() {
            continue;
        }
        let says = match UCUM.binary_search_by(|(words, _)| words.cmp(&&*unit.to_lowercase())).map(|i| UCUM[i].1) {
            Ok(code) => format!("the unit has no code; in UCUM it is {code}"),
            Err(_) => "the unit has no code".to_owned(),
        };
        out.say(&META, quantity, says);
    }
}

#[cfg(test)]
mod tests {
    use super::UCUM;

    #[test]
    fn units_can_be_searched() {
        assert!(UCUM.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(UCUM.iter().all(|(words, _)| *words == words.to_lowercase()));
    }
}
