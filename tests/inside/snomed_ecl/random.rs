//! Random expressions over the concepts of a generated release: every construct that can be evaluated.

use hallmark::terminology::snomed::generate::{Dice, Generated, identifier, word};
use hallmark::terminology::snomed::{
    Acceptability, Attribute, Cardinality, Compare, Comparison, DefinitionStatus, DescriptionType, Dialect,
    DialectName, Expr, Filter, FilterBlock, Hierarchy, History, Membership, Node, Refinement, Search, SearchTerm, ids,
};
use hallmark::text::Span;

pub struct Pool<'g> {
    made: &'g Generated,
}

fn expr(node: Node) -> Expr {
    Expr { node, span: Span::default() }
}

fn concept(id: u64) -> Expr {
    expr(Node::Concept { id, term: None })
}

fn pick<T: Copy>(dice: &mut Dice, from: &[T]) -> T {
    from[dice.below(from.len())]
}

const HIERARCHY: [Hierarchy; 10] = [
    Hierarchy::Descendants,
    Hierarchy::DescendantsOrSelf,
    Hierarchy::Children,
    Hierarchy::ChildrenOrSelf,
    Hierarchy::Ancestors,
    Hierarchy::AncestorsOrSelf,
    Hierarchy::Parents,
    Hierarchy::ParentsOrSelf,
    Hierarchy::Top,
    Hierarchy::Bottom,
];

const COMPARE: [Compare; 6] =
    [Compare::Equal, Compare::NotEqual, Compare::Less, Compare::LessOrEqual, Compare::Greater, Compare::GreaterOrEqual];

impl<'g> Pool<'g> {
    pub fn new(made: &'g Generated) -> Self {
        Self { made }
    }

    /// Any concept, high ones more often.
    pub fn any(&self, dice: &mut Dice) -> u64 {
        let active = &self.made.active;
        match dice.below(10) {
            0 => pick(dice, &self.made.inactive),
            1 => pick(dice, &self.made.attributes),
            2 => ids::ROOT,
            3..=6 => active[dice.below(40.min(active.len()))],
            _ => pick(dice, active),
        }
    }

    fn few(&self, dice: &mut Dice, depth: u32) -> Vec<Expr> {
        (0..2 + dice.below(2)).map(|_| self.expr(dice, depth - 1)).collect()
    }

    pub fn expr(&self, dice: &mut Dice, depth: u32) -> Expr {
        if depth == 0 {
            return match dice.below(8) {
                0 => concept(self.any(dice)),
                1 => expr(Node::Any),
                2 => self.members(dice),
                _ => {
                    let of = concept(self.any(dice));
                    expr(Node::Hierarchy(pick(dice, &HIERARCHY[..4]), Box::new(of)))
                }
            };
        }
        let inner = |dice: &mut Dice| Box::new(self.expr(dice, depth - 1));
        expr(match dice.below(14) {
            0 => Node::Hierarchy(pick(dice, &HIERARCHY), inner(dice)),
            1 | 2 => {
                let of = Box::new(concept(self.any(dice)));
                Node::Hierarchy(pick(dice, &HIERARCHY), of)
            }
            3 => return self.members(dice),
            4 => Node::And(self.few(dice, depth)),
            5 => Node::Or(self.few(dice, depth)),
            6 => Node::Minus(inner(dice), inner(dice)),
            7..=9 => {
                let focus = if dice.chance(50) { expr(Node::Any) } else { *inner(dice) };
                Node::Refined(Box::new(focus), Box::new(self.refinement(dice, 2, false)))
            }
            10 => Node::Dotted(inner(dice), Box::new(concept(self.made.attributes[1 + dice.below(3)]))),
            11 => {
                let filters = (0..1 + dice.below(2)).map(|_| self.concept_filter(dice)).collect();
                // Directly after a `^` a member filter is its own.
                let focus = inner(dice);
                if dice.chance(15)
                    && !matches!(focus.node, Node::MemberOf(_) | Node::Filtered(..) | Node::Hierarchy(..))
                {
                    return expr(Node::Filtered(focus, FilterBlock::Members(vec![self.shared_filter(dice)])));
                }
                Node::Filtered(focus, FilterBlock::Concepts(filters))
            }
            12 => {
                let filters = (0..1 + dice.below(3)).map(|_| self.description_filter(dice)).collect();
                Node::Filtered(inner(dice), FilterBlock::Descriptions(filters))
            }
            _ => {
                let history = match dice.below(6) {
                    0 => History::Default,
                    1 => History::Min,
                    2 => History::Mod,
                    3 => History::Max,
                    4 => History::Of(Box::new(concept(ids::SAME_AS))),
                    _ => {
                        let of = Box::new(concept(ids::HISTORICAL_ASSOCIATION));
                        History::Of(Box::new(expr(Node::Hierarchy(Hierarchy::Descendants, of))))
                    }
                };
                Node::History(inner(dice), history)
            }
        })
    }

    fn members(&self, dice: &mut Dice) -> Expr {
        let of = match dice.below(6) {
            0 => expr(Node::Any),
            1 => expr(Node::Or((0..2).map(|_| concept(pick(dice, &self.made.refsets))).collect())),
            2 => expr(Node::Hierarchy(Hierarchy::ChildrenOrSelf, Box::new(concept(900_000_000_000_441_003)))),
            _ => concept(pick(dice, &self.made.refsets)),
        };
        // A filter by a column needs refsets that have it: associations, or any of all.
        let (of, filters) = match dice.below(8) {
            0 => (of, vec![vec![self.shared_filter(dice)]]),
            1 => {
                let value = Box::new(self.expr(dice, 0));
                let comparison = Comparison::Concepts { negated: dice.chance(20), value };
                let field = Filter::Field { name: "targetComponentId".into(), comparison };
                (concept(pick(dice, &[ids::SAME_AS, ids::REPLACED_BY])), vec![vec![field]])
            }
            _ => (of, Vec::new()),
        };
        expr(Node::MemberOf(Box::new(Membership { fields: None, of, filters })))
    }

    fn refinement(&self, dice: &mut Dice, depth: u32, in_group: bool) -> Refinement {
        let few = |dice: &mut Dice| (0..2).map(|_| self.refinement(dice, depth - 1, in_group)).collect();
        match dice.below(if depth == 0 { 4 } else { 10 }) {
            4 | 5 => Refinement::And(few(dice)),
            6 | 7 => Refinement::Or(few(dice)),
            8 | 9 if !in_group => Refinement::Group {
                cardinality: self.cardinality(dice),
                within: Box::new(self.refinement(dice, depth - 1, true)),
            },
            _ => Refinement::Attribute(Box::new(self.attribute(dice, in_group))),
        }
    }

    fn cardinality(&self, dice: &mut Dice) -> Option<Cardinality> {
        let (min, max) =
            pick(dice, &[(0, Some(0)), (0, Some(1)), (1, Some(1)), (1, None), (2, None), (1, Some(3)), (0, None)]);
        dice.chance(40).then_some(Cardinality { min, max })
    }

    fn attribute(&self, dice: &mut Dice, in_group: bool) -> Attribute {
        let reverse = !in_group && dice.chance(15);
        let kind = pick(dice, &self.made.attributes);
        let name = match dice.below(4) {
            0 => expr(Node::Any),
            1 => expr(Node::Hierarchy(Hierarchy::DescendantsOrSelf, Box::new(concept(self.made.attributes[0])))),
            _ => concept(kind),
        };
        let negated = dice.chance(25);
        let comparison = match dice.below(if reverse { 6 } else { 9 }) {
            6 | 7 => {
                let number = format!("{}{}.{}", pick(dice, &["", "+", "-"]), dice.below(40), dice.below(10));
                Comparison::Number(pick(dice, &COMPARE), number.into())
            }
            8 => Comparison::Text { negated, terms: self.terms(dice) },
            0 => Comparison::Concepts { negated, value: Box::new(expr(Node::Any)) },
            _ => Comparison::Concepts { negated, value: Box::new(self.expr(dice, 0)) },
        };
        Attribute { cardinality: self.cardinality(dice), reverse, name, comparison, span: Span::default() }
    }

    fn terms(&self, dice: &mut Dice) -> Vec<SearchTerm> {
        let count = 1 + usize::from(dice.chance(30));
        (0..count)
            .map(|_| {
                let word = word(dice.below(60));
                let cut = word.char_indices().nth(3).map_or(word.len(), |(at, _)| at);
                let (how, text) = match dice.below(6) {
                    0 => (Some(Search::Exact), word),
                    1 => (Some(Search::Wild), format!("*{}*", &word[..cut])),
                    2 => (Some(Search::Wild), format!("{}*", &word[..cut])),
                    3 => (Some(Search::Match), format!("{} syn", &word[..cut].to_uppercase())),
                    _ => (None, word[..cut].to_owned()),
                };
                SearchTerm { how, text: text.into() }
            })
            .collect()
    }

    fn shared_filter(&self, dice: &mut Dice) -> Filter {
        let negated = dice.chance(25);
        match dice.below(3) {
            0 => Filter::Active { negated, value: dice.chance(50) },
            1 => {
                let module = pick(dice, &[ids::CORE_MODULE, self.made.module, 22_298_006]);
                Filter::Module { negated, value: Box::new(concept(module)) }
            }
            _ => Filter::EffectiveTime {
                compare: pick(dice, &COMPARE),
                dates: vec![pick(dice, &[20_200_131, 20_250_312, 20_230_101])],
            },
        }
    }

    fn concept_filter(&self, dice: &mut Dice) -> Filter {
        let negated = dice.chance(25);
        match dice.below(5) {
            0 => Filter::DefinitionStatus { negated, values: vec![DefinitionStatus::Defined] },
            1 => Filter::DefinitionStatusId { negated, value: Box::new(concept(ids::PRIMITIVE)) },
            _ => self.shared_filter(dice),
        }
    }

    fn description_filter(&self, dice: &mut Dice) -> Filter {
        let negated = dice.chance(20);
        match dice.below(9) {
            0..=2 => Filter::Term { negated, terms: self.terms(dice) },
            3 => Filter::Language { negated, codes: vec![pick(dice, &["en", "cy"]).into()] },
            4 => {
                let types = vec![pick(
                    dice,
                    &[DescriptionType::Synonym, DescriptionType::FullySpecifiedName, DescriptionType::Definition],
                )];
                Filter::Type { negated, types }
            }
            5 => Filter::TypeId { negated, value: Box::new(concept(pick(dice, &[ids::FSN, ids::DEFINITION]))) },
            6 => {
                let acceptability = match dice.below(4) {
                    0 => vec![],
                    1 => vec![Acceptability::Preferred],
                    2 => vec![Acceptability::Acceptable],
                    _ => vec![Acceptability::Id(ids::PREFERRED), Acceptability::Acceptable],
                };
                let which = if dice.chance(50) {
                    DialectName::Alias(pick(dice, &["en-gb", "en-nhs-clinical", "en-nhs-pharmacy", "en-us"]).into())
                } else {
                    DialectName::Id(concept(pick(dice, &[ids::GB_ENGLISH, ids::NHS_CLINICAL])))
                };
                Filter::Dialect { negated, dialects: vec![Dialect { which, acceptability: vec![] }], acceptability }
            }
            7 => Filter::Id { negated, ids: (0..2).map(|_| identifier(1 + dice.below(1500) as u64, 11)).collect() },
            _ => self.shared_filter(dice),
        }
    }
}
