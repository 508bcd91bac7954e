//! A model made by hand, so that a page's scores are known and stay the same when the real one is trained
//! anew.

use std::path::Path;
use std::sync::Arc;

use gleaner::Model;
use gleaner::eval::{Folds, LeaveOut, corpus, training_matrix};
use serde_json::Value;

/// Kinds of page, in the order of the model's sets of trees.
pub(super) const KINDS: [&str; 6] = [
    "article",
    "listing",
    "forum",
    "product",
    "documentation",
    "service",
];

/// Names of elements that no rule asks of, one a bit of a score's number.
const BITS: [&str; 3] = ["lede", "factbox", "testimonial"];

/// The columns of these names.
const COLUMNS: [&str; 3] = ["own_lead", "own_inset", "own_review"];

/// The scores of the numbers from 1 on, in hundredths.
const SCORES: [u8; 7] = [7, 12, 22, 35, 45, 60, 90];

/// Probabilities of blocks without a class, by their length.
const SHORT: f32 = 0.01;
const LONG: f32 = 0.95;

/// Half a word less than a long block has.
const LONG_WORDS: f32 = 14.5;

/// A page with the names that stand for its scores.
pub(super) fn with_scores(html: &str) -> String {
    let mut html = html.to_owned();
    for (number, score) in (1..).zip(SCORES) {
        let set = BITS
            .iter()
            .enumerate()
            .filter(|(bit, _)| number >> bit & 1 == 1);
        let names: Vec<&str> = set.map(|(_, name)| *name).collect();
        html = html.replace(&format!("score-{score:02}"), &names.join("_"));
    }
    html
}

/// A model for each kind of page, which takes every page for one of that kind.
pub(super) fn models() -> Vec<Arc<Model>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let columns = columns(folder.path());
    let models = (0..KINDS.len()).map(|assumed| {
        let mut trees = blocks(&columns);
        for kind in 0..KINDS.len() {
            let odds = if kind == assumed { 5.0 } else { -5.0 };
            // The number of a page's features is not checked, so that one is enough.
            trees.extend(set(1, &[(f32::MAX, 0, 128, 129)], &[odds, odds]));
        }
        let path = folder.path().join("model");
        std::fs::write(path.with_extension("trees"), trees).expect("it can be written");
        let words = [b"glwords1".as_slice(), &[0; 8 + 4 * KINDS.len()]].concat();
        std::fs::write(path.with_extension("words"), words).expect("it can be written");
        Arc::new(Model::read(&path).expect("a model"))
    });
    models.collect()
}

/// The names of the features of today.
fn columns(folder: &Path) -> Vec<String> {
    std::fs::write(folder.join("a.html"), "<p>It rained.").expect("it can be written");
    std::fs::write(folder.join("a.txt"), "It rained.").expect("it can be written");
    let pages = corpus::read(folder).expect("a corpus");
    let folds = Folds::of(LeaveOut::Site, &pages).expect("folds");
    let file = folder.join("features.npy");
    training_matrix::write(&pages, false, folds, None, &file).expect("features");
    let description = std::fs::read(file.with_extension("json")).expect("a description");
    let description: Value = serde_json::from_slice(&description).expect("JSON");
    let columns = description["columns"].as_array().expect("columns").iter();
    columns
        .map(|name| name.as_str().expect("a name").to_owned())
        .collect()
}

/// One tree: down the three names, then by length where there is none.
fn blocks(columns: &[String]) -> Vec<u8> {
    let column = |name: &str| {
        let found = columns.iter().position(|known| known == name);
        u16::try_from(found.expect("the column is there")).expect("a few hundred")
    };
    let [lead, inset, review] = COLUMNS.map(column);
    let half = 0.5;
    // Left where a name is not there. Leaves are numbered as the scores are, the first two by length.
    let nodes = [
        (half, review, 1, 2),
        (half, inset, 3, 4),
        (half, inset, 5, 6),
        (half, lead, 7, 128 + 2),
        (half, lead, 128 + 3, 128 + 4),
        (half, lead, 128 + 5, 128 + 6),
        (half, lead, 128 + 7, 128 + 8),
        (LONG_WORDS, column("words"), 128, 128 + 1),
    ];
    let scores = SCORES.map(|score| f32::from(score) / 100.0);
    let leaves: Vec<f32> = [SHORT, LONG].into_iter().chain(scores).map(odds).collect();
    set(columns.len(), &nodes, &leaves)
}

fn odds(probability: f32) -> f32 {
    (probability / (1.0 - probability)).ln()
}

/// A set of one tree without early exits, in the format that `src/body/model.rs` describes.
fn set(features: usize, nodes: &[(f32, u16, u8, u8)], leaves: &[f32]) -> Vec<u8> {
    let mut bytes = b"gltrees2".to_vec();
    for number in [u32::try_from(features).expect("a few hundred"), 1, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.push(u8::try_from(nodes.len()).expect("a few"));
    for (threshold, feature, left, right) in nodes {
        bytes.extend(threshold.to_le_bytes());
        bytes.extend(feature.to_le_bytes());
        bytes.extend([*left, *right]);
    }
    for leaf in leaves {
        bytes.extend(leaf.to_le_bytes());
    }
    bytes
}
