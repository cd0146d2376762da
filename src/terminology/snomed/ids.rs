//! Identifiers of SNOMED CT metadata that reading and evaluation depend on. Facts of the RF2 specification and of
//! the UK Edition.

/// Top of the hierarchy.
pub const ROOT: u64 = 138_875_005;
/// The relationship type that makes the hierarchy.
pub const IS_A: u64 = 116_680_003;
/// Description type: fully specified name.
pub const FSN: u64 = 900_000_000_000_003_001;
/// Description type: synonym.
pub const SYNONYM: u64 = 900_000_000_000_013_009;
/// Description type: text definition.
pub const DEFINITION: u64 = 900_000_000_000_550_004;
/// Acceptability: preferred.
pub const PREFERRED: u64 = 900_000_000_000_548_007;
/// Acceptability: acceptable.
pub const ACCEPTABLE: u64 = 900_000_000_000_549_004;
/// Definition status: primitive.
pub const PRIMITIVE: u64 = 900_000_000_000_074_008;
/// Definition status: sufficiently defined.
pub const DEFINED: u64 = 900_000_000_000_073_002;
#[cfg(any(test, feature = "bench"))]
/// Characteristic type: inferred.
pub const INFERRED: u64 = 900_000_000_000_011_006;
/// Characteristic type: stated; such rows say nothing about the inferred form.
pub const STATED: u64 = 900_000_000_000_010_007;
#[cfg(any(test, feature = "bench"))]
/// Modifier: existential restriction.
pub const SOME: u64 = 900_000_000_000_451_002;
/// The international core module.
pub const CORE_MODULE: u64 = 900_000_000_000_207_008;
/// Refset that gives the reason a concept was made inactive.
pub const INACTIVATION_INDICATOR: u64 = 900_000_000_000_489_007;
/// Parent of the historical association refsets.
pub const HISTORICAL_ASSOCIATION: u64 = 900_000_000_000_522_004;
/// SAME AS.
pub const SAME_AS: u64 = 900_000_000_000_527_005;
/// REPLACED BY.
pub const REPLACED_BY: u64 = 900_000_000_000_526_001;
/// POSSIBLY EQUIVALENT TO.
pub const POSSIBLY_EQUIVALENT_TO: u64 = 900_000_000_000_523_009;
/// PARTIALLY EQUIVALENT TO.
pub const PARTIALLY_EQUIVALENT_TO: u64 = 1_186_924_009;
/// POSSIBLY REPLACED BY.
pub const POSSIBLY_REPLACED_BY: u64 = 1_186_921_001;
/// WAS A.
pub const WAS_A: u64 = 900_000_000_000_528_000;
/// ALTERNATIVE.
pub const ALTERNATIVE: u64 = 900_000_000_000_530_003;
/// REFERS TO (of descriptions).
pub const REFERS_TO: u64 = 900_000_000_000_531_004;
/// MOVED TO.
pub const MOVED_TO: u64 = 900_000_000_000_524_003;
/// MOVED FROM.
pub const MOVED_FROM: u64 = 900_000_000_000_525_002;

/// Historical associations in the order in which a replacement is offered, with the words that name them.
pub const ASSOCIATIONS: [(u64, &str); 10] = [
    (SAME_AS, "SAME AS"),
    (REPLACED_BY, "REPLACED BY"),
    (POSSIBLY_EQUIVALENT_TO, "POSSIBLY EQUIVALENT TO"),
    (PARTIALLY_EQUIVALENT_TO, "PARTIALLY EQUIVALENT TO"),
    (POSSIBLY_REPLACED_BY, "POSSIBLY REPLACED BY"),
    (WAS_A, "WAS A"),
    (ALTERNATIVE, "ALTERNATIVE"),
    (MOVED_TO, "MOVED TO"),
    (MOVED_FROM, "MOVED FROM"),
    (REFERS_TO, "REFERS TO"),
];

/// NHS realm, clinical.
pub const NHS_CLINICAL: u64 = 999_001_261_000_000_100;
/// NHS realm, pharmacy.
pub const NHS_PHARMACY: u64 = 999_000_691_000_001_104;
/// dm+d.
pub const NHS_DMD: u64 = 999_000_671_000_001_103;
/// UK drug extension.
pub const UK_DRUG: u64 = 999_000_681_000_001_101;
/// UK extension, Great Britain English.
pub const UK_EXTENSION: u64 = 999_001_251_000_000_103;
/// Great Britain English.
pub const GB_ENGLISH: u64 = 900_000_000_000_508_004;
/// United States English.
pub const US_ENGLISH: u64 = 900_000_000_000_509_007;

/// Language refsets in the order in which a preferred term is looked for: NHS realm clinical, NHS realm pharmacy,
/// Great Britain English, then the other UK ones and United States English.
pub const PREFERENCE: [u64; 7] = [NHS_CLINICAL, NHS_PHARMACY, GB_ENGLISH, UK_EXTENSION, UK_DRUG, NHS_DMD, US_ENGLISH];

/// Dialect aliases of ECL (appendix C of its specification) with the language refset that each names; those of the UK first.
pub const DIALECTS: [(&str, u64); 30] = [
    ("en-nhs-clinical", NHS_CLINICAL),
    ("en-nhs-pharmacy", NHS_PHARMACY),
    ("en-nhs-dmd", NHS_DMD),
    ("en-uk-drug", UK_DRUG),
    ("en-uk-ext", UK_EXTENSION),
    ("en-gb", GB_ENGLISH),
    ("en-us", US_ENGLISH),
    ("da-dk", 554_461_000_005_103),
    ("de", 722_130_004),
    ("en-au", 32_570_271_000_036_106),
    ("en-ca", 19_491_000_087_109),
    ("en-ie", 21_000_220_103),
    ("en-int-gmdn", 608_771_002),
    ("en-nz", 271_000_210_107),
    ("en-nz-pat", 281_000_210_109),
    ("es", 448_879_004),
    ("es-ar", 450_828_004),
    ("es-uy", 5_641_000_179_103),
    ("et-ee", 71_000_181_105),
    ("fr", 722_131_000),
    ("fr-be", 21_000_172_104),
    ("fr-ca", 20_581_000_087_109),
    ("ja", 722_129_009),
    ("nb-no", 61_000_202_103),
    ("nl-be", 31_000_172_101),
    ("nl-nl", 31_000_146_106),
    ("nl-nl-pat", 15_551_000_146_102),
    ("nn-no", 91_000_202_106),
    ("sv-se", 46_011_000_052_107),
    ("zh", 722_128_001),
];
