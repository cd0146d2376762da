//! Walks a message beside its compiled plans and offers one mutation after the other.

use std::sync::Arc;

use hallmark::pack::model::Release;
use hallmark::plan::{Node, Plan, Plans, Strength};
use hallmark::tree::names;
use serde_json::{Map, Value, json};

/// One change to a message, and what must be said of it.
pub struct Mutation {
    /// What kind of fault it is.
    pub kind: &'static str,
    /// Where by definition: a path without indices.
    pub definition: String,
    /// Path of the element concerned.
    pub path: String,
    /// Rules of which one must speak, there, at its parent or below it.
    pub expected: &'static [&'static str],
    /// JSON pointer of the element concerned.
    pointer: String,
    change: Change,
}

enum Change {
    /// Another value.
    Set(Value),
    /// Members of the object that go.
    Drop(Vec<String>),
    /// A member more.
    Add(String, Value),
    /// A member that stands twice.
    Twice(String),
}

/// Stands in for a member name that is given twice.
const AGAIN: &str = "hallmark-test-again";

impl Mutation {
    /// The message with the change made.
    pub fn apply(&self, message: &Value) -> Option<String> {
        let mut whole = message.clone();
        let at = whole.pointer_mut(&self.pointer)?;
        match &self.change {
            Change::Set(value) => *at = value.clone(),
            Change::Drop(members) => at.as_object_mut()?.retain(|name, _| !members.contains(name)),
            Change::Add(name, value) => drop(at.as_object_mut()?.insert(name.clone(), value.clone())),
            Change::Twice(name) => {
                let members = at.as_object_mut()?;
                let value = members.get(name)?.clone();
                members.insert(AGAIN.to_owned(), value);
                return Some(whole.to_string().replace(AGAIN, name));
            }
        }
        Some(whole.to_string())
    }
}

/// Where the walk is.
#[derive(Clone)]
struct At {
    pointer: String,
    path: String,
    definition: String,
}

impl At {
    fn member(&self, name: &str, step: &str) -> Self {
        Self {
            pointer: format!("{}/{name}", self.pointer),
            path: format!("{}.{step}", self.path),
            definition: format!("{}.{name}", self.definition),
        }
    }
}

/// Offers mutations.
pub struct Walk<'w> {
    plans: &'w Plans,
    release: Release,
    /// In order of the message.
    pub found: Vec<Mutation>,
}

/// Every mutation of a message.
pub fn mutations(message: &Value, plans: &Plans, release: Release) -> Vec<Mutation> {
    let mut walk = Walk { plans, release, found: Vec::new() };
    let ty = message["resourceType"].as_str().unwrap_or_default();
    let at = At { pointer: String::new(), path: ty.to_owned(), definition: ty.to_owned() };
    walk.resource(message, &at);
    walk.found
}

impl Walk<'_> {
    fn offer(&mut self, kind: &'static str, at: &At, expected: &'static [&'static str], change: Change) {
        let At { pointer, path, definition } = at.clone();
        self.found.push(Mutation { kind, definition, path, expected, pointer, change });
    }

    fn set(&mut self, kind: &'static str, at: &At, expected: &'static [&'static str], value: Value) {
        self.offer(kind, at, expected, Change::Set(value));
    }

    fn resource(&mut self, value: &Value, at: &At) {
        let Some(members) = value.as_object() else { return };
        let ty = value["resourceType"].as_str().unwrap_or_default();
        let Some(plan) = self.plans.of_resource(self.release, names::intern(ty)) else { return };
        let at = At { definition: ty.to_owned(), ..at.clone() };
        // A type that nobody knows stands in the path itself.
        let (before, _) = at.path.rsplit_once(".ofType(").unwrap_or_default();
        let unknown = At { path: before.to_owned(), ..at.clone() };
        self.offer(
            "resource type",
            &unknown,
            &["HM0004", "HM0101"],
            Change::Add("resourceType".to_owned(), json!("Pacient")),
        );
        self.offer(
            "profile that nobody holds",
            &at,
            &["HM0134"],
            Change::Add("meta".to_owned(), json!({"profile": ["http://example.org/none"]})),
        );
        if members.contains_key("id") {
            let id = at.member("id", "id");
            self.set("resource id", &id, &["HM0136", "HM0111"], json!("a b!"));
        }
        self.offer(
            "contained without a reference",
            &at,
            &["HM0132", "HM0141", "HM0101"],
            Change::Add("contained".to_owned(), json!([{"resourceType": "Basic", "id": "zz", "code": {"text": "a"}}])),
        );
        let claimed = value["meta"]["profile"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let profiles: Vec<Arc<Plan>> = claimed.filter_map(|url| self.plans.of(self.release, url)).collect();
        let beside: Vec<(&Plan, u32)> = profiles.iter().filter(|p| p.constraint).map(|p| (&**p, 0)).collect();
        self.object(members, &at, &plan, 0, &beside);
    }

    /// An object, the base node it is of, and the nodes of profiles beside it.
    fn object(&mut self, members: &Map<String, Value>, at: &At, plan: &Plan, node: u32, beside: &[(&Plan, u32)]) {
        self.offer("unknown member", at, &["HM0101", "HM0107"], Change::Add("zzUnknown".to_owned(), json!("x")));
        for group in plan.children(node) {
            let own =
                |name: &&String| plan.written(node, names::intern(name)).is_some_and(|(g, _)| g.node == group.node);
            let mut written: Vec<String> = members.keys().filter(own).cloned().collect();
            if written.is_empty() {
                continue;
            }
            written.extend(written.clone().iter().map(|name| format!("_{name}")));
            let definition = &plan.nodes[group.node as usize];
            if definition.min > 0 {
                self.offer("mandatory element", at, &["HM0105", "HM0141", "HM0127"], Change::Drop(written.clone()));
            }
            for (profile, inner) in beside {
                let Some(asked) = profile.group(*inner, group.name) else { continue };
                let asked_node = &profile.nodes[asked.node as usize];
                let slice = asked.slices.iter().any(|s| profile.nodes[*s as usize].min > 0);
                if slice {
                    self.offer("mandatory slice", at, &["HM0121", "HM0105"], Change::Drop(written.clone()));
                } else if asked_node.min > 0 && definition.min == 0 && group.name != names::PROFILE {
                    self.offer(
                        "mandatory in the profile",
                        at,
                        &["HM0105", "HM0121", "HM0141"],
                        Change::Drop(written.clone()),
                    );
                }
            }
        }
        for (name, value) in members {
            let Some((group, ty)) = plan.written(node, names::intern(name)) else { continue };
            let inner = &plan.nodes[group.node as usize];
            let beside: Vec<(&Plan, u32)> =
                beside.iter().filter_map(|(p, n)| p.group(*n, group.name).map(|g| (*p, g.node))).collect();
            self.offer("member twice", at, &["HM0006"], Change::Twice(name.clone()));
            self.member((name, value), at, plan, group.node, inner.types.get(usize::from(ty)), &beside);
        }
    }

    fn member(
        &mut self,
        (name, value): (&str, &Value),
        at: &At,
        plan: &Plan,
        node: u32,
        ty: Option<&hallmark::plan::TypePlan>,
        beside: &[(&Plan, u32)],
    ) {
        let definition = &plan.nodes[node as usize];
        let code = ty.map(|t| names::text(t.code)).unwrap_or("BackboneElement");
        let mut step = names::text(definition.name).to_owned();
        let choice = if definition.choice { format!(".ofType({code})") } else { String::new() };
        let whole = at.member(name, &step);
        for (kind, empty) in [("null", Value::Null), ("empty array", json!([])), ("empty object", json!({}))] {
            if *value != empty {
                self.set(kind, &whole, &["HM0007", "HM0103", "HM0104", "HM0111", "HM0139"], empty);
            }
        }
        let array = value.as_array();
        if definition.repeats {
            if let Some(first) = array.and_then(|items| items.first()) {
                self.set("no array", &whole, &["HM0103"], first.clone());
            }
            for (profile, inner) in beside {
                let asked = &profile.nodes[*inner as usize];
                let sliced = profile.groups.iter().any(|g| g.node == *inner && !g.slices.is_empty());
                if asked.max < 9
                    && !sliced
                    && let Some(item) = array.and_then(|items| items.last())
                {
                    let many = vec![item.clone(); asked.max as usize + 1];
                    self.set("more than the profile allows", &whole, &["HM0106", "HM0122"], many.into());
                }
            }
        } else {
            self.set("array", &whole, &["HM0103", "HM0106"], json!([value]));
            self.set("two of one", &whole, &["HM0103", "HM0106"], json!([value, value]));
        }
        for (number, item) in array.map_or(std::slice::from_ref(value), Vec::as_slice).iter().enumerate() {
            if definition.repeats {
                step = format!("{}[{number}]", names::text(definition.name));
            }
            let mut inside = at.member(name, &format!("{step}{choice}"));
            if array.is_some() {
                inside.pointer = format!("{}/{number}", inside.pointer);
            }
            if item.get("resourceType").is_some() {
                if name != "contained" {
                    let ty = item["resourceType"].as_str().unwrap_or_default();
                    inside.path = format!("{}.ofType({ty})", inside.path);
                }
                self.resource(item, &inside);
                continue;
            }
            self.bound(item, &inside, definition, code, beside);
            match item {
                Value::Object(members) => {
                    self.set("text for an object", &inside, &["HM0104", "HM0107", "HM0103"], json!("x"));
                    self.complex(members, &inside, code, ty);
                    if plan.has_children(node) {
                        self.object(members, &inside, plan, node, beside);
                    } else if let Some(of) = ty.and_then(|t| self.plans.behind(self.release, t)) {
                        self.object(members, &inside, &Arc::clone(of), 0, beside);
                    }
                }
                Value::Null | Value::Array(_) => {}
                _ => self.primitive(item, &inside, code),
            }
        }
    }

    /// Codes and fixed values.
    fn bound(&mut self, item: &Value, at: &At, definition: &Node, code: &str, beside: &[(&Plan, u32)]) {
        let asked: Vec<&Node> = beside.iter().map(|(p, n)| &p.nodes[*n as usize]).collect();
        let required = std::iter::once(&definition).chain(asked.iter()).any(|node| {
            node.binding.as_ref().is_some_and(|b| b.strength == Strength::Required && !b.value_set.is_empty())
        });
        if required {
            let strange = json!({"system": "http://example.org/none", "code": "zz-none"});
            let wrong = match code {
                "code" | "string" | "uri" if item.is_string() => json!("zz-none"),
                "Coding" => strange,
                "CodeableConcept" if item.get("coding").is_some() => json!({"coding": [strange]}),
                _ => Value::Null,
            };
            if !wrong.is_null() {
                self.set(
                    "code outside a required value set",
                    at,
                    &["HM0115", "HM0109", "HM0110", "HM0120", "HM0121", "HM0124", "HM0111"],
                    wrong,
                );
            }
        }
        if asked.iter().any(|node| node.fixed.is_some() || node.pattern.is_some()) && item.is_string() {
            let other = json!(format!("{}x", item.as_str().unwrap_or_default()));
            self.set("fixed value", at, &["HM0109", "HM0110", "HM0120", "HM0121", "HM0115", "HM0134", "HM0125"], other);
        }
    }

    /// What types ask of their parts.
    fn complex(&mut self, members: &Map<String, Value>, at: &At, code: &str, ty: Option<&hallmark::plan::TypePlan>) {
        let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let has = |name: &str| members.contains_key(name);
        match code {
            "Reference" if has("reference") => {
                let reference = at.member("reference", "reference");
                self.set(
                    "reference to nothing contained",
                    &reference,
                    &["HM0128", "HM0141", "HM0130"],
                    json!("#zz-none"),
                );
                self.set(
                    "reference of no form",
                    &reference,
                    &["HM0130", "HM0128", "HM0148", "HM0111"],
                    json!("no reference"),
                );
                let targets = ty.map_or(&[][..], |t| &t.targets);
                if !targets.is_empty()
                    && !targets.iter().any(|t| t.ends_with("/Resource") || t.ends_with("/StructureMap"))
                {
                    self.set("reference to a wrong type", &reference, &["HM0129"], json!("StructureMap/1"));
                }
            }
            "Extension" => {
                // One that is unknown already is said already.
                if self.plans.of(self.release, &text("url")).is_some() {
                    let none = json!("http://hl7.org/fhir/StructureDefinition/zz-nobody-made-this");
                    let url = at.member("url", "url");
                    self.set("extension that nobody defines", &url, &["HM0125", "HM0120", "HM0121", "HM0109"], none);
                }
                if members.keys().any(|name| name.starts_with("value")) {
                    self.offer(
                        "extension with value and extensions",
                        at,
                        &["HM0141", "HM0127", "HM0106"],
                        Change::Add(
                            "extension".to_owned(),
                            json!([{"url": "http://example.org/a", "valueString": "x"}]),
                        ),
                    );
                }
            }
            "Identifier" if text("system").ends_with("/nhs-number") && text("value").len() == 10 => {
                let value = text("value");
                let last = value.chars().last().and_then(|c| c.to_digit(10)).unwrap_or(0);
                let other = format!("{}{}", &value[..9], (last + 1) % 10);
                self.set("check digit", &at.member("value", "value"), &["HM0200", "HM0201", "HM0202"], json!(other));
                self.set(
                    "digits of a number",
                    &at.member("value", "value"),
                    &["HM0200", "HM0201", "HM0202", "HM0111"],
                    json!("999000001"),
                );
            }
            "Identifier" if has("system") => {
                self.set(
                    "identifier system",
                    &at.member("system", "system"),
                    &["HM0138", "HM0130", "HM0111", "HM0120", "HM0121"],
                    json!("no system"),
                );
            }
            "Coding" if has("system") && has("code") => {
                self.set(
                    "coding system",
                    &at.member("system", "system"),
                    &["HM0119", "HM0115", "HM0116", "HM0111"],
                    json!("no-system"),
                );
                if text("system").starts_with("http://hl7.org/fhir/") && !text("system").contains("/sid/") {
                    // What counts here is the system, wherever its codes stand.
                    let system = At { definition: text("system"), ..at.clone() };
                    let code = At { definition: text("system"), ..at.member("code", "code") };
                    self.set(
                        "code unknown to its system",
                        &code,
                        &["HM0117", "HM0115", "HM0116", "HM0109", "HM0110"],
                        json!("zz-none"),
                    );
                    let display = Change::Add("display".to_owned(), json!("zz none"));
                    self.offer("display of another code", &system, &["HM0118"], display);
                } else if text("system") == "http://snomed.info/sct" {
                    self.set(
                        "check digit of a SNOMED CT code",
                        &at.member("code", "code"),
                        &["HM0301"],
                        json!("195967002"),
                    );
                }
            }
            "Period" => {
                let order = json!({"start": "2020-01-02", "end": "2020-01-01"});
                self.set("period that ends before it starts", at, &["HM0141"], order);
            }
            "Narrative" => {
                self.set("narrative markup", &at.member("div", "div"), &["HM0139", "HM0111"], json!("<p>x"));
            }
            "Quantity" if has("code") && has("system") => {
                self.offer(
                    "unit code without a system",
                    at,
                    &["HM0141", "HM0105"],
                    Change::Drop(vec!["system".to_owned()]),
                );
            }
            _ => {}
        }
    }

    /// Values that no element of the type takes.
    fn primitive(&mut self, item: &Value, at: &At, code: &str) {
        const FORM: &[&str] =
            &["HM0111", "HM0104", "HM0007", "HM0139", "HM0147", "HM0136", "HM0130", "HM0119", "HM0138", "HM0115"];
        let wrong: &[Value] = &match code {
            "date" => vec![json!("2026-02-30"), json!("01/02/2026"), json!("2026-13")],
            "dateTime" => vec![json!("2026-02-30"), json!("2026-01-01T25:00:00Z"), json!("2026-01-01T10:00:00")],
            "instant" => vec![json!("2026-01-01"), json!("2026-01-01T10:00:00")],
            "time" => vec![json!("25:00:00"), json!("10:00")],
            "boolean" => vec![json!("true"), json!("maybe"), json!(1)],
            "integer" => vec![json!(1.5), json!("1"), json!(99_999_999_999_u64)],
            "positiveInt" => vec![json!(0), json!(-1), json!("1")],
            "unsignedInt" => vec![json!(-1), json!("1")],
            "decimal" => vec![json!("1.0"), json!(true)],
            "code" => vec![json!(" a"), json!("a  b"), json!(1)],
            "id" => vec![json!("a b"), json!("x".repeat(65))],
            "uri" | "url" | "canonical" => vec![json!("a b"), json!(1)],
            "oid" => vec![json!("urn:oid:9.1"), json!("1.2")],
            "base64Binary" => vec![json!("*"), json!("abc")],
            "string" | "markdown" => vec![json!(1), json!(""), json!(true)],
            _ => Vec::new(),
        };
        for value in wrong.iter().filter(|value| *value != item) {
            self.set("form of a primitive", at, FORM, value.clone());
        }
        if !wrong.is_empty() {
            self.set("object for a primitive", at, &["HM0104", "HM0107", "HM0101", "HM0103"], json!({"a": 1}));
        }
    }
}
