//! Parts of a page that the server sent late and that a script puts in their place.
//!
//! React's server renderer sends what is slow at the end of the page, as `<div hidden id="S:1">`,
//! with a script that calls `$RC("B:1","S:1")`: the contents of `S:1` go where the template `B:1`
//! stands. `$RS("S:2","P:2")` does the same for a part of a part. Nothing runs here, so the calls
//! are read and carried out. Source: react-dom's server runtime (`ReactDOMFizzInlineShared`).

/// A part of the page and the template in whose place it belongs, by their ids.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Move<'a> {
    pub(super) part: &'a str,
    pub(super) place: &'a str,
}

/// Calls of the runtime, and whether the place is named before the part.
const CALLS: [(&str, bool); 3] = [("$RC(", true), ("$RR(", true), ("$RS(", false)];

/// How the ids of hidden parts begin.
pub(super) const PART: &str = "S:";

/// How the ids of templates that parts replace begin.
pub(super) const PLACES: [&str; 2] = ["B:", "P:"];

/// The moves that a script asks for, in its order.
pub(super) fn moves(script: &str) -> impl Iterator<Item = Move<'_>> {
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

#[cfg(test)]
mod tests {
    use super::{Move, moves};
    use crate::block;
    use crate::dom::Document;

    #[test]
    fn reads_the_calls_of_the_runtime() {
        let script = r#"$RC=function(b,c){};$RC("B:1","S:1");$RS("S:a","P:a");$RC("B:2""#;
        let found: Vec<Move> = moves(script).collect();
        let expected = [("S:1", "B:1"), ("S:a", "P:a")].map(|(part, place)| Move { part, place });
        assert_eq!(found, expected);
    }

    fn texts(html: &str) -> Vec<(String, bool)> {
        block::segment(&Document::parse(html))
            .into_iter()
            .map(|b| (b.text, b.cues.has(block::Cue::Unseen)))
            .collect()
    }

    #[test]
    fn late_parts_stand_in_their_place_and_are_seen() {
        let html = r#"<main><h1>Ferry</h1><!--$?--><template id="B:0"></template><p>Wait</p><!--/$-->
            </main><footer>About</footer>
            <div hidden id="S:0"><p>It sank.</p><template id="P:1"></template><p>All swam.</p></div>
            <script>$RC=function(){};$RC("B:0","S:0")</script>
            <div hidden id="S:1"><p>At noon.</p></div><script>$RS("S:1","P:1")</script>"#;
        let expected = [
            "Ferry",
            "It sank.",
            "At noon.",
            "All swam.",
            "Wait",
            "About",
        ]
        .map(|text| (text.to_owned(), false));
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
        assert_eq!(
            page.text_of(crate::dom::NodeId::ROOT).matches('a').count(),
            500
        );
    }
}
