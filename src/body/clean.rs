//! Cleaning inside the body: what stands in the story's container and is not the story.

use crate::block::{self, Cue, Cues, Languages, RUNNING_WORDS, Shape, TextBlock, phrases};
use crate::body::density::{CHROME, Density, FEW_LINKS, around_more_than};
use crate::body::lone_headings::{self, Fate};
use crate::body::switches::{Rule, Switches};
use crate::dom::{Document, NodeId, Tag};
use crate::evidence::byline_line::is_clock;
use crate::text::to_letters;

/// Why a block is left out; the names appear in explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RemovalReason {
    OutsideBody,
    Named(Cue),
    LinkDensity,
    Menu,
    Title,
    OtherStory,
    /// A summary of the story that says a machine wrote it.
    MachineSummary,
    BeforeTitle,
    Byline,
    /// The dek, printed from a field of its own; it stands in `description`.
    Excerpt,
    /// Short text that announces, prompts or labels.
    Phrase(&'static str),
    /// Its own element says that it is not shown.
    NotShown,
    LoneHeading,
    /// The rules have nothing against it; the learned stage has.
    Score,
}

impl std::fmt::Display for RemovalReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OutsideBody => f.write_str("outside the body's container"),
            Self::Named(cue) => write!(f, "inside an element named as {}", cue.name()),
            Self::LinkDensity => f.write_str("mostly links"),
            Self::Menu => f.write_str("a menu, by where it leads"),
            Self::Title => f.write_str("repeats the title"),
            Self::OtherStory => f.write_str("another story"),
            Self::MachineSummary => f.write_str("a machine's summary"),
            Self::BeforeTitle => f.write_str("stands before the title"),
            Self::Byline => f.write_str("byline or date line"),
            Self::Excerpt => f.write_str("the excerpt, which is the description"),
            Self::Phrase(category) => write!(f, "phrase: {category}"),
            Self::Score => f.write_str("scored too low"),
            Self::NotShown => f.write_str("not shown"),
            Self::LoneHeading => f.write_str("a subhead without text under it"),
        }
    }
}

/// Link density from which a block is a list of links rather than text with links.
pub(crate) const MOSTLY_LINKS: f64 = 0.66;

/// Words up to which a block is short enough to be a label or a prompt.
const SHORT_WORDS: usize = 25;

/// Whether a block is running text by its length and links.
pub(crate) fn is_running(block: &TextBlock) -> bool {
    block.words >= RUNNING_WORDS && block.link_density() < FEW_LINKS
}

/// Says for each block why it is left out, or none for blocks of the body. `titles` are the page's as
/// [`to_letters`] spells them.
pub(crate) fn verdicts(
    page: &Document,
    blocks: &[TextBlock],
    density: &Density,
    phrases: &[Option<phrases::Match>],
    titles: &[String],
    switches: Switches,
) -> Vec<Option<RemovalReason>> {
    let container = block::inside(page, blocks, density.container);
    let in_container = &blocks[container.clone()];
    // Cues of the container itself and above it hold for the whole story and so say nothing.
    let cues = in_container.iter().map(|block| block.cues);
    let around = cues.reduce(Cues::common).unwrap_or_default();
    let around = switches.if_on(Rule::ContainerNames, around);
    let running = in_container
        .iter()
        .filter(|block| block.words > SHORT_WORDS && block.link_density() < FEW_LINKS);
    let prevailing = around_more_than(MOST, &AROUND_STORIES, running);
    let prevailing = switches.if_on(Rule::AroundStory, prevailing);
    let around = around.with(prevailing).with(density.silent);
    let mut verdicts: Vec<Option<RemovalReason>> = blocks
        .iter()
        .zip(phrases)
        .enumerate()
        .map(|(at, (block, phrase))| {
            if switches.on(Rule::NotShown) && is_not_shown(page, block) {
                Some(RemovalReason::NotShown)
            } else if container.contains(&at) {
                verdict(block, *phrase, around, titles, switches)
            } else {
                Some(RemovalReason::OutsideBody)
            }
        })
        .collect();
    if switches.on(Rule::StoryWords) {
        let is_kept = |at: usize| verdicts[at].is_none();
        let words: Vec<usize> = container
            .filter(|at| matches!(verdicts[*at], Some(RemovalReason::Phrase(_))))
            .filter(|at| is_word_of_story(blocks, phrases, *at, is_kept))
            .collect();
        for word in words {
            verdicts[word] = None;
        }
    }
    if switches.on(Rule::FormFields) {
        drop_forms(page, blocks, density, &mut verdicts);
    }
    if switches.on(Rule::BeforeTitle) {
        drop_before_title(blocks, &mut verdicts);
    }
    if !switches.on(Rule::LoneHeadings) {
        return verdicts;
    }
    let fate = |at: usize| match verdicts[at] {
        None => Fate::Kept,
        Some(RemovalReason::OutsideBody) => Fate::Elsewhere,
        Some(_) => Fate::LeftOut,
    };
    for lone in lone_headings::find(blocks, fate, |_| false) {
        verdicts[lone] = Some(RemovalReason::LoneHeading);
    }
    verdicts
}

/// Share of a container's running text that is most of it.
const MOST: f64 = 0.5;

/// Cues of chrome that a theme may hang on the element around the whole story: "paywall", "prompt",
/// "ad-free" and the like are there for scripts. Around most of the container's running text they say
/// nothing of it.
const AROUND_STORIES: [Cue; 7] = [
    Cue::Footer,
    Cue::Aside,
    Cue::Share,
    Cue::Prompt,
    Cue::Ad,
    Cue::Author,
    Cue::Tags,
];

/// Whether a block with a phrase of a word or two is a word of the story as well: a name, a unit, a source
/// between two kept blocks without anything about it that looks like chrome.
pub(crate) fn is_word_of_story(
    blocks: &[TextBlock],
    phrases: &[Option<phrases::Match>],
    at: usize,
    is_kept: impl Fn(usize) -> bool,
) -> bool {
    let block = &blocks[at];
    let Some(found) = phrases[at].filter(|found| found.is_short) else {
        return false;
    };
    if at == 0 || at + 1 == blocks.len() || !is_kept(at - 1) || !is_kept(at + 1) {
        return false;
    }
    // A label beside an image, or over links, is chrome.
    let next = &blocks[at + 1];
    let is_bare = [block.links, block.images, next.links, next.images] == [0; 4];
    let is_entry = |at: usize| match blocks[at].shape {
        Shape::Item { .. } => true,
        _ => blocks[at].cell.is_some(),
    };
    // A list's or table's entries are of one kind; between paragraphs a prompt stands alone.
    let is_among_its_like = (at - 1..=at + 1).all(is_entry) || !found.category.is_prompt();
    is_bare && is_among_its_like
}

/// The chrome phrase each block is or opens with.
pub(crate) fn phrases_of(
    blocks: &[TextBlock],
    languages: Languages,
) -> Vec<Option<phrases::Match>> {
    blocks
        .iter()
        .map(|block| phrases::find(&block.text, block.link_density() > MOSTLY_LINKS, languages))
        .collect()
}

fn verdict(
    block: &TextBlock,
    phrase: Option<phrases::Match>,
    around: Cues,
    titles: &[String],
    switches: Switches,
) -> Option<RemovalReason> {
    let own = block.cues.without(around);
    if switches.on(Rule::NamedElements)
        && let Some(cue) = CHROME.into_iter().find(|cue| own.has(*cue))
    {
        let embedded = matches!(cue, Cue::Share) && own.has(Cue::Embed);
        if !(embedded && switches.on(Rule::EmbeddedPosts)) {
            return Some(RemovalReason::Named(cue));
        }
    }
    if is_title(block, titles) && switches.on(Rule::Titles) {
        return Some(RemovalReason::Title);
    }
    let dated = own.has(Cue::Meta) && block.words <= SHORT_WORDS && !block.ends_sentence();
    let is_entry = switches.on(Rule::EntryHeadlines) && is_entry_headline(block);
    if dated && !is_entry && switches.on(Rule::MetaLines) {
        return Some(RemovalReason::Byline);
    }
    let linked = block.link_density() > MOSTLY_LINKS;
    if block.shape != Shape::Code
        && !block.tabular
        && let Some(found) = phrase
    {
        return Some(RemovalReason::Phrase(found.category.name()));
    }
    if own.has(Cue::Media) && is_recording(block) && switches.on(Rule::Recordings) {
        return Some(RemovalReason::Phrase("length of a recording"));
    }
    if is_mail_address(&block.text) && switches.on(Rule::MailAddresses) {
        return Some(RemovalReason::Phrase(phrases::Category::Contact.name()));
    }
    let linked = linked && switches.on(Rule::MostlyLinks);
    if linked && (block.words <= 2 * SHORT_WORDS || block.links > 3) {
        let whole_sentence = block.ends_sentence() && block.words > LINKED_SENTENCE_WORDS;
        let partly_linked_heading = block.is_heading() && block.link_density() < 1.0;
        let partly_linked_heading = partly_linked_heading && switches.on(Rule::LinkedHeadings);
        let whole_sentence = whole_sentence && switches.on(Rule::LinkedSentences);
        if !partly_linked_heading && !whole_sentence {
            return Some(RemovalReason::LinkDensity);
        }
    }
    let is_wordless = block.words == 0 && switches.on(Rule::Wordless);
    is_wordless.then_some(RemovalReason::Phrase("no words"))
}

/// Why a block is left out wherever it stands: it is the title, or a chrome phrase.
pub(crate) fn title_or_phrase(
    block: &TextBlock,
    phrase: Option<phrases::Match>,
    titles: &[String],
    switches: Switches,
) -> Option<RemovalReason> {
    if is_title(block, titles) && switches.on(Rule::Titles) {
        return Some(RemovalReason::Title);
    }
    let phrase = phrase.filter(|_| block.shape != Shape::Code && !block.tabular);
    phrase.map(|found| RemovalReason::Phrase(found.category.name()))
}

fn is_title(block: &TextBlock, titles: &[String]) -> bool {
    block.words <= SHORT_WORDS && titles.contains(&to_letters(&block.text))
}

/// Words from which a headline that opens with a time of day says more than when.
const ENTRY_HEADLINE_WORDS: usize = 7;

/// Whether a headline opens with the time of day of its entry in a live blog and goes on.
fn is_entry_headline(block: &TextBlock) -> bool {
    let opening = block.text.split_whitespace().next().unwrap_or_default();
    block.is_heading() && block.words >= ENTRY_HEADLINE_WORDS && is_clock(opening)
}

/// Whether a block names a recording and says how long it plays: "Across the lake 2:41".
fn is_recording(block: &TextBlock) -> bool {
    let last = block
        .text
        .split_whitespace()
        .next_back()
        .unwrap_or_default();
    block.words <= SHORT_WORDS && is_clock(last.trim_matches(['(', ')', '|']))
}

/// Whether a text is an e-mail address and nothing else.
fn is_mail_address(text: &str) -> bool {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "()[]<>·|-".contains(c));
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace)
    })
}

/// Elements around a block in which data that nobody is shown are looked for.
const DATA_LEVELS: usize = 4;

/// Whether a short block's own style or attribute hides it, or that of an element with microdata in it.
/// Longer ones are often unfolded by a click, and readers do see them.
fn is_not_shown(page: &Document, block: &TextBlock) -> bool {
    let hides = |node: NodeId| {
        page.attribute(node, "hidden").is_some()
            || page
                .attribute(node, "style")
                .is_some_and(crate::block::cues::hides)
    };
    let mut is_data = false;
    let is_hidden_data = |node: NodeId| {
        is_data |= page.attribute(node, "itemprop").is_some();
        is_data && hides(node)
    };
    block.words <= 2 * SHORT_WORDS
        && (block.own_cues.has(Cue::Hidden) && hides(block.node)
            || block.cues.has(Cue::Hidden)
                && page
                    .ancestors(block.first)
                    .take(DATA_LEVELS)
                    .any(is_hidden_data))
}

/// Words from which a sentence that is one link may be part of the story.
const LINKED_SENTENCE_WORDS: usize = 12;

/// Words up to which what stands around a field to be filled in is there for the field.
const FORM_WORDS: usize = 40;

/// Kinds of `<input>` that ask for text; none stands for text, too.
const TEXT_INPUTS: [&str; 5] = ["email", "text", "search", "tel", "password"];

/// Leaves out the few words around a field of a form: themes with hashed names put a newsletter's
/// promise, field and button into a `<div>`.
fn drop_forms(
    page: &Document,
    blocks: &[TextBlock],
    density: &Density,
    verdicts: &mut [Option<RemovalReason>],
) {
    let top = page.node(density.container).end;
    let fields = page.elements().filter(|(id, element)| {
        let kind = element.attribute("type").unwrap_or("text");
        (density.container..top).contains(id)
            && element.tag == Tag::Input
            && TEXT_INPUTS
                .iter()
                .any(|known| kind.eq_ignore_ascii_case(known))
    });
    for (field, _) in fields {
        let mut around = 0..0;
        for node in page.ancestors(field) {
            let inside = block::inside(page, blocks, node);
            // More blocks than words are not counted, so that a page of fields takes no longer.
            let few = inside.len() <= FORM_WORDS
                && block::words_in(&blocks[inside.clone()]) <= FORM_WORDS;
            if node <= density.container || !few {
                break;
            }
            around = inside;
        }
        for verdict in &mut verdicts[around] {
            verdict.get_or_insert(RemovalReason::Named(Cue::Form));
        }
    }
}

/// Leaves out what stands in the container before the title, when the title stands in it early.
fn drop_before_title(blocks: &[TextBlock], verdicts: &mut [Option<RemovalReason>]) {
    let mut words_before = 0;
    let mut earlier = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        match verdicts[at] {
            Some(RemovalReason::Title) if matches!(block.shape, Shape::Heading(1 | 2)) => {
                for before in earlier {
                    verdicts[before] = Some(RemovalReason::BeforeTitle);
                }
                return;
            }
            None => {
                earlier.push(at);
                words_before += block.words;
                if words_before > 3 * SHORT_WORDS {
                    return;
                }
            }
            Some(_) => {}
        }
    }
}
