//! What the learned stage is trained on: the features of every block of a corpus with the block's
//! label from the gold, written as a matrix that `NumPy` reads and a description beside it.
//!
//! Each story stands there up to three times: as it is; without an address, metadata, class and id names,
//! its semantic elements made `div`; and with most of it cut out. So a model does not lean on what unseen
//! sites may lack. Pages of other kinds are not altered: they are known by what they declare.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;
use xxhash_rust::xxh3::xxh3_64;

use super::corpus::CorpusPage;
use super::cross_validation::{Folds, site_of};
use super::lexicon_training;
use super::page_score::kind_of;
use super::token_overlap::tokens;
use super::training_labels;
use crate::Error;
use crate::block::{self, TextBlock};
use crate::body;
use crate::body::features::word_scores::WordScores;
use crate::body::features::{self, Matrix};
use crate::body::model::lexicon::Lexicon;
use crate::dom::Document;

/// The columns before the features.
const LEADING_COLUMNS: [&str; 2] = ["label", "tokens"];

/// Pages worked on between two writes, which bounds the memory.
const BATCH: usize = 64;

/// How a page was altered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum PageVariant {
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
    corpus: String,
    site: String,
    kind: String,
    variant: PageVariant,
    /// Which model of a cross-validation must not see the page.
    fold: usize,
    /// Whether the gold comes from a parser for the page's publisher rather than from annotators.
    news_gold: bool,
    rows: usize,
    gold_tokens: usize,
}

/// Describes a matrix.
#[derive(Debug, Serialize)]
struct MatrixDescription {
    columns: Vec<String>,
    meanings: Vec<String>,
    /// Which columns come from a lexicon; they are the last ones.
    wording: Range<usize>,
    /// How many further copies of the lexicon's columns follow: one a fold, from a lexicon that has not
    /// seen that fold's pages either.
    folds: usize,
    /// What each fold leaves out.
    fold_assignment: Folds,
    pages: Vec<PageRows>,
}

/// Writes for all pages that have a gold text:
///
/// - `file`, a `NumPy` matrix of 32-bit floats, a row a block: label, tokens, features;
/// - `file` with the ending `json`: columns with their meanings, and each page's site, kind and number of
///   rows;
/// - `file` with the ending `words`: what each row of a page that is not altered teaches of words, as
///   `lexicon_training` writes it.
///
/// `folds` says which model must not see which page. `lexicons` are read from a folder, each without the pages
/// of one or two folds: the words' scores must be learned from other pages than the trees. Without them, no
/// word has a score.
///
/// Returns the number of rows.
///
/// # Errors
/// When a page or lexicon cannot be read or a file cannot be written.
pub fn write(
    pages: &[CorpusPage],
    altered: bool,
    folds: Folds,
    lexicons: Option<&Path>,
    file: &Path,
) -> Result<usize, Error> {
    let lexicons = lexicons.map(|folder| Lexicons::read(folder, folds.count()));
    let lexicons = lexicons.transpose()?;
    let words_file = file.with_extension("words");
    let mut words = BufWriter::new(File::create(&words_file).map_err(Error::io(&words_file))?);
    let mut out = BufWriter::new(File::create(file).map_err(Error::io(file))?);
    let mut names = features::names();
    let wording = names.len()..names.len() + features::word_names().len();
    names.extend(features::word_names());
    let copies = lexicons.as_ref().map_or(0, |lexicons| lexicons.folds);
    let width = LEADING_COLUMNS.len() + names.len() + copies * wording.len();
    out.write_all(&header(0, width)).map_err(Error::io(file))?;
    let mut described = Vec::new();
    let mut rows = 0;
    for batch in pages.chunks(BATCH) {
        let samples = |page: &CorpusPage| {
            let fold = folds.fold_of(page)?;
            samples(page, fold, altered, lexicons.as_ref())
        };
        let samples: Vec<_> = batch.par_iter().map(samples).collect::<Result<_, _>>()?;
        for sample in samples.into_iter().flatten() {
            rows += sample.page.rows;
            sample.write(&mut out).map_err(Error::io(file))?;
            let written = words.write_all(&sample.words);
            written.map_err(Error::io(&words_file))?;
            described.push(sample.page);
        }
    }
    out.seek(SeekFrom::Start(0)).map_err(Error::io(file))?;
    out.write_all(&header(rows, width))
        .map_err(Error::io(file))?;
    out.flush().map_err(Error::io(file))?;
    words.flush().map_err(Error::io(&words_file))?;
    let (columns, meanings) = names.into_iter().unzip();
    let description = MatrixDescription {
        columns,
        meanings,
        wording,
        folds: copies,
        fold_assignment: folds,
        pages: described,
    };
    let beside = file.with_extension("json");
    let text = serde_json::to_string(&description).map_err(|error| {
        Error::input(beside.display().to_string(), error.to_string()).caused_by(error)
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

/// Lexicons by the folds whose pages are no part of them: `0.words` of one, `0-1.words` of two.
struct Lexicons {
    folds: usize,
    /// For each fold, those without its pages and those of each other fold in turn.
    pairs: Vec<Lexicon>,
}

impl Lexicons {
    fn read(folder: &Path, folds: usize) -> Result<Self, Error> {
        let pairs = (0..folds).flat_map(|one| (0..folds).map(move |other| (one, other)));
        pairs
            .map(|(one, other)| {
                let name = match one.cmp(&other) {
                    Ordering::Less => format!("{one}-{other}.words"),
                    Ordering::Equal => format!("{one}.words"),
                    Ordering::Greater => format!("{other}-{one}.words"),
                };
                Lexicon::read(&folder.join(name))
            })
            .collect::<Result<_, _>>()
            .map(|pairs| Self { folds, pairs })
    }

    /// For each fold in turn, the lexicon without its pages and those of the page's own `fold`.
    fn without(&self, fold: usize) -> &[Lexicon] {
        &self.pairs[fold * self.folds..(fold + 1) * self.folds]
    }
}

/// A page, altered or not, with its labels.
struct PageSample {
    page: PageRows,
    labels: Vec<f64>,
    tokens: Vec<usize>,
    matrix: Matrix,
    /// The words' scores: those that count for the page, then those without each fold's pages.
    wordings: Vec<WordScores>,
    /// What `lexicon_training` writes of the rows, where the page is not altered.
    words: Vec<u8>,
}

impl PageSample {
    fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        let mut values = Vec::new();
        for (at, row) in self.matrix.rows().enumerate() {
            let Some(row) = row else {
                continue;
            };
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            // A share, and a count far below 2^24.
            values.extend([self.labels[at] as f32, self.tokens[at] as f32]);
            values.extend_from_slice(row);
            for wording in &self.wordings {
                wording.push(&mut values, at);
            }
            for value in values.drain(..) {
                out.write_all(&value.to_le_bytes())?;
            }
        }
        Ok(())
    }
}

fn samples(
    page: &CorpusPage,
    fold: usize,
    altered: bool,
    lexicons: Option<&Lexicons>,
) -> Result<Vec<PageSample>, Error> {
    if page.text.as_deref().is_none_or(str::is_empty) {
        return Ok(Vec::new());
    }
    let sample = |variant, document: &Document, blocks| {
        sample((page, fold), lexicons, variant, document, blocks)
    };
    let document = Document::parse(&page.markup()?);
    let (blocks, plain) = sample(PageVariant::Plain, &document, block::segment(&document));
    // The altered copies teach what stories may lack.
    if !altered || kind_of(page) != "article" {
        return Ok(vec![plain]);
    }
    let nameless = document.without_names();
    let (_, nameless) = sample(PageVariant::Nameless, &nameless, block::segment(&nameless));
    let (rest, labels) = cut(page, blocks, plain.labels.clone());
    let (rest, mut cut) = sample(PageVariant::Cut, &document, rest);
    // Gold whose blocks were cut must not become the label of other blocks of the page.
    if rest.len() == labels.len() {
        cut.labels = labels;
    }
    Ok(vec![plain, nameless, cut])
}

/// Samples a page or an altered copy; also returns its blocks, those of consent banners taken out.
fn sample(
    (page, fold): (&CorpusPage, usize),
    lexicons: Option<&Lexicons>,
    variant: PageVariant,
    document: &Document,
    blocks: Vec<TextBlock>,
) -> (Vec<TextBlock>, PageSample) {
    let gold = page.text.as_deref().unwrap_or_default();
    let address = page.address().filter(|_| variant != PageVariant::Nameless);
    let (blocks, matrix) = body::features_of(document, blocks, address.as_ref());
    let (mut rows, mut words) = (0, Vec::new());
    let with_rows = blocks.iter().zip(matrix.rows());
    for (block, _) in with_rows.filter(|(_, row)| row.is_some()) {
        rows += 1;
        if variant == PageVariant::Plain {
            lexicon_training::push(&mut words, document, block);
        }
    }
    let texts: Vec<&str> = blocks.iter().map(|block| block.text.as_str()).collect();
    let wording = |lexicon| WordScores::of(document, &blocks, matrix.same_template(), lexicon);
    let wordings = match lexicons {
        None => vec![wording(&Lexicon::default())],
        Some(lexicons) => {
            let mut all: Vec<_> = lexicons.without(fold).iter().map(wording).collect();
            all.insert(0, all[fold].clone());
            all
        }
    };
    let sample = PageSample {
        page: PageRows {
            id: page.id.clone(),
            corpus: page.corpus.clone(),
            site: site_of(page),
            kind: kind_of(page).to_owned(),
            variant,
            fold,
            news_gold: page.publisher.is_some(),
            rows,
            gold_tokens: tokens(gold).len(),
        },
        labels: training_labels::labels(gold, &texts),
        tokens: texts.iter().map(|text| tokens(text).len()).collect(),
        matrix,
        wordings,
        words,
    };
    (blocks, sample)
}

/// Takes most of the story out: between 8 and 40% of its words stay, by the page's name.
fn cut(page: &CorpusPage, blocks: Vec<TextBlock>, labels: Vec<f64>) -> (Vec<TextBlock>, Vec<f64>) {
    let percent = 8 + usize::try_from(xxh3_64(page.id.as_bytes()) % 33).unwrap_or(0);
    let labelled: Vec<(TextBlock, f64)> = blocks.into_iter().zip(labels).collect();
    let story = labelled.iter().filter(|(_, label)| *label >= 0.5);
    let mut left = story.map(|(block, _)| block.words).sum::<usize>() * percent / 100;
    let rest = labelled.into_iter().filter(|(block, label)| {
        if *label < 0.5 {
            return true;
        }
        let stays = left > 0;
        left = left.saturating_sub(block.words);
        stays
    });
    rest.unzip()
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
