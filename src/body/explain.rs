//! Explanations of a body: which blocks are part of it and which are not, and why.

use crate::block::TextBlock;
use crate::body::clean::RemovalReason;
use crate::body::rules::RuleVerdicts;
use crate::body::scores::Scores;
use crate::body::selection::Selection;
use crate::record::Explained;

/// Why blocks are part of the body, and why the others are not.
#[derive(Debug, Default)]
pub(crate) struct Explanations {
    pub(crate) kept: Vec<Explained>,
    pub(crate) removed: Vec<Explained>,
}

/// What is said of blocks that a user's rules for the site keep and leave out.
const KEPT_BY_SITE: &str = "kept by the rules for the site";
const LEFT_OUT_BY_SITE: &str = "left out by the rules for the site";

/// What is said of a consent banner without a telling name.
const CONSENT_BANNER: &str = "a consent banner";

impl Explanations {
    /// Explains a body that the user's rules for the site name.
    pub(crate) fn of_site_rules(kept: &[&TextBlock], ruled_out: &[TextBlock]) -> Self {
        Self {
            kept: all(kept.iter().copied(), KEPT_BY_SITE),
            removed: all(ruled_out, LEFT_OUT_BY_SITE),
        }
    }

    /// Explains a body that the stages choose; `ruled_out` are blocks that the user's rules leave out.
    pub(crate) fn of_stages(
        rules: &RuleVerdicts,
        selection: &Selection,
        scores: Option<&Scores>,
        ruled_out: &[TextBlock],
    ) -> Self {
        let mut all_of = Self::default();
        for (at, block) in rules.blocks.iter().enumerate() {
            let score = scores.map(|scores| f64::from(scores.blocks[at]));
            if let Some(kept) = selection.kept[at] {
                let kept = explained(&block.text, &kept, score);
                all_of.kept.push(kept);
            } else {
                let reason = rules.verdicts[at].unwrap_or(RemovalReason::Score);
                let removed = explained(&block.text, &reason, score);
                all_of.removed.push(removed);
            }
        }
        all_of.removed.extend(all(&rules.banner, CONSENT_BANNER));
        all_of.removed.extend(all(ruled_out, LEFT_OUT_BY_SITE));
        all_of
    }
}

/// The same reason for each of some blocks.
fn all<'a>(blocks: impl IntoIterator<Item = &'a TextBlock>, reason: &str) -> Vec<Explained> {
    let each = |block: &TextBlock| explained(&block.text, &reason, None);
    blocks.into_iter().map(each).collect()
}

/// A text with the reason why it is part of the body, or why it is not.
pub(crate) fn explained(text: &str, reason: &impl ToString, score: Option<f64>) -> Explained {
    Explained {
        text: text.to_owned(),
        reason: reason.to_string(),
        score,
    }
}
