//! Detached Ed25519 signatures (RFC 8032): over the canonical form of a determination, over the digest of a record.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde_json::{Value, json};

use super::evidence::sha256;
use crate::schema::{Checked, Faults, Schema, Syntax};

/// The schema of a signature.
pub static SIGNATURE_SCHEMA: Schema = Schema::new(include_str!("../../schemas/signature.schema.json"));

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed<'s> {
    /// A determination in canonical form.
    Determination(&'s str),
    /// A run record, by the SHA-256 of its bytes in hex.
    Record(&'s str),
}

impl Signed<'_> {
    const fn of(self) -> &'static str {
        match self {
            Self::Determination(_) => "determination",
            Self::Record(_) => "record",
        }
    }

    /// What goes under the signature. A determination begins with a brace, so that no signature of one is that of another.
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Determination(canonical) => canonical.as_bytes().to_vec(),
            Self::Record(digest) => format!("hallmark-record\n{digest}\n").into_bytes(),
        }
    }

    fn digest(self) -> String {
        match self {
            Self::Determination(canonical) => sha256(canonical.as_bytes()),
            Self::Record(digest) => digest.to_owned(),
        }
    }

    /// Signs with a 32-byte seed; gives the text of the signature file.
    pub fn sign(self, seed: &[u8; 32]) -> String {
        let key = SigningKey::from_bytes(seed);
        let value = json!({
            "type": "hallmark-signature",
            "version": 1,
            "of": self.of(),
            "algorithm": "ed25519",
            "key": hex::encode(key.verifying_key().as_bytes()),
            "sha256": self.digest(),
            "signature": hex::encode(key.sign(&self.bytes()).to_bytes()),
        });
        serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
    }

    /// The public key in hex under which a signature file holds; or why it does not.
    ///
    /// # Errors
    /// Outside, a file that breaks its schema; inside, one sentence.
    pub fn check(self, name: &str, text: &str) -> Result<Result<String, String>, Faults> {
        let checked = Checked::read(name, text, Syntax::Json, &SIGNATURE_SCHEMA)?;
        Ok(self.checked(&checked.value))
    }

    fn checked(self, signature: &Value) -> Result<String, String> {
        let text = |key: &str| signature[key].as_str().unwrap_or_default();
        let what = self.of();
        if text("of") != what {
            return Err(format!("the signature is that of a {}, not of this {what}", text("of")));
        }
        let parts = bytes::<32>(text("key")).zip(bytes::<64>(text("signature")));
        let key = parts.and_then(|(key, _)| VerifyingKey::from_bytes(&key).ok());
        if key.is_some_and(|key| key.is_weak()) {
            return Err("the signature file names a key of small order, under which anything holds".into());
        }
        let signature = parts.map(|(_, signature)| Signature::from_bytes(&signature));
        let signed = key.zip(signature).is_some_and(|(key, s)| key.verify_strict(&self.bytes(), &s).is_ok());
        // The digest beside the signature tells which of the two files was touched.
        match (signed, self.digest() == text("sha256")) {
            (true, true) => Ok(text("key").to_owned()),
            (true, false) => Err("the signature file was changed: the digest in it is of something else".into()),
            (false, true) => Err(format!("the signature file was changed: its signature or key is not of this {what}")),
            (false, false) => Err(format!(
                "the {what} was changed after it was signed, or this is the signature of another: the digest differs"
            )),
        }
    }
}

/// The public key in hex of a 32-byte seed.
pub fn public_key(seed: &[u8; 32]) -> String {
    hex::encode(SigningKey::from_bytes(seed).verifying_key().as_bytes())
}

/// Why a public key that somebody names cannot be one; nothing where it can.
pub fn unfit_key(hex: &str) -> Option<&'static str> {
    let Some(bytes) = bytes::<32>(&hex.trim().to_ascii_lowercase()) else {
        return Some("a public key is 64 hexadecimal digits");
    };
    match VerifyingKey::from_bytes(&bytes) {
        Ok(key) if key.is_weak() => Some("this is a key of small order, under which anything holds"),
        Ok(_) => None,
        Err(_) => Some("these digits are not a public key of Ed25519"),
    }
}

/// Bytes of hex of the right length.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    hex::decode_to_slice(text, &mut out).ok().map(|()| out)
}
