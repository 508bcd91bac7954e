//! What the names of the elements around a block speak for: their tags, and the words that their classes,
//! ids, roles and properties are made of.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;

use crate::block::{MAX_NAMES, parts_of_name};
use crate::body::features::word_hash;
use crate::body::features::word_scores::{BlockScores, FoundWords, scaled, short};
use crate::body::model::lexicon::Lexicon;
use crate::dom::{Document, Element, NodeId};

/// How many elements around a block's own element count as near it.
pub(crate) const NEAR_LEVELS: usize = 3;

/// What a name is of. Its number sets the same word apart where it is a tag, a role or of a class or id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u32)]
enum NameSource {
    ClassOrId = 0,
    Tag = 0x5bd1_e995,
    Role = 0x9e37_79b9,
}

/// An element's names, each with what it is of.
fn names_with_sources(element: &Element) -> impl Iterator<Item = (NameSource, &str)> {
    let attributes = element.attributes().filter_map(|(name, value)| match name {
        "class" | "id" => Some((NameSource::ClassOrId, value)),
        "role" | "itemprop" => Some((NameSource::Role, value)),
        _ => None,
    });
    std::iter::once((NameSource::Tag, element.name())).chain(attributes)
}

/// Hashes of the words of a name: a tag is one, classes and ids are made of several.
fn words_in(source: NameSource, value: &str) -> impl Iterator<Item = u32> {
    let is_tag = source == NameSource::Tag;
    let parts = value
        .split_ascii_whitespace()
        .take(if is_tag { 0 } else { MAX_NAMES })
        .flat_map(parts_of_name)
        .filter(|part| part.len() > 1);
    let tag = is_tag.then_some(value);
    tag.into_iter()
        .chain(parts)
        .map(move |part| short(word_hash::one(part)) ^ source as u32)
}

/// Hashes of the words that an element's names are made of.
pub(crate) fn names_of(element: &Element) -> impl Iterator<Item = u32> {
    names_with_sources(element).flat_map(|(source, value)| words_in(source, value))
}

/// The elements around a block, from the root on, with what their names speak for. Blocks are visited in
/// the page's order, so that each element is entered once.
pub(crate) struct ElementPath<'a> {
    page: &'a Document,
    lexicon: &'a Lexicon,
    known: NameCache<'a>,
    levels: Vec<Level>,
    /// Numbers of the words of all levels' names.
    numbers: Vec<usize>,
    /// How many levels hold each word.
    held: Vec<u16>,
    /// Of the words that any level holds: the weights for being around, and their number.
    around: f32,
    distinct: usize,
    pub(crate) found: FoundWords,
}

struct Level {
    node: NodeId,
    /// Where its words begin in `ElementPath::numbers`.
    start: usize,
    own: f32,
    near: f32,
    words: usize,
}

impl<'a> ElementPath<'a> {
    pub(crate) fn of(page: &'a Document, lexicon: &'a Lexicon) -> Self {
        Self {
            page,
            lexicon,
            known: NameCache::default(),
            levels: Vec::new(),
            numbers: Vec::new(),
            held: vec![0; lexicon.names.len()],
            around: 0.0,
            distinct: 0,
            found: FoundWords::of(&lexicon.names),
        }
    }

    /// Goes to an element.
    pub(crate) fn go(&mut self, node: NodeId) {
        let page = self.page;
        let holds = |outer: NodeId| outer <= node && page.node(outer).end > node;
        while self.levels.last().is_some_and(|level| !holds(level.node)) {
            self.leave();
        }
        let last = self.levels.last().map(|level| level.node);
        let mut inner: Vec<NodeId> = std::iter::once(node)
            .chain(page.ancestors(node))
            .take_while(|node| Some(*node) != last)
            .collect();
        while let Some(node) = inner.pop() {
            self.enter(node);
        }
    }

    fn enter(&mut self, node: NodeId) {
        let mut level = Level {
            node,
            start: self.numbers.len(),
            own: 0.0,
            near: 0.0,
            words: 0,
        };
        let named = self
            .page
            .element(node)
            .into_iter()
            .flat_map(names_with_sources);
        for (source, value) in named {
            for number in self.known.numbers(source, value, self.lexicon) {
                let name = self.lexicon.names.at(*number);
                level.own += name.own;
                level.near += name.near;
                level.words += 1;
                if self.held[*number] == 0 {
                    self.around += name.around;
                    self.distinct += 1;
                    self.found.add(*number);
                }
                self.held[*number] += 1;
                self.numbers.push(*number);
            }
        }
        self.levels.push(level);
    }

    fn leave(&mut self) {
        let Some(level) = self.levels.pop() else {
            return;
        };
        for number in self.numbers.drain(level.start..) {
            self.held[number] -= 1;
            if self.held[number] == 0 {
                self.around -= self.lexicon.names.at(number).around;
                self.distinct -= 1;
            }
        }
    }

    /// What the names speak for here.
    pub(crate) fn scores(&self) -> BlockScores {
        let Some((own, outer)) = self.levels.split_last() else {
            return BlockScores::default();
        };
        let near = outer.iter().rev().take(NEAR_LEVELS);
        let (sum, known) = near.fold((0.0, 0), |(sum, known), level| {
            (sum + level.near, known + level.words)
        });
        let own_names = scaled(own.own, own.words);
        let near_names = scaled(sum, known);
        BlockScores {
            names: own_names + near_names + scaled(self.around, self.distinct),
            own_names,
            near_names,
            ..BlockScores::default()
        }
    }
}

/// Names that were read before: class names repeat all over a page.
#[derive(Default)]
struct NameCache<'a> {
    /// Where the words of each stand in `numbers`.
    names: HashMap<(NameSource, &'a str), Range<usize>, FixedState>,
    numbers: Vec<usize>,
}

impl<'a> NameCache<'a> {
    /// Numbers of the words of a name that the lexicon has.
    fn numbers(&mut self, source: NameSource, value: &'a str, lexicon: &Lexicon) -> &[usize] {
        let numbers = &mut self.numbers;
        let range = self.names.entry((source, value)).or_insert_with(|| {
            let start = numbers.len();
            numbers.extend(words_in(source, value).filter_map(|hash| lexicon.names.number(hash)));
            start..numbers.len()
        });
        &self.numbers[range.clone()]
    }
}
