//! Element and type names as small numbers, shared by every tree and plan of the process.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{LazyLock, Mutex, Once, OnceLock};

/// An interned name. Numbers depend on the order of first use: never order or print by them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NameId(pub u16);

macro_rules! known {
    ($($konst:ident = $text:literal),* $(,)?) => {
        const KNOWN: &[&str] = &[$($text),*];
        known!(@consts 0u16; $($konst,)*);
    };
    (@consts $n:expr; $konst:ident, $($rest:ident,)*) => {
        #[allow(missing_docs)]
        pub const $konst: NameId = NameId($n);
        known!(@consts $n + 1; $($rest,)*);
    };
    (@consts $n:expr;) => {};
}

known! {
    OTHER = "?",
    ID = "id", URL = "url", VALUE = "value", EXTENSION = "extension", MODIFIER_EXTENSION = "modifierExtension",
    RESOURCE = "resource", CONTAINED = "contained", META = "meta", PROFILE = "profile", TEXT = "text", DIV = "div",
    ENTRY = "entry", FULL_URL = "fullUrl", TYPE = "type", REFERENCE = "reference", IDENTIFIER = "identifier",
    SYSTEM = "system", CODE = "code", DISPLAY = "display", CODING = "coding", VERSION = "version",
    USER_SELECTED = "userSelected", STATUS = "status", NAME = "name", USE = "use", PERIOD = "period",
    START = "start", END = "end", UNIT = "unit", COMPARATOR = "comparator", SECURITY = "security", TAG = "tag",
    LAST_UPDATED = "lastUpdated", VERSION_ID = "versionId", LANGUAGE = "language",
    SUBJECT = "subject", PATIENT = "patient", BIRTH_DATE = "birthDate", GENDER = "gender", LINK = "link",
    RELATION = "relation", REQUEST = "request", RESPONSE = "response", SEARCH = "search", MODE = "mode",
    RESOURCE_TYPE = "resourceType", DATA = "data", SIZE = "size", CONTENT_TYPE = "contentType",
    FAMILY = "family", DECEASED = "deceased", EFFECTIVE = "effective", PERFORMED = "performed",
    DISPENSE_REQUEST = "dispenseRequest", VALIDITY_PERIOD = "validityPeriod",
    // Types.
    T_PATIENT = "Patient", T_BUNDLE = "Bundle", T_EXTENSION = "Extension", T_REFERENCE = "Reference",
    T_IDENTIFIER = "Identifier", T_CODING = "Coding", T_CODEABLE_CONCEPT = "CodeableConcept",
    T_QUANTITY = "Quantity", T_NARRATIVE = "Narrative", T_ATTACHMENT = "Attachment", T_PERIOD = "Period",
    T_HUMAN_NAME = "HumanName", T_ADDRESS = "Address", T_CONTACT_POINT = "ContactPoint", T_META = "Meta",
    T_ELEMENT = "Element",
    T_BACKBONE_ELEMENT = "BackboneElement", T_COMPOSITION = "Composition", T_MESSAGE_HEADER = "MessageHeader",
    T_PARAMETERS = "Parameters", T_BINARY = "Binary", T_STRING = "string", T_URI = "uri",
    T_BOOLEAN = "boolean", T_INTEGER = "integer", T_DECIMAL = "decimal", T_DATE = "date", T_DATE_TIME = "dateTime",
    T_INSTANT = "instant", T_TIME = "time", T_OID = "oid", T_UUID = "uuid",
    T_CANONICAL = "canonical", T_MARKDOWN = "markdown", T_BASE64_BINARY = "base64Binary", T_XHTML = "xhtml",
    T_POSITIVE_INT = "positiveInt", T_UNSIGNED_INT = "unsignedInt", T_MONEY = "Money",

    T_OBSERVATION = "Observation",
}

/// The types `code`, `id` and `url` share their names with elements.
pub const T_CODE: NameId = CODE;
/// As [`T_CODE`].
pub const T_ID: NameId = ID;
/// As [`T_CODE`].
pub const T_URL: NameId = URL;

/// FxHash: names are short and the table is not exposed to crafted keys beyond `LIMIT` entries.
#[derive(Default, Clone)]
pub struct NameHasher(u64);

impl Hasher for NameHasher {
    fn finish(&self) -> u64 {
        // Multiplying moves information upwards only, and tables take their bucket from the lower bits.
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.add(u64::from(n));
    }

    fn write_u16(&mut self, n: u16) {
        self.add(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.add(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.add(n);
    }

    fn write_usize(&mut self, n: usize) {
        self.add(n as u64);
    }
}

impl NameHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// A hash map keyed by names or other small trusted keys.
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<NameHasher>>;

/// Names beyond this many, or longer than 64 bytes, are `OTHER`: a hostile feed cannot grow the table.
const LIMIT: usize = 60_000;
/// Names that feeds may bring; the rest is kept for definitions.
const FROM_FEEDS: usize = 40_000;
const LONGEST: usize = 64;

struct Table {
    ids: FastMap<&'static str, NameId>,
    count: usize,
}

static TABLE: LazyLock<Mutex<Table>> = LazyLock::new(|| {
    let mut ids = FastMap::default();
    for (i, name) in KNOWN.iter().enumerate() {
        let id = NameId(i as u16);
        ids.entry(*name).or_insert(id);
        let _ = TEXTS[i].set(name);
    }
    Mutex::new(Table { ids, count: KNOWN.len() })
});

static TEXTS: [OnceLock<&'static str>; LIMIT] = [const { OnceLock::new() }; LIMIT];

/// Interns the names of all definitions; see [`when_crowded`].
static DEFINED: OnceLock<fn()> = OnceLock::new();

/// Sets what is called once when feeds have brought as many names as they may: it must give the names of every
/// definition to [`intern_defined`], so that what a feed makes up never crowds out a name that another message needs.
pub fn when_crowded(intern_all: fn()) {
    let _ = DEFINED.set(intern_all);
}

thread_local! {
    static CACHE: RefCell<FastMap<&'static str, NameId>> = RefCell::default();
}

/// The number of `name` in a message; `OTHER` when it is no name we could ever define (not `[A-Za-z_][A-Za-z0-9_-]*`, too long,
/// or the table is full).
pub fn intern(name: &str) -> NameId {
    if let Some(id) = CACHE.with_borrow(|cache| cache.get(name).copied()) {
        return id;
    }
    let id = intern_from_feed(name);
    if id != OTHER {
        CACHE.with_borrow_mut(|cache| cache.insert(text(id), id));
    }
    id
}

/// The number of a name that a definition uses.
pub fn intern_defined(name: &str) -> NameId {
    intern_up_to(LIMIT, name)
}

fn intern_from_feed(name: &str) -> NameId {
    let id = intern_up_to(FROM_FEEDS, name);
    if id == OTHER && TABLE.lock().unwrap_or_else(std::sync::PoisonError::into_inner).count >= FROM_FEEDS {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| DEFINED.get().into_iter().for_each(|intern_all| intern_all()));
        return intern_up_to(FROM_FEEDS, name);
    }
    id
}

fn intern_up_to(limit: usize, name: &str) -> NameId {
    let mut bytes = name.bytes();
    // No FHIR name holds ten digits in a row: such a name is data that strayed, and must not be printed.
    if crate::text::sanitise::has_ten_digits(name) {
        return OTHER;
    }
    let starts_well = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    if name.len() > LONGEST || !starts_well || !bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return OTHER;
    }
    let mut table = TABLE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(&id) = table.ids.get(name) {
        return id;
    }
    if table.count >= limit {
        return OTHER;
    }
    let id = NameId(table.count as u16);
    let kept: &'static str = Box::leak(name.into());
    let _ = TEXTS[table.count].set(kept);
    table.count += 1;
    table.ids.insert(kept, id);
    id
}

/// The text of a name.
#[inline]
pub fn text(id: NameId) -> &'static str {
    LazyLock::force(&TABLE);
    TEXTS[id.0 as usize].get().copied().unwrap_or("?")
}

impl std::fmt::Display for NameId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(text(*self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        assert_eq!(text(intern("birthDate")), "birthDate");
        assert_eq!(intern("birthDate"), BIRTH_DATE);
        assert_eq!(intern("Patient"), T_PATIENT);
        assert_eq!(intern("code"), T_CODE);
        let mut known = KNOWN.to_vec();
        known.sort_unstable();
        known.dedup();
        assert_eq!(known.len(), KNOWN.len(), "a name stands in the list twice");
        assert_eq!(text(intern("someNewName")), "someNewName");
        assert_eq!(intern("no such"), OTHER);
        assert_eq!(intern(&"x".repeat(65)), OTHER);
    }
}
