//! A report in one HTML file: no scripts, nothing loaded from elsewhere, light and dark.
//!
//! Text of pages is untrusted: `maud` escapes it, and a Content-Security-Policy in the file forbids
//! scripts, forms and everything from elsewhere.

pub(super) mod block_outcomes;
mod charts;
mod page_detail;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use rayon::prelude::*;

use super::comparison::Comparison;
use super::corpus_health::CorpusHealth;
use super::token_overlap::ShingleOverlap;
use super::{CorpusResults, Evaluation, Extractor, GroupBy, Metrics, PageScore, ToolResults};
use crate::Error;

const STYLE: &str = include_str!("style.css");

/// Forbids whatever a page's text could ask a browser to do.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Rows of pages in one fold of the report.
const ROWS_PER_FOLD: usize = 200;

/// The report: totals, distributions, groups, and pages with the worst first, `detailed` of each corpus
/// with their text.
///
/// # Errors
/// When pages of an archive cannot be read again.
pub fn render(
    evaluations: &mut [Evaluation],
    extractor: &Extractor,
    detailed: usize,
) -> Result<String, Error> {
    for evaluation in evaluations.iter_mut() {
        evaluation.reload_worst(detailed)?;
    }
    let mut extractor = extractor.clone();
    extractor.options.explain = true;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { "How good extraction is" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "How good extraction is" }
                @for evaluation in evaluations { (corpus(evaluation, &extractor, detailed)) }
            }
        }
    };
    Ok(page.into_string())
}

fn corpus(evaluation: &Evaluation, extractor: &Extractor, detailed: usize) -> Markup {
    let scores = &evaluation.results.page_scores;
    let metrics = &evaluation.results.metrics;
    let order = evaluation.results.worst_first();
    let detail = |at: &usize| page_detail::detail(&evaluation.pages[*at], &scores[*at], extractor);
    let details: Vec<Markup> = order.par_iter().take(detailed).map(detail).collect();
    html! {
        section {
            h2 { (evaluation.name()) }
            p .note {
                (scores.len()) " pages, " (metrics.pages) " with a gold text"
                @if metrics.failed > 0 { ", " (metrics.failed) " could not be read" }
                ". Bars show 95% of what other pages of the same kind would give (bootstrap)."
            }
            @if !metrics.errors.is_empty() { (totals(metrics)) }
            @if !evaluation.tools.is_empty() { (tools(metrics, &evaluation.tools)) }
            @if let Some(comparison) = &evaluation.comparison { (changes(comparison)) }
            (distributions(scores))
            (groups(&evaluation.results))
            @if let Some(health) = &evaluation.results.health { (health_table(health)) }
            h3 { "Pages, worst first" }
            @if !details.is_empty() {
                p .note {
                    "The page's text is on the left in its own order, the extraction on the right. "
                    span .missed { span .tag { "missed" } } "is in the gold alone, "
                    span .wrong { span .tag { "wrongly kept" } } "in the output alone."
                }
            }
            @for detail in &details { (detail) }
            (page_rows(scores, &order[details.len().min(order.len())..]))
        }
    }
}

/// A table in a box that scrolls; columns are separated by commas, and `#` before a column's name says
/// that it holds numbers.
fn table(label: &str, columns: &str, rows: &Markup) -> Markup {
    scrolled(
        label,
        &html! {
            table {
                thead { tr {
                    @for column in columns.split(',') {
                        @match column.strip_prefix('#') {
                            Some(column) => th .number { (column) },
                            None => th { (column) },
                        }
                    }
                } }
                tbody { (rows) }
            }
        },
    )
}

fn scrolled(label: &str, table: &Markup) -> Markup {
    html! { div .scroll tabindex="0" role="region" aria-label=(label) { (table) } }
}

fn number_cells<const N: usize>(numbers: [String; N]) -> Markup {
    html! { @for number in numbers { td .number { (number) } } }
}

fn three_digits(value: f64) -> String {
    format!("{value:.3}")
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), three_digits)
}

/// Values with error bars.
fn totals(metrics: &Metrics) -> Markup {
    let mut rows: Vec<(&str, f64)> = Vec::new();
    if metrics.pages > 0 {
        rows.extend([
            ("shingle_f1", metrics.shingle_f1),
            ("accuracy", metrics.accuracy),
            ("word_f1", metrics.word_f1),
            ("rouge_lsum_f1", metrics.rouge_lsum_f1),
            ("levenshtein", metrics.levenshtein),
        ]);
    }
    let known = |name, share: Option<f64>| share.map(|share| (name, share));
    let fields = metrics.metadata.iter();
    rows.extend(known("with", metrics.with));
    rows.extend(known("without", metrics.without));
    rows.extend(fields.map(|(name, share)| (name.as_str(), *share)));
    rows.extend(known("authors_precision", metrics.authors_precision));
    rows.extend(known("authors_recall", metrics.authors_recall));
    table(
        "Totals",
        "measure,#value,#error,0 to 1",
        &html! {
            @for (name, value) in rows {
                @let error = metrics.error(name);
                tr {
                    td { (readable(name)) }
                    (number_cells([three_digits(value), format!("± {error:.3}")]))
                    td .bar-cell { (charts::bar(value, error)) }
                }
            }
        },
    )
}

/// A measure's name for readers.
fn readable(name: &str) -> String {
    match name {
        "shingle_f1" => "shingle F1".to_owned(),
        "accuracy" => "exactly right".to_owned(),
        "word_f1" => "word F1".to_owned(),
        "rouge_lsum_f1" => "ROUGE-LSum F1".to_owned(),
        "levenshtein" => "Levenshtein similarity".to_owned(),
        "with" => "wanted snippets there".to_owned(),
        "without" => "unwanted snippets absent".to_owned(),
        field => field.replace('_', ", "),
    }
}

fn metrics_table<'a>(
    label: &str,
    first_column: &str,
    rows: impl Iterator<Item = (&'a str, &'a Metrics)>,
) -> Markup {
    let columns = "#pages,#shingle F1,#±,#precision,#recall,#exact,#word F1,#ROUGE,#Leven.";
    let cells = |metrics: &Metrics| {
        let values = [
            metrics.shingle_f1,
            metrics.shingle_f1_error,
            metrics.precision,
            metrics.recall,
            metrics.accuracy,
            metrics.word_f1,
            metrics.rouge_lsum_f1,
            metrics.levenshtein,
        ];
        number_cells(values.map(three_digits))
    };
    table(
        label,
        &format!("{first_column},{columns}"),
        &html! {
            @for (name, metrics) in rows {
                tr { td .name { (name) } td .number { (metrics.pages) } (cells(metrics)) }
            }
        },
    )
}

fn tools(ours: &Metrics, tools: &[ToolResults]) -> Markup {
    let others = tools.iter().map(|tool| (tool.name.as_str(), &tool.metrics));
    let rows = std::iter::once(("gleaner", ours)).chain(others);
    html! { h3 { "Beside other tools" } (metrics_table("Tools", "tool", rows)) }
}

fn changes(comparison: &Comparison) -> Markup {
    let columns = "measure,#before,#after,#change,#error,#p,verdict";
    let measures = html! {
        @for change in &comparison.changes {
            tr {
                td { (readable(&change.measure)) }
                (number_cells([
                    three_digits(change.before),
                    three_digits(change.after),
                    format!("{:+.4}", change.difference()),
                    format!("± {:.4}", change.error),
                    three_digits(change.p),
                ]))
                @if !change.is_significant() { td { "within the error" } }
                @else if change.fell() { td .down { "worse" } }
                @else { td .up { "better" } }
            }
        }
    };
    let pages = html! {
        @for page in &comparison.changed_pages {
            tr {
                td { (page.id) }
                (number_cells([number(page.before), number(page.after)]))
                td {
                    @for field in &page.gained { span .up { "+" (field) " " } }
                    @for field in &page.lost { span .down { "−" (field) " " } }
                }
            }
        }
    };
    html! {
        h3 { "Against the baseline" }
        p .note {
            (comparison.pages) " pages in both, " (comparison.changed_pages.len()) " of them changed."
        }
        (table("Changes", columns, &measures))
        @if !comparison.changed_pages.is_empty() {
            details {
                summary { "Changed pages" }
                div .inside {
                    (table("Changed pages", "page,#before,#after,fields", &pages))
                }
            }
        }
    }
}

fn distributions(scores: &[PageScore]) -> Markup {
    let values =
        |of: fn(&PageScore) -> Option<f64>| -> Vec<f64> { scores.iter().filter_map(of).collect() };
    let plots = [
        ("Shingle F1 by page", values(|s| s.shingle_f1)),
        ("Word F1 by page", values(|s| s.word_f1)),
        ("ROUGE-LSum F1 by page", values(|s| s.rouge_lsum_f1)),
        ("Confidence", values(|s| Some(s.confidence))),
    ];
    html! {
        h3 { "Distributions" }
        div .plots {
            @for (title, values) in &plots {
                @if !values.is_empty() { (charts::distribution(title, values)) }
            }
        }
        p .note { "Heights are on a root scale, so that few bad pages among many can be seen." }
    }
}

/// Groups shown of each way to group; the report is read, `--json` has them all.
const MAX_GROUPS: usize = 40;

fn groups(results: &CorpusResults) -> Markup {
    html! {
        @for by in GroupBy::ALL {
            @let groups = results.groups.get(by.name()).into_iter().flatten();
            @let mut rows: Vec<_> = groups.filter(|(_, metrics)| metrics.pages > 0).collect();
            @let () = if by == GroupBy::Site { rows.sort_by(|a, b| a.1.shingle_f1.total_cmp(&b.1.shingle_f1)) };
            @if rows.len() > 1 {
                @let shown = rows.iter().take(MAX_GROUPS);
                h3 { "By " (by.name()) }
                (metrics_table(by.name(), by.name(), shown.map(|(name, metrics)| (name.as_str(), *metrics))))
                @if rows.len() > MAX_GROUPS { p .note { "and " (rows.len() - MAX_GROUPS) " more" } }
            }
        }
    }
}

fn health_table(health: &CorpusHealth) -> Markup {
    let signs = html! {
        @for sign in &health.signs {
            tr {
                td { (sign.name) }
                td .number { (sign.pages.len()) }
                td { (sign.pages[..sign.pages.len().min(3)].join(", ")) }
            }
        }
    };
    html! {
        h3 { "Without gold" }
        (table("Health", "sign,#pages,for example", &signs))
        @if !health.repeats.is_empty() {
            details {
                summary { "Paragraphs that repeat across a site's pages" }
                div .inside { ul {
                    @for repeat in &health.repeats {
                        li { (repeat.site) ", " (repeat.pages) " pages: " (repeat.text) }
                    }
                } }
            }
        }
    }
}

/// The pages that are not shown in full, in folds.
fn page_rows(scores: &[PageScore], order: &[usize]) -> Markup {
    let columns = "page,kind,#shingle F1,#precision,#recall,#word F1,#confidence,wrong fields";
    let row = |score: &PageScore| {
        let wrong = score.metadata.iter().filter(|(_, right)| !**right);
        let wrong: Vec<&str> = wrong.map(|(field, _)| field.as_str()).collect();
        html! {
            tr {
                td { (score.id) }
                td { (score.kind) }
                (number_cells([
                    number(score.shingle_f1),
                    number(score.shingles.map(ShingleOverlap::precision)),
                    number(score.shingles.map(ShingleOverlap::recall)),
                    number(score.word_f1),
                    format!("{:.2}", score.confidence),
                ]))
                td { (wrong.join(", ")) }
            }
        }
    };
    html! {
        @for fold in order.chunks(ROWS_PER_FOLD) {
            details {
                summary {
                    (fold.len()) " more pages"
                    @if let (Some(first), Some(last)) = (fold.first(), fold.last()) {
                        ", shingle F1 " (number(scores[*first].shingle_f1))
                        " to " (number(scores[*last].shingle_f1))
                    }
                }
                div .inside {
                    (table("More pages", columns, &html! { @for at in fold { (row(&scores[*at])) } }))
                }
            }
        }
    }
}
