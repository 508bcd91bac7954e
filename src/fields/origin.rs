//! Who published a republished article first.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use url::Url;

use crate::evidence::Evidence;
use crate::evidence::byline_words::agency;
use crate::evidence::claim::Claim;
use crate::evidence::separators::SEPARATORS;
use crate::fields::byline_context::BylineContext;
use crate::fields::explain::Decision;
use crate::fields::{Inputs, words_of};
use crate::record::Origin;

/// Phrases before the name of who published first, in lower case.
static PHRASES: LazyLock<Vec<&str>> = LazyLock::new(|| words_of("republished"));

/// Finds such a phrase and the space behind it.
static PHRASE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        // Their rarest letters are in every line.
        .prefilter(false)
        .build(PHRASES.iter().map(|phrase| format!("{phrase} ")))
        .ok()
});

/// Blocks at the start and the end of the text in which such a phrase stands.
const EDGE_BLOCKS: usize = 3;

/// Who published the text first: by The Conversation's counter, a meta, what the text or the lines around
/// it say, an agency among the authors or in the dateline.
pub(crate) fn decide(inputs: &Inputs, authors: &[String]) -> Decision<Option<Origin>> {
    let (evidence, text) = (inputs.evidence, &inputs.text);
    let declared = &evidence.declared;
    let mut claims: Vec<(Claim, Option<Origin>)> = Vec::new();
    for counter in declared.of("counter").into_iter().take(1) {
        let id = counter.value.split("/content/").nth(1).unwrap_or_default();
        let end = id.find(|c: char| !c.is_ascii_digit());
        let id = &id[..end.unwrap_or(id.len())];
        let url = format!("https://theconversation.com/article-{id}");
        let origin = Origin {
            name: "The Conversation".to_owned(),
            url: (!id.is_empty()).then_some(url),
        };
        claims.push((Claim::of(counter), Some(origin)));
    }
    let republished = republished(text);
    for found in declared.of("origin") {
        let origin = elsewhere(evidence, &found.value).map(|original| Origin {
            name: republished.clone().unwrap_or_else(|| host_of(&original)),
            url: Some(original.into()),
        });
        let refused = origin.is_none();
        let refused = refused.then_some("it is no address of another site");
        claims.push((Claim::of(found).unless(refused), origin));
    }
    let names = [
        ("republished from, in the text", republished),
        (
            "republished from, beside the text",
            credited(&inputs.context),
        ),
        ("agency among the authors", agency_author(evidence, authors)),
        ("dateline", dateline(text)),
    ];
    for (source, name) in names {
        let origin = name.map(|name| Origin { name, url: None });
        claims.extend(origin.map(|origin| (Claim::new(source, String::new()), Some(origin))));
    }
    for (claim, origin) in &mut claims {
        if let Some(origin) = origin {
            let url = origin.url.as_deref().unwrap_or_default();
            claim.value = [&origin.name, url].join(" ").trim_end().into();
        }
    }
    let (claims, origins): (Vec<_>, Vec<_>) = claims.into_iter().unzip();
    Decision::first(claims).map(|_| origins.into_iter().flatten().next())
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
fn credited(context: &BylineContext) -> Option<String> {
    let lines = || context.lines.iter().chain(&context.lines_below);
    lines().zip(lines().skip(1)).find_map(|(line, next)| {
        named_in(&line.text).or_else(|| {
            // The name may be a link of its own.
            ends_with_phrase(&line.text)
                .then(|| named_in(&format!("republished from {}.", next.text)))
                .flatten()
        })
    })
}

/// Whether a line breaks off where the name of who published first should follow.
fn ends_with_phrase(line: &str) -> bool {
    PHRASES.iter().any(|phrase| {
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
    let found = PHRASE.as_ref()?.find(block)?;
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
    let json_ld = evidence.article().into_iter().flat_map(|a| &a.authors);
    let declared = evidence.declared.all.iter().filter(|f| f.field == "author");
    json_ld
        .map(|person| &person.name)
        .chain(declared.map(|found| &found.value))
        .chain(authors)
        .flat_map(|line| line.split(&SEPARATORS.agencies[..]))
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
