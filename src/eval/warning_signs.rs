//! What is missing or unlikely in one page's record: reasons to look, not errors.

use jiff::civil::Date;

use super::corpus::CorpusPage;
use crate::block::{Languages, phrases};
use crate::record::{BlockKind, Kind, Record};

/// Words below which a body is short: three or four sentences.
const SHORT_WORDS: usize = 50;

/// Confidence below which the extractor says itself that it may be wrong.
const LOW_CONFIDENCE: f64 = 0.5;

/// Days by which a date may differ from the one in the page's address, for time zones and pages that
/// were put up on the eve.
const ADDRESS_DAYS: i32 = 2;

/// What is missing or unlikely in a page's record.
pub(super) fn of(record: &Record, page: &CorpusPage, today: Date) -> Vec<&'static str> {
    let words = super::token_overlap::tokens(&record.text).len();
    let published = day(record.published.as_deref());
    let modified = day(record.modified.as_deref());
    let in_address = page.address().and_then(|url| address_day(url.path()));
    let apart = published
        .zip(in_address)
        .is_some_and(|(published, address)| (published - address).get_days().abs() > ADDRESS_DAYS);
    let languages = Languages::of_tags(record.language.as_deref());
    let prompts = record.blocks.iter().any(|block| {
        matches!(block.kind, BlockKind::Paragraph)
            && phrases::find(&block.text, false, languages).is_some()
    });
    let seen = [
        ("no body", words == 0),
        ("short body", (1..SHORT_WORDS).contains(&words)),
        ("not taken for an article", record.kind != Kind::Article),
        ("low confidence", record.confidence < LOW_CONFIDENCE),
        ("no title", record.title.is_none()),
        ("no authors", record.authors.is_empty()),
        ("no date", record.published.is_none()),
        ("no language", record.language.is_none()),
        ("a date in the future", published > Some(today)),
        (
            "changed before it was published",
            modified.is_some() && modified < published,
        ),
        ("another date in the address", apart),
        ("prompts in the body", prompts),
    ];
    let seen = seen.into_iter().filter(|(_, is_so)| *is_so);
    seen.map(|(name, _)| name).collect()
}

fn day(time: Option<&str>) -> Option<Date> {
    time?.get(..10)?.parse().ok()
}

/// The date that stands in an address as `/2026/03/01/`.
fn address_day(path: &str) -> Option<Date> {
    let parts: Vec<&str> = path.split('/').collect();
    parts.windows(3).find_map(|parts| {
        let year = Some(parts[0]).filter(|year| year.len() == 4)?;
        let (month, day) = (parts[1].parse().ok()?, parts[2].parse().ok()?);
        Date::new(year.parse().ok()?, month, day).ok()
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::record::Block;

    pub(in crate::eval) fn record(texts: &[&str]) -> Record {
        let blocks = texts
            .iter()
            .map(|text| Block::new(BlockKind::Paragraph, *text));
        let blocks: Vec<Block> = blocks.collect();
        Record {
            title: Some("Rain".to_owned()),
            authors: vec!["Ann Bell".to_owned()],
            published: Some("2026-03-01".to_owned()),
            language: Some("en".to_owned()),
            confidence: 0.9,
            text: Record::join_blocks(&blocks),
            blocks,
            ..Record::default()
        }
    }

    pub(in crate::eval) fn page(id: &str, path: &str) -> CorpusPage {
        CorpusPage {
            id: id.to_owned(),
            url: Some(format!("https://valley.example{path}")),
            ..CorpusPage::default()
        }
    }

    pub(in crate::eval) fn today() -> Date {
        Date::constant(2026, 6, 1)
    }

    #[test]
    fn a_sound_page_has_no_signs() {
        let long = "It rained in the valley on Monday. ".repeat(10);
        let seen = of(&record(&[&long]), &page("a", "/2026/03/02/rain"), today());
        assert_eq!(seen, Vec::<&str>::new());
    }

    #[test]
    fn what_is_missing_or_unlikely_is_a_sign() {
        let empty = of(&Record::default(), &page("a", "/"), today());
        for sign in [
            "no body",
            "no title",
            "no authors",
            "no date",
            "no language",
            "low confidence",
        ] {
            assert!(empty.contains(&sign), "{sign}: {empty:?}");
        }
        let mut odd = record(&["Short."]);
        odd.published = Some("2027-01-01T00:00:00Z".to_owned());
        odd.modified = Some("2026-01-01".to_owned());
        let odd = of(&odd, &page("a", "/2026/03/01/rain"), today());
        assert_eq!(
            odd,
            [
                "short body",
                "a date in the future",
                "changed before it was published",
                "another date in the address"
            ]
        );
    }
}
