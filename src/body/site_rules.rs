//! A user's own rules for a site: where the body is, and what to leave out.

use crate::block::TextBlock;
use crate::dom::{Document, NodeId};
use crate::text::to_letters;

/// A user's own rules for a site's pages, as CSS selectors.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteRules {
    /// The elements that hold the body.
    pub body: Option<String>,
    /// Elements that are no part of it.
    pub remove: Vec<String>,
}

/// The elements of a page that a site's rules name.
#[derive(Debug, Default)]
pub(crate) struct Selected {
    body: Vec<NodeId>,
    remove: Vec<NodeId>,
}

impl Selected {
    /// Looks the rules up. A site without selectors costs nothing.
    pub(crate) fn of(page: &Document, site: Option<&SiteRules>) -> Self {
        let Some(site) = site.filter(|site| site.body.is_some() || !site.remove.is_empty()) else {
            return Self::default();
        };
        let remove: Vec<&str> = site.remove.iter().map(String::as_str).collect();
        let select = |selectors: &[&str]| match selectors {
            [] => Vec::new(),
            _ => page.select(selectors),
        };
        Self {
            body: select(site.body.as_deref().as_slice()),
            remove: select(&remove),
        }
    }

    /// Splits blocks into those that stay and those that the rules leave out.
    pub(crate) fn split(
        &self,
        page: &Document,
        blocks: Vec<TextBlock>,
    ) -> (Vec<TextBlock>, Vec<TextBlock>) {
        if self.remove.is_empty() {
            return (blocks, Vec::new());
        }
        blocks
            .into_iter()
            .partition(|block| !within(page, &self.remove, block))
    }

    /// The blocks in the elements that the rules name as the body, the headline left out; none
    /// where the rules name none, or the page has none of them.
    pub(crate) fn body<'b>(
        &self,
        page: &Document,
        blocks: &'b [TextBlock],
        titles: impl Iterator<Item = &'b str>,
    ) -> Option<Vec<&'b TextBlock>> {
        let titles: Vec<String> = titles.map(to_letters).collect();
        let is_title =
            |block: &TextBlock| block.is_heading() && titles.contains(&to_letters(&block.text));
        let kept: Vec<&TextBlock> = blocks
            .iter()
            .filter(|block| within(page, &self.body, block))
            .filter(|block| block.words > 0 && !is_title(block))
            .collect();
        (!kept.is_empty()).then_some(kept)
    }
}

fn within(page: &Document, tops: &[NodeId], block: &TextBlock) -> bool {
    tops.iter()
        .any(|top| *top <= block.first && block.first < page.node(*top).end)
}
