//! StructureDefinition resources of STU3 and R4, read into one shape.

use super::datum_types::typed_member;
use super::model::{
    Binding, Constraint, Datum, ElementDef, ExtensionContext, Slicing, Structure, StructureKind, TypeRef, TypedDatum,
};
use crate::text::sanitise::line;

/// Where HL7's own definitions live.
pub const CORE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// A StructureDefinition as published: what it says, before its snapshot is made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definition {
    /// Header; its `elements` are the published snapshot, or empty.
    pub structure: Structure,
    /// `differential.element` in source order.
    pub differential: Vec<Change>,
}

/// One element of a differential: only what it states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// `id` as published, or empty.
    pub id: String,
    /// Path.
    pub path: String,
    /// Slice name, or empty.
    pub slice: String,
    /// `min`.
    pub min: Option<u32>,
    /// `max`; the inner `None` is `*`.
    pub max: Option<Option<u32>>,
    /// `base.path` and `base.max`.
    pub base: Option<(String, Option<u32>)>,
    /// `type`.
    pub types: Option<Vec<TypeRef>>,
    /// `contentReference`, or empty.
    pub content_reference: String,
    /// `fixed[x]`.
    pub fixed: Option<TypedDatum>,
    /// `pattern[x]`.
    pub pattern: Option<TypedDatum>,
    /// `minValue[x]`.
    pub min_value: Option<TypedDatum>,
    /// `maxValue[x]`.
    pub max_value: Option<TypedDatum>,
    /// `maxLength`.
    pub max_length: Option<u32>,
    /// `minLength` extension.
    pub min_length: Option<u32>,
    /// `regex` extension, or empty.
    pub regex: String,
    /// Controls: see [`CONTROLS`].
    pub controls: Vec<(String, String)>,
    /// `slicing`; `rules` may be empty.
    pub slicing: Option<Slicing>,
    /// `binding`; members may be empty.
    pub binding: Option<Binding>,
    /// `constraint`.
    pub constraints: Vec<Constraint>,
    /// `mustSupport`.
    pub must_support: Option<bool>,
    /// `isModifier`.
    pub is_modifier: Option<bool>,
    /// `isSummary`.
    pub is_summary: Option<bool>,
}

impl Change {
    /// The element when nothing lies beneath it.
    pub fn into_element(self) -> ElementDef {
        let max = self.max.unwrap_or(None);
        let (base_path, base_max) = self.base.unwrap_or_else(|| (self.path.clone(), max));
        ElementDef {
            id: self.id,
            path: self.path,
            slice: self.slice,
            min: self.min.unwrap_or(0),
            max,
            base_max,
            base_path,
            types: self.types.unwrap_or_default(),
            content_reference: self.content_reference,
            fixed: self.fixed,
            pattern: self.pattern,
            min_value: self.min_value,
            max_value: self.max_value,
            max_length: self.max_length,
            min_length: self.min_length,
            regex: self.regex,
            controls: self.controls,
            slicing: self.slicing,
            binding: self.binding,
            constraints: self.constraints,
            must_support: self.must_support.unwrap_or(false),
            is_modifier: self.is_modifier.unwrap_or(false),
            is_summary: self.is_summary.unwrap_or(false),
        }
    }
}

/// Reads a StructureDefinition. Never fails: what cannot be read becomes a fault of the structure.
pub fn read_definition(datum: &Datum) -> Definition {
    let text = |name: &str| datum.str(name).unwrap_or_default().to_owned();
    let mut faults = Vec::new();
    let url = text("url");
    let kind = match datum.str("kind") {
        Some("primitive-type") => Some(StructureKind::Primitive),
        Some("complex-type") => Some(StructureKind::Complex),
        Some("resource") => Some(StructureKind::Resource),
        Some("logical") => Some(StructureKind::Logical),
        _ => None,
    };
    let (contexts, context_invariants) = contexts(datum);
    let read = |part: &str, faults: &mut Vec<String>| -> Vec<Change> {
        let elements = datum.get(part).map(|part| part.items("element")).unwrap_or_default();
        elements.iter().filter_map(|element| read_element(element, &url, faults)).collect()
    };
    let differential = read("differential", &mut faults);
    let elements: Vec<ElementDef> = read("snapshot", &mut faults).into_iter().map(Change::into_element).collect();
    let root = elements.first().map(|e| &e.path).or(differential.first().map(|c| &c.path));
    let root = root.and_then(|path| path.split('.').next()).unwrap_or_default().to_owned();
    let mut ty = text("type");
    if ty.is_empty() {
        ty = root;
    }
    let structure = Structure {
        url,
        version: text("version"),
        name: text("name"),
        ty,
        kind,
        constraint: datum.str("derivation") == Some("constraint"),
        base: text("baseDefinition"),
        abstract_: datum.str("abstract") == Some("true"),
        status: text("status"),
        experimental: datum.str("experimental") == Some("true"),
        contexts,
        context_invariants,
        elements,
        faults,
    };
    Definition { structure, differential }
}

/// Extension contexts: R4 objects, or STU3 `contextType` with strings. Those for other versions of FHIR only are left out; where
/// none stays, the extension may stand nowhere.
fn contexts(datum: &Datum) -> (Vec<ExtensionContext>, Vec<String>) {
    let stu3 = datum.str("contextType");
    let version = datum.str("fhirVersion").unwrap_or_default();
    let meant = in_use(datum, version);
    let contexts = datum.items("context").iter().filter(|c| meant && in_use(c, version)).filter_map(|c| match c {
        Datum::Primitive(path) => Some(ExtensionContext {
            kind: if stu3 == Some("extension") { "extension" } else { "element" }.to_owned(),
            expression: if path == "*" { "Element".to_owned() } else { path.clone() },
        }),
        Datum::Object(_) => {
            Some(ExtensionContext { kind: c.str("type")?.to_owned(), expression: c.str("expression")?.to_owned() })
        }
        Datum::Array(_) => None,
    });
    let mut contexts: Vec<ExtensionContext> = contexts.collect();
    if contexts.is_empty() && !datum.items("context").is_empty() {
        contexts.push(ExtensionContext { kind: ExtensionContext::NOWHERE.to_owned(), expression: "none".to_owned() });
    }
    let invariants = datum.items("contextInvariant").iter().filter_map(Datum::text);
    (contexts, invariants.map(str::to_owned).collect())
}

/// Whether a part of a definition is for this version of FHIR (HL7 extensions, version-specific-use: both ends count).
fn in_use(part: &Datum, version: &str) -> bool {
    let limits = part.items("extension").iter().filter(|e| {
        e.str("url").is_some_and(|url| url == "http://hl7.org/fhir/StructureDefinition/version-specific-use")
    });
    let number = |text: &str| {
        let mut parts = text.split('.').map(|p| p.parse::<u32>().unwrap_or(0));
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    };
    let own = number(version);
    limits.flat_map(|limit| limit.items("extension")).all(|end| {
        let Some(value) = end.str("valueCode").or_else(|| end.str("valueString")) else { return true };
        match end.str("url") {
            Some("startFhirVersion") => own >= number(value),
            Some("endFhirVersion") => own <= number(value),
            _ => true,
        }
    })
}

/// Extensions of an ElementDefinition that ask something of the message, by the last segment of their URL.
pub const CONTROLS: &[(&str, &str)] = &[
    ("narrative-source-control", "narrative-source"),
    ("narrative-language-control", "narrative-language"),
    ("extension-ElementDefinition.mustHaveValue", "must-have-value"),
    ("extension-ElementDefinition.valueAlternatives", "value-alternative"),
];

fn read_controls(element: &Datum) -> Vec<(String, String)> {
    let named = element.items("extension").iter().filter_map(|ext| {
        let last = ext.str("url")?.rsplit('/').next()?;
        let (_, name) = CONTROLS.iter().find(|(url, _)| *url == last)?;
        let (_, value) = ext.members().iter().find(|(key, _)| key.starts_with("value"))?;
        Some(((*name).to_owned(), value.text()?.to_owned()))
    });
    let alternatives = element.items("valueAlternatives").iter().filter_map(Datum::text);
    let alternatives = alternatives.map(|url| ("value-alternative".to_owned(), url.to_owned()));
    let must = element.str("mustHaveValue").map(|value| ("must-have-value".to_owned(), value.to_owned()));
    named.chain(must).chain(alternatives).collect()
}

fn number(element: &Datum, name: &str, path: &str, faults: &mut Vec<String>) -> Option<u32> {
    let text = element.str(name)?;
    let parsed = text.parse().ok();
    if parsed.is_none() {
        faults.push(format!("{path}: {name} is not a whole number"));
    }
    parsed
}

fn maximum(element: &Datum, path: &str, faults: &mut Vec<String>) -> Option<Option<u32>> {
    if element.str("max")? == "*" { Some(None) } else { number(element, "max", path, faults).map(Some) }
}

fn flag(element: &Datum, name: &str) -> Option<bool> {
    element.str(name).map(|text| text == "true")
}

/// Value of the extension whose URL ends in `/name`.
fn extension<'a>(element: &'a Datum, name: &str) -> Option<&'a Datum> {
    let matches = |ext: &&Datum| ext.str("url").and_then(|url| url.rsplit('/').next()) == Some(name);
    let found = element.items("extension").iter().find(matches)?;
    found.members().iter().find(|(key, _)| key.starts_with("value")).map(|(_, value)| value)
}

/// Text of a canonical, a uri or a Reference.
fn link(value: &Datum) -> Option<&str> {
    value.text().or_else(|| value.str("reference"))
}

fn read_element(element: &Datum, url: &str, faults: &mut Vec<String>) -> Option<Change> {
    let Some(path) = element.str("path").filter(|path| !path.is_empty()).map(str::to_owned) else {
        faults.push("an element has no path".to_owned());
        return None;
    };
    let text = |name: &str| element.str(name).unwrap_or_default().to_owned();
    let base = element.get("base").and_then(|base| {
        let max = maximum(base, &path, faults)?;
        Some((base.str("path")?.to_owned(), max))
    });
    let types = element.items("type");
    let type_regex = types.iter().find_map(|ty| {
        extension(ty, "regex").or_else(|| ty.get("_code").and_then(|code| extension(code, "structuredefinition-regex")))
    });
    let regex = extension(element, "regex").or_else(|| extension(element, "structuredefinition-regex")).or(type_regex);
    Some(Change {
        id: text("id"),
        slice: text("sliceName"),
        min: number(element, "min", &path, faults),
        max: maximum(element, &path, faults),
        base,
        types: if types.is_empty() { None } else { Some(read_types(types, &path)) },
        content_reference: text("contentReference"),
        fixed: typed_member(element, "fixed"),
        pattern: typed_member(element, "pattern"),
        min_value: typed_member(element, "minValue"),
        max_value: typed_member(element, "maxValue"),
        max_length: number(element, "maxLength", &path, faults),
        min_length: extension(element, "minLength").and_then(Datum::text).and_then(|text| text.parse().ok()),
        regex: regex.and_then(Datum::text).unwrap_or_default().to_owned(),
        controls: read_controls(element),
        slicing: element.get("slicing").map(read_slicing),
        binding: element.get("binding").map(|binding| read_binding(binding, url)),
        constraints: element.items("constraint").iter().filter_map(|item| read_constraint(item, url)).collect(),
        must_support: flag(element, "mustSupport"),
        is_modifier: flag(element, "isModifier"),
        is_summary: flag(element, "isSummary"),
        path,
    })
}

/// Types; entries of one code are merged (STU3 repeats a code for each profile or target).
fn read_types(types: &[Datum], path: &str) -> Vec<TypeRef> {
    let mut out: Vec<TypeRef> = Vec::new();
    for ty in types {
        let all = |name: &str| ty.items(name).iter().filter_map(link).map(str::to_owned).collect::<Vec<_>>();
        let next = TypeRef {
            code: type_code(ty, path),
            profiles: read_profiles(ty),
            targets: all("targetProfile"),
            aggregation: all("aggregation"),
            versioning: ty.str("versioning").unwrap_or_default().to_owned(),
        };
        let Some(held) = out.iter_mut().find(|held| held.code == next.code) else {
            out.push(next);
            continue;
        };
        merge_links(&mut held.profiles, next.profiles);
        merge_links(&mut held.targets, next.targets);
        merge_links(&mut held.aggregation, next.aggregation);
    }
    out
}

/// Type profiles; one that means a single element of the profile carries its id as a fragment.
fn read_profiles(ty: &Datum) -> Vec<String> {
    let parts = ty.items("_profile");
    let one = |(i, profile): (usize, &Datum)| {
        let url = link(profile)?;
        let part = parts.get(i).and_then(|p| extension(p, "elementdefinition-profile-element")).and_then(Datum::text);
        Some(part.map_or_else(|| url.to_owned(), |part| format!("{url}#{part}")))
    };
    ty.items("profile").iter().enumerate().filter_map(one).collect()
}

fn merge_links(held: &mut Vec<String>, next: Vec<String>) {
    for item in next {
        if !held.contains(&item) {
            held.push(item);
        }
    }
}

/// A type's FHIR name: FHIRPath system types and STU3's nameless `value` types are given by extensions or by the path.
fn type_code(ty: &Datum, path: &str) -> String {
    let code = ty.str("code").unwrap_or_default();
    if !code.is_empty() && !code.starts_with("http://hl7.org/fhirpath/") {
        return code.strip_prefix(CORE).unwrap_or(code).to_owned();
    }
    let named = extension(ty, "structuredefinition-fhir-type").and_then(link);
    if let Some(named) = named {
        return named.to_owned();
    }
    // `date.value`: the primitive itself.
    if let Some(owner) = path.strip_suffix(".value").filter(|owner| !owner.contains('.')) {
        return owner.to_owned();
    }
    let json = ty.get("_code").and_then(|code| extension(code, "structuredefinition-json-type")).and_then(Datum::text);
    match (json, code.rsplit('.').next()) {
        (Some(json), _) => json.to_owned(),
        (None, Some("DateTime")) => "dateTime".to_owned(),
        (None, Some(system)) if !system.is_empty() => system.to_ascii_lowercase(),
        _ => String::new(),
    }
}

fn read_slicing(slicing: &Datum) -> Slicing {
    let discriminators = slicing.items("discriminator").iter().filter_map(|item| match item {
        // DSTU2 wrote only the path.
        Datum::Primitive(path) => Some(("value".to_owned(), path.clone())),
        _ => Some((item.str("type")?.to_owned(), item.str("path")?.to_owned())),
    });
    Slicing {
        discriminators: discriminators.collect(),
        rules: slicing.str("rules").unwrap_or_default().to_owned(),
        ordered: flag(slicing, "ordered").unwrap_or(false),
    }
}

fn read_binding(binding: &Datum, url: &str) -> Binding {
    let named = ["valueSet", "valueSetReference", "valueSetUri"];
    let value_set = named.iter().find_map(|name| binding.get(name)).and_then(link);
    let most = extension(binding, "elementdefinition-maxValueSet").and_then(link);
    // A contained value set is known by the canonical of what contains it.
    let whole = |link: Option<&str>| match link {
        Some(local) if local.starts_with('#') => format!("{url}{local}"),
        other => other.unwrap_or_default().to_owned(),
    };
    Binding {
        strength: binding.str("strength").unwrap_or_default().to_owned(),
        value_set: whole(value_set),
        max_value_set: whole(most),
    }
}

fn read_constraint(item: &Datum, url: &str) -> Option<Constraint> {
    let source = match item.str("source").filter(|source| !source.is_empty()) {
        Some(source) if source.contains(':') => source.to_owned(),
        // `Element`, `Patient.contact`: the type that brought it.
        Some(source) => format!("{CORE}{}", source.split('.').next().unwrap_or(source)),
        None => url.to_owned(),
    };
    Some(Constraint {
        key: item.str("key")?.to_owned(),
        error: item.str("severity") != Some("warning"),
        expression: item.str("expression").unwrap_or_default().to_owned(),
        source,
        best_practice: extension(item, "elementdefinition-bestpractice").and_then(Datum::text) == Some("true"),
        human: sentence(item.str("human").unwrap_or_default()),
    })
}

/// Longest text of a definition that is kept, in characters.
const SENTENCE: usize = 240;

/// Text of a definition as one line that fits into a finding.
fn sentence(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = text.char_indices().nth(SENTENCE).map(|(at, _)| at);
    let kept = line(&text[..cut.unwrap_or(text.len())]);
    if cut.is_some() { format!("{kept}\u{2026}") } else { kept.trim_end_matches('.').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::datum::parse_json;

    fn element(json: &str) -> Change {
        let datum = parse_json(json.as_bytes()).unwrap();
        read_element(&datum, "http://x/P", &mut Vec::new()).unwrap()
    }

    #[test]
    fn merges_the_repeated_types_of_stu3() {
        let change = element(
            r#"{"path":"A.b","type":[{"code":"Reference","targetProfile":"u:1"},{"code":"string"},{"code":"Reference","targetProfile":"u:2"}]}"#,
        );
        let types = change.types.unwrap();
        assert_eq!(types.len(), 2);
        assert_eq!(types[0].targets, ["u:1", "u:2"]);
        let open =
            element(r#"{"path":"A.b","type":[{"code":"Reference","targetProfile":"u:1"},{"code":"Reference"}]}"#);
        // As the reference validator reads it: the entry without a target adds nothing.
        assert_eq!(open.types.unwrap()[0].targets, ["u:1"]);
    }

    #[test]
    fn names_system_types() {
        let r4 = r#"{"path":"Element.id","type":[{"code":"http://hl7.org/fhirpath/System.String","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type","valueUrl":"string"}]}]}"#;
        assert_eq!(element(r4).types.unwrap()[0].code, "string");
        let bare = r#"{"path":"Element.id","type":[{"code":"http://hl7.org/fhirpath/System.DateTime"}]}"#;
        assert_eq!(element(bare).types.unwrap()[0].code, "dateTime");
        let stu3 = r#"{"path":"date.value","type":[{"_code":{"extension":[{"url":"x/structuredefinition-json-type","valueString":"string"}]}}]}"#;
        assert_eq!(element(stu3).types.unwrap()[0].code, "date");
    }

    #[test]
    fn reads_values_bindings_and_constraints() {
        let change = element(
            r#"{"path":"A.b","min":1,"max":"*","fixedCode":"x","minValueDecimal":1.50,
              "binding":{"strength":"required","valueSetReference":{"reference":"v"},"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet","valueReference":{"reference":"m"}}]},
              "constraint":[{"key":"a-1","severity":"warning","expression":"true","source":"Element"},{"key":"a-2","severity":"error"}]}"#,
        );
        assert_eq!(change.max, Some(None));
        assert_eq!(change.fixed.unwrap().ty, "code");
        assert_eq!(change.min_value.unwrap().value, Datum::Primitive("1.50".to_owned()));
        let binding = change.binding.unwrap();
        assert_eq!((binding.value_set.as_str(), binding.max_value_set.as_str()), ("v", "m"));
        assert_eq!(change.constraints[0].source, "http://hl7.org/fhir/StructureDefinition/Element");
        assert_eq!(change.constraints[1].source, "http://x/P");
        assert!(!change.constraints[0].error && change.constraints[1].error);
    }

    #[test]
    fn bad_numbers_are_faults() {
        let datum = parse_json(br#"{"resourceType":"StructureDefinition","url":"u","differential":{"element":[{"path":"A","min":-1,"max":"many"},{"min":1}]}}"#).unwrap();
        let definition = read_definition(&datum);
        assert_eq!(definition.structure.faults.len(), 3);
        assert_eq!(definition.differential.len(), 1);
    }
}
