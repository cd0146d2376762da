//! Read version 2 and Clinical Terms Version 3 codes. Both depend on upper and lower case.

/// What is wrong with a Read code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    /// A horizontal ellipsis in place of two or three dots, as word processors and spreadsheets make it.
    #[error("it holds an ellipsis character in place of dots")]
    Ellipsis,
    /// Five characters were expected (seven with a term identifier).
    #[error("it has {0} characters; 5 are expected")]
    Length(usize),
    /// Four characters: a 4-byte code needs a dot in front, or the trailing dots were lost.
    #[error("it has 4 characters or fewer: a 4-byte code takes a dot in front, a shortened one takes dots behind")]
    Short,
    /// Something other than letters, digits and dots.
    #[error("it holds something other than letters, digits and dots")]
    Characters,
    /// Dots before letters or digits.
    #[error("dots stand before other characters")]
    DotsInside,
    /// A term identifier where none may stand.
    #[error("a term identifier follows the code; it must not be sent")]
    TermId,
}

/// Checks a Read version 2 code: five characters, dots at the end only, or a dot in front of a 4-byte code; with a
/// term identifier of two more letters or digits, seven.
pub fn read_v2(code: &str) -> Result<(), ReadFault> {
    let bytes = common(code)?;
    let (front, term) = match bytes.len() {
        5 => (bytes, &[][..]),
        7 => bytes.split_at(5),
        0..=4 => return Err(ReadFault::Short),
        other => return Err(ReadFault::Length(other)),
    };
    if term.contains(&b'.') {
        return Err(ReadFault::Characters);
    }
    // A 4-byte code carries its dot in front.
    let body = if front[0] == b'.' { &front[1..] } else { front };
    let end = body.iter().position(|b| *b == b'.').unwrap_or(body.len());
    if end == 0 || body[end..].iter().any(|b| *b != b'.') { Err(ReadFault::DotsInside) } else { Ok(()) }
}

/// Checks a CTV3 code: five letters, digits or dots, without a term identifier.
pub fn ctv3(code: &str) -> Result<(), ReadFault> {
    let bytes = common(code)?;
    match bytes.len() {
        5 => Ok(()),
        7 => Err(ReadFault::TermId),
        0..=4 => Err(ReadFault::Short),
        other => Err(ReadFault::Length(other)),
    }
}

fn common(code: &str) -> Result<&[u8], ReadFault> {
    if code.contains('\u{2026}') {
        return Err(ReadFault::Ellipsis);
    }
    if !code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.') {
        return Err(ReadFault::Characters);
    }
    Ok(code.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_2() {
        for good in ["H43..", "9bJ4.", "136..00", "H33zz", "H33zz11", ".H43.", ".H43z", "F...."] {
            assert_eq!(read_v2(good), Ok(()), "{good}");
        }
        for (bad, fault) in [
            ("H43", ReadFault::Short),
            ("", ReadFault::Short),
            ("H43\u{2026}", ReadFault::Ellipsis),
            ("H.43.", ReadFault::DotsInside),
            (".....", ReadFault::DotsInside),
            ("H43.. ", ReadFault::Characters),
            ("H43..0.", ReadFault::Characters),
            ("H43..0", ReadFault::Length(6)),
        ] {
            assert_eq!(read_v2(bad), Err(fault), "{bad}");
        }
    }

    #[test]
    fn version_3() {
        for good in ["XaBVJ", "H33..", "X1024", "....."] {
            assert_eq!(ctv3(good), Ok(()), "{good}");
        }
        for (bad, fault) in [
            ("XaBVJY1", ReadFault::TermId),
            ("XaBV", ReadFault::Short),
            ("XaBVJY", ReadFault::Length(6)),
            ("Xa-VJ", ReadFault::Characters),
        ] {
            assert_eq!(ctv3(bad), Err(fault), "{bad}");
        }
    }
}
