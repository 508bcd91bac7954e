//! What an address looks like, what that says for a story, and the pattern it shares with others.

use url::Url;

use super::path_segment::{ID_DIGITS, PathSegment, SlugCredit, UrlWord};
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

/// What an address without any sign says: most addresses of a site are lists and other views.
const PLAIN_ADDRESS: f32 = -1.2;

/// Most that a slug counts beside a word of a service or shop.
const LITTLE_SLUG: f32 = 1.0;

/// A number that a query parameter holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum QueryNumber {
    None,
    /// A short one, in a parameter of a customary name.
    Short,
    /// One long enough to be an article's.
    Id,
}

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
    /// A number that a query parameter holds.
    query_number: QueryNumber,
    /// A query parameter's value is a word that says what the page is: `view=article`.
    query_value: Option<UrlWord>,
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
            query_number: QueryNumber::None,
            query_value: None,
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
            let number = match digits {
                true if value.len() >= ID_DIGITS - 1 => QueryNumber::Id,
                true if is_number_of_page(&name) => QueryNumber::Short,
                _ => QueryNumber::None,
            };
            features.query_number = features.query_number.max(number);
            if let PathSegment::Known(word @ (UrlWord::Article | UrlWord::Section), _) =
                PathSegment::of(&value.to_lowercase())
            {
                features.query_value = Some(word);
            }
            features.paged |= matches!(
                &*name,
                "page" | "paged" | "seite" | "pagina" | "start" | "offset"
            );
            features.parameters.push(name);
        }
        features.parameters.sort();
        features.parameters.dedup();
        features.segments = names.iter().map(|name| PathSegment::of(name)).collect();
        // What a script shows is in its query; `index.php` is no index then.
        if features.page_file.is_some()
            && url.query().is_some()
            && let Some(last @ PathSegment::Known(UrlWord::Section, _)) =
                features.segments.last_mut()
        {
            *last = PathSegment::Word;
        }
        features
    }

    /// The one word that counts against a story: of several the one that says most.
    fn word(&self) -> Option<UrlWord> {
        let on_path = self.segments.iter().filter_map(|segment| match segment {
            PathSegment::Known(word, _) => Some(*word),
            _ => None,
        });
        let in_query = self.query_word().into_iter().chain(self.query_value);
        let words = on_path.chain(in_query);
        let against = words.filter(|word| *word != UrlWord::Article);
        let says_most = |a: &UrlWord, b: &UrlWord| {
            let is_list = |word: &UrlWord| word.reason().is_none();
            let (a, b) = ((is_list(a), a.log_odds()), (is_list(b), b.log_odds()));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        };
        against.min_by(says_most)
    }

    /// What a word of the address says the page is, where that is no story.
    pub(super) fn word_reason(&self) -> Option<&'static str> {
        self.word().and_then(UrlWord::reason)
    }

    /// A query that asks for a search, a share or a comment form.
    fn query_word(&self) -> Option<UrlWord> {
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

    fn is_dated(&self) -> bool {
        let is_date = |one: &PathSegment| matches!(one, PathSegment::Year | PathSegment::Date);
        self.segments.iter().any(is_date)
    }

    /// Whether the path ends in a date, an archive of that day: not in a further number behind it.
    fn ends_in_date(&self) -> bool {
        let is_number = |one: &&PathSegment| **one == PathSegment::Number;
        let numbers = self.segments.iter().rev().take_while(is_number).count();
        let before = self.segments.iter().rev().nth(numbers);
        let is_date = match before {
            Some(PathSegment::Year) => numbers <= 2,
            Some(PathSegment::Date) => numbers == 0,
            _ => false,
        };
        is_date && self.slug_words() < 3
    }

    /// Whether the path ends in a short number that is no day's and no page's: `/main/7`.
    fn ends_in_number(&self) -> bool {
        self.segments.last() == Some(&PathSegment::Number) && !self.ends_in_date() && !self.paged
    }

    /// Whether a segment is, or has in it, a number long enough to be an article's.
    fn has_id(&self) -> bool {
        self.segments
            .iter()
            .any(|s| matches!(s, PathSegment::Id | PathSegment::Slug { id: true, .. }))
    }

    /// What the address says for a story, in log-odds that are not cut to their bounds yet, and what spoke
    /// for or against it.
    ///
    /// The weights were set by hand and checked on the two development corpora (`tests/it/discover.rs`
    /// prints what they reach there).
    pub(super) fn odds(&self) -> (f32, String) {
        let word = self.word();
        if let Some(word) = word.filter(|word| word.is_settled()) {
            let reason = word.reason().unwrap_or_default();
            return (word.log_odds(), format!("word of a {reason}"));
        }
        let mut odds: f32 = PLAIN_ADDRESS;
        let mut reasons = Vec::new();
        let mut add = |holds: bool, weight: f32, reason: &'static str| {
            if holds {
                odds += weight;
                reasons.push(reason);
            }
        };
        let is_root = self.segments.is_empty() && self.query_number == QueryNumber::None;
        let has_id = self.query_number == QueryNumber::Id || self.has_id();
        let words = self.slug_words();
        let slug: f32 = match words {
            0..3 => 0.0,
            3 => 1.2,
            4 => 2.2,
            _ => 3.0,
        };
        let credit = word.map_or(SlugCredit::Full, UrlWord::slug_credit);
        let slug = match credit {
            SlugCredit::Little if !(words >= 4 && (self.is_dated() || self.has_id())) => {
                slug.min(LITTLE_SLUG)
            }
            SlugCredit::None => 0.0,
            _ => slug,
        };
        let mut folders = self.segments.iter().rev().skip(1);
        let has_article_word = self.query_value == Some(UrlWord::Article)
            || folders.any(|s| matches!(s, PathSegment::Known(UrlWord::Article, _)));
        add(is_root, -6.0, "front page");
        add(self.is_dated() && !self.ends_in_date(), 2.0, "date in path");
        // A year alone may as well be the story's number.
        let is_archive = self.ends_in_date() && self.segments.last() != Some(&PathSegment::Year);
        add(is_archive, -4.0, "archive of a day");
        add(slug > 0.0, slug, "slug of several words");
        add(has_id, 1.6, "number of an article");
        let has_number = self.ends_in_number() || self.query_number == QueryNumber::Short;
        add(has_number && !has_id, 0.8, "number at the end");
        add(self.page_file.is_some() && !is_root, 0.4, "page file");
        add(
            has_article_word,
            UrlWord::Article.log_odds(),
            "word for articles",
        );
        add(self.paged, -4.0, "page of a list");
        if let Some(word) = word {
            odds += word.log_odds();
            reasons.push(word.reason().map_or("word for lists", |reason| reason));
        }
        let reason = if reasons.is_empty() {
            "plain path".to_owned()
        } else {
            reasons.join(", ")
        };
        (odds, reason)
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

/// Names of query parameters whose number is a page's: `id`, `p`, `newsid`, but not `catid`.
fn is_number_of_page(name: &str) -> bool {
    let of_others = [
        "cat", "sec", "tag", "author", "user", "parent", "session", "page",
    ];
    name == "p" || (name.ends_with("id") && !of_others.iter().any(|start| name.starts_with(start)))
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
            PathSegment::Year | PathSegment::Date => text.push_str("{year}"),
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
