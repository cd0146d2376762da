//! A SNOMED CT release of six concepts, for the examples that need an index.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use hallmark::terminology::snomed::{build, generate::identifier, ids};

/// Asthma, a heart attack, and a made-up concept that is inactive since 2010 and the same as asthma.
const ASTHMA: u64 = 195_967_001;
const INFARCTION: u64 = 22_298_006;
const INACTIVE: u64 = 7_777_771_000_000_104;
/// Products, and one that we made up in the UK drug namespace.
const PRODUCTS: u64 = 373_873_005;
const TABLETS: u64 = 7_777_811_000_001_100;
const MODULE: u64 = 900_000_000_000_207_008;

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

/// Builds it in `folder`, and says where its index is.
pub fn index(folder: &Path) -> PathBuf {
    let release = folder.join("release/Snapshot");
    let write = |path: &str, columns: &str, rows: &[String]| {
        let mut text = format!("{columns}\r\n");
        rows.iter().for_each(|row| {
            let _ = write!(text, "{row}\r\n");
        });
        let file = release.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    let concept = |id: u64, since: u32, active: u8| format!("{id}\t{since}\t{active}\t{MODULE}\t900000000000074008");
    write(
        "Terminology/sct2_Concept_Snapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId",
        &[
            concept(ids::ROOT, 20_020_131, 1),
            concept(ASTHMA, 20_020_131, 1),
            concept(INFARCTION, 20_020_131, 1),
            concept(INACTIVE, 20_100_401, 0),
            concept(PRODUCTS, 20_020_131, 1),
            concept(TABLETS, 20_020_131, 1),
        ],
    );
    let description = |id: u64, concept: u64, kind: u64, term: &str| {
        format!("{id}\t20020131\t1\t{MODULE}\t{concept}\ten\t{kind}\t{term}\t900000000000448009")
    };
    write(
        "Terminology/sct2_Description_Snapshot-en_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId",
        &[
            description(identifier(1001, 1), ids::ROOT, ids::FSN, "Root"),
            description(301_485_011, ASTHMA, ids::SYNONYM, "Asthma"),
            description(identifier(1002, 1), ASTHMA, ids::FSN, "Asthma (disorder)"),
            description(identifier(1003, 1), INFARCTION, ids::SYNONYM, "Myocardial infarction"),
            description(7_777_781_000_000_118, INACTIVE, ids::SYNONYM, "Wheeze, made up"),
        ],
    );
    let is_a = |n: u64, child: u64, parent: u64| {
        let id = identifier(n, 2);
        format!("{id}\t20020131\t1\t{MODULE}\t{child}\t{parent}\t0\t116680003\t900000000000011006\t900000000000451002")
    };
    write(
        "Terminology/sct2_Relationship_Snapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId",
        &[
            is_a(1004, ASTHMA, ids::ROOT),
            is_a(1005, INFARCTION, ids::ROOT),
            is_a(1006, PRODUCTS, ids::ROOT),
            is_a(1007, TABLETS, PRODUCTS),
        ],
    );
    write(
        "Refset/Language/der2_cRefset_LanguageSnapshot-en_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId",
        &[format!(
            "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\t20020131\t1\t{MODULE}\t900000000000508004\t301485011\t900000000000548007"
        )],
    );
    write(
        "Refset/Content/der2_cRefset_AssociationSnapshot_INT_20260101.txt",
        "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\ttargetComponentId",
        &[format!(
            "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1\t20100401\t1\t{MODULE}\t{}\t{INACTIVE}\t{ASTHMA}",
            ids::SAME_AS
        )],
    );
    for (name, text) in BESIDE {
        std::fs::write(release.join(name), text).unwrap();
    }
    let path = folder.join("index");
    build(&folder.join("release"), &path, &|_| {}).unwrap();
    path
}
