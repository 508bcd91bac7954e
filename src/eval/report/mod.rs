//! A report in one HTML file: no scripts, nothing loaded from elsewhere, light and dark.
//!
//! Text of pages is untrusted: `maud` escapes it, and a Content-Security-Policy in the file forbids
//! scripts, forms and everything from elsewhere.

pub mod marks;
mod page;
mod plot;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use rayon::prelude::*;

use super::compare::Comparison;
use super::corpus::CorpusPage;
use super::health::Health;
use super::saved::Saved;
use super::score::Overlap;
use super::{By, Extractor, Figures, PageScore};

const STYLE: &str = include_str!("style.css");

/// Forbids whatever a page's text could ask a browser to do.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Rows of pages in one fold of the report.
const ROWS_PER_FOLD: usize = 200;

/// What one corpus' part of a report is made of.
#[derive(Debug)]
pub struct Section<'a> {
    /// The corpus, as the user gave it.
    pub name: String,
    /// Its pages.
    pub pages: &'a [CorpusPage],
    /// Their figures.
    pub saved: &'a Saved,
    /// What changed from a baseline.
    pub comparison: Option<&'a Comparison>,
    /// Other tools' figures by their names.
    pub tools: Vec<(&'a str, &'a Figures)>,
}

/// The report: totals, distributions, groups, and pages with the worst first, `detailed` of them with
/// their text.
#[must_use]
pub fn render(sections: &[Section], extractor: &Extractor, detailed: usize) -> String {
    html! {
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
                @for section in sections { (corpus(section, extractor, detailed)) }
            }
        }
    }
    .into_string()
}

/// Places of pages, the worst first: by shingle F1, or by confidence where there is no gold text.
#[must_use]
pub fn worst_first(scores: &[PageScore]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    let quality = |at: &usize| scores[*at].shingle_f1.unwrap_or(scores[*at].confidence);
    order.sort_by(|a, b| quality(a).total_cmp(&quality(b)));
    order
}

fn corpus(section: &Section, extractor: &Extractor, detailed: usize) -> Markup {
    let scores = &section.saved.page_scores;
    let figures = &section.saved.figures;
    let order = worst_first(scores);
    let mut extractor = extractor.clone();
    extractor.options.explain = true;
    let details: Vec<Markup> = order
        .par_iter()
        .take(detailed)
        .map(|at| page::detail(&section.pages[*at], &scores[*at], &extractor))
        .collect();
    html! {
        section {
            h2 { (section.name) }
            p .note {
                (scores.len()) " pages, " (figures.pages) " with a gold text"
                @if figures.failed > 0 { ", " (figures.failed) " could not be read" }
                ". Bars show 95% of what other pages of the same kind would give (bootstrap)."
            }
            @if !figures.errors.is_empty() { (totals(figures)) }
            @if !section.tools.is_empty() { (tools(figures, &section.tools)) }
            @if let Some(comparison) = section.comparison { (changes(comparison)) }
            (distributions(scores))
            (groups(section.saved))
            @if let Some(health) = &section.saved.health { (health_table(health)) }
            h3 { "Pages, worst first" }
            @if !details.is_empty() {
                p .note {
                    "The page's text is on the left in its own order, the extraction on the right. "
                    span .missed { span .tag { "missed" } } "is in the gold alone, "
                    span .wrong { span .tag { "wrongly kept" } } "in the output alone."
                }
            }
            @for detail in &details { (detail) }
            (rows(scores, &order[details.len().min(order.len())..]))
        }
    }
}

/// Values with error bars.
fn totals(figures: &Figures) -> Markup {
    let mut rows: Vec<(&str, f64)> = Vec::new();
    if figures.pages > 0 {
        rows.extend([
            ("shingle_f1", figures.shingle_f1),
            ("accuracy", figures.accuracy),
            ("word_f1", figures.word_f1),
            ("rouge_lsum_f1", figures.rouge_lsum_f1),
            ("levenshtein", figures.levenshtein),
        ]);
    }
    rows.extend(figures.with.map(|share| ("with", share)));
    rows.extend(figures.without.map(|share| ("without", share)));
    rows.extend(
        figures
            .metadata
            .iter()
            .map(|(name, share)| (name.as_str(), *share)),
    );
    rows.extend(
        figures
            .authors_precision
            .map(|share| ("authors_precision", share)),
    );
    rows.extend(
        figures
            .authors_recall
            .map(|share| ("authors_recall", share)),
    );
    scrolled(
        "Totals",
        &html! {
            table {
                thead { tr { th { "measure" } th .number { "value" } th .number { "error" } th { "0 to 1" } } }
                tbody {
                    @for (name, value) in rows {
                        @let error = figures.errors.get(name).copied().unwrap_or_default();
                        tr {
                            td { (shown(name)) }
                            td .number { (format!("{value:.3}")) }
                            td .number { "± " (format!("{error:.3}")) }
                            td .bar-cell { (plot::bar(value, error)) }
                        }
                    }
                }
            }
        },
    )
}

/// A measure's name for readers.
fn shown(name: &str) -> String {
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

fn scrolled(label: &str, table: &Markup) -> Markup {
    html! { div .scroll tabindex="0" role="region" aria-label=(label) { (table) } }
}

fn figures_head(first: &str) -> Markup {
    html! {
        thead { tr {
            th { (first) }
            @for column in ["pages", "shingle F1", "±", "precision", "recall", "exact", "word F1", "ROUGE", "Leven."] {
                th .number { (column) }
            }
        } }
    }
}

fn figures_row(name: &str, figures: &Figures) -> Markup {
    let values = [
        figures.shingle_f1,
        figures.shingle_f1_error,
        figures.precision,
        figures.recall,
        figures.accuracy,
        figures.word_f1,
        figures.rouge_lsum_f1,
        figures.levenshtein,
    ];
    html! {
        tr {
            td .name { (name) }
            td .number { (figures.pages) }
            @for value in values { td .number { (format!("{value:.3}")) } }
        }
    }
}

fn tools(ours: &Figures, tools: &[(&str, &Figures)]) -> Markup {
    html! {
        h3 { "Beside other tools" }
        (scrolled("Tools", &html! { table {
            (figures_head("tool"))
            tbody {
                (figures_row("gleaner", ours))
                @for (name, figures) in tools { (figures_row(name, figures)) }
            }
        } }))
    }
}

fn changes(comparison: &Comparison) -> Markup {
    html! {
        h3 { "Against the baseline" }
        p .note {
            (comparison.pages) " pages in both, " (comparison.changed_pages.len()) " of them changed."
        }
        (scrolled("Changes", &html! { table {
            thead { tr {
                th { "measure" }
                @for column in ["before", "after", "change", "error", "p"] { th .number { (column) } }
                th { "verdict" }
            } }
            tbody {
                @for change in &comparison.changes {
                    tr {
                        td { (shown(&change.measure)) }
                        td .number { (format!("{:.3}", change.before)) }
                        td .number { (format!("{:.3}", change.after)) }
                        td .number { (format!("{:+.4}", change.difference())) }
                        td .number { (format!("± {:.4}", change.error)) }
                        td .number { (format!("{:.3}", change.p)) }
                        @if !change.is_significant() { td { "within the error" } }
                        @else if change.fell() { td .down { "worse" } }
                        @else { td .up { "better" } }
                    }
                }
            }
        } }))
        @if !comparison.changed_pages.is_empty() {
            details {
                summary { "Changed pages" }
                div .inside { (scrolled("Changed pages", &html! { table {
                    thead { tr { th { "page" } th .number { "before" } th .number { "after" } th { "fields" } } }
                    tbody {
                        @for page in &comparison.changed_pages {
                            tr {
                                td { (page.id) }
                                td .number { (number(page.before)) }
                                td .number { (number(page.after)) }
                                td {
                                    @for field in &page.gained { span .up { "+" (field) " " } }
                                    @for field in &page.lost { span .down { "−" (field) " " } }
                                }
                            }
                        }
                    }
                } })) }
            }
        }
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
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
                @if !values.is_empty() { (plot::distribution(title, values)) }
            }
        }
        p .note { "Heights are on a root scale, so that few bad pages among many can be seen." }
    }
}

/// Groups shown of each way to group; the report is read, `--json` has them all.
const MAX_GROUPS: usize = 40;

fn groups(saved: &Saved) -> Markup {
    html! {
        @for by in By::ALL {
            @let groups = saved.groups.get(by.name()).into_iter().flatten();
            @let mut rows: Vec<_> = groups.filter(|(_, figures)| figures.pages > 0).collect();
            @let () = if by == By::Site { rows.sort_by(|a, b| a.1.shingle_f1.total_cmp(&b.1.shingle_f1)) };
            @if rows.len() > 1 {
                h3 { "By " (by.name()) }
                (scrolled(by.name(), &html! { table {
                    (figures_head(by.name()))
                    tbody { @for (name, figures) in rows.iter().take(MAX_GROUPS) { (figures_row(name, figures)) } }
                } }))
                @if rows.len() > MAX_GROUPS { p .note { "and " (rows.len() - MAX_GROUPS) " more" } }
            }
        }
    }
}

fn health_table(health: &Health) -> Markup {
    html! {
        h3 { "Without gold" }
        (scrolled("Health", &html! { table {
            thead { tr { th { "sign" } th .number { "pages" } th { "for example" } } }
            tbody {
                @for sign in &health.signs {
                    tr {
                        td { (sign.name) }
                        td .number { (sign.pages.len()) }
                        td { (sign.pages.iter().take(3).cloned().collect::<Vec<_>>().join(", ")) }
                    }
                }
            }
        } }))
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
fn rows(scores: &[PageScore], order: &[usize]) -> Markup {
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
                div .inside { (scrolled("More pages", &html! { table {
                    thead { tr {
                        th { "page" } th { "kind" }
                        @for column in ["shingle F1", "precision", "recall", "word F1", "confidence"] {
                            th .number { (column) }
                        }
                        th { "wrong fields" }
                    } }
                    tbody {
                        @for score in fold.iter().map(|at| &scores[*at]) {
                            tr {
                                td { (score.id) }
                                td { (score.kind) }
                                td .number { (number(score.shingle_f1)) }
                                td .number { (number(score.shingles.map(Overlap::precision))) }
                                td .number { (number(score.shingles.map(Overlap::recall))) }
                                td .number { (number(score.word_f1)) }
                                td .number { (format!("{:.2}", score.confidence)) }
                                td { (wrong_fields(score)) }
                            }
                        }
                    }
                } })) }
            }
        }
    }
}

fn wrong_fields(score: &PageScore) -> String {
    let wrong = score.metadata.iter().filter(|(_, right)| !**right);
    wrong
        .map(|(field, _)| field.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
