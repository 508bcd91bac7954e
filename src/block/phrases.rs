//! Phrases of page chrome in many languages: "Read also", "Connect with us", "Foto: dpa".
//!
//! The phrases stand in `config/tables/chrome.tsv` with their language, category, source, and how
//! they match. [`of`] looks a block up in all languages at once: a page's language is often unknown
//! and its widgets often speak another one.
//!
//! ```
//! use gleaner::block::phrases::{Category, of};
//!
//! assert_eq!(of("CONNECT WITH US", false).map(|m| m.category), Some(Category::Share));
//! assert_eq!(of("Lesen Sie auch: Regen", true).map(|m| m.category), Some(Category::Related));
//! assert_eq!(of("Connect with us, the mayor told them, or leave.", false), None);
//! ```

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind, StartKind};

const TABLE: &str = include_str!("../../config/tables/chrome.tsv");

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
}

impl Category {
    /// All categories, in the order of their numbers.
    pub const ALL: [Self; 15] = [
        Self::Related,
        Self::Share,
        Self::Newsletter,
        Self::Ad,
        Self::Credit,
        Self::Tags,
        Self::Byline,
        Self::Comments,
        Self::Consent,
        Self::Contact,
        Self::Copyright,
        Self::Paywall,
        Self::Republished,
        Self::Navigation,
        Self::Popular,
    ];

    /// The category's name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Related => "related",
            Self::Share => "share",
            Self::Newsletter => "newsletter",
            Self::Ad => "ad",
            Self::Credit => "credit",
            Self::Tags => "tags",
            Self::Byline => "byline",
            Self::Comments => "comments",
            Self::Consent => "consent",
            Self::Contact => "contact",
            Self::Copyright => "copyright",
            Self::Paywall => "paywall",
            Self::Republished => "republished",
            Self::Navigation => "navigation",
            Self::Popular => "popular",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.name() == name)
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
pub enum How {
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

impl How {
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
    pub how: How,
}

impl Match {
    /// Whether the block is the phrase and nothing else.
    #[must_use]
    pub fn whole(self) -> bool {
        self.how == How::Whole
    }
}

/// The first phrase of the table that a block's text matches: the whole block before its start,
/// its start before its end, longer phrases before shorter ones.
///
/// `links` says whether the block is a link, or as good as one. Upper and lower case, the form of
/// apostrophes and full-width punctuation, runs of white space, and punctuation around the text do
/// not matter. Only short blocks match, save for notices that open with their phrase.
#[must_use]
pub fn of(text: &str, links: bool) -> Option<Match> {
    let text = text.trim_matches(is_frame);
    let short = text.len() <= MAX_SHORT_BYTES;
    let folded = fold(text, if short { usize::MAX } else { MAX_FRONT_BYTES });
    let phrases = &*PHRASES;
    if short {
        let bare = folded.trim_matches(is_frame);
        if let Some(category) = phrases.whole.get(bare) {
            return Some(Match {
                category: *category,
                how: How::Whole,
            });
        }
    }
    phrases
        .start
        .find_at_start(&folded, |found| {
            (short || found.category.runs_long()) && (links || found.how != How::LinkedStart)
        })
        .or_else(|| short.then(|| phrases.inside.find_inside(&folded)).flatten())
}

/// The table, ready to be searched.
struct Phrases {
    whole: HashMap<String, Category>,
    start: Automaton,
    inside: Automaton,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(TABLE));

impl Phrases {
    /// Reads the table; rows that are none are left out, which a test forbids.
    fn read(table: &str) -> Self {
        let mut whole = HashMap::new();
        let (mut start, mut inside) = (Vec::new(), Vec::new());
        for (found, phrase) in table.lines().filter_map(row) {
            let folded = fold(phrase, usize::MAX);
            match found.how {
                How::Whole => {
                    whole
                        .entry(folded.trim_matches(is_frame).to_owned())
                        .or_insert(found.category);
                }
                How::Start | How::LinkedStart => {
                    start.push((folded.trim_start_matches(is_frame).to_owned(), found));
                }
                How::End | How::Contains => inside.push((folded, found)),
            }
        }
        Self {
            whole,
            start: Automaton::build(start, StartKind::Anchored),
            inside: Automaton::build(inside, StartKind::Unanchored),
        }
    }
}

/// A row of the table: language, category, how, phrase, source.
fn row(line: &str) -> Option<(Match, &str)> {
    let mut cells = line.split('\t');
    let _language = cells.next()?;
    let category = Category::from_name(cells.next()?)?;
    let how = How::from_name(cells.next()?)?;
    let phrase = cells.next()?;
    (!phrase.is_empty()).then_some((Match { category, how }, phrase))
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
            let fits = match found.how {
                How::End => hit.end() >= end,
                _ => ends_word(text, hit.end()),
            };
            (fits && starts_word(text, hit.start())).then_some(found)
        })
    }
}

/// Whether a phrase that ends at `end` ends a word there; scripts without spaces have no such ends.
fn ends_word(text: &str, end: usize) -> bool {
    let (last, next) = (text[..end].chars().next_back(), text[end..].chars().next());
    !matches!((last, next), (Some(last), Some(next)) if is_spaced(last) && is_spaced(next))
}

fn starts_word(text: &str, start: usize) -> bool {
    let (before, first) = (
        text[..start].chars().next_back(),
        text[start..].chars().next(),
    );
    !matches!((before, first), (Some(before), Some(first)) if is_spaced(before) && is_spaced(first))
}

/// Whether a character is a letter or digit of a script that puts spaces between words.
fn is_spaced(c: char) -> bool {
    c.is_alphanumeric()
        && !('\u{2E80}'..='\u{9FFF}').contains(&c)
        && !matches!(c, '\u{F900}'..='\u{FAFF}')
}

/// Punctuation that frames a prompt without changing what it says.
fn is_frame(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '.' | ':'
                | '!'
                | '?'
                | '…'
                | '»'
                | '«'
                | '›'
                | '‹'
                | '>'
                | '<'
                | '→'
                | '←'
                | '↓'
                | '↑'
                | '·'
                | '•'
                | '|'
                | '-'
                | '–'
                | '—'
                | '*'
                | '+'
                | '▼'
                | '▲'
                | '▾'
                | '►'
                | '▸'
                | '▶'
                | ','
                | ';'
                | '"'
                | '“'
                | '”'
                | '„'
                | '؟'
                | '،'
                | '。'
                | '：'
                | '！'
                | '？'
                | '、'
                | '\u{200b}'..='\u{200f}' | '\u{feff}' | '#' | '=' | '~' | '_' | '■'
        )
}

/// The text in lower case with one form of apostrophe, dash, space and full-width punctuation; at
/// most about `max_bytes` of it.
fn fold(text: &str, max_bytes: usize) -> String {
    let mut folded = String::with_capacity(text.len().min(max_bytes) + 8);
    for c in text.chars() {
        if folded.len() >= max_bytes {
            break;
        }
        match c {
            '!'..='~' => folded.push(c.to_ascii_lowercase()),
            '’' | '‘' | 'ʼ' | '´' => folded.push('\''),
            // Full-width forms of ASCII punctuation stand at a fixed distance.
            '\u{ff01}'..='\u{ff5e}' => {
                let ascii = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
                folded.push(ascii.to_ascii_lowercase());
            }
            '\u{ad}' | '\u{307}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            _ if c.is_whitespace() => {
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            _ => folded.extend(c.to_lowercase().filter(|lower| *lower != '\u{307}')),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(text: &str) -> Option<Category> {
        of(text, false).map(|found| found.category)
    }

    #[test]
    fn every_row_of_the_table_is_read_and_found() {
        let rows: Vec<_> = TABLE
            .lines()
            .filter(|line| !line.starts_with('#') && !line.starts_with("language\t"))
            .collect();
        assert!(rows.len() > 5_000, "{} rows", rows.len());
        for line in rows {
            assert_eq!(line.split('\t').count(), 5, "{line}");
            let (expected, phrase) = row(line).unwrap_or_else(|| panic!("no row: {line}"));
            let found = match expected.how {
                How::Contains => of(&format!("xx {phrase} xx"), false),
                How::End => of(&format!("xx {phrase}"), false),
                How::Start | How::LinkedStart => of(&format!("{phrase} xx"), true),
                How::Whole => of(phrase, true),
            };
            assert!(found.is_some(), "not found: {line}");
            if expected.how == How::Whole {
                assert_eq!(found.map(Match::whole), Some(true), "{line}");
            }
        }
    }

    #[test]
    fn case_marks_and_spaces_do_not_matter() {
        for text in [
            "Connect with us",
            "CONNECT WITH US:",
            "» Connect\u{a0}with  us «",
            "connect with us…",
        ] {
            assert_eq!(category(text), Some(Category::Share), "{text}");
        }
        assert_eq!(category("DON’T MISS"), Some(Category::Related));
        assert_eq!(category("İLGİLİ HABERLER"), Some(Category::Related));
        assert_eq!(category("延伸阅读："), Some(Category::Related));
    }

    #[test]
    fn prompts_are_known_in_many_languages() {
        for (text, expected) in [
            ("Lesen Sie auch: Regen im Tal", Category::Related),
            ("À lire aussi : La pluie revient", Category::Related),
            ("Te puede interesar", Category::Related),
            ("Читайте также: Дождь вернулся", Category::Related),
            ("اقرأ أيضا: المطر يعود", Category::Related),
            ("【関連記事】雨が降る", Category::Related),
            ("Siga-nos nas redes sociais", Category::Share),
            ("Iscriviti alla newsletter", Category::Newsletter),
            ("Advertentie", Category::Ad),
            ("Foto: dpa", Category::Credit),
            ("Tagi: deszcz, susza", Category::Tags),
            ("Yorum yap", Category::Comments),
            (
                "Vi bruger cookies for at gøre siden bedre.",
                Category::Consent,
            ),
            ("Všechna práva vyhrazena", Category::Copyright),
            ("Redan prenumerant? Logga in", Category::Paywall),
            ("सर्वाधिकार सुरक्षित", Category::Copyright),
            ("Διαβάστε επίσης: Η βροχή", Category::Related),
            ("Terpopuler", Category::Popular),
            (
                "The post Rain at last appeared first on The Valley Post.",
                Category::Republished,
            ),
        ] {
            assert_eq!(category(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_phrase_ends_where_its_word_ends() {
        assert_eq!(category("Sharecroppers"), None);
        assert_eq!(of("Read: Rain returns", false), None);
        assert_eq!(
            of("Read: Rain returns", true).map(|found| found.how),
            Some(How::LinkedStart)
        );
    }

    #[test]
    fn sentences_are_no_prompts() {
        for sentence in [
            "Share prices fell again on Monday as traders waited for the bank.",
            "Photo finishes decided three of the seven races.",
            "Comments by the minister angered the opposition.",
            "The related question of who pays was left open.",
            "He had to subscribe to three services to watch it.",
            "Home was a two-room flat above the bakery.",
            "Tags hung from every tree in the orchard.",
            "Next came the fire brigade.",
            "Advertising is banned on the island.",
            "Foto war sein erstes Wort.",
        ] {
            assert_eq!(category(sentence), None, "{sentence}");
        }
    }

    #[test]
    fn long_blocks_match_only_as_notices() {
        let more = " and so the story goes on and on".repeat(12);
        assert_eq!(category(&format!("Read also: rain{more}")), None);
        assert_eq!(
            category(&format!(
                "This article was originally published on a site{more}"
            )),
            Some(Category::Republished)
        );
    }

    #[test]
    fn any_text_is_looked_at_without_panic() {
        for text in [
            "",
            " ",
            "…",
            "ß",
            "é",
            "\u{307}",
            "▶▶▶",
            "(",
            "©",
            "１２３",
            "İ",
        ] {
            let _ = of(text, true);
        }
    }
}
