//! Texts spelled for a purpose, so that two spellings of one text are the same: for comparison
//! ([`to_words`], [`to_letters`]), for fingerprints ([`fingerprint_text`]), for display ([`one_line`]).

/// A text for comparison, word by word: what [`to_letters`] keeps, with one space for every run of
/// other characters between. Apostrophes and soft hyphens part no words.
pub(crate) fn to_words(text: &str) -> String {
    spelled(text, true)
}

/// A text for comparison as a whole: its letters and digits in lower case, and nothing else.
pub(crate) fn to_letters(text: &str) -> String {
    spelled(text, false)
}

fn spelled(text: &str, in_words: bool) -> String {
    let mut spelled = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            spelled.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            spelled.extend(plain(c).to_lowercase());
        } else if in_words
            && !matches!(c, '\'' | '’' | '\u{ad}')
            && !spelled.is_empty()
            && !spelled.ends_with(' ')
        {
            spelled.push(' ');
        }
    }
    spelled.truncate(spelled.trim_end().len());
    spelled
}

/// A raised or lowered digit as the digit: a block writes "CO₂" where the page's title has "CO2".
fn plain(c: char) -> char {
    match c {
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁰' | '⁴'..='⁹' => shifted(c, '⁰', '0'),
        '₀'..='₉' => shifted(c, '₀', '0'),
        'ⁿ' | 'ₙ' => 'n',
        'ⁱ' | 'ᵢ' => 'i',
        _ => c,
    }
}

/// The character as far behind `to` as `c` is behind `from`.
fn shifted(c: char, from: char, to: char) -> char {
    let place = u32::from(c) - u32::from(from);
    char::from_u32(u32::from(to) + place).unwrap_or(c)
}

/// A text whose hash is stored, and how many letters it has: the letters in lower case, with one `0`
/// for the numbers between two of them, so that "Page 3 of 12" and "Page 4 of 9" are the same.
pub(crate) fn fingerprint_text(text: &str) -> (String, usize) {
    let mut spelled = String::with_capacity(text.len());
    let mut letters = 0;
    for c in text.chars() {
        if c.is_ascii_alphabetic() {
            letters += 1;
            spelled.push(c.to_ascii_lowercase());
        } else if c.is_numeric() {
            if !spelled.ends_with('0') {
                spelled.push('0');
            }
        } else if c.is_alphabetic() {
            letters += 1;
            spelled.extend(c.to_lowercase());
        }
    }
    (spelled, letters)
}

/// A text for display: every run of white space as one space, none at the ends, and no invisible
/// characters.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}') {
        if word.is_empty() {
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        if word.is_ascii() {
            line.push_str(word);
        } else {
            let is_shown = |c: &char| !matches!(c, '\u{ad}' | '\u{200e}' | '\u{200f}');
            line.extend(word.chars().filter(is_shown));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_forget_case_and_signs() {
        assert_eq!(to_words("“Rain’s back”, he said!"), "rains back he said");
        assert_eq!(to_letters("“Rain’s back”, he said!"), "rainsbackhesaid");
        assert_eq!(to_words("CO₂, 10⁶ km²"), "co2 106 km2");
        assert_eq!(fingerprint_text("Page 3 of 12").0, "page0of0");
        assert_eq!(one_line(" Rain \u{200b}is\n ba\u{ad}ck"), "Rain is back");
    }
}
