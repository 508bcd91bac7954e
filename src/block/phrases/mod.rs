//! Phrases of page chrome in many languages: "Read also", "Connect with us", "Foto: dpa".
//!
//! The phrases stand in `config/tables/chrome.tsv` with their language, category, source, and how
//! they match. `find` looks a block up in all languages at once; phrases of a word or two count only on
//! pages in their language, since in others they are words of stories: "Doe" is a Portuguese request
//! for donations and an English name.

mod fold;

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use fold::{ends_word, fold, is_count, is_frame, starts_word};

use crate::block::Languages;
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

    /// Whether phrases of this category ask the reader for something or lead elsewhere, rather than naming
    /// or crediting what is there.
    pub(crate) fn is_prompt(self) -> bool {
        !matches!(
            self,
            Self::Credit | Self::Byline | Self::Contact | Self::Tags | Self::Republished
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
    /// Whether it is so short that it may be a word of a story as well.
    pub is_short: bool,
}

impl Match {
    /// Whether the block is the phrase and nothing else.
    pub(crate) fn whole(self) -> bool {
        self.position == PhrasePosition::Whole
    }
}

/// The phrase of the table that a block's text matches: the whole block before its start, its start
/// before its end or middle, longer phrases before shorter ones.
///
/// `links` says whether the block is mostly links; short phrases count in the page's `languages` and, as
/// widgets often speak it, in English. Upper and lower case, the form of apostrophes and full-width
/// punctuation, runs of white space, and punctuation around the text do not matter, nor does a number
/// around a whole phrase: "Comments (12)". Only short blocks match, save for notices that open with their
/// phrase.
pub(crate) fn find(text: &str, links: bool, languages: Languages) -> Option<Match> {
    let text = text.trim_matches(is_frame);
    let is_short = text.len() <= MAX_SHORT_BYTES;
    let folded = fold(
        text,
        if is_short {
            usize::MAX
        } else {
            MAX_FRONT_BYTES
        },
    );
    let place = Place::in_text(&folded, is_short, links);
    let phrases = &*PHRASES;
    let mut best: Option<((Rank, usize), Match)> = None;
    for hit in phrases.search.as_ref()?.find_overlapping_iter(&folded) {
        let phrase = &phrases.rows[hit.pattern().as_usize()];
        if !phrase.languages.meets(languages) {
            continue;
        }
        let Some(rank) = place.rank(hit.range(), phrase.found) else {
            continue;
        };
        // Of equal ranks the longer one is the better.
        let rank = (rank, usize::MAX - hit.range().len());
        if best.is_none_or(|(other, _)| rank < other) {
            best = Some((rank, phrase.found));
        }
    }
    best.map(|((rank, _), found)| match rank {
        Rank::LaterSentence => Match {
            position: PhrasePosition::Contains,
            ..found
        },
        _ => found,
    })
}

/// How good a match is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Whole,
    Start,
    Inside,
    /// A prompt or credit with which a later sentence of a short text opens: "Stay ahead of the weather.
    /// Subscribe to …".
    LaterSentence,
}

/// A folded text, and where in it phrases may stand.
struct Place<'a> {
    text: &'a str,
    is_short: bool,
    links: bool,
    /// The text without the punctuation around it, and without numbers, too.
    bare: Range<usize>,
    uncounted: Range<usize>,
}

impl<'a> Place<'a> {
    fn in_text(text: &'a str, is_short: bool, links: bool) -> Self {
        let without = |is_out: fn(char) -> bool| {
            let start = text.len() - text.trim_start_matches(is_out).len();
            start..text.trim_end_matches(is_out).len().max(start)
        };
        Self {
            text,
            is_short,
            links,
            bare: without(is_frame),
            uncounted: without(|c| is_frame(c) || is_count(c)),
        }
    }

    /// How good a match at a place is; none where such a phrase may not stand there.
    fn rank(&self, at: Range<usize>, found: Match) -> Option<Rank> {
        let ends = ends_word(self.text, at.end);
        let opens_later = || {
            let before = self.text[..at.start].strip_suffix(' ');
            found.category.counts_in_later_sentence()
                && before.is_some_and(|before| before.ends_with(['.', '!', '?']))
        };
        match found.position {
            PhrasePosition::Whole => {
                (self.is_short && (at == self.bare || at == self.uncounted)).then_some(Rank::Whole)
            }
            PhrasePosition::LinkedStart => {
                (at.start == 0 && ends && self.links && self.is_short).then_some(Rank::Start)
            }
            PhrasePosition::Start if at.start == 0 => {
                (ends && (self.is_short || found.category.runs_long())).then_some(Rank::Start)
            }
            PhrasePosition::Start => {
                (ends && self.is_short && opens_later()).then_some(Rank::LaterSentence)
            }
            PhrasePosition::End | PhrasePosition::Contains => {
                let is_last = at.end >= self.bare.end;
                let ends = if found.position == PhrasePosition::End {
                    is_last
                } else {
                    ends
                };
                (self.is_short && ends && starts_word(self.text, at.start)).then_some(Rank::Inside)
            }
        }
    }
}

/// The table, ready to be searched in one pass.
struct Phrases {
    /// `None` only if the automaton could not be built, which a test forbids.
    search: Option<AhoCorasick>,
    rows: Vec<Phrase>,
}

/// What is known of a phrase.
struct Phrase {
    found: Match,
    /// The languages in whose pages it counts.
    languages: Languages,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(TABLE));

impl Phrases {
    /// Reads the table. Rows that are not well-formed are left out; a test sees to it that there are none.
    fn read(rows: &'static str) -> Self {
        let rows = table::rows(rows).filter_map(|row| phrase(&row));
        let (texts, rows): (Vec<_>, Vec<_>) = rows.unzip();
        let search = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(texts)
            .ok();
        Self { search, rows }
    }
}

/// Words up to which a phrase counts only in its languages.
const SHORT_PHRASE_WORDS: usize = 2;

/// The folded phrase of a row of the table: languages, category, how, phrase, source.
fn phrase(row: &[&'static str]) -> Option<(String, Phrase)> {
    let &[languages, category, position, phrase, _source] = row else {
        return None;
    };
    let category = Category::ALL
        .into_iter()
        .find(|known| known.name() == category)?;
    let position = PhrasePosition::from_name(position)?;
    let folded = fold(phrase, usize::MAX);
    let folded = match position {
        PhrasePosition::Whole => folded.trim_matches(is_frame),
        PhrasePosition::Start | PhrasePosition::LinkedStart => folded.trim_start_matches(is_frame),
        PhrasePosition::End | PhrasePosition::Contains => &folded,
    };
    let is_short = folded.split(' ').count() <= SHORT_PHRASE_WORDS;
    let mut tags = languages.split(',');
    let languages = if !is_short || tags.clone().any(|tag| tag == "en") {
        Languages::ANY
    } else {
        Languages::of_tags(tags.by_ref())
    };
    let found = Match {
        category,
        position,
        is_short,
    };
    (!folded.is_empty()).then(|| (folded.to_owned(), Phrase { found, languages }))
}

#[cfg(test)]
mod tests;
