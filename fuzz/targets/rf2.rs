//! Any rows as a SNOMED CT release: built into an index, opened, and looked through.
#![no_main]

use hallmark::bench::snomed::{Index, build};
use libfuzzer_sys::fuzz_target;

/// Tables, each with its header; the input holds their rows, one table after the other, parted by a form feed.
const TABLES: [(&str, &str); 5] = [
    ("sct2_Concept_Snapshot_INT_20260101.txt", "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId"),
    (
        "sct2_Description_Snapshot-en_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId",
    ),
    (
        "sct2_Relationship_Snapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId",
    ),
    (
        "sct2_RelationshipConcreteValues_Snapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tsourceId\tvalue\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId",
    ),
    (
        "der2_cRefset_LanguageSnapshot-en_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId",
    ),
];

fuzz_target!(|data: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    let mut parts = data.split(|byte| *byte == 0x0C);
    for (name, header) in TABLES {
        let mut bytes = format!("{header}\r\n").into_bytes();
        bytes.extend_from_slice(parts.next().unwrap_or(&[]));
        if std::fs::write(folder.path().join(name), bytes).is_err() {
            return;
        }
    }
    let out = folder.path().join("index");
    if build(folder.path(), &out, &|_| {}).is_ok() {
        assert!(Index::open_verified(&out).is_ok(), "an index that was built does not open");
    }
});
