//! Slicing: which slice an element belongs to, and why it belongs to none.

use super::cardinality::{too_few, too_many};
use super::checker::{Checker, Pass};
use super::slice_match::{Match, Why};
use crate::finding::{Dimension, Example, Meta, Severity};
use crate::plan::{Group, within};
use crate::text::Canonical;
use crate::tree::Element;

/// Closed slicing.
pub static CLOSED: Meta = Meta {
    id: "HM0120",
    name: "slice-none-matches",
    title: "the element belongs to none of the slices, and the profile allows no others",
    issue: "structure",
    basis: "FHIR, ElementDefinition.slicing.rules closed",
    criterion: "INT-2",
    why: "The profile lists every form this element may take; receivers read no other.",
    remedy: "Make the element match the nearest slice: the reasons listed say what differs.",
    examples: &[
        Example::bad(
            "a place in another code system",
            r#"{"resourceType": "Location", "name": "Ward", "physicalType": {"coding": [«{"system": "https://hospital.test/places", "code": "1"}»]}}"#,
        )
        .against("https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Location-1"),
        Example::good("no slices", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..Meta::NEW
};

/// Slice missing.
pub static MINIMUM: Meta = Meta {
    id: "HM0121",
    name: "slice-missing",
    title: "a mandatory slice is missing",
    issue: "required",
    dimension: Dimension::Completeness,
    basis: "FHIR, slicing: ElementDefinition.min of a slice",
    criterion: "INT-2",
    why: "The receiver relies on this form of the element being there.",
    remedy: "Send an element that matches the slice; where one was meant to, the reasons listed say what differs.",
    examples: &[
        Example::bad(
            "no official name",
            r#"«{"resourceType": "Patient", "name": [{"use": "nickname", "family": "Test"}]}»"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"),
        Example::good(
            "an official name",
            r#"{"resourceType": "Patient", "name": [{"use": "official", "family": "Test"}]}"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"),
    ],
    ..Meta::NEW
};

/// Slice too often.
pub static MAXIMUM: Meta = Meta {
    id: "HM0122",
    name: "slice-too-many",
    title: "more elements match a slice than it allows",
    issue: "structure",
    basis: "FHIR, slicing: ElementDefinition.max of a slice",
    criterion: "INT-2",
    why: "The receiver takes one of them, not all receivers the same one.",
    remedy: "Send one element of this form, or change what makes the others match.",
    examples: &[
        Example::bad(
            "two official names",
            r#"«{"resourceType": "Patient", "name": [{"use": "official", "family": "Test"}, {"use": "official", "family": "Tester"}]}»"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"),
        Example::good("no slices", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..Meta::NEW
};

/// Out of order.
pub static ORDER: Meta = Meta {
    id: "HM0123",
    name: "slice-order",
    title: "the slices are out of order",
    issue: "structure",
    basis: "FHIR, ElementDefinition.slicing.ordered",
    criterion: "INT-2",
    why: "The order carries meaning in this profile.",
    remedy: "Send the elements in the order of the slices; with openAtEnd, others last.",
    examples: &[
        Example::bad(
            "the official name after another",
            r#"{"resourceType": "Patient", "name": [{"use": "nickname", "family": "Test"}, «{"use": "official", "family": "Test"}»]}"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"),
        Example::good(
            "the official name first",
            r#"{"resourceType": "Patient", "name": [{"use": "official", "family": "Test"}, {"use": "nickname", "family": "Test"}]}"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"),
    ],
    ..Meta::NEW
};

/// A profile with two slices, told apart by a code.
const KINDS: &[&str] = &[
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Kinds", "name": "Kinds", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Observation", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation", "derivation": "constraint", "differential": {"element": [{"id": "Observation", "path": "Observation"}, {"id": "Observation.category", "path": "Observation.category", "slicing": {"discriminator": [{"type": "pattern", "path": "$this"}], "rules": "open"}}, {"id": "Observation.category:ward", "path": "Observation.category", "sliceName": "ward", "patternCodeableConcept": {"coding": [{"system": "https://hospital.test/kinds", "code": "ward"}]}}, {"id": "Observation.category:home", "path": "Observation.category", "sliceName": "home", "patternCodeableConcept": {"coding": [{"system": "https://hospital.test/kinds", "code": "home"}]}}]}}"#,
];

/// Two slices at once.
pub static AMBIGUOUS: Meta = Meta {
    id: "HM0124",
    name: "slice-several-match",
    title: "the element matches several slices at once",
    issue: "structure",
    basis: "FHIR, slicing: an element belongs to one slice",
    criterion: "INT-2",
    why: "Receivers cannot tell which meaning is intended.",
    remedy: "Send one element for each meaning.",
    examples: &[Example::bad("a category with the codes of both slices", r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "category": [«{"coding": [{"system": "https://hospital.test/kinds", "code": "ward"}, {"system": "https://hospital.test/kinds", "code": "home"}]}»]}"#).r4().against("https://hospital.test/StructureDefinition/Kinds").holding(KINDS),
Example::good("one of each", r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "category": [{"coding": [{"system": "https://hospital.test/kinds", "code": "ward"}]}, {"coding": [{"system": "https://hospital.test/kinds", "code": "home"}]}]}"#).r4().against("https://hospital.test/StructureDefinition/Kinds").holding(KINDS)],
    ..Meta::NEW
};

/// What the elements of one name came to.
struct Tally {
    /// Elements of each slice.
    counts: Vec<u32>,
    /// Whether one element at least could not be decided, by slice.
    undecided: Vec<bool>,
    /// The slice of the element before; `MAX` when it was of none.
    last: Option<usize>,
}

/// Reasons named with one finding at most.
const REASONS: usize = 6;

impl<'t> Checker<'_, 't> {
    /// Elements of one sliced name: each to its slice, counts, order.
    pub(super) fn sliced(&mut self, parent: Element<'t>, pass: Pass<'_>, group: &Group) {
        let unsliced = &pass.plan.nodes[group.node as usize];
        if unsliced.own.cardinality {
            self.cardinality(parent, pass, group.node, group.name);
        }
        if parent.child(group.name).is_none() {
            for &slice in &group.slices {
                if pass.plan.nodes[slice as usize].min > 0 {
                    self.slice_count(parent, pass, group, slice, 0);
                }
            }
            return;
        }
        let count = group.slices.len();
        let mut tally = Tally { counts: vec![0; count], undecided: vec![false; count], last: None };
        for child in parent.named(group.name) {
            self.place(child, pass, group, &mut tally);
        }
        for (i, &slice) in group.slices.iter().enumerate() {
            let definition = &pass.plan.nodes[slice as usize];
            let few = tally.counts[i] < definition.min && !tally.undecided[i];
            if few || tally.counts[i] > definition.max {
                self.slice_count(parent, pass, group, slice, tally.counts[i]);
            }
        }
    }

    /// One element: to its slice, and on into it.
    fn place(&mut self, child: Element<'t>, pass: Pass<'_>, group: &Group, tally: &mut Tally) {
        let plan = pass.plan;
        let mut mine: Option<usize> = None;
        let mut unknown = false;
        for (i, &slice) in group.slices.iter().enumerate() {
            let name = &plan.nodes[slice as usize].slice;
            // A slice of a slice is asked of the elements of that slice only.
            if let Some((outer, _)) = name.rsplit_once('/')
                && group.slices.iter().any(|&s| plan.nodes[s as usize].slice == outer)
                && mine.is_none_or(|m| !within(name, &plan.nodes[group.slices[m] as usize].slice))
            {
                continue;
            }
            match self.in_slice(child, plan, group, slice, &mut Why::Nothing) {
                Match::Yes => match mine {
                    Some(first) => {
                        let outer = &plan.nodes[group.slices[first] as usize].slice;
                        if within(name, outer) {
                            tally.counts[i] += 1;
                            self.instance(child, pass, slice);
                        } else {
                            let path = &plan.nodes[group.node as usize].path;
                            let says = format!("{path} matches the slices {outer} and {name}");
                            let draft = self.draft(&AMBIGUOUS, pass, slice, child, says);
                            self.emit(draft);
                        }
                    }
                    None => mine = Some(i),
                },
                Match::No => {}
                Match::Silent => {
                    tally.undecided[i] = true;
                    self.undecidable_slice(child, plan, slice);
                }
                Match::Unknown(what) => {
                    unknown = true;
                    tally.undecided[i] = true;
                    self.skip("slice", Canonical::of_definition(&what));
                }
            }
        }
        match mine {
            Some(i) => {
                tally.counts[i] += 1;
                self.slice_order(child, pass, group, i, &mut tally.last);
                self.instance(child, pass, group.slices[i]);
            }
            None => {
                tally.last = Some(usize::MAX);
                if !unknown {
                    self.outside(child, pass, group);
                }
                self.instance(child, pass, group.node);
            }
        }
    }

    fn slice_count(&mut self, parent: Element<'t>, pass: Pass<'_>, group: &Group, slice: u32, count: u32) {
        let definition = &pass.plan.nodes[slice as usize];
        let name = format!("{}:{}", definition.path, definition.slice);
        let (meta, says) = match (count < definition.min, definition.min, definition.max) {
            (true, 1, _) => (&MINIMUM, format!("the slice {name} is missing")),
            (true, min, _) => (&MINIMUM, too_few(&format!("the slice {name}"), count, min)),
            (false, _, 0) => (&MAXIMUM, format!("the slice {name} is not allowed")),
            (false, _, max) => (&MAXIMUM, too_many(&format!("the slice {name}"), count, max)),
        };
        let mut draft = self.draft(meta, pass, slice, parent, says);
        draft.span = parent.span();
        draft.key = self.slice_key(pass.plan, group, slice).unwrap_or_default();
        if count < definition.min {
            for child in parent.named(group.name) {
                let mut why = Why::reasons();
                if !matches!(self.in_slice(child, pass.plan, group, slice, &mut why), Match::Yes) {
                    draft.notes.extend(why.list().iter().map(|r| format!("{}: {r}", child.path())));
                }
                if draft.notes.len() >= REASONS {
                    break;
                }
            }
            draft.notes.truncate(REASONS);
        }
        self.emit(draft);
    }

    fn slice_order(
        &mut self,
        child: Element<'t>,
        pass: Pass<'_>,
        group: &Group,
        slice: usize,
        last: &mut Option<usize>,
    ) {
        let Some(slicing) = &pass.plan.nodes[group.node as usize].slicing else { return };
        let wrong = match *last {
            Some(usize::MAX) => slicing.open_at_end,
            Some(before) => slicing.ordered && before > slice,
            None => false,
        };
        if wrong {
            let name = &pass.plan.nodes[group.slices[slice] as usize].slice;
            let says = format!("the slice {name} comes too late");
            let mut draft = self.draft(&ORDER, pass, group.slices[slice], child, says);
            // Only `ordered` gives the order a meaning.
            if !slicing.ordered {
                draft.severity = Severity::Warning;
            }
            self.emit(draft);
        }
        *last = Some(slice);
    }

    /// An element of no slice: a finding where the slicing is closed, with the slice that it misses by least.
    fn outside(&mut self, child: Element<'t>, pass: Pass<'_>, group: &Group) {
        let definition = &pass.plan.nodes[group.node as usize];
        if !definition.slicing.as_ref().is_some_and(|s| s.closed) {
            return;
        }
        // A choice of a type that is not allowed at all is said as such.
        if definition.choice && !definition.types.iter().any(|t| t.code == child.type_id()) {
            return;
        }
        let mut nearest: Option<(usize, u32, Vec<String>)> = None;
        for &slice in &group.slices {
            let mut why = Why::reasons();
            self.in_slice(child, pass.plan, group, slice, &mut why);
            let (hits, reasons) = why.into_parts();
            let closer = nearest.as_ref().is_none_or(|(best, _, held)| {
                hits > *best || (hits == *best && reasons.len() < held.len() && !reasons.is_empty())
            });
            if closer {
                nearest = Some((hits, slice, reasons));
            }
        }
        let says = format!("{} matches none of its slices", definition.path);
        let mut draft = self.draft(&CLOSED, pass, group.node, child, says);
        draft.span = child.span();
        if let Some((_, slice, reasons)) = nearest {
            draft.notes.push(format!("nearest slice: {}", pass.plan.nodes[slice as usize].slice));
            draft.notes.extend(reasons.into_iter().take(REASONS));
        }
        self.emit(draft);
    }
}
