//! Who published a republished article first, and under which licence it stands.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use url::Url;

use crate::evidence::Evidence;
use crate::evidence::byline_words::agency;
use crate::evidence::claim::Claim;
use crate::evidence::separators::SEPARATORS;
use crate::fields::byline_context::Near;
use crate::record::Origin;

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

static PHRASES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        // Their rarest letters are in every line.
        .prefilter(false)
        .build(REPUBLISHED)
        .ok()
});

/// Blocks at the start and the end of the text in which such a phrase stands.
const EDGE_BLOCKS: usize = 3;

/// What speaks for the licence: JSON-LD, metas and links, The Conversation's counter.
pub(crate) fn license(evidence: &Evidence) -> Vec<Claim> {
    let linked = evidence.article().and_then(|a| a.license.clone());
    let mut claims: Vec<Claim> = linked
        .map(|license| Claim::new("json-ld", license))
        .into_iter()
        .collect();
    claims.extend(evidence.declared.of("license").into_iter().map(Claim::of));
    let counted = evidence.declared.of("counter").into_iter().take(1);
    claims.extend(counted.map(|f| Claim::at(f.node, f.source, CONVERSATION_LICENSE.to_owned())));
    claims
}

/// What speaks for who published the text first, believed most first.
pub(crate) fn claims(
    evidence: &Evidence,
    near: &Near,
    text: &str,
    authors: &[String],
) -> Vec<(Claim, Option<Origin>)> {
    let notes = &evidence.declared;
    let mut claims = Vec::new();
    for counter in notes.of("counter").into_iter().take(1) {
        let number: String = counter
            .value
            .split("/content/")
            .nth(1)
            .unwrap_or_default()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let origin = Origin {
            name: "The Conversation".to_owned(),
            url: (!number.is_empty())
                .then(|| format!("https://theconversation.com/article-{number}")),
        };
        claims.push((Claim::of(counter), Some(origin)));
    }
    let republished = republished(text);
    for found in notes.of("origin") {
        let origin = elsewhere(evidence, &found.value).map(|original| Origin {
            name: republished.clone().unwrap_or_else(|| host_of(&original)),
            url: Some(original.to_string()),
        });
        let refused = origin
            .is_none()
            .then_some("it is no address of another site");
        claims.push((Claim::of(found).unless(refused), origin));
    }
    let names = [
        ("republished from, in the text", republished),
        ("republished from, beside the text", credited(near)),
        ("agency among the authors", agency_author(evidence, authors)),
        ("dateline", dateline(text)),
    ];
    for (source, name) in names {
        if let Some(name) = name {
            let origin = Origin { name, url: None };
            claims.push((Claim::new(source, String::new()), Some(origin)));
        }
    }
    for (claim, origin) in &mut claims {
        if let Some(origin) = origin {
            let url = origin.url.as_deref().unwrap_or_default();
            claim.value = [&origin.name, url].join(" ").trim_end().into();
        }
    }
    claims
}

/// An address that is on another site than the page.
fn elsewhere(evidence: &Evidence, address: &str) -> Option<Url> {
    let original = Url::parse(address).ok()?;
    let domain = |url: &Url| url.host_str().and_then(psl::domain_str).map(str::to_owned);
    let page = evidence.url.as_ref()?;
    (domain(&original) != domain(page)).then_some(original)
}

fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    host.trim_start_matches("www.").to_owned()
}

/// The name after "republished from" around the body: such lines are no part of it.
fn credited(near: &Near) -> Option<String> {
    let runs = || near.runs.iter().chain(&near.closing);
    runs().zip(runs().skip(1)).find_map(|(run, next)| {
        named_in(&run.text).or_else(|| {
            // The name may be a link of its own.
            ends_with_phrase(&run.text)
                .then(|| named_in(&format!("republished from {}.", next.text)))
                .flatten()
        })
    })
}

/// Whether a line breaks off where the name of who published first should follow.
fn ends_with_phrase(line: &str) -> bool {
    REPUBLISHED.iter().any(|phrase| {
        let phrase = phrase.trim_end();
        let start = line.len().checked_sub(phrase.len());
        let tail = start.and_then(|start| line.get(start..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(phrase))
    })
}

/// The name after "republished from" in the first or last paragraphs.
fn republished(text: &str) -> Option<String> {
    let last = text.rsplit("\n\n").take(EDGE_BLOCKS);
    let mut edges = last.chain(text.split("\n\n").take(EDGE_BLOCKS));
    edges.find_map(|block| (block.len() < 600).then(|| named_in(block)).flatten())
}

/// The name after "republished from" in a paragraph.
fn named_in(block: &str) -> Option<String> {
    let found = PHRASES.as_ref()?.find(block)?;
    let rest = &block[found.end()..];
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
fn agency_author(evidence: &Evidence, authors: &[String]) -> Option<String> {
    let linked = evidence
        .article()
        .into_iter()
        .flat_map(|a| &a.authors)
        .map(|p| p.name.as_str());
    let noted = evidence
        .declared
        .all
        .iter()
        .filter(|f| f.field == "author")
        .map(|f| f.value.as_str());
    linked
        .chain(noted)
        .chain(authors.iter().map(String::as_str))
        .flat_map(|line| line.split(['(', ')']))
        .flat_map(|part| part.split(&SEPARATORS.agencies[..]))
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
