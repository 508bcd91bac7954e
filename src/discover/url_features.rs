//! What an address looks like: how likely it is an article's, and the pattern it shares with others.

use url::Url;

use super::path_segment::{ID_DIGITS, PathSegment, UrlWord};
use crate::address::decoded;

/// Extensions of files that are no pages.
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

/// What can be read off an address without a request.
#[derive(Debug)]
pub(super) struct UrlFeatures {
    segments: Vec<PathSegment>,
    /// A file that is no page.
    pub(super) other_file: bool,
    /// The extension of a page's file.
    page_file: Option<String>,
    /// Names of query parameters, sorted.
    parameters: Vec<String>,
    /// A query parameter holds a number long enough to be an article's.
    query_id: bool,
    /// One of the pages of a list.
    paged: bool,
}

impl UrlFeatures {
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
        features.segments = names.iter().map(|name| PathSegment::of(name)).collect();
        features
    }

    /// The class of the first word on the path for which a page is skipped, or else of one for lists.
    pub(super) fn path_word(&self) -> Option<UrlWord> {
        let words = || {
            self.segments.iter().filter_map(|segment| match segment {
                PathSegment::Known(word, _) => Some(*word),
                _ => None,
            })
        };
        words()
            .find(|word| word.skip_reason().is_some())
            .or_else(|| words().find(|word| *word == UrlWord::Section))
    }

    /// A query that asks for a search, a share or a comment form.
    pub(super) fn query_word(&self) -> Option<UrlWord> {
        self.parameters.iter().find_map(|name| match name.as_str() {
            "s" | "q" | "query" | "search" | "keyword" | "keywords" | "suche" => {
                Some(UrlWord::Search)
            }
            "share" | "replytocom" => Some(UrlWord::Share),
            "print" | "printable" => Some(UrlWord::Print),
            "tag" => Some(UrlWord::Tag),
            "author" => Some(UrlWord::Author),
            "month" | "year" | "week" | "day" | "calendar" | "eventdate" => Some(UrlWord::Calendar),
            _ => None,
        })
    }

    /// Whether the rest of the address is so clearly an article's that a word on its path does not count: `/events/2026/05/a-long-slug`, `/video/a-long-slug-with-id-1234567`. Words that make
    /// an address another view of an article (print, share, comment) or a search always count.
    pub(super) fn outweighs(&self, word: Option<UrlWord>) -> bool {
        let soft = matches!(
            word,
            Some(
                UrlWord::Media
                    | UrlWord::Calendar
                    | UrlWord::Commerce
                    | UrlWord::Info
                    | UrlWord::Author
            )
        );
        let dated = self.segments.contains(&PathSegment::Year);
        soft && self.slug_words() >= 4 && (dated || self.has_id())
    }

    /// Whether the path ends in a date: an archive of that day.
    fn ends_in_date(&self) -> bool {
        self.segments.contains(&PathSegment::Year)
            && matches!(
                self.segments.last(),
                Some(PathSegment::Year | PathSegment::Number)
            )
            && self.slug_words() < 3
    }

    /// Whether a segment is, or has in it, a number long enough to be an article's.
    fn has_id(&self) -> bool {
        self.segments
            .iter()
            .any(|s| matches!(s, PathSegment::Id | PathSegment::Slug { id: true, .. }))
    }

    /// How likely the address is an article's, 0 to 1, and what spoke for or against it.
    ///
    /// A sum of log odds through the logistic function; the weights were set by hand and checked on the
    /// two development corpora (`tests/it/discover.rs` prints what they reach there).
    pub(super) fn score(&self) -> (f32, String) {
        let mut odds = -1.2;
        let mut reasons = Vec::new();
        let mut add = |holds: bool, weight: f32, reason: &'static str| {
            if holds {
                odds += weight;
                reasons.push(reason);
            }
        };
        let is_root = self.segments.is_empty();
        let has_date = self.segments.contains(&PathSegment::Year);
        let words = self.slug_words();
        let mut folders = self.segments.iter().rev().skip(1);
        let has_article_word =
            folders.any(|s| matches!(s, PathSegment::Known(UrlWord::Article, _)));
        let is_list = self.path_word() == Some(UrlWord::Section);
        add(is_root && !self.query_id, -6.0, "front page");
        add(has_date && !self.ends_in_date(), 2.0, "date in path");
        add(self.ends_in_date(), -4.0, "archive of a day");
        add(words >= 5, 3.0, "long slug");
        add(words == 4, 2.2, "slug of four words");
        add(words == 3, 1.2, "slug of three words");
        add(self.query_id || self.has_id(), 1.6, "number of an article");
        add(self.page_file.is_some() && !is_root, 0.4, "page file");
        add(has_article_word, 0.8, "word for articles");
        add(is_list, -2.0, "word for lists");
        add(self.paged, -4.0, "page of a list");
        let reason = if reasons.is_empty() {
            "plain path".to_owned()
        } else {
            reasons.join(", ")
        };
        (probability(odds), reason)
    }

    /// Words of the longest slug, 0 without any.
    fn slug_words(&self) -> usize {
        let words = self.segments.iter().map(|segment| match segment {
            PathSegment::Slug { words, .. } => *words,
            _ => 0,
        });
        words.max().unwrap_or(0)
    }
}

/// The probability, 0 to 1, that log odds stand for.
pub(super) fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The pattern that an address shares with others of its site: the class of each segment, words of the
/// table as they are, the extension and the names of query parameters.
/// `/sport/2026/05/a-long-slug.html?x=1` becomes `/{word}/{year}/{n}/{slug}.html?x`. A site has few
/// patterns; [`super::PatternStats`] counts for each how many pages were articles.
pub(crate) fn url_pattern(url: &Url) -> String {
    let features = UrlFeatures::of(url);
    let mut text = String::new();
    for segment in &features.segments {
        text.push('/');
        match segment {
            PathSegment::Year => text.push_str("{year}"),
            PathSegment::Number => text.push_str("{n}"),
            PathSegment::Id => text.push_str("{id}"),
            PathSegment::Slug { id: true, .. } => text.push_str("{slug-id}"),
            PathSegment::Slug { words: 2, .. } => text.push_str("{two-words}"),
            PathSegment::Slug { .. } => text.push_str("{slug}"),
            PathSegment::Known(_, word) => text.push_str(word),
            PathSegment::Word => text.push_str("{word}"),
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
    text
}
