//! "2 hours ago": a day, where the time of the fetch is known.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use crate::table;

/// How one language says how long ago something was.
struct RelativeWords {
    language: &'static str,
    ago: Vec<&'static str>,
    /// Spellings of minute, hour, day and week.
    units: [Vec<&'static str>; 4],
    yesterday: Vec<&'static str>,
    today: Vec<&'static str>,
}

static WORDS: LazyLock<Vec<RelativeWords>> = LazyLock::new(|| {
    table::rows(include_str!("../../../config/tables/relative.tsv"))
        .filter_map(|row| {
            let mut columns = row.into_iter();
            let language = columns.next()?;
            let mut list = || Some(columns.next()?.split('|').collect::<Vec<_>>());
            Some(RelativeWords {
                language,
                ago: list()?,
                units: [list()?, list()?, list()?, list()?],
                yesterday: list()?,
                today: list()?,
            })
        })
        .collect()
});

/// Minutes of a minute, an hour, a day and a week.
const UNIT_MINUTES: [i64; 4] = [1, 60, 24 * 60, 7 * 24 * 60];

/// Longest time ago whose day is named exactly enough: "5 weeks ago" may be any day of a week.
const MAX_MINUTES: i64 = 14 * 24 * 60;

/// Longest text that is a relative date, in characters; what is longer is prose.
const MAX_CHARS: usize = 40;

/// The day a text means, in UTC, seen from the time of the fetch.
pub(crate) fn day(text: &str, language: &str, fetched: Timestamp) -> Option<Date> {
    if text.chars().count() > MAX_CHARS {
        return None;
    }
    let minutes = WORDS
        .iter()
        .filter(|words| language.is_empty() || words.language == language)
        .find_map(|words| minutes_ago(text, words))?;
    let then = fetched.checked_sub(Span::new().minutes(minutes)).ok()?;
    Some(Offset::UTC.to_datetime(then).date())
}

fn minutes_ago(text: &str, words: &RelativeWords) -> Option<i64> {
    let is = |list: &[&str]| list.iter().any(|word| holds(text, word));
    let digits: String = text
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    let Ok(count) = digits.parse::<i64>() else {
        return match (is(&words.today), is(&words.yesterday)) {
            (true, false) => Some(0),
            (false, true) => Some(UNIT_MINUTES[2]),
            _ => None,
        };
    };
    let at = text.find(&digits)?;
    let after = text[at + digits.len()..].trim_start();
    let rest_has_digits = after.chars().any(|c| c.is_ascii_digit());
    if !is(&words.ago) || rest_has_digits {
        return None;
    }
    let unit = words.units.iter().position(|spellings| {
        spellings.iter().any(|unit| {
            after
                .strip_prefix(unit)
                .is_some_and(|rest| ends_word(unit, rest))
        })
    })?;
    count
        .checked_mul(UNIT_MINUTES[unit])
        .filter(|minutes| *minutes <= MAX_MINUTES)
}

/// Whether a word stands in a text, as a whole where its script sets words apart.
fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        is_unspaced(word)
            || (before.is_none_or(|c| !c.is_alphabetic())
                && ends_word(word, &text[at + word.len()..]))
    })
}

fn ends_word(word: &str, rest: &str) -> bool {
    is_unspaced(word) || rest.chars().next().is_none_or(|c| !c.is_alphabetic())
}

fn is_unspaced(word: &str) -> bool {
    word.chars().any(|c| ('\u{3000}'..'\u{d7b0}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_back_from_the_fetch() {
        let fetched: Timestamp = "2026-03-10T12:00:00Z".parse().expect("a time");
        let read = |text: &str, language: &str| day(text, language, fetched).map(|d| d.to_string());
        for (text, language, want) in [
            ("2 hours ago", "en", Some("2026-03-10")),
            ("vor 3 tagen", "de", Some("2026-03-07")),
            ("il y a 2 jours", "fr", Some("2026-03-08")),
            ("hace 1 semana", "es", Some("2026-03-03")),
            ("3日前", "ja", Some("2026-03-07")),
            ("5시간 전", "ko", Some("2026-03-10")),
            ("yesterday", "en", Some("2026-03-09")),
            ("2 дня назад", "ru", Some("2026-03-08")),
            ("3 months ago", "en", None),
            ("9 weeks ago", "en", None),
            ("2 hours", "en", None),
            ("from 3 to 5 days ago", "en", None),
            ("todays paper", "en", None),
        ] {
            assert_eq!(read(text, language).as_deref(), want, "{text}");
        }
    }
}
