//! What the names of the elements around a block speak for: their tags, and the words that their classes,
//! ids, roles and properties are made of.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::FixedState;

use crate::block::{MAX_NAMES, parts_of_name};
use crate::body::features::wording::{Said, Seen, evened, short};
use crate::body::features::words;
use crate::body::model::lexicon::Lexicon;
use crate::dom::{Document, Element, NodeId};

/// Elements around a block's own that are near it.
pub const NEAR_LEVELS: usize = 3;

/// What is named. Its number sets the same word apart where it is a tag, a role or of a class or id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u32)]
enum Naming {
    Own = 0,
    Tag = 0x5bd1_e995,
    Role = 0x9e37_79b9,
}

/// An element's names.
fn namings(element: &Element) -> impl Iterator<Item = (Naming, &str)> {
    let attributes = element.attributes().filter_map(|(name, value)| match name {
        "class" | "id" => Some((Naming::Own, value)),
        "role" | "itemprop" => Some((Naming::Role, value)),
        _ => None,
    });
    std::iter::once((Naming::Tag, element.name())).chain(attributes)
}

/// Hashes of the words of a name: a tag is one, classes and ids are made of several.
fn words_in(naming: Naming, value: &str) -> impl Iterator<Item = u32> {
    let is_tag = naming == Naming::Tag;
    let parts = value
        .split_ascii_whitespace()
        .take(if is_tag { 0 } else { MAX_NAMES })
        .flat_map(parts_of_name)
        .filter(|part| part.len() > 1);
    let tag = is_tag.then_some(value);
    tag.into_iter()
        .chain(parts)
        .map(move |part| short(words::one(part)) ^ naming as u32)
}

/// Hashes of the words that an element's names are made of.
pub fn names_of(element: &Element) -> impl Iterator<Item = u32> {
    namings(element).flat_map(|(naming, value)| words_in(naming, value))
}

/// The elements around a block, from the root on, with what their names speak for. Blocks are visited in
/// the page's order, so that each element is entered once.
pub(crate) struct Path<'a> {
    page: &'a Document,
    lexicon: &'a Lexicon,
    known: Known<'a>,
    levels: Vec<Level>,
    /// Numbers of the words of all levels' names.
    places: Vec<usize>,
    /// How many levels hold each word.
    held: Vec<u16>,
    /// Of the words that any level holds: the weights for being around, and their number.
    around: f32,
    distinct: usize,
    pub(crate) seen: Seen,
}

struct Level {
    node: NodeId,
    /// Where its words begin in `places`.
    start: usize,
    own: f32,
    near: f32,
    words: usize,
}

impl<'a> Path<'a> {
    pub(crate) fn of(page: &'a Document, lexicon: &'a Lexicon) -> Self {
        Self {
            page,
            lexicon,
            known: Known::default(),
            levels: Vec::new(),
            places: Vec::new(),
            held: vec![0; lexicon.names.len()],
            around: 0.0,
            distinct: 0,
            seen: Seen::of(&lexicon.names),
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
            start: self.places.len(),
            own: 0.0,
            near: 0.0,
            words: 0,
        };
        let named = self.page.element(node).into_iter().flat_map(namings);
        for (naming, value) in named {
            for place in self.known.places(naming, value, self.lexicon) {
                let name = self.lexicon.names.at(*place);
                level.own += name.own;
                level.near += name.near;
                level.words += 1;
                if self.held[*place] == 0 {
                    self.around += name.around;
                    self.distinct += 1;
                    self.seen.mark(*place);
                }
                self.held[*place] += 1;
                self.places.push(*place);
            }
        }
        self.levels.push(level);
    }

    fn leave(&mut self) {
        let Some(level) = self.levels.pop() else {
            return;
        };
        for place in self.places.drain(level.start..) {
            self.held[place] -= 1;
            if self.held[place] == 0 {
                self.around -= self.lexicon.names.at(place).around;
                self.distinct -= 1;
            }
        }
    }

    /// What the names speak for here.
    pub(crate) fn said(&self) -> Said {
        let Some((own, outer)) = self.levels.split_last() else {
            return Said::default();
        };
        let near = outer.iter().rev().take(NEAR_LEVELS);
        let (sum, known) = near.fold((0.0, 0), |(sum, known), level| {
            (sum + level.near, known + level.words)
        });
        let own_names = evened(own.own, own.words);
        let near_names = evened(sum, known);
        Said {
            names: own_names + near_names + evened(self.around, self.distinct),
            own_names,
            near_names,
            ..Said::default()
        }
    }
}

/// Names that were read before: class names repeat all over a page.
#[derive(Default)]
struct Known<'a> {
    /// Where the words of each stand in `places`.
    names: HashMap<(Naming, &'a str), Range<usize>, FixedState>,
    places: Vec<usize>,
}

impl<'a> Known<'a> {
    /// Numbers of the words of a name that the lexicon has.
    fn places(&mut self, naming: Naming, value: &'a str, lexicon: &Lexicon) -> &[usize] {
        let places = &mut self.places;
        let range = self.names.entry((naming, value)).or_insert_with(|| {
            let start = places.len();
            places.extend(words_in(naming, value).filter_map(|hash| lexicon.names.place(hash)));
            start..places.len()
        });
        &self.places[range.clone()]
    }
}
