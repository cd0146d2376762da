//! A structure as a tree that a person can read: `pack show`.

use super::facts::structures::write_json;
use super::model::{Binding, Datum, ElementDef, Structure, TypeRef, TypedDatum};

/// Prints a structure: a heading, then one line an element, indented by depth, with cardinality, types and flags; beneath
/// it what fixes, slices or binds it. Flags: `S` must-support, `?!` modifier, `sum` in the summary.
pub fn show(structure: &Structure) -> String {
    let mut out = format!("{} ({})\n", structure.name, structure.ty);
    out.push_str(&format!("  {}", structure.url));
    if !structure.version.is_empty() {
        out.push_str(&format!("|{}", structure.version));
    }
    out.push('\n');
    if !structure.base.is_empty() {
        let word = if structure.constraint { "profile of" } else { "built on" };
        out.push_str(&format!("  {word} {}\n", structure.base));
    }
    for context in &structure.contexts {
        out.push_str(&format!("  may stand on {} {}\n", context.kind, context.expression));
    }
    for fault in &structure.faults {
        out.push_str(&format!("  fault: {fault}\n"));
    }
    out.push('\n');
    let heads: Vec<(usize, String)> = structure.elements.iter().map(head).collect();
    let width = heads.iter().map(|(_, text)| text.chars().count()).max().unwrap_or(0).min(60);
    for (element, (depth, head)) in structure.elements.iter().zip(&heads) {
        line(&mut out, element, head, width);
        details(&mut out, element, &" ".repeat(2 * depth + 4));
    }
    out
}

/// Depth of an element and its indented name.
fn head(element: &ElementDef) -> (usize, String) {
    // Children of a slice stand below it: its id names every slice on the way.
    let own = element.path.matches('.').count() + usize::from(!element.slice.is_empty());
    let depth = own.max(element.id.matches(['.', ':']).count());
    let name = element.path.rsplit('.').next().unwrap_or_default();
    let text = if element.slice.is_empty() {
        format!("{}{name}", " ".repeat(2 * depth))
    } else {
        format!("{}:{}", " ".repeat(2 * depth), element.slice)
    };
    (depth, text)
}

fn line(out: &mut String, element: &ElementDef, head: &str, width: usize) {
    let max = element.max.map_or_else(|| "*".to_owned(), |max| max.to_string());
    out.push_str(&format!("{head:<width$}  {:>6}", format!("{}..{max}", element.min)));
    for (holds, flag) in [(element.must_support, " S"), (element.is_modifier, " ?!"), (element.is_summary, " sum")] {
        if holds {
            out.push_str(flag);
        }
    }
    let types: Vec<String> = element.types.iter().map(type_text).collect();
    if !types.is_empty() {
        out.push_str(&format!("  {}", types.join(" | ")));
    }
    if !element.content_reference.is_empty() {
        out.push_str(&format!("  as {}", element.content_reference));
    }
    out.push('\n');
}

/// `Reference(Patient | Organization)`, `Extension <url>`.
fn type_text(ty: &TypeRef) -> String {
    let short = |url: &String| url.strip_prefix(super::import::CORE).unwrap_or(url).to_owned();
    let list = |urls: &[String]| urls.iter().map(short).collect::<Vec<_>>().join(" | ");
    let mut text = ty.code.clone();
    if !ty.targets.is_empty() {
        text.push_str(&format!("({})", list(&ty.targets)));
    }
    if !ty.profiles.is_empty() {
        text.push_str(&format!(" <{}>", list(&ty.profiles)));
    }
    if !ty.aggregation.is_empty() {
        text.push_str(&format!(" {{{}}}", ty.aggregation.join(", ")));
    }
    text
}

fn details(out: &mut String, element: &ElementDef, indent: &str) {
    let mut add = |text: String| out.push_str(&format!("{indent}{text}\n"));
    for (name, value) in [
        ("must be", &element.fixed),
        ("must contain", &element.pattern),
        ("at least", &element.min_value),
        ("at most", &element.max_value),
    ] {
        if let Some(TypedDatum { ty, value }) = value {
            add(format!("{name} {ty} {}", value_text(value)));
        }
    }
    match (element.min_length, element.max_length) {
        (None, None) => {}
        (min, Some(max)) => add(format!("length {} to {max}", min.unwrap_or(0))),
        (Some(min), None) => add(format!("length at least {min}")),
    }
    if !element.regex.is_empty() {
        add(format!("matches {}", element.regex));
    }
    if let Some(slicing) = &element.slicing {
        let by: Vec<String> = slicing.discriminators.iter().map(|(kind, path)| format!("{kind} {path}")).collect();
        let by = if by.is_empty() { "nothing".to_owned() } else { by.join(", ") };
        let ordered = if slicing.ordered { ", ordered" } else { "" };
        add(format!("sliced by {by} ({}{ordered})", slicing.rules));
    }
    if let Some(Binding { strength, value_set, max_value_set }) = &element.binding {
        let set = if value_set.is_empty() { "no value set" } else { value_set };
        let most = if max_value_set.is_empty() { String::new() } else { format!(", never outside {max_value_set}") };
        add(format!("bound ({strength}) to {set}{most}"));
    }
    let keys: Vec<&str> = element.constraints.iter().map(|constraint| constraint.key.as_str()).collect();
    // These two stand on every element.
    let telling: Vec<&str> = keys.into_iter().filter(|key| !matches!(*key, "ele-1" | "ext-1")).collect();
    if !telling.is_empty() {
        add(format!("rules {}", telling.join(", ")));
    }
}

fn value_text(value: &Datum) -> String {
    let mut text = String::new();
    write_json(&mut text, value);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::model::Slicing;

    #[test]
    fn prints_a_tree() {
        let structure = Structure {
            url: "http://example.org/P".to_owned(),
            name: "P".to_owned(),
            ty: "Patient".to_owned(),
            elements: vec![
                ElementDef { path: "Patient".to_owned(), ..ElementDef::default() },
                ElementDef {
                    path: "Patient.identifier".to_owned(),
                    slicing: Some(Slicing {
                        discriminators: vec![("value".to_owned(), "system".to_owned())],
                        rules: "open".to_owned(),
                        ordered: false,
                    }),
                    ..ElementDef::default()
                },
                ElementDef {
                    path: "Patient.identifier".to_owned(),
                    slice: "nhs".to_owned(),
                    min: 1,
                    max: Some(1),
                    must_support: true,
                    types: vec![TypeRef { code: "Identifier".to_owned(), ..TypeRef::default() }],
                    ..ElementDef::default()
                },
            ],
            ..Structure::default()
        };
        let text = show(&structure);
        let lines: Vec<&str> = text.lines().skip(3).collect();
        assert_eq!(
            lines,
            [
                "Patient         0..*",
                "  identifier    0..*",
                "      sliced by value system (open)",
                "    :nhs        1..1 S  Identifier",
            ]
        );
    }
}
