//! From kept text blocks to the record's blocks, with their structure.

use crate::block::{Shape, TextBlock, email};
use crate::dom::{Document, NodeId, Tag};
use crate::record::{Block, BlockKind};

/// Most characters a cell of a data table has on average; larger cells lay out a page.
const MAX_MEAN_CELL_CHARS: usize = 150;

/// Builds the record's blocks out of kept text blocks, in reading order. Beside each stands the
/// node it begins at.
#[must_use]
pub(crate) fn assemble(page: &Document, kept: &[&TextBlock]) -> Vec<(Block, NodeId)> {
    let mut out = Vec::new();
    let mut rest = kept;
    while let Some(first) = rest.first() {
        let (part, after) = rest.split_at(table_len(page, rest));
        if let Some(table) = table(page, part) {
            out.push((table, first.first));
            rest = after;
            continue;
        }
        let (part, after) = rest.split_at(group_len(rest));
        if !is_line_numbers(first) {
            out.push((block(page, part), first.first));
        }
        rest = after;
    }
    out
}

/// How many blocks from the front stand in the data table that begins there; 0 if none does.
fn table_len(page: &Document, blocks: &[&TextBlock]) -> usize {
    let Some(table) = blocks
        .first()
        .and_then(|block| block.cell)
        .map(|cell| cell.table)
    else {
        return 0;
    };
    let role = page.attribute(table, "role");
    if role.is_some_and(|role| matches!(role, "presentation" | "none")) {
        return 0;
    }
    let inside = |block: &&&TextBlock| block.cell.is_some_and(|cell| cell.table == table);
    let len = blocks.iter().take_while(inside).count();
    let (mut rows, mut cells, mut chars) = (0, 0, 0);
    let mut last = None;
    for block in &blocks[..len] {
        chars += block.chars;
        if let Some(cell) = block.cell {
            rows += usize::from(last.is_none_or(|(row, _)| row != cell.row));
            cells += usize::from(last.is_none_or(|(_, before)| before != cell.cell));
            last = Some((cell.row, cell.cell));
        }
    }
    let is_data = rows >= 2 && cells > rows && chars <= cells * MAX_MEAN_CELL_CHARS;
    if is_data { len } else { 0 }
}

/// The table of the blocks in it, empty cells in their places; none for no blocks.
fn table(page: &Document, blocks: &[&TextBlock]) -> Option<Block> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let same_row = |one: &&TextBlock, next: &&TextBlock| {
        one.cell.map(|cell| cell.row) == next.cell.map(|cell| cell.row)
    };
    for row in blocks.chunk_by(same_row) {
        let Some(place) = row[0].cell else { continue };
        let mut cells = Vec::new();
        let mut texts = row.iter().peekable();
        let own = page
            .children(place.row)
            .filter(|child| matches!(page.tag(*child), Tag::Td | Tag::Th));
        for cell in own {
            let inside = |block: &TextBlock| block.cell.is_some_and(|own| own.cell == cell);
            let mut text = String::new();
            while let Some(block) = texts.next_if(|block| inside(block)) {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&words(page, block).replace('\n', " "));
            }
            cells.push(text);
        }
        // Text of the row that is in none of its cells: nothing is lost, wherever it stands.
        cells.extend(texts.map(|block| words(page, block)));
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        rows.push(cells);
    }
    let lines: Vec<String> = rows.iter().map(|row| row.join(" | ")).collect();
    (!rows.is_empty()).then(|| Block {
        text: lines.join("\n"),
        kind: BlockKind::Table { rows },
    })
}

/// How many blocks from the front are one: those of a list item, of a caption, of a `<pre>`. Every
/// other block stands alone.
fn group_len(blocks: &[&TextBlock]) -> usize {
    let first = blocks[0];
    match first.shape {
        Shape::Item { .. } | Shape::Caption | Shape::Code => blocks
            .iter()
            .take_while(|block| block.shape == first.shape && block.group == first.group)
            .count(),
        Shape::Paragraph | Shape::Heading(_) | Shape::Quote => 1,
    }
}

/// Whether a block counts the lines of the code in the next cell.
fn is_line_numbers(block: &TextBlock) -> bool {
    block.shape == Shape::Code
        && block.cell.is_some()
        && block
            .text
            .chars()
            .all(|c| c.is_ascii_digit() || c.is_whitespace())
}

fn block(page: &Document, parts: &[&TextBlock]) -> Block {
    let kind = match parts[0].shape {
        Shape::Paragraph => BlockKind::Paragraph,
        Shape::Heading(level) => BlockKind::Heading { level },
        Shape::Item { ordered, depth, .. } => BlockKind::ListItem { ordered, depth },
        Shape::Quote => BlockKind::Quote,
        Shape::Code => BlockKind::Code,
        Shape::Caption => BlockKind::Caption,
    };
    let texts: Vec<String> = parts.iter().map(|part| words(page, part)).collect();
    Block {
        kind,
        text: texts.join("\n"),
    }
}

/// A block's text, hidden e-mail addresses shown.
fn words(page: &Document, block: &TextBlock) -> String {
    if block.hidden_emails.is_empty() {
        return block.text.clone();
    }
    let hidden: Vec<&str> = block
        .hidden_emails
        .iter()
        .filter_map(|id| page.element(*id).and_then(email::hidden_in))
        .collect();
    email::reveal(&block.text, &hidden)
}
