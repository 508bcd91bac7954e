//! A story that stands only in script data: JSON-LD `articleBody`, the state objects of JavaScript
//! frameworks (`__NEXT_DATA__`, `__NUXT__`, Apollo's and others), and streamed payloads of React's
//! server components.
//!
//! No path into anybody's state is known here. Whatever JSON a page holds is read, an object is
//! looked for that is titled as the page is, and the longest text under a name for a body near it
//! is the story. `config/tables/script_keys.tsv` has those names. A page whose markup holds any
//! part of that text keeps what its markup says.

mod rich_text;
mod search;

use std::borrow::Cow;

use crate::block::{self, Languages, Shape, TextBlock, phrases, word_count};
use crate::body::assemble;
use crate::body::rules::RuleVerdicts;
use crate::body::switches::{Rule, Switches};
use crate::dom::{Document, NodeId};
use crate::evidence::Evidence;
use crate::record::Block;
use crate::text::to_letters;
use search::BodySearch;

/// Words from which the markup's own body is believed.
const MAX_MARKUP_WORDS: usize = 100;

/// Words from which text in a script is a story and no teaser.
const MIN_WORDS: usize = 80;

/// A body in a script must have this many times the words of the body in the markup.
const MIN_GAIN: usize = 2;

/// A body that was found in a script.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ScriptBody {
    /// Its blocks, in reading order.
    pub(crate) blocks: Vec<Block>,
    /// The name of the member that it stands under, for explanations.
    pub(crate) member: String,
}

/// Finds the story of a page in its scripts. `rules` have the blocks of the markup, `kept` are those that were
/// taken for the body. None where the markup holds the story, or no script does.
pub(crate) fn find(
    page: &Document,
    evidence: &Evidence,
    rules: &RuleVerdicts,
    kept: &[&TextBlock],
) -> Option<ScriptBody> {
    let words = block::words_in(kept.iter().copied());
    if words > MAX_MARKUP_WORDS {
        return None;
    }
    let switches = rules.switches;
    let blocks = rules.blocks.iter();
    let shown: String = blocks.map(|block| to_letters(&block.text)).collect();
    let in_json_ld = evidence
        .article_body()
        .map(|body| (paragraphs(body).into_owned(), "articleBody".to_owned()));
    let in_state = || {
        let titles: Vec<String> = evidence.titles().map(to_letters).collect();
        let mut search = BodySearch::new(titles);
        search.page(page);
        search.best.map(|best| (best.html, best.member))
    };
    let found = in_json_ld
        .and_then(|(html, member)| read(&html, member, &shown, switches))
        .or_else(|| in_state().and_then(|(html, member)| read(&html, member, &shown, switches)))?;
    let gained: usize = found.blocks.iter().map(|b| word_count(&b.text)).sum();
    (gained >= MIN_WORDS && gained >= MIN_GAIN * words).then_some(found)
}

/// The blocks of a story's HTML; none where the page shows any running text of it.
fn read(html: &str, member: String, shown: &str, switches: Switches) -> Option<ScriptBody> {
    let story = Document::parse(html);
    let blocks = block::segment(&story);
    let languages = Languages::of_page(None, &blocks);
    let runs = |block: &&TextBlock| block.words >= 8 && block.shape != Shape::Caption;
    if blocks
        .iter()
        .filter(runs)
        .any(|block| shown.contains(&to_letters(&block.text)))
    {
        return None;
    }
    let kept: Vec<&TextBlock> = blocks
        .iter()
        .filter(|block| {
            let linked = block.link_density() > 0.5;
            let chrome = block.shape != Shape::Caption
                && phrases::find(&block.text, linked, languages).is_some();
            let is_chrome = chrome && switches.on(Rule::ScriptChrome);
            let is_placeholder =
                is_placeholder(&block.text) && switches.on(Rule::ScriptPlaceholders);
            block.words > 0 && !is_chrome && !is_placeholder
        })
        .collect();
    let blocks = assemble::assemble(&story, &kept, switches);
    Some(ScriptBody {
        blocks: blocks.into_iter().map(|(block, _)| block).collect(),
        member,
    })
}

/// Whether a block is a placeholder in whose stead a script puts an advertisement or widget, such as
/// `$$AD$$` or `[[gallery:7]]`.
fn is_placeholder(text: &str) -> bool {
    const SIGNS: [(&str, &str); 5] = [
        ("$$", "$$"),
        ("[[", "]]"),
        ("{{", "}}"),
        ("%%", "%%"),
        ("##", "##"),
    ];
    SIGNS
        .iter()
        .any(|(opens, closes)| text.starts_with(opens) && text.ends_with(closes))
        && !text.contains(char::is_whitespace)
}

/// Text as HTML: what has tags already stays, what has escaped ones is unescaped, and the lines of
/// plain text become paragraphs.
fn paragraphs(text: &str) -> Cow<'_, str> {
    if has_tags(text) {
        return Cow::Borrowed(text);
    }
    if text.contains("&lt;p") || text.contains("&lt;/") || text.contains("&lt;br") {
        let page = Document::parse(text);
        return Cow::Owned(page.text_of(NodeId::ROOT));
    }
    Cow::Owned(text.replace('\n', "<p>"))
}

/// Whether a `<` is followed by a name or a slash.
fn has_tags(text: &str) -> bool {
    text.as_bytes()
        .windows(2)
        .any(|pair| pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || pair[1] == b'/'))
}
