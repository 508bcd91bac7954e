//! What every page of a site says is the site's own: the tail of its titles is the site's name, and
//! an author of every article is the publisher.
//!
//! One page cannot tell "Rain at last – Valley Post" from "Rain at last – a diary"; twelve pages
//! can.

use xxhash_rust::xxh3::xxh3_64;

use crate::evidence::headline::outer_separators;
use crate::record::Record;
use crate::sitewide::Frequency;
use crate::text::to_words;

/// Articles of a site that must have been seen before what they share is the site's.
const MIN_PAGES: u64 = 8;

/// Articles of ten that must share it.
const MIN_OF_TEN: u64 = 9;

/// Most words of a site's name in a title.
const MAX_TAIL_WORDS: usize = 6;

/// Fingerprints of what may be the site's in a record: the ends of its title, and its authors.
pub(super) fn fingerprints(record: &Record) -> Vec<u64> {
    let title = record.title.as_deref().unwrap_or_default();
    let ends = title_ends(title).into_iter().flatten();
    let authors = record.authors.iter();
    ends.map(|end| fingerprint("title", end.name))
        .chain(authors.map(|name| fingerprint("author", name)))
        .collect()
}

/// Takes the site's name out of a record's title, and the publisher from beside its authors, where
/// nearly every article of the site has them. An author who stands alone stays: some sites are one
/// person's. Returns whether the record changed.
pub(super) fn clean(record: &mut Record, frequency: impl Fn(u64) -> Option<Frequency>) -> bool {
    let everywhere = |fingerprint| frequency(fingerprint).is_some_and(is_everywhere);
    let mut changed = false;
    let title = record.title.clone().unwrap_or_default();
    let mut ends = title_ends(&title).into_iter().flatten();
    if let Some(end) = ends.find(|end| everywhere(fingerprint("title", end.name))) {
        record.title = Some(end.headline.to_owned());
        record.site_name.get_or_insert_with(|| end.name.to_owned());
        changed = true;
    }
    let is_publisher = |name: &String| everywhere(fingerprint("author", name));
    if record.authors.iter().any(is_publisher) && !record.authors.iter().all(is_publisher) {
        record.authors.retain(|name| !is_publisher(name));
        changed = true;
    }
    changed
}

/// Whether nearly every article of a site has it.
pub(super) fn is_everywhere(found: Frequency) -> bool {
    found.pages >= MIN_PAGES && found.with * 10 >= found.pages * MIN_OF_TEN
}

fn fingerprint(kind: &str, text: &str) -> u64 {
    xxh3_64(format!("{kind}\0{}", to_words(text)).as_bytes())
}

/// One end of a title and what is left without it.
struct TitleEnd<'a> {
    name: &'a str,
    headline: &'a str,
}

/// What stands behind the last separator of a title, and before the first.
fn title_ends(title: &str) -> [Option<TitleEnd<'_>>; 2] {
    let short = |text: &str| {
        let words = text.split_whitespace().count();
        (1..=MAX_TAIL_WORDS).contains(&words)
    };
    let Some((first, last)) = outer_separators(title) else {
        return [None, None];
    };
    let last = TitleEnd {
        name: title[last.end..].trim(),
        headline: title[..last.start].trim(),
    };
    let first = TitleEnd {
        name: title[..first.start].trim(),
        headline: title[first.end..].trim(),
    };
    [last, first].map(|end| (short(end.name) && !end.headline.is_empty()).then_some(end))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn record(title: &str, authors: &[&str]) -> Record {
        Record {
            title: Some(title.to_owned()),
            authors: authors.iter().map(|&a| a.to_owned()).collect(),
            ..Record::default()
        }
    }

    fn site() -> Vec<Record> {
        let words = [
            "Rain", "Sun", "Snow", "Fog", "Wind", "Hail", "Frost", "Sleet", "Dew",
        ];
        words
            .iter()
            .enumerate()
            .map(|(at, word)| {
                let title = format!("{word} at last – {at} days – Valley Post");
                record(&title, &[&format!("Jane {word}"), "Valley Press Group"])
            })
            .collect()
    }

    fn counted(records: &[Record]) -> HashMap<u64, u64> {
        let mut with = HashMap::new();
        for print in records.iter().flat_map(fingerprints) {
            *with.entry(print).or_default() += 1;
        }
        with
    }

    #[test]
    fn what_every_page_says_is_the_sites() {
        let records = site();
        let with = counted(&records);
        let repeats = |print| {
            let pages = 9;
            with.get(&print).map(|&with| Frequency { with, pages })
        };
        let mut first = records[0].clone();
        assert!(clean(&mut first, repeats));
        assert_eq!(first.title.as_deref(), Some("Rain at last – 0 days"));
        assert_eq!(first.site_name.as_deref(), Some("Valley Post"));
        assert_eq!(first.authors, ["Jane Rain"]);
        assert!(!clean(&mut first, repeats), "what is left is the story's");
    }

    #[test]
    fn few_pages_and_lone_authors_say_nothing() {
        let records = site();
        let with = counted(&records);
        let few = |print| {
            let pages = 7;
            with.get(&print).map(|&with| Frequency { with, pages })
        };
        assert!(!clean(&mut records[0].clone(), few));
        let everywhere = |_| {
            Some(Frequency {
                with: 50,
                pages: 50,
            })
        };
        let mut blog = record("Rain at last", &["Jane Doe"]);
        assert!(!clean(&mut blog, everywhere));
        assert_eq!(blog.authors, ["Jane Doe"]);
    }
}
