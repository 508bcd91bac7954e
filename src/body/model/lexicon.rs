//! What words speak for: how much more likely a word of a text, or of the names of the elements around
//! it, makes it that the text is part of the body, and that the page is of a kind.
//!
//! The weights are those of logistic regressions, which `config/model/lexicon.py` fits. They stand in
//! `config/model/model.words`, which the binary embeds: hashes of words that several sites use, and no
//! word itself. The file is little-endian, numbers are 32 bits:
//!
//! | number | what |
//! |---|---|
//! | 8 bytes | `glwords1` |
//! | 2 | how many words of texts, and of names |
//! | 6 | how likely each kind of page is to begin with |
//! | for each word of texts: 1, 1, 6 | its hash; what it adds for the body, and for each kind of page |
//! | for each word of names: 1, 3, 6 | its hash; what it adds for the body on the block's own element, on one of the next three around it, and on any; and for each kind of page |

use std::collections::HashMap;
use std::path::Path;

use foldhash::fast::FixedState;

use crate::Error;
use crate::body::model::bytes::Bytes;
use crate::body::page_type::learned::KINDS;

/// First bytes of a lexicon's file.
const MAGIC: &[u8] = b"glwords1";

/// A weight for each kind of page.
pub(crate) type KindWeights = [f32; KINDS.len()];

/// The weights of words.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lexicon {
    /// Of each kind of page, before any word is known.
    pub(crate) kinds: KindWeights,
    /// Of a word of a text: what it adds for the text being part of the body.
    pub(crate) words: Weights<f32>,
    pub(crate) names: Weights<NameWeights>,
}

/// What a word of an element's names adds for a text being part of the body.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct NameWeights {
    /// Where the text's own element has it.
    pub(crate) own: f32,
    /// Where one of the next three elements around has it.
    pub(crate) near: f32,
    /// Where any of them has.
    pub(crate) around: f32,
}

/// Weights by the hashes of words: for the body, and for the page being of each kind. They stand apart, since
/// the former are asked for all over a page and the latter once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Weights<W> {
    numbers: HashMap<u32, u32, FixedState>,
    body: Vec<W>,
    kinds: Vec<KindWeights>,
}

impl<W> Weights<W> {
    /// Words known.
    pub(crate) fn len(&self) -> usize {
        self.body.len()
    }

    /// A word's number, below [`Self::len`]; none for one that is not known.
    pub(crate) fn number(&self, hash: u32) -> Option<usize> {
        self.numbers.get(&hash).map(|number| *number as usize)
    }

    /// The weights of the word with this number.
    pub(crate) fn at(&self, number: usize) -> &W {
        &self.body[number]
    }

    /// What the word with this number adds for each kind of page.
    pub(crate) fn kinds(&self, number: usize) -> &KindWeights {
        &self.kinds[number]
    }

    #[allow(clippy::cast_possible_truncation)] // A file has no more words than a number of 32 bits says.
    pub(crate) fn insert(&mut self, hash: u32, weights: W, kinds: KindWeights) {
        self.numbers.insert(hash, self.body.len() as u32);
        self.body.push(weights);
        self.kinds.push(kinds);
    }
}

impl Lexicon {
    /// Reads a lexicon from a file, such as one of which some sites are no part.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(Error::io(path))?;
        let message = "this is no lexicon; config/model/lexicon.py writes them";
        Self::parse(&bytes).ok_or_else(|| Error::input(path.display().to_string(), message))
    }

    /// Reads a lexicon's bytes; none where they are not well-formed.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes.strip_prefix(MAGIC)?);
        let (words, names) = (bytes.u32()?, bytes.u32()?);
        let mut lexicon = Self {
            kinds: bytes.f32s()?,
            ..Self::default()
        };
        for _ in 0..words {
            let hash = bytes.u32()?;
            let body = bytes.f32()?;
            lexicon.words.insert(hash, body, bytes.f32s()?);
        }
        for _ in 0..names {
            let hash = bytes.u32()?;
            let [own, near, around] = bytes.f32s()?;
            let weights = NameWeights { own, near, around };
            lexicon.names.insert(hash, weights, bytes.f32s()?);
        }
        bytes.0.is_empty().then_some(lexicon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_files_are_refused() {
        let bytes = include_bytes!("../../../config/model/model.words");
        let lexicon = Lexicon::parse(bytes).expect("the embedded lexicon");
        assert!(lexicon.words.len() > 1000 && lexicon.names.len() > 1000);
        assert!(Lexicon::parse(&bytes[..bytes.len() - 1]).is_none());
        assert!(Lexicon::parse(&[bytes.as_slice(), b"more"].concat()).is_none());
        assert!(Lexicon::parse(b"glwords1").is_none());
    }
}
