//! Which identifiers claim to be an NHS number, and what they say of its verification.

use crate::rules::Listens;
use crate::tree::{Element, names};
use crate::uk::nhs_number::{self, is_system};
use crate::uk::verification::is_gp_connect;

/// Whether an Identifier claims to be an NHS number, in whatever spelling.
pub(super) fn is_nhs_number(identifier: Element<'_>) -> bool {
    identifier.text(names::SYSTEM).is_some_and(is_system)
}

/// The value of an Identifier that claims to be an NHS number.
pub(super) fn value(identifier: Element<'_>) -> Option<Element<'_>> {
    let value = identifier.child(names::VALUE)?;
    (value.value().is_some() && is_nhs_number(identifier)).then_some(value)
}

/// Its ten digits, when it is in form.
pub(super) fn digits(identifier: Element<'_>) -> Option<(Element<'_>, [u8; 10])> {
    let value = value(identifier)?;
    Some((value, nhs_number::digits(value.value()?)?))
}

/// The NHS numbers of a resource.
pub(super) fn of(resource: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    resource.named(names::IDENTIFIER).filter(|i| is_nhs_number(*i))
}

/// Whether the standards ask for a verification status here: an identifier of a Patient itself.
pub(super) fn is_of_patient(identifier: Element<'_>) -> bool {
    identifier.parent().is_some_and(|p| p.is_resource() && p.type_id() == names::T_PATIENT)
}

/// At every verification status extension.
pub(super) const STATUS: Listens = Listens::extension(|url| is_gp_connect(url).is_some());
