//! A supplier's answers to a list of requirements, as the Supplier Conformance Assessment List (SCAL) of GP Connect and
//! other national services is laid out: separated by pipes, a requirement a line, the answer in a column beside it.

use super::separated::{Cell, rows};
use crate::schema::{Fault, Faults};

/// Heads by which the layout is told from others.
const HEADS: [&str; 2] = ["identifier", "description"];

/// Heads of the column that holds the answer; the published list has none of these.
const ANSWERS: [&str; 6] = ["response", "supplier response", "answer", "status", "compliance", "compliant"];

/// Heads of the column that holds what shows it.
const SHOWN: [&str; 3] = ["evidence", "evidence reference", "evidence provided"];

/// What a supplier answered, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers {
    /// Requirements.
    pub(super) all: u64,
    /// Answered as met.
    pub(super) met: u64,
    /// Answered as met in part.
    pub(super) partly: u64,
    /// Answered as not met.
    pub(super) not_met: u64,
    /// Answered as not applicable.
    pub(super) not_applicable: u64,
    /// Not answered, or in words that say none of these.
    pub(super) open: u64,
    /// Answered as met, with something that shows it.
    pub(super) shown: u64,
    /// Identifiers of requirements that are not met or open, in order.
    pub(super) left: Vec<String>,
}

impl Answers {
    /// The statement it amounts to. That a list is issued or current is for those to state who assessed it.
    pub(super) fn value(&self) -> &'static str {
        if self.all > self.open { "started" } else { "none" }
    }

    /// In words.
    pub(super) fn says(&self) -> Vec<String> {
        let mut says = vec![
            format!(
                "{} requirements: {} answered as met, {} in part, {} not met, {} not applicable, {} open",
                self.all, self.met, self.partly, self.not_met, self.not_applicable, self.open
            ),
            format!("{} of the {} answered as met name evidence", self.shown, self.met),
        ];
        if !self.left.is_empty() {
            let first: Vec<&str> = self.left.iter().take(10).map(String::as_str).collect();
            let more = self.left.len().saturating_sub(10);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            says.push(format!("not met or open: {}{more}", first.join(", ")));
        }
        says
    }
}

fn head(cell: &Cell) -> String {
    cell.text.to_ascii_lowercase().replace(['-', '_'], " ")
}

/// Whether a text is laid out as such a list.
pub(super) fn is_list(text: &str) -> bool {
    let first = text.trim_start_matches('\u{FEFF}').lines().next().unwrap_or_default();
    let heads: Vec<String> = first.split('|').map(|h| h.trim().trim_matches('"').to_ascii_lowercase()).collect();
    HEADS.iter().all(|h| heads.iter().any(|x| x == h))
}

/// Reads the answers.
///
/// # Errors
/// A row without an identifier, an identifier that stands there twice, or a quote that is not closed, with its place.
pub(super) fn answers(name: &str, text: &str) -> Result<Answers, Faults> {
    let rows = rows(name, text, '|')?;
    let heads: Vec<String> = rows.first().map(|r| r.iter().map(head).collect()).unwrap_or_default();
    let column = |names: &[&str]| heads.iter().position(|h| names.contains(&h.as_str()));
    let (identifier, answer, shown) = (column(&HEADS[..1]).unwrap_or(0), column(&ANSWERS), column(&SHOWN));
    let mut out = Answers::default();
    let mut faults = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for row in rows.iter().skip(1) {
        let text_of = |column: Option<usize>| column.and_then(|c| row.get(c)).map_or("", |c| c.text.as_str());
        let id = text_of(Some(identifier));
        let span = row.get(identifier).or(row.first()).map_or(0..0, |c| c.span.clone());
        if id.is_empty() {
            faults.push(Fault::new(name, text, span, "this requirement has no identifier", "Write the identifier"));
            continue;
        }
        if seen.contains(&id) {
            faults.push(Fault::new(name, text, span, "this identifier stands here twice", "Answer it once"));
            continue;
        }
        seen.push(id);
        out.all += 1;
        let word = text_of(answer).to_ascii_lowercase();
        let word = word.trim_end_matches(['.', '!']);
        match word {
            "met" | "yes" | "y" | "compliant" | "pass" | "passed" => {
                out.met += 1;
                out.shown += u64::from(!text_of(shown).is_empty());
            }
            "partly met" | "partial" | "partially met" | "partially compliant" => {
                out.partly += 1;
                out.left.push(id.to_string());
            }
            "not met" | "no" | "n" | "non-compliant" | "not compliant" | "fail" | "failed" => {
                out.not_met += 1;
                out.left.push(id.to_string());
            }
            "n/a" | "na" | "not applicable" => out.not_applicable += 1,
            _ => {
                out.open += 1;
                out.left.push(id.to_string());
            }
        }
    }
    if faults.is_empty() { Ok(out) } else { Err(Faults(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "Identifier|Use case|Type|Link|Description|Item|Test cases|Evidence required";

    #[test]
    fn answers_are_counted() {
        let list = format!(
            "{HEAD}|Response|Evidence\nA-1|all|SHALL||one|1||log|Met|run 7\nA-2|all|SHALL||\"two | three\"|2||log|Not met|\n\
             A-3|all|MAY||four|3|||N/A|\nA-4|all|SHALL||five|4|||in hand|\nA-5|all|SHALL||six|5|||Yes|\n"
        );
        let found = answers("list.csv", &list).unwrap();
        assert_eq!((found.all, found.met, found.not_met, found.not_applicable, found.open), (5, 2, 1, 1, 1));
        assert_eq!(
            (found.shown, found.left.as_slice(), found.value()),
            (1, &["A-2".into(), "A-4".into()][..], "started")
        );
    }

    #[test]
    fn the_published_list_is_no_answer() {
        assert!(is_list(&format!("{HEAD}\n")) && !is_list("criterion,value\n"));
        let list = format!("{HEAD}\nA-1|all|SHALL||one|1||log\n");
        assert_eq!(answers("list.csv", &list).unwrap().value(), "none");
        let twice = format!("{HEAD}\nA-1|||||||\nA-1|||||||\n|x||||||\n");
        let faults = answers("list.csv", &twice).unwrap_err().to_string();
        assert!(faults.contains("list.csv:3:1") && faults.contains("list.csv:4:1"), "{faults}");
    }
}
