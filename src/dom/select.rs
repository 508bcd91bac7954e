//! CSS selectors over a page, for users' own rules for a site. Not for the way of every page: the
//! page is written out and parsed again by scraper, which costs more than all else together.

use std::fmt::Write;

use scraper::{Html, Selector};

use super::{Document, NodeData, NodeId, Tag};

/// The attribute that carries a node's number through the second parse.
const NUMBER: &str = "data-gleaner-node";

/// Whether a text is a CSS selector.
pub(crate) fn is_selector(text: &str) -> bool {
    Selector::parse(text).is_ok()
}

impl Document {
    /// The elements that match one of the selectors, in document order; what is no selector
    /// matches nothing.
    ///
    /// ```
    /// use gleaner::dom::Document;
    ///
    /// let page = Document::parse("<div class=body><p>Rain.</p></div><p>Menu</p>");
    /// let body = page.select(&["div.body > p"]);
    /// assert_eq!(page.text_of(body[0]), "Rain.");
    /// ```
    #[must_use]
    pub fn select(&self, selectors: &[&str]) -> Vec<NodeId> {
        let copy = Html::parse_document(&self.numbered());
        let mut found: Vec<NodeId> = selectors
            .iter()
            .filter_map(|selector| Selector::parse(selector).ok())
            .flat_map(|selector| {
                copy.select(&selector)
                    .filter_map(|element| element.attr(NUMBER)?.parse().ok().map(NodeId))
                    .collect::<Vec<_>>()
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The page as HTML, without scripts and styles, each element numbered.
    fn numbered(&self) -> String {
        let mut html = String::new();
        let mut open: Vec<NodeId> = Vec::new();
        for (id, node) in self.nodes() {
            while let Some(closed) = open.pop_if(|top| self.node(*top).end <= id) {
                self.close(closed, &mut html);
            }
            match &node.data {
                NodeData::Element(element) => {
                    let _ = write!(html, "<{} {NUMBER}={}", element.name(), id.0);
                    for (name, value) in element.attributes() {
                        let _ = write!(html, " {name}=\"{}\"", value.replace('"', "&quot;"));
                    }
                    html.push('>');
                    open.push(id);
                }
                NodeData::Text(text) if !self.tag(node.parent).is_raw_text() => {
                    html.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
                }
                _ => {}
            }
        }
        while let Some(closed) = open.pop() {
            self.close(closed, &mut html);
        }
        html
    }

    fn close(&self, id: NodeId, html: &mut String) {
        let is_void = matches!(
            self.tag(id),
            Tag::Br
                | Tag::Img
                | Tag::Input
                | Tag::Link
                | Tag::Meta
                | Tag::Hr
                | Tag::Wbr
                | Tag::Source
                | Tag::Embed
                | Tag::Base
                | Tag::Frame
        );
        if let Some(element) = self.element(id).filter(|_| !is_void) {
            let _ = write!(html, "</{}>", element.name());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_see_the_page_as_it_was_parsed() {
        let page = Document::parse(
            "<table><tr><td class='a \"b\"'>1<br>2</table><script>if (a<b) { x = '<p>' }</script>\
             <ul><li>x<li id=two>y &lt;z&gt;</ul>",
        );
        let text = |selectors: &[&str]| -> Vec<String> {
            let found = page.select(selectors);
            found.iter().map(|id| page.text_of(*id)).collect()
        };
        assert_eq!(text(&["td.a"]), ["12"]);
        assert_eq!(text(&["li:last-child", "#two", "li"]), ["x", "y <z>"]);
        assert_eq!(text(&["script"]), ["if (a<b) { x = '<p>' }"]);
        assert!(text(&["p", "::::"]).is_empty());
        assert!(is_selector("div.body > p, #story"));
        assert!(!is_selector("div.."));
    }
}
