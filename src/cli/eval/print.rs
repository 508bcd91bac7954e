//! Figures as tables for a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use gleaner::eval::compare::{Change, Comparison};
use gleaner::eval::health::Health;
use gleaner::eval::{By, Figures, PageScore, groups};

use super::Tool;

/// Groups printed of each way to group; the worst ones of more.
const MAX_GROUPS: usize = 20;

/// Columns of a group's or tool's name.
const NAME_WIDTH: usize = 18;

/// A row a group, and one for all pages.
pub(super) fn table(
    out: &mut impl Write,
    all: &Figures,
    scores: &[&PageScore],
    by: &[By],
) -> io::Result<()> {
    head(out, by.first().map_or("", |by| by.name()))?;
    for (place, by) in by.iter().enumerate() {
        if place > 0 {
            writeln!(out, "  {}", by.name())?;
        }
        let mut rows = groups(scores, *by);
        let more = rows.len().saturating_sub(MAX_GROUPS);
        if more > 0 {
            rows.sort_by(|a, b| a.1.shingle_f1.total_cmp(&b.1.shingle_f1));
            rows.truncate(MAX_GROUPS);
        }
        for (name, figures) in rows {
            row(out, &name, &figures)?;
        }
        if more > 0 {
            writeln!(out, "  … {more} more, all better; --json has them")?;
        }
    }
    row(out, "all", all)?;
    if all.failed > 0 {
        writeln!(out, "  {} pages could not be read", all.failed)?;
    }
    Ok(())
}

fn head(out: &mut impl Write, first: &str) -> io::Result<()> {
    writeln!(
        out,
        "  {first:<NAME_WIDTH$} {:>5} {:>13} {:>9} {:>6} {:>13} {:>7} {:>6} {:>6} {:>5} {:>7}",
        "pages",
        "shingle F1",
        "precision",
        "recall",
        "exact",
        "word F1",
        "ROUGE",
        "Leven.",
        "with",
        "without"
    )
}

fn row(out: &mut impl Write, name: &str, figures: &Figures) -> io::Result<()> {
    let name: String = name.chars().take(NAME_WIDTH).collect();
    if figures.pages == 0 {
        return writeln!(
            out,
            "  {name:<NAME_WIDTH$} {:>5} {:>13} {:>9} {:>6} {:>13} {:>7} {:>6} {:>6} {:>5} {:>7}",
            0,
            "–",
            "–",
            "–",
            "–",
            "–",
            "–",
            "–",
            share(figures.with),
            share(figures.without)
        );
    }
    writeln!(
        out,
        "  {name:<NAME_WIDTH$} {:>5} {:>13} {:>9.3} {:>6.3} {:>13} {:>7.3} {:>6.3} {:>6.3} {:>5} {:>7}",
        figures.pages,
        with_error(figures.shingle_f1, figures.shingle_f1_error),
        figures.precision,
        figures.recall,
        with_error(figures.accuracy, figures.accuracy_error),
        figures.word_f1,
        figures.rouge_lsum_f1,
        figures.levenshtein,
        share(figures.with),
        share(figures.without),
    )
}

fn with_error(value: f64, error: f64) -> String {
    format!("{value:.3} ± {error:.3}")
}

fn share(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.3}"))
}

/// A line a field.
pub(super) fn metadata(out: &mut impl Write, figures: &Figures) -> io::Result<()> {
    for (field, share) in &figures.metadata {
        let error = figures.errors.get(field).copied().unwrap_or_default();
        write!(out, "  {field}: {} right", with_error(*share, error))?;
        if field == "authors"
            && let (Some(precision), Some(recall)) =
                (figures.authors_precision, figures.authors_recall)
        {
            write!(
                out,
                ", of the names precision {precision:.3} recall {recall:.3}"
            )?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Other tools beside gleaner, and which differences are more than chance.
pub(super) fn tools(out: &mut impl Write, ours: &Figures, tools: &[Tool]) -> io::Result<()> {
    if tools.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    head(out, "tool")?;
    row(out, "gleaner", ours)?;
    for tool in tools {
        row(out, &tool.name, &tool.figures)?;
    }
    for tool in tools {
        if tool.missing > 0 {
            writeln!(
                out,
                "  {}: no record of {} pages, counted as empty",
                tool.name, tool.missing
            )?;
        }
        let changes = tool.comparison.changes.iter();
        let clear: Vec<String> = changes
            .filter(|change| change.is_significant())
            .map(|change| format!("{} {:+.3}", change.measure, change.difference()))
            .collect();
        let clear = if clear.is_empty() {
            "no measure differs by more than its error".to_owned()
        } else {
            clear.join(", ")
        };
        writeln!(out, "  gleaner against {}: {clear}", tool.name)?;
    }
    Ok(())
}

/// What changed from the baseline: measures, then up to `count` pages with their diffs.
pub(super) fn comparison(
    out: &mut impl Write,
    comparison: &Comparison,
    count: usize,
    diffs: &BTreeMap<String, String>,
) -> io::Result<()> {
    writeln!(out, "\n  against the baseline, {} pages", comparison.pages)?;
    if !comparison.unpaired.is_empty() {
        let (some, all) = (&comparison.unpaired, comparison.unpaired.len());
        let names: Vec<&str> = some.iter().take(3).map(String::as_str).collect();
        writeln!(
            out,
            "  left out, since only one side has them: {all} pages ({}{})",
            names.join(", "),
            if all > 3 { ", …" } else { "" }
        )?;
    }
    for change in &comparison.changes {
        change_row(out, change)?;
    }
    let pages = &comparison.changed_pages;
    let worse = pages.iter().filter(|page| page.difference() < 0.0).count();
    let better = pages.iter().filter(|page| page.difference() > 0.0).count();
    writeln!(
        out,
        "  {} pages changed: {worse} worse, {better} better by shingle F1",
        pages.len()
    )?;
    for page in pages.iter().take(count) {
        write!(
            out,
            "  {} → {}  {}",
            share(page.before),
            share(page.after),
            page.id
        )?;
        for (sign, fields) in [('+', &page.gained), ('-', &page.lost)] {
            for field in fields {
                write!(out, " {sign}{field}")?;
            }
        }
        writeln!(out)?;
        for line in diffs
            .get(&page.id)
            .into_iter()
            .flat_map(|diff| diff.lines())
        {
            writeln!(out, "      {line}")?;
        }
    }
    Ok(())
}

fn change_row(out: &mut impl Write, change: &Change) -> io::Result<()> {
    let verdict = match (change.is_significant(), change.difference() > 0.0) {
        (true, true) => "better",
        (true, false) => "WORSE",
        (false, _) if change.is_same() => "same",
        (false, _) => "within the error",
    };
    writeln!(
        out,
        "  {:<18} {:.3} → {:.3}  {:+.4} ± {:.4}  p {:.3}  {verdict}",
        change.measure,
        change.before,
        change.after,
        change.difference(),
        change.error,
        change.p
    )
}

/// Examples of pages after a sign.
const EXAMPLES: usize = 3;

/// Repeated paragraphs printed.
const MAX_REPEATS: usize = 10;

/// What can be said without gold.
pub(super) fn health(out: &mut impl Write, health: &Health) -> io::Result<()> {
    let kinds = health
        .kinds
        .iter()
        .map(|(kind, pages)| format!("{pages} {kind}"));
    writeln!(
        out,
        "  {} pages ({}), median {} words, mean confidence {:.2}",
        health.pages,
        kinds.collect::<Vec<_>>().join(", "),
        health.words_median,
        health.confidence_mean
    )?;
    for sign in &health.signs {
        let examples: Vec<&str> = sign
            .pages
            .iter()
            .take(EXAMPLES)
            .map(String::as_str)
            .collect();
        let more = if sign.pages.len() > EXAMPLES {
            ", …"
        } else {
            ""
        };
        writeln!(
            out,
            "  {:>6}  {:<40} {}{more}",
            sign.pages.len(),
            sign.name,
            examples.join(", ")
        )?;
    }
    for repeat in health.repeats.iter().take(MAX_REPEATS) {
        writeln!(
            out,
            "  on {} pages of {}: {}",
            repeat.pages,
            repeat.site,
            repeat.text.replace('\n', " ")
        )?;
    }
    if !health.review.is_empty() {
        writeln!(out, "  look at first: {}", health.review.join(", "))?;
    }
    Ok(())
}

/// The worst pages by shingle F1.
pub(super) fn worst(out: &mut impl Write, scores: &[PageScore], count: usize) -> io::Result<()> {
    let mut worst: Vec<(f64, &PageScore)> = scores
        .iter()
        .filter_map(|score| Some((score.shingle_f1?, score)))
        .collect();
    worst.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (f1, score) in worst.into_iter().take(count) {
        let overlap = score.shingles.unwrap_or_default();
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
