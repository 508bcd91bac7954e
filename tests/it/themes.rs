//! Our own stories in the markup of common themes and content systems (`fixtures/themes`): what they
//! print around and inside a story, in many languages. `NAME.json` is the gold of `NAME.html`.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use gleaner::Record;
use gleaner::eval::comparison::diff;
use gleaner::eval::corpus::{self, CorpusPage};
use gleaner::{Options, extract};
use url::Url;

fn pages() -> Vec<CorpusPage> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/themes");
    corpus::read(&folder).expect("the themes are a corpus")
}

fn record_of(page: &CorpusPage) -> Record {
    let html = fs::read_to_string(&page.html).expect("these fixtures are UTF-8 files");
    let url = page.url.as_deref().and_then(|url| Url::parse(url).ok());
    extract(&html, url.as_ref(), &Options::default()).record
}

#[test]
fn bodies_are_exact() {
    let mut failures = String::new();
    for page in pages() {
        let gold = page.text.as_deref().unwrap_or_default();
        assert!(gold.len() > 200, "{}", page.id);
        let text = record_of(&page).text;
        if text != gold {
            let _ = writeln!(failures, "\n== {}", page.id);
            failures.push_str(&diff(gold, &text));
        }
    }
    assert!(failures.is_empty(), "- missing, + too much:{failures}");
}

#[test]
fn who_wrote_what_and_when_is_exact() {
    let mut failures = String::new();
    for page in pages() {
        let record = record_of(&page);
        let gold_authors = page.authors.clone().unwrap_or_default();
        if record.authors != gold_authors {
            let _ = writeln!(
                failures,
                "{}: {:?}, not {gold_authors:?}",
                page.id, record.authors
            );
        }
        for (gold, found) in [
            (&page.title, &record.title),
            (&page.published, &record.published),
            (&page.language, &record.language),
        ] {
            if gold != found {
                let _ = writeln!(failures, "{}: {found:?}, not {gold:?}", page.id);
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
