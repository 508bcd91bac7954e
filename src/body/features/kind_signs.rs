//! What kind of page a page says it is: by its structured data, by its theme's names, by its address.
//!
//! The words are in `config/tables/page_kinds.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use url::Url;

use crate::body::features::Row;
use crate::body::page_type::learned::KINDS;
use crate::dom::{Document, Tag};
use crate::evidence::Evidence;
use crate::table::rows;

/// Where words stand that tell a page's kind, as the table calls it, in the order of their columns.
const SOURCES: [&str; 4] = ["type", "name", "path", "query"];

/// For each word the kinds that it speaks for, a bit each.
type KindsOfWords = HashMap<&'static str, u8, RandomState>;

static WORDS: LazyLock<[KindsOfWords; SOURCES.len()]> = LazyLock::new(|| {
    let mut known: [KindsOfWords; SOURCES.len()] = Default::default();
    for row in rows(include_str!("../../../config/tables/page_kinds.tsv")) {
        let &[kind, source, words, _origin] = row.as_slice() else {
            continue;
        };
        let kind = KINDS.iter().position(|(_, name)| *name == kind);
        let source = SOURCES.iter().position(|known| *known == source);
        if let (Some(kind), Some(source)) = (kind, source) {
            for word in words.split(' ') {
                *known[source].entry(word).or_default() |= 1 << kind;
            }
        }
    }
    known
});

/// Types of one kind that are counted; a list has any number.
const MAX_TYPES: u8 = 20;

/// Adds this group to a row.
pub(super) fn push(row: &mut Row, page: &Document, evidence: &Evidence) {
    let mut counts = [0u8; KINDS.len()];
    for name in &evidence.declared.json_ld.types {
        let kinds = kinds_of(0, name);
        for (kind, count) in counts.iter_mut().enumerate() {
            *count = (*count + (kinds >> kind & 1)).min(MAX_TYPES);
        }
    }
    for count in counts {
        row.push(f32::from(count));
    }
    let kinds = by_names(page, evidence);
    for kind in 0..KINDS.len() {
        row.flag(kinds >> kind & 1 == 1);
    }
}

/// The kinds that a word of a source speaks for, a bit each.
fn kinds_of(source: usize, word: &str) -> u8 {
    let word = word.to_ascii_lowercase();
    WORDS[source].get(word.as_str()).copied().unwrap_or(0)
}

/// What classes and ids of `html` and `body` and the generator say.
fn by_names(page: &Document, evidence: &Evidence) -> u8 {
    let outer = page
        .nodes()
        .filter_map(|(id, _)| page.element(id))
        .filter(|element| matches!(element.tag, Tag::Html | Tag::Body))
        .take(2)
        .flat_map(|element| [element.attribute("class"), element.attribute("id")])
        .flatten();
    outer
        .chain(evidence.declared.first("generator"))
        .flat_map(str::split_whitespace)
        .flat_map(|name| {
            let parts = name.split(|c: char| !c.is_ascii_alphanumeric());
            [name].into_iter().chain(parts)
        })
        .fold(0, |kinds, word| kinds | kinds_of(1, word))
}

/// The kinds that words of an address speak for, a bit each in the order of [`KINDS`]. No feature: the model
/// would learn the addresses of its own pages by heart.
pub(crate) fn by_address(url: &Url) -> u8 {
    let host = url.host_str().unwrap_or_default().split('.');
    let words = url.path().split('/').chain(host);
    let of_path = words
        .filter(|word| !word.is_empty())
        .fold(0, |kinds, word| kinds | kinds_of(2, word));
    let parameters = url.query_pairs();
    parameters.fold(of_path, |kinds, (name, _)| kinds | kinds_of(3, &name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::features::columns;
    use crate::evidence;
    use crate::evidence::Hints;

    fn flags(html: &str) -> Vec<String> {
        let page = Document::parse(html);
        let evidence = evidence::read(&page, None, &Hints::default());
        let mut row = Row::default();
        push(&mut row, &page, &evidence);
        let names = columns::names_of(|group| group == "kind_by_type" || group == "kind_by_name");
        assert_eq!(row.values.len(), names.len());
        let set = names
            .into_iter()
            .zip(row.values)
            .filter(|(_, value)| *value > 0.0);
        set.map(|((name, _), _)| name).collect()
    }

    #[test]
    fn pages_say_what_they_are() {
        assert_eq!(
            flags(
                r#"<html id=XF><meta name=generator content="phpBB 3"><body class="x thread-view">
                <script type="application/ld+json">{"@type":"DiscussionForumPosting"}</script>"#
            ),
            ["forum_by_type", "forum_by_name"]
        );
        assert_eq!(
            flags(
                "<body class='template-product'><div itemscope itemtype='https://schema.org/Product'>"
            ),
            ["product_by_type", "product_by_name"]
        );
        assert!(flags("<p>Ferry").is_empty());
    }

    #[test]
    fn words_of_an_address_speak_for_kinds() {
        let of = |url| by_address(&Url::parse(url).expect("an address"));
        assert_eq!(of("https://example.com/threads/ferry.12/"), 1 << 2);
        assert_eq!(of("https://docs.example.com/ferry"), 1 << 4);
        assert_eq!(of("https://example.com/?s=ferry"), 1 << 1);
        assert_eq!(of("https://example.com/ferry"), 0);
    }
}
