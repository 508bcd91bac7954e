//! Which page of its story a page is.

use crate::dom::{NodeData, NodeId, Tag};
use crate::evidence::story_pages::PageLink;
use crate::fields::Inputs;
use crate::fields::explain::Decision;
use crate::record::{BlockKind, Kind};

/// Why a page that is no article has no further pages.
const NO_STORY: &str = "the page is no article: it is one of a list's";

/// Why a page of linked headlines has none.
const LIST: &str = "the body's headings lead to other pages: it is one of a list's";

/// A list's pages are numbered as those of a story are: they are told by what the page is.
pub(crate) fn decide(link: Option<&PageLink>, inputs: &Inputs) -> Decision<Option<String>> {
    let claim = link.map(PageLink::claim);
    Decision::first(
        claim
            .map(|claim| claim.unless(refused(inputs)))
            .into_iter()
            .collect(),
    )
    .because("its address differs in the page's number alone")
}

fn refused(inputs: &Inputs) -> Option<&'static str> {
    if inputs.kind != Kind::Article {
        return Some(NO_STORY);
    }
    let blocks = inputs.body.blocks.iter().zip(&inputs.body.nodes);
    let headings = blocks.filter(|(block, _)| matches!(block.kind, BlockKind::Heading { .. }));
    let linked = headings.filter(|(_, node)| node.is_some_and(|node| is_link(inputs, node)));
    (linked.count() >= 2).then_some(LIST)
}

/// Whether what begins at a node is the text of a link.
fn is_link(inputs: &Inputs, node: NodeId) -> bool {
    let page = inputs.page;
    let mut texts = page
        .subtree(node)
        .filter(|(_, node)| matches!(&node.data, NodeData::Text(text) if !text.trim().is_empty()));
    let text = texts.next().map_or(node, |(id, _)| id);
    page.ancestors(text)
        .take(4)
        .any(|up| page.tag(up) == Tag::A)
}
