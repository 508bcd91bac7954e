//! How well addresses alone tell articles from lists, on the development corpora.

use gleaner::discover::{ARTICLE_SCORE, UrlClass, classify_url};
use serde_json::Value;
use url::Url;

use crate::shared;

/// Page kind and whether its address is taken for an article's, for each page of a corpus.
fn judged(corpus: &str) -> Option<Vec<(String, bool)>> {
    let path = shared::folder()
        .join("corpora")
        .join(corpus)
        .join("manifest.jsonl");
    let manifest = std::fs::read_to_string(path).ok()?;
    let pages = manifest.lines().filter_map(|line| {
        let page: Value = serde_json::from_str(line).ok()?;
        let url = Url::parse(page["url"].as_str()?).ok()?;
        let article = match classify_url(&url) {
            UrlClass::Page(score, _) => score >= ARTICLE_SCORE,
            UrlClass::Skip(_) => false,
        };
        Some((page["kind"].as_str()?.to_owned(), article))
    });
    Some(pages.collect())
}

/// The floors lie a little under what is reached, so that a change for the worse is seen.
#[test]
#[allow(
    clippy::cast_precision_loss,
    clippy::print_stdout,
    clippy::print_stderr
)] // Some thousands of pages; figures to read.
fn addresses_of_articles_are_told_from_lists() {
    let (Some(mixed), Some(news)) = (judged("wcxb-dev"), judged("fundus-dev")) else {
        eprintln!("skipped: no corpora in {}", shared::folder().display());
        return;
    };
    let count = |pages: &[(String, bool)], kinds: &[&str], article: bool| {
        pages
            .iter()
            .filter(|(kind, taken)| kinds.contains(&kind.as_str()) && *taken == article)
            .count() as f64
    };
    for (name, pages) in [("wcxb-dev", &mixed), ("fundus-dev", &news)] {
        for kind in [
            "article",
            "listing",
            "collection",
            "forum",
            "service",
            "product",
            "documentation",
        ] {
            let (yes, no) = (count(pages, &[kind], true), count(pages, &[kind], false));
            println!("{name} {kind}: {yes} taken for articles, {no} not");
        }
    }
    let lists = ["listing", "collection"];
    let found = count(&mixed, &["article"], true) + count(&news, &["article"], true);
    let missed = count(&mixed, &["article"], false) + count(&news, &["article"], false);
    let wrong = count(&mixed, &lists, true);
    let (precision, recall) = (found / (found + wrong), found / (found + missed));
    println!("precision {precision:.3}, recall {recall:.3}");
    assert!(precision > 0.94, "precision {precision}");
    assert!(recall > 0.87, "recall {recall}");
}
