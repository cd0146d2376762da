//! A GP Connect structured record of our own, of any length.

use std::fmt::Write as _;

/// A record with `items` medications and `items` problems.
pub fn record(items: usize) -> String {
    let gpc = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-";
    let mut out = format!(
        r#"{{"resourceType":"Bundle","meta":{{"profile":["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}},"type":"collection","entry":[
        {{"resource":{{"resourceType":"Patient","id":"1","meta":{{"profile":["{gpc}Patient-1"]}},"identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}}],"name":[{{"use":"official","family":"Test"}}],"gender":"female","birthDate":"1980-01-01"}}}},
        {{"resource":{{"resourceType":"Organization","id":"1","meta":{{"profile":["{gpc}Organization-1"]}},"identifier":[{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Y12345"}}],"name":"Test Surgery"}}}},
        {{"resource":{{"resourceType":"Medication","id":"1","meta":{{"profile":["{gpc}Medication-1"]}},"code":{{"coding":[{{"system":"http://snomed.info/sct","code":"39113611000001102","display":"Test tablets"}}]}}}}}}"#
    );
    for i in 0..items {
        let identifier = format!(
            r#""identifier":[{{"system":"https://fhir.nhs.uk/Id/cross-care-setting-identifier","value":"{i}"}}]"#
        );
        let _ = write!(
            out,
            r#",{{"resource":{{"resourceType":"MedicationRequest","id":"p{i}","meta":{{"profile":["{gpc}MedicationRequest-1"]}},{identifier},"status":"active","intent":"plan","medicationReference":{{"reference":"Medication/1"}},"subject":{{"reference":"Patient/1"}},"authoredOn":"2020-05-01","dosageInstruction":[{{"text":"One daily"}}],"dispenseRequest":{{"validityPeriod":{{"start":"2020-05-01"}}}}}}}}
            ,{{"resource":{{"resourceType":"MedicationStatement","id":"s{i}","meta":{{"profile":["{gpc}MedicationStatement-1"]}},{identifier},"basedOn":[{{"reference":"MedicationRequest/p{i}"}}],"status":"active","medicationReference":{{"reference":"Medication/1"}},"effectivePeriod":{{"start":"2020-05-01"}},"dateAsserted":"2020-05-01","subject":{{"reference":"Patient/1"}},"taken":"unk","dosage":[{{"text":"One daily"}}]}}}}
            ,{{"resource":{{"resourceType":"Condition","id":"c{i}","meta":{{"profile":["{gpc}ProblemHeader-Condition-1"]}},{identifier},"clinicalStatus":"active","category":[{{"coding":[{{"system":"https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-ConditionCategory-1","code":"problem-list-item","display":"Problem List Item"}}]}}],"code":{{"coding":[{{"system":"http://snomed.info/sct","code":"195967001","display":"Asthma"}}]}},"subject":{{"reference":"Patient/1"}},"onsetDateTime":"2010-01-01","assertedDate":"2010-01-01"}}}}"#
        );
    }
    let entries: Vec<String> =
        (0..items).map(|i| format!(r#"{{"item":{{"reference":"MedicationStatement/s{i}"}}}}"#)).collect();
    let _ = write!(
        out,
        r#",{{"resource":{{"resourceType":"List","meta":{{"profile":["{gpc}List-1"]}},"status":"current","mode":"snapshot","title":"Medications and medical devices","code":{{"coding":[{{"system":"http://snomed.info/sct","code":"933361000000108","display":"Medications and medical devices"}}]}},"subject":{{"reference":"Patient/1"}},"entry":[{}]}}}}]}}"#,
        entries.join(",")
    );
    out
}
