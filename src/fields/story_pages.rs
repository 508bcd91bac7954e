//! Which page of its story a page is.

use url::Url;

use crate::address::same_site;
use crate::dom::{NodeData, NodeId, Tag};
use crate::evidence::story_pages::PageLink;
use crate::fields::Inputs;
use crate::fields::explain::Decision;
use crate::record::{BlockKind, Kind};

/// Why a page that is no article has no further pages.
const NO_STORY: &str = "the page is no article: it is one of a list's";

/// Why a page of linked headlines has none.
const LIST: &str = "the body's headings lead to other pages: it is one of a list's";

/// Elements between a heading's text and its link at the most.
const MAX_ANCESTORS: usize = 4;

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
    let own = inputs.evidence.likely_address()?;
    let blocks = inputs.body.blocks.iter().zip(&inputs.body.nodes);
    let headings = blocks.filter(|(block, _)| matches!(block.kind, BlockKind::Heading { .. }));
    let linked = headings.filter(|(_, node)| node.is_some_and(|node| is_link(inputs, node, &own)));
    (linked.count() >= 2).then_some(LIST)
}

/// Whether what begins at a node is the text of a link to another page of the site.
fn is_link(inputs: &Inputs, node: NodeId, own: &Url) -> bool {
    let page = inputs.page;
    let mut texts = page
        .subtree(node)
        .filter(|(_, node)| matches!(&node.data, NodeData::Text(text) if !text.trim().is_empty()));
    let text = texts.next().map_or(node, |(id, _)| id);
    let mut links = page.ancestors(text).take(MAX_ANCESTORS);
    let link = links.find(|up| page.tag(*up) == Tag::A);
    let href = link.and_then(|link| page.attribute(link, "href"));
    href.and_then(|href| own.join(href).ok())
        .is_some_and(|url| same_site(&url, own) && url.path() != own.path())
}
