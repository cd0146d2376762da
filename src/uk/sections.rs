//! Sections of Transfer of Care documents: what each profile asks, and what the record standards ask beyond it.

use super::profiles::claims;
use super::systems::SNOMED;
use crate::tree::{Element, names};

/// A kind of document; its number is its column in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// Pharmacy minor illness.
    MinorIllness = 0,
    /// Emergency care discharge.
    Emergency = 1,
    /// Inpatient discharge.
    Inpatient = 2,
    /// Mental health discharge.
    MentalHealth = 3,
    /// Outpatient letter.
    Outpatient = 4,
}

/// Profile segment, kind and ITK3 event code of each document.
pub const DOCUMENTS: &[(&str, Document, &str)] = &[
    ("/CareConnect-ITK-DM-DMIRS-Composition-", Document::MinorIllness, "ITK013D"),
    ("/CareConnect-ITK-ECD-Composition-", Document::Emergency, "ITK005D"),
    ("/CareConnect-ITK-EDIS-Composition-", Document::Inpatient, "ITK003D"),
    ("/CareConnect-ITK-MH-Composition-", Document::MentalHealth, "ITK004D"),
    ("/CareConnect-ITK-OPL-Composition-", Document::Outpatient, "ITK006D"),
];

impl Document {
    /// The kind of a Composition, by the profile it claims.
    pub fn of(composition: Element<'_>) -> Option<Self> {
        DOCUMENTS.iter().find(|(part, ..)| claims(composition, part)).map(|(_, document, _)| *document)
    }

    /// What people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::MinorIllness => "minor illness record",
            Self::Emergency => "emergency care discharge",
            Self::Inpatient => "inpatient discharge summary",
            Self::MentalHealth => "mental health discharge summary",
            Self::Outpatient => "outpatient letter",
        }
    }
}

/// A section of one document: what is asked of it, and whether it is there.
#[derive(Clone, Copy, Debug)]
pub struct SectionOf {
    /// Title in the standard.
    pub title: &'static str,
    /// The profile demands it.
    pub mandatory: bool,
    /// The record standard asks for it when something is known.
    pub required: bool,
    /// The record standard makes it mandatory.
    pub heading: bool,
    /// It is there.
    pub present: bool,
}

/// The sections that profile or record standard ask of a Transfer of Care document; nothing for other Compositions.
pub fn sections_of(composition: Element<'_>) -> impl Iterator<Item = SectionOf> {
    let document = Document::of(composition);
    SECTIONS.iter().filter_map(move |section| {
        let document = document?;
        let asked = section.prsb[document as usize];
        (section.mandatory(document) || asked != b'-').then(|| SectionOf {
            title: section.title,
            mandatory: section.mandatory(document),
            required: asked == b'R',
            heading: asked == b'M',
            present: composition.all("section").any(|s| code_of(s) == Some(section.code)),
        })
    })
}

/// One row of the matrix.
#[derive(Debug)]
pub struct Section {
    /// SNOMED CT code of `section.code`.
    pub code: &'static str,
    /// Fixed title.
    pub title: &'static str,
    /// By document: `M` mandatory, `E` mandatory with an entry, `o` optional, `e` optional with an entry when sent,
    /// `-` not part of the document.
    pub profile: [u8; 5],
    /// By document, from the PRSB headings: `M` mandatory, `R` required when known, `-` nothing said.
    pub prsb: [u8; 5],
    /// Type of the resource that the entry leads to, where one is asked for.
    pub entry: &'static str,
}

impl Section {
    /// Whether the profile of `document` demands the section.
    pub const fn mandatory(&self, document: Document) -> bool {
        matches!(self.profile[document as usize], b'M' | b'E')
    }

    /// Whether an entry must stand in the section when it is sent.
    pub const fn needs_entry(&self, document: Document) -> bool {
        matches!(self.profile[document as usize], b'E' | b'e')
    }

    /// Whether the profile of `document` knows the section.
    pub const fn known(&self, document: Document) -> bool {
        self.profile[document as usize] != b'-'
    }

    /// Whether the record standard demands it where the profile does not.
    pub const fn asked_by_prsb(&self, document: Document) -> bool {
        self.prsb[document as usize] == b'M' && !self.mandatory(document)
    }
}

/// Columns: minor illness, emergency, inpatient, mental health, outpatient.
#[rustfmt::skip]
pub static SECTIONS: &[Section] = &[
    Section { code: "886781000000108", title: "Admission details", profile: *b"--ee-", prsb: *b"--RR-", entry: "Encounter" },
    Section { code: "886921000000105", title: "Allergies and adverse reactions", profile: *b"oMMMM", prsb: *b"MMMMM", entry: "" },
    Section { code: "887141000000103", title: "Assessment scales", profile: *b"--ooo", prsb: *b"-----", entry: "" },
    Section { code: "1077881000000105", title: "Attendance details", profile: *b"eo--o", prsb: *b"----M", entry: "Encounter" },
    Section { code: "1077901000000108", title: "Clinical narrative", profile: *b"Mo---", prsb: *b"-----", entry: "" },
    Section { code: "887121000000105", title: "Clinical review of systems", profile: *b"----o", prsb: *b"-----", entry: "" },
    Section { code: "887181000000106", title: "Clinical summary", profile: *b"--ooo", prsb: *b"--MMM", entry: "" },
    Section { code: "61861000000100", title: "Consent", profile: *b"o----", prsb: *b"-----", entry: "" },
    Section { code: "1077931000000102", title: "Contact for further information", profile: *b"-o---", prsb: *b"-----", entry: "" },
    Section { code: "887161000000102", title: "Diagnoses", profile: *b"-oooo", prsb: *b"-----", entry: "" },
    Section { code: "886811000000106", title: "Discharge details", profile: *b"-eee-", prsb: *b"-RRR-", entry: "Encounter" },
    Section { code: "887261000000109", title: "Distribution list", profile: *b"o-ooo", prsb: *b"--RRR", entry: "" },
    Section { code: "715851000000102", title: "Examination finding", profile: *b"----o", prsb: *b"-----", entry: "" },
    Section { code: "887111000000104", title: "Family history", profile: *b"---oo", prsb: *b"-----", entry: "" },
    Section { code: "886711000000101", title: "GP practice", profile: *b"Eeeee", prsb: *b"MMMMM", entry: "Organization" },
    Section { code: "717121000000105", title: "History", profile: *b"o---o", prsb: *b"-----", entry: "" },
    Section { code: "1078911000000106", title: "Individual requirements", profile: *b"--ooo", prsb: *b"--RRR", entry: "" },
    Section { code: "1052951000000105", title: "Information and advice given", profile: *b"ooooo", prsb: *b"RRRRR", entry: "" },
    Section { code: "1082101000000102", title: "Investigation results", profile: *b"--ooo", prsb: *b"-----", entry: "" },
    Section { code: "886961000000102", title: "Legal information", profile: *b"--ooo", prsb: *b"-----", entry: "" },
    Section { code: "933361000000108", title: "Medications and medical devices", profile: *b"Eoooo", prsb: *b"-----", entry: "List" },
    Section { code: "886751000000102", title: "Participation in research", profile: *b"--ooo", prsb: *b"-----", entry: "" },
    Section { code: "1052941000000107", title: "Patient and carer concerns, expectations and wishes", profile: *b"--ooo", prsb: *b"-----", entry: "" },
    Section { code: "886731000000109", title: "Patient demographics", profile: *b"EEEEE", prsb: *b"MMMMM", entry: "Patient" },
    Section { code: "887231000000104", title: "Person completing record", profile: *b"-oooo", prsb: *b"-----", entry: "" },
    Section { code: "887201000000105", title: "Plan and requested actions", profile: *b"ooooo", prsb: *b"RRRRR", entry: "" },
    Section { code: "886891000000102", title: "Presenting complaints or issues", profile: *b"oo---", prsb: *b"-----", entry: "" },
    Section { code: "887151000000100", title: "Problems and issues", profile: *b"----o", prsb: *b"-----", entry: "" },
    Section { code: "887171000000109", title: "Procedures", profile: *b"-oooo", prsb: *b"-----", entry: "" },
    Section { code: "886721000000107", title: "Referral details", profile: *b"o----", prsb: *b"-----", entry: "" },
    Section { code: "1052891000000108", title: "Referrer details", profile: *b"-oooo", prsb: *b"-----", entry: "" },
    Section { code: "886821000000100", title: "Relevant clinical risk factors", profile: *b"----o", prsb: *b"-----", entry: "" },
    Section { code: "1077911000000105", title: "Safeguarding", profile: *b"-o---", prsb: *b"-----", entry: "" },
    Section { code: "886931000000107", title: "Safety alerts", profile: *b"-oooo", prsb: *b"-----", entry: "" },
    Section { code: "1078901000000109", title: "Senior reviewing clinician", profile: *b"-o---", prsb: *b"-----", entry: "" },
    Section { code: "887051000000101", title: "Social context", profile: *b"--ooo", prsb: *b"-----", entry: "" },
];

/// The row of a SNOMED CT code.
pub fn section(code: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|s| s.code == code)
}

/// Code of a section of a Composition.
pub fn code_of<'t>(section: Element<'t>) -> Option<&'t str> {
    let codings = section.all("code").flat_map(|concept| concept.named(names::CODING));
    let code = |c: Element<'t>| c.text(names::CODE).filter(|code| !code.is_empty());
    codings.filter(|c| c.text(names::SYSTEM) == Some(SNOMED)).find_map(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_whole() {
        assert_eq!(SECTIONS.len(), 36);
        for (i, row) in SECTIONS.iter().enumerate() {
            assert!(row.profile.iter().all(|c| b"MEoe-".contains(c)) && row.prsb.iter().all(|c| b"MR-".contains(c)));
            assert!(SECTIONS[..i].iter().all(|other| other.code != row.code && other.title != row.title));
            assert!(row.profile.iter().any(|c| *c != b'-'), "{}", row.title);
        }
        for document in [Document::MinorIllness, Document::Emergency, Document::Inpatient] {
            assert!(SECTIONS.iter().filter(|s| s.mandatory(document)).count() >= 2);
        }
    }
}
