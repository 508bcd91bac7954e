//! Consent banners whose elements have no telling names, known by what they say: a few words about
//! cookies beside a choice to accept or to decline.

use std::sync::LazyLock;

use crate::block::phrases::{Category, Match};
use crate::block::{TextBlock, inside, words_in};
use crate::dom::Document;
use crate::table::rows;

/// What cookies are called, in lower case.
static COOKIES: LazyLock<Vec<&str>> = LazyLock::new(|| {
    rows(include_str!("../../config/tables/cookies.tsv"))
        .skip(1)
        .map(|row| row[1])
        .collect()
});

/// Words up to which an element with a choice and a word about cookies is a banner: the longest of
/// the consent managers' first layers, and far less than a story on the matter.
const MAX_WORDS: usize = 150;

/// Words from which a block tells of cookies, rather than naming their settings as a footer's link
/// does.
const MIN_TOLD_WORDS: usize = 6;

/// Elements around a choice in which its banner is looked for.
const MAX_LEVELS: usize = 6;

/// Says for each block whether it is part of such a banner. `phrases` are the blocks' chrome phrases.
pub(crate) fn banners(
    page: &Document,
    blocks: &[TextBlock],
    phrases: &[Option<Match>],
) -> Vec<bool> {
    let mut found = vec![false; blocks.len()];
    for at in (0..blocks.len()).filter(|at| is_choice(phrases[*at])) {
        let around = std::iter::once(blocks[at].node).chain(page.ancestors(blocks[at].node));
        for node in around.take(MAX_LEVELS) {
            let inside = inside(page, blocks, node);
            // Only the few blocks of a banner are looked at one by one.
            if inside.len() > MAX_WORDS || words_in(&blocks[inside.clone()]) > MAX_WORDS {
                break;
            }
            if is_banner(&blocks[inside.clone()], &phrases[inside.clone()]) {
                found[inside].fill(true);
                break;
            }
        }
    }
    found
}

fn is_choice(phrase: Option<Match>) -> bool {
    phrase.is_some_and(|found| found.whole() && found.category == Category::Consent)
}

/// Whether blocks tell of cookies, and do little but that and give the choice.
fn is_banner(blocks: &[TextBlock], phrases: &[Option<Match>]) -> bool {
    let told = words_in(blocks.iter().filter(|block| tells_of_cookies(block)));
    let choices = blocks.iter().zip(phrases);
    let choices = choices.filter(|(_, phrase)| is_choice(**phrase));
    let chosen = words_in(choices.map(|(block, _)| block));
    told > 0 && 2 * (told + chosen) >= words_in(blocks)
}

fn tells_of_cookies(block: &TextBlock) -> bool {
    block.words >= MIN_TOLD_WORDS && {
        let text = block.text.to_lowercase();
        COOKIES.iter().any(|stem| text.contains(stem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::{Languages, segment};
    use crate::body::clean::phrases_of;

    /// The texts of the blocks that are part of a banner.
    fn marked(html: &str) -> Vec<String> {
        let page = Document::parse(html);
        let blocks = segment(&page);
        let found = banners(&page, &blocks, &phrases_of(&blocks, Languages::ANY));
        let texts = blocks.into_iter().map(|block| block.text);
        texts
            .zip(found)
            .filter(|(_, found)| *found)
            .map(|(text, _)| text)
            .collect()
    }

    #[test]
    fn a_banner_without_a_name_is_known_in_any_language() {
        for (text, choice) in [
            (
                "Wir und unsere 143 Partner verwenden Cookies, um Inhalte zu personalisieren.",
                "Akzeptieren",
            ),
            (
                "Vi og partnerne våre bruker informasjonskapsler for å måle bruken.",
                "Godta alle",
            ),
            (
                "当サイトではCookie（クッキー）を使用して利便性を高めています。",
                "同意する",
            ),
        ] {
            let html = format!(
                "<div><div><h1>Rain</h1><p>It rained in the valley.</p></div>\
                 <div class=x1><div>{text}</div><button>{choice}</button></div></div>"
            );
            assert_eq!(marked(&html), [text, choice]);
        }
    }

    #[test]
    fn a_footers_link_to_the_settings_is_no_banner() {
        let html = "<div><p>The baker says that cookies sell best when it rains all day long.</p>\
                    <p>Then the queue is as long as the street, and he hires his nephew, who would \
                    rather fish.</p><div><a href=/c>Cookie settings</a></div></div>";
        assert_eq!(marked(html), [""; 0]);
    }

    #[test]
    fn a_story_on_cookies_is_no_banner() {
        let story = "The court held that the cookies of the shop need consent. ".repeat(20);
        let html = format!("<div><p>{story}</p><button>Close</button></div>");
        assert_eq!(marked(&html), [""; 0]);
    }
}
