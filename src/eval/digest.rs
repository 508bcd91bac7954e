//! What figures were made with, as digests: figures are comparable where these are the same.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use super::Extractor;
use super::corpus::CorpusPage;
use crate::pages::Page;

/// Digests (XXH3, 128 bits, in hexadecimal) of what figures were made with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeWith {
    /// The pages that were scored: their names, markup and gold, in their order.
    pub corpus: String,
    /// The model, or the models of a cross-validation; empty without the learned stage.
    pub model: String,
}

impl MadeWith {
    /// Digests these pages and the extractor's models. A page that cannot be read counts as empty, as it does for
    /// the figures.
    pub(super) fn of(pages: &[CorpusPage], extractor: &Extractor) -> Self {
        let mut corpus = Digest::default();
        for page in pages {
            let gold = CorpusPage {
                html: PathBuf::new(),
                ..page.clone()
            };
            corpus.add(&serde_json::to_vec(&gold).unwrap_or_default());
            corpus.add(&Page::from(page.clone()).bytes().unwrap_or_default());
        }
        Self {
            corpus: corpus.text(),
            model: extractor.model_digest(),
        }
    }
}

/// A digest of several things, one after the other.
#[derive(Default)]
pub(super) struct Digest(Xxh3);

impl Digest {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        // With its length, so that no two things are taken for one.
        self.0.update(&bytes.len().to_le_bytes());
        self.0.update(bytes);
    }

    pub(super) fn text(&self) -> String {
        format!("{:032x}", self.0.digest128())
    }
}
