//! What an address looks like: how likely it is an article's, and the pattern it shares with others.
//!
//! [`Shape`] replaces what differs from article to article by its class, so that
//! `/sport/2026/05/a-long-slug-123456.html` becomes `/{word}/{year}/{n}/{slug}.html`. A site has few
//! shapes, and what its addresses turned out to be is counted for each ([`super::Statistic`]).

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use super::segment::{ID_DIGITS, Segment, WordClass, segment};
use crate::address::decoded;

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
