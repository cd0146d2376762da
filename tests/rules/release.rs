//! A SNOMED CT release of six concepts, for the examples that need an index: asthma, a heart attack, a product, and a made-up concept that
//! is inactive since 2010 and the same as asthma.

use std::path::{Path, PathBuf};

/// File below the release, its columns, and its rows with `M` for the module.
const FILES: &[(&str, &str, &[&str])] = &[
    (
        "Terminology/sct2_Concept_Snapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId",
        &[
            "138875005\t20020131\t1\tM\t900000000000074008",
            "195967001\t20020131\t1\tM\t900000000000074008",
            "22298006\t20020131\t1\tM\t900000000000074008",
            "7777771000000104\t20100401\t0\tM\t900000000000074008",
            "373873005\t20020131\t1\tM\t900000000000074008",
            "7777811000001100\t20020131\t1\tM\t900000000000074008",
        ],
    ),
    (
        "Terminology/sct2_Description_Snapshot-en_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId",
        &[
            "1001016\t20020131\t1\tM\t138875005\ten\t900000000000003001\tRoot\t900000000000448009",
            "301485011\t20020131\t1\tM\t195967001\ten\t900000000000013009\tAsthma\t900000000000448009",
            "1002011\t20020131\t1\tM\t195967001\ten\t900000000000003001\tAsthma (disorder)\t900000000000448009",
            "1003018\t20020131\t1\tM\t22298006\ten\t900000000000013009\tMyocardial infarction\t900000000000448009",
            "7777781000000118\t20020131\t1\tM\t7777771000000104\ten\t900000000000013009\tWheeze, made up\t900000000000448009",
        ],
    ),
    (
        "Terminology/sct2_Relationship_Snapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId",
        &[
            "1004020\t20020131\t1\tM\t195967001\t138875005\t0\t116680003\t900000000000011006\t900000000000451002",
            "1005021\t20020131\t1\tM\t22298006\t138875005\t0\t116680003\t900000000000011006\t900000000000451002",
            "7777871000000121\t20020131\t1\tM\t373873005\t138875005\t0\t116680003\t900000000000011006\t900000000000451002",
            "7777881000000123\t20020131\t1\tM\t7777811000001100\t373873005\t0\t116680003\t900000000000011006\t900000000000451002",
        ],
    ),
    (
        "Refset/Language/der2_cRefset_LanguageSnapshot-en_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId",
        &["0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\t20020131\t1\tM\t900000000000508004\t301485011\t900000000000548007"],
    ),
    (
        "Refset/Content/der2_cRefset_AssociationSnapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\ttargetComponentId",
        &["0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1\t20100401\t1\tM\t900000000000527005\t7777771000000104\t195967001"],
    ),
];

/// Files of dm+d and of the maps of Read codes beside it: a product, a withdrawn one, one with a former id, a brand, its pack that is no
/// longer made, and units.
const BESIDE: &[(&str, &str)] = &[
    (
        "f_vmp2_3020126.xml",
        r"<VIRTUAL_MED_PRODUCTS><VMPS><VMP><VPID>7777811000001100</VPID><NM>Testamol 10mg tablets</NM><UNIT_DOSE_UOMCD>7777901000001108</UNIT_DOSE_UOMCD></VMP><VMP><VPID>7777831000001106</VPID><INVALID>0001</INVALID><NM>Testamol 5mg tablets</NM></VMP><VMP><VPID>7777891000001107</VPID><VPIDPREV>7777841000001104</VPIDPREV><NM>Testamol 20mg tablets</NM></VMP></VMPS><DRUG_FORM><DFORM><VPID>7777811000001100</VPID><FORMCD>385055001</FORMCD></DFORM></DRUG_FORM></VIRTUAL_MED_PRODUCTS>",
    ),
    (
        "f_amp2_3020126.xml",
        r"<ACTUAL_MEDICINAL_PRODUCTS><AMPS><AMP><APID>7777821000001109</APID><VPID>7777811000001100</VPID><NM>Testamol 10mg tablets</NM><DESC>Testamol 10mg tablets (Test Ltd)</DESC></AMP></AMPS></ACTUAL_MEDICINAL_PRODUCTS>",
    ),
    (
        "f_ampp2_3020126.xml",
        r"<ACTUAL_MEDICINAL_PROD_PACKS><AMPPS><AMPP><APPID>7777851000001101</APPID><NM>Testamol 10mg tablets (Test Ltd) 28 tablet</NM><APID>7777821000001109</APID><DISCCD>1</DISCCD></AMPP></AMPPS></ACTUAL_MEDICINAL_PROD_PACKS>",
    ),
    (
        "f_lookup2_3020126.xml",
        r"<LOOKUP><UNIT_OF_MEASURE><INFO><CD>7777901000001108</CD><DESC>tablet</DESC></INFO><INFO><CD>7777911000001105</CD><DESC>capsule</DESC></INFO></UNIT_OF_MEASURE></LOOKUP>",
    ),
    (
        "rcsctmap2_uk_20260101.txt",
        "MapId\tReadCode\tTermCode\tConceptId\tDescriptionId\tIS_ASSURED\tEffectiveDate\tMapStatus\r\n1\tH33..\t00\t195967001\t\t1\t20200401\t1\r\n",
    ),
];

/// Writes it below `folder`, and says where.
pub fn write(folder: &Path) -> PathBuf {
    let release = folder.join("release");
    let snapshot = release.join("Snapshot");
    for (path, columns, rows) in FILES {
        let file = snapshot.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let rows: String =
            rows.iter().map(|row| format!("{}\r\n", row.replace("\tM\t", "\t900000000000207008\t"))).collect();
        std::fs::write(file, format!("{columns}\r\n{rows}")).unwrap();
    }
    for (name, text) in BESIDE {
        std::fs::write(snapshot.join(name), text).unwrap();
    }
    release
}
