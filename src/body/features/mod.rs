//! Features of text blocks for the learned stage: one row a block, one column a feature.
//!
//! Everything is computed from the segmented page in one pass over its blocks; sums over elements
//! are differences of prefix sums, since an element's blocks stand together. The same code serves
//! training (`gleaner eval --features`) and extraction. [`names`] lists every column with its
//! meaning; values are plain counts, shares (0 to 1) or logarithms of counts, -1 where there is
//! nothing to measure.

mod block_sums;
mod cards;
pub(crate) mod columns;
mod containers;
mod context;
pub(crate) mod kind_signs;
pub(crate) mod name_scores;
mod overlap;
mod page;
mod position;
mod text_stats;
mod word_hash;
pub(crate) mod word_scores;

use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::block::{Cue, TextBlock};
use crate::body::rules::RuleVerdicts;
use crate::dom::Document;
use crate::evidence::Evidence;
pub(crate) use columns::{names, word_names};
use context::PageContext;
use text_stats::TextStats;

/// Rows of features, one a block that is worth a look.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Matrix {
    values: Vec<f32>,
    columns: usize,
    /// The row of each block.
    rows: Vec<Option<usize>>,
    page: Vec<f32>,
    same_template: Vec<usize>,
}

impl Matrix {
    /// A number for each block, the same for blocks of one template: of the same tag and class, their own
    /// and their parent's.
    pub(crate) fn same_template(&self) -> &[usize] {
        &self.same_template
    }

    /// The last columns of a row, which hold for the page as a whole.
    pub(crate) fn page(&self) -> &[f32] {
        &self.page
    }

    /// The features of each block in page order; none for a block that is chrome at first sight.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Option<&[f32]>> {
        self.rows
            .iter()
            .map(|row| row.map(|row| &self.values[row * self.columns..(row + 1) * self.columns]))
    }
}

/// Words up to which a link in a menu is chrome at first sight.
const MAX_MENU_WORDS: usize = 12;

/// Whether a block need not be looked at any further: it has no words, or it is a short link in an
/// element that calls itself navigation. Half the blocks of many pages are.
fn is_chrome_at_sight(block: &TextBlock) -> bool {
    block.words == 0
        || (block.words <= MAX_MENU_WORDS
            && block.link_density() > 0.5
            && block.cues.has(Cue::Navigation))
}

/// Computes the features of all blocks of a page, from what the rule-based stages say of it.
pub(crate) fn compute(page: &Document, rules: &RuleVerdicts, evidence: &Evidence) -> Matrix {
    let texts: Vec<TextStats> = rules
        .blocks
        .iter()
        .zip(&rules.phrases)
        .map(|(block, phrase)| TextStats::of(block, *phrase))
        .collect();
    let mut known = overlap::PageTexts::of(evidence, &texts);
    let context = PageContext::of(page, rules, &texts, &known);
    let whole_page = page::values(&context, evidence);
    let mut row = Row::default();
    let mut preceding = position::Preceding::default();
    let mut cards = cards::Cards::of(page, &rules.blocks);
    let (mut columns, mut rows) = (0, Vec::with_capacity(texts.len()));
    let mut next = 0;
    for (at, block) in rules.blocks.iter().enumerate() {
        if is_chrome_at_sight(block) {
            rows.push(None);
            preceding.pass(&context, at);
            continue;
        }
        rows.push(Some(next));
        next += 1;
        let start = row.values.len();
        text_stats::push(&mut row, block, &texts[at]);
        for cues in [block.cues, block.own_cues] {
            for cue in Cue::ALL {
                row.flag(cues.has(cue));
            }
        }
        containers::push(&mut row, &context, &mut cards, at);
        position::push(&mut row, &context, &preceding, at);
        overlap::push(&mut row, &mut known, &texts[at]);
        row.values.extend_from_slice(&whole_page);
        preceding.pass(&context, at);
        columns = row.values.len() - start;
    }
    Matrix {
        values: row.values,
        columns,
        rows,
        page: whole_page,
        same_template: context.same_template.group,
    }
}

/// Values of a row under construction.
#[derive(Debug, Default)]
struct Row {
    values: Vec<f32>,
}

impl Row {
    fn push(&mut self, value: f32) {
        self.values.push(value);
    }

    /// Adds some columns for which there is nothing to measure.
    fn nothing(&mut self, columns: usize) {
        self.values.resize(self.values.len() + columns, -1.0);
    }

    fn flag(&mut self, is: bool) {
        self.values.push(f32::from(is));
    }
}

/// Hashes numbers that are hashes already: as they are.
#[derive(Debug, Default)]
struct Hashed(u64);

impl std::hash::Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[allow(clippy::cast_precision_loss)] // Counts on a page; trees need no more than 24 bits.
fn number(count: usize) -> f32 {
    count as f32
}

/// Counts whose logarithm is looked up; nearly all of a page's are below.
const KNOWN_LOGARITHMS: usize = 4096;

static LOGARITHMS: LazyLock<Vec<f32>> =
    LazyLock::new(|| (0..KNOWN_LOGARITHMS).map(|n| number(n).ln_1p()).collect());

/// `ln(1 + count)`.
fn log_number(count: usize) -> f32 {
    let known = LOGARITHMS.get(count).copied();
    known.unwrap_or_else(|| number(count).ln_1p())
}

fn share(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        number(part) / number(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;
    use crate::body::features_of;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names = names();
        let distinct: std::collections::HashSet<_> = names.iter().map(|(name, _)| name).collect();
        assert_eq!(distinct.len(), names.len());
    }

    #[test]
    fn rows_have_a_value_for_every_name() {
        let html = "<h1>Rain</h1><p>It rained in the valley on Monday, for the first time since \
                    May, and nobody minded at all.<ul><li><a href=/x>Home</a></ul>";
        let page = Document::parse(html);
        let (blocks, matrix) = features_of(&page, segment(&page), None);
        assert_eq!(blocks.len(), matrix.rows().count());
        let rows: Vec<&[f32]> = matrix.rows().flatten().collect();
        assert!(rows.len() >= 2);
        assert!(rows.iter().all(|row| row.len() == names().len()));
        assert!(
            rows.iter()
                .copied()
                .flatten()
                .all(|value| value.is_finite())
        );
    }

    #[test]
    fn links_of_menus_are_not_looked_at() {
        let page = Document::parse("<nav><a href=/>Home</a></nav><p>It rained for a day.");
        let (_, matrix) = features_of(&page, segment(&page), None);
        let looked_at: Vec<bool> = matrix.rows().map(|row| row.is_some()).collect();
        assert_eq!(looked_at, [false, true]);
    }

    /// The value of a column for the first block with the text.
    fn value(html: &str, text: &str, column: &str) -> f32 {
        let page = Document::parse(html);
        let (blocks, matrix) = features_of(&page, segment(&page), None);
        let at = names().iter().position(|(name, _)| name == column);
        let mut rows = blocks.iter().zip(matrix.rows());
        let (_, row) = rows.find(|(block, _)| block.text == text).expect("a block");
        row.expect("one that is looked at")[at.expect("a column")]
    }

    #[test]
    fn teasers_beside_each_other_are_cards() {
        let card = |link: &str, text: &str| {
            format!("<div class=mb-6><a href=/x>{link}</a><p>{text}</p></div>")
        };
        let cards = card("Mayor says library stays", "The cuts are off.")
            + &card("Families leave the estate", "They knocked at six.")
            + &card("Keeper afraid of trains", "He walks to matches.");
        let beside = |html: &str| value(html, "They knocked at six.", "cards");
        assert!((beside(&cards) - 3.0f32.ln_1p()).abs() < 1e-6);
        let story = format!("<p>It rained.</p>{}", card("", "They knocked at six."));
        assert!(beside(&story).abs() < 1e-6);
    }

    #[test]
    fn cells_without_names_are_alike_within_their_table() {
        let table = "<table><tr><td>It rained for a day<tr><td>It snowed for a day</table>";
        let blocks = |html: &str| value(html, "It rained for a day", "alike_blocks");
        assert!((blocks(&table.repeat(2)) - 2.0f32.ln_1p()).abs() < 1e-6);
        let named = table.replace("<td>", "<td class=row>");
        assert!((blocks(&named.repeat(2)) - 4.0f32.ln_1p()).abs() < 1e-6);
    }
}
