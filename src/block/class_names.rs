//! The words that elements use in classes, ids, roles and properties, and what they say of an element:
//! `config/tables/class_names.tsv`. They name parts of pages in general (`WordPress` themes, share
//! plugins, consent banners), never one publisher.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use foldhash::fast::RandomState;

use super::cues::{Cue, Cues};
use crate::table;

static TABLE: &str = include_str!("../../config/tables/class_names.tsv");

/// What a word says that counts wherever it stands in a name: `author` in `c-articleAuthors__name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum NameHint {
    /// Who wrote the story.
    Byline,
    /// When it appeared, and other facts about it.
    Dateline,
    Sidebar,
    Footer,
    /// Other stories, readers, menus.
    Others,
    /// The story's own: a footer with such a class is the story's.
    Own,
    /// A date is that of a change.
    Updated,
    /// A date is that of publication.
    Published,
    /// A paragraph's first letter, drawn large.
    Initial,
}

impl NameHint {
    const ALL: [Self; 9] = {
        #[allow(clippy::enum_glob_use)] // A list of the enum's variants.
        use NameHint::*;
        [
            Byline, Dateline, Sidebar, Footer, Others, Own, Updated, Published, Initial,
        ]
    };
}

/// A set of hints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct NameHints(u16);

impl NameHints {
    pub(crate) fn has(self, hint: NameHint) -> bool {
        self.0 & (1 << hint as u8) != 0
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The table, ready to be searched.
#[derive(Default)]
struct ClassNames {
    cues: HashMap<&'static str, Cues, RandomState>,
    paid: Vec<&'static str>,
    byline_alone: Vec<&'static str>,
    /// Finds the words that count anywhere; `None` only if it could not be built, which a test forbids.
    anywhere: Option<AhoCorasick>,
    /// What each of these words says, and whether only in small letters.
    hints: Vec<(NameHint, bool)>,
}

static CLASS_NAMES: LazyLock<ClassNames> = LazyLock::new(|| {
    let mut table = ClassNames::default();
    let mut anywhere = Vec::new();
    for row in table::rows(TABLE) {
        let [what, matched, words] = row[..] else {
            continue;
        };
        let words = words.split(' ');
        match matched {
            "part" => {
                let cues = table::named(what, &Cue::ALL).map_or(Cues::NONE, Cues::of);
                for word in words {
                    let known = table.cues.entry(word).or_default();
                    *known = known.with(cues);
                }
            }
            "name" => table.paid.extend(words),
            "alone" => table.byline_alone.extend(words),
            _ => {
                if let Some(hint) = table::named(what, &NameHint::ALL) {
                    anywhere.extend(words);
                    table
                        .hints
                        .resize(anywhere.len(), (hint, matched == "small"));
                }
            }
        }
    }
    let search = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(anywhere);
    table.anywhere = search.ok();
    table
});

/// What a class name, or several, hints at: all words that count anywhere are looked for in one pass.
pub(crate) fn hints_in(names: &str) -> NameHints {
    let mut hints = NameHints::default();
    let table = &*CLASS_NAMES;
    let found = table.anywhere.iter();
    for word in found.flat_map(|words| words.find_overlapping_iter(names)) {
        let (hint, is_small) = table.hints[word.pattern().as_usize()];
        if !is_small || names[word.range()].bytes().all(|b| b.is_ascii_lowercase()) {
            hints.0 |= 1 << hint as u8;
        }
    }
    hints
}

/// Whether an element's only class is one that marks bylines where it stands alone.
pub(crate) fn is_byline_alone(class: &str) -> bool {
    CLASS_NAMES.byline_alone.contains(&class.trim())
}

/// Whether one of a paragraph's classes says that readers have to pay for it.
pub(super) fn is_paid(class: &str) -> bool {
    class
        .split_ascii_whitespace()
        .any(|name| CLASS_NAMES.paid.contains(&name))
}

/// Attributes whose names say which part of a page an element is: for styles, for scripts and tests, for
/// assistive software.
pub(super) const CUE_ATTRIBUTES: [&str; 8] = [
    "class",
    "id",
    "role",
    "itemprop",
    "data-testid",
    "data-component",
    "data-module",
    "aria-label",
];

/// Attributes whose names mark bylines and datelines.
pub(crate) const BYLINE_ATTRIBUTES: [&str; 7] = [
    "class",
    "id",
    "itemprop",
    "data-testid",
    "data-component",
    "data-qa",
    "data-test",
];

/// Names in one class attribute that are read; utility classes come by the dozen.
pub(crate) const MAX_NAMES: usize = 24;

/// Bytes of the longest two neighbouring parts that are looked up; no word of the table is longer.
const MAX_WORD_BYTES: usize = 48;

/// What the parts of a class, id or role say, and neighbouring parts joined (`read-also` as
/// `readalso`).
pub(super) fn cues_in(names: &str) -> Cues {
    let mut cues = Cues::default();
    // The part before and the part at hand, in lower case, one after the other.
    let mut joined = String::with_capacity(2 * MAX_WORD_BYTES);
    for name in names.split_ascii_whitespace().take(MAX_NAMES) {
        joined.clear();
        for part in parts_of_name(name) {
            let before = joined.len();
            joined.push_str(part);
            joined.make_ascii_lowercase();
            for word in [&joined[before..], &joined[..]] {
                if let Some(more) = CLASS_NAMES.cues.get(word) {
                    cues = cues.with(*more);
                }
            }
            joined.drain(..before);
        }
    }
    cues
}

/// Parts of a name between punctuation and where its case changes, digits at their ends cut off. Parts
/// that hold a digit before a letter are hashes made by a build tool, not words.
pub(crate) fn parts_of_name(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .flat_map(split_case)
        .map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()))
        .filter(|part| {
            let is_word = !part.bytes().any(|byte| byte.is_ascii_digit());
            !part.is_empty() && part.len() <= MAX_WORD_BYTES && is_word
        })
}

/// Splits before each capital after a small letter.
fn split_case(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .as_bytes()
            .windows(2)
            .position(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
            .map_or(rest.len(), |place| place + 1);
        let part = &rest[..end];
        rest = &rest[end..];
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_at_punctuation_and_case() {
        let all = |name| parts_of_name(name).collect::<Vec<_>>();
        assert_eq!(all("mvp-post_addStory2"), ["mvp", "post", "add", "Story"]);
        assert_eq!(all("SHARE"), ["SHARE"]);
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        for row in table::rows(TABLE) {
            let known = match row[1] {
                "part" => table::named(row[0], &Cue::ALL).is_some(),
                "name" => row[0] == "paid",
                "alone" => row[0] == "byline",
                "anywhere" | "small" => table::named(row[0], &NameHint::ALL).is_some(),
                _ => false,
            };
            assert!(known && row.len() == 3, "{row:?}");
        }
        assert!(cues_in("jeg_share_bottom").has(Cue::Share));
        assert!(cues_in("read-also").has(Cue::Related));
        assert!(cues_in("xReadAlso2").has(Cue::Related));
        assert_eq!(cues_in("css-1x2y"), Cues::default());
        assert!(hints_in("c-articleAuthors__name").has(NameHint::Byline));
        assert!(hints_in("LastUpdated").has(NameHint::Updated));
        assert!(is_byline_alone(" by ") && !is_byline_alone("by x"));
    }
}
