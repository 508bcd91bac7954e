//! Text in the form in which phrases are compared, and where its words begin and end.

/// Whether a phrase that ends at `end` ends a word there; scripts without spaces have no such ends.
pub(super) fn ends_word(text: &str, end: usize) -> bool {
    let (last, next) = (text[..end].chars().next_back(), text[end..].chars().next());
    !matches!((last, next), (Some(last), Some(next)) if is_spaced(last) && is_spaced(next))
}

pub(super) fn starts_word(text: &str, start: usize) -> bool {
    let (before, first) = (
        text[..start].chars().next_back(),
        text[start..].chars().next(),
    );
    !matches!((before, first), (Some(before), Some(first)) if is_spaced(before) && is_spaced(first))
}

/// Whether a character is a letter or digit of a script that puts spaces between words.
fn is_spaced(c: char) -> bool {
    c.is_alphanumeric()
        && !('\u{2E80}'..='\u{9FFF}').contains(&c)
        && !matches!(c, '\u{F900}'..='\u{FAFF}')
}

/// Punctuation that frames a prompt without changing what it says.
const FRAME: &str = ".:!?…»«›‹><→←↓↑·•|-–—*+▼▲▾►▸▶,;\"“”„؟،。：！？、#=~_■\
    \u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{feff}";

pub(super) fn is_frame(c: char) -> bool {
    c.is_whitespace() || (!c.is_alphanumeric() && FRAME.contains(c))
}

/// What a count beside a prompt is written with.
pub(super) fn is_count(c: char) -> bool {
    c.is_numeric() || matches!(c, '(' | ')' | '[' | ']')
}

/// The text in lower case with one form of apostrophe, dash, space and full-width punctuation; at
/// most about `max_bytes` of it.
pub(super) fn fold(text: &str, max_bytes: usize) -> String {
    let mut folded = String::with_capacity(text.len().min(max_bytes) + 8);
    for c in text.chars() {
        if folded.len() >= max_bytes {
            break;
        }
        match c {
            '!'..='~' => folded.push(c.to_ascii_lowercase()),
            '’' | '‘' | 'ʼ' | '´' => folded.push('\''),
            // Full-width forms of ASCII punctuation stand at a fixed distance.
            '\u{ff01}'..='\u{ff5e}' => {
                let ascii = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
                folded.push(ascii.to_ascii_lowercase());
            }
            '\u{ad}' | '\u{307}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            _ if c.is_whitespace() => {
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            _ => folded.extend(c.to_lowercase().filter(|lower| *lower != '\u{307}')),
        }
    }
    folded
}
