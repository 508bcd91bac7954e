//! What a block shares with the headline, the page's own summaries, script data and other blocks.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use xxhash_rust::xxh3::xxh3_64;

use super::own::{Look, whole};
use super::{Hashed, Row, log_number, number, share};
use crate::metadata::Evidence;

/// Words of a title, summary or body that are looked at; more would be a body in the wrong place.
const MAX_WORDS: usize = 20_000;

/// Words of the runs that are looked for in summaries and script data.
const RUN_WORDS: usize = 3;

/// Names and meanings of this group.
pub(super) const NAMES: &[(&str, &str)] = &[
    ("is_title", "whether its words are a headline's"),
    (
        "title_in_block",
        "share of the headline's words that stand in it",
    ),
    (
        "block_in_title",
        "share of its words that stand in the headline",
    ),
    ("is_description", "whether its words are a summary's"),
    (
        "in_description",
        "share of its three-word runs that stand in a summary",
    ),
    (
        "description_in_block",
        "share of a summary's three-word runs that stand in it",
    ),
    (
        "in_script_body",
        "share of its three-word runs that stand in JSON-LD's articleBody, -1 without one",
    ),
    (
        "in_linked_text",
        "share of its three-word runs that stand in any text of the structured data, -1 without one",
    ),
    (
        "is_linked_name",
        "1 where it is the name of an entry of a list in structured data, 0 where not, -1 without one",
    ),
    (
        "repeats",
        "blocks of the page with the same words, as a logarithm",
    ),
    ("repeat_place", "which of them it is"),
];

/// Hashed words of what the page says of itself.
#[derive(Debug, Default)]
pub(super) struct Known {
    titles: Vec<HashSet<u64, BuildHasherDefault<Hashed>>>,
    whole_titles: HashSet<u64, BuildHasherDefault<Hashed>>,
    whole_descriptions: HashSet<u64, BuildHasherDefault<Hashed>>,
    descriptions: HashSet<u64, BuildHasherDefault<Hashed>>,
    body: Option<HashSet<u64, BuildHasherDefault<Hashed>>>,
    linked: HashSet<u64, BuildHasherDefault<Hashed>>,
    linked_names: HashSet<u64, BuildHasherDefault<Hashed>>,
    /// How often each whole text stands on the page.
    repeats: HashMap<u64, (usize, usize), BuildHasherDefault<Hashed>>,
}

impl Known {
    pub(super) fn of(evidence: &Evidence, looks: &[Look]) -> Self {
        let mut known = Self::default();
        for title in evidence.titles().take(4) {
            let tokens = words(title);
            known.whole_titles.insert(whole(&tokens));
            known.titles.push(tokens.into_iter().collect());
        }
        for description in evidence.descriptions().take(4) {
            let tokens = words(description);
            known.whole_descriptions.insert(whole(&tokens));
            known.descriptions.extend(runs(&tokens));
        }
        let body: HashSet<u64, BuildHasherDefault<Hashed>> = evidence
            .article_bodies()
            .take(2)
            .flat_map(|body| runs(&words(body)).collect::<Vec<_>>())
            .collect();
        known.body = (!body.is_empty()).then_some(body);
        for text in evidence.linked_texts() {
            if known.linked.len() < MAX_WORDS {
                known.linked.extend(runs(&words(text)));
            }
        }
        for name in evidence.linked_names() {
            known.linked_names.insert(whole(&words(name)));
        }
        for look in looks {
            known.repeats.entry(look.whole).or_default().0 += 1;
        }
        known
    }

    /// Whether there is a body in JSON-LD, and how many runs it has.
    pub(super) fn script_runs(&self) -> usize {
        self.body.as_ref().map_or(0, HashSet::len)
    }

    /// Whether the block says what a headline says.
    pub(super) fn is_title(&self, look: &Look) -> bool {
        !look.tokens.is_empty() && self.whole_titles.contains(&look.whole)
    }
}

/// Adds this group to a row.
pub(super) fn push(row: &mut Row, known: &mut Known, look: &Look) {
    row.flag(known.is_title(look));
    let (mut covered, mut covers) = (0.0f32, 0.0f32);
    if look.tokens.len() <= 80 {
        let mut own: Vec<u64> = look.tokens.clone();
        own.sort_unstable();
        own.dedup();
        for title in &known.titles {
            let common = own.iter().filter(|token| title.contains(token)).count();
            covered = covered.max(share(common, title.len()));
            covers = covers.max(share(common, own.len()));
        }
    }
    row.push(covered);
    row.push(covers);
    let own: Vec<u64> = runs(&look.tokens).collect();
    row.flag(!look.tokens.is_empty() && known.whole_descriptions.contains(&look.whole));
    let in_description = own
        .iter()
        .filter(|run| known.descriptions.contains(run))
        .count();
    row.push(share(in_description, own.len()));
    row.push(share(in_description, known.descriptions.len()).min(1.0));
    row.push(known.body.as_ref().map_or(-1.0, |body| {
        share(
            own.iter().filter(|run| body.contains(run)).count(),
            own.len(),
        )
    }));
    row.push(if known.linked.is_empty() {
        -1.0
    } else {
        share(
            own.iter().filter(|run| known.linked.contains(run)).count(),
            own.len(),
        )
    });
    row.push(if known.linked_names.is_empty() {
        -1.0
    } else {
        number(usize::from(known.linked_names.contains(&look.whole)))
    });
    let (count, place) = known.repeats.entry(look.whole).or_default();
    *place += 1;
    row.push(log_number(*count));
    row.push(number(*place));
}

/// Lower-cased words of a text, hashed as those of blocks are.
fn words(text: &str) -> Vec<u64> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        if crate::block::is_cjk(c) {
            tokens.push(xxh3_64(c.to_string().as_bytes()));
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
            continue;
        }
        if !word.is_empty() {
            tokens.push(xxh3_64(word.as_bytes()));
            word.clear();
        }
        if tokens.len() >= MAX_WORDS {
            break;
        }
    }
    tokens
}

/// Hashes of the runs of three words; of the whole text where it is shorter.
fn runs(tokens: &[u64]) -> impl Iterator<Item = u64> {
    let size = RUN_WORDS.min(tokens.len()).max(1);
    tokens.windows(size).map(|run| {
        run.iter()
            .fold(0u64, |mix, token| mix.rotate_left(21) ^ token)
    })
}
