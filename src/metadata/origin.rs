//! Who published a republished article first, and under which licence it stands.

use super::Evidence;
use super::near::Near;
use super::words::agency;
use crate::record::{Origin, Record};

/// Licence of The Conversation's articles (theconversation.com/republishing-guidelines).
const CONVERSATION_LICENSE: &str = "https://creativecommons.org/licenses/by-nd/4.0/";

/// Phrases before the name of who published first, in lower case.
const REPUBLISHED: [&str; 6] = [
    "republished from ",
    "originally published by ",
    "originally published in ",
    "originally published on ",
    "first published by ",
    "first appeared on ",
];

/// Blocks at the start and the end of the text in which such a phrase stands.
const EDGE_BLOCKS: usize = 3;

/// Fills `origin` and `license`.
pub(super) fn fill(evidence: &Evidence, near: &Near, record: &mut Record) {
    let notes = &evidence.notes;
    let named = notes.of("license").first().map(|f| f.value.clone());
    record.license = evidence.article().and_then(|a| a.license.clone()).or(named);
    if let Some(counter) = notes.of("counter").first() {
        let number: String = counter
            .value
            .split("/content/")
            .nth(1)
            .unwrap_or_default()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        record.origin = Some(Origin {
            name: "The Conversation".to_owned(),
            url: (!number.is_empty())
                .then(|| format!("https://theconversation.com/article-{number}")),
        });
        record
            .license
            .get_or_insert_with(|| CONVERSATION_LICENSE.to_owned());
        return;
    }
    let named = notes.of("origin").into_iter().find_map(|found| {
        let original = url::Url::parse(&found.value).ok()?;
        let elsewhere = evidence.url.as_ref().is_some_and(|page| {
            original.host_str().and_then(psl::domain_str)
                != page.host_str().and_then(psl::domain_str)
        });
        elsewhere.then_some(original)
    });
    if let Some(original) = named {
        let host = original.host_str().unwrap_or_default();
        record.origin = Some(Origin {
            name: republished(&record.text)
                .unwrap_or_else(|| host.trim_start_matches("www.").to_owned()),
            url: Some(original.to_string()),
        });
        return;
    }
    let name = republished(&record.text)
        .or_else(|| credited(near))
        .or_else(|| agency_author(evidence, record))
        .or_else(|| dateline(&record.text));
    record.origin = name.map(|name| Origin { name, url: None });
}

/// The name after "republished from" around the body: such lines are no part of it.
fn credited(near: &Near) -> Option<String> {
    let runs = || near.runs.iter().chain(&near.closing);
    runs().zip(runs().skip(1)).find_map(|(run, next)| {
        named_in(&run.text).or_else(|| {
            // The name may be a link of its own.
            let lower = format!("{} ", run.text.to_ascii_lowercase());
            REPUBLISHED
                .iter()
                .any(|phrase| lower.ends_with(phrase))
                .then(|| named_in(&format!("republished from {}.", next.text)))
                .flatten()
        })
    })
}

/// The name after "republished from" in the first or last paragraphs.
fn republished(text: &str) -> Option<String> {
    let blocks: Vec<&str> = text.split("\n\n").collect();
    let edges = blocks
        .iter()
        .rev()
        .take(EDGE_BLOCKS)
        .chain(blocks.iter().take(EDGE_BLOCKS));
    edges.filter(|b| b.len() < 600).find_map(|b| named_in(b))
}

/// The name after "republished from" in a paragraph.
fn named_in(block: &str) -> Option<String> {
    let lower = block.to_ascii_lowercase();
    let (at, phrase) = REPUBLISHED
        .iter()
        .find_map(|p| lower.find(p).map(|at| (at, p)))?;
    let rest = &block[at + phrase.len()..];
    let end = rest.find(['.', ',', '(', '\n']).unwrap_or(rest.len());
    let name = rest[..end]
        .split(" under ")
        .next()?
        .split(" on ")
        .next()?
        .trim();
    (!name.is_empty() && name.chars().count() < 60 && name.chars().next()?.is_uppercase())
        .then(|| name.to_owned())
}

/// An agency among those the page names as authors.
fn agency_author(evidence: &Evidence, record: &Record) -> Option<String> {
    let linked = evidence
        .article()
        .into_iter()
        .flat_map(|a| &a.authors)
        .map(|p| p.name.as_str());
    let noted = evidence
        .notes
        .found
        .iter()
        .filter(|f| f.field == "author")
        .map(|f| f.value.as_str());
    linked
        .chain(noted)
        .chain(record.authors.iter().map(String::as_str))
        .flat_map(|line| line.split([',', ';', '|', '/', '(', ')']))
        .find_map(agency)
        .map(str::to_owned)
}

/// The agency in a dateline: "BERLIN (AP) —", "Berlin (dpa) -", "(Reuters) -".
fn dateline(text: &str) -> Option<String> {
    let start = text.split("\n\n").take(2);
    start.into_iter().find_map(|block| {
        let head: String = block.chars().take(80).collect();
        let (open, close) = (head.find('(')?, head.find(')')?);
        let after = head.get(close + 1..)?.trim_start();
        let name = head
            .get(open + 1..close)?
            .split(['/', ','])
            .find_map(agency)?;
        after
            .starts_with(['-', '–', '—', ':'])
            .then(|| name.to_owned())
    })
}
