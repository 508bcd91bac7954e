//! What the learned stage says of a page: how likely each block is part of the body.

use url::Url;

use crate::body::clean::RemovalReason;
use crate::body::features::Matrix;
use crate::body::features::word_scores::WordScores;
use crate::body::model::Model;
use crate::body::page_type::learned::LearnedKind;
use crate::body::pooling;
use crate::body::rules::RuleVerdicts;
use crate::body::switches::Rule;
use crate::dom::Document;
use crate::record::Kind;

/// What the learned stage says of a page.
pub(crate) struct Scores {
    /// How likely each block is part of the body, 0 to 1.
    pub(crate) blocks: Vec<f32>,
    pub(crate) kind: LearnedKind,
}

/// Blocks that go through the trees together; with all of a huge page, its features would stand in memory
/// twice.
const SCORED_TOGETHER: usize = 512;

impl Scores {
    /// Asks the model about a page's kind, and about those of its blocks that no rule decides.
    pub(crate) fn of(
        page: &Document,
        matrix: &Matrix,
        rules: &RuleVerdicts,
        model: &Model,
        address: Option<&Url>,
    ) -> Self {
        let same_template = matrix.same_template();
        let words = WordScores::of(page, &rules.blocks, same_template, &model.lexicon);
        let kind = LearnedKind::of(model, &[matrix.page(), words.kinds()].concat(), address);
        let asked = undecided(matrix, rules, kind.assumed);
        let mut blocks = probabilities(model, &words, &asked, rules.blocks.len());
        if rules.switches.on(Rule::TemplateShare) {
            pooling::share_within_templates(rules, same_template, kind.assumed, &mut blocks);
        }
        Self { blocks, kind }
    }
}

/// The blocks that the model is asked about, with their features.
fn undecided<'a>(matrix: &'a Matrix, rules: &RuleVerdicts, kind: Kind) -> Vec<(usize, &'a [f32])> {
    let is_decided = |verdict: &Option<RemovalReason>| match verdict {
        Some(RemovalReason::NotShown | RemovalReason::Menu) => true,
        Some(RemovalReason::OtherStory | RemovalReason::MachineSummary) => kind == Kind::Article,
        _ => false,
    };
    let rows = matrix.rows().zip(&rules.verdicts).enumerate();
    rows.filter(|(_, (_, verdict))| !is_decided(verdict))
        .filter_map(|(block, (row, _))| Some((block, row?)))
        .collect()
}

/// How likely each of a page's blocks is part of the body; 0 for one that the model is not asked about.
fn probabilities(
    model: &Model,
    words: &WordScores,
    asked: &[(usize, &[f32])],
    blocks: usize,
) -> Vec<f32> {
    let mut scores = vec![0.0; blocks];
    let mut features = Vec::new();
    for asked in asked.chunks(SCORED_TOGETHER) {
        features.clear();
        for (block, row) in asked {
            features.extend_from_slice(row);
            words.push(&mut features, *block);
        }
        for ((block, _), score) in asked.iter().zip(model.blocks.probabilities(&features)) {
            scores[*block] = score;
        }
    }
    scores
}
