//! Phrases of page chrome in many languages: "Read also", "Connect with us", "Foto: dpa".
//!
//! The phrases stand in `config/tables/chrome.tsv` with their language, category, source, and how
//! they match. `find` looks a block up in all languages at once: a page's language is often unknown
//! and its widgets often speak another one.

mod fold;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind, StartKind};
use fold::{ends_word, fold, is_count, is_frame, starts_word};
use foldhash::HashMap;

use crate::table;

const TABLE: &str = include_str!("../../../config/tables/chrome.tsv");

/// Bytes of folded text beyond which a block is no prompt but running text; two sentences of the
/// longest prompts in the table fit.
const MAX_SHORT_BYTES: usize = 240;

/// Bytes at a block's front in which a `start` phrase is looked for: longer than any phrase.
const MAX_FRONT_BYTES: usize = 120;

/// What a phrase of the table asks or says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// Leads to other stories: "Read also".
    Related,
    /// Share and follow prompts: "Connect with us".
    Share,
    /// Newsletter, subscription, donation and app prompts.
    Newsletter,
    /// Labels and disclosures of advertisements.
    Ad,
    /// Photo credits.
    Credit,
    /// Tag and category lines.
    Tags,
    /// Bylines, datelines, reading times, author boxes.
    Byline,
    /// Comment forms and threads.
    Comments,
    /// Cookie banners and placeholders for blocked content.
    Consent,
    /// Contact and backlink footers.
    Contact,
    /// Copyright notices and disclaimers.
    Copyright,
    /// Paywall, login and registration prompts.
    Paywall,
    /// Where a republished text comes from.
    Republished,
    /// Menus, paging, "Back to top".
    Navigation,
    /// Most-read, trending and latest lists.
    Popular,
    /// What stands in a page's stead: errors and checks for robots.
    Barrier,
}

impl Category {
    /// All categories, in the order of their numbers.
    pub const ALL: [Self; 16] = {
        #[allow(clippy::enum_glob_use)] // A list of the enum's variants.
        use Category::*;
        [
            Related,
            Share,
            Newsletter,
            Ad,
            Credit,
            Tags,
            Byline,
            Comments,
            Consent,
            Contact,
            Copyright,
            Paywall,
            Republished,
            Navigation,
            Popular,
            Barrier,
        ]
    };

    /// The category's name in the table.
    pub(crate) fn name(self) -> &'static str {
        static NAMES: LazyLock<[String; 16]> = LazyLock::new(|| Category::ALL.map(table::name_of));
        &NAMES[self as usize]
    }

    /// Whether a short block is chrome, too, when a later sentence opens with a phrase of this category.
    fn counts_in_later_sentence(self) -> bool {
        matches!(
            self,
            Self::Share | Self::Newsletter | Self::Paywall | Self::Credit
        )
    }

    /// Whether phrases of this category stand over lists of links.
    pub(crate) fn names_menus(self) -> bool {
        matches!(
            self,
            Self::Related | Self::Share | Self::Tags | Self::Navigation | Self::Popular
        )
    }

    /// Whether a long block, too, is chrome when it opens with a phrase of this category: notices
    /// run to several sentences, prompts do not.
    fn runs_long(self) -> bool {
        matches!(
            self,
            Self::Copyright | Self::Republished | Self::Consent | Self::Comments
        )
    }
}

/// Where in a block a phrase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhrasePosition {
    /// The block is the phrase.
    Whole,
    /// The block opens with it.
    Start,
    /// The block opens with it and is a link.
    LinkedStart,
    /// The block ends with it.
    End,
    /// It stands anywhere in the block.
    Contains,
}

impl PhrasePosition {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "whole" => Self::Whole,
            "start" => Self::Start,
            "start+link" => Self::LinkedStart,
            "end" => Self::End,
            "contains" => Self::Contains,
            _ => return None,
        })
    }
}

/// A phrase found in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// What the phrase asks or says.
    pub category: Category,
    /// Where it stands.
    pub position: PhrasePosition,
}

impl Match {
    /// Whether the block is the phrase and nothing else.
    pub(crate) fn whole(self) -> bool {
        self.position == PhrasePosition::Whole
    }
}

/// The first phrase of the table that a block's text matches: the whole block before its start,
/// its start before its end, longer phrases before shorter ones.
///
/// `links` says whether the block is mostly links. Upper and lower case, the form of
/// apostrophes and full-width punctuation, runs of white space, and punctuation around the text do
/// not matter, nor does a number around a whole phrase: "Comments (12)". Only short blocks match, save
/// for notices that open with their phrase.
pub(crate) fn find(text: &str, links: bool) -> Option<Match> {
    let text = text.trim_matches(is_frame);
    let short = text.len() <= MAX_SHORT_BYTES;
    let folded = fold(text, if short { usize::MAX } else { MAX_FRONT_BYTES });
    let phrases = &*PHRASES;
    if short {
        let bare = folded.trim_matches(is_frame);
        let uncounted = bare.trim_matches(|c: char| is_frame(c) || is_count(c));
        let known = phrases.whole.get(bare);
        if let Some(category) = known.or_else(|| phrases.whole.get(uncounted)) {
            return Some(Match {
                category: *category,
                position: PhrasePosition::Whole,
            });
        }
    }
    phrases
        .start
        .find_at_start(&folded, |found| {
            (short || found.category.runs_long())
                && (links || found.position != PhrasePosition::LinkedStart)
        })
        .or_else(|| short.then(|| phrases.inside.find_inside(&folded)).flatten())
        .or_else(|| {
            short
                .then(|| phrases.find_in_later_sentence(&folded))
                .flatten()
        })
}

/// The table, ready to be searched.
struct Phrases {
    whole: HashMap<String, Category>,
    start: Automaton,
    inside: Automaton,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(TABLE));

impl Phrases {
    /// Reads the table. Rows that are not well-formed are left out; a test sees to it that there are none.
    fn read(rows: &'static str) -> Self {
        let mut whole = HashMap::default();
        let (mut start, mut inside) = (Vec::new(), Vec::new());
        for (found, phrase) in table::rows(rows).filter_map(|row| phrase(&row)) {
            let folded = fold(phrase, usize::MAX);
            match found.position {
                PhrasePosition::Whole => {
                    whole
                        .entry(folded.trim_matches(is_frame).to_owned())
                        .or_insert(found.category);
                }
                PhrasePosition::Start | PhrasePosition::LinkedStart => {
                    start.push((folded.trim_start_matches(is_frame).to_owned(), found));
                }
                PhrasePosition::End | PhrasePosition::Contains => inside.push((folded, found)),
            }
        }
        Self {
            whole,
            start: Automaton::build(start, StartKind::Anchored),
            inside: Automaton::build(inside, StartKind::Unanchored),
        }
    }

    /// A prompt or credit with which a later sentence of a short text opens: "Stay ahead of the weather.
    /// Subscribe to …".
    fn find_in_later_sentence(&self, folded: &str) -> Option<Match> {
        folded
            .match_indices(['.', '!', '?'])
            .filter_map(|(at, sign)| folded[at + sign.len()..].strip_prefix(' '))
            .find_map(|rest| {
                self.start.find_at_start(rest, |found| {
                    found.position == PhrasePosition::Start
                        && found.category.counts_in_later_sentence()
                })
            })
            .map(|found| Match {
                position: PhrasePosition::Contains,
                ..found
            })
    }
}

/// The phrase of a row of the table: language, category, how, phrase, source.
fn phrase(row: &[&'static str]) -> Option<(Match, &'static str)> {
    let &[_language, category, position, phrase, _source] = row else {
        return None;
    };
    let category = Category::ALL
        .into_iter()
        .find(|known| known.name() == category)?;
    let position = PhrasePosition::from_name(position)?;
    (!phrase.is_empty()).then_some((Match { category, position }, phrase))
}

/// Many phrases, looked for in one pass.
struct Automaton {
    /// `None` only if the automaton could not be built, which a test forbids.
    search: Option<AhoCorasick>,
    found: Vec<Match>,
}

impl Automaton {
    fn build(rows: Vec<(String, Match)>, start: StartKind) -> Self {
        let (phrases, found): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .start_kind(start)
            .build(phrases)
            .ok();
        Self { search, found }
    }

    /// The longest phrase the text opens with that `fits`.
    fn find_at_start(&self, text: &str, fits: impl Fn(Match) -> bool) -> Option<Match> {
        let search = self.search.as_ref()?;
        let input = aho_corasick::Input::new(text).anchored(aho_corasick::Anchored::Yes);
        let mut state = aho_corasick::automaton::OverlappingState::start();
        let mut best = None;
        loop {
            search
                .try_find_overlapping(input.clone(), &mut state)
                .ok()?;
            let Some(hit) = state.get_match() else {
                return best;
            };
            let found = self.found[hit.pattern().as_usize()];
            // A phrase that ends another one is reported with it.
            if hit.start() == 0 && fits(found) && ends_word(text, hit.end()) {
                best = Some(found);
            }
        }
    }

    /// The first phrase inside the text, or the one it ends with.
    fn find_inside(&self, text: &str) -> Option<Match> {
        let search = self.search.as_ref()?;
        let end = text.trim_end_matches(is_frame).len();
        search.find_overlapping_iter(text).find_map(|hit| {
            let found = self.found[hit.pattern().as_usize()];
            let fits = match found.position {
                PhrasePosition::End => hit.end() >= end,
                _ => ends_word(text, hit.end()),
            };
            (fits && starts_word(text, hit.start())).then_some(found)
        })
    }
}

#[cfg(test)]
mod tests;
