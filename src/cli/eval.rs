//! `gleaner eval`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use gleaner::Error;
use gleaner::eval::{self, Figures, PageScore, corpus};
use gleaner::extract::Options;

use super::Status;

/// Measure how good extraction is on saved pages with gold
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  gleaner eval my-pages --worst 10 --json figures.json")]
pub(super) struct Args {
    /// Folders of saved pages with gold.
    #[arg(required = true)]
    corpora: Vec<PathBuf>,
    /// Score only pages of this kind, such as `article`.
    #[arg(long)]
    kind: Option<String>,
    /// Write all figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// List this many of the worst pages.
    #[arg(long, value_name = "N", default_value_t = 0)]
    worst: usize,
    /// Write every block's features and label to this file, for training, instead of scoring.
    #[arg(long, value_name = "FILE")]
    features: Option<PathBuf>,
    /// With --features: add copies of each page without names, and with most of the story cut out.
    #[arg(long, requires = "features")]
    altered: bool,
    /// Cross-validate: extract each page by the model in this folder that has not seen its site.
    #[arg(long, value_name = "FOLDER", conflicts_with = "density_only")]
    folds: Option<PathBuf>,
    /// Leave the learned stage out.
    #[arg(long)]
    density_only: bool,
    /// End with status 1 when shingle F1 is lower than this.
    #[arg(long, value_name = "F1")]
    fail_under: Option<f64>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Status> {
    let out = &mut std::io::BufWriter::new(std::io::stdout());
    let options = Options {
        density_only: args.density_only,
        ..Options::default()
    };
    if let Some(file) = &args.features {
        return write_features(args, file);
    }
    let folds = match &args.folds {
        Some(folder) => eval::read_folds(folder)?,
        None => Vec::new(),
    };
    let mut status = Status::Done;
    let mut json = serde_json::Map::new();
    for folder in &args.corpora {
        let mut pages = corpus::read(folder)?;
        if let Some(kind) = &args.kind {
            pages.retain(|page| page.kind.as_deref().unwrap_or("article") == kind);
        }
        let scores = eval::run(&pages, &options, &folds);
        let all: Vec<&PageScore> = scores.iter().collect();
        let figures = eval::figures(&all);
        writeln!(out, "{}", folder.display())?;
        print_table(out, &figures, &all)?;
        print_worst(out, &scores, args.worst)?;
        let too_low = args
            .fail_under
            .is_some_and(|bound| figures.shingle_f1 < bound);
        if too_low || figures.failed > 0 {
            status = Status::SomeFailed;
        }
        let mut entry = serde_json::to_value(&figures)?;
        entry["page_scores"] = serde_json::to_value(&scores)?;
        json.insert(folder.display().to_string(), entry);
    }
    if let Some(path) = &args.json {
        write_json(path, json)?;
    }
    out.flush()?;
    Ok(status)
}

fn write_features(args: &Args, file: &Path) -> anyhow::Result<Status> {
    let mut pages = Vec::new();
    for folder in &args.corpora {
        pages.extend(corpus::read(folder)?);
    }
    let rows = eval::training::write(&pages, args.altered, file)?;
    writeln!(std::io::stderr(), "{rows} blocks in {}", file.display())?;
    Ok(Status::Done)
}

/// One corpus stands at the top level, several under their folders' names.
fn write_json(
    path: &Path,
    mut json: serde_json::Map<String, serde_json::Value>,
) -> anyhow::Result<()> {
    let text = match (json.len(), json.values_mut().next()) {
        (1, Some(only)) => serde_json::to_string_pretty(only)?,
        _ => serde_json::to_string_pretty(&json)?,
    };
    std::fs::write(path, text).map_err(Error::io(path))?;
    Ok(())
}

fn print_table(out: &mut impl Write, all: &Figures, scores: &[&PageScore]) -> anyhow::Result<()> {
    writeln!(
        out,
        "  {:<14}{:>6}{:>16}{:>10}{:>8}{:>16}{:>9}{:>7}{:>9}",
        "kind", "pages", "shingle F1", "precision", "recall", "exact", "word F1", "with", "without"
    )?;
    let mut kinds: BTreeMap<&str, Vec<&PageScore>> = BTreeMap::new();
    for score in scores {
        kinds.entry(&score.kind).or_default().push(score);
    }
    if kinds.len() > 1 {
        for (kind, pages) in &kinds {
            print_row(out, kind, &eval::figures(pages))?;
        }
    }
    print_row(out, "all", all)?;
    for (field, share) in &all.metadata {
        writeln!(out, "  {field}: {share:.3} right")?;
    }
    if all.failed > 0 {
        writeln!(out, "  {} pages could not be read", all.failed)?;
    }
    Ok(())
}

fn print_row(out: &mut impl Write, name: &str, figures: &Figures) -> anyhow::Result<()> {
    let share = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.3}"));
    writeln!(
        out,
        "  {name:<14}{:>6}{:>16}{:>10.3}{:>8.3}{:>16}{:>9.3}{:>7}{:>9}",
        figures.pages,
        format!(
            "{:.3} ± {:.3}",
            figures.shingle_f1, figures.shingle_f1_error
        ),
        figures.precision,
        figures.recall,
        format!("{:.3} ± {:.3}", figures.accuracy, figures.accuracy_error),
        figures.word_f1,
        share(figures.with),
        share(figures.without),
    )?;
    Ok(())
}

fn print_worst(out: &mut impl Write, scores: &[PageScore], count: usize) -> anyhow::Result<()> {
    let mut worst: Vec<(f64, &PageScore)> = scores
        .iter()
        .filter_map(|score| Some((score.shingle_f1?, score)))
        .collect();
    worst.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (f1, score) in worst.into_iter().take(count) {
        let overlap = score.overlap.unwrap_or_default();
        writeln!(
            out,
            "  {f1:.3} precision {:.3} recall {:.3}  {}",
            overlap.precision(),
            overlap.recall(),
            score.id
        )?;
    }
    Ok(())
}
