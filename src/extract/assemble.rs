//! From kept text blocks to the record's blocks, with their structure.

use crate::block::{Shape, TextBlock};
use crate::dom::NodeId;
use crate::record::{Block, BlockKind};

/// Most characters a cell of a data table has on average; larger cells lay out a page.
const MAX_MEAN_CELL_CHARS: usize = 150;

/// Builds the record's blocks out of kept text blocks, in reading order. Beside each stands the
/// node it begins at.
#[must_use]
pub(super) fn assemble(kept: &[&TextBlock]) -> Vec<(Block, NodeId)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < kept.len() {
        let end = table_end(kept, at);
        if end > at {
            out.push((table(&kept[at..end]), kept[at].first));
            at = end;
            continue;
        }
        let end = same_element_end(kept, at);
        out.push((block(&kept[at..end]), kept[at].first));
        at = end;
    }
    out
}

/// One past the last block of the data table that begins at `at`, or `at` if none does.
fn table_end(kept: &[&TextBlock], at: usize) -> usize {
    let Some(first) = kept[at].cell else {
        return at;
    };
    let len = kept[at..]
        .iter()
        .take_while(|block| block.cell.is_some_and(|cell| cell.table == first.table))
        .count();
    let blocks = &kept[at..at + len];
    let distinct = |part: fn(&TextBlock) -> Option<NodeId>| {
        let mut ids: Vec<_> = blocks.iter().filter_map(|block| part(block)).collect();
        ids.dedup();
        ids.len()
    };
    let rows = distinct(|block| block.cell.map(|cell| cell.row));
    let cells = distinct(|block| block.cell.map(|cell| cell.cell));
    let chars: usize = blocks.iter().map(|block| block.chars).sum();
    let is_data = rows >= 2 && cells > rows && chars <= cells * MAX_MEAN_CELL_CHARS;
    if is_data { at + len } else { at }
}

fn table(blocks: &[&TextBlock]) -> Block {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut last = None;
    for block in blocks {
        let Some(place) = block.cell else { continue };
        let text = block.text.replace('\n', " ");
        match last {
            Some((_, cell)) if cell == place.cell => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.push(' ');
                    cell.push_str(&text);
                }
            }
            Some((row, _)) if row == place.row => {
                if let Some(row) = rows.last_mut() {
                    row.push(text);
                }
            }
            _ => rows.push(vec![text]),
        }
        last = Some((place.row, place.cell));
    }
    let text = rows
        .iter()
        .map(|row| row.join(" | "))
        .collect::<Vec<_>>()
        .join("\n");
    Block {
        kind: BlockKind::Table { rows },
        text,
    }
}

/// Blocks of one list item belong together; every other block stands alone.
fn same_element_end(kept: &[&TextBlock], at: usize) -> usize {
    let Shape::Item { item, .. } = kept[at].shape else {
        return at + 1;
    };
    at + kept[at..]
        .iter()
        .take_while(|block| matches!(block.shape, Shape::Item { item: same, .. } if same == item))
        .count()
}

fn block(parts: &[&TextBlock]) -> Block {
    let kind = match parts[0].shape {
        Shape::Paragraph => BlockKind::Paragraph,
        Shape::Heading(level) => BlockKind::Heading { level },
        Shape::Item { ordered, depth, .. } => BlockKind::ListItem { ordered, depth },
        Shape::Quote => BlockKind::Quote,
        Shape::Code => BlockKind::Code,
        Shape::Caption => BlockKind::Caption,
    };
    let text = parts
        .iter()
        .map(|part| part.text.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    Block { kind, text }
}
