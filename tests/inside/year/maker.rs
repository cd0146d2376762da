//! A year of feeds of three made-up partners, month by month, with faults planted and written down: the same bytes each
//! time. Names and places are invented, NHS numbers come from the 999 range.
#![allow(dead_code, reason = "each test uses the part it needs")]

use serde_json::{Value, json};

/// The year.
pub const YEAR: i32 = 2026;

/// A partner: ODS code, product, interface, and whether it sends R4.
#[derive(Clone, Copy, Debug)]
pub struct Partner {
    pub ods: &'static str,
    pub product: &'static str,
    pub interface: &'static str,
    pub name: &'static str,
    pub r4: bool,
}

/// Northmere sends CareConnect once a week, Alderbeck the same with less care, Saltwick UK Core on each working day.
pub const PARTNERS: [Partner; 3] = [
    Partner { ods: "Y9N1A", product: "Lantern", interface: "encounters", name: "Northmere Trust", r4: false },
    Partner { ods: "Y9N2B", product: "Cobble", interface: "encounters", name: "Alderbeck Community Trust", r4: false },
    Partner { ods: "Y9N3C", product: "Harbour", interface: "encounters", name: "Saltwick Hospital", r4: true },
];

/// What was planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// A payload sent again, byte for byte; the month is that of the second.
    PayloadTwice,
    /// A patient's NHS number with another family name.
    OtherName,
    /// ... with another birth date.
    OtherBirthDate,
    /// ... with another sex.
    OtherSex,
    /// One person under two NHS numbers.
    TwoNumbers,
    /// A local patient number that moved to another NHS number.
    NumberMoved,
    /// The same problem identifier with another code.
    FactsChanged,
    /// The same version of a problem once active and once resolved.
    StatusContradicted,
    /// A month without a message.
    MonthMissing,
    /// A working day without a message.
    DayMissing,
    /// A patient without a telephone number, where earlier all had one.
    NoTelecom,
    /// A message sent nine days after the event.
    Late,
    /// A message that another organisation sent.
    OtherSender,
    /// A problem as text alone.
    TextOnly,
    /// A problem in a local code system alone.
    LocalCode,
    /// An NHS number whose check digit is wrong.
    CheckDigit,
    /// An NHS number that nobody traced.
    NotTraced,
    /// A payload that breaks off.
    CutOff,
    /// A patient whose birth date is another at another partner.
    PartnersDisagree,
}

/// Faults of one kind in one month of one partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planted {
    pub fault: Fault,
    pub partner: usize,
    /// From 1.
    pub month: u32,
    pub count: u64,
}

/// One message as it lies in a file, and when it came in.
#[derive(Clone, Debug)]
pub struct Sent {
    pub text: String,
    /// `2026-03-04T09:31:00Z`: two minutes after it was sent.
    pub received: String,
}

/// One month of one partner, in the order of time.
#[derive(Clone, Debug)]
pub struct Month {
    pub partner: usize,
    /// From 1.
    pub month: u32,
    /// `2026-03`.
    pub period: String,
    pub sent: Vec<Sent>,
}

impl Month {
    /// All messages, one a line.
    pub fn ndjson(&self) -> String {
        self.sent.iter().map(|s| format!("{}\n", s.text)).collect()
    }
}

/// Twelve months of three partners.
#[derive(Clone, Debug)]
pub struct Year {
    pub months: Vec<Month>,
    pub planted: Vec<Planted>,
}

impl Year {
    /// How many of a kind, by partner and month; 0 where none was planted.
    pub fn count(&self, fault: Fault, partner: usize, month: u32) -> u64 {
        let here = |p: &&Planted| p.fault == fault && p.partner == partner && p.month == month;
        self.planted.iter().filter(here).map(|p| p.count).sum()
    }

    /// How many of a kind in all.
    pub fn total(&self, fault: Fault) -> u64 {
        self.planted.iter().filter(|p| p.fault == fault).map(|p| p.count).sum()
    }

    /// Messages that came in, those that break off included.
    pub fn messages(&self) -> usize {
        self.months.iter().map(|m| m.sent.len()).sum()
    }
}

/// What one message is made from.
#[derive(Clone, Debug)]
struct Case {
    partner: Partner,
    /// Organisation that the header names.
    sender: Partner,
    /// Serial number, unique in the year.
    serial: u32,
    day: u32,
    month: u32,
    hour: u32,
    /// Which patient.
    person: u32,
    family: &'static str,
    given: &'static str,
    birth: String,
    sex: &'static str,
    nhs_number: String,
    local_number: String,
    traced: bool,
    telecom: bool,
    problem: String,
    code: Value,
    status: &'static str,
    /// Days between event and message.
    delay: u32,
}

const FAMILIES: [&str; 12] = [
    "Ashgrove",
    "Birdwhistle",
    "Corriedale",
    "Dunnock",
    "Elderfield",
    "Fennimore",
    "Goldcrest",
    "Harrowgate",
    "Inkpen",
    "Jessamy",
    "Kittiwake",
    "Larkrise",
];
const GIVENS: [&str; 7] = ["Ada", "Bram", "Celandine", "Dorian", "Esme", "Fitch", "Greta"];

/// SNOMED CT concepts that every edition holds.
const PROBLEMS: [(&str, &str); 5] = [
    ("195967001", "Asthma"),
    ("38341003", "Hypertension"),
    ("73211009", "Diabetes mellitus"),
    ("22298006", "Myocardial infarction"),
    ("84114007", "Heart failure"),
];

/// A number of the 999 range that passes modulus 11, counted from nought.
pub fn nhs_number(nth: u32) -> String {
    let mut left = nth;
    let mut base = 999_100_000_u32;
    loop {
        let digits: Vec<u32> = base.to_string().bytes().map(|b| u32::from(b - b'0')).collect();
        let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(d, w)| d * w).sum();
        let check = (11 - sum % 11) % 11;
        if check < 10 {
            if left == 0 {
                return format!("{base}{check}");
            }
            left -= 1;
        }
        base += 1;
    }
}

/// Days of a month.
pub fn days_in(month: u32) -> u32 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// 1 for Monday to 7 for Sunday; 1 January 2026 is a Thursday.
pub fn weekday(month: u32, day: u32) -> u32 {
    let before: u32 = (1..month).map(days_in).sum();
    (before + day - 1 + 3) % 7 + 1
}

/// The day `days` before, as month and day; not before the year.
fn before(month: u32, day: u32, days: u32) -> (u32, u32) {
    if day > days { (month, day - days) } else { (month - 1, days_in(month - 1) + day - days) }
}

fn uuid(kind: u32, serial: u32) -> String {
    format!("5e9a1c00-{kind:04x}-4a00-8a00-{serial:012x}")
}

fn instant(month: u32, day: u32, hour: u32, minute: u32) -> String {
    format!("{YEAR}-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z")
}

impl Case {
    fn new(partner: usize, serial: u32, month: u32, day: u32) -> Self {
        let which = PARTNERS[partner];
        // Each partner has its own patients, so that nothing agrees or contradicts by chance.
        let person = partner as u32 * 1000 + serial % 40;
        let problem = PROBLEMS[(person % 5) as usize];
        Self {
            partner: which,
            sender: which,
            serial,
            day,
            month,
            hour: 9 + serial % 4 * 2 * u32::from(!which.r4),
            person,
            family: FAMILIES[(person % 12) as usize],
            given: GIVENS[(person / 12 % 7) as usize],
            birth: format!("{}-{:02}-{:02}", 1930 + person % 70, 1 + person % 12, 1 + person % 28),
            sex: if person.is_multiple_of(2) { "female" } else { "male" },
            nhs_number: nhs_number(person),
            local_number: format!("L{person:05}"),
            traced: true,
            telecom: true,
            problem: format!("P{serial:06}"),
            code: json!({"coding": [{"system": "http://snomed.info/sct", "code": problem.0, "display": problem.1}]}),
            status: "active",
            delay: 0,
        }
    }

    fn sent(&self) -> Sent {
        let text = self.message().to_string();
        Sent { text, received: instant(self.month, self.day, self.hour, 33) }
    }

    fn profile(&self, ty: &str) -> Value {
        match self.partner.r4 {
            true => json!({"profile": [format!("https://fhir.hl7.org.uk/StructureDefinition/UKCore-{ty}")]}),
            false => {
                json!({"profile": [format!("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-{ty}-1")]})
            }
        }
    }

    fn system(&self, what: &str) -> String {
        format!("https://{}.example/{what}", self.partner.product.to_lowercase())
    }

    fn reference(kind: u32, serial: u32) -> Value {
        json!({"reference": format!("urn:uuid:{}", uuid(kind, serial))})
    }

    fn message(&self) -> Value {
        let sent = instant(self.month, self.day, self.hour, 31);
        let mut entries = vec![(1, self.header(&sent)), (2, self.organization()), (3, self.patient())];
        entries.push((4, self.encounter()));
        entries.push((5, self.condition()));
        let entries: Vec<Value> = entries
            .into_iter()
            .map(|(kind, mut resource)| {
                resource["id"] = uuid(kind, self.serial).into();
                json!({"fullUrl": format!("urn:uuid:{}", uuid(kind, self.serial)), "resource": resource})
            })
            .collect();
        let mut bundle = json!({"resourceType": "Bundle", "id": uuid(0, self.serial), "meta": {"lastUpdated": sent}});
        bundle["type"] = "message".into();
        if self.partner.r4 {
            bundle["timestamp"] = sent.into();
        }
        bundle["entry"] = entries.into();
        bundle
    }

    fn header(&self, sent: &str) -> Value {
        let event = json!({"system": self.system("event"), "code": "encounter-closed"});
        let source = json!({"name": self.partner.product, "endpoint": self.system("endpoint")});
        let sender = Self::reference(2, self.serial);
        let focus = json!([Self::reference(4, self.serial)]);
        match self.partner.r4 {
            true => {
                json!({"resourceType": "MessageHeader", "meta": self.profile("MessageHeader"), "eventCoding": event,
                "sender": sender, "source": source, "focus": focus})
            }
            false => json!({"resourceType": "MessageHeader", "event": event, "sender": sender, "timestamp": sent,
                "source": source, "focus": focus}),
        }
    }

    fn organization(&self) -> Value {
        json!({"resourceType": "Organization", "meta": self.profile("Organization"),
            "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": self.sender.ods}],
            "active": true, "name": self.sender.name})
    }

    fn patient(&self) -> Value {
        let (extension, system) = match self.partner.r4 {
            true => (
                "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
                "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland",
            ),
            false => (
                "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1",
                "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1",
            ),
        };
        let (code, display) =
            if self.traced { ("01", "Number present and verified") } else { ("02", "Number present but not traced") };
        let mut patient = json!({"resourceType": "Patient", "meta": self.profile("Patient"),
            "identifier": [
                {"extension": [{"url": extension, "valueCodeableConcept":
                    {"coding": [{"system": system, "code": code, "display": display}]}}],
                 "system": "https://fhir.nhs.uk/Id/nhs-number", "value": self.nhs_number},
                {"system": self.system("patient"), "value": self.local_number}],
            "active": true,
            "name": [{"use": "official", "family": self.family, "given": [self.given]}],
            "gender": self.sex, "birthDate": self.birth,
            "address": [{"use": "home", "line": ["4 Tern Row"], "city": "Saltwick", "postalCode": "NM4 7QD"}]});
        if self.telecom {
            patient["telecom"] = json!([{"system": "phone", "value": "01632 960190", "use": "home"}]);
        }
        patient
    }

    fn encounter(&self) -> Value {
        let (month, day) = before(self.month, self.day, self.delay);
        let period = json!({"start": instant(month, day, self.hour - 1, 40), "end": instant(month, day, self.hour, 5)});
        let class = match self.partner.r4 {
            true => {
                json!({"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "ambulatory"})
            }
            false => json!({"system": "http://hl7.org/fhir/v3/ActCode", "code": "AMB", "display": "ambulatory"}),
        };
        json!({"resourceType": "Encounter", "meta": self.profile("Encounter"),
            "identifier": [{"system": self.system("encounter"), "value": format!("E{:06}", self.serial)}],
            "status": "finished", "class": class, "subject": Self::reference(3, self.serial), "period": period,
            "serviceProvider": Self::reference(2, self.serial)})
    }

    fn condition(&self) -> Value {
        let (month, day) = before(self.month, self.day, self.delay);
        let asserted = format!("{YEAR}-{month:02}-{day:02}");
        let identifier = json!([{"system": self.system("problem"), "value": self.problem}]);
        let (subject, encounter) = (Self::reference(3, self.serial), Self::reference(4, self.serial));
        match self.partner.r4 {
            true => json!({"resourceType": "Condition", "meta": self.profile("Condition"), "identifier": identifier,
                "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": self.status}]},
                "verificationStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "confirmed"}]},
                "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-category",
                    "code": "encounter-diagnosis", "display": "Encounter Diagnosis"}]}],
                "code": self.code, "subject": subject, "encounter": encounter, "recordedDate": asserted}),
            false => json!({"resourceType": "Condition", "meta": self.profile("Condition"), "identifier": identifier,
                "clinicalStatus": self.status, "verificationStatus": "confirmed",
                "category": [{"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-ConditionCategory-1",
                    "code": "encounter-diagnosis", "display": "Encounter Diagnosis"}]}],
                "code": self.code, "subject": subject, "context": encounter, "assertedDate": asserted}),
        }
    }
}

/// Days on which a partner sends: Saltwick on working days, the others on Tuesdays and, from the eighth on, one more a
/// week so that months differ in length and not in kind.
fn sending_days(partner: usize, month: u32) -> Vec<u32> {
    let sends = |day: &u32| match (partner, weekday(month, *day)) {
        (2, 1..=5) | (_, 2) => true,
        (_, 5) => *day > 8,
        _ => false,
    };
    (1..=days_in(month)).filter(sends).collect()
}

/// The year with all that is planted in it.
pub fn year() -> Year {
    make(true)
}

/// The same year without a fault.
pub fn clean_year() -> Year {
    make(false)
}

fn make(faults: bool) -> Year {
    let mut months = Vec::new();
    let mut planted = Vec::new();
    let mut serial = 0;
    for month in 1..=12 {
        for partner in 0..PARTNERS.len() {
            let mut cases: Vec<Case> = Vec::new();
            for day in sending_days(partner, month) {
                serial += 1;
                cases.push(Case::new(partner, serial, month, day));
            }
            let mut sent: Vec<Sent> = Vec::new();
            if faults {
                plant(partner, month, &mut cases, &mut planted);
            }
            sent.extend(cases.iter().map(Case::sent));
            if faults {
                damage(partner, month, &months, &mut sent, &mut planted);
            }
            months.push(Month { partner, month, period: format!("{YEAR}-{month:02}"), sent });
        }
    }
    Year { months, planted }
}

/// Faults that are in what a message says.
fn plant(partner: usize, month: u32, cases: &mut Vec<Case>, planted: &mut Vec<Planted>) {
    let mut note = |fault, count: usize| planted.push(Planted { fault, partner, month, count: count as u64 });
    let again = |cases: &[Case], change: &dyn Fn(&mut Case)| {
        // The same patient later in the same month, in a message of its own.
        let (first, last) = (cases[0].clone(), cases[cases.len() - 1].clone());
        let mut other = first.clone();
        (other.serial, other.day, other.hour) = (last.serial, last.day, last.hour);
        other.problem = last.problem;
        change(&mut other);
        other
    };
    let replace_last = |cases: &mut Vec<Case>, case: Case| {
        cases.pop();
        cases.push(case);
    };
    match (partner, month) {
        (0, 2) => {
            cases[1].sender = PARTNERS[1];
            note(Fault::OtherSender, 1);
        }
        (0, 5) => {
            let case = again(cases, &|c| c.family = "Moorhen");
            replace_last(cases, case);
            note(Fault::OtherName, 1);
        }
        (0, 6) => {
            let case = again(cases, &|c| c.birth = "1951-02-03".into());
            replace_last(cases, case);
            note(Fault::OtherBirthDate, 1);
        }
        (0, 7) => {
            let case = again(cases, &|c| c.sex = if c.sex == "male" { "female" } else { "male" });
            replace_last(cases, case);
            note(Fault::OtherSex, 1);
        }
        (0, 8) => {
            // A number of nobody else, and a local number of its own.
            let case = again(cases, &|c| {
                c.nhs_number = nhs_number(5000);
                c.local_number = "L90001".into();
            });
            replace_last(cases, case);
            note(Fault::TwoNumbers, 1);
        }
        (0, 9) => {
            let case = again(cases, &|c| {
                (c.family, c.given, c.birth) = ("Nightjar", "Hester", "1944-06-07".into());
                c.nhs_number = nhs_number(5001);
            });
            replace_last(cases, case);
            note(Fault::NumberMoved, 1);
        }
        (0, 10) => {
            let problem = cases[0].problem.clone();
            let case = again(cases, &|c| {
                c.problem.clone_from(&problem);
                c.code = json!({"coding": [{"system": "http://snomed.info/sct", "code": "271737000", "display": "Anaemia"}]});
            });
            replace_last(cases, case);
            note(Fault::FactsChanged, 1);
        }
        (0, 11) => {
            // The same day and the same problem, in two states.
            let mut case = cases[0].clone();
            case.serial = cases[cases.len() - 1].serial;
            case.hour += 2;
            case.status = "resolved";
            cases.pop();
            cases.insert(1, case);
            note(Fault::StatusContradicted, 1);
        }
        (1, 3) => {
            for case in &mut cases[..3] {
                case.code = json!({"text": "Chesty cough, settling"});
            }
            note(Fault::TextOnly, 3);
        }
        (1, 5) => {
            for case in &mut cases[..2] {
                let last = case.nhs_number.pop().unwrap_or('0');
                case.nhs_number.push(if last == '9' { '0' } else { (last as u8 + 1) as char });
            }
            note(Fault::CheckDigit, 2);
        }
        (1, 6) => {
            for case in &mut cases[..2] {
                let system = case.system("local-problem");
                case.code = json!({"coding": [{"system": system, "code": "RESP-7", "display": "Chest"}]});
            }
            note(Fault::LocalCode, 2);
        }
        (1, 8..) => {
            // One more patient each month has no telephone number.
            let count = (month as usize - 6).min(cases.len());
            cases.iter_mut().take(count).for_each(|c| c.telecom = false);
            note(Fault::NoTelecom, count);
        }
        (1, 4) => {
            cases.clear();
            note(Fault::MonthMissing, 1);
        }
        (2, 1) => {
            cases.iter_mut().take(3).for_each(|c| c.traced = false);
            note(Fault::NotTraced, 3);
        }
        (2, 6) => {
            cases.remove(9);
            cases.remove(4);
            note(Fault::DayMissing, 2);
        }
        (2, 7) => {
            // A patient of Northmere's, born on another day.
            let known = Case::new(0, 3, month, cases[2].day);
            let case = &mut cases[2];
            (case.family, case.given, case.sex) = (known.family, known.given, known.sex);
            (case.nhs_number, case.birth, case.local_number) = (known.nhs_number, "1971-05-06".into(), "L90002".into());
            note(Fault::PartnersDisagree, 1);
        }
        (2, 10) => {
            cases[3..8].iter_mut().for_each(|c| c.delay = 9);
            note(Fault::Late, 5);
        }
        _ => {}
    }
}

/// Faults that are in what becomes of a message on its way.
fn damage(partner: usize, month: u32, earlier: &[Month], sent: &mut Vec<Sent>, planted: &mut Vec<Planted>) {
    let mut note = |fault, count| planted.push(Planted { fault, partner, month, count });
    match (partner, month) {
        (0, 3) => {
            let first = sent[0].clone();
            sent.push(first);
            note(Fault::PayloadTwice, 1);
        }
        (0, 4) => {
            let march = earlier.iter().find(|m| m.partner == 0 && m.month == 3).map(|m| m.sent[2].clone());
            sent.extend(march);
            note(Fault::PayloadTwice, 1);
        }
        (2, 8) => {
            let half = sent[7].text.len() / 2;
            sent[7].text.truncate(half);
            note(Fault::CutOff, 1);
        }
        _ => {}
    }
}
