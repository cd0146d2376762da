//! `hallmark rules`, completions and the manual page: lists made from metadata.

use std::fmt::Write as _;
use std::path::Path;

use clap::CommandFactory;
use serde_json::json;

use super::args::{Args, Listing, Rules};
use super::{Exit, Failure, print};
use crate::output;
use crate::report::rule_pages;
use crate::session::rules;
use crate::text::counted;

/// Prints every rule.
pub fn run(args: &Rules) -> Result<Exit, Failure> {
    let text = match args.format {
        Listing::Text => text(),
        Listing::Json => json_list(),
        Listing::Markdown => markdown(),
        Listing::Html => return pages(args.output.as_deref().unwrap_or_else(|| Path::new("."))),
    };
    print(&text)
}

/// Writes the documentation of every rule.
fn pages(folder: &Path) -> Result<Exit, Failure> {
    let fail = |path: &Path, e: std::io::Error| Failure::io(&path.display().to_string(), &e);
    std::fs::create_dir_all(folder).map_err(|e| fail(folder, e))?;
    for page in rule_pages(rules(), env!("CARGO_PKG_VERSION")) {
        let path = folder.join(&page.file);
        output::write(&path, page.text.as_bytes()).map_err(|e| fail(&path, e))?;
    }
    super::wrote([folder.join("index.html").as_path()]);
    Ok(Exit::Clean)
}

fn text() -> String {
    let mut out = String::new();
    for meta in rules() {
        let _ = writeln!(
            out,
            "{}  {:<11}  {:<16}  {:<44}  {}",
            meta.id,
            meta.severity,
            meta.family.as_str(),
            meta.name,
            meta.title
        );
    }
    out
}

fn json_list() -> String {
    let list: Vec<_> = rules()
        .iter()
        .map(|m| {
            json!({
                "id": m.id, "name": m.name, "title": m.title, "family": m.family.as_str(), "severity": m.severity.as_str(),
                "production": m.production.map(|s| s.as_str()), "dimension": m.dimension.as_str(), "criterion": m.criterion,
                "requirement": m.requirement, "basis": m.basis, "why": m.why, "remedy": m.remedy,
                "fix": (!m.fix.is_empty()).then_some(m.fix),
            })
        })
        .collect();
    serde_json::to_string_pretty(&list).unwrap_or_default() + "\n"
}

/// The list as a Markdown table.
pub fn markdown() -> String {
    let mut out =
        String::from("| id | rule | what it finds | severity | family | criterion |\n|---|---|---|---|---|---|\n");
    for meta in rules() {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            meta.id,
            meta.name,
            meta.title,
            meta.severity,
            meta.family.as_str(),
            meta.criterion
        );
    }
    out
}

/// Prints completions for a shell.
pub fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "hallmark", &mut out);
    print(&String::from_utf8_lossy(&out))
}

/// Prints the manual page, or writes one for every command into a folder.
pub fn man(folder: Option<&Path>) -> Result<Exit, Failure> {
    let mut command = Args::command();
    command.build();
    let Some(folder) = folder else { return print(&page(&command)?) };
    let fail = |path: &Path, e: std::io::Error| Failure::io(&path.display().to_string(), &e);
    std::fs::create_dir_all(folder).map_err(|e| fail(folder, e))?;
    let mut waiting = vec![command];
    let mut written = 0;
    while let Some(command) = waiting.pop() {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name()).replace(' ', "-");
        let path = folder.join(format!("{name}.1"));
        output::write(&path, page(&command)?.as_bytes()).map_err(|e| fail(&path, e))?;
        waiting.extend(command.get_subcommands().filter(|c| c.get_name() != "help" && !c.is_hide_set()).cloned());
        written += 1;
    }
    print(&format!("{} in {}\n", counted(written, "manual page"), folder.display()))
}

fn page(command: &clap::Command) -> Result<String, Failure> {
    let mut out = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut out).map_err(|e| Failure::io("manual page", &e))?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}
