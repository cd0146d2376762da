//! The text format: code frames with the line, the path, the reason and the remedy, what matters most first; repeated defects shown
//! once; tables by rule and file close it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::groups::{EXAMPLES, Group, Groups};
use super::row::{counted, sentence, thousands, uncounted};
use super::{WriteOptions, Writer};
use crate::finding::{Finding, Severity};
use crate::tally::RunOutcome;
use crate::text::Disclosure;

/// Bytes of a source line shown on each side of the span.
const AROUND: usize = 60;

/// Files that are named where there are several.
const FILES: usize = 10;
/// Canonicals that are named of each kind of what could not be checked.
const NAMED: usize = 3;

pub(super) struct Text<'o, W> {
    options: &'o WriteOptions,
    out: W,
    groups: Groups,
    /// Findings of each source, by severity.
    files: BTreeMap<String, BTreeMap<Severity, u64>>,
}

impl<'o, W: Write> Text<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out, groups: Groups::default(), files: BTreeMap::new() }
    }

    /// Frames, what matters most first; what was left out is said.
    fn frames(&mut self, groups: &[Group], outcome: &RunOutcome) -> io::Result<()> {
        let frames = handler(self.options);
        let most = self.options.most.unwrap_or(usize::MAX);
        for group in groups.iter().take(most) {
            let frame = Frame::new(&group.examples[0], group, outcome, self.options);
            let mut text = String::new();
            let drawn = frames.render_report(&mut text, &frame);
            drawn.map_err(|_| io::Error::other("a code frame could not be drawn"))?;
            writeln!(self.out, "{}\n", text.trim_end())?;
        }
        if groups.len() > most {
            let more = counted((groups.len() - most) as u64, "more defect");
            writeln!(self.out, "{more} not shown: --max-findings N shows N of them, and the other formats hold all\n")?;
        }
        Ok(())
    }

    /// Findings by rule, and by file where there are several.
    fn tables(&mut self, groups: &[Group]) -> io::Result<()> {
        let mut rules: BTreeMap<(Severity, &str), (u64, &str)> = BTreeMap::new();
        for group in groups {
            let meta = group.examples[0].meta;
            rules.entry((group.examples[0].severity, meta.id)).or_insert((0, meta.name)).0 += group.count;
        }
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|((severity, id), (count, _))| (*severity, std::cmp::Reverse(*count), *id));
        if !rules.is_empty() {
            writeln!(self.out, "by rule:")?;
        }
        for ((severity, id), (count, name)) in rules {
            writeln!(self.out, "  {:>8}  {:<11}  {id} {name}", thousands(count), severity.as_str())?;
        }
        let mut files: Vec<_> = std::mem::take(&mut self.files).into_iter().collect();
        if files.len() > 1 {
            writeln!(self.out, "by file:")?;
            let weight = |by: &BTreeMap<Severity, u64>| {
                Severity::ALL.map(|s| std::cmp::Reverse(by.get(&s).copied().unwrap_or(0)))
            };
            files.sort_by(|a, b| (weight(&a.1), &a.0).cmp(&(weight(&b.1), &b.0)));
            for (name, by) in files.iter().take(FILES) {
                let parts: Vec<String> = by.iter().map(|(severity, n)| counted(*n, severity.as_str())).collect();
                writeln!(self.out, "  {name}: {}", parts.join(", "))?;
            }
            if files.len() > FILES {
                writeln!(self.out, "  and {}", counted((files.len() - FILES) as u64, "more file"))?;
            }
        }
        Ok(())
    }

    /// What could not be checked: a line for each kind and remedy, the most frequent canonicals named.
    fn not_assessed(&mut self, outcome: &RunOutcome) -> io::Result<()> {
        let mut kinds: BTreeMap<(&str, String), BTreeMap<&str, u64>> = BTreeMap::new();
        for (what, count) in &outcome.not_assessed {
            let (kind, remedy) = super::remedy::of(what);
            let of = kinds.entry((kind, remedy.unwrap_or_default())).or_default();
            *of.entry(&what.canonical).or_default() += count;
        }
        if kinds.is_empty() {
            return Ok(());
        }
        let mut kinds: Vec<_> = kinds.into_iter().collect();
        let total = |of: &BTreeMap<&str, u64>| of.values().sum::<u64>();
        kinds.sort_by(|a, b| (total(&b.1), &a.0).cmp(&(total(&a.1), &b.0)));
        writeln!(self.out, "not assessed:")?;
        for ((what, remedy), of) in kinds {
            let all = total(&of);
            let mut of: Vec<(&str, u64)> = of.into_iter().collect();
            of.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            let named: Vec<&str> = of.iter().take(NAMED).map(|(canonical, _)| *canonical).collect();
            let more = of.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {} more", thousands(more as u64)) } else { String::new() };
            let remedy = if remedy.is_empty() { remedy } else { format!(": {remedy}") };
            writeln!(self.out, "  {:>8}  {what} {}{more}{remedy}", thousands(all), named.join(", "))?;
        }
        Ok(())
    }
}

impl<W: Write> Writer for Text<'_, W> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        self.groups.add(finding);
        let name = self.options.relative(&finding.source).into_owned();
        *self.files.entry(name).or_default().entry(finding.severity).or_default() += 1;
        Ok(())
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        let groups = std::mem::take(&mut self.groups).by_weight();
        if !self.options.statistics {
            self.frames(&groups, outcome)?;
        }
        self.tables(&groups)?;
        self.not_assessed(outcome)?;
        if !groups.is_empty() || !outcome.not_assessed.is_empty() {
            writeln!(self.out)?;
        }
        writeln!(self.out, "{}", sentence(outcome, self.options.new_only))?;
        self.out.flush()
    }
}

fn handler(options: &WriteOptions) -> GraphicalReportHandler {
    let theme = GraphicalTheme {
        characters: if options.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if options.colour { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(options.width.max(40))
        .with_links(false)
        // A path or a URL that is cut in two can be neither clicked nor copied.
        .with_break_words(false)
        .with_word_separator(textwrap::WordSeparator::AsciiSpace)
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
        .with_context_lines(0)
        .without_syntax_highlighting()
}

/// A finding in the shape miette draws.
#[derive(Debug)]
struct Frame {
    says: String,
    code: String,
    help: String,
    severity: miette::Severity,
    source: Option<SourceLine>,
    label: String,
}

impl Frame {
    fn new(finding: &Finding, group: &Group, outcome: &RunOutcome, options: &WriteOptions) -> Self {
        let name = options.relative(&finding.source).into_owned();
        let mut says = finding.says.clone();
        for note in &finding.notes {
            let _ = write!(says, "\n{note}");
        }
        let source = SourceLine::new(name.clone(), finding, options.disclosure);
        if source.is_none() {
            let _ = write!(says, "\nat {name}:{}:{} {}", finding.line, finding.column, finding.path);
        }
        Self {
            says,
            code: format!(
                "{} {} {}{}",
                finding.severity,
                finding.meta.id,
                finding.meta.name,
                if finding.shadow { " (shadow)" } else { "" }
            ),
            help: help(finding, group, outcome, options),
            severity: match finding.severity {
                _ if finding.shadow => miette::Severity::Advice,
                Severity::Fatal | Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Information => miette::Severity::Advice,
            },
            source,
            label: finding.path.clone(),
        }
    }
}

fn help(finding: &Finding, group: &Group, outcome: &RunOutcome, options: &WriteOptions) -> String {
    let mut help = finding.meta.remedy.to_string();
    if !finding.meta.why.is_empty() {
        let _ = write!(help, "\nwhy: {}", finding.meta.why);
    }
    if !finding.profile.is_empty() {
        let _ = write!(help, "\nasked by: {}", finding.profile);
    } else if !finding.meta.basis.is_empty() {
        let _ = write!(help, "\nasked by: {}", finding.meta.basis);
    }
    if let Some(why) = uncounted(finding) {
        let _ = write!(help, "\n{why}");
    }
    if options.baseline && !finding.new {
        help.push_str("\nknown: the baseline holds it");
    }
    if group.count > 1 {
        let _ = write!(
            help,
            "\nseen {} times, in {} of {}; also at",
            thousands(group.count),
            thousands(group.payloads),
            counted(outcome.summary.payloads.given, "payload")
        );
        for (i, example) in group.examples[1..].iter().enumerate() {
            let source = options.relative(&example.source);
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(help, "{comma} {source}:{}:{}", example.line, example.column);
        }
        if group.count as usize > EXAMPLES {
            let (source, line, column) = &group.last;
            let _ = write!(help, "\nlast seen at {}:{line}:{column}", options.relative(source));
        }
    }
    help
}

impl std::fmt::Display for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.says)
    }
}

impl std::error::Error for Frame {}

impl Diagnostic for Frame {
    fn code(&self) -> Option<Box<dyn std::fmt::Display + '_>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help(&self) -> Option<Box<dyn std::fmt::Display + '_>> {
        Some(Box::new(&self.help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|s| s as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let source = self.source.as_ref()?;
        let span = (source.mark.start, source.mark.len());
        Some(Box::new(std::iter::once(LabeledSpan::new(Some(self.label.clone()), span.0, span.1))))
    }
}

/// One line of a source, cut to what surrounds the span; in masked output, only the shape of the value.
#[derive(Debug)]
struct SourceLine {
    name: String,
    text: String,
    mark: Range<usize>,
    line: usize,
    column: usize,
}

impl SourceLine {
    fn new(name: String, finding: &Finding, disclosure: Disclosure) -> Option<Self> {
        let (text, mark) = match disclosure {
            Disclosure::Shown => {
                let (line, range) = finding.frame.as_ref()?;
                cut(&line.reveal(disclosure), range.clone())
            }
            Disclosure::Masked if finding.path.is_empty() => return None,
            Disclosure::Masked => {
                let step = finding.path.rsplit('.').next().unwrap_or_default();
                let step = step.strip_prefix("ofType(").map_or(step, |of| of.trim_end_matches(')'));
                match &finding.excerpt {
                    Some(excerpt) => {
                        let shape = excerpt.reveal(disclosure);
                        let head = format!("{step}: ");
                        let mark = head.len()..head.len() + shape.len();
                        (head + &shape, mark)
                    }
                    // What has no value of its own is pointed at by its name.
                    None => (step.to_owned(), 0..step.len()),
                }
            }
        };
        Some(Self {
            name,
            text,
            mark,
            line: (finding.line as usize).saturating_sub(1),
            column: (finding.column as usize).saturating_sub(1),
        })
    }
}

/// Cuts a line to the span and what is around it. Sanitising may have changed lengths: the range is clamped.
fn cut(line: &str, range: Range<usize>) -> (String, Range<usize>) {
    let start = floor(line, range.start);
    let end = floor(line, range.end.max(range.start).min(start + 2 * AROUND)).max(start);
    let from = floor(line, start.saturating_sub(AROUND));
    let to = floor(line, (end + AROUND).min(line.len()));
    let lead = if from > 0 { "…" } else { "" };
    let tail = if to < line.len() { "…" } else { "" };
    let shift = lead.len();
    let text = format!("{lead}{}{tail}", &line[from..to]);
    let mark = start - from + shift..(end - from + shift).max(start - from + shift);
    (text, mark)
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl SourceCode for SourceLine {
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            (0, self.text.len()).into(),
            self.line,
            self.column,
            1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_the_span() {
        let line = format!("{}é<here>{}", "x".repeat(500), "y".repeat(500));
        let start = line.find('<').unwrap();
        let (text, mark) = cut(&line, start..start + 6);
        assert_eq!(&text[mark], "<here>");
        assert!(text.starts_with('…') && text.ends_with('…') && text.len() < 200);
        let (text, mark) = cut("short", 40..50);
        assert_eq!((text.as_str(), mark), ("short", 5..5));
    }
}
