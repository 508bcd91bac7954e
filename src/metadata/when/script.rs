//! Dates in the data that applications keep in their pages' scripts.

use std::sync::LazyLock;

use super::super::Evidence;
use super::super::date;
use super::{Found, weight};
use crate::dom::Document;

/// Keys under which applications keep a page's date in their scripts' data.
const SCRIPT_KEYS: [&str; 8] = [
    "datePublished",
    "publishedAt",
    "published_at",
    "publishDate",
    "publicationDate",
    "publish_date",
    "firstPublished",
    "publishedDate",
];

static SCRIPT_KEY: LazyLock<Option<aho_corasick::AhoCorasick>> =
    LazyLock::new(|| aho_corasick::AhoCorasick::new(SCRIPT_KEYS).ok());

/// Bytes after such a key within which its value stands.
const VALUE_BYTES: usize = 60;

/// Most bytes of scripts that are searched.
const MAX_SCRIPT_BYTES: usize = 2_000_000;

/// The first date under a known key in the page's other scripts.
pub(super) fn read(evidence: &Evidence, page: &Document, found: &mut Found) {
    let Some(keys) = SCRIPT_KEY.as_ref() else {
        return;
    };
    let mut left = MAX_SCRIPT_BYTES;
    for id in &evidence.notes.scripts {
        let text = page.text_of(*id);
        if text.len() > left {
            return;
        }
        left -= text.len();
        for hit in keys.find_iter(&text) {
            let Some(rest) = text.get(hit.end()..) else {
                continue;
            };
            let value: String = rest.chars().take(VALUE_BYTES).collect();
            let value = value
                .trim_start_matches(['"', '\\', '\'', ' ', ':'])
                .split(['"', '\'', '\\', ',', '}'])
                .next()
                .unwrap_or_default();
            if value.len() >= "2026-03-01".len()
                && value.starts_with(|c: char| c.is_ascii_digit())
                && let Some(stamp) = date::parse(value, found.habit)
            {
                found.add("published", "script", stamp, Some(*id), weight::SCRIPT);
                return;
            }
        }
    }
}
