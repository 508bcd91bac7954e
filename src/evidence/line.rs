//! The text of an element as one line.

use crate::dom::{Document, NodeData, NodeId, Tag};
use crate::text::one_line;

/// Where blocks begin and end on the way through an element.
struct BlockBoundaries {
    top: NodeId,
    /// Whether a block began behind the last text.
    began: bool,
    /// Whether one ended there.
    ended: bool,
    /// The ends of the blocks that are open, in places.
    ends: Vec<usize>,
}

impl BlockBoundaries {
    fn of(top: NodeId) -> Self {
        Self {
            top,
            began: false,
            ended: false,
            ends: Vec::new(),
        }
    }

    /// Goes on to a node.
    fn step(&mut self, page: &Document, id: NodeId) {
        while self.ends.last().is_some_and(|end| *end <= id.index()) {
            self.ends.pop();
            self.ended = true;
        }
        let node = page.node(id);
        if let NodeData::Element(element) = &node.data
            && id != self.top
            && !element.tag.is_inline()
        {
            self.began = true;
            self.ends.push(node.end.index());
        }
    }

    /// What stands between the last text and the one at hand, if anything does.
    fn sign(&mut self) -> Option<&'static str> {
        let (began, ended) = (
            std::mem::take(&mut self.began),
            std::mem::take(&mut self.ended),
        );
        // Text right behind a block goes on with it more often than not.
        began.then_some(" | ").or(ended.then_some(" "))
    }
}

/// The text of an element, with ` | ` between what stands in different blocks.
pub(crate) fn line_of(page: &Document, top: NodeId) -> String {
    line_without(page, top, None)
}

/// The text of a heading: as [`line_of`], without its buttons ("Copy item path").
pub(crate) fn headline_of(page: &Document, top: NodeId) -> String {
    line_without(page, top, Some(Tag::Button))
}

fn line_without(page: &Document, top: NodeId, left_out: Option<Tag>) -> String {
    let mut line = String::new();
    let mut blocks = BlockBoundaries::of(top);
    let mut out_to = 0;
    for (id, node) in page.subtree(top) {
        if left_out == Some(page.tag(id)) {
            out_to = node.end.index();
        }
        if id.index() < out_to {
            continue;
        }
        blocks.step(page, id);
        if let NodeData::Text(text) = &node.data
            && !page.tag(node.parent).is_raw_text()
        {
            if !text.trim().is_empty()
                && let Some(sign) = blocks.sign()
                && !line.trim().is_empty()
            {
                line.push_str(sign);
            }
            line.push_str(text);
        }
    }
    one_line(&line)
}

/// The text of a byline: as [`line_of`], with `; ` between full names that stand side by side in
/// elements of their own.
pub(crate) fn byline_of(page: &Document, top: NodeId) -> String {
    let mut line = String::new();
    let mut blocks = BlockBoundaries::of(top);
    let mut last: Option<(NodeId, bool)> = None;
    for (id, node) in page.subtree(top) {
        blocks.step(page, id);
        let NodeData::Text(text) = &node.data else {
            continue;
        };
        if page.tag(node.parent).is_raw_text() {
            continue;
        }
        if text.trim().is_empty() {
            line.push(' ');
            continue;
        }
        let full = text.split_whitespace().count() >= 2
            && text.trim_start().starts_with(char::is_alphabetic);
        let sign = blocks.sign();
        if !line.trim().is_empty() {
            let beside = full && last.is_some_and(|(up, before)| before && up != node.parent);
            let sign = match sign {
                Some(" ") | None if beside => Some("; "),
                sign => sign,
            };
            line.push_str(sign.unwrap_or_default());
        }
        last = Some((node.parent, full && !text.trim_end().ends_with([',', ':'])));
        line.push_str(text);
    }
    one_line(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_different_blocks_is_set_apart() {
        let line = |html: &str| line_of(&Document::parse(html), NodeId::ROOT);
        assert_eq!(line("<p>By</p><span>Hana Vell</span>"), "By Hana Vell");
        let heading = "<h1>Rain <button>Copy</button></h1>";
        let heading = headline_of(&Document::parse(heading), NodeId::ROOT);
        assert_eq!(heading, "Rain");
        assert_eq!(
            line("<span>By</span> <a>Hana <b>Vell</b></a>"),
            "By Hana Vell"
        );
        assert_eq!(
            line("12 June<div>By <i>Hana</i></div> "),
            "12 June | By Hana"
        );
    }
}
