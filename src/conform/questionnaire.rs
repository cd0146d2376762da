//! Answers against the Questionnaire that they answer, where the message holds it.

use std::collections::HashMap;

use super::checker::Checker;
use crate::finding::{Example, Meta, Severity};
use crate::pack::model::Release;
use crate::tree::{Element, names};

/// Answers as the Questionnaire asks.
pub static ANSWER: Meta = Meta {
    id: "HM0162",
    name: "answer-not-of-questionnaire",
    title: "an answer is not one that the questionnaire asks for",
    issue: "business-rule",
    basis: "FHIR, QuestionnaireResponse: items, answers and their types as the Questionnaire defines them",
    criterion: "INT-1",
    why: "Receivers read answers by linkId and type: this one is lost or taken for another.",
    remedy: "Send linkIds, types and options as the questionnaire has them, and an answer for each question that requires one.",
    examples: &[
        Example::bad(
            "text where yes or no is asked",
            r##"{"resourceType": "QuestionnaireResponse", "contained": [{"resourceType": "Questionnaire", "id": "q", "status": "active", "item": [{"linkId": "1", "text": "Smoker?", "type": "boolean"}]}], "questionnaire": "#q", "status": "completed", "item": [{"linkId": "1", "answer": [«{"valueString": "yes"}»]}]}"##,
        )
        .r4(),
        Example::bad(
            "an item that the questionnaire does not have",
            r##"{"resourceType": "QuestionnaireResponse", "contained": [{"resourceType": "Questionnaire", "id": "q", "status": "active", "item": [{"linkId": "1", "text": "Smoker?", "type": "boolean"}]}], "questionnaire": {"reference": "#q"}, "status": "completed", "item": [{"linkId": "«2»", "answer": [{"valueBoolean": true}]}]}"##,
        ),
        Example::bad(
            "an answer whose condition is not met",
            r##"{"resourceType": "QuestionnaireResponse", "contained": [{"resourceType": "Questionnaire", "id": "q", "status": "active", "item": [{"linkId": "1", "text": "Smoker?", "type": "boolean"}, {"linkId": "2", "text": "Which?", "type": "string", "enableWhen": [{"question": "1", "operator": "=", "answerBoolean": true}]}]}], "questionnaire": "#q", "status": "completed", "item": [{"linkId": "1", "answer": [{"valueBoolean": false}]}, «{"linkId": "2", "answer": [{"valueString": "pipe"}]}»]}"##,
        )
        .r4(),
        Example::bad(
            "a longer text than allowed",
            r##"{"resourceType": "QuestionnaireResponse", "contained": [{"resourceType": "Questionnaire", "id": "q", "status": "active", "item": [{"linkId": "1", "text": "Initials", "type": "string", "maxLength": 3}]}], "questionnaire": "#q", "status": "completed", "item": [{"linkId": "1", "answer": [«{"valueString": "abcd"}»]}]}"##,
        )
        .r4(),
        Example::bad(
            "items out of order",
            r##"{"resourceType": "QuestionnaireResponse", "contained": [{"resourceType": "Questionnaire", "id": "q", "status": "active", "item": [{"linkId": "1", "text": "Smoker?", "type": "boolean"}, {"linkId": "2", "text": "Which?", "type": "string"}]}], "questionnaire": "#q", "status": "completed", "item": [{"linkId": "2", "answer": [{"valueString": "pipe"}]}, {"linkId": "«1»", "answer": [{"valueBoolean": true}]}]}"##,
        )
        .r4(),
        Example::good(
            "as asked",
            r##"{"resourceType": "QuestionnaireResponse", "contained": [{"resourceType": "Questionnaire", "id": "q", "status": "active", "item": [{"linkId": "1", "text": "Smoker?", "type": "boolean"}]}], "questionnaire": "#q", "status": "completed", "item": [{"linkId": "1", "answer": [{"valueBoolean": true}]}]}"##,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// What a response is held against. Items of a Questionnaire are nested no deeper than messages may be.
struct Form<'t, 'a> {
    /// Items of the Questionnaire by linkId.
    items: HashMap<&'t str, Element<'t>>,
    /// Items of the response by linkId.
    answers: HashMap<&'t str, Vec<Element<'t>>>,
    /// `QuestionnaireResponse.status`.
    status: &'a str,
}

impl<'t> Checker<'_, 't> {
    /// One QuestionnaireResponse. A Questionnaire that is not at hand is not assessed.
    pub(super) fn questionnaire_response(&mut self, at: Element<'t>) {
        let Some(named) = at.get("questionnaire") else { return };
        let Some(text) = named.value().or_else(|| named.text(names::REFERENCE)) else { return };
        let resolved = self.message.resolve(named, text).target().or_else(|| {
            let id = text.strip_prefix('#')?;
            at.all("contained").find(|c| c.text(names::ID) == Some(id))
        });
        let form = resolved.or_else(|| self.of_canonical(text));
        let Some(form) = form.filter(|q| names::text(q.type_id()) == "Questionnaire") else {
            self.skip("questionnaire", crate::text::sanitise::url(text));
            return;
        };
        let status = at.text(names::STATUS).unwrap_or_default();
        let mut held = Form { items: HashMap::new(), answers: HashMap::new(), status };
        collect(form, &mut held.items);
        answered(at, &mut held.answers);
        self.response_items(at, form, &held);
        self.required_items(at, form, &held);
    }

    /// The Questionnaire of this URL among the entries of the message.
    fn of_canonical(&self, canonical: &str) -> Option<Element<'t>> {
        let bare = canonical.split('|').next().unwrap_or(canonical);
        let all = self.message.resources.iter().map(|node| Element::new(self.message.tree, *node));
        all.filter(|r| names::text(r.type_id()) == "Questionnaire").find(|q| q.text(names::URL) == Some(bare))
    }

    /// Items of a response, or below an answer, against those of the form at the same place.
    fn response_items(&mut self, at: Element<'t>, form: Element<'t>, held: &Form<'t, '_>) {
        let mut counts: HashMap<&'t str, u32> = HashMap::new();
        let (mut last, mut disordered) = (0, false);
        for item in at.all("item") {
            let Some(link) = item.get("linkId") else { continue };
            let Some(id) = link.value() else { continue };
            let Some(&asked) = held.items.get(id) else {
                self.answer(link, "the questionnaire has no item of this linkId");
                continue;
            };
            if asked.parent() != Some(form) {
                self.answer(link, "the questionnaire has this item at another place");
                continue;
            }
            let count = counts.entry(id).or_default();
            *count += 1;
            let repeats = asked.get("repeats").and_then(Element::value) == Some("true");
            if *count == 2 && !repeats {
                self.answer(item, "the questionnaire has this item once");
            }
            // Nodes are numbered in the order of the text.
            if asked.id() < last && !disordered {
                disordered = true;
                self.answer(link, "items stand in the order of the questionnaire");
            }
            last = last.max(asked.id());
            self.one_item(item, asked, held);
        }
    }

    fn one_item(&mut self, item: Element<'t>, asked: Element<'t>, held: &Form<'t, '_>) {
        if item.all("answer").next().is_some() && enabled(asked, &held.answers) == Some(false) {
            self.answer(item, "the questionnaire asks this only where its condition is met, and it is not");
        }
        let ty = asked.get("type").and_then(Element::value).unwrap_or_default();
        if matches!(ty, "group" | "display") {
            if let Some(answer) = item.all("answer").next() {
                self.answer(answer, "the item is not a question, so it has no answer");
            }
        } else {
            let repeats = asked.get("repeats").and_then(Element::value) == Some("true");
            if let Some(second) = item.all("answer").nth(1).filter(|_| !repeats) {
                self.answer(second, "the question takes one answer");
            }
            for answer in item.all("answer") {
                self.one_answer(answer, asked, ty);
                self.response_items(answer, asked, held);
            }
        }
        self.response_items(item, asked, held);
    }

    fn one_answer(&mut self, answer: Element<'t>, asked: Element<'t>, ty: &str) {
        let Some(value) = answer.child(names::VALUE) else { return };
        let given = names::text(value.type_id());
        let wanted: &[&str] = match ty {
            "boolean" => &["boolean"],
            "decimal" => &["decimal"],
            "integer" => &["integer"],
            "date" => &["date"],
            "dateTime" => &["dateTime"],
            "time" => &["time"],
            "string" | "text" => &["string"],
            "url" => &["uri"],
            "attachment" => &["Attachment"],
            "reference" => &["Reference"],
            "quantity" => &["Quantity"],
            "choice" if self.release() == Release::R4 => &["Coding", "date", "time", "integer", "string", "Reference"],
            "choice" => &["Coding", "date", "time", "integer", "string"],
            "open-choice" => &["Coding", "date", "time", "integer", "string", "Reference"],
            _ => return,
        };
        if !wanted.contains(&given) {
            self.answer(
                answer,
                format!("the questionnaire asks for {}, and the answer is of another type", wanted.join(" or ")),
            );
            return;
        }
        let longest = asked.get("maxLength").and_then(Element::value).and_then(|n| n.parse::<usize>().ok());
        if let (Some(longest), Some(text)) = (longest, value.value())
            && text.chars().nth(longest).is_some()
        {
            self.answer(
                answer,
                format!("the answer is longer than the {longest} characters that the questionnaire allows"),
            );
        }
        // The options that stand in the form itself; a text may be given beside them only where the choice is open.
        let options: Vec<Element<'t>> = ["option", "answerOption"].iter().flat_map(|name| asked.all(name)).collect();
        if options.is_empty() || (ty == "open-choice" && given == "string") || !matches!(ty, "choice" | "open-choice") {
            return;
        }
        let fits = options.iter().filter_map(|o| o.child(names::VALUE)).any(|option| same(option, value));
        if !fits {
            self.answer(answer, "the answer is not one of the options that the questionnaire lists");
        }
    }

    /// Questions that require an answer, in a response that says it is complete.
    fn required_items(&mut self, at: Element<'t>, form: Element<'t>, held: &Form<'t, '_>) {
        if !matches!(held.status, "completed" | "amended") {
            return;
        }
        for asked in form.all("item") {
            if enabled(asked, &held.answers) != Some(true) {
                continue;
            }
            let id = asked.get("linkId").and_then(Element::value).unwrap_or_default();
            let ty = asked.get("type").and_then(Element::value).unwrap_or_default();
            let required = asked.get("required").and_then(Element::value) == Some("true");
            let there = held.answers.get(id);
            let missing =
                there.is_none_or(|all| ty != "group" && all.iter().all(|item| item.all("answer").next().is_none()));
            if required && ty != "display" && missing {
                self.answer(at, "a question that requires an answer has none");
                return;
            }
            if there.is_some() || ty == "group" {
                self.required_items(at, asked, held);
            }
        }
    }

    fn answer(&mut self, at: Element<'t>, says: impl Into<String>) {
        let mut draft = self.plain(&ANSWER, at, if at.is_resource() { at.span() } else { at.mark() }, says);
        draft.severity = Severity::Error;
        self.emit(draft);
    }
}

/// Items of a form by linkId, those below them too.
fn collect<'t>(at: Element<'t>, items: &mut HashMap<&'t str, Element<'t>>) {
    for item in at.all("item") {
        if let Some(id) = item.get("linkId").and_then(Element::value) {
            items.entry(id).or_insert(item);
        }
        collect(item, items);
    }
}

/// Items of a response by linkId, those below them and below their answers too.
fn answered<'t>(at: Element<'t>, answers: &mut HashMap<&'t str, Vec<Element<'t>>>) {
    for item in at.all("item") {
        if let Some(id) = item.get("linkId").and_then(Element::value) {
            answers.entry(id).or_default().push(item);
        }
        answered(item, answers);
        item.all("answer").for_each(|answer| answered(answer, answers));
    }
}

/// Whether an item is asked at all: without conditions it is; with them, where one holds (all, for `enableBehavior` all).
/// `None` where a condition compares by size, which is not decided here.
fn enabled(asked: Element<'_>, answers: &HashMap<&str, Vec<Element<'_>>>) -> Option<bool> {
    let holds = |condition: Element<'_>| {
        let question = condition.get("question").and_then(Element::value).unwrap_or_default();
        let given = || answers.get(question).into_iter().flatten().flat_map(|item| item.all("answer"));
        let any = given().next().is_some();
        let wanted = condition.get("answer");
        let operator = condition.get("operator").and_then(Element::value);
        match (operator, condition.get("hasAnswer").and_then(Element::value), wanted) {
            (Some("exists"), _, Some(wanted)) => Some((wanted.value() == Some("true")) == any),
            (None, Some(has), _) => Some((has == "true") == any),
            (None | Some("="), _, Some(wanted)) => {
                Some(given().filter_map(|a| a.child(names::VALUE)).any(|value| same(wanted, value)))
            }
            (Some("!="), ..) => None,
            _ => (!any).then_some(false),
        }
    };
    let all = asked.get("enableBehavior").and_then(Element::value) == Some("all");
    let mut conditions = asked.all("enableWhen").map(holds).peekable();
    if conditions.peek().is_none() {
        return Some(true);
    }
    let (mut settled, mut open) = (false, false);
    for condition in conditions {
        // One that holds settles "any", one that does not settles "all".
        settled |= condition == Some(!all);
        open |= condition.is_none();
    }
    match (settled, open) {
        (true, _) => Some(!all),
        (false, true) => None,
        (false, false) => Some(all),
    }
}

/// Whether two values are the same answer: of Codings the code, and the system where both name one.
fn same(option: Element<'_>, value: Element<'_>) -> bool {
    if option.type_id() == names::T_CODING && value.type_id() == names::T_CODING {
        let systems = (option.text(names::SYSTEM), value.text(names::SYSTEM));
        return option.text(names::CODE) == value.text(names::CODE) && (systems.0 == systems.1 || systems.0.is_none());
    }
    match (option.text(names::REFERENCE), value.text(names::REFERENCE)) {
        (None, None) => option.value().is_some() && option.value() == value.value(),
        (a, b) => a == b,
    }
}
