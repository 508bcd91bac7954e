//! Parts of a page that the server sent late and that a script puts in their place.
//!
//! React's server renderer sends what is slow at the end of the page, as `<div hidden id="S:1">`,
//! with a script that calls `$RC("B:1","S:1")`: the contents of `S:1` go where the template `B:1`
//! stands. `$RS("S:2","P:2")` does the same for a part of a part. Nothing runs here, so the calls
//! are read and carried out. Source: react-dom's server runtime (`ReactDOMFizzInlineShared`).

use std::collections::HashMap;

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, local_name};

use super::sink::{LinkedData, NONE, Sink};

/// Elements around a place beyond which no late part is put there, so that parts inside parts nest
/// no deeper than about twice what markup itself may.
const MAX_STREAMED_DEPTH: usize = 512;

/// A part of the page and the template in whose place it belongs, by their ids.
#[derive(Debug, PartialEq, Eq)]
struct Move<'a> {
    part: &'a str,
    place: &'a str,
}

/// Calls of the runtime, and whether the place is named before the part.
const CALLS: [(&str, bool); 3] = [("$RC(", true), ("$RR(", true), ("$RS(", false)];

/// How the ids of hidden parts begin.
const PART: &str = "S:";

/// How the ids of templates that parts replace begin.
const PLACES: [&str; 2] = ["B:", "P:"];

/// The moves that a script asks for, in its order.
fn moves(script: &str) -> impl Iterator<Item = Move<'_>> {
    script.match_indices("$R").filter_map(|(at, _)| {
        let call = &script[at..];
        let (name, place_first) = CALLS.iter().find(|(name, _)| call.starts_with(name))?;
        let (first, rest) = argument(&call[name.len()..])?;
        let (second, _) = argument(rest.strip_prefix(',')?)?;
        let (place, part) = match place_first {
            true => (first, second),
            false => (second, first),
        };
        Some(Move { part, place })
    })
}

/// A string in quotes, and what follows it. Ids hold nothing that would be escaped.
fn argument(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"')
}

impl Sink {
    /// Puts the parts of the page that were sent late where their scripts put them.
    pub(super) fn place_streamed_parts(&self) {
        let (mut parts, mut places, mut scripts) = (HashMap::new(), HashMap::new(), Vec::new());
        for (at, node) in self.nodes.borrow().iter().enumerate() {
            let LinkedData::Element { name, attributes } = &node.data else {
                continue;
            };
            if name.local == local_name!("script") {
                scripts.push(at);
            } else if let Some(id) = value_of(attributes, &local_name!("id")) {
                let hidden = || value_of(attributes, &local_name!("hidden")).is_some();
                if id.starts_with(PART) && hidden() {
                    parts.insert(id.to_string(), at);
                } else if PLACES.iter().any(|place| id.starts_with(place)) {
                    places.insert(id.to_string(), at);
                }
            }
        }
        if parts.is_empty() {
            return;
        }
        for script in scripts {
            let text = self.text_inside(script);
            for Move { part, place } in moves(&text) {
                if let (Some(part), Some(place)) = (parts.get(part), places.get(place)) {
                    self.move_contents(*part, *place);
                }
            }
        }
    }

    /// The text a script element holds.
    fn text_inside(&self, script: usize) -> StrTendril {
        let nodes = self.nodes.borrow();
        match nodes.get(nodes[script].first).map(|node| &node.data) {
            Some(LinkedData::Text(text)) => text.clone(),
            _ => StrTendril::new(),
        }
    }

    /// Moves what an element holds in front of a node outside it.
    fn move_contents(&self, from: usize, next: usize) {
        let mut around = next;
        let mut depth = 0;
        while around != NONE {
            if around == from || depth > MAX_STREAMED_DEPTH {
                return;
            }
            depth += 1;
            around = self.nodes.borrow()[around].parent;
        }
        let parent = self.nodes.borrow()[next].parent;
        if parent == NONE {
            return;
        }
        loop {
            let first = self.nodes.borrow()[from].first;
            if first == NONE {
                return;
            }
            self.detach(first);
            self.insert(first, parent, next);
        }
    }
}

/// The value of an attribute.
pub(super) fn value_of<'a>(attributes: &'a [Attribute], name: &LocalName) -> Option<&'a str> {
    attributes
        .iter()
        .find(|attribute| attribute.name.local == *name)
        .map(|attribute| &*attribute.value)
}

#[cfg(test)]
mod tests {
    use super::{Move, moves};
    use crate::dom::{Document, NodeData, NodeId};

    #[test]
    fn reads_the_calls_of_the_runtime() {
        let script = r#"$RC=function(b,c){};$RC("B:1","S:1");$RS("S:a","P:a");$RC("B:2""#;
        let found: Vec<Move> = moves(script).collect();
        let expected = [("S:1", "B:1"), ("S:a", "P:a")].map(|(part, place)| Move { part, place });
        assert_eq!(found, expected);
    }

    /// The texts of a page, and whether each stands in a hidden element.
    fn texts(html: &str) -> Vec<(String, bool)> {
        let page = Document::parse(html);
        let is_hidden = |id| {
            page.ancestors(id)
                .any(|up| page.attribute(up, "hidden").is_some())
        };
        page.nodes()
            .filter_map(|(id, node)| match &node.data {
                NodeData::Text(text) if !page.tag(node.parent).is_raw_text() => {
                    Some((text.trim().to_owned(), is_hidden(id)))
                }
                _ => None,
            })
            .filter(|(text, _)| !text.is_empty())
            .collect()
    }

    #[test]
    fn late_parts_stand_in_their_place_and_are_seen() {
        let html = r#"<main><h1>Ferry</h1><!--$?--><template id="B:0"></template><p>Wait</p><!--/$-->
            </main><footer>About</footer>
            <div hidden id="S:0"><p>It sank.</p><template id="P:1"></template><p>All swam.</p></div>
            <script>$RC=function(){};$RC("B:0","S:0")</script>
            <div hidden id="S:1"><p>At noon.</p></div><script>$RS("S:1","P:1")</script>"#;
        let order = "Ferry|It sank.|At noon.|All swam.|Wait|About";
        let expected: Vec<_> = order
            .split('|')
            .map(|text| (text.to_owned(), false))
            .collect();
        assert_eq!(texts(html), expected);
    }

    #[test]
    fn a_part_cannot_be_put_inside_itself_or_nowhere() {
        let html = r#"<p>Ferry</p><div hidden id="S:0"><template id="B:0"></template><p>It sank.</p>
            <div hidden id="S:1"><template id="B:1"></template></div></div>
            <script>$RC("B:0","S:0");$RC("B:1","S:0");$RC("B:9","S:0");$RC("B:0","S:9")</script>"#;
        let expected = [("Ferry".to_owned(), false), ("It sank.".to_owned(), true)];
        assert_eq!(texts(html), expected);
    }

    #[test]
    fn parts_in_parts_nest_no_deeper_than_markup_may() {
        use std::fmt::Write;
        let mut html = String::from(r#"<p>Ferry</p><template id="B:0"></template>"#);
        for at in 0..500 {
            let open = "<div>".repeat(400);
            let close = "</div>".repeat(400);
            let next = at + 1;
            write!(
                html,
                r#"<div hidden id="S:{at}">{open}a<template id="B:{next}"></template>{close}</div>"#
            )
            .expect("memory takes it");
        }
        html.push_str("<script>");
        for at in 0..500 {
            write!(html, r#"$RC("B:{at}","S:{at}");"#).expect("memory takes it");
        }
        html.push_str("</script>");
        let page = Document::parse(&html);
        assert!(page.nodes().all(|(_, node)| node.depth < 1500));
        assert_eq!(page.text_of(NodeId::ROOT).matches('a').count(), 500);
    }
}
