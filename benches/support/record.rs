//! A GP Connect structured record of our own, of any length.

use std::fmt::Write as _;

/// A record without faults: `items` medications and `items` problems, each in its list.
pub fn record(items: usize) -> String {
    let gpc = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-";
    let mut out = format!(
        r#"{{"resourceType":"Bundle","meta":{{"profile":["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}},"type":"collection","entry":[
        {{"resource":{{"resourceType":"Patient","id":"1","meta":{{"profile":["{gpc}Patient-1"]}},"identifier":[{{"extension":[{{"url":"https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1","valueCodeableConcept":{{"coding":[{{"system":"https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1","code":"01","display":"Number present and verified"}}]}}}}],"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}}],"name":[{{"use":"official","family":"Test"}}],"gender":"female","birthDate":"1980-01-01"}}}},
        {{"resource":{{"resourceType":"Organization","id":"1","meta":{{"profile":["{gpc}Organization-1"]}},"identifier":[{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Y12345"}}],"name":"Test Surgery"}}}},
        {{"resource":{{"resourceType":"Practitioner","id":"1","meta":{{"profile":["{gpc}Practitioner-1"]}},"identifier":[{{"system":"https://fhir.nhs.uk/Id/sds-user-id","value":"123456789012"}}],"name":[{{"use":"official","family":"Test"}}]}}}},
        {{"resource":{{"resourceType":"Medication","id":"1","meta":{{"profile":["{gpc}Medication-1"]}},"code":{{"coding":[{{"system":"http://snomed.info/sct","code":"39113611000001102","display":"Test tablets"}}]}}}}}}"#
    );
    for i in 0..items {
        let day = format!("{}-{:02}-{:02}", 1990 + i % 30, 1 + i / 30 % 12, 1 + i / 360 % 28);
        let identifier = format!(
            r#""identifier":[{{"system":"https://fhir.nhs.uk/Id/cross-care-setting-identifier","value":"{i}"}}]"#
        );
        let _ = write!(
            out,
            r#",{{"resource":{{"resourceType":"MedicationRequest","id":"p{i}","meta":{{"profile":["{gpc}MedicationRequest-1"]}},{identifier},"status":"active","intent":"plan","medicationReference":{{"reference":"Medication/1"}},"subject":{{"reference":"Patient/1"}},"recorder":{{"reference":"Practitioner/1"}},"authoredOn":"2020-05-01","dosageInstruction":[{{"text":"One daily"}}],"dispenseRequest":{{"validityPeriod":{{"start":"2020-05-01"}}}}}}}}
            ,{{"resource":{{"resourceType":"MedicationStatement","id":"s{i}","meta":{{"profile":["{gpc}MedicationStatement-1"]}},"extension":[{{"url":"https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-PrescribingAgency-1","valueCodeableConcept":{{"coding":[{{"system":"https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-PrescribingAgency-1","code":"prescribed-at-gp-practice","display":"Prescribed at GP practice"}}]}}}}],{identifier},"basedOn":[{{"reference":"MedicationRequest/p{i}"}}],"status":"active","medicationReference":{{"reference":"Medication/1"}},"effectivePeriod":{{"start":"2020-05-01"}},"dateAsserted":"2020-05-01","subject":{{"reference":"Patient/1"}},"taken":"unk","dosage":[{{"text":"One daily"}}]}}}}
            ,{{"resource":{{"resourceType":"Condition","id":"c{i}","meta":{{"profile":["{gpc}ProblemHeader-Condition-1"]}},{identifier},"clinicalStatus":"active","category":[{{"coding":[{{"system":"https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-ConditionCategory-1","code":"problem-list-item","display":"Problem List Item"}}]}}],"code":{{"coding":[{{"system":"http://snomed.info/sct","code":"195967001","display":"Asthma"}}]}},"subject":{{"reference":"Patient/1"}},"asserter":{{"reference":"Practitioner/1"}},"onsetDateTime":"{day}","assertedDate":"{day}"}}}}"#
        );
    }
    for (title, code, items) in [
        ("Medications and medical devices", "933361000000108", list(items, "MedicationStatement/s")),
        ("Problems", "717711000000103", list(items, "Condition/c")),
    ] {
        let _ = write!(
            out,
            r#",{{"resource":{{"resourceType":"List","meta":{{"profile":["{gpc}List-1"]}},"status":"current","mode":"snapshot","title":"{title}","code":{{"coding":[{{"system":"http://snomed.info/sct","code":"{code}","display":"{title}"}}]}},"subject":{{"reference":"Patient/1"}},"entry":[{items}]}}}}"#
        );
    }
    out + "]}"
}

fn list(items: usize, reference: &str) -> String {
    (0..items).map(|i| format!(r#"{{"item":{{"reference":"{reference}{i}"}}}}"#)).collect::<Vec<_>>().join(",")
}
