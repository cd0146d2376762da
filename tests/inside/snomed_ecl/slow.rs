//! The slow evaluator: rows in hash maps, sets of identifiers, definitions taken literally.

use hallmark::terminology::snomed::{
    Acceptability, Attribute, Comparison, DefinitionStatus, DescriptionType, DialectName, Expr, Filter, FilterBlock,
    Hierarchy, History, Node, Refinement, Search, SearchTerm, fold, ids,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;

type Set = BTreeSet<u64>;
type Row = Vec<String>;

pub struct Slow {
    pub concepts: BTreeMap<u64, Row>,
    descriptions: HashMap<u64, Vec<Row>>,
    /// Source, type, value as text, group.
    relationships: HashMap<u64, Vec<(u64, String, u64)>>,
    parents: HashMap<u64, Set>,
    members: HashMap<u64, Set>,
    /// Refset, concept, the whole row, and the names of its columns.
    member_rows: Vec<(u64, u64, Row, Row)>,
    languages: HashMap<String, Vec<(u64, u64)>>,
    associations: Vec<(u64, u64, u64)>,
    above: HashMap<u64, Rc<Set>>,
    /// Answers within one expression, by where the part stands in memory.
    known: RefCell<HashMap<*const Expr, Rc<Set>>>,
}

fn number(text: &str) -> u64 {
    text.parse().unwrap()
}

/// Latest row of each identifier over all files whose name has `part`.
fn table(folder: &Path, part: &str) -> Vec<Row> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().contains(part) {
            continue;
        }
        for line in std::fs::read_to_string(entry.path()).unwrap().lines().skip(1) {
            let row: Row = line.split('\t').map(str::to_owned).collect();
            match rows.get(&row[0]) {
                Some(old) if old[1] > row[1] => {}
                _ => drop(rows.insert(row[0].clone(), row)),
            }
        }
    }
    rows.into_values().collect()
}

/// The same with the header of the file, for files whose name holds `part` and goes on with no letter of another one.
fn with_header(folder: &Path, part: &str) -> Vec<(Row, Row)> {
    let header = |path: &Path| -> Row {
        std::fs::read_to_string(path).unwrap().lines().next().unwrap().split('\t').map(str::to_owned).collect()
    };
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let named = |name: &str| name.contains(part) && (part != "_Simple" || !name.contains("_SimpleMap"));
    let Some(first) = files.into_iter().find(|f| named(&f.file_name().to_string_lossy())) else { return Vec::new() };
    let names = header(first.path());
    table(folder, part).into_iter().filter(|row| row.len() == names.len()).map(|row| (row, names.clone())).collect()
}

impl Slow {
    pub fn read(folder: &Path) -> Self {
        let mut slow = Self {
            concepts: table(folder, "_Concept_").into_iter().map(|row| (number(&row[0]), row)).collect(),
            descriptions: HashMap::new(),
            relationships: HashMap::new(),
            parents: HashMap::new(),
            members: HashMap::new(),
            member_rows: Vec::new(),
            languages: HashMap::new(),
            associations: Vec::new(),
            above: HashMap::new(),
            known: RefCell::default(),
        };
        for part in ["_Description_", "_TextDefinition_"] {
            for row in table(folder, part) {
                slow.descriptions.entry(number(&row[4])).or_default().push(row);
            }
        }
        for part in ["_Relationship_", "_RelationshipConcreteValues_"] {
            for row in table(folder, part).into_iter().filter(|row| row[2] == "1") {
                let (source, kind) = (number(&row[4]), number(&row[7]));
                if kind == ids::IS_A {
                    slow.parents.entry(source).or_default().insert(number(&row[5]));
                } else {
                    slow.relationships.entry(source).or_default().push((kind, row[5].clone(), number(&row[6])));
                }
            }
        }
        for row in table(folder, "_Language").into_iter().filter(|row| row[2] == "1") {
            slow.languages.entry(row[5].clone()).or_default().push((number(&row[4]), number(&row[6])));
        }
        for part in ["_Simple", "_SimpleMap", "_AttributeValue", "_Association"] {
            for (row, names) in with_header(folder, part) {
                slow.member_rows.push((number(&row[4]), number(&row[5]), row, names));
            }
            for row in table(folder, part).into_iter().filter(|row| row[2] == "1") {
                slow.members.entry(number(&row[4])).or_default().insert(number(&row[5]));
                if part == "_Association" {
                    slow.associations.push((number(&row[5]), number(&row[4]), number(&row[6])));
                }
            }
        }
        slow.above = slow.all().into_iter().map(|c| (c, Rc::new(slow.climb(c)))).collect();
        slow
    }

    fn all(&self) -> Set {
        self.concepts.keys().copied().collect()
    }

    fn active(&self, set: Set) -> Set {
        set.into_iter().filter(|c| self.concepts[c][2] == "1").collect()
    }

    /// Concepts with a row that passes, of the refsets named or of all.
    fn by_rows(&self, refsets: Option<&Set>, blocks: &[Vec<Filter>]) -> Set {
        let filters: Vec<&Filter> = blocks.iter().flatten().collect();
        let asks_active = filters.iter().any(|f| matches!(f, Filter::Active { .. }));
        let fits = |(refset, _, row, names): &&(u64, u64, Row, Row)| {
            refsets.is_none_or(|refsets| refsets.contains(refset))
                && (asks_active || row[2] == "1")
                && filters.iter().all(|filter| match filter {
                    Filter::Field { name, comparison } => {
                        let Some(at) = names.iter().position(|n| n.eq_ignore_ascii_case(name)) else { return false };
                        match comparison {
                            Comparison::Text { negated, terms } => {
                                terms.iter().any(|term| found(&row[at], term, Search::Match)) != *negated
                            }
                            Comparison::Concepts { negated, value } => {
                                self.evaluate(value).contains(&number(&row[at])) != *negated
                            }
                            _ => unreachable!("not generated"),
                        }
                    }
                    filter => self.passes(row, filter),
                })
        };
        let known = self.member_rows.iter().filter(fits).map(|(_, concept, ..)| *concept);
        known.filter(|concept| self.concepts.contains_key(concept)).collect()
    }

    fn ancestors(&self, concept: u64) -> &Set {
        &self.above[&concept]
    }

    fn climb(&self, concept: u64) -> Set {
        let mut found = Set::new();
        let mut open = vec![concept];
        while let Some(at) = open.pop() {
            for parent in self.parents.get(&at).into_iter().flatten() {
                if found.insert(*parent) {
                    open.push(*parent);
                }
            }
        }
        found
    }

    fn parents(&self, concept: u64) -> Set {
        self.parents.get(&concept).cloned().unwrap_or_default()
    }

    /// The answer for a whole expression.
    pub fn whole(&self, expr: &Expr) -> Rc<Set> {
        self.known.borrow_mut().clear();
        self.evaluate(expr)
    }

    fn evaluate(&self, expr: &Expr) -> Rc<Set> {
        if let Some(set) = self.known.borrow().get(&std::ptr::from_ref(expr)) {
            return set.clone();
        }
        let set = Rc::new(self.compute(expr));
        self.known.borrow_mut().insert(expr, set.clone());
        set
    }

    fn compute(&self, expr: &Expr) -> Set {
        match &expr.node {
            Node::Concept { id, .. } => self.all().into_iter().filter(|c| c == id).collect(),
            Node::Any => self.active(self.all()),
            Node::And(items) => {
                let sets: Vec<Rc<Set>> = items.iter().map(|item| self.evaluate(item)).collect();
                self.all().into_iter().filter(|c| sets.iter().all(|set| set.contains(c))).collect()
            }
            Node::Or(items) => {
                items.iter().flat_map(|item| self.evaluate(item).iter().copied().collect::<Vec<_>>()).collect()
            }
            Node::Minus(left, right) => {
                let right = self.evaluate(right);
                self.evaluate(left).iter().copied().filter(|c| !right.contains(c)).collect()
            }
            Node::Hierarchy(operator, operand) => self.active(self.related(*operator, &self.evaluate(operand))),
            Node::MemberOf(membership) => {
                let refsets = match membership.of.node {
                    Node::Any => Rc::new(self.all()),
                    _ => self.evaluate(&membership.of),
                };
                if !membership.filters.is_empty() {
                    return self.by_rows(Some(&refsets), &membership.filters);
                }
                refsets.iter().flat_map(|refset| self.members.get(refset).cloned().unwrap_or_default()).collect()
            }
            Node::Refined(focus, refinement) => {
                self.evaluate(focus).iter().copied().filter(|c| self.refined(*c, refinement, None)).collect()
            }
            Node::Dotted(focus, attribute) => {
                let types = self.evaluate(attribute);
                let rows = self
                    .evaluate(focus)
                    .iter()
                    .copied()
                    .collect::<Vec<_>>()
                    .into_iter()
                    .flat_map(|c| self.rows(c, None));
                rows.filter(|(kind, ..)| types.contains(kind)).filter_map(|(_, value, _)| value.parse().ok()).collect()
            }
            Node::Filtered(focus, FilterBlock::Members(filters)) => {
                let rows = self.by_rows(None, std::slice::from_ref(filters));
                self.evaluate(focus).iter().copied().filter(|c| rows.contains(c)).collect()
            }
            Node::Filtered(focus, block @ FilterBlock::Concepts(filters)) => (match focus.node {
                Node::Any if block.asks_active() => Rc::new(self.all()),
                _ => self.evaluate(focus),
            })
            .iter()
            .copied()
            .filter(|c| filters.iter().all(|filter| self.concept_passes(*c, filter)))
            .collect(),
            Node::Filtered(focus, FilterBlock::Descriptions(filters)) => {
                let asks_active = filters.iter().any(|filter| matches!(filter, Filter::Active { .. }));
                let passes = |row: &Row| {
                    (asks_active || row[2] == "1") && filters.iter().all(|filter| self.description_passes(row, filter))
                };
                let any = |c: &u64| self.descriptions.get(c).is_some_and(|rows| rows.iter().any(passes));
                self.evaluate(focus).iter().copied().filter(any).collect()
            }
            Node::History(focus, history) => {
                let mut set = self.evaluate(focus).as_ref().clone();
                let kinds: Vec<u64> = match history {
                    History::Min => vec![ids::SAME_AS],
                    History::Mod => vec![ids::SAME_AS, ids::REPLACED_BY, ids::WAS_A, ids::PARTIALLY_EQUIVALENT_TO],
                    History::Of(refsets) => self.evaluate(refsets).iter().copied().collect(),
                    _ => self.associations.iter().map(|(_, kind, _)| *kind).collect(),
                };
                let more =
                    self.associations.iter().filter(|(_, kind, target)| kinds.contains(kind) && set.contains(target));
                let more: Vec<u64> = more.map(|(source, ..)| *source).collect();
                set.extend(more);
                set
            }
            Node::Alternate { .. } => unreachable!("not generated"),
        }
    }

    fn related(&self, operator: Hierarchy, of: &Set) -> Set {
        let below = |proper: bool| -> Set {
            let is = |c: &u64| !proper && of.contains(c) || self.ancestors(*c).iter().any(|a| of.contains(a));
            self.all().into_iter().filter(is).collect()
        };
        let above = || of.iter().flat_map(|c| self.ancestors(*c)).copied().collect::<Set>();
        let children =
            || self.all().into_iter().filter(|c| self.parents(*c).iter().any(|p| of.contains(p))).collect::<Set>();
        let parents = || of.iter().flat_map(|c| self.parents(*c)).collect::<Set>();
        let with = |set: Set| set.union(of).copied().collect();
        match operator {
            Hierarchy::Descendants => below(true),
            Hierarchy::DescendantsOrSelf => below(false),
            Hierarchy::Children => children(),
            Hierarchy::ChildrenOrSelf => with(children()),
            Hierarchy::Ancestors => above(),
            Hierarchy::AncestorsOrSelf => with(above()),
            Hierarchy::Parents => parents(),
            Hierarchy::ParentsOrSelf => with(parents()),
            Hierarchy::Top => of.iter().copied().filter(|c| self.ancestors(*c).is_disjoint(of)).collect(),
            Hierarchy::Bottom => {
                let above = above();
                of.iter().copied().filter(|c| !above.contains(c)).collect()
            }
        }
    }

    fn rows(&self, concept: u64, group: Option<u64>) -> Vec<(u64, String, u64)> {
        let rows = self.relationships.get(&concept).cloned().unwrap_or_default();
        rows.into_iter().filter(|(_, _, g)| group.is_none_or(|group| group == *g)).collect()
    }

    fn refined(&self, concept: u64, refinement: &Refinement, group: Option<u64>) -> bool {
        match refinement {
            Refinement::And(items) => items.iter().all(|item| self.refined(concept, item, group)),
            Refinement::Or(items) => items.iter().any(|item| self.refined(concept, item, group)),
            Refinement::Group { cardinality, within } => {
                let groups: BTreeSet<u64> =
                    self.rows(concept, None).iter().map(|row| row.2).filter(|g| *g > 0).collect();
                let count = groups.iter().filter(|g| self.refined(concept, within, Some(**g))).count();
                match cardinality {
                    Some(c) => count >= c.min as usize && c.max.is_none_or(|max| count <= max as usize),
                    None => count > 0,
                }
            }
            Refinement::Attribute(attribute) => {
                let count = self.count(concept, attribute, group);
                match attribute.cardinality {
                    Some(c) => count >= c.min as usize && c.max.is_none_or(|max| count <= max as usize),
                    None => count > 0,
                }
            }
        }
    }

    fn count(&self, concept: u64, attribute: &Attribute, group: Option<u64>) -> usize {
        let types = self.evaluate(&attribute.name);
        if attribute.reverse {
            let Comparison::Concepts { negated, value } = &attribute.comparison else { unreachable!() };
            let sources = self.evaluate(value);
            let fits = |row: &&(u64, String, u64)| types.contains(&row.0) && row.1 == concept.to_string();
            let of = self.relationships.iter().filter(|(source, _)| sources.contains(source) != *negated);
            return of.map(|(_, rows)| rows.iter().filter(fits).count()).sum();
        }
        let fits: Box<dyn Fn(&str) -> bool> = match &attribute.comparison {
            Comparison::Concepts { negated, value } => {
                let set = self.evaluate(value);
                Box::new(move |text| text.parse().is_ok_and(|id| set.contains(&id) != *negated))
            }
            Comparison::Number(compare, wanted) => {
                // Values and operands have one decimal at most: tenths are exact.
                let tenths = |text: &str| (text.parse::<f64>().unwrap() * 10.0).round() as i64;
                let wanted = tenths(wanted);
                Box::new(move |text| {
                    text.strip_prefix('#').is_some_and(|text| compare.holds(tenths(text).cmp(&wanted)))
                })
            }
            Comparison::Text { negated, terms } => Box::new(move |text| {
                let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                inner.is_some_and(|text| terms.iter().any(|t| found(text, t, Search::Exact)) != *negated)
            }),
            Comparison::Bool { .. } => unreachable!("not generated"),
        };
        self.rows(concept, group).iter().filter(|(kind, value, _)| types.contains(kind) && fits(value)).count()
    }

    fn concept_passes(&self, concept: u64, filter: &Filter) -> bool {
        let row = &self.concepts[&concept];
        match filter {
            Filter::DefinitionStatus { negated, values } => {
                let is = |status: &DefinitionStatus| match status {
                    DefinitionStatus::Primitive => row[4] == ids::PRIMITIVE.to_string(),
                    DefinitionStatus::Defined => row[4] == ids::DEFINED.to_string(),
                };
                values.iter().any(is) != *negated
            }
            Filter::DefinitionStatusId { negated, value } => {
                self.evaluate(value).contains(&number(&row[4])) != *negated
            }
            _ => self.passes(row, filter),
        }
    }

    /// Filters that any component has.
    fn passes(&self, row: &Row, filter: &Filter) -> bool {
        match filter {
            Filter::Active { negated, value } => (row[2] == if *value { "1" } else { "0" }) != *negated,
            Filter::Module { negated, value } => self.evaluate(value).contains(&number(&row[3])) != *negated,
            Filter::EffectiveTime { compare, dates } => {
                let [date] = dates[..] else { unreachable!("one date is generated") };
                compare.holds(row[1].parse::<u32>().unwrap().cmp(&date))
            }
            _ => unreachable!("not generated here"),
        }
    }

    fn description_passes(&self, row: &Row, filter: &Filter) -> bool {
        match filter {
            Filter::Term { negated, terms } => terms.iter().any(|term| found(&row[7], term, Search::Match)) != *negated,
            Filter::Language { negated, codes } => codes.iter().any(|code| **code == row[5]) != *negated,
            Filter::Type { negated, types } => {
                let id = |kind: &DescriptionType| match kind {
                    DescriptionType::Synonym => ids::SYNONYM,
                    DescriptionType::FullySpecifiedName => ids::FSN,
                    DescriptionType::Definition => ids::DEFINITION,
                };
                types.iter().any(|kind| id(kind) == number(&row[6])) != *negated
            }
            Filter::TypeId { negated, value } => self.evaluate(value).contains(&number(&row[6])) != *negated,
            Filter::Id { negated, ids } => ids.contains(&number(&row[0])) != *negated,
            Filter::Dialect { negated, dialects, acceptability } => {
                let entries = self.languages.get(&row[0]).cloned().unwrap_or_default();
                let fits = dialects.iter().any(|dialect| {
                    let refsets = match &dialect.which {
                        DialectName::Alias(alias) => {
                            Rc::new([ids::DIALECTS.iter().find(|(name, _)| *name == &**alias).unwrap().1].into())
                        }
                        DialectName::Id(expr) => self.evaluate(expr),
                    };
                    let wanted = if dialect.acceptability.is_empty() { acceptability } else { &dialect.acceptability };
                    entries.iter().any(|(refset, how)| {
                        refsets.contains(refset)
                            && (wanted.is_empty()
                                || wanted.iter().any(|w| match w {
                                    Acceptability::Preferred => *how == ids::PREFERRED,
                                    Acceptability::Acceptable => *how == ids::ACCEPTABLE,
                                    Acceptability::Id(id) => how == id,
                                }))
                    })
                });
                fits != *negated
            }
            _ => self.passes(row, filter),
        }
    }
}

fn found(text: &str, term: &SearchTerm, default: Search) -> bool {
    match term.how.unwrap_or(default) {
        Search::Exact => text == &*term.text,
        Search::Match => {
            let split = |text: &str| -> Vec<String> {
                let words = fold(text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
                words.into_iter().filter(|word| !word.is_empty()).collect()
            };
            let words = split(text);
            split(&term.text).iter().all(|wanted| words.iter().any(|word| word.starts_with(wanted)))
        }
        Search::Wild => {
            let pattern: String = fold(&term.text).split('*').map(regex::escape).collect::<Vec<_>>().join(".*");
            regex::Regex::new(&format!("^{pattern}$")).unwrap().is_match(&fold(text))
        }
    }
}
