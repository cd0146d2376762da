//! Messages of a partner's feed name that partner as their sender.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0827",
    name: "sender-not-partner",
    title: "a message names another sender than the partner whose feed it is in",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    basis: "FHIR, MessageHeader.sender and Composition.custodian; ODS codes of DCB0090",
    criterion: "NAT-6",
    why: "Counts go to the wrong organisation, and what one partner must mend is asked of another.",
    remedy: "Check which organisation sends through this interface; give its code with --partner, or mend the message.",
    examples: &[
        Example::bad(
            "the header names another organisation",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0a5e7c1e-0000-4000-8000-000000000001", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://a.test/e", "code": "x"}, "timestamp": "2026-01-01T00:00:00Z", "sender": {"reference": "urn:uuid:0a5e7c1e-0000-4000-8000-000000000002"}, "source": {"endpoint": "https://a.test"}}}, {"fullUrl": "urn:uuid:0a5e7c1e-0000-4000-8000-000000000002", "resource": {"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "«RR8»"}]}}]}"#,
        ),
        Example::bad(
            "the custodian of a document is another organisation",
            r#"{"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "date": "2026-01-01", "author": [{"display": "x"}], "title": "x", "custodian": {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "«RR8»"}}}"#,
        )
        .r4(),
        Example::good(
            "a site of the partner",
            r#"{"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "date": "2026-01-01", "author": [{"display": "x"}], "title": "x", "custodian": {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-site-code", "value": "X2601"}}}"#,
        )
        .r4(),
        Example::good(
            "no sender is named",
            r#"{"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "date": "2026-01-01", "author": [{"display": "x"}], "title": "x"}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// Messages name the partner whose feed they are in.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Message], check };

fn check(scene: &Scene<'_, '_>, _: Element<'_>, out: &mut Sink) {
    if scene.partner.is_empty() {
        return;
    }
    // A site's code begins with that of its organisation.
    let sender = scene.message.sender().filter(|s| !s.code.starts_with(scene.partner));
    if let Some(sender) = sender {
        out.say(&META, sender.at, "the sender that the message names is not the partner whose feed it is in");
    }
}
