//! Pages that stand in a story's stead: gone or not found, a check for robots, a prompt for consent, for a
//! password or for money.
//!
//! A phrase alone makes no wall, since stories quote them: it must stand in the title, a heading or the first
//! lines, and the page must have little text of its own, less where it describes itself as an article.

use std::sync::LazyLock;

use super::{LIST_OF_LINKS, SURE_WORDS, TypeReason};
use crate::block::phrases::{self, Category};
use crate::block::{Shape, TextBlock, is_cjk, words_in};
use crate::body::rules::RuleVerdicts;
use crate::dom::{Document, Tag};
use crate::evidence::Evidence;
use crate::evidence::separators::SEPARATORS;
use crate::text::to_words;

/// Words of its own up to which a page that says it is a wall explains that: two or three sentences.
const EXPLAINED_WORDS: usize = 60;

/// The same for a page that describes itself as an article: the saying itself.
const SAID_WORDS: usize = 15;

/// Words of a body, prompts left out, below which a page that asks for something shows nothing else.
const NO_WORDS: usize = 10;

/// Words of all unlinked text up to which a page may be nothing but a wall.
const WALL_WORDS: usize = 150;

/// Characters of a heading or line beyond which it tells something rather than naming the page.
const MAX_SAYING_CHARS: usize = 160;

/// Words from which a phrase may stand among others; shorter ones are all that a heading says.
const CONTAINED_WORDS: usize = 3;

/// A phrase of the table, as [`to_words`] spells it.
struct Phrase {
    reason: TypeReason,
    words: String,
    /// Whether it counts inside a longer text, too.
    is_contained: bool,
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let rows = table_rows();
    rows.filter_map(|row| {
        let words = to_words(row[2]);
        let is_contained = words.split(' ').count() >= CONTAINED_WORDS || words.chars().any(is_cjk);
        Some(Phrase {
            reason: reason_of(row[0])?,
            words,
            is_contained,
        })
    })
    .collect()
});

fn table_rows() -> impl Iterator<Item = Vec<&'static str>> {
    crate::table::rows(include_str!("../../../config/tables/walls.tsv")).skip(1)
}

fn reason_of(kind: &str) -> Option<TypeReason> {
    Some(match kind {
        "not_found" => TypeReason::NotFound,
        "gone" => TypeReason::Gone,
        "bot_check" => TypeReason::BotCheck,
        "login" => TypeReason::Login,
        _ => return None,
    })
}

/// What a short text says the page is.
fn said_by(text: &str) -> Option<TypeReason> {
    if text.chars().nth(MAX_SAYING_CHARS).is_some() {
        return None;
    }
    let words = to_words(text);
    let found = PHRASES.iter().find(|phrase| {
        words == phrase.words || phrase.is_contained && words.contains(&phrase.words)
    });
    found.map(|phrase| phrase.reason)
}

/// The same of a page's title, whose parts are headline and site.
fn said_by_title(title: &str) -> Option<TypeReason> {
    let part = |sign: &String| title.split(sign.as_str()).find_map(said_by);
    said_by(title).or_else(|| SEPARATORS.title.iter().find_map(part))
}

/// By what a page says that it is not the story, in its title, a heading or its first lines, where it has
/// little text of its own. `words` are those of the running text that is kept.
pub(super) fn said(
    page: &Document,
    evidence: &Evidence,
    rules: &RuleVerdicts,
    kept: &[&TextBlock],
    words: usize,
) -> Option<TypeReason> {
    if words >= SURE_WORDS {
        return None;
    }
    let title = evidence
        .declared
        .values("title")
        .find_map(|title| said_by_title(&title));
    let heading = main_headings(&rules.blocks)
        .find_map(|(at, block)| Some((at, said_by(&block.text).filter(|_| block.links == 0)?)));
    let line = || {
        let opening = kept.iter().take(2).filter(|block| block.links == 0);
        opening.map(|block| block.text.as_str()).find_map(said_by)
    };
    let most = if describes_article(evidence) {
        SAID_WORDS
    } else {
        EXPLAINED_WORDS
    };
    let explained = heading.map_or(words, |(at, _)| words_under(&rules.blocks, at));
    let reason = title.or(heading.map(|(_, reason)| reason)).or_else(line)?;
    // Two places that say it leave no doubt, whatever teasers come after them.
    let is_said_twice = title.is_some() && heading.is_some() || is_unlisted(page);
    (explained < most && (is_said_twice || words < most)).then_some(reason)
}

/// The page's first heading, and all of the first level; those further down name other things.
fn main_headings(blocks: &[TextBlock]) -> impl Iterator<Item = (usize, &TextBlock)> {
    let headings = blocks
        .iter()
        .enumerate()
        .filter(|(_, block)| block.is_heading());
    let main = headings
        .enumerate()
        .filter(|(at, (_, block))| *at == 0 || block.shape == Shape::Heading(1));
    main.map(|(_, heading)| heading)
}

/// Words of the unlinked text between a heading and the next one.
fn words_under(blocks: &[TextBlock], heading: usize) -> usize {
    let under = blocks[heading + 1..].iter();
    words_in(
        under
            .take_while(|block| !block.is_heading())
            .filter(|block| block.links == 0),
    )
}

/// Whether the page's metadata are those of an article: who wrote it, or when it appeared.
fn describes_article(evidence: &Evidence) -> bool {
    let article = evidence.article();
    ["published", "author"]
        .into_iter()
        .any(|field| evidence.declared.first(field).is_some())
        || article.is_some_and(|article| article.body.is_some())
}

/// Whether the page asks search engines to leave it out, as error pages do.
fn is_unlisted(page: &Document) -> bool {
    page.elements().any(|(_, element)| {
        let is = |name, value: &str| {
            let found = element.attribute(name).unwrap_or_default();
            found.to_ascii_lowercase().contains(value)
        };
        element.tag == Tag::Meta && is("name", "robots") && is("content", "noindex")
    })
}

/// By what a page with little text says anywhere that it is not the story, or asks for a password, a
/// subscription or consent and shows nothing else. A footer's link to the privacy policy asks for nothing.
pub(super) fn shows_nothing_else(
    page: &Document,
    rules: &RuleVerdicts,
    kept: &[&TextBlock],
    linked: usize,
    unlinked: usize,
) -> Option<TypeReason> {
    if unlinked >= WALL_WORDS {
        return None;
    }
    let says = rules.blocks.iter().find_map(|block| said_by(&block.text));
    says.or_else(|| only_prompt(page, rules, kept, linked, unlinked))
}

fn only_prompt(
    page: &Document,
    rules: &RuleVerdicts,
    kept: &[&TextBlock],
    linked: usize,
    unlinked: usize,
) -> Option<TypeReason> {
    let is_story = |block: &&TextBlock| {
        block.links == 0 && phrases::find(&block.text, false, rules.languages).is_none()
    };
    let shown = words_in(kept.iter().copied().filter(is_story));
    if shown >= NO_WORDS || linked > LIST_OF_LINKS * unlinked {
        return None;
    }
    let asked = rules.blocks.iter().zip(&rules.phrases);
    let asked = asked.filter(|(block, _)| block.links == 0);
    let prompt = asked
        .filter_map(|(_, found)| found.as_ref())
        .find_map(|found| {
            Some(match found.category {
                Category::Consent => TypeReason::Consent,
                Category::Paywall => TypeReason::Paywall,
                _ => return None,
            })
        });
    let has_field = || {
        page.elements().any(|(_, element)| {
            let kind = element.attribute("type").unwrap_or_default();
            element.tag == Tag::Input && kind.eq_ignore_ascii_case("password")
        })
    };
    if has_field() {
        return Some(TypeReason::Login);
    }
    // A page of nothing but a consent manager's text had it taken off before.
    let is_banner = || unlinked < NO_WORDS && !rules.banner.is_empty();
    prompt.or_else(|| is_banner().then_some(TypeReason::Consent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read_and_says_what_it_is() {
        for row in table_rows() {
            let reason = reason_of(row[0]).unwrap_or_else(|| panic!("no kind: {row:?}"));
            assert_eq!(said_by(row[2]), Some(reason), "{row:?}");
            assert_eq!(row.len(), 4, "{row:?}");
        }
    }

    #[test]
    fn short_phrases_are_all_that_a_heading_says() {
        assert_eq!(said_by("Not found"), Some(TypeReason::NotFound));
        assert_eq!(said_by("Lost dog not found in the valley"), None);
        assert_eq!(
            said_by_title("404 - The Valley Post"),
            Some(TypeReason::NotFound)
        );
        assert_eq!(
            said_by("Sorry, this story is no longer available"),
            Some(TypeReason::Gone)
        );
    }
}
