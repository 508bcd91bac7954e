//! Subheads whose own text was left out.

use crate::block::{Shape, TextBlock};

/// What a stage makes of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    LeftOut,
    /// Left out for where it stands, so that it tells nothing of the subheads around it.
    Elsewhere,
}

/// The kept subheads under which nothing is kept: what follows is the end, or a subhead of the same or a higher
/// level before which something was left out. Numbered ones ("3. The bridge") are not among them, as lists of
/// pictures have their text in the subheads, nor are those that `is_sure` names.
pub(crate) fn find(
    blocks: &[TextBlock],
    fate: impl Fn(usize) -> Fate,
    is_sure: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let mut lone = Vec::new();
    // The level of the next kept subhead (0 for other text, none at the end), and whether anything
    // between was left out.
    let mut next: Option<u8> = None;
    let mut cut_between = true;
    for at in (0..blocks.len()).rev() {
        let level = match (fate(at), blocks[at].shape) {
            (Fate::Kept, Shape::Heading(level)) => {
                let alone = next.is_none_or(|below| below != 0 && below <= level && cut_between);
                if alone && !blocks[at].is_counted() && !is_sure(at) {
                    lone.push(at);
                    continue;
                }
                level
            }
            (Fate::Kept, _) => 0,
            (Fate::LeftOut, _) => {
                cut_between = true;
                continue;
            }
            (Fate::Elsewhere, _) => continue,
        };
        next = Some(level);
        cut_between = false;
    }
    lone
}
