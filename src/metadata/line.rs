//! The text of an element as one line.

use super::clean::one_line;
use crate::dom::{Document, NodeData, NodeId};

/// The text of an element, with ` | ` between what stands in different blocks.
pub(super) fn line_of(page: &Document, top: NodeId) -> String {
    let mut line = String::new();
    let mut breaks = false;
    for (id, node) in page.subtree(top) {
        match &node.data {
            NodeData::Text(text) => {
                if page.tag(node.parent).is_raw_text() {
                    continue;
                }
                let blank = text.trim().is_empty();
                if breaks && !blank && !line.trim().is_empty() {
                    line.push_str(" | ");
                }
                breaks &= blank;
                line.push_str(text);
            }
            NodeData::Element(element) if id != top => breaks |= !element.tag.is_inline(),
            _ => {}
        }
    }
    one_line(&line)
}

/// The text of a byline: as [`line_of`], with `; ` between full names that stand side by side in
/// elements of their own.
pub(super) fn byline_of(page: &Document, top: NodeId) -> String {
    let mut line = String::new();
    let mut breaks = false;
    let mut last: Option<(NodeId, bool)> = None;
    for (id, node) in page.subtree(top) {
        match &node.data {
            NodeData::Text(text) if !page.tag(node.parent).is_raw_text() => {
                if text.trim().is_empty() {
                    line.push(' ');
                    continue;
                }
                let full = text.split_whitespace().count() >= 2
                    && text.trim_start().starts_with(char::is_alphabetic);
                if !line.trim().is_empty() {
                    if breaks {
                        line.push_str(" | ");
                    } else if full
                        && last.is_some_and(|(parent, before)| before && parent != node.parent)
                    {
                        line.push_str("; ");
                    }
                }
                breaks = false;
                last = Some((node.parent, full && !text.trim_end().ends_with([',', ':'])));
                line.push_str(text);
            }
            NodeData::Element(element) if id != top => breaks |= !element.tag.is_inline(),
            _ => {}
        }
    }
    one_line(&line)
}
