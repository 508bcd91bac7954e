//! An evaluation as tables for a terminal.

use std::io::{self, Write};

use gleaner::eval::comparison::{Comparison, MeasureChange};
use gleaner::eval::corpus_health::CorpusHealth;
use gleaner::eval::{CorpusResults, Evaluation, GroupBy, Metrics, groups};

/// Groups printed of each way to group; the worst ones of more.
const MAX_GROUPS: usize = 20;

/// Width of a group's or tool's name, in characters.
const NAME_WIDTH: usize = 18;

/// Columns after the name, with their widths in characters.
const COLUMNS: [(&str, usize); 10] = [
    ("pages", 5),
    ("shingle F1", 13),
    ("precision", 9),
    ("recall", 6),
    ("exact", 13),
    ("word F1", 7),
    ("ROUGE", 6),
    ("Leven.", 6),
    ("with", 5),
    ("without", 7),
];

/// All that was asked for of one corpus: groups, up to `worst` of the worst or changed pages.
pub(super) fn evaluation(
    out: &mut impl Write,
    evaluation: &Evaluation,
    by: &[GroupBy],
    worst: usize,
) -> io::Result<()> {
    let results = &evaluation.results;
    writeln!(out, "{}", evaluation.name())?;
    if evaluation.has_gold() {
        let default = evaluation.default_groups();
        table(out, results, if by.is_empty() { &default } else { by })?;
        metadata(out, &results.metrics)?;
    }
    if let Some(found) = &results.health {
        health(out, found)?;
    }
    tools(out, evaluation)?;
    match &evaluation.comparison {
        Some(found) => comparison(out, found, worst),
        None => worst_pages(out, results, worst),
    }
}

/// A row a group, and one for all pages.
fn table(out: &mut impl Write, results: &CorpusResults, by: &[GroupBy]) -> io::Result<()> {
    head(out, by.first().map_or("", |by| by.name()))?;
    for (place, by) in by.iter().enumerate() {
        if place > 0 {
            writeln!(out, "  {}", by.name())?;
        }
        let mut rows = groups(&results.page_scores, *by);
        let more = rows.len().saturating_sub(MAX_GROUPS);
        if more > 0 {
            rows.sort_by(|a, b| a.1.shingle_f1.total_cmp(&b.1.shingle_f1));
            rows.truncate(MAX_GROUPS);
        }
        for (name, metrics) in rows {
            row(out, &name, &metrics)?;
        }
        if more > 0 {
            writeln!(out, "  … {more} more, all better; --json has them")?;
        }
    }
    row(out, "all", &results.metrics)?;
    if results.metrics.failed > 0 {
        writeln!(out, "  {} pages could not be read", results.metrics.failed)?;
    }
    Ok(())
}

fn head(out: &mut impl Write, first: &str) -> io::Result<()> {
    cells(out, first, COLUMNS.map(|(name, _)| name.to_owned()))
}

fn row(out: &mut impl Write, name: &str, metrics: &Metrics) -> io::Result<()> {
    let known = |value: f64| (metrics.pages > 0).then_some(value);
    let number = |value: f64| share(known(value));
    let values = [
        metrics.pages.to_string(),
        with_error(known(metrics.shingle_f1), metrics.shingle_f1_error),
        number(metrics.precision),
        number(metrics.recall),
        with_error(known(metrics.accuracy), metrics.accuracy_error),
        number(metrics.word_f1),
        number(metrics.rouge_lsum_f1),
        number(metrics.levenshtein),
        share(metrics.with),
        share(metrics.without),
    ];
    cells(out, name, values)
}

fn cells(out: &mut impl Write, name: &str, values: [String; 10]) -> io::Result<()> {
    let name: String = name.chars().take(NAME_WIDTH).collect();
    write!(out, "  {name:<NAME_WIDTH$}")?;
    for (value, (_, width)) in values.into_iter().zip(COLUMNS) {
        write!(out, " {value:>width$}")?;
    }
    writeln!(out)
}

fn with_error(value: Option<f64>, error: f64) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.3} ± {error:.3}"))
}

fn share(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.3}"))
}

/// Pages named as examples.
const EXAMPLES: usize = 3;

/// The first names, and `, …` where there are more.
fn examples(pages: &[String]) -> String {
    let more = if pages.len() > EXAMPLES { ", …" } else { "" };
    pages[..pages.len().min(EXAMPLES)].join(", ") + more
}

/// A line a field.
fn metadata(out: &mut impl Write, metrics: &Metrics) -> io::Result<()> {
    for (field, share) in &metrics.metadata {
        let value = with_error(Some(*share), metrics.error(field));
        write!(out, "  {field}: {value} right")?;
        if let (Some(precision), Some(recall)) = (metrics.authors_precision, metrics.authors_recall)
            && field == "authors"
        {
            let names = format!("precision {precision:.3} recall {recall:.3}");
            write!(out, ", of the names {names}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Other tools beside gleaner, and which differences are more than chance.
fn tools(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    let tools = &evaluation.tools;
    if tools.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    head(out, "tool")?;
    row(out, "gleaner", &evaluation.results.metrics)?;
    for tool in tools {
        row(out, &tool.name, &tool.metrics)?;
    }
    for tool in tools {
        let (name, missing) = (&tool.name, tool.missing);
        if missing > 0 {
            writeln!(
                out,
                "  {name}: no record of {missing} pages, counted as empty"
            )?;
        }
        let changes = tool.comparison.changes.iter();
        let mut clear: Vec<String> = changes
            .filter(|change| change.is_significant())
            .map(|change| format!("{} {:+.3}", change.measure, change.difference()))
            .collect();
        if clear.is_empty() {
            clear.push("no measure differs by more than its error".to_owned());
        }
        writeln!(out, "  gleaner against {name}: {}", clear.join(", "))?;
    }
    Ok(())
}

/// What changed from the baseline: measures, then up to `count` pages with their diffs.
fn comparison(out: &mut impl Write, comparison: &Comparison, count: usize) -> io::Result<()> {
    writeln!(out, "\n  against the baseline, {} pages", comparison.pages)?;
    let unpaired = &comparison.unpaired;
    if !unpaired.is_empty() {
        let (all, names) = (unpaired.len(), examples(unpaired));
        let message = "left out, since only one side has them";
        writeln!(out, "  {message}: {all} pages ({names})")?;
    }
    for change in &comparison.changes {
        change_row(out, change)?;
    }
    let pages = &comparison.changed_pages;
    let worse = pages.iter().filter(|page| page.difference() < 0.0).count();
    let better = pages.iter().filter(|page| page.difference() > 0.0).count();
    let counts = format!("{worse} worse, {better} better by shingle F1");
    writeln!(out, "  {} pages changed: {counts}", pages.len())?;
    for page in pages.iter().take(count) {
        let (before, after) = (share(page.before), share(page.after));
        write!(out, "  {before} → {after}  {}", page.id)?;
        for (sign, fields) in [('+', &page.gained), ('-', &page.lost)] {
            for field in fields {
                write!(out, " {sign}{field}")?;
            }
        }
        writeln!(out)?;
        for line in page.diff.iter().flat_map(|diff| diff.lines()) {
            writeln!(out, "      {line}")?;
        }
    }
    Ok(())
}

fn change_row(out: &mut impl Write, change: &MeasureChange) -> io::Result<()> {
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

/// Repeated paragraphs printed.
const MAX_REPEATS: usize = 10;

/// What can be said without gold.
fn health(out: &mut impl Write, health: &CorpusHealth) -> io::Result<()> {
    let kinds = health.kinds.iter();
    let kinds = kinds.map(|(kind, pages)| format!("{pages} {kind}"));
    writeln!(
        out,
        "  {} pages ({}), median {} words, mean confidence {:.2}",
        health.pages,
        kinds.collect::<Vec<_>>().join(", "),
        health.words_median,
        health.confidence_mean
    )?;
    for sign in &health.signs {
        let (pages, names) = (sign.pages.len(), examples(&sign.pages));
        writeln!(out, "  {pages:>6}  {:<40} {names}", sign.name)?;
    }
    for repeat in health.repeats.iter().take(MAX_REPEATS) {
        let text = repeat.text.replace('\n', " ");
        let (pages, site) = (repeat.pages, &repeat.site);
        writeln!(out, "  on {pages} pages of {site}: {text}")?;
    }
    if !health.review.is_empty() {
        writeln!(out, "  look at first: {}", health.review.join(", "))?;
    }
    Ok(())
}

/// The worst pages by shingle F1.
fn worst_pages(out: &mut impl Write, results: &CorpusResults, count: usize) -> io::Result<()> {
    let worst = results.worst_first().into_iter();
    let scores = worst.map(|at| &results.page_scores[at]);
    let with_text = scores.filter_map(|score| Some((score.shingle_f1?, score)));
    for (f1, score) in with_text.take(count) {
        let (id, shares) = (&score.id, score.shingles.unwrap_or_default());
        let (precision, recall) = (shares.precision(), shares.recall());
        writeln!(
            out,
            "  {f1:.3} precision {precision:.3} recall {recall:.3}  {id}"
        )?;
    }
    Ok(())
}
