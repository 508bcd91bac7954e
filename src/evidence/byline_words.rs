//! The words around authors' names: "by", jobs, teams, agencies.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

use crate::evidence::separators::SEPARATORS;
use crate::table;

/// The words of `config/tables/bylines.tsv`, by their kinds.
pub(crate) struct BylineWords {
    /// By first letter, longest first, so that "written by" goes before "by".
    by: HashMap<char, Vec<&'static str>>,
    pub(crate) and: HashSet<&'static str>,
    pub(crate) role: HashSet<&'static str>,
    pub(crate) job: Vec<&'static str>,
    /// In the order in which they are taken off.
    pub(crate) title: Vec<&'static str>,
    pub(crate) cut: HashSet<&'static str>,
    pub(crate) particle: HashSet<&'static str>,
    pub(crate) prefix: Vec<&'static str>,
    pub(crate) none: HashSet<&'static str>,
    pub(crate) team: HashSet<&'static str>,
    pub(crate) place: HashSet<&'static str>,
    pub(crate) given: HashSet<&'static str>,
    pub(crate) post: HashSet<&'static str>,
    /// Segments of the addresses of pages about an author.
    pub(crate) path: Vec<&'static str>,
    pub(crate) agency: HashMap<&'static str, &'static str>,
}

pub(crate) static BYLINE_WORDS: LazyLock<BylineWords> = LazyLock::new(|| {
    let mut rows: Vec<_> = table::rows(include_str!("../../config/tables/bylines.tsv")).collect();
    rows.retain(|row| row.len() == 3);
    let of = |kind: &'static str| {
        let rows = rows.iter().filter(move |row| row[0] == kind);
        rows.flat_map(|row| row[2].split('|').map(|word| (word, row[1])))
    };
    let words = |kind| of(kind).map(|(word, _)| word);
    let mut by: HashMap<char, Vec<&'static str>> = HashMap::default();
    for word in words("by") {
        by.entry(word.chars().next().unwrap_or_default())
            .or_default()
            .push(word);
    }
    for spellings in by.values_mut() {
        spellings.sort_by_key(|word| std::cmp::Reverse(word.len()));
        spellings.dedup();
    }
    BylineWords {
        by,
        and: words("and").collect(),
        role: words("role").collect(),
        job: words("job").collect(),
        title: words("title").collect(),
        cut: words("cut").collect(),
        particle: words("particle").collect(),
        prefix: words("prefix").collect(),
        none: words("none").collect(),
        team: words("team").collect(),
        place: words("place").collect(),
        given: words("given").collect(),
        post: words("post").collect(),
        path: words("path").collect(),
        agency: of("agency").collect(),
    }
});

/// The agency a text names as a whole, such as `AP` for `The Associated Press`.
pub(crate) fn agency(text: &str) -> Option<&'static str> {
    let text = text.trim().trim_matches(['(', ')', '.']);
    BYLINE_WORDS
        .agency
        .get(text.to_lowercase().as_str())
        .copied()
}

/// The text after a by-word at its start, where there is one.
pub(crate) fn after_by_word(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(|c| c == ' ' || SEPARATORS.by.contains(&c));
    let first = text.chars().next()?.to_lowercase().next()?;
    BYLINE_WORDS.by.get(&first)?.iter().find_map(|word| {
        let mut rest = text;
        for wanted in word.chars() {
            let found = rest.chars().next()?;
            if !found.to_lowercase().eq(std::iter::once(wanted)) {
                return None;
            }
            rest = &rest[found.len_utf8()..];
        }
        let trimmed =
            rest.trim_start_matches([':', '：', ' ', '\u{a0}', '.', '—', '/', '／', '=', '＝']);
        let set_off = trimmed.len() < rest.len();
        (set_off || (!is_spaced(word) && rest.starts_with('】'))).then_some(trimmed)
    })
}

/// Whether words of this script are set off by spaces.
fn is_spaced(word: &str) -> bool {
    word.chars().all(|c| !('\u{3000}'..'\u{a000}').contains(&c))
}

/// Every by-word.
#[cfg(test)]
pub(crate) fn by_words() -> impl Iterator<Item = &'static str> {
    BYLINE_WORDS.by.values().flatten().copied()
}
