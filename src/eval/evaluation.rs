//! One corpus, evaluated: scores, other extractors beside them, and what changed from a baseline.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::comparison::{Comparison, compare, diff};
use super::corpus::{self, CorpusPage, Include, corpus_error};
use super::corpus_health::HealthCheck;
use super::external_records::ExternalRecords;
use super::page_score::kind_of;
use super::{CorpusResults, Extractor, GroupBy, MadeWith, Metrics, PageScore};
use crate::{Error, archive};

/// Pages whose markup or records are in memory at a time.
const BATCH: usize = 256;

/// Which pages are evaluated, and what they are compared with.
#[derive(Debug, Clone, Default)]
pub struct EvaluationOptions {
    /// Only pages of this kind.
    pub kind: Option<String>,
    /// Only this many pages, the same ones each time.
    pub sample: Option<usize>,
    /// What gold texts hold beside the body, where the gold does not say.
    pub includes: Vec<Include>,
    /// Whether warning signs are looked for where there is gold, too.
    pub with_health: bool,
    /// Files of other extractors' records.
    pub records: Vec<PathBuf>,
    /// Figures that [`Evaluation::to_json`] gave, or records (`.jsonl`) of another version.
    pub baseline: Option<PathBuf>,
    /// Whether to say what the figures were made with.
    pub digests: bool,
    /// Of the pages that changed most, how many have their changed lines kept.
    pub diffs: usize,
}

/// One corpus, evaluated.
#[derive(Debug)]
pub struct Evaluation {
    /// The folder or archive, as the user gave it.
    pub corpus: PathBuf,
    /// Its pages; of an archive without their markup.
    pub(super) pages: Vec<CorpusPage>,
    /// How they came out.
    pub results: CorpusResults,
    /// Other extractors.
    pub tools: Vec<ToolResults>,
    /// What changed from the baseline.
    pub comparison: Option<Comparison>,
}

/// What another extractor made of the same pages.
#[derive(Debug)]
pub struct ToolResults {
    /// The name of its file of records.
    pub name: String,
    /// Its scores over all pages.
    pub metrics: Metrics,
    /// Pages it has no record of.
    pub missing: usize,
    /// What changes from it to gleaner.
    pub comparison: Comparison,
}

impl Evaluation {
    /// Evaluates a folder or archive.
    ///
    /// # Errors
    /// When it, the baseline or another extractor's records cannot be read, or have no page in common.
    pub fn of(
        corpus: &Path,
        options: &EvaluationOptions,
        extractor: &Extractor,
    ) -> Result<Self, Error> {
        let is_archive = archive::is_archive(corpus);
        let mut unread: Box<dyn Iterator<Item = Result<CorpusPage, Error>>> = if is_archive {
            let pages = corpus::open(corpus)?.take(options.sample.unwrap_or(usize::MAX));
            Box::new(pages.map(|page| page.map_err(|failure| failure.error)))
        } else {
            Box::new(pages_of_folder(corpus, options)?.into_iter().map(Ok))
        };
        let (mut pages, mut scores) = (Vec::new(), Vec::new());
        let mut check = HealthCheck::new(today());
        loop {
            let batch: Vec<CorpusPage> = unread.by_ref().take(BATCH).collect::<Result<_, _>>()?;
            if batch.is_empty() {
                break;
            }
            scores.extend(check.run(&batch, extractor));
            // What is kept of an archive's page is its name.
            pages.extend(batch.into_iter().map(|page| CorpusPage {
                archived: None,
                ..page
            }));
        }
        let with_health = options.with_health || !pages.iter().any(CorpusPage::has_gold);
        let health = with_health.then(|| check.finish());
        let made_with = (options.digests && !is_archive).then(|| MadeWith::of(&pages, extractor));
        let tools = options.records.iter();
        let mut evaluation = Self {
            corpus: corpus.to_owned(),
            tools: tools
                .map(|file| ToolResults::of(file, &pages, &scores))
                .collect::<Result<_, _>>()?,
            results: CorpusResults {
                made_with,
                ..CorpusResults::of(scores, health)
            },
            pages,
            comparison: None,
        };
        if let Some(file) = &options.baseline {
            evaluation.compare_with(file, options.diffs, extractor)?;
        }
        Ok(evaluation)
    }

    fn compare_with(
        &mut self,
        file: &Path,
        diffs: usize,
        extractor: &Extractor,
    ) -> Result<(), Error> {
        let after = &self.results.page_scores;
        if file.extension().is_none_or(|ending| ending != "jsonl") {
            let before = CorpusResults::read(file, &self.name())?;
            self.comparison = Some(compare_some(file, &before.page_scores, after)?);
            return Ok(());
        }
        let before = ExternalRecords::read(file)?;
        let mut scores = before.scores(&self.pages);
        // A page without a record cannot have got worse.
        scores.retain(|score| score.error.is_none());
        let mut comparison = compare_some(file, &scores, after)?;
        for change in comparison.changed_pages.iter_mut().take(diffs) {
            let page = self.pages.iter().find(|page| page.id == change.id);
            if let Some(page) = page
                && let Some(old) = before.of(page)
            {
                let new = extractor.extract(page)?.record;
                change.diff = Some(diff(&old.text, &new.text));
            }
        }
        self.comparison = Some(comparison);
        Ok(())
    }

    /// The corpus as the user gave it.
    #[must_use]
    pub fn name(&self) -> String {
        self.corpus.display().to_string()
    }

    /// Whether there is anything to score pages against.
    #[must_use]
    pub fn has_gold(&self) -> bool {
        self.pages.iter().any(CorpusPage::has_gold)
    }

    /// What pages are grouped by where nothing is asked for: kinds, where there are several.
    #[must_use]
    pub fn default_groups(&self) -> Vec<GroupBy> {
        let kinds = self.results.groups.get(GroupBy::Kind.name());
        let several = kinds.is_some_and(|kinds| kinds.len() > 1);
        several.then_some(GroupBy::Kind).into_iter().collect()
    }

    /// Each page that could not be read; shingle F1 below `lowest_f1`; and with `no_drop` each measure
    /// that fell by more than its error.
    #[must_use]
    pub fn failures(&self, lowest_f1: Option<f64>, no_drop: bool) -> Vec<String> {
        let scores = self.results.page_scores.iter();
        let mut reasons: Vec<String> = scores.filter_map(|s| s.error.clone()).collect();
        let f1 = self.results.metrics.shingle_f1;
        match lowest_f1 {
            Some(_) if !self.has_gold() => {
                reasons.push("without gold there is no shingle F1".to_owned());
            }
            Some(lowest) if f1 < lowest => {
                reasons.push(format!("shingle F1 {f1:.4} is under {lowest}"));
            }
            _ => {}
        }
        let comparison = self.comparison.iter().filter(|_| no_drop);
        reasons.extend(comparison.flat_map(Comparison::drops).map(|change| {
            let (before, after) = (change.before, change.after);
            format!("{} fell from {before:.4} to {after:.4}", change.measure)
        }));
        reasons
    }

    /// Reads the markup of an archive's `count` worst pages again.
    pub(super) fn reload_worst(&mut self, count: usize) -> Result<(), Error> {
        if !archive::is_archive(&self.corpus) {
            return Ok(());
        }
        let worst = self.results.worst_first().into_iter().take(count);
        let wanted: HashMap<String, usize> =
            worst.map(|at| (self.pages[at].id.clone(), at)).collect();
        for page in corpus::open(&self.corpus)?.flatten() {
            if let Some(at) = wanted.get(&page.id) {
                self.pages[*at] = page;
            }
        }
        Ok(())
    }

    /// The figures of evaluations: one stands at the top level, several under their corpora's names.
    ///
    /// # Errors
    /// None is known; `serde_json` might find one.
    pub fn to_json(evaluations: &[Self]) -> serde_json::Result<String> {
        if let [only] = evaluations {
            return only.results.to_json();
        }
        let mut entries = Vec::new();
        for evaluation in evaluations {
            let name = serde_json::to_string(&evaluation.name())?;
            entries.push(format!(
                "{name}: {}",
                evaluation.results.to_json()?.trim_end()
            ));
        }
        Ok(format!("{{\n{}\n}}\n", entries.join(",\n")))
    }
}

impl ToolResults {
    fn of(file: &Path, pages: &[CorpusPage], ours: &[PageScore]) -> Result<Self, Error> {
        let scores = ExternalRecords::read(file)?.scores(pages);
        let missing = scores.iter().filter(|score| score.error.is_some()).count();
        if missing == pages.len() {
            return Err(nothing_in_common(file));
        }
        let name = file.file_stem().unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            metrics: Metrics::of(&scores.iter().collect::<Vec<_>>()),
            missing,
            comparison: compare(&scores, ours),
        })
    }
}

fn today() -> jiff::civil::Date {
    let now = jiff::Timestamp::now();
    jiff::tz::TimeZone::UTC.to_datetime(now).date()
}

/// The pages of a corpus that the options ask for.
pub(super) fn pages_of_folder(
    folder: &Path,
    options: &EvaluationOptions,
) -> Result<Vec<CorpusPage>, Error> {
    let mut pages = corpus::read(folder)?;
    if let Some(kind) = &options.kind {
        pages.retain(|page| kind_of(page) == *kind);
    }
    if let Some(count) = options.sample {
        corpus::sample(&mut pages, count);
    }
    if !options.includes.is_empty() {
        for page in &mut pages {
            page.includes
                .get_or_insert_with(|| options.includes.clone());
        }
    }
    Ok(pages)
}

/// Compares with a baseline. One that shares no page is an error, since no measure could fall.
fn compare_some(
    file: &Path,
    before: &[PageScore],
    after: &[PageScore],
) -> Result<Comparison, Error> {
    let comparison = compare(before, after);
    if comparison.pages == 0 {
        return Err(nothing_in_common(file));
    }
    Ok(comparison)
}

fn nothing_in_common(file: &Path) -> Error {
    let message = "none of its records has the id or the url of a page here";
    corpus_error(file, None, message)
}
