//! What the learned stage is trained on: the features of every block of a corpus with the block's
//! label from the gold, written as a matrix that `NumPy` reads and a description beside it.
//!
//! Each story stands there up to three times, the copies altered so that a model does not lean on
//! what unseen sites may lack: once without an address, metadata, class and id names, with semantic
//! elements made `div`, once with most of it cut out. Altered copies of pages of other kinds lowered
//! lists and goods by .02: those are known by what they declare.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::corpus::Page;
use super::{label, score};
use crate::Error;
use crate::address;
use crate::block::{self, TextBlock};
use crate::dom::Document;
use crate::extract::body;
use crate::extract::features::{self, Matrix};

/// Columns before the features.
const LEADING: [&str; 2] = ["label", "tokens"];

/// Pages worked on between two writes, which bounds the memory.
const BATCH: usize = 64;

/// How a page was altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    /// As it is.
    Plain,
    /// Without an address, metadata, class and id names, semantic elements made `div`.
    Nameless,
    /// Most of the story's blocks taken out.
    Cut,
}

/// One page's rows in the matrix.
#[derive(Debug, Serialize)]
struct PageRows {
    id: String,
    site: String,
    kind: String,
    variant: Variant,
    /// Which model of a cross-validation must not see the page.
    fold: usize,
    /// Whether the gold comes from a parser for the page's publisher rather than from annotators.
    news_gold: bool,
    rows: usize,
    gold_tokens: usize,
}

/// Describes a matrix.
#[derive(Debug, Serialize)]
struct Description {
    columns: Vec<String>,
    meanings: Vec<String>,
    pages: Vec<PageRows>,
}

/// Writes `file` (a `NumPy` matrix of 32-bit floats: label, tokens, features) and `file` with the
/// ending `json` (columns with their meanings, and each page's site, kind and number of rows) for
/// all pages that have a gold text. Returns the number of rows.
///
/// # Errors
/// When a page cannot be read or a file cannot be written.
pub fn write(pages: &[Page], altered: bool, file: &Path) -> Result<usize, Error> {
    let mut out = BufWriter::new(File::create(file).map_err(Error::io(file))?);
    let names = features::names();
    let width = LEADING.len() + names.len();
    out.write_all(&header(0, width)).map_err(Error::io(file))?;
    let mut described = Vec::new();
    let mut rows = 0;
    for batch in pages.chunks(BATCH) {
        let results: Vec<Result<Vec<Sample>, Error>> = batch
            .par_iter()
            .map(|page| samples(page, altered))
            .collect();
        for result in results {
            for sample in result? {
                rows += sample.page.rows;
                sample.write(&mut out).map_err(Error::io(file))?;
                described.push(sample.page);
            }
        }
    }
    out.seek(SeekFrom::Start(0)).map_err(Error::io(file))?;
    out.write_all(&header(rows, width))
        .map_err(Error::io(file))?;
    out.flush().map_err(Error::io(file))?;
    let (columns, meanings) = names.into_iter().unzip();
    let description = Description {
        columns,
        meanings,
        pages: described,
    };
    let beside = file.with_extension("json");
    let text = serde_json::to_string(&description).map_err(|error| Error::Input {
        input: beside.display().to_string(),
        message: error.to_string(),
    })?;
    std::fs::write(&beside, text).map_err(Error::io(&beside))?;
    Ok(rows)
}

/// The head of a `NumPy` file, version 1.0, always 128 bytes long
/// (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
fn header(rows: usize, columns: usize) -> Vec<u8> {
    let text =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
    let mut head = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    head.extend(format!("{text:<117}\n").bytes());
    head
}

/// A page, altered or not, with its labels.
struct Sample {
    page: PageRows,
    labels: Vec<f64>,
    tokens: Vec<usize>,
    matrix: Matrix,
}

impl Sample {
    fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        for ((label, tokens), row) in self.labels.iter().zip(&self.tokens).zip(self.matrix.rows()) {
            let Some(row) = row else { continue };
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            // A share, and a count far below 2^24.
            for value in [*label as f32, *tokens as f32].iter().chain(row) {
                out.write_all(&value.to_le_bytes())?;
            }
        }
        Ok(())
    }
}

fn samples(page: &Page, altered: bool) -> Result<Vec<Sample>, Error> {
    let Some(gold) = page.text.as_deref().filter(|gold| !gold.is_empty()) else {
        return Ok(Vec::new());
    };
    let document = Document::parse(&page.markup()?);
    let blocks = block::segment(&document);
    let labels = label_blocks(gold, &blocks);
    let mut samples = vec![sample(
        page,
        gold,
        Variant::Plain,
        &document,
        blocks.clone(),
        labels.clone(),
    )];
    // The altered copies teach what stories may lack.
    if altered && page.kind.as_deref().unwrap_or("article") == "article" {
        let nameless = document.without_names();
        let their_blocks = block::segment(&nameless);
        let their_labels = label_blocks(gold, &their_blocks);
        samples.push(sample(
            page,
            gold,
            Variant::Nameless,
            &nameless,
            their_blocks,
            their_labels,
        ));
        let (rest, rest_labels) = cut(page, blocks, labels);
        samples.push(sample(
            page,
            gold,
            Variant::Cut,
            &document,
            rest,
            rest_labels,
        ));
    }
    Ok(samples)
}

fn label_blocks(gold: &str, blocks: &[TextBlock]) -> Vec<f64> {
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    label::labels(gold, &texts)
}

fn sample(
    page: &Page,
    gold: &str,
    variant: Variant,
    document: &Document,
    blocks: Vec<TextBlock>,
    labels: Vec<f64>,
) -> Sample {
    let address = page.url.as_deref().filter(|_| variant != Variant::Nameless);
    let url = address.and_then(|url| Url::parse(url).ok());
    let (blocks, matrix) = body::features_of(document, blocks, url.as_ref());
    let tokens: Vec<usize> = blocks
        .iter()
        .map(|b| score::tokens(&b.text).len())
        .collect();
    Sample {
        page: PageRows {
            id: page.id.clone(),
            site: site_of(page),
            kind: page.kind.clone().unwrap_or_else(|| "article".to_owned()),
            variant,
            fold: fold(page),
            news_gold: page.publisher.is_some(),
            rows: matrix.rows().flatten().count(),
            gold_tokens: score::tokens(gold).len(),
        },
        labels,
        tokens,
        matrix,
    }
}

/// The registrable domain a page comes from; its own name where there is no address.
pub(super) fn site_of(page: &Page) -> String {
    page.url
        .as_deref()
        .and_then(|url| Url::parse(url).ok())
        .and_then(|url| address::registrable_domain(&url))
        .unwrap_or_else(|| page.id.clone())
}

/// Models of a cross-validation.
pub const FOLDS: usize = 5;

/// The fold of a page: pages of one site are in one fold.
#[must_use]
pub fn fold(page: &Page) -> usize {
    let hash = xxh3_64(site_of(page).as_bytes());
    usize::try_from(hash % FOLDS as u64).unwrap_or(0)
}

/// Takes most of the story out: between 8 and 40% of its words stay, by the page's name.
fn cut(page: &Page, blocks: Vec<TextBlock>, labels: Vec<f64>) -> (Vec<TextBlock>, Vec<f64>) {
    let percent = 8 + usize::try_from(xxh3_64(page.id.as_bytes()) % 33).unwrap_or(0);
    let all: usize = blocks
        .iter()
        .zip(&labels)
        .filter(|(_, label)| **label >= 0.5)
        .map(|(block, _)| block.words)
        .sum();
    let mut left = all * percent / 100;
    blocks
        .into_iter()
        .zip(labels)
        .filter(|(block, label)| {
            if *label < 0.5 {
                return true;
            }
            let stays = left > 0;
            left = left.saturating_sub(block.words);
            stays
        })
        .unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_matrix_is_as_numpy_wants_it() {
        let head = header(1_234_567, 230);
        assert_eq!(head.len(), 128);
        assert_eq!(head[127], b'\n');
        assert_eq!(usize::from(head[8]) + 10, 128);
    }
}
