//! Pages extracted by models that have not seen their sites.

use std::path::Path;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::corpus::CorpusPage;
use crate::Error;
use crate::article::{Extraction, Options, extract};
use crate::body::Model;

/// Models of a cross-validation.
pub(super) const FOLDS: usize = 5;

/// The fold of a page. All pages of a site are in one fold.
pub(super) fn fold_of(page: &CorpusPage) -> usize {
    let hash = xxh3_64(site_of(page).as_bytes());
    usize::try_from(hash % FOLDS as u64).unwrap_or(0)
}

/// A page's site; its own name where there is no address.
pub(super) fn site_of(page: &CorpusPage) -> String {
    page.site().unwrap_or_else(|| page.id.clone())
}

/// How pages are extracted.
#[derive(Debug, Clone, Default)]
pub struct Extractor {
    /// What every page is extracted with.
    pub options: Options,
    /// Models of a cross-validation: each page is extracted by the model of its fold, which has not
    /// seen its site. Empty for the one model of `options`.
    pub folds: Vec<Arc<Model>>,
}

impl Extractor {
    /// Reads the models of a cross-validation: `0.trees` to `4.trees` in a folder.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read_folds(&mut self, folder: &Path) -> Result<(), Error> {
        self.folds = (0..FOLDS)
            .map(|fold| Model::read(&folder.join(format!("{fold}.trees"))).map(Arc::new))
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Extracts one page.
    ///
    /// # Errors
    /// When the page cannot be read.
    pub fn extract(&self, page: &CorpusPage) -> Result<Extraction, Error> {
        let model = self.folds.get(fold_of(page));
        let options = Options {
            model: model.or(self.options.model.as_ref()).cloned(),
            ..self.options.clone()
        };
        Ok(extract(&page.markup()?, page.address().as_ref(), &options))
    }
}
