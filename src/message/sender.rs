//! Who sent a message and when, as the message itself says it.

use super::Message;
use crate::tree::{Element, names};
use crate::uk::ods;

/// The sender of a message.
#[derive(Clone, Copy, Debug)]
pub struct Sender<'t> {
    /// ODS code, with the shape of one.
    pub code: &'t str,
    /// Where it stands: the value of an identifier, an endpoint or a source.
    pub at: Element<'t>,
}

impl<'t> Message<'t> {
    /// The header of a message Bundle, or a MessageHeader that travels alone.
    pub fn header(&self) -> Option<Element<'t>> {
        let root = self.root();
        if root.type_id() == names::T_MESSAGE_HEADER {
            return Some(root);
        }
        self.bundles.get(&root.id())?.entries.first()?.resource.filter(|r| r.type_id() == names::T_MESSAGE_HEADER)
    }

    /// The document that the message carries.
    pub fn document(&self) -> Option<Element<'t>> {
        let root = self.root();
        if root.type_id() == names::T_COMPOSITION {
            return Some(root);
        }
        let entries = &self.bundles.get(&root.id())?.entries;
        let first = entries
            .iter()
            .filter_map(|e| e.resource)
            .find(|r| r.type_id() == names::T_COMPOSITION || r.type_id() == names::T_BUNDLE)?;
        if first.type_id() == names::T_COMPOSITION {
            return Some(first);
        }
        self.bundles.get(&first.id())?.entries.first()?.resource.filter(|r| r.type_id() == names::T_COMPOSITION)
    }

    /// Who sent it: the sender, then the responsible organisation, then the endpoint of the header; then the source
    /// that `meta` names; then the custodian, then an author of the document.
    pub fn sender(&self) -> Option<Sender<'t>> {
        if let Some(header) = self.header() {
            for name in ["sender", "responsible"] {
                if let Some(found) = header.all(name).find_map(|r| self.organisation_of(r)) {
                    return Some(found);
                }
            }
            let endpoint = header.get("source").and_then(|s| s.get("endpoint"));
            if let Some(found) = endpoint.and_then(address) {
                return Some(found);
            }
        }
        let source = self.root().child(names::META).and_then(|m| m.get("source"));
        if let Some(found) = source.and_then(address) {
            return Some(found);
        }
        let document = self.document()?;
        ["custodian", "author"].into_iter().find_map(|name| document.all(name).find_map(|r| self.organisation_of(r)))
    }

    /// The ODS code behind a reference: by its logical identifier, or of the organisation that it leads to, be it by
    /// way of a role.
    pub fn organisation_of(&self, reference: Element<'t>) -> Option<Sender<'t>> {
        if let Some(found) = reference.child(names::IDENTIFIER).and_then(ods_code) {
            return Some(found);
        }
        let target = self.resolve(reference, reference.text(names::REFERENCE)?).target()?;
        match names::text(target.type_id()) {
            "Organization" => target.named(names::IDENTIFIER).find_map(ods_code),
            "PractitionerRole" => {
                let organisation = target.get("organization")?;
                if let Some(found) = organisation.child(names::IDENTIFIER).and_then(ods_code) {
                    return Some(found);
                }
                let held = self.resolve(organisation, organisation.text(names::REFERENCE)?).target()?;
                held.named(names::IDENTIFIER).find_map(ods_code)
            }
            _ => None,
        }
    }

    /// When it was sent, as written: the timestamp of Bundle or header, the date of the document, the last update.
    pub fn sent(&self) -> Option<&'t str> {
        let root = self.root();
        let stamp = |at: Element<'t>| at.get("timestamp").and_then(Element::value);
        stamp(root)
            .or_else(|| self.header().and_then(stamp))
            .or_else(|| self.document().and_then(|d| d.get("date")).and_then(Element::value))
            .or_else(|| root.child(names::META).and_then(|m| m.text(names::LAST_UPDATED)))
    }
}

fn ods_code<'t>(identifier: Element<'t>) -> Option<Sender<'t>> {
    let system = identifier.text(names::SYSTEM)?;
    let at = identifier.child(names::VALUE).filter(|_| ods::is_system(system))?;
    at.value().filter(|code| ods::is_surely_code(code)).map(|code| Sender { code, at })
}

fn address<'t>(at: Element<'t>) -> Option<Sender<'t>> {
    Some(Sender { code: ods::code_in(at.value()?)?, at })
}
