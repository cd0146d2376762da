//! A value that may identify a person. It has no `Display`, no `Serialize`, and its `Debug` shows only its shape.

use std::fmt;

/// Who may see values. Only the command line makes `Shown`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disclosure {
    /// Values are replaced by their shape.
    #[default]
    Masked,
    /// Values are printed, sanitised: a terminal, or `--show-values` in a declared test environment.
    Shown,
}

/// Text taken from a message.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Masked {
    text: Box<str>,
    /// A published definition says the same.
    public: bool,
}

impl Masked {
    /// Wraps text from a message.
    pub fn new(value: impl Into<Box<str>>) -> Self {
        Self { text: value.into(), public: false }
    }

    /// Text that a published definition has, shown to all.
    pub fn public(value: impl Into<Box<str>>) -> Self {
        Self { text: value.into(), public: true }
    }

    /// Shows it to all where a published definition says the same: `held` is asked about the text.
    pub fn publish(&mut self, held: impl FnOnce(&str) -> bool) {
        self.public = self.public || held(&self.text);
    }

    /// The only way out: the value when shown or published, its shape when masked (letters become `a` or `A`, digits `9`).
    pub fn reveal(&self, to: Disclosure) -> String {
        match to {
            Disclosure::Shown => super::sanitise::line(&self.text),
            Disclosure::Masked if self.public => super::sanitise::line(&self.text),
            Disclosure::Masked => shape(&self.text),
        }
    }

    /// Length in characters, which is safe to print.
    pub fn chars(&self) -> usize {
        self.text.chars().count()
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Masked({} characters)", self.chars())
    }
}

/// The shape of a value in at most 24 characters: its alphabet and length, never its content.
fn shape(value: &str) -> String {
    let mut out = String::new();
    for (i, c) in value.chars().enumerate() {
        if i == 24 {
            out.push('…');
            break;
        }
        out.push(match c {
            '0'..='9' => '9',
            c if c.is_uppercase() => 'A',
            c if c.is_alphabetic() => 'a',
            c if c.is_control() => '?',
            c if c.is_ascii_punctuation() || c == ' ' => c,
            _ => '?',
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_values_show_shape_only() {
        let value = Masked::new("Smith 999 0000 018");
        assert_eq!(value.reveal(Disclosure::Masked), "Aaaaa 999 9999 999");
        assert_eq!(format!("{value:?}"), "Masked(18 characters)");
        assert_eq!(value.reveal(Disclosure::Shown), "Smith 999 0000 018");
        let mut system = Masked::new("http://loinc.org");
        system.publish(|text| text == "http://loinc.org");
        assert_eq!(system.reveal(Disclosure::Masked), "http://loinc.org");
    }
}
