//! octofhir-fhirschema with its FHIRPath engine: base R4 schemas, invariants on, no terminology service.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use octofhir_fhirpath::core::trace::create_noop_provider;
use octofhir_fhirpath::{FhirPathEngine, create_function_registry};
use octofhir_fhirschema::{
    EmbeddedSchemaProvider, FhirSchema, FhirValidator, FhirVersion, ModelFhirVersion, SchemaProvider, get_schemas,
};
use serde_json::Value;
use tokio::runtime::Runtime;

/// The peer, warm between rounds: schemas and invariants it compiled stay compiled.
pub struct Octofhir {
    validator: FhirValidator,
    runtime: Runtime,
}

/// What it found.
#[derive(Default)]
pub struct Verdict {
    /// Errors in all.
    pub errors: usize,
    /// Those of invariants.
    pub invariants: usize,
    /// Resources with an error.
    pub resources: usize,
}

impl Octofhir {
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let model = Arc::new(EmbeddedSchemaProvider::new(ModelFhirVersion::R4));
        let engine = runtime.block_on(FhirPathEngine::new(Arc::new(create_function_registry()), model));
        // `trace()` in an invariant would write to standard error.
        let engine = engine.expect("an engine").with_trace_provider(create_noop_provider());
        let validator = FhirValidator::new_with_fhirpath(Arc::new(Schemas::new()), Arc::new(engine));
        Self { validator, runtime }
    }

    /// Parses and validates every resource against its type.
    pub fn check(&self, texts: &[String]) -> Verdict {
        self.runtime.block_on(async {
            let mut verdict = Verdict::default();
            for text in texts {
                let value: Value = serde_json::from_str(text).expect("JSON");
                let kind = value["resourceType"].as_str().unwrap_or_default().to_owned();
                let result = self.validator.validate(&value, vec![kind]).await;
                verdict.errors += result.errors.len();
                verdict.invariants += result.errors.iter().filter(|error| error.constraint_key.is_some()).count();
                verdict.resources += usize::from(!result.valid);
            }
            verdict
        })
    }
}

/// The embedded schemas by name and by canonical. The peer's own store looks through all of them for a canonical, which
/// would count against it.
struct Schemas(HashMap<String, Arc<FhirSchema>>);

impl Schemas {
    fn new() -> Self {
        let mut schemas = HashMap::new();
        for (name, schema) in get_schemas(FhirVersion::R4) {
            let schema = Arc::new(schema.clone());
            schemas.insert(schema.url.clone(), Arc::clone(&schema));
            schemas.insert(name.clone(), schema);
        }
        Self(schemas)
    }
}

#[async_trait]
impl SchemaProvider for Schemas {
    async fn get_schema(&self, name: &str) -> Option<Arc<FhirSchema>> {
        self.0.get(name).cloned()
    }
}
