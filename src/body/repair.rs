//! What belongs to a story whatever its score, and what does not.

use std::collections::{HashMap, HashSet};

use crate::block::{Cue, Shape, TextBlock, ends_sentence, phrases};
use crate::body::clean::{CLOCK, Reason};
use crate::dom::{Document, Node, NodeId, Tag};
use crate::evidence::separators::SEPARATORS;
use crate::text::to_letters;

/// Words up to which an element with a `<time>` in it says when, and who, and no more.
const DATE_LINE_WORDS: usize = 10;

/// Nodes up to which an element is such a line.
const DATE_LINE_NODES: usize = 40;

/// Whether a block is an element of few words around a date or time that is marked as one.
pub(crate) fn is_date_line(page: &Document, block: &TextBlock) -> bool {
    let nodes = page.node(block.node).end.index() - block.node.index();
    block.words <= DATE_LINE_WORDS
        && nodes <= DATE_LINE_NODES
        && holds_time(page, page.subtree(block.node))
}

/// Whether a `<time>` is among the nodes.
fn holds_time<'a>(page: &Document, mut nodes: impl Iterator<Item = (NodeId, &'a Node)>) -> bool {
    nodes.any(|(id, _)| page.tag(id) == Tag::Time)
}

/// Whether a caption says what is shown before it names who took the picture.
pub(crate) fn is_credited_caption(block: &TextBlock, verdict: Option<Reason>) -> bool {
    let credit = Reason::Phrase(phrases::Category::Credit.name());
    block.shape == Shape::Caption && verdict == Some(credit) && block.text.contains(". ")
}

/// Bar inside the story for blocks that the rules keep and whose kind running text teaches little
/// about: golds differ over them, and readers miss them.
const STRUCTURE_BAR: f32 = 0.01;

/// Bar inside the story for subheads that the rules keep and that text follows.
const HEADING_BAR: f32 = 0.3;

/// Bar inside the story for quotations set apart that the rules keep: some golds leave out those
/// that repeat the story's own words.
const QUOTE_BAR: f32 = 0.15;

/// Bar for a line that stands in the story already, in the same element.
const REFRAIN_BAR: f32 = 0.1;

/// Words up to which a bold line is a subhead.
const SUBHEAD_WORDS: usize = 12;

/// Whether a paragraph is a subhead by its looks.
fn is_bold_subhead(block: &TextBlock) -> bool {
    block.bold && block.links == 0 && block.words <= SUBHEAD_WORDS && !block.text.contains('\n')
}

/// Whether a block is running text, and no cell of data.
fn is_running(block: &TextBlock) -> bool {
    block.shape == Shape::Paragraph && !block.tabular
}

/// Between the first and the last block of the story, keeps tables, code, quotations and subheads
/// that the rules keep unless the model is sure that they do not belong.
pub(crate) fn fill_story(
    blocks: &[TextBlock],
    probabilities: &[f32],
    rules: &[bool],
    is_story: bool,
    kept: &mut [bool],
) {
    let (Some(first), Some(last)) = (
        kept.iter().position(|kept| *kept),
        kept.iter().rposition(|kept| *kept),
    ) else {
        return;
    };
    for at in first..=last {
        let bar = match blocks[at].shape {
            Shape::Caption => continue,
            Shape::Code => STRUCTURE_BAR,
            Shape::Heading(_) => HEADING_BAR,
            Shape::Quote if is_story && blocks[at].cues.has(Cue::Embed) => STRUCTURE_BAR,
            Shape::Quote if is_story => QUOTE_BAR,
            _ if blocks[at].tabular => STRUCTURE_BAR,
            Shape::Paragraph if is_story && is_bold_subhead(&blocks[at]) => HEADING_BAR,
            _ => continue,
        };
        kept[at] |= rules[at] && probabilities[at] >= bar;
    }
}

/// Bar for a whole sentence right behind the headline or a paragraph of the story, in the same element.
/// As many golds have these as have not, and a story without its last words is worse than one with a
/// line too many.
const SIBLING_BAR: f32 = 0.2;

/// Keeps sentences of a story's own element that the rules keep and that no date stands in.
pub(crate) fn fill_siblings(
    page: &Document,
    blocks: &[TextBlock],
    probabilities: &[f32],
    verdicts: &[Option<Reason>],
    kept: &mut [bool],
) {
    let before = kept.to_vec();
    let is_running = |at: usize| is_running(&blocks[at]);
    let parent = |at: usize| page.node(blocks[at].node).parent;
    let is_dated = |at: usize| {
        let next = blocks.get(at + 1).map_or(page.len(), |b| b.first.index());
        holds_time(page, page.range(blocks[at].first.index()..next))
    };
    for at in 1..blocks.len() {
        if kept[at] || verdicts[at].is_some() || probabilities[at] < SIBLING_BAR || !is_running(at)
        {
            continue;
        }
        let last = at - 1;
        let follows = before[last] && is_running(last) && blocks[at].ends_sentence();
        // Or it is set apart, in an element of its own between two paragraphs.
        let next = at + 1;
        let is_between = || {
            before.get(next) == Some(&true)
                && is_running(next)
                && parent(last) == parent(next)
                && parent(last) == page.node(parent(at)).parent
        };
        let continues = follows && (parent(last) == parent(at) || is_between());
        // A summary whose element holds the byline, too, in a line of its own.
        let opens = verdicts[last] == Some(Reason::Title)
            && [parent(at), blocks[at].node].contains(&parent(last))
            && blocks[at].text.lines().next().is_some_and(ends_sentence);
        kept[at] = (continues || opens) && !is_dated(at);
    }
}

/// Running paragraphs of one element from which on it is a long story. Few that the trees learned from have
/// as many, and the scores of all sink with their number: of one of 150 paragraphs a third got lost.
const LONG_STORY: usize = 100;

/// Bar for paragraphs of a long story: what is below is chrome for sure.
const LONG_STORY_BAR: f32 = 0.05;

/// Keeps the sentences of a long story whose first paragraphs are kept, unless the rules know better.
pub(crate) fn fill_long_story(
    page: &Document,
    blocks: &[TextBlock],
    probabilities: &[f32],
    verdicts: &[Option<Reason>],
    kept: &mut [bool],
) {
    let is_sentence = |at: usize| is_running(&blocks[at]) && blocks[at].ends_sentence();
    let mut elements: HashMap<NodeId, Vec<usize>> = HashMap::new();
    for at in (0..blocks.len()).filter(|at| verdicts[*at].is_none() && is_sentence(*at)) {
        let parent = page.node(blocks[at].node).parent;
        elements.entry(parent).or_default().push(at);
    }
    for all in elements.into_values() {
        if all.len() >= LONG_STORY && (kept[all[0]] || kept[all[1]]) {
            for at in all {
                kept[at] |= probabilities[at] >= LONG_STORY_BAR;
            }
        }
    }
}

/// Bar for entries of a list that a line of the story announces.
const ANNOUNCED_BAR: f32 = 0.1;

/// Keeps lists that a line of the story announces: one that ends with a colon.
pub(crate) fn fill_announced(
    blocks: &[TextBlock],
    probabilities: &[f32],
    rules: &[bool],
    kept: &mut [bool],
) {
    let mut announced = false;
    for at in 0..blocks.len() {
        if !matches!(blocks[at].shape, Shape::Item { .. }) {
            announced = kept[at] && blocks[at].text.trim_end().ends_with([':', '：']);
        } else if announced {
            kept[at] |= rules[at] && probabilities[at] >= ANNOUNCED_BAR;
        }
    }
}

/// Times of day from which a page is a live blog.
const MIN_ENTRIES: usize = 3;

/// Bar for what an entry of a live blog holds.
const ENTRY_BAR: f32 = 0.2;

/// Keeps the entries of a live blog, each under its time of day, where the entry before is kept: the
/// last ones stand where other pages have left the story behind.
pub(crate) fn fill_entries(probabilities: &[f32], verdicts: &[Option<Reason>], kept: &mut [bool]) {
    let is_time = |at: &usize| verdicts[*at] == Some(Reason::Phrase(CLOCK));
    let times: Vec<usize> = (0..kept.len()).filter(is_time).collect();
    if times.len() < MIN_ENTRIES {
        return;
    }
    for pair in 1..times.len() {
        let (before, entry) = (times[pair - 1], times[pair]);
        if !kept[before..entry].contains(&true) {
            continue;
        }
        let next = times.get(pair + 1).copied().unwrap_or(kept.len());
        for at in entry + 1..next {
            if verdicts[at] == Some(Reason::OutsideBody) {
                break;
            }
            kept[at] |= verdicts[at].is_none() && probabilities[at] >= ENTRY_BAR;
        }
    }
}

/// Drops what follows a headline of another story in an element named as such: themes that load the
/// next story put its whole text, headline and all, behind the first one.
pub(crate) fn drop_second_story(
    blocks: &[TextBlock],
    verdicts: &[Option<Reason>],
    kept: &mut [bool],
) {
    let related = |at: usize| verdicts[at] == Some(Reason::Named(Cue::Related));
    let begins = |at: usize| blocks[at].shape == Shape::Heading(1) && related(at);
    let Some(start) = (0..blocks.len()).find(|at| begins(*at)) else {
        return;
    };
    if (0..start).any(|at| kept[at]) {
        for (at, kept) in kept.iter_mut().enumerate().skip(start) {
            *kept &= !related(at);
        }
    }
}

/// Words up to which a heading may be a section's name.
const SECTION_WORDS: usize = 3;

/// Drops a heading at the story's front that is the name of a section: a link in the page's menu says
/// the same, or the page's title has it behind the headline.
pub(crate) fn drop_section_name(page: &Document, blocks: &[TextBlock], kept: &mut [bool]) {
    let first = (0..blocks.len()).find(|at| kept[*at] && blocks[*at].shape != Shape::Caption);
    let Some(at) = first.filter(|at| {
        matches!(blocks[*at].shape, Shape::Heading(_)) && blocks[*at].words <= SECTION_WORDS
    }) else {
        return;
    };
    let name = to_letters(&blocks[at].text);
    let names_section = |(id, _)| match page.tag(id) {
        Tag::A => to_letters(&page.text_of(id)) == name,
        Tag::Title => ends_title(&page.text_of(id), blocks[at].text.trim()),
        _ => false,
    };
    kept[at] = !page.range(0..blocks[at].first.index()).any(names_section);
}

/// Drops what stands before the headline and is as short as a section's name, which themes print there.
pub(crate) fn drop_kickers(blocks: &[TextBlock], verdicts: &[Option<Reason>], kept: &mut [bool]) {
    let is_headline = |at: &usize| {
        verdicts[*at] == Some(Reason::Title) && matches!(blocks[*at].shape, Shape::Heading(_))
    };
    let headline = (0..blocks.len()).find(is_headline).unwrap_or(0);
    for (block, kept) in blocks[..headline].iter().zip(kept) {
        *kept &= block.words > SECTION_WORDS || block.ends_sentence();
    }
}

/// Whether a page's title goes on with a name behind the headline.
fn ends_title(title: &str, name: &str) -> bool {
    let headline = title.trim().strip_suffix(name);
    headline.is_some_and(|headline| headline.trim_end().ends_with(&SEPARATORS.prompts[..]))
}

/// Elements around a block in which a list is looked for.
const LIST_LEVELS: usize = 3;

/// Keeps lines that are in the story already and stand in the same element again: the copy of a
/// whole text elsewhere on the page is chrome, a line that returns is the author's.
pub(crate) fn keep_refrains(
    page: &Document,
    blocks: &[TextBlock],
    probabilities: &[f32],
    rules: &[bool],
    kept: &mut [bool],
) {
    // Entries of a list are one place.
    let parent = |at: usize| {
        let outer = page.node(blocks[at].node).parent;
        page.ancestors(outer)
            .take(LIST_LEVELS)
            .find(|node| matches!(page.tag(*node), Tag::Ul | Tag::Ol))
            .unwrap_or(outer)
    };
    let known: HashSet<_> = (0..blocks.len())
        .filter(|at| kept[*at])
        .map(|at| (blocks[at].text.as_str(), parent(at)))
        .collect();
    for at in 0..blocks.len() {
        kept[at] |= rules[at]
            && probabilities[at] >= REFRAIN_BAR
            && known.contains(&(blocks[at].text.as_str(), parent(at)));
    }
}

/// Probability from which a subhead stays although nothing follows it: lists of pictures have
/// their text in the subheads.
const SURE_HEADING: f32 = 0.7;

/// Drops subheads that nothing follows before the next of the same or a higher level, where
/// something was left out between, unless the model is sure of them.
pub(crate) fn drop_unsure_lone_headings(
    blocks: &[TextBlock],
    probabilities: &[f32],
    kept: &mut [bool],
) {
    let mut next: Option<u8> = None;
    let mut cut_between = true;
    for at in (0..blocks.len()).rev() {
        match (kept[at], blocks[at].shape) {
            (true, Shape::Heading(level)) => {
                let alone = next.is_none_or(|below| below != 0 && below <= level && cut_between);
                if alone && probabilities[at] < SURE_HEADING && !blocks[at].is_counted() {
                    kept[at] = false;
                } else {
                    next = Some(level);
                    cut_between = false;
                }
            }
            (true, _) => {
                next = Some(0);
                cut_between = false;
            }
            (false, _) => cut_between = true,
        }
    }
}
