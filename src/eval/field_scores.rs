//! A record's fields against their gold.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::corpus::CorpusPage;
use crate::record::Record;

/// Names in common between an output and its gold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameCounts {
    /// In both.
    pub common: usize,
    /// In the output.
    pub found: usize,
    /// In the gold.
    pub gold: usize,
}

/// Compares each field that has gold: exact after folding white space, case and quotes; dates by
/// day, and to the minute where the gold has a time; authors as sets; languages by their primary
/// subtag.
pub(super) fn compare_fields(page: &CorpusPage, record: &Record) -> BTreeMap<String, bool> {
    let mut right = BTreeMap::new();
    let mut note = |field: &str, is_right: bool| {
        right.insert(field.to_owned(), is_right);
    };
    let text = |gold: &str, found: Option<&String>| {
        found.is_some_and(|found| folded(gold) == folded(found))
    };
    if let Some(gold) = &page.title {
        note("title", text(gold, record.title.as_ref()));
    }
    if let Some(gold) = page.gold_description() {
        note("description", text(gold, record.description.as_ref()));
    }
    // A gold without a day cannot be compared by day.
    if let Some(day) = page.published.as_deref().and_then(|gold| gold.get(..10)) {
        let found = record.published.as_deref().and_then(|date| date.get(..10));
        note("published", found == Some(day));
    }
    if let Some(gold) = page.published.as_deref()
        && let Some(is_right) = same_minute(gold, record.published.as_deref())
    {
        note("published_minute", is_right);
    }
    if let Some(gold) = page.authors.as_ref().filter(|authors| !authors.is_empty()) {
        note("authors", names(gold) == names(&record.authors));
    }
    // Where the gold names no language, an identifier names that of the gold text.
    let identified = page.text.as_deref().and_then(crate::fields::identify);
    if let Some(gold) = page.language.as_deref().or(identified) {
        let found = record.language.as_deref().unwrap_or_default();
        note("language", primary(gold) == primary(found));
    }
    right
}

/// Counts the authors' names, where there is gold for them.
pub(super) fn count_names(page: &CorpusPage, record: &Record) -> Option<NameCounts> {
    let authors = page.authors.as_ref().filter(|names| !names.is_empty());
    let (gold, found) = (names(authors?), names(&record.authors));
    Some(NameCounts {
        common: found.intersection(&gold).count(),
        found: found.len(),
        gold: gold.len(),
    })
}

/// A set of names, folded; some golds hold all authors in one text ("A, B and C").
fn names(names: &[String]) -> BTreeSet<String> {
    let joined = names.join(";").replace(", and ", ", ");
    joined
        .replace(" and ", ", ")
        .replace(" & ", ", ")
        .split([',', ';', '|'])
        .map(folded)
        .filter(|name| !name.is_empty())
        .collect()
}

/// Whether a date is the gold's to the minute: the same instant where the gold has an offset, the
/// same time on the clock where it has none. None where the gold has no time.
fn same_minute(gold: &str, found: Option<&str>) -> Option<bool> {
    let gold = gold.replacen(' ', "T", 1);
    let instant = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let clock = |text: &str| text.parse::<jiff::civil::DateTime>().ok();
    let minute = |at: jiff::Timestamp| at.as_second().div_euclid(60);
    if let Some(gold) = instant(&gold) {
        return Some(found.and_then(instant).map(minute) == Some(minute(gold)));
    }
    let gold = clock(&gold).filter(|gold| gold.time() != jiff::civil::Time::midnight())?;
    let shown = |at: jiff::civil::DateTime| (at.date(), at.hour(), at.minute());
    let found = found.filter(|text| text.contains('T')).and_then(clock);
    Some(found.map(shown) == Some(shown(gold)))
}

fn primary(tag: &str) -> String {
    let subtag = tag.split(['-', '_']).next().unwrap_or_default();
    subtag.to_ascii_lowercase()
}

/// A text with its white space, case and quotation marks made the same.
pub(super) fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    text.replace(['“', '”', '„', '«', '»'], "\"")
        .replace(['‘', '’', '‚', '`', '´'], "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_compared_where_there_is_gold() {
        let page = CorpusPage {
            title: Some("The “Title”".to_owned()),
            summary: Some("Rain,  at last.".to_owned()),
            published: Some("2026-03-01 07:00".to_owned()),
            authors: Some(vec!["Ann Bell and Bo Dahl".to_owned()]),
            language: Some("pt-BR".to_owned()),
            ..CorpusPage::default()
        };
        let record = Record {
            title: Some("the \"title\"".to_owned()),
            description: Some("rain, at last.".to_owned()),
            published: Some("2026-03-01T07:00:00+01:00".to_owned()),
            authors: vec![
                "Bo Dahl".to_owned(),
                "Staff".to_owned(),
                "bo dahl".to_owned(),
            ],
            language: Some("pt".to_owned()),
            ..Record::default()
        };
        let right = compare_fields(&page, &record);
        for field in [
            "title",
            "description",
            "published",
            "published_minute",
            "language",
        ] {
            assert_eq!(right.get(field), Some(&true), "{field}");
        }
        assert_eq!(right.get("authors"), Some(&false));
        let counts = count_names(&page, &record).expect("there is gold");
        assert_eq!((counts.common, counts.found, counts.gold), (1, 2, 2));
        assert!(compare_fields(&CorpusPage::default(), &record).is_empty());
        assert_eq!(count_names(&CorpusPage::default(), &record), None);
    }
}
