//! ValueSet and CodeSystem resources of STU3 and R4, read into one shape.

use super::model::{CodeSystem, Concept, Datum, ExpansionEntry, Include, ValueSet};

fn text(datum: &Datum, name: &str) -> String {
    datum.str(name).unwrap_or_default().to_owned()
}

fn flag(datum: &Datum, name: &str) -> Option<bool> {
    datum.str(name).map(|text| text == "true")
}

/// Reads a ValueSet.
pub fn read_value_set(datum: &Datum) -> ValueSet {
    let empty = Datum::Object(Vec::new());
    let compose = datum.get("compose").unwrap_or(&empty);
    let expansion = datum.get("expansion").and_then(|expansion| {
        let mut entries = Vec::new();
        flatten_expansion(expansion.items("contains"), &mut entries);
        whole(expansion, entries.len()).then_some(entries)
    });
    ValueSet {
        url: text(datum, "url"),
        version: text(datum, "version"),
        name: text(datum, "name"),
        status: text(datum, "status"),
        experimental: flag(datum, "experimental").unwrap_or(false),
        inactive: flag(compose, "inactive"),
        include: compose.items("include").iter().map(read_include).collect(),
        exclude: compose.items("exclude").iter().map(read_include).collect(),
        expansion,
    }
}

fn read_include(include: &Datum) -> Include {
    let triple = |filter: &Datum| (text(filter, "property"), text(filter, "op"), text(filter, "value"));
    Include {
        system: text(include, "system"),
        version: text(include, "version"),
        concepts: include.items("concept").iter().map(|c| (text(c, "code"), text(c, "display"))).collect(),
        filters: include.items("filter").iter().map(triple).collect(),
        value_sets: include.items("valueSet").iter().filter_map(Datum::text).map(str::to_owned).collect(),
    }
}

/// Whether an expansion lists every code: a page of one, or one that was cut as too costly, decides nothing.
fn whole(expansion: &Datum, listed: usize) -> bool {
    let number = |name: &str| expansion.str(name).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
    let cut = |url: &str| url.ends_with("/valueset-toocostly") || url.ends_with("/valueset-unclosed");
    let marked = expansion.items("extension").iter().any(|e| e.str("url").is_some_and(cut));
    !marked && number("offset") == 0 && number("total") <= listed
}

fn flatten_expansion(contains: &[Datum], out: &mut Vec<ExpansionEntry>) {
    for item in contains {
        // An entry without a code only groups.
        if item.get("code").is_some() {
            out.push(ExpansionEntry {
                system: text(item, "system"),
                code: text(item, "code"),
                display: text(item, "display"),
                abstract_: flag(item, "abstract").unwrap_or(false),
                inactive: flag(item, "inactive").unwrap_or(false),
            });
        }
        flatten_expansion(item.items("contains"), out);
    }
}

/// Reads a CodeSystem; nested concepts are flattened, parents before children.
pub fn read_code_system(datum: &Datum) -> CodeSystem {
    let mut concepts = Vec::new();
    flatten_concepts(datum.items("concept"), None, &mut concepts);
    CodeSystem {
        url: text(datum, "url"),
        version: text(datum, "version"),
        name: text(datum, "name"),
        status: text(datum, "status"),
        experimental: flag(datum, "experimental").unwrap_or(false),
        content: text(datum, "content"),
        case_sensitive: flag(datum, "caseSensitive").unwrap_or(true),
        supplements: text(datum, "supplements"),
        value_set: text(datum, "valueSet"),
        property_types: datum.items("property").iter().map(|p| (text(p, "code"), text(p, "type"))).collect(),
        concepts,
    }
}

fn flatten_concepts(items: &[Datum], parent: Option<u32>, out: &mut Vec<Concept>) {
    for item in items {
        let Ok(index) = u32::try_from(out.len()) else { return };
        let designations = item.items("designation").iter().map(|d| (text(d, "language"), text(d, "value")));
        out.push(Concept {
            code: text(item, "code"),
            display: text(item, "display"),
            parent,
            designations: designations.collect(),
            properties: item.items("property").iter().filter_map(read_property).collect(),
        });
        flatten_concepts(item.items("concept"), Some(index), out);
    }
}

fn read_property(property: &Datum) -> Option<(String, String)> {
    let (_, value) = property.members().iter().find(|(key, _)| key.starts_with("value"))?;
    let value = value.text().or_else(|| value.str("code"))?;
    Some((property.str("code")?.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::datum::parse_json;

    #[test]
    fn flattens_nested_concepts() {
        let datum = parse_json(
            br#"{"url":"u","content":"complete","concept":[{"code":"a","concept":[{"code":"b","property":[{"code":"inactive","valueBoolean":true}]}]},{"code":"c","designation":[{"language":"cy","value":"C"}]}]}"#,
        )
        .unwrap();
        let system = read_code_system(&datum);
        let codes: Vec<_> = system.concepts.iter().map(|c| (c.code.as_str(), c.parent)).collect();
        assert_eq!(codes, [("a", None), ("b", Some(0)), ("c", None)]);
        assert_eq!(system.concepts[1].properties, [("inactive".to_owned(), "true".to_owned())]);
        assert_eq!(system.concepts[2].designations, [("cy".to_owned(), "C".to_owned())]);
        assert!(system.case_sensitive);
    }

    #[test]
    fn reads_composition_and_expansion() {
        let datum = parse_json(
            br#"{"url":"u","compose":{"include":[{"system":"s","filter":[{"property":"concept","op":"is-a","value":"1"}]},{"valueSet":["v"]}],"exclude":[{"system":"s","concept":[{"code":"x"}]}]},
               "expansion":{"contains":[{"abstract":true,"display":"group","contains":[{"system":"s","code":"1","display":"One"}]}]}}"#,
        )
        .unwrap();
        let set = read_value_set(&datum);
        assert_eq!(set.include[0].filters[0].1, "is-a");
        assert_eq!(set.include[1].value_sets, ["v"]);
        assert_eq!(set.exclude[0].concepts[0].0, "x");
        assert_eq!(set.expansion.unwrap().len(), 1);
        for part in [
            r#""total":9,"#,
            r#""offset":1,"#,
            r#""extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-toocostly","valueBoolean":true}],"#,
        ] {
            let text = format!(
                r#"{{"resourceType":"ValueSet","expansion":{{{part}"contains":[{{"system":"s","code":"1"}}]}}}}"#
            );
            assert_eq!(read_value_set(&parse_json(text.as_bytes()).unwrap()).expansion, None, "{part}");
        }
    }
}
