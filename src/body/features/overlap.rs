//! How far a block's words are those of the headline, the page's own summaries, its structured data and other
//! blocks.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use crate::body::features::text_stats::TextStats;
use crate::body::features::word_hash::{self, MAX_WORDS, whole};
use crate::body::features::{Hashed, Row, log_number, number, share};
use crate::evidence::Evidence;

/// Titles and summaries of the page that are looked at.
const MAX_TITLES: usize = 4;
const MAX_SUMMARIES: usize = 4;

/// Words up to which a block is compared with the titles word by word.
const MAX_TITLE_WORDS: usize = 80;

/// Words of the runs that are looked for in summaries and script data.
const RUN_WORDS: usize = 3;

/// Hashes of words, of runs of words, or of whole texts.
type KnownHashes = HashSet<u64, BuildHasherDefault<Hashed>>;

/// Hashed words of the texts that blocks are compared with.
#[derive(Debug, Default)]
pub(crate) struct PageTexts {
    titles: Vec<KnownHashes>,
    whole_titles: KnownHashes,
    whole_descriptions: KnownHashes,
    descriptions: KnownHashes,
    /// Runs of JSON-LD's `articleBody`, and of all texts in JSON-LD.
    body: KnownHashes,
    json_ld_texts: KnownHashes,
    /// Names of the entries of lists in JSON-LD.
    json_ld_names: KnownHashes,
    /// How often each whole text stands on the page, and how often so far.
    repeats: HashMap<u64, (usize, usize), BuildHasherDefault<Hashed>>,
}

impl PageTexts {
    pub(crate) fn of(evidence: &Evidence, texts: &[TextStats]) -> Self {
        let mut known = Self::default();
        for title in evidence.titles().take(MAX_TITLES) {
            let tokens = word_hash::of(title);
            known.whole_titles.insert(whole(&tokens));
            known.titles.push(tokens.into_iter().collect());
        }
        for description in evidence.descriptions.iter().take(MAX_SUMMARIES) {
            let tokens = word_hash::of(description);
            known.whole_descriptions.insert(whole(&tokens));
            known.descriptions.extend(runs(&tokens));
        }
        if let Some(body) = evidence.article_body() {
            known.body.extend(runs(&word_hash::of(body)));
        }
        let json_ld = &evidence.declared.json_ld;
        for text in &json_ld.texts {
            if known.json_ld_texts.len() < MAX_WORDS {
                known.json_ld_texts.extend(runs(&word_hash::of(text)));
            }
        }
        for name in &json_ld.names {
            known.json_ld_names.insert(whole(&word_hash::of(name)));
        }
        for text in texts {
            known.repeats.entry(text.whole).or_default().0 += 1;
        }
        known
    }

    /// How many runs of words the body in JSON-LD has; 0 without one.
    pub(crate) fn script_runs(&self) -> usize {
        self.body.len()
    }

    /// Whether the block says what a headline says.
    pub(crate) fn is_title(&self, text: &TextStats) -> bool {
        !text.tokens.is_empty() && self.whole_titles.contains(&text.whole)
    }

    /// The largest share of a title's words that stand among these, and of these that stand in a
    /// title, each word counted once.
    fn title_shares(&self, tokens: &[u64]) -> (f32, f32) {
        if tokens.len() > MAX_TITLE_WORDS || !tokens.iter().any(|token| self.in_titles(*token)) {
            return (0.0, 0.0);
        }
        let mut distinct = tokens.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let (mut covered, mut covers) = (0.0f32, 0.0f32);
        for title in &self.titles {
            let common = distinct
                .iter()
                .filter(|token| title.contains(token))
                .count();
            covered = covered.max(share(common, title.len()));
            covers = covers.max(share(common, distinct.len()));
        }
        (covered, covers)
    }

    fn in_titles(&self, token: u64) -> bool {
        self.titles.iter().any(|title| title.contains(&token))
    }
}

/// Adds this group to a row.
pub(crate) fn push(row: &mut Row, known: &mut PageTexts, text: &TextStats) {
    row.flag(known.is_title(text));
    let (covered, covers) = known.title_shares(&text.tokens);
    row.push(covered);
    row.push(covers);
    row.flag(!text.tokens.is_empty() && known.whole_descriptions.contains(&text.whole));
    let all = runs(&text.tokens).len();
    let in_description = count_known(&text.tokens, &known.descriptions);
    row.push(share(in_description, all));
    row.push(share(in_description, known.descriptions.len()).min(1.0));
    for texts in [&known.body, &known.json_ld_texts] {
        row.push(match texts.len() {
            0 => -1.0,
            _ => share(count_known(&text.tokens, texts), all),
        });
    }
    row.push(match known.json_ld_names.len() {
        0 => -1.0,
        _ => f32::from(known.json_ld_names.contains(&text.whole)),
    });
    let (count, nth) = known.repeats.entry(text.whole).or_default();
    *nth += 1;
    row.push(log_number(*count));
    row.push(number(*nth));
}

/// How many of a text's runs of words are known.
fn count_known(tokens: &[u64], known: &KnownHashes) -> usize {
    if known.is_empty() {
        return 0;
    }
    runs(tokens).filter(|run| known.contains(run)).count()
}

/// Hashes of the runs of three words; of the whole text where it is shorter.
fn runs(tokens: &[u64]) -> impl ExactSizeIterator<Item = u64> {
    let size = RUN_WORDS.min(tokens.len()).max(1);
    tokens.windows(size).map(|run| {
        run.iter()
            .fold(0u64, |mix, token| mix.rotate_left(21) ^ token)
    })
}
