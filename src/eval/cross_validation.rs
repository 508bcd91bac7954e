//! Pages extracted by models that have not seen their sites, their language or their corpus.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::corpus::{self, CorpusPage};
use super::digest::Digest;
use crate::Error;
use crate::article::{Extraction, Options, extract, extract_document};
use crate::body::Model;
use crate::body::model::EMBEDDED_FILES;
use crate::body::switches::Switches;
use crate::dom::Document;
use crate::fields::likeliest_language;
use crate::record::Record;

/// Folds of sites: more would train longer, and each site would hardly be missed by more of them.
const SITE_FOLDS: u64 = 5;

/// The languages that have a fold each, ISO 639-1: those of which the development corpora have enough pages
/// to measure.
const LANGUAGES: [&str; 5] = ["el", "en", "zh", "ru", "pl"];

/// The fold of all other languages.
const OTHER_LANGUAGES: &str = "other";

/// The file beside models or lexicons that says what each has not seen.
const FILE: &str = "folds.json";

/// What the pages of a fold have in common, which its model has not seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LeaveOut {
    /// Registrable domains, spread over five folds.
    #[default]
    Site,
    /// Languages: some have a fold each, all others one together.
    Language,
    /// Corpora, by the names of their folders; each is of one era and one kind of gold.
    Corpus,
}

impl LeaveOut {
    /// All of them, by their names on the command line.
    pub const ALL: [(&str, Self); 3] = [
        ("site", Self::Site),
        ("language", Self::Language),
        ("corpus", Self::Corpus),
    ];
}

/// How pages are divided among the models of a cross-validation.
///
/// Stands as `folds.json` in the folders of models and of lexicons, so that pages are extracted as they were
/// left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folds {
    leave_out: LeaveOut,
    /// What each fold leaves out: numbers of folds of sites, languages, corpora.
    names: Vec<String>,
}

impl Folds {
    /// Divides pages of one or more corpora.
    ///
    /// # Errors
    /// When corpora are to be left out and there is but one: nothing would be left to learn from.
    pub fn of(leave_out: LeaveOut, pages: &[CorpusPage]) -> Result<Self, Error> {
        let names: Vec<String> = match leave_out {
            LeaveOut::Site => (0..SITE_FOLDS).map(|fold| fold.to_string()).collect(),
            LeaveOut::Language => {
                let names = LANGUAGES.into_iter().chain([OTHER_LANGUAGES]);
                names.map(str::to_owned).collect()
            }
            LeaveOut::Corpus => {
                let mut names: Vec<String> = pages.iter().map(|page| page.corpus.clone()).collect();
                names.sort_unstable();
                names.dedup();
                names
            }
        };
        if names.len() < 2 {
            let message = "to leave a corpus out, there must be several";
            return Err(Error::input(names.join(""), message));
        }
        Ok(Self { leave_out, names })
    }

    /// Reads the `folds.json` of a folder.
    ///
    /// # Errors
    /// When it cannot be read or is none.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        corpus::read_json(&folder.join(FILE))
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// The fold of a page.
    ///
    /// # Errors
    /// When corpora are left out and the page's is none of them: which model has not seen it, nobody knows.
    pub(super) fn fold_of(&self, page: &CorpusPage) -> Result<usize, Error> {
        let name = match self.leave_out {
            LeaveOut::Site => (xxh3_64(site_of(page).as_bytes()) % SITE_FOLDS).to_string(),
            LeaveOut::Language => language_of(page).to_owned(),
            LeaveOut::Corpus => page.corpus.clone(),
        };
        let found = self.names.iter().position(|known| *known == name);
        found.ok_or_else(|| {
            let known = self.names.join(", ");
            Error::input(&page.id, format!("no fold leaves out {name}, only {known}"))
        })
    }
}

/// A page's site; its own name where there is no address.
pub(super) fn site_of(page: &CorpusPage) -> String {
    page.site().unwrap_or_else(|| page.id.clone())
}

/// The fold of a page's language: that of the gold, else the one that the gold's text looks most like.
fn language_of(page: &CorpusPage) -> &'static str {
    let named = page.language.as_deref();
    let detected = || page.text.as_deref().and_then(likeliest_language);
    let tag = named.or_else(detected).unwrap_or_default();
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    let known = LANGUAGES.into_iter();
    let mut known = known.filter(|known| known.eq_ignore_ascii_case(primary));
    known.next().unwrap_or(OTHER_LANGUAGES)
}

/// How pages are extracted.
#[derive(Debug, Clone, Default)]
pub struct Extractor {
    /// What every page is extracted with.
    pub options: Options,
    /// Models of which one has not seen the page; none for the one model of `options`.
    cross_validation: Option<CrossValidation>,
}

/// The models of a cross-validation.
#[derive(Debug, Clone)]
struct CrossValidation {
    folds: Folds,
    models: Vec<Arc<Model>>,
    /// Of all their files.
    digest: String,
}

impl Extractor {
    /// Reads the models of a cross-validation: `0.trees`, `0.words` and so on in a folder, and the
    /// `folds.json` that says which pages each has not seen.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read_folds(&mut self, folder: &Path) -> Result<(), Error> {
        let folds = Folds::read(folder)?;
        let mut digest = Digest::default();
        let mut add = |path: &Path| -> Result<(), Error> {
            digest.add(&std::fs::read(path).map_err(Error::io(path))?);
            Ok(())
        };
        add(&folder.join(FILE))?;
        let mut models = Vec::new();
        for fold in 0..folds.count() {
            let path = folder.join(format!("{fold}.trees"));
            add(&path)?;
            add(&path.with_extension("words"))?;
            models.push(Arc::new(Model::read(&path)?));
        }
        self.cross_validation = Some(CrossValidation {
            folds,
            models,
            digest: digest.text(),
        });
        Ok(())
    }

    /// A digest of the models that pages are extracted by: those of the cross-validation, or the one that comes
    /// with gleaner; empty without the learned stage.
    pub(super) fn model_digest(&self) -> String {
        if self.options.density_only {
            return String::new();
        }
        if let Some(models) = &self.cross_validation {
            return models.digest.clone();
        }
        let mut digest = Digest::default();
        for file in EMBEDDED_FILES {
            digest.add(file);
        }
        digest.text()
    }

    /// Extracts one page.
    ///
    /// # Errors
    /// When the page cannot be read, or no model is known that has not seen it.
    pub fn extract(&self, page: &CorpusPage) -> Result<Extraction, Error> {
        let options = self.options_for(page)?;
        Ok(extract(&page.markup()?, page.address().as_ref(), &options))
    }

    /// Extracts one page, which is parsed already, with some rules switched off.
    pub(super) fn extract_without(
        &self,
        page: &CorpusPage,
        document: &Document,
        switches: Switches,
    ) -> Result<Record, Error> {
        let mut options = self.options_for(page)?;
        options.switches = switches;
        Ok(extract_document(document, page.address().as_ref(), &options).record)
    }

    fn options_for(&self, page: &CorpusPage) -> Result<Options, Error> {
        let mut options = self.options.clone();
        if let Some(CrossValidation { folds, models, .. }) = &self.cross_validation {
            options.model = Some(Arc::clone(&models[folds.fold_of(page)?]));
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(corpus: &str, language: Option<&str>, text: &str) -> CorpusPage {
        CorpusPage {
            id: "a".to_owned(),
            corpus: corpus.to_owned(),
            language: language.map(str::to_owned),
            text: Some(text.to_owned()),
            ..CorpusPage::default()
        }
    }

    fn fold(folds: &Folds, page: &CorpusPage) -> Option<String> {
        let fold = folds.fold_of(page).ok()?;
        Some(folds.names[fold].clone())
    }

    #[test]
    fn languages_come_from_the_gold_or_its_text() {
        let folds = Folds::of(LeaveOut::Language, &[]).expect("six languages");
        let fold = |language, text| fold(&folds, &page("", language, text)).expect("a fold");
        assert_eq!(fold(Some("zh-Hans"), ""), "zh");
        assert_eq!(fold(Some("EN_us"), ""), "en");
        assert_eq!(fold(Some("de"), "It rained in the valley."), "other");
        let rain = "After ninety dry days it rained in the valley on Monday.";
        assert_eq!(fold(None, rain), "en");
        let rain = "Μετά από ενενήντα μέρες ξηρασίας έβρεξε τη Δευτέρα στην κοιλάδα.";
        assert_eq!(fold(None, rain), "el");
        assert_eq!(fold(None, "1971"), "other");
    }

    #[test]
    fn a_corpus_that_no_fold_leaves_out_has_no_model() {
        let pages = [
            page("new", None, ""),
            page("old", None, ""),
            page("new", None, ""),
        ];
        assert!(Folds::of(LeaveOut::Corpus, &pages[..1]).is_err());
        let folds = Folds::of(LeaveOut::Corpus, &pages).expect("two corpora");
        assert_eq!(folds.names, ["new", "old"]);
        assert_eq!(fold(&folds, &pages[1]).as_deref(), Some("old"));
        assert_eq!(fold(&folds, &page("third", None, "")), None);
    }
}
