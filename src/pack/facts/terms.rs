//! Value sets, code systems and the list of other definitions as facts.
//!
//! ```text
//! valueset URL VERSION NAME
//!  of STATUS [experimental] [inactive|active]
//!  include|exclude SYSTEM VERSION
//!   #CODE DISPLAY
//!   filter PROPERTY OPERATOR VALUE
//!   from VALUESET
//!  expansion
//!   in SYSTEM
//!   [abstract|inactive|both] #CODE DISPLAY
//! codesystem URL VERSION NAME
//!  of STATUS CONTENT (sensitive|insensitive) SUPPLEMENTS VALUESET [experimental]
//!  property CODE TYPE
//!  #CODE DISPLAY              one more # for each level of nesting
//!   also LANGUAGE TEXT
//!   has PROPERTY VALUE
//! other URL VERSION TYPE
//! ```

use super::{Line, header, line_text, lines, plain, word, words};
use crate::pack::error::PackError;
use crate::pack::model::{CodeSystem, Concept, ExpansionEntry, Include, ValueSet};

fn code(out: &mut String, code: &str, display: &str) {
    super::escape(out, code, true);
    if !display.is_empty() {
        out.push(' ');
        line_text(out, display);
    }
    out.push('\n');
}

/// Writes a value set.
pub fn write_value_set(out: &mut String, set: &ValueSet) {
    header(out, "valueset", &set.url, &set.version, &set.name);
    out.push_str(" of ");
    word(out, &set.status);
    if set.experimental {
        out.push_str(" experimental");
    }
    match set.inactive {
        Some(true) => out.push_str(" inactive"),
        Some(false) => out.push_str(" active"),
        None => {}
    }
    out.push('\n');
    for (name, parts) in [(" include ", &set.include), (" exclude ", &set.exclude)] {
        for part in parts {
            out.push_str(name);
            write_include(out, part);
        }
    }
    let Some(expansion) = &set.expansion else { return };
    out.push_str(" expansion\n");
    let mut system = None;
    for entry in expansion {
        if system != Some(&entry.system) {
            out.push_str("  in ");
            word(out, &entry.system);
            out.push('\n');
            system = Some(&entry.system);
        }
        out.push_str(match (entry.abstract_, entry.inactive) {
            (false, false) => "  #",
            (true, false) => "  abstract #",
            (false, true) => "  inactive #",
            (true, true) => "  both #",
        });
        code(out, &entry.code, &entry.display);
    }
}

fn write_include(out: &mut String, part: &Include) {
    word(out, &part.system);
    out.push(' ');
    word(out, &part.version);
    out.push('\n');
    for (value, display) in &part.concepts {
        out.push_str("  #");
        code(out, value, display);
    }
    for (property, operator, value) in &part.filters {
        out.push_str("  filter ");
        word(out, property);
        out.push(' ');
        word(out, operator);
        out.push(' ');
        line_text(out, value);
        out.push('\n');
    }
    for url in &part.value_sets {
        out.push_str("  from ");
        word(out, url);
        out.push('\n');
    }
}

/// Reads one value set.
///
/// # Errors
/// When a line does not follow the grammar.
pub fn read_value_set(text: &str) -> Result<ValueSet, PackError> {
    let (_, url, version, name) = super::heading(text);
    let mut set = ValueSet { url, version, name, ..ValueSet::default() };
    let (mut excluding, mut system) = (false, String::new());
    for line in lines(text).skip(1) {
        let (name, rest) = line.split();
        match (line.indent, name) {
            (1, "of") => {
                let ([status], flags) = words::<1>(rest);
                set.status = plain(status);
                for flag in flags.split(' ') {
                    match flag {
                        "experimental" => set.experimental = true,
                        "inactive" => set.inactive = Some(true),
                        "active" => set.inactive = Some(false),
                        _ => {}
                    }
                }
            }
            (1, "include" | "exclude") => {
                let ([system, version], _) = words::<2>(rest);
                let part = Include { system: plain(system), version: plain(version), ..Include::default() };
                excluding = name == "exclude";
                if excluding { set.exclude.push(part) } else { set.include.push(part) }
            }
            (1, "expansion") => set.expansion = Some(Vec::new()),
            (2, _) => match &mut set.expansion {
                Some(expansion) => read_entry(line, &mut system, expansion)?,
                None => {
                    let part = if excluding { set.exclude.last_mut() } else { set.include.last_mut() };
                    read_part(line, part.ok_or_else(|| line.wrong("no include above"))?)?;
                }
            },
            _ => return Err(line.wrong("unknown fact")),
        }
    }
    Ok(set)
}

fn read_part(line: Line<'_>, part: &mut Include) -> Result<(), PackError> {
    let (name, rest) = line.split();
    match name {
        "filter" => {
            let ([property, operator], value) = words::<2>(rest);
            part.filters.push((plain(property), plain(operator), plain(value)));
        }
        "from" => part.value_sets.push(plain(rest)),
        _ => {
            let code = name.strip_prefix('#').ok_or_else(|| line.wrong("unknown detail"))?;
            part.concepts.push((unescaped(code), unescaped(rest)));
        }
    }
    Ok(())
}

/// Text in which `-` is itself.
fn unescaped(text: &str) -> String {
    if text == "-" { text.to_owned() } else { plain(text) }
}

fn read_entry(line: Line<'_>, system: &mut String, out: &mut Vec<ExpansionEntry>) -> Result<(), PackError> {
    let (name, rest) = line.split();
    if name == "in" {
        *system = plain(rest);
        return Ok(());
    }
    let (flag, name, rest) = if name.starts_with('#') {
        ("", name, rest)
    } else {
        let ([code], display) = words::<1>(rest);
        (name, code, display)
    };
    out.push(ExpansionEntry {
        system: system.clone(),
        code: unescaped(name.strip_prefix('#').ok_or_else(|| line.wrong("no code"))?),
        display: unescaped(rest),
        abstract_: matches!(flag, "abstract" | "both"),
        inactive: matches!(flag, "inactive" | "both"),
    });
    Ok(())
}

/// Writes a code system.
pub fn write_code_system(out: &mut String, system: &CodeSystem) {
    header(out, "codesystem", &system.url, &system.version, &system.name);
    out.push_str(" of ");
    word(out, &system.status);
    out.push(' ');
    word(out, &system.content);
    out.push_str(if system.case_sensitive { " sensitive" } else { " insensitive" });
    for url in [&system.supplements, &system.value_set] {
        out.push(' ');
        word(out, url);
    }
    if system.experimental {
        out.push_str(" experimental");
    }
    out.push('\n');
    for (code, ty) in &system.property_types {
        out.push_str(" property ");
        word(out, code);
        out.push(' ');
        word(out, ty);
        out.push('\n');
    }
    let mut levels: Vec<usize> = Vec::with_capacity(system.concepts.len());
    for concept in &system.concepts {
        let parent = concept.parent.and_then(|parent| levels.get(parent as usize));
        let level = parent.map_or(0, |level| level + 1);
        levels.push(level);
        out.push(' ');
        out.extend(std::iter::repeat_n('#', level + 1));
        // A code that itself begins so is set apart.
        if concept.code.starts_with('#') {
            out.push_str("\\q");
        }
        code(out, &concept.code, &concept.display);
        for (name, pairs) in [("  also ", &concept.designations), ("  has ", &concept.properties)] {
            for (first, second) in pairs {
                out.push_str(name);
                word(out, first);
                out.push(' ');
                line_text(out, second);
                out.push('\n');
            }
        }
    }
}

/// Reads one code system.
///
/// # Errors
/// When a line does not follow the grammar.
pub fn read_code_system(text: &str) -> Result<CodeSystem, PackError> {
    let (_, url, version, name) = super::heading(text);
    let mut system = CodeSystem { url, version, name, case_sensitive: true, ..CodeSystem::default() };
    // The concept last seen at each level.
    let mut above: Vec<u32> = Vec::new();
    for line in lines(text).skip(1) {
        let (name, rest) = line.split();
        match (line.indent, name) {
            (1, "of") => {
                let ([status, content, case, supplements, value_set], flags) = words::<5>(rest);
                system.status = plain(status);
                system.content = plain(content);
                system.case_sensitive = case != "insensitive";
                system.supplements = plain(supplements);
                system.value_set = plain(value_set);
                system.experimental = flags == "experimental";
            }
            (1, "property") => {
                let ([code, ty], _) = words::<2>(rest);
                system.property_types.push((plain(code), plain(ty)));
            }
            (1, _) => {
                let level = name.bytes().take_while(|byte| *byte == b'#').count();
                let index = u32::try_from(system.concepts.len()).map_err(|_| line.wrong("too many concepts"))?;
                let parent = level.checked_sub(2).and_then(|up| above.get(up).copied());
                if level == 0 || (level > 1 && parent.is_none()) {
                    return Err(line.wrong("no such level"));
                }
                above.truncate(level - 1);
                above.push(index);
                system.concepts.push(Concept {
                    code: unescaped(&name[level..]),
                    display: unescaped(rest),
                    parent,
                    ..Concept::default()
                });
            }
            (2, "also" | "has") => {
                let concept = system.concepts.last_mut().ok_or_else(|| line.wrong("no concept above"))?;
                let ([first], second) = words::<1>(rest);
                let pair = (plain(first), unescaped(second));
                if name == "also" { concept.designations.push(pair) } else { concept.properties.push(pair) }
            }
            _ => return Err(line.wrong("unknown fact")),
        }
    }
    Ok(system)
}

/// Writes a definition of which only the name is kept.
pub fn write_other(out: &mut String, url: &str, version: &str, resource_type: &str) {
    header(out, "other", url, version, resource_type);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn value_sets_come_back() {
        let set = ValueSet {
            url: "http://x/v".to_owned(),
            status: "active".to_owned(),
            inactive: Some(false),
            include: vec![Include {
                system: "s".to_owned(),
                concepts: vec![("a b".to_owned(), "A  b".to_owned()), ("-".to_owned(), String::new())],
                filters: vec![("concept".to_owned(), "is-a".to_owned(), "1 2".to_owned())],
                ..Include::default()
            }],
            exclude: vec![Include { value_sets: vec!["u|1".to_owned()], ..Include::default() }],
            expansion: Some(vec![
                ExpansionEntry {
                    system: "s".to_owned(),
                    code: "x".to_owned(),
                    inactive: true,
                    ..ExpansionEntry::default()
                },
                ExpansionEntry { code: "#y".to_owned(), display: "#".to_owned(), ..ExpansionEntry::default() },
            ]),
            ..ValueSet::default()
        };
        let mut text = String::new();
        write_value_set(&mut text, &set);
        assert_eq!(read_value_set(&text).unwrap(), set);
    }

    #[test]
    fn code_systems_come_back() {
        let concept = |code: &str, parent| Concept { code: code.to_owned(), parent, ..Concept::default() };
        let mut last = concept("c", None);
        last.designations.push((String::new(), "C c".to_owned()));
        last.properties.push(("status".to_owned(), "-".to_owned()));
        let system = CodeSystem {
            url: "http://x/c".to_owned(),
            content: "complete".to_owned(),
            experimental: true,
            concepts: vec![
                concept("a", None),
                concept("#b", Some(0)),
                concept("d", Some(1)),
                concept("-", Some(0)),
                last,
            ],
            ..CodeSystem::default()
        };
        let mut text = String::new();
        write_code_system(&mut text, &system);
        assert_eq!(read_code_system(&text).unwrap(), system);
    }

    #[test]
    fn broken_lines_are_errors() {
        for bad in [
            "codesystem u - -\n ###a\n",
            "codesystem u - -\n  also x y\n",
            "valueset u - -\n  #a\n",
            "valueset u - -\n odd\n",
        ] {
            assert!(read_code_system(bad).is_err() && read_value_set(bad).is_err(), "{bad}");
        }
    }
}
