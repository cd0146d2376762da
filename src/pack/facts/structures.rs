//! Structures as facts.
//!
//! ```text
//! structure URL VERSION NAME
//!  of TYPE KIND (constrains|specialises) BASE STATUS [experimental] [abstract]
//!  context KIND EXPRESSION
//!  invariant EXPRESSION
//!  fault TEXT
//!  root NAME                  the first segment of all paths, when it is not the type
//!  rule KEY (error|warning) [bestpractice] SOURCE EXPRESSION
//!  .path:slice MIN..MAX [!flags] [b=BASEPATH/BASEMAX] [TYPE [^PROFILE] [>TARGET] [+AGGREGATION] [=VERSIONING]]... [@REFERENCE] [&RULE]...
//!   fixed TYPE JSON | pattern TYPE JSON | minimum TYPE JSON | maximum TYPE JSON | length MIN..MAX | regex TEXT
//!   slicing RULES (ordered|unordered) [TYPE:PATH]...
//!   binding STRENGTH VALUESET MAXVALUESET
//!   control NAME VALUE
//! ```

use super::{Line, canonical, header, line_text, lines, plain, url, word, words};
use crate::pack::datum::parse_json;
use crate::pack::error::PackError;
use crate::pack::model::{
    Binding, Constraint, Datum, ElementDef, ExtensionContext, Slicing, Structure, StructureKind, TypeRef, TypedDatum,
};
use std::collections::HashMap;

/// Writes a structure.
pub fn write(out: &mut String, structure: &Structure) {
    header(out, "structure", &structure.url, &structure.version, &structure.name);
    out.push_str(" of ");
    word(out, &structure.ty);
    out.push_str(match structure.kind {
        Some(StructureKind::Primitive) => " primitive",
        Some(StructureKind::Complex) => " complex",
        Some(StructureKind::Resource) => " resource",
        Some(StructureKind::Logical) => " logical",
        None => " -",
    });
    out.push_str(if structure.constraint { " constrains " } else { " specialises " });
    canonical(out, &structure.base);
    out.push(' ');
    word(out, &structure.status);
    for (holds, text) in [(structure.experimental, " experimental"), (structure.abstract_, " abstract")] {
        if holds {
            out.push_str(text);
        }
    }
    out.push('\n');
    for context in &structure.contexts {
        out.push_str(" context ");
        word(out, &context.kind);
        out.push(' ');
        line_text(out, &context.expression);
        out.push('\n');
    }
    for (name, texts) in [(" invariant ", &structure.context_invariants), (" fault ", &structure.faults)] {
        for text in texts {
            out.push_str(name);
            line_text(out, text);
            out.push('\n');
        }
    }
    let root = structure.elements.first().map_or(structure.ty.as_str(), |element| &element.path);
    if root != structure.ty {
        out.push_str(" root ");
        line_text(out, root);
        out.push('\n');
    }
    let rules = name_rules(structure);
    let mut seen = std::collections::HashSet::new();
    for constraint in structure.elements.iter().flat_map(|element| &element.constraints) {
        if seen.insert(constraint) {
            write_rule(out, constraint, &rules);
        }
    }
    for element in &structure.elements {
        write_element(out, element, &rules);
    }
}

/// A name for each distinct constraint: its key, numbered where one key says different things.
fn name_rules(structure: &Structure) -> HashMap<&Constraint, String> {
    let mut names: HashMap<&Constraint, String> = HashMap::new();
    let mut used: HashMap<&str, usize> = HashMap::new();
    for constraint in structure.elements.iter().flat_map(|element| &element.constraints) {
        names.entry(constraint).or_insert_with(|| {
            let count = used.entry(&constraint.key).or_default();
            *count += 1;
            let mut name = String::new();
            word(&mut name, &constraint.key);
            if *count > 1 {
                name.push_str(&format!("\\q#{count}"));
            }
            name
        });
    }
    names
}

fn write_rule(out: &mut String, constraint: &Constraint, names: &HashMap<&Constraint, String>) {
    out.push_str(" rule ");
    out.push_str(names.get(constraint).map(String::as_str).unwrap_or_default());
    out.push_str(if constraint.error { " error " } else { " warning " });
    if constraint.best_practice {
        out.push_str("bestpractice ");
    }
    canonical(out, &constraint.source);
    out.push(' ');
    line_text(out, &constraint.expression);
    out.push('\n');
}

fn limit(max: Option<u32>) -> String {
    max.map_or_else(|| "*".to_owned(), |max| max.to_string())
}

/// Path and slices of an element after the root, as one word.
fn key(out: &mut String, element: &ElementDef) {
    let mut segments = element.path.split('.');
    let mut id = element.id.as_str();
    id = id.strip_prefix(segments.next().unwrap_or_default()).unwrap_or(id);
    let segments: Vec<&str> = segments.collect();
    if segments.is_empty() {
        out.push('.');
    }
    for (index, segment) in segments.iter().enumerate() {
        out.push('.');
        super::escape(out, segment, true);
        id = id.strip_prefix('.').and_then(|id| id.strip_prefix(segment)).unwrap_or_default();
        let last = index + 1 == segments.len();
        let slice = if last {
            element.slice.as_str()
        } else {
            let end = segments.get(index + 1).map_or(id.len(), |next| end_of_slice(id, next));
            let (slice, rest) = id.split_at(end);
            id = rest;
            slice.strip_prefix(':').unwrap_or_default()
        };
        if !slice.is_empty() {
            out.push(':');
            let mut name = String::new();
            super::escape(&mut name, slice, true);
            out.push_str(&name.replace('.', "\\d").replace(':', "\\c"));
        }
    }
}

/// Where in `id` the segment `next` begins, its dot included.
fn end_of_slice(id: &str, next: &str) -> usize {
    let starts = id.match_indices('.').map(|(at, _)| at);
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(['.', ':']);
    starts.into_iter().find(|at| id[at + 1..].strip_prefix(next).is_some_and(ends)).unwrap_or(id.len())
}

fn write_element(out: &mut String, element: &ElementDef, rules: &HashMap<&Constraint, String>) {
    out.push(' ');
    key(out, element);
    out.push_str(&format!(" {}..{}", element.min, limit(element.max)));
    let flags = [(element.must_support, 'S'), (element.is_modifier, 'M'), (element.is_summary, 'Y')];
    if flags.iter().any(|(holds, _)| *holds) {
        out.push_str(" !");
        out.extend(flags.iter().filter(|(holds, _)| *holds).map(|(_, flag)| *flag));
    }
    let own = element.base_path == element.path;
    if !own || element.base_max != element.max {
        out.push_str(" b=");
        if !own {
            word(out, &element.base_path);
        }
        if element.base_max != element.max {
            out.push('/');
            out.push_str(&limit(element.base_max));
        }
    }
    for ty in &element.types {
        out.push(' ');
        word(out, &ty.code);
        for (mark, urls) in [('^', &ty.profiles), ('>', &ty.targets)] {
            for url in urls {
                out.push(' ');
                out.push(mark);
                canonical(out, url);
            }
        }
        for (mark, text) in ty.aggregation.iter().map(|text| ('+', text)).chain([('=', &ty.versioning)]) {
            if !text.is_empty() {
                out.push(' ');
                out.push(mark);
                word(out, text);
            }
        }
    }
    if !element.content_reference.is_empty() {
        out.push_str(" @");
        word(out, &element.content_reference);
    }
    for constraint in &element.constraints {
        out.push_str(" &");
        out.push_str(rules.get(constraint).map(String::as_str).unwrap_or_default());
    }
    out.push('\n');
    write_values(out, element);
    if let Some(slicing) = &element.slicing {
        out.push_str("  slicing ");
        word(out, &slicing.rules);
        out.push_str(if slicing.ordered { " ordered" } else { " unordered" });
        for (kind, path) in &slicing.discriminators {
            out.push(' ');
            word(out, kind);
            out.push(':');
            word(out, path);
        }
        out.push('\n');
    }
    if let Some(binding) = &element.binding {
        out.push_str("  binding");
        for text in [&binding.strength, &binding.value_set, &binding.max_value_set] {
            out.push(' ');
            word(out, text);
        }
        out.push('\n');
    }
}

fn write_values(out: &mut String, element: &ElementDef) {
    for (name, value) in [
        ("fixed", &element.fixed),
        ("pattern", &element.pattern),
        ("minimum", &element.min_value),
        ("maximum", &element.max_value),
    ] {
        let Some(value) = value else { continue };
        out.push_str("  ");
        out.push_str(name);
        out.push(' ');
        word(out, &value.ty);
        out.push(' ');
        let mut json = String::new();
        write_json(&mut json, &value.value);
        line_text(out, &json);
        out.push('\n');
    }
    if element.max_length.is_some() || element.min_length.is_some() {
        out.push_str(&format!("  length {}..{}\n", element.min_length.unwrap_or(0), limit(element.max_length)));
    }
    for (name, value) in &element.controls {
        out.push_str("  control ");
        word(out, name);
        out.push(' ');
        line_text(out, value);
        out.push('\n');
    }
    if !element.regex.is_empty() {
        out.push_str("  regex ");
        line_text(out, &element.regex);
        out.push('\n');
    }
}

/// Compact JSON in which every primitive is a string.
pub fn write_json(out: &mut String, value: &Datum) {
    let quoted = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
    match value {
        Datum::Primitive(text) => out.push_str(&quoted(text)),
        Datum::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(out, item);
            }
            out.push(']');
        }
        Datum::Object(members) => {
            out.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(name));
                out.push(':');
                write_json(out, item);
            }
            out.push('}');
        }
    }
}

/// Reads one structure.
///
/// # Errors
/// When a line does not follow the grammar.
pub fn read(text: &str) -> Result<Structure, PackError> {
    let (_, url, version, name) = super::heading(text);
    let mut structure = Structure { url, version, name, ..Structure::default() };
    let mut rules: HashMap<&str, Constraint> = HashMap::new();
    let mut root = None;
    for line in lines(text).skip(1) {
        match (line.indent, line.text.as_bytes().first()) {
            (1, Some(b'.')) => {
                let element = read_element(line, root.as_deref().unwrap_or(&structure.ty), &rules)?;
                structure.elements.push(element);
            }
            (1, _) => match line.split() {
                ("root", name) => root = Some(plain(name)),
                _ => read_fact(line, &mut structure, &mut rules)?,
            },
            (2, _) => {
                let element = structure.elements.last_mut().ok_or_else(|| line.wrong("no element above"))?;
                read_detail(line, element)?;
            }
            _ => return Err(line.wrong("indentation")),
        }
    }
    Ok(structure)
}

fn read_fact<'a>(
    line: Line<'a>,
    structure: &mut Structure,
    rules: &mut HashMap<&'a str, Constraint>,
) -> Result<(), PackError> {
    let (name, rest) = line.split();
    match name {
        "of" => {
            let ([ty, kind, derivation, base, status], flags) = words::<5>(rest);
            structure.ty = plain(ty);
            structure.kind = match kind {
                "primitive" => Some(StructureKind::Primitive),
                "complex" => Some(StructureKind::Complex),
                "resource" => Some(StructureKind::Resource),
                "logical" => Some(StructureKind::Logical),
                _ => None,
            };
            structure.constraint = derivation == "constrains";
            structure.base = url(base);
            structure.status = plain(status);
            structure.experimental = flags.contains("experimental");
            structure.abstract_ = flags.contains("abstract");
        }
        "context" => {
            let ([kind], expression) = words::<1>(rest);
            structure.contexts.push(ExtensionContext { kind: plain(kind), expression: plain(expression) });
        }
        "invariant" => structure.context_invariants.push(plain(rest)),
        "fault" => structure.faults.push(plain(rest)),
        "rule" => {
            let ([name, severity], mut rest) = words::<2>(rest);
            let best_practice = rest.starts_with("bestpractice ");
            if best_practice {
                (_, rest) = rest.split_once(' ').unwrap_or_default();
            }
            let ([source], expression) = words::<1>(rest);
            let constraint = Constraint {
                key: plain(&name[..name.find("\\q#").filter(|at| *at > 0).unwrap_or(name.len())]),
                error: severity == "error",
                expression: plain(expression),
                source: url(source),
                best_practice,
                human: String::new(),
            };
            rules.insert(name, constraint);
        }
        _ => return Err(line.wrong("unknown fact")),
    }
    Ok(())
}

fn read_key(element: &mut ElementDef, root: &str, key: &str) {
    element.path.push_str(root);
    element.id.push_str(root);
    let key = key.strip_prefix('.').unwrap_or(key);
    if key.is_empty() {
        return;
    }
    let mut last = "";
    for segment in key.split('.') {
        let (name, slice) = segment.split_once(':').unwrap_or((segment, ""));
        for text in [&mut element.path, &mut element.id] {
            text.push('.');
            text.push_str(name);
        }
        if !slice.is_empty() {
            element.id.push(':');
            element.id.push_str(&plain(slice).replace('_', "-"));
        }
        last = slice;
    }
    if !last.is_empty() {
        element.slice = plain(last);
    }
    if element.path.contains('\\') {
        element.path = plain(&element.path);
    }
}

fn read_limit(text: &str) -> Option<Option<u32>> {
    if text == "*" { Some(None) } else { text.parse().ok().map(Some) }
}

fn read_element(line: Line<'_>, root: &str, rules: &HashMap<&str, Constraint>) -> Result<ElementDef, PackError> {
    let ([key, cardinality], rest) = words::<2>(line.text);
    let (min, max) = cardinality.split_once("..").ok_or_else(|| line.wrong("cardinality"))?;
    let mut element = ElementDef {
        min: min.parse().map_err(|_| line.wrong("cardinality"))?,
        max: read_limit(max).ok_or_else(|| line.wrong("cardinality"))?,
        ..ElementDef::default()
    };
    read_key(&mut element, root, key);
    element.base_max = element.max;
    let mut based = false;
    for token in rest.split(' ').filter(|token| !token.is_empty()) {
        let (mark, text) = (token.as_bytes()[0], token.get(1..).unwrap_or_default());
        match mark {
            b'!' => {
                element.must_support = text.contains('S');
                element.is_modifier = text.contains('M');
                element.is_summary = text.contains('Y');
            }
            b'@' => element.content_reference = plain(text),
            b'&' => {
                let rule = rules.get(text).ok_or_else(|| line.wrong("a rule that is not above"))?;
                element.constraints.push(rule.clone());
            }
            b'^' | b'>' | b'+' | b'=' => {
                let ty = element.types.last_mut().ok_or_else(|| line.wrong("no type"))?;
                match mark {
                    b'^' => ty.profiles.push(url(text)),
                    b'>' => ty.targets.push(url(text)),
                    b'+' => ty.aggregation.push(plain(text)),
                    _ => ty.versioning = plain(text),
                }
            }
            b'b' if text.starts_with('=') => {
                let (path, max) = text[1..].split_once('/').unwrap_or((&text[1..], ""));
                if !path.is_empty() {
                    element.base_path = plain(path);
                    based = true;
                }
                if !max.is_empty() {
                    element.base_max = read_limit(max).ok_or_else(|| line.wrong("base"))?;
                }
            }
            _ => element.types.push(TypeRef { code: plain(token), ..TypeRef::default() }),
        }
    }
    if !based {
        element.base_path.clone_from(&element.path);
    }
    Ok(element)
}

fn read_detail(line: Line<'_>, element: &mut ElementDef) -> Result<(), PackError> {
    let (name, rest) = line.split();
    match name {
        "fixed" | "pattern" | "minimum" | "maximum" => {
            let ([ty], json) = words::<1>(rest);
            let value = parse_json(plain(json).as_bytes()).map_err(|what| line.wrong(&what))?;
            let value = Some(TypedDatum { ty: plain(ty), value });
            match name {
                "fixed" => element.fixed = value,
                "pattern" => element.pattern = value,
                "minimum" => element.min_value = value,
                _ => element.max_value = value,
            }
        }
        "length" => {
            let (min, max) = rest.split_once("..").ok_or_else(|| line.wrong("length"))?;
            element.min_length = min.parse().ok().filter(|min| *min > 0);
            element.max_length = read_limit(max).ok_or_else(|| line.wrong("length"))?;
        }
        "regex" => element.regex = plain(rest),
        "control" => {
            let ([name], value) = words::<1>(rest);
            element.controls.push((plain(name), plain(value)));
        }
        "slicing" => {
            let ([rules, order], rest) = words::<2>(rest);
            let pairs = rest.split(' ').filter_map(|pair| pair.split_once(':'));
            element.slicing = Some(Slicing {
                discriminators: pairs.map(|(kind, path)| (plain(kind), plain(path))).collect(),
                rules: plain(rules),
                ordered: order == "ordered",
            });
        }
        "binding" => {
            let ([strength, value_set, most], _) = words::<3>(rest);
            element.binding =
                Some(Binding { strength: plain(strength), value_set: plain(value_set), max_value_set: plain(most) });
        }
        _ => return Err(line.wrong("unknown detail")),
    }
    Ok(())
}
