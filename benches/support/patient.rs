//! A UK Core patient of our own that uses most of its elements.

/// JSON of the patient.
pub const PATIENT: &str = r##"{"resourceType":"Patient","id":"p1","meta":{"versionId":"3","lastUpdated":"2026-01-02T03:04:05Z",
 "profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]},
 "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Anon</p></div>"},
 "contained":[{"resourceType":"Organization","id":"gp","name":"Surgery"}],
 "extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
   "valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory","code":"A","display":"British"}]}}],
 "identifier":[{"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
   "valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus","code":"01"}]}}],
   "use":"official","system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018","period":{"start":"2001-05-06"}},
   {"use":"usual","system":"https://example.org/mrn","value":"12345"}],
 "active":true,"name":[{"use":"official","family":"Example","given":["Ann","Beth"],"prefix":["Ms"],"period":{"start":"1990-01-01","end":"2030-01-01"}},
   {"use":"nickname","given":["Annie"]}],
 "telecom":[{"system":"phone","value":"01632960000","use":"home"},{"system":"email","value":"ann@example.org"}],
 "gender":"female","birthDate":"1980-04-05","address":[{"use":"home","line":["1 High Street"],"city":"Anytown","postalCode":"AA1 1AA",
   "period":{"start":"1990-01-01"}}],
 "contact":[{"relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0131","code":"N"}]}],
   "name":{"family":"Example","given":["Carl"]},"telecom":[{"system":"phone","value":"01632960001"}]}],
 "generalPractitioner":[{"reference":"#gp"}],"managingOrganization":{"reference":"Organization/2"}}"##;
