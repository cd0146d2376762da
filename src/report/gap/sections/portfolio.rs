//! Many partners on one page: criteria by partners as a table, and gaps that one investment would close for several.

use std::collections::BTreeMap;

use std::cmp::Reverse;

use super::{anchor, criterion_anchor, level, name, short_name};
use crate::kitemark::{Criterion, Grade, Status};
use crate::report::gap::Audience;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Code, Count, Level, Share, Standing, Text};
use crate::report::gap::outline::{
    Block, Cell, Column, Line, Look, Mark, Pages, Reach, Role, Section, Table, Weight, line,
};
use crate::report::gap::words::NOT_A_DECISION;
use crate::text::agrees;

/// All partners side by side: as a heat map for those who decide, ranked for the others. For one partner alone it stands on
/// the first page of several, and nowhere else.
pub(super) fn side_by_side(report: &Report) -> Section {
    let pages = if report.views.len() > 1 { Pages::Together } else { Pages::Index };
    let section = Section::new("partners", "All partners").on(pages);
    match report.audience {
        Audience::DesignAuthority => {
            section.on_a_sheet().with(Block::Legend).with(heat_map(report)).with(ranking(report).reaching(Reach::Data))
        }
        Audience::DqOfficer => section.with(summary(report)).with(ranking(report)).with(super::quality::across(report)),
        Audience::Developer => section.with(summary(report)).with(ranking(report)),
    }
}

/// Gaps that several partners share.
pub(super) fn shared_section(report: &Report) -> Section {
    Section::new("shared-gaps", "Gaps that several share")
        .on(Pages::Together)
        .say("“Rise at once” counts the partners for whom this gap alone holds a row back, or is a missed gate.")
        .with(shared_gaps(report))
}

fn summary(report: &Report) -> Block {
    let asked = report.set.required;
    let all = report.views.len() as u64;
    let reach = report.views.iter().filter(|v| v.assessment.level >= asked).count() as u64;
    let gates = report.views.iter().filter(|v| !v.assessment.gates_missed.is_empty()).count() as u64;
    let mut lead = line![
        Cell::strong(reached(reach, all)),
        " level ",
        asked,
        " (",
        report.set.level_name(asked),
        "), the level that is asked. "
    ];
    lead = match gates {
        0 => lead.and("No gate is missed; what is stated and what is shown stands beside each."),
        n => lead
            .and(Cell::Counted(n, "partner"))
            .and(agrees(n, " misses", " miss"))
            .and(" a gate, a thing that must be there whatever else is."),
    };
    Block::Box(vec![Block::Text(Weight::Lead, lead), Block::Text(Weight::Note, NOT_A_DECISION.into())])
}

/// `None of 3 partners reaches`.
fn reached(some: u64, all: u64) -> Line {
    let partners = Cell::Counted(all, "partner");
    match some {
        0 => line!["None of ", partners, " reaches"],
        1 => line![some, " of ", partners, " reaches"],
        some if some == all => line!["All ", partners, " reach"],
        some => line![some, " of ", partners, " reach"],
    }
}

/// All partners side by side: the widest gap first.
fn ranking(report: &Report) -> Table {
    let mut table = Table::new(
        "partners",
        "Partners, the widest gap first",
        &[
            ("partner", Text),
            ("level", Level),
            ("gates missed", Count),
            ("gaps", Count),
            ("measured", Count),
            ("attested", Count),
            ("not assessed", Count),
            ("messages", Count),
            ("without an error", Share),
        ],
    );
    let mut views: Vec<(usize, &View)> = report.views.iter().enumerate().collect();
    views.sort_by_key(|(_, v)| {
        let a = &v.assessment;
        (a.level, Reverse(a.gates_missed.len()), Reverse(v.gaps.len()), a.average)
    });
    for (i, view) in views {
        let a = &view.assessment;
        table.row(vec![
            Cell::Link { to: anchor(i), text: name(report, view) },
            level(report, a.level),
            Cell::from(a.gates_missed.len()),
            Cell::from(view.gaps.len()),
            Cell::Count(a.mix.measured),
            Cell::Count(a.mix.attested),
            Cell::Count(a.mix.not_assessed),
            Cell::Count(a.part.counts.read),
            Cell::share(a.part.counts.clean, a.part.counts.read),
        ]);
    }
    table
}

/// Criteria down, partners across, gates first: symbol and level in every cell, colour only beside them.
fn heat_map(report: &Report) -> Table {
    let compared = report.views.iter().any(|v| !v.changes.is_empty());
    let caption = if compared {
        "Criteria by partners: how each stands and its level, ▲ higher and ▼ lower than last time"
    } else {
        "Criteria by partners: how each stands and its level"
    };
    let mut table = Table::new("criteria-by-partners", caption, &[("Criterion", Text)]).looking(Look::Heat);
    table.columns.extend(report.views.iter().enumerate().map(|(i, view)| Column {
        head: short_name(report, view),
        kind: Standing,
        link: Some(anchor(i)),
    }));
    let levels = report.views.iter().map(|v| Cell::from(v.assessment.level));
    table.push(Role::Sum, [Cell::text("Level")].into_iter().chain(levels).collect());
    let mut group = |title: Cell, wanted: &dyn Fn(&Criterion) -> bool| {
        let own: Vec<_> = report.set.criteria.iter().enumerate().filter(|(_, c)| wanted(c)).collect();
        if own.is_empty() {
            return;
        }
        table.push(Role::Head, vec![title]);
        for (at, criterion) in own {
            let title = Cell::from(line![&criterion.id, " ", &criterion.title]);
            let standings = report.views.iter().enumerate().map(|(i, view)| {
                let result = &view.assessment.results[at];
                let shown = !matches!(result.status, Status::NotApplicable | Status::NotAssessed);
                let change = view.changes.get(&result.id).copied();
                let standing = Cell::Standing(result.status, shown.then_some(result.level), change);
                Cell::Led(Box::new(standing), criterion_anchor(i, &result.id))
            });
            table.row([title].into_iter().chain(standings).collect());
        }
    };
    group(Cell::text("Gates: what must be there whatever else is"), &|c| c.gate);
    for row in &report.set.rows {
        let title = Cell::text(&row.title).marked(Mark::Apart, row.apart);
        group(title, &|c| !c.gate && c.row == row.id);
    }
    table
}

/// A gap that several subjects have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report::gap) struct SharedGap {
    pub(in crate::report::gap) criterion: String,
    pub(in crate::report::gap) title: String,
    /// Who has it.
    pub(in crate::report::gap) partners: Vec<String>,
    /// Their products, each once: one supplier's change may close it for all that use it.
    pub(in crate::report::gap) products: Vec<String>,
    /// For how many it alone holds a row back, or is a gate: these rise at once when it closes.
    pub(in crate::report::gap) raises: usize,
    pub(in crate::report::gap) remedy: String,
}

/// Gaps that more than one subject has. Those that raise most subjects at once come first, then those that weigh most
/// over all who have them.
pub(in crate::report::gap) fn shared(report: &Report) -> Vec<SharedGap> {
    let mut found: BTreeMap<&str, (SharedGap, usize)> = BTreeMap::new();
    for view in &report.views {
        for gap in &view.gaps {
            let Some(criterion) = report.set.criterion(&gap.criterion) else { continue };
            let (shared, weight) = found.entry(&gap.criterion).or_insert_with(|| {
                let (criterion, title, remedy) = (gap.criterion.clone(), gap.title.clone(), criterion.remedy.clone());
                (SharedGap { criterion, title, partners: Vec::new(), products: Vec::new(), raises: 0, remedy }, 0)
            });
            shared.partners.push(short_name(report, view));
            let product = &view.assessment.subject.product;
            if product != "unknown" && !shared.products.contains(product) {
                shared.products.push(product.clone());
            }
            shared.raises += usize::from(gap.holds_row || gap.grade == Grade::Critical);
            *weight += criterion.weight as usize;
        }
    }
    let mut rows: Vec<(SharedGap, usize)> = found.into_values().filter(|(s, _)| s.partners.len() > 1).collect();
    rows.sort_by(|(a, x), (b, y)| (b.raises, y, &a.criterion).cmp(&(a.raises, x, &b.criterion)));
    rows.into_iter().map(|(shared, _)| shared).collect()
}

/// The table of shared gaps.
fn shared_gaps(report: &Report) -> Table {
    let mut table = Table::new(
        "shared-gaps",
        "Gaps that several partners share: one investment may close them together",
        &[
            ("criterion", Code),
            ("gap", Text),
            ("partners", Count),
            ("rise at once", Count),
            ("who", Text),
            ("products", Text),
            ("what to do", Text),
        ],
    )
    .at_most(5);
    for shared in shared(report) {
        table.row(vec![
            Cell::code(&shared.criterion),
            Cell::text(&shared.title),
            Cell::from(shared.partners.len()),
            Cell::from(shared.raises),
            Cell::text(shared.partners.join("; ")),
            Cell::text(shared.products.join("; ")),
            Cell::text(&shared.remedy),
        ]);
    }
    table
}
