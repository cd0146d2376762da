//! A Questionnaire sent as a message: the conditions of its items ask items that it has.

use std::collections::HashSet;

use super::checker::Checker;
use crate::finding::{Dimension, Example, Meta};
use crate::tree::Element;

/// Conditions about items that are there.
pub static CONDITION: Meta = Meta {
    id: "HM0164",
    name: "condition-without-item",
    title: "a condition asks about an item that the questionnaire does not have",
    issue: "business-rule",
    dimension: Dimension::Consistency,
    basis: "FHIR, Questionnaire.item.enableWhen.question: the linkId of the item whose answer is tested",
    criterion: "INT-1",
    why: "The condition can never be met, so that the item is never asked.",
    remedy: "Name the linkId of an item of this questionnaire.",
    examples: &[
        Example::bad(
            "a linkId that no item has",
            r#"{"resourceType": "Questionnaire", "status": "active", "item": [{"linkId": "1", "text": "Smoker?", "type": "boolean"}, {"linkId": "2", "text": "Since when?", "type": "date", "enableWhen": [{"question": «"3"», "operator": "=", "answerBoolean": true}]}]}"#,
        )
        .r4(),
        Example::good(
            "the item before",
            r#"{"resourceType": "Questionnaire", "status": "active", "item": [{"linkId": "1", "text": "Smoker?", "type": "boolean"}, {"linkId": "2", "text": "Since when?", "type": "date", "enableWhen": [{"question": "1", "operator": "=", "answerBoolean": true}]}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// One Questionnaire.
    pub(super) fn questionnaire_form(&mut self, form: Element<'t>) {
        let mut links = HashSet::new();
        let mut items = Vec::new();
        collect(form, &mut links, &mut items);
        for item in items {
            for condition in item.all("enableWhen") {
                let Some(question) = condition.get("question") else { continue };
                if question.value().is_some_and(|id| !links.contains(id)) {
                    let draft = self.plain(&CONDITION, question, question.span(), "no item has this linkId");
                    self.emit(draft);
                }
            }
        }
    }
}

/// All items with the linkIds they have. Items are nested no deeper than messages may be.
fn collect<'t>(at: Element<'t>, links: &mut HashSet<&'t str>, items: &mut Vec<Element<'t>>) {
    for item in at.all("item") {
        links.extend(item.get("linkId").and_then(Element::value));
        items.push(item);
        collect(item, links, items);
    }
}
