//! Findings as diagnostics.

use hallmark::finding::{Finding, Severity};
use hallmark::session::Checked;
use lsp_types::{Diagnostic, DiagnosticSeverity, NumberOrString, Range};

use crate::documents::Document;

/// Things not assessed that are named.
const NAMED: usize = 5;

/// The span of a finding in the text of a document; its start where it is about no part.
pub fn span(document: &Document, finding: &Finding) -> std::ops::Range<usize> {
    let mark = document.mark();
    let whole = finding.span.range();
    let end = (whole.end + mark).min(document.text.len());
    (whole.start + mark).min(end)..end
}

/// What is shown beside the text: findings, then what could not be checked.
pub fn diagnostics(document: &Document, checked: &Checked) -> Vec<Diagnostic> {
    let mut out: Vec<Diagnostic> = checked.findings.iter().map(|finding| of(document, finding)).collect();
    if !checked.not_assessed.is_empty() {
        let total: u64 = checked.not_assessed.iter().map(|(_, n)| n).sum();
        let named =
            checked.not_assessed.iter().take(NAMED).map(|(what, _)| format!("{} {}", what.what, what.canonical));
        let more = checked.not_assessed.len().saturating_sub(NAMED);
        let tail = if more > 0 { format!("\nand {more} more") } else { String::new() };
        let says = format!("not assessed, {total} in all:\n{}{tail}", named.collect::<Vec<_>>().join("\n"));
        out.push(Diagnostic { severity: Some(DiagnosticSeverity::HINT), ..said(says) });
    }
    out
}

/// Why there are none.
pub fn not_checked(why: &str) -> Diagnostic {
    Diagnostic { severity: Some(DiagnosticSeverity::ERROR), ..said(format!("not checked: {why}")) }
}

fn said(message: String) -> Diagnostic {
    Diagnostic { range: Range::default(), source: Some("hallmark".into()), message, ..Diagnostic::default() }
}

/// One finding. Those that do not count are hints.
pub fn of(document: &Document, finding: &Finding) -> Diagnostic {
    let severity = match finding.severity {
        _ if !finding.counts() => DiagnosticSeverity::HINT,
        Severity::Fatal | Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
    };
    let mut message = finding.says.clone();
    for note in &finding.notes {
        message.push('\n');
        message.push_str(note);
    }
    if let Some(reason) = &finding.waived {
        message.push_str(&format!("\nwaived: {reason}"));
    }
    if finding.shadow {
        message.push_str("\nshadow: shown, not counted");
    }
    Diagnostic {
        range: document.lines.between(&document.text, &span(document, finding)),
        severity: Some(severity),
        code: Some(NumberOrString::String(finding.meta.id.to_owned())),
        ..said(message)
    }
}
