//! The pages of `fixtures/metadata`, and what explanations say of a page.

use std::fs;
use std::path::{Path, PathBuf};

use gleaner::{Extraction, Options, extract};
use serde_json::Value;
use url::Url;

use super::STORY;

/// The pages of `fixtures/metadata`, each with what its record must say.
fn traps() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/metadata");
    let mut found: Vec<(PathBuf, Value)> = fs::read_dir(folder)
        .expect("the folder of traps")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a gold");
            let gold = serde_json::from_str(&text).expect("a gold in JSON");
            (path.with_extension("html"), gold)
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(found.len() > 70, "only {} traps", found.len());
    found
}

fn extract_trap(page: &Path, gold: &Value, explain: bool) -> Extraction {
    let html = fs::read_to_string(page).expect("a page");
    let url = Url::parse(gold["url"].as_str().expect("an address")).expect("an address");
    let fetched: Option<jiff::Timestamp> = gold["fetched"]
        .as_str()
        .map(|time| time.parse().expect("a time"));
    let options = Options::default().explain(explain).fetched(fetched);
    extract(&html, Some(&url), &options)
}

#[test]
fn no_trap_catches() {
    let mut caught = Vec::new();
    for (page, gold) in traps() {
        let record = extract_trap(&page, &gold, false).record;
        let record = serde_json::to_value(record).expect("a record is plain data");
        for (field, want) in gold.as_object().expect("a gold is an object") {
            if field == "url" || field == "fetched" {
                continue;
            }
            let empty = Value::Array(Vec::new());
            let found = match record.get(field) {
                Some(found) => found,
                None if want.is_array() => &empty,
                None => &Value::Null,
            };
            if found != want {
                let name = page.file_stem().unwrap_or_default().to_string_lossy();
                caught.push(format!("{name}: {field} is {found}, not {want}"));
            }
        }
    }
    assert!(caught.is_empty(), "{}", caught.join("\n"));
}

#[test]
fn an_explanation_names_the_candidate_that_was_taken() {
    for (page, gold) in traps() {
        let extraction = extract_trap(&page, &gold, true);
        let record = extraction.record;
        let named = |list: Vec<String>| Some(list.join("; ")).filter(|names| !names.is_empty());
        let origin = record.origin.map(|origin| {
            let url = origin.url.unwrap_or_default();
            format!("{} {url}", origin.name).trim_end().to_owned()
        });
        let said = [
            ("title", record.title),
            ("description", record.description),
            ("authors", named(record.authors)),
            ("published", record.published),
            ("modified", record.modified),
            ("language", record.language),
            ("canonical_url", record.canonical_url),
            ("site_name", record.site_name),
            ("section", record.section),
            ("tags", named(record.tags)),
            ("image", record.image),
            ("license", record.license),
            ("origin", origin),
        ];
        for (field, value) in said {
            let taken: Vec<&str> = extraction
                .evidence
                .iter()
                .filter(|c| c.field == field && c.verdict.starts_with("taken: "))
                .map(|c| c.value.as_str())
                .collect();
            assert_eq!(taken, Vec::from_iter(value.as_deref()), "{page:?} {field}");
        }
        let locked = extraction.evidence.iter().any(|candidate| {
            candidate.field == "paywalled" && candidate.verdict.starts_with("taken: ")
        });
        assert_eq!(record.paywalled.unwrap_or(false), locked, "{page:?}");
    }
}

/// What a claim was refused for is told as well, and where it stands.
#[test]
fn an_explanation_says_why_a_claim_was_refused_and_where_it_stands() {
    let html = "<html><head><link rel=canonical href=/><meta property=og:url \
        content=https://www.valleypost.example/news/rain><meta name=description content='Rain at last'>\
        </head><body><h1>Rain at last</h1>"
        .to_owned()
        + STORY;
    let url = Url::parse("https://www.valleypost.example/news/rain?from=x").expect("an address");
    let options = Options::default().explain(true);
    let told: Vec<String> = extract(&html, Some(&url), &options)
        .evidence
        .into_iter()
        .filter(|c| matches!(c.field, "canonical_url" | "description"))
        .map(|c| {
            let place = c.place.unwrap_or_default();
            format!("{} {} {place}: {}", c.field, c.source, c.verdict)
        })
        .collect();
    assert_eq!(
        told,
        [
            "description description html/head/meta: refused: it is the title",
            "canonical_url rel=canonical html/head/link: refused: it is a front page's",
            "canonical_url og:url html/head/meta: taken: the source believed most",
        ]
    );
}
