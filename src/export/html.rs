//! A record as a small HTML page.

use maud::{DOCTYPE, Markup, html as markup};

use super::byline;
use crate::record::{Block, BlockKind, Record};

/// A whole HTML page: title, authors and date, and the body with its structure; all text is escaped.
///
/// ```
/// let record = gleaner::Record::default().with(|record| record.title = Some("Rain & sun".to_owned()));
/// assert!(gleaner::export::html(&record).contains("<h1>Rain &amp; sun</h1>"));
/// ```
#[must_use]
pub fn html(record: &Record) -> String {
    let title = record.title.as_deref().unwrap_or_default();
    let page = markup! {
        (DOCTYPE)
        html lang=[record.language.as_deref()] {
            head {
                meta charset="utf-8";
                title { (title) }
                @if let Some(url) = record.canonical_url.as_ref().or(record.url.as_ref()) {
                    link rel="canonical" href=(url);
                }
            }
            body {
                article {
                    @if !title.is_empty() { h1 { (title) } }
                    @if let Some(byline) = byline(record) { p { em { (byline) } } }
                    (body(&record.blocks))
                }
            }
        }
    };
    let mut page = page.into_string();
    page.push('\n');
    page
}

/// Blocks in order; list items that follow each other share a list.
fn body(blocks: &[Block]) -> Markup {
    let runs = blocks.chunk_by(|one, next| is_item(one) && is_item(next));
    markup! {
        @for run in runs {
            @if is_item(&run[0]) { (list(run)) } @else { (single(&run[0])) }
        }
    }
}

fn is_item(block: &Block) -> bool {
    matches!(block.kind, BlockKind::ListItem { .. })
}

fn depth_of(block: &Block) -> u8 {
    match block.kind {
        BlockKind::ListItem { depth, .. } => depth,
        _ => 0,
    }
}

/// A list whose first item sets its depth and kind; deeper items are lists inside the item before.
fn list(items: &[Block]) -> Markup {
    let depth = items.iter().map(depth_of).min().unwrap_or(0);
    let ordered = matches!(items[0].kind, BlockKind::ListItem { ordered: true, .. });
    // An item and the deeper ones after it; deeper ones at the very start stand for themselves.
    let groups: Vec<&[Block]> = items.chunk_by(|_, next| depth_of(next) > depth).collect();
    let inner = markup! {
        @for group in groups {
            li {
                @if depth_of(&group[0]) == depth {
                    (lines(&group[0].text))
                    @if group.len() > 1 { (list(&group[1..])) }
                } @else {
                    (list(group))
                }
            }
        }
    };
    markup! { @if ordered { ol { (inner) } } @else { ul { (inner) } } }
}

fn single(block: &Block) -> Markup {
    match &block.kind {
        BlockKind::Heading { level } => match level {
            0..=2 => markup! { h2 { (lines(&block.text)) } },
            3 => markup! { h3 { (lines(&block.text)) } },
            4 => markup! { h4 { (lines(&block.text)) } },
            5 => markup! { h5 { (lines(&block.text)) } },
            _ => markup! { h6 { (lines(&block.text)) } },
        },
        BlockKind::Quote => markup! { blockquote { p { (lines(&block.text)) } } },
        BlockKind::Code => markup! { pre { code { (block.text) } } },
        BlockKind::Table { rows } => markup! {
            table { @for row in rows { tr { @for cell in row { td { (lines(cell)) } } } } }
        },
        BlockKind::Caption => markup! { figure { figcaption { (lines(&block.text)) } } },
        BlockKind::Paragraph | BlockKind::ListItem { .. } => markup! { p { (lines(&block.text)) } },
    }
}

/// Text with its line feeds kept.
fn lines(text: &str) -> Markup {
    markup! {
        @for (at, line) in text.split('\n').enumerate() {
            @if at > 0 { br; }
            (line)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_items_are_lists_in_their_item() {
        let item = |ordered, depth, text| Block::new(BlockKind::ListItem { ordered, depth }, text);
        let blocks = [item(true, 0, "a"), item(false, 1, "b"), item(true, 0, "c")];
        assert_eq!(
            body(&blocks).into_string(),
            "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"
        );
    }

    #[test]
    fn text_is_escaped_and_lines_are_kept() {
        let block = Block::new(BlockKind::Paragraph, "<b>\nx");
        assert_eq!(body(&[block]).into_string(), "<p>&lt;b&gt;<br>x</p>");
    }
}
