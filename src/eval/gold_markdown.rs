//! Gold written as Markdown: title and body without their markup.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The title (a first-level heading at the start) and the body: blocks separated by a blank line,
/// cells of a table by ` | `. A line all in emphasis right under the title is the byline that
/// `gleaner extract --format markdown` writes there, and is left out.
pub(super) fn title_and_text(markdown: &str) -> (Option<String>, String) {
    let mut reader = GoldMarkdownParser::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        reader.take(&event);
    }
    reader.end_block();
    let mut blocks = reader.blocks.into_iter().peekable();
    let title = blocks.next_if(|block| block.title).map(|block| block.text);
    if title.is_some() {
        blocks.next_if(|block| block.emphasised == block.text.len());
    }
    let body: Vec<String> = blocks.map(|block| block.text).collect();
    (title, body.join("\n\n"))
}

#[derive(Debug, Default)]
struct MarkdownBlock {
    text: String,
    title: bool,
    /// Bytes of `text` in emphasis: all of them in a byline.
    emphasised: usize,
}

#[derive(Debug, Default)]
struct GoldMarkdownParser {
    blocks: Vec<MarkdownBlock>,
    open: MarkdownBlock,
    emphasis: usize,
    images: usize,
    in_table: bool,
}

impl GoldMarkdownParser {
    fn take(&mut self, event: &Event) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.end_block();
                self.open.title = *level == HeadingLevel::H1;
            }
            Event::Start(Tag::Table(_)) => {
                self.end_block();
                self.in_table = true;
            }
            Event::End(TagEnd::Table) => {
                self.in_table = false;
                self.end_block();
            }
            Event::Start(Tag::TableRow | Tag::TableHead) if !self.open.text.is_empty() => {
                self.open.text.push('\n');
            }
            Event::Start(Tag::TableCell)
                if !self.open.text.is_empty() && !self.open.text.ends_with('\n') =>
            {
                self.open.text.push_str(" | ");
            }
            Event::Start(Tag::Paragraph | Tag::Item | Tag::CodeBlock(_) | Tag::BlockQuote(_))
            | Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::Heading(_),
            ) => self.end_block(),
            Event::Start(Tag::Emphasis) => self.emphasis += 1,
            Event::End(TagEnd::Emphasis) => self.emphasis = self.emphasis.saturating_sub(1),
            Event::Start(Tag::Image { .. }) => self.images += 1,
            Event::End(TagEnd::Image) => self.images = self.images.saturating_sub(1),
            Event::Text(text) | Event::Code(text) => self.push(text),
            Event::SoftBreak => self.push(" "),
            Event::HardBreak => self.push("\n"),
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        if self.images == 0 {
            self.open.text.push_str(text);
            if self.emphasis > 0 {
                self.open.emphasised += text.len();
            }
        }
    }

    fn end_block(&mut self) {
        if self.in_table {
            return;
        }
        let block = std::mem::take(&mut self.open);
        if !block.text.trim().is_empty() {
            self.blocks.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_the_title_stands_apart() {
        let (title, text) = title_and_text(
            "# Rain *at last*\n\n*Ann Bell · 2026-03-01*\n\nIt [rained](https://a.example) \
             **hard**.\n![a cloud](cloud.png)\n\n## Why\n\n- wind\n- snow_melt\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        );
        assert_eq!(title.as_deref(), Some("Rain at last"));
        assert_eq!(
            text,
            "It rained hard. \n\nWhy\n\nwind\n\nsnow_melt\n\na | b\n1 | 2"
        );
    }

    #[test]
    fn a_text_without_title_is_all_body() {
        let (title, text) = title_and_text("## Why\n\n*All of it*");
        assert_eq!((title, text.as_str()), (None, "Why\n\nAll of it"));
    }
}
