//! From kept text blocks to the record's blocks, with their structure.

use crate::block::{Shape, TextBlock, email};
use crate::body::switches::{Rule, Switches};
use crate::dom::{Document, NodeId, Tag};
use crate::record::{Block, BlockKind};

/// Builds the record's blocks out of kept text blocks, in reading order. Beside each stands the
/// node it begins at.
pub(crate) fn assemble(
    page: &Document,
    kept: &[&TextBlock],
    switches: Switches,
) -> Vec<(Block, NodeId)> {
    let mut out = Vec::new();
    let mut rest = kept;
    while let Some(first) = rest.first() {
        let (part, after) = rest.split_at(table_len(rest));
        if let Some(table) = table(page, part) {
            out.push((table, first.first));
            rest = after;
            continue;
        }
        let (part, after) = rest.split_at(group_len(rest));
        if !(is_line_numbers(first) && switches.on(Rule::LineNumbers)) {
            out.push((block(page, part), first.first));
        }
        rest = after;
    }
    out
}

/// How many blocks from the front stand in the data table that begins there; 0 if none does. What
/// is left of a table must still be one: a lone cell is a paragraph.
fn table_len(blocks: &[&TextBlock]) -> usize {
    let Some(first) = blocks[0].cell.filter(|_| blocks[0].tabular) else {
        return 0;
    };
    let len = blocks
        .iter()
        .take_while(|block| block.cell.is_some_and(|cell| cell.table == first.table))
        .count();
    let has_columns = blocks[..len]
        .iter()
        .any(|block| block.cell.map(|cell| cell.cell) != Some(first.cell));
    if has_columns { len } else { 0 }
}

/// The table of the blocks in it, empty cells in their places; none for no blocks.
fn table(page: &Document, blocks: &[&TextBlock]) -> Option<Block> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let same_row = |one: &&TextBlock, next: &&TextBlock| {
        one.cell.map(|cell| cell.row) == next.cell.map(|cell| cell.row)
    };
    for row in blocks.chunk_by(same_row) {
        let Some(first) = row[0].cell else { continue };
        let mut cells = Vec::new();
        let mut texts = row.iter().peekable();
        let own = page
            .children(first.row)
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
    Block::new(kind, texts.join("\n"))
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
