//! The fixed part of FHIR's type hierarchy, enough to evaluate without a schema, and the model that strict checks ask.

use std::sync::LazyLock;

use crate::pack::model::Release;
use crate::tree::names::{self, FastMap};
use crate::tree::{Element, Kind, NameId, flags};

/// How the value of a type behaves in FHIRPath.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Not a type this table knows.
    Unknown,
    /// `boolean`.
    Boolean,
    /// `integer` and its kinds.
    Integer,
    /// `decimal`.
    Decimal,
    /// `string`, `uri`, their kinds, and other text.
    Text,
    /// `date`.
    Date,
    /// `dateTime`, `instant`.
    DateTime,
    /// `time`.
    Time,
    /// `Quantity` and its kinds.
    Quantity,
    /// Any other structure.
    Complex,
    /// A resource.
    Resource,
}

struct Info {
    parent: NameId,
    class: Class,
}

const PRIMITIVES: [(&str, &str, Class); 20] = [
    ("boolean", "Element", Class::Boolean),
    ("integer", "Element", Class::Integer),
    ("positiveInt", "integer", Class::Integer),
    ("unsignedInt", "integer", Class::Integer),
    ("decimal", "Element", Class::Decimal),
    ("string", "Element", Class::Text),
    ("code", "string", Class::Text),
    ("id", "string", Class::Text),
    ("markdown", "string", Class::Text),
    ("uri", "Element", Class::Text),
    ("url", "uri", Class::Text),
    ("canonical", "uri", Class::Text),
    ("oid", "uri", Class::Text),
    ("uuid", "uri", Class::Text),
    ("base64Binary", "Element", Class::Text),
    ("xhtml", "Element", Class::Text),
    ("date", "Element", Class::Date),
    ("dateTime", "Element", Class::DateTime),
    ("instant", "Element", Class::DateTime),
    ("time", "Element", Class::Time),
];

const QUANTITIES: [&str; 6] = ["Age", "Count", "Distance", "Duration", "MoneyQuantity", "SimpleQuantity"];

const STRUCTURES: &str = "Address Annotation Attachment BackboneElement CodeableConcept Coding ContactDetail \
    ContactPoint Contributor DataRequirement Expression Extension HumanName Identifier Meta Narrative \
    ParameterDefinition Period Range Ratio Reference RelatedArtifact SampledData Signature TriggerDefinition \
    UsageContext";

const BACKBONES: &str = "Dosage ElementDefinition MarketingStatus Population ProdCharacteristic ProductShelfLife \
    SubstanceAmount Timing";

const RESOURCES: &str = "Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse \
    AuditEvent Basic BiologicallyDerivedProduct BodySite BodyStructure CapabilityStatement CarePlan CareTeam \
    CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication \
    CommunicationRequest CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage \
    CoverageEligibilityRequest CoverageEligibilityResponse DataElement DetectedIssue Device DeviceComponent \
    DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest \
    DocumentReference EffectEvidenceSynthesis EligibilityRequest EligibilityResponse Encounter Endpoint \
    EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario \
    ExpansionProfile ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse \
    HealthcareService ImagingManifest ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation \
    ImplementationGuide InsurancePlan Invoice Library Linkage List Location Measure MeasureReport Media Medication \
    MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement \
    MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication \
    MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged \
    MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition MessageHeader \
    MetadataResource MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition \
    OperationDefinition OperationOutcome Organization OrganizationAffiliation Patient PaymentNotice \
    PaymentReconciliation Person PlanDefinition Practitioner PractitionerRole Procedure ProcedureRequest \
    ProcessRequest ProcessResponse Provenance Questionnaire QuestionnaireResponse ReferralRequest RelatedPerson \
    RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment \
    RiskEvidenceSynthesis Schedule SearchParameter Sequence ServiceDefinition ServiceRequest Slot Specimen \
    SpecimenDefinition StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid \
    SubstancePolymer SubstanceProtein SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification \
    SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet VerificationResult \
    VisionPrescription";

static TYPES: LazyLock<FastMap<NameId, Info>> = LazyLock::new(|| {
    let mut types = FastMap::default();
    let mut add = |name: &str, parent: &str, class| {
        let parent = if parent.is_empty() { names::OTHER } else { names::intern(parent) };
        types.insert(names::intern(name), Info { parent, class });
    };
    add("Element", "", Class::Complex);
    add("Resource", "", Class::Resource);
    add("DomainResource", "Resource", Class::Resource);
    for (name, parent, class) in PRIMITIVES {
        add(name, parent, class);
    }
    add("Quantity", "Element", Class::Quantity);
    add("Money", "Quantity", Class::Quantity);
    QUANTITIES.iter().for_each(|name| add(name, "Quantity", Class::Quantity));
    STRUCTURES.split_whitespace().for_each(|name| add(name, "Element", Class::Complex));
    BACKBONES.split_whitespace().for_each(|name| add(name, "BackboneElement", Class::Complex));
    ["Bundle", "Binary", "Parameters"].iter().for_each(|name| add(name, "Resource", Class::Resource));
    RESOURCES.split_whitespace().for_each(|name| add(name, "DomainResource", Class::Resource));
    types
});

/// `code`, `id` and `url` are types and element names at once; either constant may stand in a tree.
fn canonical(ty: NameId) -> NameId {
    match ty {
        names::T_CODE => names::CODE,
        names::T_ID => names::ID,
        names::T_URL => names::URL,
        other => other,
    }
}

/// Class of a type; [`Class::Unknown`] for names that are no type.
pub fn class(ty: NameId) -> Class {
    // The commonest types first: they decide most comparisons.
    match ty {
        names::T_CODE | names::T_STRING | names::T_URI | names::T_ID => Class::Text,
        names::T_URL | names::T_CANONICAL => Class::Text,
        names::T_BOOLEAN => Class::Boolean,
        names::T_DATE_TIME | names::T_INSTANT => Class::DateTime,
        names::T_BACKBONE_ELEMENT | names::T_CODING | names::T_CODEABLE_CONCEPT | names::T_EXTENSION => Class::Complex,
        names::OTHER => Class::Unknown,
        _ => TYPES.get(&ty).map_or(Class::Unknown, |info| info.class),
    }
}

/// Whether values of a type are primitive.
pub fn is_primitive(ty: NameId) -> bool {
    !matches!(class(ty), Class::Unknown | Class::Quantity | Class::Complex | Class::Resource)
}

/// Whether `ty` is `ancestor` or derives from it. `Money` is a Quantity in STU3 only.
pub fn derives(release: Release, ty: NameId, ancestor: NameId) -> bool {
    let (mut at, ancestor) = (canonical(ty), canonical(ancestor));
    loop {
        if at == ancestor {
            return true;
        }
        match TYPES.get(&at) {
            Some(_) if at == names::T_MONEY && release == Release::R4 => at = names::T_ELEMENT,
            Some(info) if info.parent != names::OTHER => at = info.parent,
            _ => return false,
        }
    }
}

/// The type of that name, if there is one; `loose` ignores case, as expressions for releases before R5 may.
pub fn lookup(name: &str, loose: bool) -> Option<NameId> {
    let id = names::intern(name);
    if TYPES.contains_key(&id) {
        return Some(id);
    }
    if !loose {
        return None;
    }
    TYPES.keys().copied().filter(|id| names::text(*id).eq_ignore_ascii_case(name)).min_by_key(|id| names::text(*id))
}

/// Type of an element. R4 declares the id of a resource as a string and means the type `id`.
pub fn type_of(element: Element<'_>) -> NameId {
    if element.base_id() == names::ID && element.parent().is_some_and(Element::is_resource) {
        return names::ID;
    }
    element.type_id()
}

/// Class of an element, from its type or, untyped, from how it was written.
pub fn class_of(element: Element<'_>) -> Class {
    match class(element.type_id()) {
        Class::Unknown => match element.kind() {
            Kind::Bool => Class::Boolean,
            Kind::Number => match element.value() {
                Some(text) if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') => Class::Integer,
                _ => Class::Decimal,
            },
            _ if element.node().is(flags::HAS_VALUE) => Class::Text,
            _ if element.is_resource() => Class::Resource,
            _ => Class::Complex,
        },
        known => known,
    }
}

/// One possible type of an element, as a [`Model`] tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelType {
    /// Type name (`Quantity`, `code`), or the path of a nested structure (`Patient.contact`).
    pub name: String,
    /// Whether the element may repeat.
    pub repeats: bool,
}

/// What strict checks need to know of a release's element definitions.
pub trait Model {
    /// Possible types of child `name` (`value`, never `valueQuantity`) of a type or nested path; empty when the type
    /// is known and has no such child, `None` when the type itself is unknown.
    fn child(&self, parent: &str, name: &str) -> Option<Vec<ModelType>>;
}
