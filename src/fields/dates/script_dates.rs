//! Dates in the data that applications keep in their pages' scripts.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::dom::NodeId;
use crate::evidence::Evidence;
use crate::evidence::date::{self, DateFormat, Stamp};
use crate::evidence::json::{self, Value};
use crate::fields::dates::{DateClaims, DateField, priority};
use crate::fields::explain::Source;
use crate::fields::words_in;
use crate::record::Kind;
use crate::text::to_letters;

/// Words of the names under which scripts keep dates.
const NAMES: &str = include_str!("../../../config/tables/script_dates.tsv");

/// Most bytes of scripts that are searched.
const MAX_SCRIPT_BYTES: usize = 2_000_000;

impl DateClaims<'_> {
    /// A date in the page's other scripts: of an object that has its title or address, unless the page is
    /// an office's or a shop's, which keep large states and publish nothing; else the first under a name
    /// that says it is the date of publication.
    pub(super) fn read_scripts(&mut self) {
        let (evidence, page) = (self.inputs.evidence, self.inputs.page);
        let mut left = MAX_SCRIPT_BYTES;
        let scripts = evidence.declared.scripts.iter();
        let scripts: Vec<(NodeId, String)> = scripts
            .map(|id| (*id, page.text_of(*id)))
            .take_while(|(_, text)| {
                let fits = text.len() <= left;
                left = left.saturating_sub(text.len());
                fits
            })
            .collect();
        let is_published = matches!(self.inputs.kind, Kind::Article | Kind::Forum);
        let own = is_published.then(|| PageIdentity::of(evidence));
        let format = self.format;
        let find = |read: &dyn Fn(&str) -> Option<Stamp>| {
            let mut dates = scripts.iter().map(|(id, text)| (*id, read(text)));
            dates.find_map(|(id, stamp)| Some((id, stamp?)))
        };
        let date = find(&|text| own.as_ref()?.date(text, format))
            .or_else(|| find(&|text| named(text, format)));
        if let Some((id, stamp)) = date {
            let source = Source::at(id, "script", priority::SCRIPT);
            self.add(DateField::Published, source, stamp);
        }
    }
}

/// Finds the names under which most applications keep a page's date.
static SCRIPT_KEY: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        // Searched for with vector instructions, as the standard kind is not.
        .match_kind(MatchKind::LeftmostFirst)
        .build(words_in(NAMES, "key"))
        .ok()
});

/// Bytes after such a key within which its value stands.
const VALUE_BYTES: usize = 60;

/// The first date under a known key, wherever it stands.
fn named(script: &str, format: DateFormat) -> Option<Stamp> {
    SCRIPT_KEY.as_ref()?.find_iter(script).find_map(|hit| {
        let rest = script.get(hit.end()..)?;
        let value: String = rest.chars().take(VALUE_BYTES).collect();
        let value = value
            .trim_start_matches(['"', '\\', '\'', ' ', ':'])
            .split(['"', '\'', '\\', ',', '}'])
            .next()?;
        stamp(value, format)
    })
}

/// A value that is a date from its first character on.
fn stamp(value: &str, format: DateFormat) -> Option<Stamp> {
    let is_date = value.len() >= "2026-03-01".len()
        && value.len() <= VALUE_BYTES
        && value.starts_with(|c: char| c.is_ascii_digit());
    is_date.then(|| date::parse(value, format)).flatten()
}

/// Shortest title or part of an address that tells one page from another, in bytes.
const MIN_NAME_BYTES: usize = 8;

/// How many times as long as the longest of them a text may be to be compared with them: it may have
/// punctuation and an address's host beside.
const MAX_OWN_TIMES: usize = 3;

/// What the page is called: an object of a script with one of these among its members is about it.
struct PageIdentity {
    titles: Vec<String>,
    /// The last part of the page's address.
    name: Option<String>,
    /// Longest text that may be one of them, in bytes.
    max_bytes: usize,
    /// A script that holds one of them, not written in escapes, holds one of these.
    needles: Vec<String>,
    /// Whether a title may be written in escapes: `\u304a`.
    is_escaped: bool,
}

/// A date in an object of the page's own, and how far its name is believed: lower is more.
type RankedDate = (usize, Stamp);

impl PageIdentity {
    fn of(evidence: &Evidence) -> Self {
        let address = evidence.likely_address();
        let name = address.as_ref().and_then(|url| {
            let mut parts = url.path_segments()?.rev().filter(|part| !part.is_empty());
            parts.next().map(str::to_owned)
        });
        Self::new(evidence.titles(), name)
    }

    fn new<'a>(titles: impl Iterator<Item = &'a str>, name: Option<String>) -> Self {
        let tells = |text: &str| text.len() >= MIN_NAME_BYTES;
        let name = name.filter(|name| tells(name));
        let raw: Vec<&str> = titles.filter(|title| tells(title)).collect();
        let words = raw.iter().filter_map(|title| {
            let words = title.split(|c: char| !c.is_alphanumeric());
            words.max_by_key(|word| word.len()).map(str::to_owned)
        });
        let needles = words.chain(name.clone()).collect();
        let is_escaped = raw.iter().any(|title| !title.is_ascii());
        let titles: Vec<String> = raw.into_iter().map(to_letters).collect();
        let longest = titles.iter().chain(&name).map(String::len).max();
        Self {
            titles,
            name,
            max_bytes: MAX_OWN_TIMES * longest.unwrap_or(0),
            needles,
            is_escaped,
        }
    }

    /// Whether a script may hold an object about the page: reading JSON is dear.
    fn may_be_in(&self, script: &str) -> bool {
        let holds = |needle: &str| memchr::memmem::find(script.as_bytes(), needle.as_bytes());
        holds("\":").or(holds("\" :")).is_some()
            && (self.needles.iter().any(|needle| holds(needle).is_some())
                || (self.is_escaped && holds("\\u").is_some()))
    }

    /// The date of the script's objects that are about the page.
    fn date(&self, script: &str, format: DateFormat) -> Option<Stamp> {
        if !self.may_be_in(script) {
            return None;
        }
        let mut best = None;
        for value in json::parse(script) {
            self.walk(&value, format, true, &mut best);
        }
        best.map(|(_, stamp)| stamp)
    }

    fn walk(&self, value: &Value, format: DateFormat, nested: bool, best: &mut Option<RankedDate>) {
        match value {
            Value::List(items) => {
                for item in items {
                    self.walk(item, format, nested, best);
                }
            }
            Value::Object(members) => {
                if members.iter().any(|(_, member)| self.is_named(member)) {
                    for (name, member) in members {
                        consider(name, member, format, best);
                    }
                }
                for (_, member) in members {
                    self.walk(member, format, nested, best);
                }
            }
            // JSON inside a string; no second level, which could double the work at each.
            Value::Text(text) if nested && text.starts_with(['{', '[']) => {
                for value in json::parse(text) {
                    self.walk(&value, format, false, best);
                }
            }
            _ => {}
        }
    }

    /// Whether a member is the page's title or address.
    fn is_named(&self, member: &Value) -> bool {
        let Value::Text(text) = member else {
            return false;
        };
        if !(MIN_NAME_BYTES..=self.max_bytes).contains(&text.len()) {
            return false;
        }
        let last = text.trim_end_matches('/').rsplit('/').next();
        last == self.name.as_deref() || self.titles.contains(&to_letters(text))
    }
}

/// Keeps the date of a member, if its name says so and more surely than the one before.
fn consider(name: &str, member: &Value, format: DateFormat, best: &mut Option<RankedDate>) {
    let Some(rank) = rank(name) else { return };
    if best.is_some_and(|(known, _)| known <= rank) {
        return;
    }
    let value = match member {
        // `"published": {"iso": "2026-03-01"}`.
        Value::Object(inner) => inner.iter().find_map(|(_, v)| stamp(v.text()?, format)),
        member => member.text().and_then(|text| stamp(text, format)),
    };
    if let Some(stamp) = value {
        *best = Some((rank, stamp));
    }
}

/// The words of names that are dates of publication: what kind of date, the surer the earlier; that it is
/// a date; what may stand beside.
static PUBLISHED: LazyLock<Vec<&str>> = LazyLock::new(|| words_in(NAMES, "published"));
static DATE: LazyLock<Vec<&str>> = LazyLock::new(|| words_in(NAMES, "date"));
static OTHER: LazyLock<Vec<&str>> = LazyLock::new(|| words_in(NAMES, "other"));

/// Longest name that is looked at, in bytes.
const MAX_NAME_BYTES: usize = 40;

/// How surely a name says that its date is that of publication: lower is surer. None where it says
/// anything else.
fn rank(name: &str) -> Option<usize> {
    if name.len() > MAX_NAME_BYTES {
        return None;
    }
    let mut rank = None;
    let mut is_date = false;
    for word in words(name) {
        let word = word.to_ascii_lowercase();
        let (stem, dated) = without_date(&word);
        is_date |= dated;
        if let Some(at) = PUBLISHED.iter().position(|known| *known == stem) {
            rank = Some(at);
        } else if !stem.is_empty() && !OTHER.contains(&stem) {
            return None;
        }
    }
    rank.or_else(|| is_date.then_some(PUBLISHED.len()))
}

/// A word without the word for a date that it is or ends in, and whether there is one.
fn without_date(word: &str) -> (&str, bool) {
    let known = |stem: &str| stem.is_empty() || PUBLISHED.contains(&stem);
    let mut ends = DATE.iter().filter_map(|end| word.strip_suffix(end));
    match ends.find(|stem| known(stem)) {
        Some(stem) => (stem, true),
        None => (word, false),
    }
}

/// The words of a name: `publishDate`, `publish_date`.
fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut was_small = false;
    for (at, c) in name.char_indices() {
        let is_sign = !c.is_alphanumeric();
        if is_sign || (was_small && c.is_uppercase()) {
            words.push(&name[start..at]);
            start = at + if is_sign { c.len_utf8() } else { 0 };
        }
        was_small = c.is_lowercase();
    }
    words.push(&name[start..]);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whether_its_date_is_that_of_publication() {
        let order = [
            "publishedAt",
            "publish_date",
            "firstPublicationDate",
            "pubdate",
            "deployDt",
            "regDt",
            "created_at",
            "date",
        ];
        let ranks: Vec<usize> = order.iter().filter_map(|name| rank(name)).collect();
        assert_eq!(ranks.len(), order.len());
        assert!(ranks.is_sorted(), "{ranks:?}");
        for name in [
            "reDeployDt",
            "updatedAt",
            "paperDate",
            "postModified",
            "title",
            "birthDate",
        ] {
            assert_eq!(rank(name), None, "{name}");
        }
    }

    #[test]
    fn the_date_is_that_of_the_object_about_the_page() {
        let titles = std::iter::once("Rain at last in the valley");
        let own = PageIdentity::new(titles, Some("A26030112".to_owned()));
        let date = |script: &str| {
            let stamp = own.date(script, DateFormat::default());
            stamp.map(Stamp::to_text)
        };
        let state = r#"window["x"].push({"list": [{"title": "Sun", "deployDt": "2026.02.01 10:00"},
            {"title": "Rain at last in the valley", "paperDate": "2026-03-02",
             "author": {"createdAt": "2015-01-01"}, "deployDt": "2026.03.01 18:40"}]})"#;
        assert_eq!(date(state).as_deref(), Some("2026-03-01"));
        let by_address = r#"{"articleId": "A26030112", "dates": {"x": 1}, "regDt": "2026-03-03"}"#;
        assert_eq!(date(by_address).as_deref(), Some("2026-03-03"));
        assert_eq!(date(r#"{"title": "Sun", "regDt": "2026-02-01"}"#), None);
        let escaped = PageIdentity::new(std::iter::once("Über Flüsse"), None);
        let script = r#"{"title": "\u00dcber Fl\u00fcsse", "regDt": "2026-03-04"}"#;
        let stamp = escaped.date(script, DateFormat::default());
        assert_eq!(stamp.map(Stamp::to_text).as_deref(), Some("2026-03-04"));
    }
}
