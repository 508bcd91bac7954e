//! Lines that say who wrote and when, and nothing else.

use crate::block::Languages;
use crate::block::ends_sentence;
use crate::block::phrases::{self, Category};
use crate::evidence::byline_words::after_by_word;
use crate::evidence::date::{self, DateFormat};
use crate::evidence::date_label;
use crate::evidence::person_names::{Trust, names};
use crate::evidence::separators::SEPARATORS;

/// Longest such line, in characters: some names, jobs and two dates.
const MAX_CHARS: usize = 160;

/// Most words of a part behind a by-word: a name, a job, a date.
const MAX_SIGNED_WORDS: usize = 12;

/// Most words of a part that may be names alone.
const MAX_NAME_WORDS: usize = 8;

/// Most words around a date beside the month: "Freitag, 12. Juni 2026, 9 Uhr", and with a label.
const DATE_WORDS: usize = 4;
const LABELLED_DATE_WORDS: usize = 6;

/// Letters from which a word says something, where shorter ones are "de", "at" and "Uhr".
const LONG_WORD: usize = 4;

/// The names in a line that is a byline or a date line and nothing else ("Ana Gil - 3 de octubre de
/// 2026"); `None` for any other line, and for names alone, since many a product and place looks like a
/// name.
pub(crate) fn byline_names(line: &str, language: Option<&str>) -> Option<Vec<String>> {
    let line = without_reading_time(line.trim());
    if line.is_empty() || line.chars().count() > MAX_CHARS || ends_sentence(line) {
        return None;
    }
    let format = DateFormat {
        language: language.and_then(|tag| tag.get(..2)).unwrap_or_default(),
        ..DateFormat::default()
    };
    let mut sure = false;
    let mut signed_by = Vec::new();
    for part in parts(line) {
        let signed = after_by_word(part);
        let found = names(part, Trust::Text);
        let names_nobody = signed.is_none() || found.is_empty();
        if names_nobody && is_date(part, format) {
            sure = true;
            continue;
        }
        let words = part.split_whitespace().count();
        let most = if signed.is_some() {
            MAX_SIGNED_WORDS
        } else {
            MAX_NAME_WORDS
        };
        if words > most || found.is_empty() {
            return None;
        }
        signed_by.extend(found);
        sure |= signed.is_some();
    }
    sure.then_some(signed_by)
}

/// Whether a line holds the names of a story's authors, all of them, and nothing else.
pub(crate) fn is_line_of(line: &str, authors: &[String]) -> bool {
    let words = |text: &str| {
        text.split([' ', ',', '/', '&', ';'])
            .filter(|w| !w.is_empty())
            .count()
    };
    let named: usize = authors.iter().map(|name| words(name)).sum();
    // A joining word stands between two names at most.
    let is_full = (named..named + authors.len()).contains(&words(line));
    is_full && !ends_sentence(line) && names(line, Trust::Text) == authors
}

/// Words up to which the end of a line may say how long the story takes to read.
const READING_TIME_WORDS: usize = 4;

/// A line without the time it takes to read at its end: "Lesezeit: 3 Min.", "4 min read".
fn without_reading_time(line: &str) -> &str {
    let starts = line.rmatch_indices(' ').map(|(at, _)| at);
    for at in starts.take(READING_TIME_WORDS) {
        let end = line[at..].trim_start();
        let found = phrases::find(end, false, Languages::ANY)
            .filter(|found| found.category == Category::Byline);
        if found.is_some() && end.contains(char::is_numeric) {
            return line[..at].trim_end();
        }
    }
    line
}

/// What separators leave of a line.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    let mut parts: Vec<&str> = line.split(&SEPARATORS.line[..]).collect();
    for sign in &SEPARATORS.spaced_line {
        parts = parts
            .into_iter()
            .flat_map(|part| part.split(sign.as_str()))
            .collect();
    }
    let parts = parts.into_iter().map(str::trim);
    parts.filter(|part| !part.is_empty())
}

/// Whether a text is a date, with or without a label and a time, or a time alone.
pub(crate) fn is_date(text: &str, format: DateFormat) -> bool {
    if is_clock(text) {
        return true;
    }
    let words = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty());
    let long = words
        .clone()
        .filter(|word| word.chars().count() >= LONG_WORD)
        .count();
    // The month and the day of the week; the label and two words around it.
    let (most, most_long) = match date_label::first_in(text) {
        Some(_) => (LABELLED_DATE_WORDS, 4),
        None => (DATE_WORDS, 2),
    };
    words.count() <= most && long <= most_long && date::parse(text, format).is_some()
}

/// Whether a text is a time of the day and nothing else: "09:40", "9.40".
pub(crate) fn is_clock(text: &str) -> bool {
    let mut numbers = text.trim().split([':', '.']);
    let mut number = |below: u8| {
        numbers
            .next()
            .filter(|digits| digits.len() == 2 || (below == 24 && digits.len() == 1))
            .and_then(|digits| digits.parse::<u8>().ok())
            .is_some_and(|n| n < below)
    };
    number(24) && number(60) && numbers.next().is_none()
}

#[cfg(test)]
mod tests {
    use crate::evidence::byline_line::{byline_names, is_clock, is_line_of};

    #[test]
    fn bylines_and_date_lines_are_known() {
        for (line, names) in [
            (
                "Pilar Etxeberria - 14 de octubre de 2026",
                &["Pilar Etxeberria"][..],
            ),
            ("By HANA VELL, staff writer 12 June 2025", &["Hana Vell"]),
            ("Von Anna Becker | 3. Mai 2026, 12:30 Uhr", &["Anna Becker"]),
            (
                "Von Lene Marquardt 02.10.2026, 08:15 Uhr Lesezeit: 3 Min.",
                &["Lene Marquardt"],
            ),
            ("By Jane Doe | 4 min read", &["Jane Doe"]),
            ("Published: Friday, 12 June 2026", &[]),
            ("2026-06-12", &[]),
            ("09:40", &[]),
        ] {
            let found = byline_names(line, Some("en"));
            let expected: Vec<String> = names.iter().map(ToString::to_string).collect();
            assert_eq!(found, Some(expected), "{line}");
        }
    }

    #[test]
    fn a_line_of_the_authors_names_is_known() {
        let authors = ["Jane Doe", "John Roe"].map(str::to_owned);
        for line in ["Jane Doe/John Roe", "Jane Doe and John Roe"] {
            assert!(is_line_of(line, &authors), "{line}");
        }
        for line in [
            "Jane Doe",
            "Jane Doe and John Roe met.",
            "Jane Doe and John Roe met in the rain",
        ] {
            assert!(!is_line_of(line, &authors), "{line}");
        }
        assert!(!is_line_of("", &[]));
    }

    #[test]
    fn the_story_is_not() {
        for line in [
            "",
            "Hana Vell and Pim Torrey",
            "Yosemite Falls",
            "The 12 June 2025 vote failed",
            "The first sailing left on 2 October 2026 with 214 passengers",
            "By Thursday the boat had gone",
            "It was 09:40.",
            "Chronology",
            "1.5",
            "Se visita con la nariz, dicen sus creadores.",
        ] {
            assert_eq!(byline_names(line, Some("en")), None, "{line}");
        }
    }

    #[test]
    fn a_time_of_day_is_told_from_other_numbers() {
        for time in ["09:40", "9.05", " 23:59 "] {
            assert!(is_clock(time), "{time}");
        }
        for other in [
            "2:1",
            "1995",
            "12:345",
            "9:40 Uhr Anpfiff",
            "3.1415",
            ":30",
            "",
        ] {
            assert!(!is_clock(other), "{other}");
        }
    }
}
