//! `gleaner eval`.

mod args;
mod print;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use gleaner::Error;
use gleaner::archive;
use gleaner::eval::compare::{Comparison, compare};
use gleaner::eval::corpus::{self, CorpusPage, Include};
use gleaner::eval::health::{Health, Watch};
use gleaner::eval::records::Records;
use gleaner::eval::report::{self, Section};
use gleaner::eval::saved::Saved;
use gleaner::eval::{self, By, Extractor, Figures, PageScore};

use super::Status;
pub(super) use args::Args;

pub(super) fn run(args: &Args) -> anyhow::Result<Status> {
    let out = &mut std::io::BufWriter::new(std::io::stdout());
    if let Some(file) = &args.features {
        return write_features(args, file);
    }
    let mut extractor = Extractor::default();
    extractor.options.density_only = args.density_only;
    if let Some(folder) = &args.folds {
        extractor.read_folds(folder)?;
    }
    let mut status = Status::Done;
    let mut runs = Vec::new();
    for folder in &args.corpora {
        let run = Run::of(folder, args, &extractor)?;
        run.print(out, args)?;
        out.flush()?;
        for reason in run.failures(args) {
            writeln!(std::io::stderr(), "error: {}: {reason}", folder.display())?;
            status = Status::SomeFailed;
        }
        runs.push(run);
    }
    if let Some(path) = &args.report {
        write_report(path, &mut runs, args, &extractor)?;
    }
    if let Some(path) = &args.json {
        std::fs::write(path, json(&runs)?).map_err(Error::io(path))?;
    }
    Ok(status)
}

fn write_features(args: &Args, file: &Path) -> anyhow::Result<Status> {
    let mut pages = Vec::new();
    for folder in &args.corpora {
        pages.extend(corpus::read(folder)?);
    }
    let rows = eval::training::write(&pages, args.altered, args.lexicons.as_deref(), file)?;
    writeln!(std::io::stderr(), "{rows} blocks in {}", file.display())?;
    if rows == 0 {
        anyhow::bail!("none of the pages has a gold text: there is nothing to learn from");
    }
    Ok(Status::Done)
}

/// One corpus, evaluated.
struct Run {
    folder: PathBuf,
    pages: Vec<CorpusPage>,
    saved: Saved,
    /// Other tools by their files' names, with what changes from them to gleaner.
    tools: Vec<Tool>,
    comparison: Option<Comparison>,
    /// Bodies of the changed pages before and after, where the baseline holds them.
    diffs: BTreeMap<String, String>,
}

struct Tool {
    name: String,
    figures: Figures,
    missing: usize,
    comparison: Comparison,
}

impl Run {
    fn of(folder: &Path, args: &Args, extractor: &Extractor) -> anyhow::Result<Self> {
        let (pages, scores, health) = if archive::is_archive(folder) {
            archived(folder, args, extractor)?
        } else {
            let pages = pages(folder, args)?;
            let watched = args.health || !pages.iter().any(CorpusPage::has_gold);
            let mut watch = watched.then(|| Watch::new(today()));
            let scores = match &mut watch {
                Some(watch) => watch.run(&pages, extractor),
                None => eval::run(&pages, extractor),
            };
            (pages, scores, watch.map(Watch::health))
        };
        let mut run = Self {
            folder: folder.to_owned(),
            tools: tools(&pages, &scores, &args.records)?,
            saved: Saved {
                health,
                ..Saved::of(scores)
            },
            pages,
            comparison: None,
            diffs: BTreeMap::new(),
        };
        if let Some(file) = &args.baseline {
            run.compare(file, args, extractor)?;
        }
        Ok(run)
    }

    /// Compares with figures, or with records, whose texts can be shown beside ours.
    fn compare(&mut self, file: &Path, args: &Args, extractor: &Extractor) -> anyhow::Result<()> {
        let after = &self.saved.page_scores;
        if file.extension().is_none_or(|ending| ending != "jsonl") {
            let before = Saved::read(file, &self.folder.display().to_string())?;
            self.comparison = Some(compare_some(file, &before.page_scores, after)?);
            return Ok(());
        }
        let before = Records::read(file)?;
        let mut scores = before.scores(&self.pages);
        // A page without a record cannot have got worse.
        scores.retain(|score| score.error.is_none());
        let comparison = compare_some(file, &scores, after)?;
        for change in comparison.changed_pages.iter().take(args.worst) {
            let page = self.pages.iter().find(|page| page.id == change.id);
            if let Some(page) = page
                && let Some(old) = before.of(page)
            {
                let new = extractor.extract(page)?.record;
                let diff = eval::compare::diff(&old.text, &new.text);
                self.diffs.insert(change.id.clone(), diff);
            }
        }
        self.comparison = Some(comparison);
        Ok(())
    }

    /// Each page that could not be read, and what was asked for and does not hold.
    fn failures(&self, args: &Args) -> Vec<String> {
        let errors = self
            .saved
            .page_scores
            .iter()
            .filter_map(|s| s.error.clone());
        let mut reasons: Vec<String> = errors.collect();
        let f1 = self.saved.figures.shingle_f1;
        match args.fail_under {
            Some(_) if !self.pages.iter().any(CorpusPage::has_gold) => {
                reasons.push("without gold there is no shingle F1".to_owned());
            }
            Some(bar) if f1 < bar => reasons.push(format!("shingle F1 {f1:.4} is under {bar}")),
            _ => {}
        }
        if let Some(comparison) = self.comparison.as_ref().filter(|_| args.fail_on_drop) {
            for change in comparison.drops() {
                let (before, after) = (change.before, change.after);
                reasons.push(format!(
                    "{} fell from {before:.4} to {after:.4}",
                    change.measure
                ));
            }
        }
        reasons
    }

    fn print(&self, out: &mut impl Write, args: &Args) -> anyhow::Result<()> {
        writeln!(out, "{}", self.folder.display())?;
        let scores: Vec<&PageScore> = self.saved.page_scores.iter().collect();
        let several_kinds = self
            .saved
            .groups
            .get("kind")
            .is_some_and(|kinds| kinds.len() > 1);
        let mut by: Vec<By> = args.by.iter().map(|by| By::from(*by)).collect();
        if by.is_empty() && several_kinds {
            by.push(By::Kind);
        }
        if self.pages.iter().any(CorpusPage::has_gold) {
            print::table(out, &self.saved.figures, &scores, &by)?;
            print::metadata(out, &self.saved.figures)?;
        }
        if let Some(health) = &self.saved.health {
            print::health(out, health)?;
        }
        print::tools(out, &self.saved.figures, &self.tools)?;
        match &self.comparison {
            Some(comparison) => print::comparison(out, comparison, args.worst, &self.diffs)?,
            None => print::worst(out, &self.saved.page_scores, args.worst)?,
        }
        Ok(())
    }
}

fn today() -> jiff::civil::Date {
    let now = jiff::Timestamp::now();
    jiff::tz::TimeZone::UTC.to_datetime(now).date()
}

/// Pages of an archive that are in memory at a time.
const ARCHIVE_BATCH: usize = 256;

/// Looks at an archive's pages batch by batch. What is kept of a page is its name and scores.
fn archived(
    archive: &Path,
    args: &Args,
    extractor: &Extractor,
) -> anyhow::Result<(Vec<CorpusPage>, Vec<PageScore>, Option<Health>)> {
    let mut watch = Watch::new(today());
    let (mut kept, mut scores) = (Vec::new(), Vec::new());
    let mut pages = corpus::open(archive)?
        .take(args.sample.unwrap_or(usize::MAX))
        .peekable();
    while pages.peek().is_some() {
        let mut batch = Vec::new();
        for page in pages.by_ref().take(ARCHIVE_BATCH) {
            batch.push(page.map_err(|failure| failure.error)?);
        }
        scores.extend(watch.run(&batch, extractor));
        kept.extend(batch.into_iter().map(|page| CorpusPage {
            archived: None,
            ..page
        }));
    }
    Ok((kept, scores, Some(watch.health())))
}

fn write_report(
    path: &Path,
    runs: &mut [Run],
    args: &Args,
    extractor: &Extractor,
) -> anyhow::Result<()> {
    for run in runs
        .iter_mut()
        .filter(|run| archive::is_archive(&run.folder))
    {
        let worst = report::worst_first(&run.saved.page_scores);
        let wanted = worst.iter().take(args.report_pages);
        let wanted: BTreeSet<String> = wanted.map(|at| run.pages[*at].id.clone()).collect();
        corpus::read_again(&run.folder, &mut run.pages, &wanted)?;
    }
    let sections: Vec<Section> = runs
        .iter()
        .map(|run| Section {
            name: run.folder.display().to_string(),
            pages: &run.pages,
            saved: &run.saved,
            comparison: run.comparison.as_ref(),
            tools: run
                .tools
                .iter()
                .map(|t| (t.name.as_str(), &t.figures))
                .collect(),
        })
        .collect();
    let html = report::render(&sections, extractor, args.report_pages);
    std::fs::write(path, html).map_err(Error::io(path))?;
    Ok(())
}

fn pages(folder: &Path, args: &Args) -> anyhow::Result<Vec<CorpusPage>> {
    let mut pages = corpus::read(folder)?;
    if let Some(kind) = &args.kind {
        pages.retain(|page| page.kind.as_deref().unwrap_or("article") == kind);
    }
    if let Some(count) = args.sample {
        corpus::sample(&mut pages, count);
    }
    if !args.includes.is_empty() {
        let includes: Vec<Include> = args.includes.iter().map(|part| (*part).into()).collect();
        for page in &mut pages {
            page.includes.get_or_insert_with(|| includes.clone());
        }
    }
    Ok(pages)
}

fn tools(pages: &[CorpusPage], ours: &[PageScore], files: &[PathBuf]) -> anyhow::Result<Vec<Tool>> {
    let mut tools = Vec::new();
    for file in files {
        let scores = Records::read(file)?.scores(pages);
        let missing = scores.iter().filter(|score| score.error.is_some()).count();
        if missing == pages.len() {
            return Err(nothing_in_common(file).into());
        }
        let all: Vec<&PageScore> = scores.iter().collect();
        tools.push(Tool {
            name: file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            figures: eval::figures(&all),
            missing,
            comparison: compare(&scores, ours),
        });
    }
    Ok(tools)
}

/// Compares with a baseline, which must have some of the pages: of one that has none, nothing falls.
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
    Error::Corpus {
        path: file.to_owned(),
        line: None,
        message: "none of its records has the id or the url of a page here".to_owned(),
    }
}

/// One corpus stands at the top level, several under their folders' names.
fn json(runs: &[Run]) -> anyhow::Result<String> {
    if let [only] = runs {
        return Ok(only.saved.to_json()?);
    }
    let mut entries = Vec::new();
    for run in runs {
        let name = serde_json::to_string(&run.folder.display().to_string())?;
        entries.push(format!("{name}: {}", run.saved.to_json()?.trim_end()));
    }
    Ok(format!("{{\n{}\n}}\n", entries.join(",\n")))
}
