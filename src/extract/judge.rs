//! What kind of page it is, and how sure the body is.

use crate::block::{self, Shape, TextBlock};
use crate::record::Kind;

/// Words from which a body is long enough to be a story for sure.
const SURE_WORDS: usize = 150;

/// What the page is, and how sure that its body is right: the F1 that the learned stage expects;
/// without it, long running text that is a large part of the page's unlinked text speaks for an
/// article.
pub(super) fn judge(
    blocks: &[TextBlock],
    kept: &[&TextBlock],
    expected_f1: Option<f64>,
) -> (Kind, f64) {
    let running = |block: &&TextBlock| block.link_density() < 0.4 && block.shape != Shape::Caption;
    let words: usize = kept.iter().filter(|b| running(b)).map(|b| b.words).sum();
    let all: usize = blocks.iter().map(|b| b.words).sum();
    if all == 0 {
        return (Kind::Empty, 0.0);
    }
    let linked: usize = blocks.iter().filter(|b| !running(b)).map(|b| b.words).sum();
    let length = block::ratio(words.min(SURE_WORDS), SURE_WORDS);
    let share = block::ratio(words, words + linked);
    let confidence = expected_f1.unwrap_or((0.7 * length + 0.3 * share).clamp(0.0, 1.0));
    if words < 30 && linked > 4 * words {
        return (Kind::Listing, confidence.min(0.2));
    }
    (Kind::Article, confidence)
}
