//! A record as `CommonMark` with pipe tables.

use super::byline;
use crate::record::{Block, BlockKind, Record};

/// Spaces by which a nested list item is indented: enough for `10. `.
const LIST_INDENT: usize = 4;

/// Title as the only first-level heading, then a line with authors and date, then the body.
///
/// Characters that Markdown would read as markup are escaped.
///
/// ```
/// let record = gleaner::Record::default().with(|record| record.title = Some("Rain *at last*".to_owned()));
/// assert_eq!(gleaner::export::markdown(&record), "# Rain \\*at last\\*\n");
/// ```
#[must_use]
pub fn markdown(record: &Record) -> String {
    let mut out = String::new();
    if let Some(title) = &record.title {
        part(&mut out, &format!("# {}", escape(title)));
    }
    if let Some(byline) = byline(record) {
        part(&mut out, &format!("*{}*", escape(&byline)));
    }
    // Items so far by depth; empty outside a list.
    let mut counters: Vec<usize> = Vec::new();
    for block in &record.blocks {
        if let BlockKind::ListItem { ordered, depth } = block.kind {
            let in_list = !counters.is_empty();
            let depth = usize::from(depth);
            counters.resize(depth + 1, 0);
            counters[depth] += 1;
            let marker = if ordered {
                format!("{}.", counters[depth])
            } else {
                "-".to_owned()
            };
            let indent = " ".repeat(depth * LIST_INDENT);
            let hanging = format!("\n{indent}{}", " ".repeat(marker.len() + 1));
            let text = escape(&block.text).replace('\n', &hanging);
            let line = format!("{indent}{marker} {text}");
            if in_list {
                out.push_str(&line);
                out.push('\n');
            } else {
                part(&mut out, &line);
            }
        } else {
            counters.clear();
            part(&mut out, &write_block(block));
        }
    }
    out
}

fn part(out: &mut String, text: &str) {
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
    out.push('\n');
}

fn write_block(block: &Block) -> String {
    match &block.kind {
        // The page's own first level is the title's.
        BlockKind::Heading { level } => {
            let marks = "#".repeat(usize::from(*level).clamp(2, 6));
            format!("{marks} {}", escape(&block.text).replace('\n', " "))
        }
        BlockKind::Quote => escape(&block.text)
            .lines()
            .map(|line| format!("> {line}"))
            .collect::<Vec<_>>()
            .join("\n"),
        BlockKind::Code => fenced(&block.text),
        BlockKind::Table { rows } => table(rows),
        BlockKind::Caption => format!("*{}*", escape(&block.text)),
        BlockKind::Paragraph | BlockKind::ListItem { .. } => {
            escape(&block.text).replace('\n', "  \n")
        }
    }
}

/// Code between fences longer than any run of backticks in it.
fn fenced(code: &str) -> String {
    let longest = code
        .split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{code}\n{fence}")
}

fn table(rows: &[Vec<String>]) -> String {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut lines = Vec::with_capacity(rows.len() + 1);
    for (at, row) in rows.iter().enumerate() {
        let mut line = String::from("|");
        for column in 0..width {
            let cell = row.get(column).map_or("", String::as_str);
            let cell = escape(cell).replace('|', "\\|").replace('\n', " ");
            line.extend([" ", &cell, " |"]);
        }
        lines.push(line);
        if at == 0 {
            lines.push(format!("|{}", " --- |".repeat(width)));
        }
    }
    lines.join("\n")
}

/// `text` with a backslash before what Markdown would take for markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let numbered = digits > 0 && line[digits..].starts_with(['.', ')']);
        for (at, letter) in line.char_indices() {
            let opens_block = (at == 0 && matches!(letter, '#' | '>' | '-' | '+' | '='))
                || (numbered && at == digits);
            if opens_block || matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<') {
                out.push('\\');
            }
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(ordered: bool, depth: u8, text: &str) -> Block {
        Block::new(BlockKind::ListItem { ordered, depth }, text)
    }

    #[test]
    fn nested_lists_count_and_indent() {
        let record = Record {
            blocks: vec![
                item(true, 0, "one"),
                item(false, 1, "inner"),
                item(true, 0, "two"),
            ],
            ..Record::default()
        };
        assert_eq!(markdown(&record), "1. one\n    - inner\n2. two\n");
    }

    #[test]
    fn tables_have_a_head_and_even_rows() {
        let rows = vec![vec!["a|b".to_owned(), "c".to_owned()], vec!["d".to_owned()]];
        assert_eq!(table(&rows), "| a\\|b | c |\n| --- | --- |\n| d |  |");
    }

    #[test]
    fn text_that_looks_like_markup_stays_text() {
        assert_eq!(escape("1. May\n- x_y"), "1\\. May\n\\- x\\_y");
    }

    #[test]
    fn a_fence_is_longer_than_the_backticks_in_the_code() {
        assert_eq!(fenced("a ``` b"), "````\na ``` b\n````");
    }
}
