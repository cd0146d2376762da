//! Standards by name: which profile a resource is checked against that claims none.

use crate::conform::Standard;
use crate::pack::model::Release;

/// A standard by the word of `--standard`; other words name a package, whose profiles are taken.
pub fn named(word: &str) -> Standard {
    let url = |release, template: &str| Standard::Template { release, template: template.to_owned() };
    match word {
        "careconnect" => url(Release::Stu3, "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-{}-1"),
        "gpconnect" => url(Release::Stu3, "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-{}-1"),
        "transfer-of-care" => url(Release::Stu3, "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-{}-1"),
        "ukcore" => url(Release::R4, "https://fhir.hl7.org.uk/StructureDefinition/UKCore-{}"),
        other => Standard::Package(other.to_owned()),
    }
}
