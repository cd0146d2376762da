//! Artefacts that UK Core 2.0.0 marks as retired.

/// What every URL begins with.
const BASE: &str = "https://fhir.hl7.org.uk/";

/// Rest of the URL, in order, and what UK Core has instead (empty where it names nothing). The verification status of
/// the NHS number has rules of its own.
#[rustfmt::skip]
static RETIRED: &[(&str, &str)] = &[
    ("CodeSystem/NHSDataModelAndDictionary-AdmissionMethod", "UKCore-AdmissionMethodEngland"),
    ("CodeSystem/NHSDataModelAndDictionary-DischargeDestination", "UKCore-DischargeDestinationEngland"),
    ("CodeSystem/NHSDataModelAndDictionary-DischargeMethod", "UKCore-DischargeMethodEngland"),
    ("CodeSystem/NHSDataModelAndDictionary-OutcomeOfAttendance", ""),
    ("CodeSystem/NHSDataModelAndDictionary-PersonMaritalStatusCode", ""),
    ("CodeSystem/NHSDataModelAndDictionary-PersonStatedGenderCode", ""),
    ("CodeSystem/NHSDataModelAndDictionary-SourceOfAdmission", "UKCore-SourceOfAdmissionEngland"),
    ("CodeSystem/UKCore-BiopsyState", ""),
    ("CodeSystem/UKCore-ConditionRelationship", ""),
    ("CodeSystem/UKCore-ConsentUpdateMode", ""),
    ("CodeSystem/UKCore-EPSIssueCode", ""),
    ("CodeSystem/UKCore-EthnicCategory", "UKCore-EthnicCategoryEngland, or that of Wales"),
    ("CodeSystem/UKCore-EthnicCategoryScotland", ""),
    ("CodeSystem/UKCore-HumanLanguage", "urn:ietf:bcp:47"),
    ("CodeSystem/UKCore-ITKResponseCode", ""),
    ("CodeSystem/UKCore-LanguageAbilityMode", ""),
    ("CodeSystem/UKCore-LanguageAbilityProficiency", ""),
    ("CodeSystem/UKCore-MedicationChangeStatus", ""),
    ("CodeSystem/UKCore-MedicationPrescribingAgency", ""),
    ("CodeSystem/UKCore-MedicationPrescribingOrganization", ""),
    ("CodeSystem/UKCore-MessageEvent", ""),
    ("CodeSystem/UKCore-MessageHeaderInstruction", ""),
    ("CodeSystem/UKCore-OverseasVisitorChargingCategory", ""),
    ("CodeSystem/UKCore-PersonMaritalStatus", ""),
    ("CodeSystem/UKCore-PersonMaritalStatusScotland", ""),
    ("CodeSystem/UKCore-PracticeSettingCodeEngland", ""),
    ("CodeSystem/UKCore-PracticeSettingCodeScotland", ""),
    ("CodeSystem/UKCore-PracticeSettingCodeWales", ""),
    ("CodeSystem/UKCore-PrescriptionType", ""),
    ("CodeSystem/UKCore-ProblemSignificance", ""),
    ("CodeSystem/UKCore-SDSJobRoleName", ""),
    ("CodeSystem/UKCore-ServiceRequestMethod", ""),
    ("CodeSystem/UKCore-SpineErrorOrWarningCode", ""),
    ("CodeSystem/UKCore-TreatmentCategory", ""),
    ("StructureDefinition/Extension-UKCore-ActualProblem", ""),
    ("StructureDefinition/Extension-UKCore-AnaestheticIssues", ""),
    ("StructureDefinition/Extension-UKCore-ClinicalSetting", ""),
    ("StructureDefinition/Extension-UKCore-CodingSCTDescId", "Extension-UKCore-CodingSCTDescDisplay"),
    ("StructureDefinition/Extension-UKCore-EffectivePeriod", ""),
    ("StructureDefinition/Extension-UKCore-EncounterTransport", ""),
    ("StructureDefinition/Extension-UKCore-MedicalApplianceSupplier", ""),
    ("StructureDefinition/Extension-UKCore-MedicationChangeSummary", ""),
    ("StructureDefinition/Extension-UKCore-MedicationDosageLastChanged", ""),
    ("StructureDefinition/Extension-UKCore-MedicationPrescribingAgency", ""),
    ("StructureDefinition/Extension-UKCore-MedicationPrescribingOrganization", ""),
    ("StructureDefinition/Extension-UKCore-MedicationQuantityText", ""),
    ("StructureDefinition/Extension-UKCore-MessageHeaderInstruction", ""),
    ("StructureDefinition/Extension-UKCore-NHSCommunication", "Patient.communication"),
    ("StructureDefinition/Extension-UKCore-NominatedPharmacy", ""),
    ("StructureDefinition/Extension-UKCore-OverseasVisitorChargingCategory", ""),
    ("StructureDefinition/Extension-UKCore-PreferredDispenserOrganization", ""),
    ("StructureDefinition/Extension-UKCore-PrescriptionType", ""),
    ("StructureDefinition/Extension-UKCore-ProblemSignificance", ""),
    ("StructureDefinition/Extension-UKCore-RelatedClinicalContent", ""),
    ("StructureDefinition/Extension-UKCore-RelatedProblemHeader", ""),
    ("StructureDefinition/Extension-UKCore-ReligiousAffiliation", ""),
    ("StructureDefinition/Extension-UKCore-ServiceRequestMethod", ""),
    ("StructureDefinition/Extension-UKCore-TreatmentCategory", ""),
];

/// The name of what a retired URL is of, and its replacement, which may be empty.
pub fn retired(url: &str) -> Option<(&'static str, &'static str)> {
    let rest = url.strip_prefix(BASE)?;
    let rest = rest.split_once('|').map_or(rest, |(rest, _)| rest);
    RETIRED.binary_search_by(|(known, _)| known.cmp(&rest)).ok().map(|i| (last(RETIRED[i].0), RETIRED[i].1))
}

fn last(path: &'static str) -> &'static str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(RETIRED.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(retired("https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-CodingSCTDescId").is_some());
        assert!(retired("https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient").is_none());
    }
}
