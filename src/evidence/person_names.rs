//! From a byline to names, and nothing but names.

use crate::evidence::byline_words::{BYLINE_WORDS, after_by_word, agency};
use crate::evidence::date::{self, DateFormat};
use crate::evidence::plain_text::plain;
use crate::evidence::separators::SEPARATORS;

#[cfg(test)]
mod tests;

/// How far a text is believed to hold nothing but names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// A field for authors in the page's data.
    Data,
    /// An element that is marked as a byline.
    Marked,
    /// Any line of text: what has not the shape of a name is none.
    Text,
}

/// Most words a person's name has ("Maria do Rosário de Fátima da Silva").
const MAX_WORDS: usize = 6;

/// Longest byline that is looked at, in bytes; what is longer is prose.
const MAX_BYLINE_BYTES: usize = 600;

/// Longest list of names in a page's data, in bytes: some hundred authors.
const MAX_FIELD_BYTES: usize = 10_000;

/// Most parts of a byline of which none is a full name: "Maria & Katerina".
const MAX_LONE_WORDS: usize = 2;

/// Longest name, in characters.
const MAX_NAME_CHARS: usize = 60;

/// A team or desk that signs in place of persons ("Valley Post Staff"), where a byline names one.
pub(crate) fn team(raw: &str) -> Option<String> {
    let text = plain(raw);
    let rest = past_by_words(&text);
    let part = without_brackets(rest.split(&SEPARATORS.team[..]).next()?);
    let words: Vec<&str> = part.split_whitespace().collect();
    let last = words.last()?.to_lowercase();
    let compound = last.rsplit('-').next().unwrap_or(&last);
    let long_enough = words.len() >= 2 || compound.len() < last.len();
    (BYLINE_WORDS.team.contains(compound) && long_enough && words.len() <= MAX_WORDS)
        .then(|| words.join(" "))
}

/// A short text from an author field that is no person's name, as an organisation's.
pub(crate) fn organisation(raw: &str) -> Option<String> {
    let text = without_brackets(&plain(raw));
    let text = past_by_words(text.trim()).trim();
    let words = text.split_whitespace().count();
    let empty =
        BYLINE_WORDS.none.contains(text.to_lowercase().as_str()) || text.contains(['@', '/', '|']);
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    ((1..=MAX_WORDS).contains(&words) && letters > 2 && !empty).then(|| text.to_owned())
}

/// The text behind its by-words. A by-word that may as well be part of a name ("De Niro", "von der
/// Heide", "Theo Maddox") counts only before a full name.
fn past_by_words(text: &str) -> &str {
    let mut rest = text;
    while let Some(after) = after_by_word(rest) {
        let by_word = rest[..rest.len() - after.len()].trim().to_lowercase();
        let mut words = after.split_whitespace();
        let full_name = words
            .next()
            .is_some_and(|w| w.starts_with(char::is_uppercase) && !is_particle(&w.to_lowercase()))
            && words.next().is_some();
        let in_names = is_particle(&by_word) || BYLINE_WORDS.given.contains(by_word.as_str());
        if in_names && !full_name && agency(after).is_none() {
            break;
        }
        rest = after;
    }
    rest
}

/// The names in a byline or an author field, in their order.
pub(crate) fn names(raw: &str, trust: Trust) -> Vec<String> {
    let text = without_addresses(&plain(raw));
    let most = match trust {
        Trust::Data => MAX_FIELD_BYTES,
        _ => MAX_BYLINE_BYTES,
    };
    if text.len() > most {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    let mut parts = 0;
    // Behind a person's job stand the employer and the years of service, until the next person.
    let mut behind_role = false;
    for (part, fresh) in split(past_by_words(&text)) {
        parts += usize::from(!part.is_empty());
        behind_role &= !fresh;
        if behind_role {
            continue;
        }
        match name(&part, trust) {
            NamePart::Name(name) => {
                let lower = name.to_lowercase();
                if !found.iter().any(|known| known.to_lowercase() == lower) {
                    found.push(name);
                }
            }
            NamePart::Role => behind_role = !found.is_empty(),
            NamePart::Other => {}
        }
    }
    // Beside full names, a lone word is a rubric, a place or a degree.
    if found.iter().any(|name| name.contains(' ')) {
        found.retain(|name| name.contains(' ') || name.chars().any(|c| c > '\u{2000}'));
    } else if trust == Trust::Marked && parts > MAX_LONE_WORDS {
        // One word after the other is a menu.
        found.clear();
    }
    found
}

/// The parts of a byline between commas, signs and joining words, and whether a part begins
/// something new rather than going on about the same person.
fn split(text: &str) -> Vec<(String, bool)> {
    let mut parts = Vec::new();
    let mut fresh = true;
    for chunk in text.split_inclusive(&SEPARATORS.names[..]) {
        let sign = chunk.chars().next_back().filter(|c| !c.is_alphanumeric());
        let body = sign.map_or(chunk, |s| chunk.trim_end_matches(s));
        let mut part: Vec<&str> = Vec::new();
        for word in body.split_whitespace() {
            let joins = BYLINE_WORDS.and.contains(word) && !part.is_empty()
                // "J. e Silva": a lone capital before it is an initial all the same.
                || word == "AND" || word == "UND" || word == "ET";
            if joins {
                parts.push((part.join(" "), fresh));
                part.clear();
                fresh = true;
            } else {
                part.push(word);
            }
        }
        parts.push((part.join(" "), fresh));
        fresh = sign.is_some_and(|sign| SEPARATORS.persons.contains(&sign));
    }
    parts
}

enum NamePart {
    Name(String),
    /// A job or a place.
    Role,
    Other,
}

/// A part of a byline as a name, unless it is something else.
fn name(part: &str, trust: Trust) -> NamePart {
    let text = without_addresses(&without_brackets(part));
    let text = past_by_words(text.trim_matches(frames_name));
    let text = without_reporter(before_employer(text));
    let text = if trust == Trust::Data {
        text
    } else {
        before_prose(before_date(&text))
    };
    let text = text.trim_matches(frames_name);
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let has_role = words
        .iter()
        .any(|word| is_role(word.trim_matches(['.', ':'])));
    if has_role {
        return NamePart::Role;
    }
    if words.is_empty() || words.len() > MAX_WORDS || text.chars().count() > MAX_NAME_CHARS {
        return NamePart::Other;
    }
    // A by-word with nobody behind it: the name stands in the next part.
    let bare_by_word = after_by_word(&format!("{text} ")).is_some_and(str::is_empty);
    if BYLINE_WORDS.none.contains(lower.as_str()) || bare_by_word || !has_shape(text, &words, trust)
    {
        return NamePart::Other;
    }
    NamePart::Name(in_usual_case(text))
}

/// Whether a word is a job, or a compound that ends in one: "Wirtschaftsredakteurin".
fn is_role(word: &str) -> bool {
    BYLINE_WORDS.role.contains(word) || BYLINE_WORDS.job.iter().any(|end| word.ends_with(end))
}

/// What stands around a name.
fn frames_name(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '"' | '“' | '”' | '*' | '_' | '【' | '】' | ']' | '[' | ')' | '(' | '\'' | '∙'
        )
}

/// Whether a text has the shape of a person's name.
fn has_shape(text: &str, words: &[&str], trust: Trust) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    // A digit is part of a handle, never of a name of several words.
    if letters < 2 || digits > 2 || (digits > 0 && words.len() > 1) {
        return false;
    }
    if text.starts_with(|c: char| c.is_ascii_digit())
        || matches!(
            words.first(),
            Some(&("the" | "a" | "an" | "this" | "our" | "these"))
        )
    {
        return false;
    }
    // Degrees behind a name stand in capitals: "MD", "FAND".
    let degree = words.len() == 1 && text.len() <= 6 && !text.chars().any(char::is_lowercase);
    let cased = text.chars().any(|c| c.is_uppercase() || c.is_lowercase());
    if trust == Trust::Data {
        let prose = text.starts_with(char::is_lowercase)
            && !is_particle(words[0])
            && !text.chars().any(char::is_uppercase);
        return !(prose && words.len() > 2);
    }
    if !cased {
        // Names in scripts without capitals are short.
        return trust == Trust::Marked || letters <= 20;
    }
    let capitals = text
        .split_whitespace()
        .all(|word| is_particle(&word.to_lowercase()) || !word.starts_with(char::is_lowercase));
    let ends = text
        .split_whitespace()
        .all(|word| !word.ends_with(['.', '!', '?', '…']) || word.chars().count() <= 5);
    match trust {
        // A handle in small letters signs alone.
        Trust::Marked => ends && (capitals || words.len() == 1),
        _ => ends && capitals && words.len() >= 2 && !degree && words.len() <= 5,
    }
}

/// Whether a word is the small part of a name, such as "von".
pub(crate) fn is_particle(word: &str) -> bool {
    BYLINE_WORDS.particle.contains(word)
        || BYLINE_WORDS
            .prefix
            .iter()
            .any(|start| word.starts_with(start))
}

/// The text before the first word that begins prose: "Jane Doe in London".
fn before_prose(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let end = words
        .iter()
        .skip(1)
        .position(|word| BYLINE_WORDS.cut.contains(word))
        .map_or(words.len(), |at| at + 1);
    words[..end].join(" ")
}

/// The text before a date that stands right behind a name: "周宁 2025年6月24日".
fn before_date(text: &str) -> &str {
    let blanks = text.match_indices(' ').map(|(at, _)| at);
    let date = blanks
        .filter(|at| text[at + 1..].starts_with(|c: char| c.is_ascii_digit()))
        .find(|at| date::parse(&text[at + 1..], DateFormat::default()).is_some());
    date.map_or(text, |at| &text[..at])
}

/// The text without e-mail and web addresses and handles.
fn without_addresses(text: &str) -> String {
    text.split_whitespace()
        .filter(|w| !w.contains('@') && !w.contains("://") && !w.starts_with("www."))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text before the first word in small letters behind a name in capitals: "JANE DOE Courier Staff".
fn before_employer(text: &str) -> &str {
    let is_capitals =
        |word: &str| word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase);
    let capitals = text.split(' ').take_while(|word| is_capitals(word)).count();
    let next = text.split(' ').nth(capitals);
    if capitals < 2 || next.is_none_or(|word| is_particle(&word.to_lowercase())) {
        return text;
    }
    let end: usize = text
        .split(' ')
        .take(capitals)
        .map(|word| word.len() + 1)
        .sum();
    let name = text[..end].trim_end();
    if name.len() > MAX_INITIALS_BYTES {
        name
    } else {
        text
    }
}

/// Bytes of the longest two words in capitals that are initials rather than a name: "CC BY".
const MAX_INITIALS_BYTES: usize = 6;

/// The text without a reporter's title behind the name.
fn without_reporter(text: &str) -> String {
    let mut text = text;
    for title in &BYLINE_WORDS.title {
        if let Some(before) = text.strip_suffix(title) {
            text = before.trim_end();
        }
    }
    text.to_owned()
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

/// A name in all capitals as names are written; any other as it stands.
fn in_usual_case(name: &str) -> String {
    let words = name.split_whitespace().count();
    let upper = name.chars().any(char::is_uppercase);
    let lower = name.chars().any(char::is_lowercase);
    if !upper || lower || words < 2 || name.chars().count() <= 6 {
        return name.split_whitespace().collect::<Vec<_>>().join(" ");
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
    if is_particle(&lower) {
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
