//! The heading that holds the title: bylines and dates are looked for around it.

use crate::body::ChosenBody;
use crate::dom::{Document, NodeId, Tag};
use crate::evidence::Evidence;
use crate::evidence::headline::{overlap, without_site};
use crate::evidence::line::headline_of;
use crate::text::to_letters;

/// Headings of lower levels that are compared with the title.
const MAX_HEADINGS: usize = 60;

/// The heading that holds the title: the last `<h1>` above the body that says nearly the same (bars at
/// the top of a page repeat it), else any such `<h1>`, else an `<h2>` or `<h3>` that says just that.
pub(crate) fn find(
    page: &Document,
    evidence: &Evidence,
    title: Option<&str>,
    body: &ChosenBody,
) -> Option<NodeId> {
    let title = title?;
    let start = body.nodes.iter().flatten().min();
    let same = || {
        evidence.declared.h1.iter().copied().filter(|id| {
            let text = headline_of(page, *id).replace(" | ", " ");
            overlap(&without_site(&text, &evidence.sites), title) > 0.9
        })
    };
    let above = same().take_while(|id| start.is_some_and(|start| id < start));
    above.last().or_else(|| same().next()).or_else(|| {
        let wanted = to_letters(title);
        page.elements()
            .filter(|(_, e)| matches!(e.tag, Tag::H2 | Tag::H3))
            .take(MAX_HEADINGS)
            .find(|(id, _)| to_letters(&headline_of(page, *id)) == wanted)
            .map(|(id, _)| id)
    })
}
