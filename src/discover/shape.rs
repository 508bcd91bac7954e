//! What an address looks like: how likely it is an article's, and the pattern it shares with others.
//!
//! [`Shape`] replaces what differs from article to article by its class, so that
//! `/sport/2026/05/a-long-slug-123456.html` becomes `/{word}/{year}/{n}/{slug}.html`. A site has few
//! shapes, and what its addresses turned out to be is counted for each ([`Statistic`]).

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::address::{decoded, rows};

/// File names that are no pages. Most common first for nobody's sake; it is a set.
const OTHER_FILES: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "svg", "ico", "avif", "mp3", "mp4", "m4a", "webm", "mov",
    "avi", "wav", "ogg", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "gz", "rar",
    "tar", "exe", "dmg", "apk", "css", "js", "mjs", "json", "xml", "rss", "atom", "txt", "csv",
    "ics", "vcf", "woff", "woff2", "ttf", "epub", "swf",
];

/// Extensions of pages; they come off before a segment is looked at.
const PAGE_FILES: &[&str] = &[
    "html", "htm", "shtml", "xhtml", "php", "asp", "aspx", "jsp", "cfm", "ece", "cms", "story",
    "article", "phtml", "do",
];

/// Digits from which a number is an article's and not a page's, day's or year's.
const ID_DIGITS: usize = 5;

/// Letters of a script without spaces that make about one word.
const LETTERS_A_WORD: usize = 3;

/// What a word that is a whole path segment says, by `config/tables/url_words.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // The table says what each class is.
pub enum WordClass {
    Tag,
    Author,
    Search,
    Print,
    Login,
    Share,
    Calendar,
    Comment,
    Commerce,
    Info,
    Media,
    Section,
    Article,
}

impl WordClass {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "tag" => Self::Tag,
            "author" => Self::Author,
            "search" => Self::Search,
            "print" => Self::Print,
            "login" => Self::Login,
            "share" => Self::Share,
            "calendar" => Self::Calendar,
            "comment" => Self::Comment,
            "commerce" => Self::Commerce,
            "info" => Self::Info,
            "media" => Self::Media,
            "section" => Self::Section,
            "article" => Self::Article,
            _ => return None,
        })
    }

    /// Why such a page is left alone; none where it is not.
    #[must_use]
    pub fn left_alone(self) -> Option<&'static str> {
        Some(match self {
            Self::Tag => "tag page",
            Self::Author => "author page",
            Self::Search => "search page",
            Self::Print => "print version",
            Self::Login => "login or subscription page",
            Self::Share => "share link",
            Self::Calendar => "calendar page",
            Self::Comment => "comment page",
            Self::Commerce => "shop page",
            Self::Info => "page about the site",
            Self::Media => "media or service page",
            Self::Section | Self::Article => return None,
        })
    }
}

static WORDS: LazyLock<HashMap<&'static str, WordClass>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for row in rows(include_str!("../../config/tables/url_words.tsv")) {
        if let (Some(class), Some(list)) = (WordClass::named(row[0]), row.get(2)) {
            words.extend(list.split('|').map(|word| (word, class)));
        }
    }
    words
});

/// What one path segment is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Year,
    /// A number of up to four digits: month, day, page.
    Number,
    /// A number long enough to be an article's.
    Id,
    /// So many words between hyphens, and whether a long number stands among them.
    Slug {
        words: usize,
        id: bool,
    },
    Known(WordClass, String),
    Word,
}

/// What an address shows to the naked eye.
#[derive(Debug, Clone)]
pub(super) struct Features {
    segments: Vec<Segment>,
    /// A file that is no page.
    pub(super) other_file: bool,
    page_file: Option<String>,
    parameters: Vec<String>,
    /// A query parameter holds a number long enough to be an article's.
    query_id: bool,
    pub(super) paged: bool,
}

impl Features {
    pub(super) fn of(url: &Url) -> Self {
        let mut names: Vec<String> = url
            .path_segments()
            .into_iter()
            .flatten()
            .filter(|s| !s.is_empty())
            .map(|s| decoded(s).to_lowercase())
            .collect();
        let mut features = Self {
            segments: Vec::new(),
            other_file: false,
            page_file: None,
            parameters: Vec::new(),
            query_id: false,
            paged: false,
        };
        if let Some(last) = names.last_mut()
            && let Some((stem, extension)) = last.rsplit_once('.')
        {
            if PAGE_FILES.contains(&extension) && !stem.is_empty() {
                features.page_file = Some(extension.to_owned());
                *last = stem.to_owned();
            } else {
                features.other_file = OTHER_FILES.contains(&extension);
            }
        }
        features.paged = names.windows(2).any(|pair| {
            matches!(
                pair[0].as_str(),
                "page" | "seite" | "pagina" | "strona" | "strana" | "p"
            ) && pair[1].len() <= 4
                && pair[1].bytes().all(|b| b.is_ascii_digit())
        });
        for (name, value) in url.query_pairs() {
            let name = name.to_lowercase();
            let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            features.query_id |= digits && value.len() >= ID_DIGITS - 1;
            features.paged |= matches!(
                &*name,
                "page" | "paged" | "seite" | "pagina" | "start" | "offset"
            );
            features.parameters.push(name);
        }
        features.parameters.sort();
        features.parameters.dedup();
        features.segments = names.iter().map(|name| segment(name)).collect();
        features
    }

    /// The first class on the path that has something to say.
    pub(super) fn class(&self) -> Option<WordClass> {
        let mut classes = self.segments.iter().filter_map(|segment| match segment {
            Segment::Known(class, _) if *class != WordClass::Article => Some(*class),
            _ => None,
        });
        classes
            .find(|class| class.left_alone().is_some())
            .or_else(|| {
                self.segments.iter().find_map(|segment| match segment {
                    Segment::Known(WordClass::Section, _) => Some(WordClass::Section),
                    _ => None,
                })
            })
    }

    /// A query that asks for a search, a share or a comment form.
    pub(super) fn asks(&self) -> Option<WordClass> {
        self.parameters.iter().find_map(|name| match name.as_str() {
            "s" | "q" | "query" | "search" | "keyword" | "keywords" | "suche" => {
                Some(WordClass::Search)
            }
            "share" | "replytocom" => Some(WordClass::Share),
            "print" | "printable" => Some(WordClass::Print),
            "tag" => Some(WordClass::Tag),
            "author" => Some(WordClass::Author),
            "month" | "year" | "week" | "day" | "calendar" | "eventdate" => {
                Some(WordClass::Calendar)
            }
            _ => None,
        })
    }

    /// Whether the rest of the address says "article" so clearly that a word on its path does not
    /// count: `/events/2026/05/a-long-slug`, `/video/a-long-slug-with-id-1234567`. Words that make
    /// an address another view of an article (print, share, comment) or a search always count.
    pub(super) fn outweighs(&self, class: Option<WordClass>) -> bool {
        let soft = matches!(
            class,
            Some(
                WordClass::Media
                    | WordClass::Calendar
                    | WordClass::Commerce
                    | WordClass::Info
                    | WordClass::Author
            )
        );
        let has_slug = self
            .segments
            .iter()
            .any(|s| matches!(s, Segment::Slug { words, .. } if *words >= 4));
        let dated = self.segments.contains(&Segment::Year);
        let id = self
            .segments
            .iter()
            .any(|s| matches!(s, Segment::Id | Segment::Slug { id: true, .. }));
        soft && has_slug && (dated || id)
    }

    /// A path that is a date and nothing else after it: an archive of that day.
    pub(super) fn ends_in_date(&self) -> bool {
        self.segments.contains(&Segment::Year)
            && matches!(self.segments.last(), Some(Segment::Year | Segment::Number))
            && !self.has_slug()
    }

    fn has_slug(&self) -> bool {
        self.segments
            .iter()
            .any(|s| matches!(s, Segment::Slug { words, .. } if *words >= 3))
    }

    /// How likely the address is an article's, 0 to 1, and what spoke for or against it.
    ///
    /// A sum of log odds through the logistic function; the weights were set by hand and checked on the
    /// two development corpora (`tests/it/discover.rs` prints what they reach there).
    pub(super) fn score(&self) -> (f32, String) {
        let mut sum = Sum {
            odds: -1.2,
            reasons: Vec::new(),
        };
        if self.segments.is_empty() && !self.query_id {
            sum.add(-6.0, "front page");
        }
        let dated = self
            .segments
            .windows(2)
            .any(|pair| pair[0] == Segment::Year && pair[1] == Segment::Number)
            || self.segments.contains(&Segment::Year);
        if dated && !self.ends_in_date() {
            sum.add(2.0, "date in path");
        }
        if self.ends_in_date() {
            sum.add(-4.0, "archive of a day");
        }
        match self.slug() {
            Some(words) if words >= 5 => sum.add(3.0, "long slug"),
            Some(4) => sum.add(2.2, "slug of four words"),
            Some(3) => sum.add(1.2, "slug of three words"),
            Some(_) | None => {}
        }
        if self.query_id
            || self
                .segments
                .iter()
                .any(|s| matches!(s, Segment::Id | Segment::Slug { id: true, .. }))
        {
            sum.add(1.6, "number of an article");
        }
        if self.page_file.is_some() && !self.segments.is_empty() {
            sum.add(0.4, "page file");
        }
        let article = self
            .segments
            .iter()
            .rev()
            .skip(1)
            .any(|s| matches!(s, Segment::Known(WordClass::Article, _)));
        if article {
            sum.add(0.8, "word for articles");
        }
        if let Some(class) = self.class().filter(|class| class.left_alone().is_none()) {
            debug_assert_eq!(class, WordClass::Section);
            sum.add(-2.0, "word for lists");
        }
        if self.paged {
            sum.add(-4.0, "page of a list");
        }
        sum.finish()
    }

    /// Words of the longest slug.
    fn slug(&self) -> Option<usize> {
        self.segments
            .iter()
            .filter_map(|s| match s {
                Segment::Slug { words, .. } => Some(*words),
                _ => None,
            })
            .max()
    }
}

struct Sum {
    odds: f32,
    reasons: Vec<&'static str>,
}

impl Sum {
    fn add(&mut self, odds: f32, reason: &'static str) {
        self.odds += odds;
        self.reasons.push(reason);
    }

    fn finish(self) -> (f32, String) {
        let score = 1.0 / (1.0 + (-self.odds).exp());
        let reason = if self.reasons.is_empty() {
            "plain path".to_owned()
        } else {
            self.reasons.join(", ")
        };
        (score, reason)
    }
}

fn segment(name: &str) -> Segment {
    if let Some(class) = WORDS.get(name) {
        return Segment::Known(*class, name.to_owned());
    }
    if name.bytes().all(|b| b.is_ascii_digit()) {
        return match name.parse::<u32>() {
            Ok(1990..=2099) => Segment::Year,
            // A date in one piece, 20260514, is a folder, not an article.
            _ if name.len() == 8 && (name.starts_with("20") || name.starts_with("19")) => {
                Segment::Year
            }
            _ if name.len() >= ID_DIGITS => Segment::Id,
            _ => Segment::Number,
        };
    }
    let parts: Vec<&str> = name
        .split(['-', '_', '+', ' ', '.', ',', '~', '–'])
        .filter(|p| !p.is_empty())
        .collect();
    if let [year, rest @ ..] = parts.as_slice()
        && matches!(year.parse::<u32>(), Ok(1990..=2099))
        && !rest.is_empty()
        && rest
            .iter()
            .all(|part| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))
    {
        return Segment::Year;
    }
    let id = parts.iter().any(|part| is_id(part));
    let words = parts
        .iter()
        .filter(|part| !is_id(part) && part.chars().any(char::is_alphabetic))
        .map(|part| words_in(part))
        .sum();
    match (words, id) {
        (0 | 1, true) => Segment::Id,
        (0 | 1, false) => Segment::Word,
        (words, id) => Segment::Slug { words, id },
    }
}

/// A part that is a number, perhaps after a letter or two (`a1234567`, `art20260`), a long
/// hexadecimal one, or letters and digits mixed as no word mixes them (`clymn8zyrp9o`).
fn is_id(part: &str) -> bool {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let letters = part.len() - digits;
    let changes = part
        .as_bytes()
        .windows(2)
        .filter(|two| two[0].is_ascii_digit() != two[1].is_ascii_digit())
        .count();
    let mixed = part.len() >= 10 && changes >= 3 && part.bytes().all(|b| b.is_ascii_alphanumeric());
    mixed
        || (digits >= ID_DIGITS && letters <= 4)
        || (part.len() >= 8 && digits >= 2 && part.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn words_in(part: &str) -> usize {
    if part.is_ascii() {
        return 1;
    }
    let dense = part.chars().filter(|c| is_unspaced(*c)).count();
    1.max(dense / LETTERS_A_WORD)
}

/// Scripts written without spaces: Thai, Lao, Khmer, Kana, Han.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF)
}

/// A pattern of addresses on one site.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shape(String);

impl Shape {
    /// The pattern as text, such as `/{word}/{year}/{n}/{slug}.html?id`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The pattern of an address: its segments by class, words of the table as they are, the extension
/// and the names of query parameters.
#[must_use]
pub fn shape(url: &Url) -> Shape {
    let features = Features::of(url);
    let mut text = String::new();
    for segment in &features.segments {
        text.push('/');
        match segment {
            Segment::Year => text.push_str("{year}"),
            Segment::Number => text.push_str("{n}"),
            Segment::Id => text.push_str("{id}"),
            Segment::Slug { id: true, .. } => text.push_str("{slug-id}"),
            Segment::Slug { words: 2, .. } => text.push_str("{two-words}"),
            Segment::Slug { .. } => text.push_str("{slug}"),
            Segment::Known(_, word) => text.push_str(word),
            Segment::Word => text.push_str("{word}"),
        }
    }
    if text.is_empty() {
        text.push('/');
    }
    if let Some(extension) = &features.page_file {
        text.push('.');
        text.push_str(extension);
    }
    if !features.parameters.is_empty() {
        text.push('?');
        text.push_str(&features.parameters.join("&"));
    }
    Shape(text)
}

/// What the addresses of one shape on one site turned out to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistic {
    /// Pages fetched that were articles.
    pub articles: u64,
    /// Pages fetched that were not.
    pub others: u64,
}

impl Statistic {
    /// Pages that the score by eye is worth: after this many fetched pages of a shape, what they
    /// were counts as much as what the address looks like.
    const PRIOR_PAGES: f32 = 4.0;

    /// Takes note of one more page.
    pub fn add(&mut self, article: bool) {
        if article {
            self.articles += 1;
        } else {
            self.others += 1;
        }
    }

    /// How likely the next page of the shape is an article, 0 to 1, when its address alone says
    /// `score`: the m-estimate (Cestnik, "Estimating probabilities", ECAI 1990) with the score as
    /// the prior and four pages as its weight. Without pages it is the score itself.
    #[must_use]
    pub fn probability(self, score: f32) -> f32 {
        #[allow(clippy::cast_precision_loss)] // Counts beyond 2^24 do not need their last digit.
        let (articles, others) = (self.articles as f32, self.others as f32);
        (articles + Self::PRIOR_PAGES * score) / (articles + others + Self::PRIOR_PAGES)
    }
}
