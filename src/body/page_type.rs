//! What kind of page it is, and how sure the body is.

pub(crate) mod learned;

use crate::block::phrases::{self, Category};
use crate::block::{self, Shape, TextBlock};
use crate::body::rules::Rules;
use crate::dom::{Document, Tag};
use crate::record::Kind;

/// Words from which a body is long enough to be a story for sure.
const SURE_WORDS: usize = 150;

/// Words of a body below which a page may be a list, or a wall.
const FEW_WORDS: usize = 30;

/// Words of a body, prompts left out, below which a page that asks for something shows nothing else.
const NO_WORDS: usize = 10;

/// Times its unlinked text that the links of a list hold.
const LIST_OF_LINKS: usize = 4;

/// Words of all unlinked text up to which a page may be nothing but a wall.
const WALL_WORDS: usize = 150;

/// Highest confidence of what stands on a list: its entries may be right, but they are no story.
const MAX_LISTING_CONFIDENCE: f64 = 0.4;

/// Highest confidence where next to nothing was found.
const MAX_NOTHING_CONFIDENCE: f64 = 0.2;

/// What the page is, and how sure that its body is right. `learned` is the kind of page by the
/// learned stage and the F1 it expects; without it, long running text that is a large part of the
/// page's unlinked text speaks for an article.
pub(crate) fn judge(
    page: &Document,
    rules: &Rules,
    kept: &[&TextBlock],
    learned: Option<(Kind, f64)>,
) -> (Kind, f64) {
    let blocks = &rules.blocks;
    let running = |block: &&TextBlock| block.link_density() < 0.4 && block.shape != Shape::Caption;
    let words: usize = kept.iter().filter(|b| running(b)).map(|b| b.words).sum();
    let all: usize = blocks.iter().map(|b| b.words).sum();
    if all == 0 {
        return (Kind::Empty, 0.0);
    }
    let linked: usize = blocks.iter().filter(|b| !running(b)).map(|b| b.words).sum();
    let length = block::ratio(words.min(SURE_WORDS), SURE_WORDS);
    let share = block::ratio(words, words + linked);
    let by_rules = (Kind::Article, (0.7 * length + 0.3 * share).clamp(0.0, 1.0));
    let (kind, confidence) = learned.unwrap_or(by_rules);
    let unlinked = all - linked;
    let is_short = words < FEW_WORDS && unlinked < WALL_WORDS;
    if is_short && (says_it_is_none(rules) || asks_only(page, rules, kept, linked, unlinked)) {
        return (Kind::Wall, confidence.min(MAX_NOTHING_CONFIDENCE));
    }
    if words < FEW_WORDS && linked > LIST_OF_LINKS * words {
        return (Kind::Listing, confidence.min(MAX_NOTHING_CONFIDENCE));
    }
    if kind == Kind::Listing || words < SURE_WORDS && are_teasers(page, kept) {
        return (Kind::Listing, confidence.min(MAX_LISTING_CONFIDENCE));
    }
    (kind, confidence)
}

/// Whether all that is kept are other pages' headlines, linked, each with its first words under it: "read
/// more" of a list whose page has no other sign of one.
fn are_teasers(page: &Document, kept: &[&TextBlock]) -> bool {
    let opens_with_link = |block: &&TextBlock| {
        let mut around = page.ancestors(block.first);
        let link = around.find(|node| page.tag(*node) == Tag::A);
        link.is_some_and(|link| {
            let headline = block.text.lines().next().unwrap_or_default();
            page.text_of(link).trim() == headline.trim() && headline.len() < block.text.len()
        })
    };
    kept.len() > 1 && kept.iter().all(opens_with_link)
}

/// Whether a page with little text says that it is not the page: gone, forbidden, a check for robots.
fn says_it_is_none(rules: &Rules) -> bool {
    let mut found = rules.phrases.iter().flatten();
    found.any(|found| found.category == Category::Barrier)
}

/// Whether a page with little text asks for a password, a subscription or consent, and shows nothing
/// else. A footer's link to the privacy policy asks for nothing.
fn asks_only(
    page: &Document,
    rules: &Rules,
    kept: &[&TextBlock],
    linked: usize,
    unlinked: usize,
) -> bool {
    let shown: usize = kept
        .iter()
        .filter(|block| block.links == 0 && phrases::find(&block.text, false).is_none())
        .map(|block| block.words)
        .sum();
    if shown >= NO_WORDS || linked > LIST_OF_LINKS * unlinked {
        return false;
    }
    let asks = rules
        .blocks
        .iter()
        .zip(&rules.phrases)
        .any(|(block, found)| {
            let found = found.as_ref().map(|found| found.category);
            block.links == 0 && matches!(found, Some(Category::Paywall | Category::Consent))
        });
    asks || page.elements().any(|(_, element)| {
        element.tag == Tag::Input
            && element
                .attribute("type")
                .is_some_and(|kind| kind.eq_ignore_ascii_case("password"))
    })
}

#[cfg(test)]
mod tests {
    use crate::article::{Options, extract};
    use crate::record::Kind;

    fn judged(html: &str) -> (Kind, f64) {
        let record = extract(html, None, &Options::default()).record;
        (record.kind, record.confidence)
    }

    #[test]
    fn walls_are_no_articles() {
        for html in [
            "<title>Not found</title><h1>Page not found</h1><p>Try the search.</p>",
            "<title>Post</title><h1>Welcome back</h1><form><p>Your e-mail<input name=mail>\
             <p>Password<input type=password></form><a href=/join>Join</a>",
            "<title>Just a moment...</title><h1>Just a moment...</h1><p>Enable JavaScript and \
             cookies to continue</p>",
            "<title>Post</title><h1>Seite nicht gefunden</h1><a href=/>Zur Startseite</a>",
        ] {
            let (kind, confidence) = judged(html);
            assert_eq!(kind, Kind::Wall, "{html}");
            assert!(confidence <= 0.2, "{confidence} {html}");
        }
    }

    #[test]
    fn empty_shells_and_menus_are_no_articles() {
        assert_eq!(
            judged("<div id=root></div><script>start()</script>"),
            (Kind::Empty, 0.0)
        );
        let menu = "<li><a href=/news>News from the valley and the hills beyond it</a>".repeat(20);
        assert_eq!(judged(&format!("<ul>{menu}</ul>")).0, Kind::Listing);
    }

    #[test]
    fn teasers_under_linked_headlines_are_a_list() {
        let teaser = |headline: &str| {
            format!(
                "<p>{headline}<br>It is the first one since the spring, and the quay was full.</p>"
            )
        };
        let page = |first: &str| {
            let teasers = teaser(first) + &teaser("<a href=/b>Rain at last in the valley</a>");
            format!("<title>Lake</title><h1>Lake</h1><div>{teasers}</div>")
        };
        let linked = judged(&page("<a href=/a>The ferry returns</a>"));
        assert_eq!(linked.0, Kind::Listing);
        assert!(linked.1 <= 0.4, "{}", linked.1);
        assert_eq!(judged(&page("The ferry returns")).0, Kind::Article);
    }

    #[test]
    fn a_link_to_the_privacy_policy_makes_no_wall() {
        let footer = "<footer><a href=/privacy>Privacy policy</a> <p>We use cookies.</p></footer>";
        let brief = "<title>Ferry sails - Post</title><article><h1>Ferry sails</h1><p>The ferry to the \
                     islands sailed again on Monday, after a winter in the harbour.</p></article>";
        assert_eq!(judged(&format!("{brief}{footer}")).0, Kind::Article);
        let menu = "<li><a href=/news>News from the valley and the hills beyond it</a>".repeat(20);
        assert_eq!(judged(&format!("<ul>{menu}</ul>{footer}")).0, Kind::Listing);
    }

    #[test]
    fn a_story_behind_a_login_box_is_a_story() {
        let story = "<p>The ferry to the islands sailed again on Monday, after a winter in which \
                     nobody had seen it leave the harbour even once, and all were glad of it.</p>";
        let html = format!(
            "<title>Ferry sails</title><h1>Ferry sails</h1><article>{}</article>\
             <form>Log in<input type=password></form>",
            story.repeat(6)
        );
        assert_eq!(judged(&html).0, Kind::Article);
    }
}
