//! Base definitions straight from a core package: the constraints of every element of a message.
#![allow(dead_code)] // each test uses its part

use std::collections::HashMap;
use std::io::Read as _;

use std::sync::Arc;

use hallmark::pack::catalogue::Catalogue;
use hallmark::plan::Plans;
use hallmark::tree::{Tree, flags, names};
use serde_json::Value as Json;

/// Children of every type and nested path: name -> (types, repeats).
#[derive(Default)]
pub struct Definitions {
    children: HashMap<String, Vec<(String, Child)>>,
    parents: HashMap<String, String>,
    roots: HashMap<String, Vec<Constraint>>,
}

#[derive(Clone)]
struct Child {
    constraints: Vec<Constraint>,
    types: Vec<String>,
    choice: bool,
    repeats: bool,
}

/// One constraint of an element.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    pub key: String,
    pub expression: String,
    pub warning: bool,
}

/// Constraints of an ElementDefinition that have an expression.
pub fn constraints(element: &Json) -> Vec<Constraint> {
    let all = element["constraint"].as_array().into_iter().flatten();
    let made = all.map(|c| Constraint {
        key: text(&c["key"]),
        expression: text(&c["expression"]),
        warning: c["severity"] == "warning",
    });
    made.filter(|c| !c.expression.is_empty()).collect()
}

pub fn shared(file: &str) -> Option<Vec<u8>> {
    let path = format!("{}/../shared/{file}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {file} is not here");
    }
    bytes
}

/// Plans over one package.
pub fn plans(file: &str) -> Option<Plans> {
    shared(file)?;
    let path = format!("{}/../shared/{file}", env!("CARGO_MANIFEST_DIR"));
    Some(Plans::new(Arc::new(Catalogue::new(&[path.into()]).expect("package"))))
}

/// Files of a package or archive by name.
pub fn unpack(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut out = Vec::new();
    for entry in archive.entries().expect("archive") {
        let mut entry = entry.expect("entry");
        let name = entry.path().expect("path").to_string_lossy().into_owned();
        if wanted(&name) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("bytes");
            out.push((name, bytes));
        }
    }
    out
}

impl Definitions {
    pub fn read(package: &[u8]) -> Self {
        let mut out = Self::default();
        for (_, bytes) in unpack(package, |name| name.contains("/StructureDefinition-")) {
            let json: Json = serde_json::from_slice(&bytes).expect("definition");
            if json["derivation"] == "constraint" || json["kind"] == "logical" {
                continue;
            }
            if let Some(base) = json["baseDefinition"].as_str() {
                let base = base.rsplit('/').next().unwrap_or("");
                out.parents.insert(text(&json["type"]), base.to_owned());
            }
            for element in
                json["snapshot"]["elements"].as_array().or(json["snapshot"]["element"].as_array()).into_iter().flatten()
            {
                out.element(element);
            }
        }
        out
    }

    fn element(&mut self, element: &Json) {
        let path = text(&element["path"]);
        let Some((parent, last)) = path.rsplit_once('.') else {
            self.roots.insert(path.clone(), constraints(element));
            self.children.entry(path).or_default();
            return;
        };
        let mut types: Vec<String> = element["type"].as_array().into_iter().flatten().map(type_code).collect();
        if let Some(reference) = element["contentReference"].as_str() {
            types = vec![reference.trim_start_matches('#').to_owned()];
        } else if types.iter().any(|t| t == "BackboneElement" || t == "Element") {
            types = vec![path.clone()];
        }
        if path.ends_with(".id") && !parent.contains('.') && parent.starts_with(|c: char| c.is_ascii_uppercase()) {
            let resource = self.parents.contains_key(parent) || parent == "Resource";
            if resource && element["type"][0]["code"] != "id" && element["base"]["path"] == "Resource.id" {
                types = vec!["id".to_owned()];
            }
        }
        let choice = last.ends_with("[x]");
        let child = Child {
            constraints: constraints(element),
            types,
            choice,
            repeats: element["max"] != "1" && element["max"] != "0",
        };
        self.children.entry(parent.to_owned()).or_default().push((last.trim_end_matches("[x]").to_owned(), child));
    }

    /// Constraints of every node: those of its element definition, or of the type for resources.
    pub fn constrained(&self, tree: &mut Tree<'_>) -> Vec<(u32, Vec<&Constraint>)> {
        let root = names::text(tree.nodes[0].ty);
        let mut out: Vec<(u32, Vec<&Constraint>)> = vec![(0, self.roots.get(root).into_iter().flatten().collect())];
        self.descend(tree, 0, root, &mut |at, found| out.push((at, found)));
        out
    }

    fn descend<'d>(&'d self, tree: &mut Tree<'_>, at: u32, ty: &str, visit: &mut dyn FnMut(u32, Vec<&'d Constraint>)) {
        let mut next = tree.nodes[at as usize].first;
        while next != hallmark::tree::NONE {
            let child = next;
            next = tree.nodes[child as usize].next;
            let node = tree.nodes[child as usize];
            let name = names::text(node.name);
            let Some((base, found, choice)) = self.find(ty, name) else { continue };
            let found = if node.is(flags::RESOURCE) { names::text(node.ty).to_owned() } else { found };
            let shown = if found.contains('.') { "BackboneElement" } else { found.as_str() };
            let node = &mut tree.nodes[child as usize];
            node.base = names::intern(&base);
            node.ty = names::intern(shown);
            if choice {
                node.flags |= flags::CHOICE;
            }
            let own = self.children.get(ty).into_iter().flatten().find(|(b, _)| *b == base);
            let mut all: Vec<&Constraint> = own.into_iter().flat_map(|(_, c)| &c.constraints).collect();
            for more in self.roots.get(&found).into_iter().flatten() {
                if !all.iter().any(|c| c.key == more.key) {
                    all.push(more);
                }
            }
            visit(child, all);
            self.descend(tree, child, &found, visit);
        }
    }

    fn find(&self, ty: &str, name: &str) -> Option<(String, String, bool)> {
        for (base, child) in self.children.get(ty)? {
            if !child.choice {
                if base == name {
                    return Some((base.clone(), child.types.first()?.clone(), false));
                }
            } else if let Some(suffix) = name.strip_prefix(base.as_str()) {
                let found = child.types.iter().find(|t| {
                    let mut capital = (*t).clone();
                    capital[..1].make_ascii_uppercase();
                    capital == suffix
                });
                if let Some(found) = found {
                    return Some((base.clone(), found.clone(), true));
                }
            }
        }
        None
    }
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or("").to_owned()
}

fn type_code(json: &Json) -> String {
    let url = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type";
    let extension = json["extension"].as_array().into_iter().flatten().find(|e| e["url"] == url);
    match extension {
        Some(e) => e["valueUrl"].as_str().or(e["valueUri"].as_str()).unwrap_or("string").to_owned(),
        None => text(&json["code"]),
    }
}
