//! The page's own summary: the dek that readers see, else what its data say.

use crate::block::{Cue, cues, ends_sentence};
use crate::dom::{Document, Element, NodeData, NodeId, Tag};
use crate::evidence::claim::Claim;
use crate::evidence::line::line_of;
use crate::evidence::surroundings::Surroundings;
use crate::fields::Inputs;
use crate::fields::explain::Decision;
use crate::record::{BlockKind, Kind};
use crate::text::{one_line, to_words};

/// Shortest dek, in characters: what is shorter is a kicker or a label.
const MIN_DEK_CHARS: usize = 25;

/// Longest dek, in characters.
const MAX_DEK_CHARS: usize = 800;

/// A dek that readers see, else what the page's data say, else a line right below the headline.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<String>> {
    let (evidence, body) = (inputs.evidence, inputs.body);
    let json_ld = inputs.json_ld(|article| article.description.clone());
    let data: Vec<Claim> = inputs.declared("description").chain(json_ld).collect();
    let (dek, line) = match body.page_type.kind {
        Kind::Article => visible(inputs, &data),
        _ => (None, None),
    };
    let mut claims: Vec<Claim> = dek.into_iter().chain(data).chain(line).collect();
    let mut blocks = body.blocks.iter();
    let start = blocks.find(|block| block.kind == BlockKind::Paragraph);
    let start = start.map(|block| one_line(&block.text));
    let values = claims.iter().map(|claim| claim.value.clone());
    let whole: Vec<String> = values.chain(start).collect();
    let title = to_words(evidence.titles().next().unwrap_or_default());
    for claim in &mut claims {
        claim.value = without_last_bar(&claim.value).to_owned();
        if let Some(longer) = whole.iter().find(|other| is_cut(&claim.value, other)) {
            claim.value.clone_from(longer);
        }
        if to_words(&claim.value) == title {
            claim.refused = Some("it is the title");
        }
    }
    Decision::first(claims)
}

/// A description without the lone bar that some systems put behind it.
fn without_last_bar(text: &str) -> &str {
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

/// Cues of an element that is no dek, though it may call itself one.
const NO_DEK: [Cue; 11] = [
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

/// What readers see between the headline and the body: first an element that calls itself the dek or that
/// repeats what the page's data say, second a subhead or an emphasised line, for want of better.
fn visible(inputs: &Inputs, data: &[Claim]) -> (Option<Claim>, Option<Claim>) {
    let page = inputs.page;
    let Some(range) = inputs.context.below_heading() else {
        return (None, None);
    };
    let declared: Vec<String> = data.iter().map(|claim| to_words(&claim.value)).collect();
    let mut reader = cues::CueReader::default();
    let (mut dek, mut line) = (None, None);
    for (id, node) in page.range(range).take(MAX_DEK_NODES) {
        let NodeData::Element(element) = &node.data else {
            continue;
        };
        let is_marked = dek.is_none() && is_marked(&mut reader, element);
        let is_below = match element.tag {
            Tag::H2 => true,
            Tag::I | Tag::Em | Tag::B | Tag::Strong => line.is_none() && is_line(page, id),
            _ => false,
        };
        let text = (is_marked || is_below).then(|| text_of(inputs, id));
        let Some(text) = text.flatten() else {
            continue;
        };
        if declared.contains(&to_words(&text)) {
            return (Some(Claim::at(id, "dek that the data name", text)), None);
        }
        if is_marked {
            if is_anothers(page, id, &mut reader) {
                continue;
            }
            let text = with_siblings(page, id, text, &mut reader);
            dek = Some(Claim::at(id, "dek", text));
        } else if is_below
            && line.is_none()
            && (ends_sentence(&text) || is_long_subhead(page, id, &text))
        {
            line = Some(Claim::at(id, "line below the headline", text));
        }
    }
    (dek, line)
}

/// Words from which a subhead right below the headline is a dek rather than the first section's head.
const MIN_SUBHEAD_WORDS: usize = 8;

fn is_long_subhead(page: &Document, id: NodeId, text: &str) -> bool {
    page.tag(id) == Tag::H2 && text.split_whitespace().count() >= MIN_SUBHEAD_WORDS
}

/// Whether an element calls itself a dek.
fn is_marked<'page>(reader: &mut cues::CueReader<'page>, element: &'page Element) -> bool {
    let cues = reader.read(element);
    cues.has(Cue::Lead) && !cues.has_any(&NO_DEK)
}

/// Ancestors of a dek that may say it is an author's, a product's or a card's.
const MAX_ANCESTORS: usize = 4;

/// Cues of such an ancestor.
const NOT_THE_STORYS: [Cue; 6] = [
    Cue::Author,
    Cue::Related,
    Cue::Comment,
    Cue::Prompt,
    Cue::Form,
    Cue::Share,
];

fn is_anothers<'page>(
    page: &'page Document,
    id: NodeId,
    reader: &mut cues::CueReader<'page>,
) -> bool {
    let mut above = page.ancestors(id).take(MAX_ANCESTORS);
    above.any(|up| {
        let element = page.element(up);
        element.is_some_and(|element| reader.read(element).has_any(&NOT_THE_STORYS))
    })
}

/// The text of a dek with that of the deks right behind it: its further paragraphs.
fn with_siblings<'page>(
    page: &'page Document,
    id: NodeId,
    mut text: String,
    reader: &mut cues::CueReader<'page>,
) -> String {
    let behind = page.children(page.node(id).parent);
    let behind = behind
        .filter(|other| *other > id)
        .filter_map(|other| Some((other, page.element(other)?)))
        .take_while(|(_, e)| e.tag == page.tag(id) && is_marked(reader, e));
    for (other, _) in behind {
        let more = line_of(page, other).replace(" | ", " ");
        if text.chars().count() + more.chars().count() > MAX_DEK_CHARS {
            break;
        }
        text.push(' ');
        text.push_str(&more);
    }
    text
}

/// Nodes looked at on each side of an element to tell whether it is a line of its own.
const MAX_BLANKS: usize = 3;

/// Whether an element is a line of its own: nothing but breaks and blocks around it.
fn is_line(page: &Document, id: NodeId) -> bool {
    let parent = page.node(id).parent;
    let is_break = |other: NodeId| {
        let element = page.element(other);
        element.is_some_and(|element| element.tag == Tag::Br || !element.tag.is_inline())
    };
    let is_text = |other: &NodeId| match &page.node(*other).data {
        NodeData::Text(text) => !text.trim().is_empty(),
        NodeData::Element(_) | NodeData::Root => true,
    };
    let nodes = |range| page.range(range).map(|(other, _)| other);
    let behind = page.node(id).end.index()..page.node(parent).end.index();
    let after = nodes(behind).take(MAX_BLANKS).find(is_text);
    let first = id.index().saturating_sub(MAX_BLANKS);
    let before = nodes(first.max(parent.index() + 1)..id.index());
    let before = before.filter(is_text).last().and_then(|last| {
        let mut above = std::iter::once(last).chain(page.ancestors(last));
        above.find(|up| page.node(*up).parent == parent)
    });
    after.is_none_or(is_break) && before.is_none_or(is_break)
}

/// The text of an element that may be a dek; one that holds a picture is no dek, but a whole header.
fn text_of(inputs: &Inputs, id: NodeId) -> Option<String> {
    let page = inputs.page;
    let mut inside = page.subtree(id).map(|(inner, _)| page.tag(inner));
    let is_whole = inside.any(|tag| matches!(tag, Tag::Img | Tag::Figure | Tag::H1 | Tag::Time));
    let parent = page.node(id).parent;
    if is_whole || inputs.context.surroundings(parent) != Surroundings::Story {
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
