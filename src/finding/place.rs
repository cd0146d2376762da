//! One place of a definition: a path without its indices.

/// A path without indices: one place of a definition.
pub fn definition_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut skip = false;
    let mut rest = path.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '[' if rest.peek().is_some_and(char::is_ascii_digit) => skip = true,
            ']' if skip => skip = false,
            c if !skip => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lose_indices_only() {
        assert_eq!(
            definition_path("Bundle.entry[2].resource.ofType(Patient).name[0]"),
            "Bundle.entry.resource.ofType(Patient).name"
        );
        assert_eq!(definition_path("Patient.extension['a']"), "Patient.extension['a']");
    }
}
