//! The articles of the demo's sites against gold written by hand (`fixtures/sites/manifest.jsonl`):
//! body and metadata exactly.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use gleaner::Record;
use gleaner::decode::decode;
use gleaner::eval::comparison::diff;
use gleaner::eval::corpus::{self, CorpusPage};
use gleaner::{Options, extract};
use url::Url;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites")
}

fn pages() -> Vec<CorpusPage> {
    corpus::read(&folder()).expect("the sites are a corpus")
}

fn record_of(page: &CorpusPage) -> Record {
    let bytes = fs::read(&page.html).expect("the fixtures are part of the project");
    let url = page.url.as_deref().and_then(|url| Url::parse(url).ok());
    extract(
        &decode(&bytes, None).text,
        url.as_ref(),
        &Options::default(),
    )
    .record
}

#[test]
fn bodies_are_exact() {
    let mut failures = String::new();
    let mut failed = 0;
    for page in pages() {
        let gold = page.text.as_deref().unwrap_or_default();
        let text = record_of(&page).text;
        if text == gold {
            continue;
        }
        failed += 1;
        let _ = writeln!(failures, "\n== {}", page.id);
        failures.push_str(&diff(gold, &text));
    }
    assert!(
        failed == 0,
        "{failed} bodies differ (- missing, + too much):{failures}"
    );
}

#[test]
fn metadata_are_exact() {
    let mut failures = String::new();
    for page in pages() {
        let record = record_of(&page);
        let language = record.language.as_deref().and_then(|tag| tag.get(..2));
        let join = |names: Option<&[String]>| names.unwrap_or_default().join("; ");
        let (gold_authors, authors) = (join(page.authors.as_deref()), join(Some(&record.authors)));
        for (field, gold, found) in [
            ("title", page.title.as_deref(), record.title.as_deref()),
            (
                "published",
                page.published.as_deref(),
                record.published.as_deref(),
            ),
            (
                "description",
                page.description.as_deref(),
                record.description.as_deref(),
            ),
            ("language", page.language.as_deref(), language),
            (
                "authors",
                Some(gold_authors.as_str()),
                Some(authors.as_str()),
            ),
        ] {
            if gold != found {
                let _ = writeln!(failures, "{} {field}: {found:?}, not {gold:?}", page.id);
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn every_article_of_the_sites_has_gold() {
    let mut articles = 0;
    for site in fs::read_dir(folder()).expect("listed").flatten() {
        for inner in ["", "noticias", "artikel"] {
            let Ok(files) = fs::read_dir(site.path().join(inner)) else {
                continue;
            };
            articles += files
                .flatten()
                .filter(|file| file.path().extension().is_some_and(|end| end == "html"))
                .filter(|file| fs::read(file.path()).is_ok_and(|page| is_article(&page)))
                .count();
        }
    }
    assert_eq!(articles, pages().len());
    for page in pages() {
        let text = page.text.unwrap_or_default();
        assert!(text.len() > 300, "{}", page.id);
    }
}

/// Whether a page of one of the three sites is an article: a byline or dateline of its site.
fn is_article(page: &[u8]) -> bool {
    let page = decode(page, None).text;
    [
        "article:published_time",
        "name=\"date\"",
        " de octubre de 2026</FONT>",
    ]
    .iter()
    .any(|sign| page.contains(sign))
}
