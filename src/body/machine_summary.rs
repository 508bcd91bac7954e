//! Summaries of the story that a machine wrote, in a box that says so: the story's own words come after it.

use std::ops::Range;
use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};

use crate::block::{self, Shape, TextBlock, parts_of_name};
use crate::dom::Document;
use crate::table::rows;
use crate::text::to_letters;

/// Words up to which an element is such a box.
const MAX_BOX_WORDS: usize = 200;

/// Words from which a box holds more than its label.
const MIN_BOX_WORDS: usize = 4;

/// Words up to which a block is a label.
const MAX_LABEL_WORDS: usize = 8;

/// Elements around a label in which its box is looked for.
const LEVELS: usize = 4;

/// Names of boxes, and labels as [`to_letters`] spells them.
static NAMES_AND_LABELS: LazyLock<[HashSet<String>; 2]> = LazyLock::new(|| {
    let mut known: [HashSet<String>; 2] = Default::default();
    for row in rows(include_str!("../../config/tables/machine_summaries.tsv")) {
        let words = row[1].split('|').map(to_letters);
        known[usize::from(row[0] != "-")].extend(words);
    }
    known
});

/// Whether each block is part of such a box.
pub(crate) fn find(page: &Document, blocks: &[TextBlock]) -> Vec<bool> {
    let [names, labels] = &*NAMES_AND_LABELS;
    // Names repeat all over a page, and most are too short.
    let shortest = names.iter().map(String::len).min().unwrap_or(0);
    let mut known: HashMap<&str, bool> = HashMap::default();
    let mut is_known = |name| *known.entry(name).or_insert_with(|| is_named(name, names));
    let mut found = vec![false; blocks.len()];
    for (id, element) in page.elements() {
        let mut given = ["class", "id"]
            .into_iter()
            .filter_map(|name| element.attribute(name))
            .flat_map(str::split_ascii_whitespace)
            .filter(|name| name.len() >= shortest);
        if given.any(&mut is_known) {
            let inside = block::inside(page, blocks, id);
            if block::words_in(&blocks[inside.clone()]) <= MAX_BOX_WORDS {
                found[inside].fill(true);
            }
        }
    }
    for at in 0..blocks.len() {
        let is_label = blocks[at].words <= MAX_LABEL_WORDS && !found[at];
        if is_label && labels.contains(&to_letters(&blocks[at].text)) {
            found[labelled(page, blocks, at)].fill(true);
        }
    }
    found
}

/// Whether two or three neighbouring parts of a class name, joined, are one of the names.
fn is_named(name: &str, names: &HashSet<String>) -> bool {
    let parts: Vec<String> = parts_of_name(name).map(str::to_ascii_lowercase).collect();
    (1..=3).any(|count| {
        parts
            .windows(count)
            .any(|parts| names.contains(&parts.concat()))
    })
}

/// What a label stands over: the smallest element that it opens and that holds more, or the list behind it.
fn labelled(page: &Document, blocks: &[TextBlock], label: usize) -> Range<usize> {
    for node in page.ancestors(blocks[label].node).take(LEVELS) {
        let inside = block::inside(page, blocks, node);
        let words = block::words_in(&blocks[inside.clone()]);
        if inside.start != label || words > MAX_BOX_WORDS {
            break;
        }
        if words >= blocks[label].words + MIN_BOX_WORDS {
            return inside;
        }
    }
    let is_item = |block: &&TextBlock| matches!(block.shape, Shape::Item { .. });
    label..label + 1 + blocks[label + 1..].iter().take_while(is_item).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::segment;

    fn summary(html: &str) -> Vec<String> {
        let page = Document::parse(html);
        let blocks = segment(&page);
        let found = find(&page, &blocks);
        let marked = blocks.into_iter().zip(found).filter(|(_, found)| *found);
        marked.map(|(block, _)| block.text).collect()
    }

    #[test]
    fn boxes_are_known_by_name_or_label() {
        let list = "<ul><li>The ferry sails again.<li>The repair cost 214,000.</ul>";
        let story = "<p>The white ferry came round the point at ten past seven.";
        for (html, count) in [
            (
                format!("<div class=c-ai-summary__box>{list}</div>{story}"),
                2,
            ),
            (format!("<div><h3>AI summary</h3>{list}</div>{story}"), 3),
            (
                format!("<details><summary>KI-Zusammenfassung</summary>{list}</details>{story}"),
                3,
            ),
            (
                format!("<div><p>It rained.</p><h3>Resumen IA</h3>{list}{story}</div>"),
                3,
            ),
            (
                format!("<div class=summary><h3>In short</h3>{list}</div>{story}"),
                0,
            ),
            (
                format!("<p>AI summary boxes are all over the news, and nobody reads them.{story}"),
                0,
            ),
        ] {
            assert_eq!(summary(&html).len(), count, "{html}");
        }
    }
}
