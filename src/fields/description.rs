//! The page's own summary: the dek that readers see, else what its data say.

use crate::block::{Cue, cues, ends_sentence};
use crate::body::ChosenBody;
use crate::dom::{Document, Element, NodeData, NodeId, Tag};
use crate::evidence::Evidence;
use crate::evidence::claim::Claim;
use crate::evidence::line::line_of;
use crate::fields::byline_context::Near;
use crate::record::{BlockKind, Kind};
use crate::text::one_line;
use crate::text::to_words;

/// Shortest dek, in characters: what is shorter is a kicker or a label.
const MIN_DEK_CHARS: usize = 25;

/// Longest dek, in characters.
const MAX_DEK_CHARS: usize = 800;

/// What speaks for the description, believed most first: a dek that readers see, the page's data, a
/// line right below the headline.
pub(crate) fn claims(
    evidence: &Evidence,
    page: &Document,
    near: &Near,
    body: &ChosenBody,
) -> Vec<Claim> {
    let linked = evidence.article().and_then(|a| a.description.clone());
    let noted = evidence
        .declared
        .of("description")
        .into_iter()
        .map(Claim::of);
    let data: Vec<Claim> = noted
        .chain(linked.map(|text| Claim::new("json-ld", text)))
        .collect();
    let (dek, line) = match body.page_type.kind {
        Kind::Article => seen(page, near, &data),
        _ => (None, None),
    };
    let mut claims: Vec<Claim> = dek.into_iter().chain(data).chain(line).collect();
    let start = body.blocks.iter().find(|b| b.kind == BlockKind::Paragraph);
    let start = start.map(|block| one_line(&block.text));
    let whole: Vec<String> = claims
        .iter()
        .map(|c| c.value.clone())
        .chain(start)
        .collect();
    for claim in &mut claims {
        claim.value = tidy(&claim.value).to_owned();
        let longer = whole.iter().find(|other| is_cut(&claim.value, other));
        if let Some(longer) = longer {
            claim.value.clone_from(longer);
        }
        let title = evidence.titles().next().unwrap_or_default();
        if to_words(&claim.value) == to_words(title) {
            claim.refused = Some("it is the title");
        }
    }
    claims
}

/// Without what systems put behind a description: a lone bar.
fn tidy(text: &str) -> &str {
    text.trim_end_matches([' ', '|'])
}

/// Whether a text is the start of another, cut off within a sentence.
fn is_cut(text: &str, whole: &str) -> bool {
    let start = text.trim_end_matches(['.', '…', ' ']);
    let is_sentence =
        text.ends_with(['.', '!', '?', '"', '”', '»', '。', '।', ':']) && !text.ends_with("...");
    !is_sentence
        && start.chars().count() >= MIN_DEK_CHARS
        && whole.len() > text.len()
        && whole.chars().count() <= MAX_DEK_CHARS
        && whole.starts_with(start)
}

/// Nodes behind the headline within which a dek stands.
const MAX_DEK_NODES: usize = 600;

/// What an element that calls itself a dek is all the same not.
const OTHER: [Cue; 11] = [
    Cue::Title,
    Cue::Navigation,
    Cue::Related,
    Cue::Share,
    Cue::Prompt,
    Cue::Ad,
    Cue::Author,
    Cue::Caption,
    Cue::Media,
    Cue::Form,
    Cue::Comment,
];

/// What readers see between the headline and the body: an element that says it is the dek, or that
/// says what the page's data say; and else a subhead or an emphasised line.
fn seen(page: &Document, near: &Near, data: &[Claim]) -> (Option<Claim>, Option<Claim>) {
    let Some(range) = near.below_heading(page) else {
        return (None, None);
    };
    let declared: Vec<String> = data.iter().map(|claim| to_words(&claim.value)).collect();
    let mut reader = cues::CueReader::default();
    let (mut dek, mut line) = (None, None);
    for (id, node) in page.range(range).take(MAX_DEK_NODES) {
        let NodeData::Element(element) = &node.data else {
            continue;
        };
        let marked = is_marked(&mut reader, element);
        let below = match element.tag {
            Tag::H2 => true,
            Tag::I | Tag::Em | Tag::B | Tag::Strong => line.is_none() && is_line(page, id),
            _ => false,
        };
        if !(marked && dek.is_none() || below) {
            continue;
        }
        let Some(text) = text_of(page, near, id) else {
            continue;
        };
        if declared.contains(&to_words(&text)) {
            return (Some(Claim::at(id, "dek that the data name", text)), None);
        }
        if marked && dek.is_none() {
            if is_anothers(page, id, &mut reader) {
                continue;
            }
            let text = with_siblings(page, id, text, &mut reader);
            dek = Some(Claim::at(id, "dek", text));
        } else if below && line.is_none() && (ends_sentence(&text) || is_subhead(page, id, &text)) {
            line = Some(Claim::at(id, "line below the headline", text));
        }
    }
    (dek, line)
}

/// Words from which a subhead right below the headline is a dek rather than the first section's head.
const MIN_SUBHEAD_WORDS: usize = 8;

fn is_subhead(page: &Document, id: NodeId, text: &str) -> bool {
    page.tag(id) == Tag::H2 && text.split_whitespace().count() >= MIN_SUBHEAD_WORDS
}

/// Whether an element calls itself a dek.
fn is_marked<'page>(reader: &mut cues::CueReader<'page>, element: &'page Element) -> bool {
    let cues = reader.read(element);
    cues.has(Cue::Lead) && !cues.has_any(&OTHER)
}

/// Ancestors of a dek that may say it is an author's, a product's or a card's.
const MAX_ANCESTORS: usize = 4;

fn is_anothers<'page>(
    page: &'page Document,
    id: NodeId,
    reader: &mut cues::CueReader<'page>,
) -> bool {
    let mut above = page.ancestors(id).take(MAX_ANCESTORS);
    above.any(|up| {
        let own = [
            Cue::Author,
            Cue::Related,
            Cue::Comment,
            Cue::Prompt,
            Cue::Form,
            Cue::Share,
        ];
        page.element(up)
            .is_some_and(|element| reader.read(element).has_any(&own))
    })
}

/// The text of a dek with that of the deks right behind it: its further paragraphs.
fn with_siblings<'page>(
    page: &'page Document,
    id: NodeId,
    mut text: String,
    reader: &mut cues::CueReader<'page>,
) -> String {
    let parent = page.node(id).parent;
    let behind = page
        .range(page.node(id).end.index()..page.node(parent).end.index())
        .take(MAX_DEK_NODES)
        .filter(|(other, node)| node.parent == parent && page.element(*other).is_some())
        .map(|(other, _)| other)
        .take_while(|other| {
            let element = page.element(*other);
            page.tag(*other) == page.tag(id) && element.is_some_and(|e| is_marked(reader, e))
        });
    for other in behind {
        let more = line_of(page, other).replace(" | ", " ");
        if text.chars().count() + more.chars().count() > MAX_DEK_CHARS {
            break;
        }
        text.push(' ');
        text.push_str(&more);
    }
    text
}

/// Nodes looked at on each side of an element to tell whether it is a line.
const MAX_BLANKS: usize = 3;

/// Whether an element is a line of its own: nothing but breaks and blocks around it.
fn is_line(page: &Document, id: NodeId) -> bool {
    let parent = page.node(id).parent;
    let is_break = |other: NodeId| match &page.node(other).data {
        NodeData::Element(element) => element.tag == Tag::Br || !element.tag.is_inline(),
        NodeData::Text(_) | NodeData::Root => false,
    };
    let is_blank = |other: NodeId| match &page.node(other).data {
        NodeData::Text(text) => text.trim().is_empty(),
        NodeData::Element(_) | NodeData::Root => false,
    };
    let end = page.node(id).end.index();
    let after = page
        .range(end..page.node(parent).end.index())
        .map(|(next, _)| next)
        .take(MAX_BLANKS)
        .find(|next| !is_blank(*next));
    let first = id
        .index()
        .saturating_sub(MAX_BLANKS)
        .max(parent.index() + 1);
    let before = page
        .range(first..id.index())
        .map(|(last, _)| last)
        .filter(|last| !is_blank(*last))
        .last()
        .and_then(|last| {
            let mut above = std::iter::once(last).chain(page.ancestors(last));
            above.find(|up| page.node(*up).parent == parent)
        });
    after.is_none_or(is_break) && before.is_none_or(is_break)
}

/// The text of an element that may be a dek; one that holds a picture is no dek, but a whole header.
fn text_of(page: &Document, near: &Near, id: NodeId) -> Option<String> {
    let mut inside = page.subtree(id).map(|(inner, _)| page.tag(inner));
    let is_whole = inside.any(|tag| matches!(tag, Tag::Img | Tag::Figure | Tag::H1 | Tag::Time));
    if is_whole || near.is_apart(page, id) {
        return None;
    }
    let text = line_of(page, id).replace(" | ", " ");
    let is_short = (MIN_DEK_CHARS..=MAX_DEK_CHARS).contains(&text.chars().count());
    is_short.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cut_off_is_told_from_one_that_ends() {
        let whole = "After ninety dry days it rained in the valley on Monday, at last.";
        assert!(is_cut("After ninety dry days it rained in the va", whole));
        assert!(is_cut("After ninety dry days it rained in …", whole));
        assert!(!is_cut("After ninety dry days it rained.", whole));
        assert!(!is_cut("After ninety", whole), "too short to tell");
    }
}
