//! From HTML to the arena: html5ever's tokenizer and tree builder, kept within bounds.

use std::cell::RefCell;

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag as TagToken, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
    TokenizerOpts,
};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};

use super::sink::Sink;
use super::{Node, Tag};

/// Open elements beyond which start tags are ignored; Blink and Gecko nest no deeper than 512.
/// Keeps the standard's scope checks, which look up the stack of open elements, from going
/// quadratic.
const MAX_DEPTH: u32 = 512;

/// Nodes beyond which tags are ignored and only text is taken. The largest real page seen has
/// about 150,000; markup that never closes its formatting elements makes the standard's algorithm
/// build any number.
const MAX_NODES: usize = 2_000_000;

/// Parses a page into nodes in document order.
pub(super) fn parse(html: &str) -> Vec<Node> {
    let options = TreeBuilderOpts {
        scripting_enabled: false,
        drop_doctype: true,
        ..TreeBuilderOpts::default()
    };
    let guard = DepthGuard {
        builder: TreeBuilder::new(Sink::new(), options),
        ignored: RefCell::default(),
    };
    let tokenizer = Tokenizer::new(guard, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // A script's end hands control back once; there is nothing to run, so feeding goes on.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    let sink = tokenizer.sink.builder.sink;
    sink.place_streamed_parts();
    sink.place_shadow_trees();
    sink.into_document_order()
}

/// Stands between tokenizer and tree builder and drops start tags that would nest too deep,
/// together with their end tags.
struct DepthGuard {
    builder: TreeBuilder<usize, Sink>,
    /// Start tags dropped and not closed since, by name.
    ignored: RefCell<Vec<(LocalName, u32)>>,
}

impl DepthGuard {
    fn drops(&self, tag: &TagToken) -> bool {
        let sink = &self.builder.sink;
        let mut ignored = self.ignored.borrow_mut();
        let known = ignored.iter().position(|(name, _)| *name == tag.name);
        match tag.kind {
            TagKind::StartTag => {
                let full = sink.len() > MAX_NODES;
                if !full && sink.depth() < MAX_DEPTH {
                    return false;
                }
                // Raw text elements switch the tokenizer's state and must reach the builder.
                if !full && Tag::of(&tag.name).is_raw_text() {
                    return false;
                }
                match known {
                    Some(place) => ignored[place].1 += 1,
                    None => ignored.push((tag.name.clone(), 1)),
                }
                true
            }
            TagKind::EndTag => match known {
                Some(place) if ignored[place].1 > 0 => {
                    ignored[place].1 -= 1;
                    true
                }
                _ => false,
            },
        }
    }
}

impl TokenSink for DepthGuard {
    type Handle = usize;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<usize> {
        match &token {
            Token::TagToken(tag) if self.drops(tag) => TokenSinkResult::Continue,
            Token::ParseError(_) | Token::CommentToken(_) => TokenSinkResult::Continue,
            _ => self.builder.process_token(token, line_number),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}
