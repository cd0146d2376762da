//! What single characters are to a reader: digits of any script, gaps, and what is not seen.

/// The zeros of the scripts of Unicode whose digits stand in a row and are in use.
const ZEROS: [char; 20] = [
    '\u{660}',
    '\u{6F0}',
    '\u{7C0}',
    '\u{966}',
    '\u{9E6}',
    '\u{A66}',
    '\u{AE6}',
    '\u{B66}',
    '\u{BE6}',
    '\u{C66}',
    '\u{CE6}',
    '\u{D66}',
    '\u{E50}',
    '\u{ED0}',
    '\u{F20}',
    '\u{1040}',
    '\u{17E0}',
    '\u{1810}',
    '\u{FF10}',
    '\u{1D7CE}',
];

/// The value of a decimal digit of any script.
pub fn digit(c: char) -> Option<u8> {
    if c.is_ascii() {
        return c.to_digit(10).map(|d| d as u8);
    }
    if ('\u{1D7CE}'..='\u{1D7FF}').contains(&c) {
        return Some(((c as u32 - 0x1D7CE) % 10) as u8);
    }
    let zero = ZEROS.iter().rev().find(|zero| **zero <= c)?;
    let value = c as u32 - *zero as u32;
    (value < 10).then_some(value as u8)
}

/// What stands between the parts of a number as a blank or a dash does.
pub fn is_gap(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '\t' | '\u{FFFD}' | '\u{A0}' | '\u{AD}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{2010}'..='\u{2015}'
            | '\u{202F}' | '\u{205F}' | '\u{2212}' | '\u{3000}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
    )
}

/// Characters that a reader does not see, or that change how others are seen: controls, directions, what takes no room, tags.
pub fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
        )
}
