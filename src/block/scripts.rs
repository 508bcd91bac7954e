//! Superscripts and subscripts in plain text: 10⁶, H₂O, CO₂.
//!
//! What a mark is, its base says. After a number or the letters of a formula it belongs to them and is
//! written with the signs that Unicode has. After a word it is a footnote's mark or the end of an
//! abbreviation, which read well as they are; so do ordinals (1st, 2e), which are letters after digits.

use std::ops::Range;

/// A raised or lowered piece of a line.
pub(super) struct Script {
    pub(super) is_raised: bool,
    /// Its bytes in the line.
    pub(super) range: Range<usize>,
}

/// Signs, raised and lowered (Unicode, "Superscripts and Subscripts"; 1 to 3 are in Latin-1).
const SIGNS: [(char, char, char); 17] = [
    ('0', '⁰', '₀'),
    ('1', '¹', '₁'),
    ('2', '²', '₂'),
    ('3', '³', '₃'),
    ('4', '⁴', '₄'),
    ('5', '⁵', '₅'),
    ('6', '⁶', '₆'),
    ('7', '⁷', '₇'),
    ('8', '⁸', '₈'),
    ('9', '⁹', '₉'),
    ('+', '⁺', '₊'),
    ('-', '⁻', '₋'),
    ('−', '⁻', '₋'),
    ('–', '⁻', '₋'),
    ('=', '⁼', '₌'),
    ('n', 'ⁿ', 'ₙ'),
    ('i', 'ⁱ', 'ᵢ'),
];

/// Letters that stand for numbers in an exponent and end no ordinal in any language we know of.
const VARIABLES: [&str; 3] = ["x", "y", "k"];

/// Letters of the longest unit that is told by the number before it: "km", "mm".
const MAX_UNIT_LETTERS: usize = 3;

/// Letters of an element's symbol.
const MAX_SYMBOL_LETTERS: usize = 2;

/// A line with its scripts written out; they stand in the line's order.
pub(super) fn write(line: &str, scripts: &[Script]) -> String {
    let mut written = String::with_capacity(line.len() + 8);
    let mut at = 0;
    for Script { is_raised, range } in scripts {
        let Some(between) = line.get(at..range.start) else {
            continue;
        };
        let (Some(script), Some(after)) = (line.get(range.clone()), line.get(range.end..)) else {
            continue;
        };
        written.push_str(between);
        at = range.end;
        // The space before the element was written with its first character.
        let script = script.strip_prefix(' ').map_or(script, |rest| {
            written.push(' ');
            rest
        });
        let plain = match is_raised {
            true => raised(&written, script, after),
            false => lowered(&written, script),
        };
        written.push_str(plain.as_deref().unwrap_or(script));
    }
    written.push_str(line.get(at..).unwrap_or_default());
    written
}

/// A superscript as plain text; none where it reads best as it is.
fn raised(before: &str, script: &str, after: &str) -> Option<String> {
    let number = !script.is_empty() && script.chars().all(|c| c.is_ascii_digit());
    if number && after.starts_with(['/', '⁄']) {
        // A fraction: "2 1/2" is not "21/2".
        let mixed = before.ends_with(|c: char| c.is_ascii_digit());
        return mixed.then(|| format!(" {script}"));
    }
    let base = Base::of(before);
    match base {
        Base::None if number && is_isotope(before, after) => signs(script, true),
        Base::None | Base::Word => None,
        Base::Symbol => signs(script, true).filter(|_| !number && !is_letters(script)),
        Base::Unit => signs(script, true).filter(|_| !is_letters(script)),
        Base::Number | Base::Variable => match script {
            "n" | "i" => signs(script, true),
            _ if VARIABLES.contains(&script) => Some(format!("^{script}")),
            _ if is_letters(script) => None,
            _ => signs(script, true).or_else(|| power(script)),
        },
    }
}

/// A subscript as plain text; none where it reads best as it is.
fn lowered(before: &str, script: &str) -> Option<String> {
    let base = Base::of(before);
    let letters_belong = matches!(base, Base::Variable) && script.chars().count() == 1;
    signs(script, false).filter(|_| base != Base::None && (!is_letters(script) || letters_belong))
}

/// A script in the signs that Unicode has for it; none if one is missing.
fn signs(script: &str, is_raised: bool) -> Option<String> {
    let sign = |c: char| {
        let (_, raised, lowered) = SIGNS.iter().find(|(plain, ..)| *plain == c)?;
        Some(if is_raised { *raised } else { *lowered })
    };
    script.chars().map(sign).collect()
}

/// An exponent that Unicode has no signs for, behind "^": "10^0.5", "x^(k+1)". None for what is no
/// exponent: "3a", "1,2" and "*" mark footnotes.
fn power(script: &str) -> Option<String> {
    let is_operator = |c: char| matches!(c, '+' | '-' | '−' | '/');
    let of_formula =
        |c: char| c.is_ascii_digit() || c.is_ascii_lowercase() || c == '.' || is_operator(c);
    let has_letters = script.chars().any(char::is_alphabetic);
    let has_operator = script.chars().any(is_operator);
    // ".99" is the end of a price.
    let unsigned = script.trim_start_matches(is_operator);
    let is_decimal = !has_letters && unsigned.contains('.') && !unsigned.starts_with('.');
    let ends_well = script.ends_with(char::is_alphanumeric);
    if !script.chars().all(of_formula) || !ends_well || !(has_operator || is_decimal) {
        return None;
    }
    let inside = script.trim_start_matches(['-', '−']).contains(is_operator);
    Some(if inside {
        format!("^({script})")
    } else {
        format!("^{script}")
    })
}

fn is_letters(script: &str) -> bool {
    script.chars().all(char::is_alphabetic)
}

/// Whether a number between a space and a chemical element's symbol counts its particles: "¹⁴C". At
/// the start of a line it is a footnote's.
fn is_isotope(before: &str, after: &str) -> bool {
    let symbol = after
        .find(|c: char| !c.is_ascii_alphabetic())
        .map_or(after, |end| &after[..end]);
    before.ends_with([' ', '(']) && is_symbol(symbol)
}

/// Whether a text may be a chemical element's symbol.
fn is_symbol(text: &str) -> bool {
    text.len() <= MAX_SYMBOL_LETTERS
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().skip(1).all(|c| c.is_ascii_lowercase())
}

/// What a script is put to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    /// Neither letters nor digits.
    None,
    /// A number, or letters and digits mixed.
    Number,
    /// One letter.
    Variable,
    /// A unit of measure.
    Unit,
    /// Two letters that may be a chemical element: electric charges follow it.
    Symbol,
    Word,
}

impl Base {
    /// What stands at the end of a text.
    fn of(before: &str) -> Self {
        let before = before.strip_suffix([')', ']']).unwrap_or(before);
        let is_script = |c: char| SIGNS.iter().any(|(_, up, down)| c == *up || c == *down);
        let in_token = |c: char| c.is_alphanumeric() || is_script(c);
        let rest = before.trim_end_matches(in_token);
        let token = &before[rest.len()..];
        let letters = token.chars().count();
        if token.is_empty() {
            Self::None
        } else if token.chars().any(|c| c.is_numeric() || is_script(c)) {
            Self::Number
        } else if letters == 1 {
            Self::Variable
        } else if is_unit(token, letters, rest) {
            Self::Unit
        } else if is_symbol(token) {
            Self::Symbol
        } else {
            Self::Word
        }
    }
}

/// Whether letters are a unit: short behind a number ("5 km"), or two without a vowel, which are no
/// word ("per km").
fn is_unit(token: &str, letters: usize, before: &str) -> bool {
    let counted = letters <= MAX_UNIT_LETTERS
        && before
            .trim_end()
            .ends_with(|c: char| c.is_numeric() || c == '/');
    let is_vowel = |c: char| "aeiouyаеёиоуыэюяіїєαεηιουω".contains(c);
    let vowelless = letters == 2
        && token
            .chars()
            .all(|c| c.is_alphabetic() && !c.to_lowercase().any(is_vowel))
        && token.chars().skip(1).all(char::is_lowercase)
        && token.chars().next().is_some_and(char::is_lowercase);
    counted || vowelless
}

#[cfg(test)]
mod tests {
    use crate::block::segment;
    use crate::dom::Document;

    fn text(html: &str) -> String {
        let blocks = segment(&Document::parse(&format!("<p>{html}")));
        blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn what_follows_a_number_or_formula_is_raised_or_lowered() {
        for (html, expected) in [
            ("10<sup>6</sup> jars, 10<sup>-9</sup> m", "10⁶ jars, 10⁻⁹ m"),
            ("H<sub>2</sub>O and CO<sub>2</sub>", "H₂O and CO₂"),
            ("SO<sub>4</sub><sup>2−</sup>, Na<sup>+</sup>", "SO₄²⁻, Na⁺"),
            ("x<sub>i</sub><sup>2</sup> + a<sub>n</sub>", "xᵢ² + aₙ"),
            ("2<sup>n</sup>, E = mc<sup>2</sup>", "2ⁿ, E = mc²"),
            ("(a+b)<sup>2</sup>", "(a+b)²"),
            ("40 km<sup>2</sup>, 3&nbsp;mi<sup>2</sup>", "40 km², 3 mi²"),
            (
                "жителей на км<sup>2</sup>, 12 м<sup>3</sup>",
                "жителей на км², 12 м³",
            ),
            ("120 τμ<sup>2</sup>", "120 τμ²"),
            ("面积为10<sup>6</sup>平方米", "面积为10⁶平方米"),
            ("about <sup>14</sup>C in bones", "about ¹⁴C in bones"),
            ("log<sub>2</sub> of it", "log₂ of it"),
            ("as in 2019<sup><a href=#f3>3</a></sup>.", "as in 2019³."),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn what_unicode_has_no_sign_for_stands_behind_a_caret() {
        for (html, expected) in [
            ("e<sup>x</sup>, 10<sup>0.5</sup>", "e^x, 10^0.5"),
            ("x<sup>k+1</sup>, e<sup>-kt</sup>", "x^(k+1), e^-kt"),
            ("V<sub>max</sub>, PM<sub>2.5</sub>", "Vmax, PM2.5"),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn ordinals_abbreviations_and_marks_of_footnotes_stay_as_they_are() {
        for (html, expected) in [
            ("the 1<sup>st</sup> and 4<sup>th</sup>", "the 1st and 4th"),
            (
                "le 2<sup>e</sup>, XX<sup>e</sup>, 1<sup>er</sup>",
                "le 2e, XXe, 1er",
            ),
            ("n<sup>o</sup> 5, M<sup>me</sup> Roy", "no 5, Mme Roy"),
            (
                "the bridge<sup>1</sup> fell.<sup>2</sup>",
                "the bridge1 fell.2",
            ),
            ("it is<sup>3</sup> so", "it is3 so"),
            (
                "bridge<sup>[4]</sup> of 1912<sup>[5]</sup>",
                "bridge[4] of 1912[5]",
            ),
            ("<sup>1</sup> The town's count", "1 The town's count"),
            ("Lamp<sup>TM</sup> and Lamp<sup>®</sup>", "LampTM and Lamp®"),
            ("only $159<sup>.99</sup> now", "only $159.99 now"),
            (
                "2<sup>1</sup>/<sub>2</sub> cups, <sup>1</sup>/<sub>3</sub>",
                "2 1/2 cups, 1/3",
            ),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }
}
