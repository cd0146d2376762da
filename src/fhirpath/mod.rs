//! fhirpath layer.
