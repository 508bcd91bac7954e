//! From a byline to names, and nothing but names.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::clean::plain;

/// By-words, joining words, roles, empty names and agencies.
struct Words {
    /// Longest first, so that "written by" goes before "by".
    by: Vec<&'static str>,
    and: HashSet<&'static str>,
    role: HashSet<&'static str>,
    none: HashSet<&'static str>,
    agency: HashMap<&'static str, &'static str>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words {
        by: Vec::new(),
        and: HashSet::new(),
        role: HashSet::new(),
        none: HashSet::new(),
        agency: HashMap::new(),
    };
    for line in include_str!("../../config/tables/bylines.tsv").lines() {
        let mut columns = line.split('\t');
        let (Some(kind), Some(name), Some(list)) = (columns.next(), columns.next(), columns.next())
        else {
            continue;
        };
        let list = list.split('|');
        match kind {
            "by" => words.by.extend(list),
            "and" => words.and.extend(list),
            "role" => words.role.extend(list),
            "none" => words.none.extend(list),
            "agency" => words.agency.extend(list.map(|spelling| (spelling, name))),
            _ => {}
        }
    }
    words.by.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.by.dedup();
    words
});

/// Most words a person's name has ("Maria do Rosário de Fátima da Silva").
const MAX_WORDS: usize = 6;

/// Longest byline that is looked at, in bytes; what is longer is prose.
const MAX_BYLINE_BYTES: usize = 600;

/// The agency a text names as a whole, such as `AP` for `The Associated Press`.
pub(super) fn agency(text: &str) -> Option<&'static str> {
    WORDS
        .agency
        .get(
            text.trim()
                .trim_matches(['(', ')', '.'])
                .to_lowercase()
                .as_str(),
        )
        .copied()
}

/// The text after a by-word at its start, where there is one.
pub(super) fn after_by_word(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([' ', '–', '—', '-', '|', '•', '·', '✍']);
    WORDS.by.iter().find_map(|word| {
        let mut rest = text;
        for wanted in word.chars() {
            let found = rest.chars().next()?;
            if !found.to_lowercase().eq(std::iter::once(wanted)) {
                return None;
            }
            rest = &rest[found.len_utf8()..];
        }
        let unspaced = !wanted_space(word);
        let trimmed =
            rest.trim_start_matches([':', '：', ' ', '\u{a0}', '.', '—', '/', '／', '=', '＝']);
        (trimmed.len() < rest.len() || (unspaced && rest.starts_with(['】']))).then_some(trimmed)
    })
}

/// Whether a by-word of this script is set off by a space.
fn wanted_space(word: &str) -> bool {
    word.chars().all(|c| !('\u{3000}'..'\u{a000}').contains(&c))
}

/// A team or desk that signs in place of persons ("Valley Post Staff"), where a byline names one.
pub(super) fn team(raw: &str) -> Option<String> {
    let text = plain(raw);
    let mut rest = text.as_str();
    while let Some(after) = after_by_word(rest) {
        rest = after;
    }
    let part = without_brackets(rest.split(['|', ';', '•', '·', ',']).next()?);
    let words: Vec<&str> = part.split_whitespace().collect();
    let (first, last) = (words.first()?, words.last()?.to_lowercase());
    let team = matches!(
        last.as_str(),
        "staff"
            | "team"
            | "desk"
            | "newsroom"
            | "contributor"
            | "editors"
            | "bureau"
            | "redaktion"
            | "redaction"
            | "redacción"
            | "rédaction"
            | "redazione"
            | "redactie"
            | "redakce"
    );
    let named = !WORDS.role.contains(first.to_lowercase().as_str());
    (team && named && (2..=MAX_WORDS).contains(&words.len())).then(|| words.join(" "))
}

/// The names in a byline or an author field, in their order.
pub(super) fn names(raw: &str) -> Vec<String> {
    let text = plain(raw);
    if text.len() > MAX_BYLINE_BYTES {
        return Vec::new();
    }
    let mut rest = text.as_str();
    while let Some(after) = after_by_word(rest) {
        rest = after;
    }
    let mut found: Vec<String> = Vec::new();
    for part in split(rest) {
        if let Some(name) = name(&part)
            && !found
                .iter()
                .any(|known| known.to_lowercase() == name.to_lowercase())
        {
            found.push(name);
        }
    }
    // A lone word in small letters beside full names is a rubric or a site.
    if found.iter().any(|name| name.contains(' ')) {
        found.retain(|name| {
            name.contains(' ')
                || !name.chars().all(|c| c.is_lowercase() || !c.is_alphabetic())
                || name.chars().any(|c| c > '\u{2000}')
        });
    }
    found
}

/// The parts of a byline between commas, signs and joining words.
fn split(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for chunk in text.split([
        ',', ';', '|', '•', '·', '/', '、', '，', '&', '＆', '\u{2022}', '\n', '+', '،', '–', '—',
        ':',
    ]) {
        let mut part: Vec<&str> = Vec::new();
        for word in chunk.split_whitespace() {
            let joins = WORDS.and.contains(word) && !part.is_empty()
                // "J. e Silva": a lone capital before it is an initial all the same.
                || word == "AND" || word == "UND" || word == "ET";
            if joins {
                parts.push(part.join(" "));
                part.clear();
            } else {
                part.push(word);
            }
        }
        parts.push(part.join(" "));
    }
    parts
}

/// A part of a byline as a name, unless it is something else.
fn name(part: &str) -> Option<String> {
    let mut text = without_brackets(part);
    if text
        .split_whitespace()
        .any(|word| word.contains('@') || word.contains("://") || word.starts_with("www."))
    {
        text = text
            .split_whitespace()
            .filter(|w| !w.contains('@') && !w.contains("://") && !w.starts_with("www."))
            .collect::<Vec<_>>()
            .join(" ");
    }
    let mut text = text
        .trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '-' | '"' | '“' | '”' | '*' | '_' | '【' | '】' | ']' | '[' | ')' | '(' | '\''
                )
        })
        .to_owned();
    while let Some(after) = after_by_word(&text) {
        text = after.to_owned();
    }
    // Titles of Korean and Japanese reporters stand behind the name.
    for role in [
        " 기자",
        "기자",
        " 특파원",
        "記者",
        "记者",
        " 앵커",
        " 논설위원",
    ] {
        if let Some(before) = text.strip_suffix(role) {
            text = before.trim_end().to_owned();
        }
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let empty = words.is_empty() || WORDS.none.contains(lower.as_str());
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if empty || letters < 2 || digits > 2 || words.len() > MAX_WORDS || text.chars().count() > 60 {
        return None;
    }
    // A by-word with nobody behind it: the name stands in the next part.
    if after_by_word(&format!("{text} ")).is_some_and(str::is_empty) {
        return None;
    }
    // A digit is part of a handle, never of a name of several words.
    if (digits > 0 && words.len() > 1) || lower.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let particle = words.first().is_some_and(|w| {
        matches!(
            *w,
            "van"
                | "von"
                | "de"
                | "da"
                | "di"
                | "el"
                | "al"
                | "bin"
                | "le"
                | "la"
                | "ter"
                | "zu"
                | "dos"
        )
    });
    let prose =
        text.starts_with(char::is_lowercase) && !particle && !text.chars().any(char::is_uppercase);
    if (prose && words.len() > 2) || matches!(words.first(), Some(&("the" | "a" | "this" | "our")))
    {
        return None;
    }
    if words
        .iter()
        .any(|word| WORDS.role.contains(word.trim_matches(['.', ':'])))
    {
        return None;
    }
    Some(put_right(&text))
}

/// The text without what stands in brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '（' => depth += 1,
            ')' | ']' | '）' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

/// A name in all capitals or all small letters as names are written; any other as it stands.
fn put_right(name: &str) -> String {
    let words = name.split_whitespace().count();
    let upper = name.chars().any(char::is_uppercase);
    let lower = name.chars().any(char::is_lowercase);
    let shout = upper && !lower && (words > 1 && name.chars().count() > 6);
    if !shout {
        return name.to_owned();
    }
    name.split_whitespace()
        .map(capitalised)
        .collect::<Vec<_>>()
        .join(" ")
}

/// `MCDONALD-O'NEILL` as `McDonald-O'Neill`; initials stay.
fn capitalised(word: &str) -> String {
    if word.chars().filter(|c| c.is_alphabetic()).count() < 2 || word.contains('.') {
        return word.to_owned();
    }
    let lower = word.to_lowercase();
    if matches!(
        lower.as_str(),
        "van"
            | "von"
            | "de"
            | "der"
            | "den"
            | "da"
            | "di"
            | "do"
            | "dos"
            | "du"
            | "la"
            | "le"
            | "el"
            | "al"
            | "bin"
            | "ibn"
            | "ter"
            | "zu"
    ) {
        return lower;
    }
    let mut out = String::with_capacity(word.len());
    let mut start = true;
    let scottish = lower.starts_with("mc") && lower.len() > 3;
    for (at, c) in lower.char_indices() {
        if start || (scottish && at == 2) {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        start = matches!(c, '-' | '\'' | '’');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bylines_come_down_to_names() {
        for (raw, want) in [
            ("By Jane Doe", &["Jane Doe"][..]),
            (
                "BY JANE DOE AND JOHN MCDONALD",
                &["Jane Doe", "John McDonald"],
            ),
            (
                "Von Anna Müller und Jörg Weiß",
                &["Anna Müller", "Jörg Weiß"],
            ),
            ("Par Zoé Dupont et Luc Petit", &["Zoé Dupont", "Luc Petit"]),
            ("Por Ana Gómez y Luis Paz", &["Ana Gómez", "Luis Paz"]),
            ("di Carla Neri e Ugo Rossi", &["Carla Neri", "Ugo Rossi"]),
            ("Автор: Иван Петров", &["Иван Петров"]),
            ("Jane Doe, Senior Reporter", &["Jane Doe"]),
            ("Jane Doe jane@post.example @janedoe", &["Jane Doe"]),
            ("Jane Doe (Lead Editor) | Share", &["Jane Doe"]),
            (
                "Jane Doe, John Roe and Kim Poe",
                &["Jane Doe", "John Roe", "Kim Poe"],
            ),
            ("admin", &[]),
            ("Vera van der Berg", &["Vera van der Berg"]),
            ("박준석 기자", &["박준석"]),
            ("Written By | Jane Doe", &["Jane Doe"]),
            ("Follow", &[]),
        ] {
            assert_eq!(names(raw), want, "{raw}");
        }
    }

    #[test]
    fn agencies_have_one_spelling() {
        assert_eq!(agency("The Associated Press"), Some("AP"));
        assert_eq!(agency("(dpa)"), Some("dpa"));
        assert_eq!(agency("Jane Doe"), None);
    }

    proptest! {
        #[test]
        fn no_byline_makes_it_panic(raw in ".{0,120}") {
            let _ = names(&raw);
        }

        #[test]
        fn every_by_word_is_dropped(first in "[A-Z][a-z]{4,7}qu", last in "[A-Z][a-z]{5,9}sk") {
            let name = format!("{first} {last}");
            for by in &WORDS.by {
                if by.chars().all(|c| c < '\u{3000}') {
                    prop_assert_eq!(names(&format!("{by}: {name}")), vec![name.clone()], "{}", by);
                }
            }
        }
    }
}
