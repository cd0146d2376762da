//! The dictionary of medicines and devices as NHSBSA ships it in XML: products with their names, flags, former ids and links.
//!
//! The layout is that of the NHSBSA specification, files `f_TYPE2_3DDMMYY.xml` in zips within zips. Sections, their order and
//! further columns are read leniently: a row is an element that holds texts, whatever stands around it. Flags and codes come as `1`
//! or `0001`; ids are numbers of up to 18 digits.

use super::file::ReleaseFile;
use crate::terminology::snomed::SnomedError;
use crate::terminology::snomed::products::Kind;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::io::BufReader;

/// What joins a product to something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u64)]
pub enum Link {
    /// The more general product: VMP to VTM, AMP to VMP, VMPP to VMP, AMPP to VMPP.
    Above = 1,
    /// AMPP to its AMP.
    Actual = 2,
    /// Form.
    Form = 3,
    /// Route.
    Route = 4,
    /// Unit of a dose.
    DoseUnit = 5,
    /// Ingredient.
    Ingredient = 6,
}

/// Flags of a product.
pub mod flags {
    /// dm+d has withdrawn the entry.
    pub const INVALID: u32 = 1;
    /// The manufacturer has discontinued the pack, or the product is not available.
    pub const DISCONTINUED: u32 = 2;
}

/// One entry.
#[derive(Clone, Debug, Default)]
pub struct Medicine {
    /// Number of its kind, in the order of [`KINDS`].
    pub kind: u32,
    /// See [`flags`].
    pub flags: u32,
    /// Its name.
    pub name: String,
    /// What it is joined to.
    pub links: Vec<(u64, u64)>,
}

/// Kinds by number.
pub const KINDS: [Option<Kind>; 7] = [
    Some(Kind::Vtm),
    Some(Kind::Vmp),
    Some(Kind::Amp),
    Some(Kind::Vmpp),
    Some(Kind::Ampp),
    Some(Kind::Ingredient),
    // A form, route or unit.
    None,
];

/// All of a release.
#[derive(Debug, Default)]
pub struct Medicines {
    /// By id.
    pub entries: BTreeMap<u64, Medicine>,
    /// Former ids and the current one.
    pub former: BTreeMap<u64, u64>,
    /// Date of the latest file, YYYYMMDD.
    pub date: u32,
    /// Rows that could not be read, by file.
    pub unread: Vec<(String, u64)>,
    links: Vec<(u64, Link, u64)>,
}

/// Whether a name is that of a dm+d file, and its date, YYYYMMDD.
pub fn is_file(name: &str) -> Option<u32> {
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(".xml")?.strip_prefix("f_")?;
    let (kind, rest) = stem.rsplit_once('_')?;
    let known = ["vtm", "vmp", "vmpp", "amp", "ampp", "ingredient", "lookup", "history"];
    if !known.contains(&kind.trim_end_matches(|c: char| c.is_ascii_digit())) {
        return None;
    }
    // One digit of the layout, then the day: DDMMYY.
    let day = rest.get(1..).filter(|day| day.len() == 6 && day.bytes().all(|b| b.is_ascii_digit()))?;
    let part = |at: usize| day[at..at + 2].parse::<u32>().unwrap_or(0);
    Some((2000 + part(4)) * 10_000 + part(2) * 100 + part(0))
}

/// The fields of one row.
type Row = BTreeMap<String, String>;

impl Medicines {
    /// Reads one file.
    pub fn read(&mut self, file: &ReleaseFile) -> Result<(), SnomedError> {
        self.date = self.date.max(is_file(&file.name).unwrap_or(0));
        let mut unread = 0;
        let outcome = file.open(|stream| {
            let mut reader = Reader::from_reader(BufReader::new(stream));
            let fault = |detail: String| SnomedError::Xml { file: file.name.clone(), detail };
            // Names of the open elements; and of each, whether it held elements, and its texts.
            let mut open: Vec<(String, Row, String, bool)> = Vec::new();
            let mut buffer = Vec::new();
            loop {
                match reader.read_event_into(&mut buffer).map_err(|e| fault(e.to_string()))? {
                    Event::Start(start) => {
                        if let Some(parent) = open.last_mut() {
                            parent.3 = true;
                        }
                        if open.len() > 16 {
                            return Err(fault("nested too deeply".to_owned()));
                        }
                        let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                        open.push((name, Row::new(), String::new(), false));
                    }
                    Event::Text(text) => {
                        if let Some(last) = open.last_mut() {
                            last.2 += &text.decode().map_err(|e| fault(e.to_string()))?;
                        }
                    }
                    Event::GeneralRef(entity) => {
                        let name = entity.decode().map_err(|e| fault(e.to_string()))?;
                        let known = match &*name {
                            "amp" => Some('&'),
                            "lt" => Some('<'),
                            "gt" => Some('>'),
                            "quot" => Some('"'),
                            "apos" => Some('\''),
                            _ => entity.resolve_char_ref().ok().flatten(),
                        };
                        if let (Some(last), Some(c)) = (open.last_mut(), known) {
                            last.2.push(c);
                        }
                    }
                    Event::End(_) => {
                        let Some((name, fields, text, held)) = open.pop() else { continue };
                        if !held {
                            if let Some(parent) = open.last_mut() {
                                parent.1.insert(name, text.trim().to_owned());
                            }
                        } else if !fields.is_empty() {
                            let group = open.last().map(|o| o.0.as_str()).unwrap_or_default();
                            unread += u64::from(!self.row(group, &name, &fields));
                        }
                    }
                    Event::DocType(_) => return Err(fault("a document type declaration is not allowed".to_owned())),
                    Event::Eof => {
                        return if open.is_empty() { Ok(()) } else { Err(fault("the file ends early".to_owned())) };
                    }
                    _ => {}
                }
                buffer.clear();
            }
        });
        if unread > 0 {
            self.unread.push((file.name.clone(), unread));
        }
        outcome
    }

    /// Takes a row; false when it lacks what a row of its name must have.
    fn row(&mut self, group: &str, name: &str, row: &Row) -> bool {
        let id = |field: &str| row.get(field).and_then(|text| text.parse::<u64>().ok()).filter(|id| *id > 0);
        let on = |field: &str| id(field).is_some_and(|number| number == 1);
        if row.contains_key("IDCURRENT") {
            if let (Some(current), Some(former)) = (id("IDCURRENT"), id("IDPREVIOUS"))
                && current != former
            {
                self.former.insert(former, current);
            }
            return true;
        }
        let (kind, own, former, above): (u32, _, _, Option<u64>) = match name {
            "VTM" => (0, id("VTMID"), id("VTMIDPREV"), None),
            "VMP" if row.contains_key("NM") => (1, id("VPID"), id("VPIDPREV"), id("VTMID")),
            "AMP" => (2, id("APID"), None, id("VPID")),
            "VMPP" => (3, id("VPPID"), None, id("VPID")),
            "AMPP" if row.contains_key("APPID") => (4, id("APPID"), None, id("VPPID")),
            "ING" => (5, id("ISID"), id("ISIDPREV"), None),
            "INFO" if matches!(group, "FORM" | "ROUTE" | "UNIT_OF_MEASURE") => (6, id("CD"), id("CDPREV"), None),
            "ONT" | "INFO" | "VMP" | "AMPP" => return true,
            "DFORM" => return self.join(id("VPID"), Link::Form, id("FORMCD")),
            "DROUTE" => return self.join(id("VPID"), Link::Route, id("ROUTECD")),
            "VPI" => return self.join(id("VPID"), Link::Ingredient, id("ISID")),
            // Tables that say nothing to an index, or that a later release adds.
            _ => return true,
        };
        let (Some(own), Some(text)) = (own, row.get("NM").or_else(|| row.get("DESC"))) else { return false };
        let mut flags = 0;
        if on("INVALID") {
            flags |= flags::INVALID;
        }
        // DISCCD of a pack is 1 when it is discontinued; NON_AVAILCD of a VMP says that no product is there; 9 of an AMP too.
        if on("DISCCD") || on("NON_AVAILCD") || id("AVAIL_RESTRICTCD") == Some(9) {
            flags |= flags::DISCONTINUED;
        }
        if let Some(former) = former.filter(|former| *former != own) {
            self.former.insert(former, own);
        }
        let mut links = Vec::new();
        links.extend(above.map(|above| (Link::Above as u64, above)));
        links.extend(id("APID").filter(|_| kind == 4).map(|actual| (Link::Actual as u64, actual)));
        links.extend(id("UNIT_DOSE_UOMCD").filter(|_| kind == 1).map(|unit| (Link::DoseUnit as u64, unit)));
        self.entries.insert(own, Medicine { kind, flags, name: text.clone(), links });
        true
    }

    fn join(&mut self, from: Option<u64>, link: Link, to: Option<u64>) -> bool {
        let (Some(from), Some(to)) = (from, to) else { return false };
        self.links.push((from, link, to));
        true
    }

    /// Puts the links of separate tables where they belong.
    pub fn finish(&mut self) {
        for (from, link, to) in std::mem::take(&mut self.links) {
            if let Some(entry) = self.entries.get_mut(&from) {
                entry.links.push((link as u64, to));
            }
        }
        self.entries.values_mut().for_each(|entry| {
            entry.links.sort_unstable();
            entry.links.dedup();
        });
    }
}

#[cfg(test)]
mod tests {
    use super::is_file;

    #[test]
    fn names_and_dates() {
        for (name, date) in [
            ("f_vtm2_3091025.xml", Some(20_251_009)),
            ("F_VMP2_3130723.XML", Some(20_230_713)),
            ("f_ingredient2_3130723.xml", Some(20_230_713)),
            ("f_history1_0130723.xml", Some(20_230_713)),
            ("f_gtin2_0260821.xml", None),
            ("f_bnf1_0130723.xml", None),
            ("vmp_v2_3.xsd", None),
            ("f_vmp2_3.xml", None),
        ] {
            assert_eq!(is_file(name), date, "{name}");
        }
    }
}
