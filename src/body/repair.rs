//! What belongs to a story whatever its score, and what does not.

use std::collections::HashMap;

use crate::block::{Cue, Shape, TextBlock, ends_sentence, phrases};
use crate::body::clean::RemovalReason;
use crate::body::lone_headings::{self, Fate};
use crate::body::next_story;
use crate::body::selection::KeptReason;
use crate::body::switches::{Rule, Switches};
use crate::dom::{Document, Node, NodeId, Tag};

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
pub(crate) fn is_credited_caption(block: &TextBlock, verdict: Option<RemovalReason>) -> bool {
    let credit = RemovalReason::Phrase(phrases::Category::Credit.name());
    block.shape == Shape::Caption && verdict == Some(credit) && block.text.contains(". ")
}

/// Bar inside the story for tables, code and embedded posts that the rules keep: the model learns little
/// about them, as they are rare and gold texts differ over them, and readers miss them.
const STRUCTURE_BAR: f32 = 0.01;

/// Bar inside the story for subheads that the rules keep and that text follows.
const HEADING_BAR: f32 = 0.3;

/// Bar inside the story for quotations set apart that the rules keep: some gold texts leave out those
/// that repeat the story's own words.
const QUOTE_BAR: f32 = 0.15;

/// Words up to which a bold line is a subhead.
const SUBHEAD_WORDS: usize = 12;

/// Bar for a whole sentence right behind the headline or a paragraph of the story, in the same element.
/// As many gold texts have these as have not, and a story without its last words is worse than one with a
/// line too many.
const SIBLING_BAR: f32 = 0.2;

/// Running paragraphs of one element from which on it is a long story. Few that the trees learned from have
/// as many, and the scores of all sink with their number.
const LONG_STORY: usize = 100;

/// Bar for paragraphs of a long story: what is below is chrome for sure.
const LONG_STORY_BAR: f32 = 0.05;

/// Bar for entries of a list that a line of the story announces.
const ANNOUNCED_BAR: f32 = 0.04;

/// Probability from which a subhead stays although nothing follows it.
const SURE_HEADING: f32 = 0.7;

/// A choice of blocks under repair, with what is known of each block.
pub(crate) struct Repair<'a> {
    pub(crate) page: &'a Document,
    pub(crate) blocks: &'a [TextBlock],
    /// Why the rules leave each block out.
    pub(crate) verdicts: &'a [Option<RemovalReason>],
    /// How likely each block is part of the body, 0 to 1.
    pub(crate) probabilities: &'a [f32],
    /// Why each block is part of the body so far.
    pub(crate) kept: Vec<Option<KeptReason>>,
    /// Which rules are switched off.
    pub(crate) switches: Switches,
}

impl Repair<'_> {
    /// Repairs the choice, and returns why each block is part of the body. What holds for stories alone is
    /// asked of these: no second headline, no subheads without text, which elsewhere name a list's entries.
    pub(crate) fn repaired(mut self, is_story: bool) -> Vec<Option<KeptReason>> {
        let switches = self.switches;
        let of_stories = |rule| is_story && switches.on(rule);
        if switches.on(Rule::Structure) {
            self.keep_structure(is_story);
        }
        if of_stories(Rule::Siblings) {
            self.keep_siblings();
        }
        if of_stories(Rule::LongStory) {
            self.keep_long_story();
        }
        if switches.on(Rule::AnnouncedLists) {
            self.keep_announced_lists();
        }
        if of_stories(Rule::NamedStory) {
            self.drop_named_story();
        }
        if of_stories(Rule::LoneHeadings) {
            self.drop_lone_headings();
        }
        self.kept
    }

    fn is_kept(&self, at: usize) -> bool {
        self.kept[at].is_some()
    }

    /// Keeps a block that the rules keep, too, and that is likely enough.
    fn keep_from(&mut self, bar: f32, at: usize, reason: KeptReason) {
        if self.reaches(at, bar) {
            self.kept[at].get_or_insert(reason);
        }
    }

    /// Whether the rules keep a block and it is likely enough.
    fn reaches(&self, at: usize, bar: f32) -> bool {
        self.verdicts[at].is_none() && self.probabilities[at] >= bar
    }

    fn parent(&self, at: usize) -> NodeId {
        self.page.node(self.blocks[at].node).parent
    }

    /// Whether a block is running text, and no cell of data.
    fn is_running(&self, at: usize) -> bool {
        self.blocks[at].shape == Shape::Paragraph && !self.blocks[at].tabular
    }

    /// Between the first and the last block of the story, keeps tables, code, quotations and subheads
    /// that the rules keep unless the model is sure that they do not belong.
    fn keep_structure(&mut self, is_story: bool) {
        let (Some(first), Some(last)) = (
            self.kept.iter().position(Option::is_some),
            self.kept.iter().rposition(Option::is_some),
        ) else {
            return;
        };
        for at in first..=last {
            let block = &self.blocks[at];
            let bar = match block.shape {
                Shape::Caption => continue,
                Shape::Code => STRUCTURE_BAR,
                Shape::Heading(_) => HEADING_BAR,
                Shape::Quote if is_story && block.cues.has(Cue::Embed) => STRUCTURE_BAR,
                Shape::Quote if is_story => QUOTE_BAR,
                _ if block.tabular => STRUCTURE_BAR,
                Shape::Paragraph if is_story && is_bold_subhead(block) => HEADING_BAR,
                _ => continue,
            };
            self.keep_from(bar, at, KeptReason::Structure);
        }
    }

    /// Keeps sentences of a story's own element that the rules keep and that no date stands in.
    fn keep_siblings(&mut self) {
        let before = self.kept.clone();
        for at in 1..self.blocks.len() {
            if before[at].is_some() || !self.reaches(at, SIBLING_BAR) || !self.is_running(at) {
                continue;
            }
            let (last, next) = (at - 1, at + 1);
            let (block, outer) = (&self.blocks[at], self.parent(last));
            let follows = before[last].is_some() && self.is_running(last) && block.ends_sentence();
            // Or it is set apart, in an element of its own between two paragraphs.
            let is_between = || {
                before.get(next).is_some_and(Option::is_some)
                    && self.is_running(next)
                    && outer == self.parent(next)
                    && outer == self.page.node(self.parent(at)).parent
            };
            let continues = follows && (outer == self.parent(at) || is_between());
            // A summary whose element holds the byline, too, in a line of its own.
            let opens = self.verdicts[last] == Some(RemovalReason::Title)
                && [self.parent(at), block.node].contains(&outer)
                && block.text.lines().next().is_some_and(ends_sentence);
            if (continues || opens) && !self.is_dated(at) {
                self.keep_from(SIBLING_BAR, at, KeptReason::Sibling);
            }
        }
    }

    /// Whether a `<time>` stands between the beginnings of a block and of the next.
    fn is_dated(&self, at: usize) -> bool {
        let next = self.blocks.get(at + 1);
        let end = next.map_or(self.page.len(), |next| next.first.index());
        let nodes = self.page.range(self.blocks[at].first.index()..end);
        holds_time(self.page, nodes)
    }

    /// Keeps the sentences of a long story whose first paragraphs are kept, unless the rules know better.
    fn keep_long_story(&mut self) {
        let mut elements: HashMap<NodeId, Vec<usize>> = HashMap::new();
        for at in 0..self.blocks.len() {
            let is_sentence = self.is_running(at) && self.blocks[at].ends_sentence();
            if self.verdicts[at].is_none() && is_sentence {
                elements.entry(self.parent(at)).or_default().push(at);
            }
        }
        for all in elements.into_values() {
            if all.len() >= LONG_STORY && (self.is_kept(all[0]) || self.is_kept(all[1])) {
                for at in all {
                    self.keep_from(LONG_STORY_BAR, at, KeptReason::Sibling);
                }
            }
        }
    }

    /// Keeps lists that a line of the story announces: one that ends with a colon.
    fn keep_announced_lists(&mut self) {
        let mut announced = false;
        for at in 0..self.blocks.len() {
            let block = &self.blocks[at];
            if !matches!(block.shape, Shape::Item { .. }) {
                announced = self.is_kept(at) && block.text.trim_end().ends_with([':', '：']);
            } else if announced {
                self.keep_from(ANNOUNCED_BAR, at, KeptReason::Announced);
            }
        }
    }

    /// Drops another story behind the page's own in an element that is named as one.
    fn drop_named_story(&mut self) {
        for at in next_story::named(self.blocks, self.verdicts, &self.kept) {
            self.kept[at] = None;
        }
    }

    /// Drops subheads whose text was left out, unless the model is sure of them.
    fn drop_lone_headings(&mut self) {
        let fate = |at: usize| match self.kept[at] {
            Some(_) => Fate::Kept,
            None => Fate::LeftOut,
        };
        let is_sure = |at: usize| self.probabilities[at] >= SURE_HEADING;
        for at in lone_headings::find(self.blocks, fate, is_sure) {
            self.kept[at] = None;
        }
    }
}

/// Whether a paragraph is a subhead by its looks.
fn is_bold_subhead(block: &TextBlock) -> bool {
    block.bold && block.links == 0 && block.words <= SUBHEAD_WORDS && !block.text.contains('\n')
}
