//! A parsed page: a read-only arena of nodes in document order.
//!
//! This is the only module that knows the parser. Nodes are numbered in document order, so a
//! subtree is a range of numbers, "before" is `<`, and one loop over the arena is a walk of the
//! page. Comments, doctypes and the contents of inert `<template>`s are not kept.
//!
//! ```
//! use gleaner::dom::{Document, Tag};
//!
//! let page = Document::parse("<title>A &amp; B</title><p class=lead>Good <b>morning</b>.");
//! let p = page.elements().find(|(_, e)| e.tag == Tag::P).expect("there is one").0;
//! assert_eq!(page.text_of(p), "Good morning.");
//! assert_eq!(page.attribute(p, "class"), Some("lead"));
//! ```

mod parse;
mod select;
mod shadow;
mod sink;
mod streamed;
mod tag;

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName};
use xxhash_rust::xxh3::xxh3_64;

pub(crate) use select::is_selector;
pub use tag::Tag;

/// A node's place in document order; the root is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The root of every document.
    pub const ROOT: Self = Self(0);

    /// The node's place as an index.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A parsed page. Not `Send`: parse and extract inside one task.
#[derive(Debug)]
pub struct Document {
    nodes: Vec<Node>,
}

/// One node of a page.
#[derive(Debug)]
pub struct Node {
    /// The node this one stands in; the root stands in itself.
    pub parent: NodeId,
    /// One past the last node of this node's subtree.
    pub end: NodeId,
    /// Number of ancestors; 0 for the root.
    pub depth: u32,
    /// What the node is.
    pub data: NodeData,
}

/// What a node is.
#[derive(Debug)]
pub enum NodeData {
    /// The document itself.
    Root,
    /// An element with its attributes.
    Element(Element),
    /// A run of text, as it stands in the page.
    Text(StrTendril),
}

/// An element's name and attributes.
#[derive(Debug)]
pub struct Element {
    /// The name, where it is one that HTML knows.
    pub tag: Tag,
    name: LocalName,
    attributes: Vec<Attribute>,
}

impl Element {
    /// The element's name in lower case.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The value of an attribute, as it stands in the page.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| &*attribute.name.local == name)
            .map(|attribute| &*attribute.value)
    }

    fn without_names(&self) -> Self {
        let plain = matches!(
            self.tag,
            Tag::Article
                | Tag::Aside
                | Tag::Footer
                | Tag::Header
                | Tag::Main
                | Tag::Nav
                | Tag::Section
        );
        let named = |attribute: &&Attribute| {
            matches!(
                &*attribute.name.local,
                "class" | "id" | "role" | "itemprop" | "itemtype" | "aria-label"
            ) || attribute.name.local.starts_with("data-")
        };
        // Without attributes nothing is declared: no tags of social networks, no structured data.
        let declares = matches!(&*self.name, "meta" | "script" | "link");
        Self {
            tag: if plain { Tag::Div } else { self.tag },
            name: if plain {
                LocalName::from("div")
            } else {
                self.name.clone()
            },
            attributes: self
                .attributes
                .iter()
                .filter(|a| !declares && !named(a))
                .cloned()
                .collect(),
        }
    }

    /// All attributes as name and value, in page order.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes
            .iter()
            .map(|attribute| (&*attribute.name.local, &*attribute.value))
    }
}

impl Document {
    /// Parses a page. Any text is a page; what is nested deeper than a browser would nest it is
    /// flattened.
    #[must_use]
    pub fn parse(html: &str) -> Self {
        Self {
            nodes: parse::parse(html),
        }
    }

    /// A copy as a page with hashed names, without semantic elements and without metadata would be:
    /// no `class`, `id` or `role`, `div` for the elements that name a part of the page, and nothing
    /// declared in its head. For training.
    pub(crate) fn without_names(&self) -> Self {
        let nodes = self.nodes.iter().map(|node| Node {
            data: match &node.data {
                NodeData::Root => NodeData::Root,
                NodeData::Text(text) => NodeData::Text(text.clone()),
                NodeData::Element(element) => NodeData::Element(element.without_names()),
            },
            ..*node
        });
        Self {
            nodes: nodes.collect(),
        }
    }

    /// Number of nodes, the root included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether the page has no node beside the root.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.len() <= 1
    }

    /// A node by its place.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// All nodes in document order.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Node)> + ExactSizeIterator {
        let places = 0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        places.map(NodeId).zip(&self.nodes)
    }

    /// All elements in document order.
    pub fn elements(&self) -> impl Iterator<Item = (NodeId, &Element)> {
        self.nodes().filter_map(|(id, node)| match &node.data {
            NodeData::Element(element) => Some((id, element)),
            _ => None,
        })
    }

    /// The nodes of a subtree in document order, its top included.
    pub fn subtree(&self, top: NodeId) -> impl Iterator<Item = (NodeId, &Node)> {
        let range = top.0..self.node(top).end.0;
        range.map(|place| (NodeId(place), &self.nodes[place as usize]))
    }

    /// The nodes of a range of places in document order, cut at the page's end.
    pub(crate) fn range(
        &self,
        places: std::ops::Range<usize>,
    ) -> impl Iterator<Item = (NodeId, &Node)> {
        let start = places.start.min(self.nodes.len());
        let end = places.end.min(self.nodes.len()).max(start);
        let first = u32::try_from(start).unwrap_or(u32::MAX);
        (first..).map(NodeId).zip(&self.nodes[start..end])
    }

    /// The node's children in document order.
    pub(crate) fn children(&self, parent: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.node(parent).end;
        let first = NodeId(parent.0 + 1);
        std::iter::successors((first < end).then_some(first), move |child| {
            let next = self.node(*child).end;
            (next < end).then_some(next)
        })
    }

    /// The node's ancestors, nearest first, the root last.
    pub(crate) fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::successors((id != NodeId::ROOT).then(|| self.node(id).parent), |up| {
            (*up != NodeId::ROOT).then(|| self.node(*up).parent)
        })
    }

    /// The element at a place, if that node is one.
    pub(crate) fn element(&self, id: NodeId) -> Option<&Element> {
        match &self.node(id).data {
            NodeData::Element(element) => Some(element),
            _ => None,
        }
    }

    /// The tag at a place; [`Tag::Other`] for what is no element.
    #[must_use]
    pub fn tag(&self, id: NodeId) -> Tag {
        self.element(id).map_or(Tag::Other, |element| element.tag)
    }

    /// An attribute of the element at a place.
    #[must_use]
    pub fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        self.element(id).and_then(|element| element.attribute(name))
    }

    /// An element's tag and class as one number, which elements of one build share; 0 for what is no
    /// element.
    pub(crate) fn tag_and_class_hash(&self, id: NodeId) -> u64 {
        self.element(id).map_or(0, |element| {
            let class = element.attribute("class").unwrap_or_default();
            xxh3_64(class.as_bytes()) ^ xxh3_64(element.name().as_bytes()).rotate_left(7)
        })
    }

    /// The text of a subtree as it stands in the page, scripts and styles included when `top` is
    /// one of them and left out otherwise.
    #[must_use]
    pub fn text_of(&self, top: NodeId) -> String {
        let mut text = String::new();
        for (id, node) in self.subtree(top) {
            if let NodeData::Text(run) = &node.data {
                let parent = node.parent;
                if parent == top || id == top || !self.tag(parent).is_raw_text() {
                    text.push_str(run);
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(page: &Document, tag: Tag) -> NodeId {
        page.elements()
            .find(|(_, e)| e.tag == tag)
            .expect("there is one")
            .0
    }

    fn outline(page: &Document) -> Vec<String> {
        page.nodes()
            .map(|(id, node)| match &node.data {
                NodeData::Root => format!("{} root end={}", id.0, node.end.0),
                NodeData::Element(e) => format!("{} {} up={}", id.0, e.name(), node.parent.0),
                NodeData::Text(t) => format!("{} {:?} up={}", id.0, &**t, node.parent.0),
            })
            .collect()
    }

    #[test]
    fn nodes_stand_in_document_order() {
        let page = Document::parse("<body><p>a<b>b</b>c</p><p>d</p>");
        assert_eq!(
            outline(&page),
            [
                "0 root end=11",
                "1 html up=0",
                "2 head up=1",
                "3 body up=1",
                "4 p up=3",
                "5 \"a\" up=4",
                "6 b up=4",
                "7 \"b\" up=6",
                "8 \"c\" up=4",
                "9 p up=3",
                "10 \"d\" up=9",
            ]
        );
        let body = NodeId(3);
        assert_eq!(
            page.children(body).collect::<Vec<_>>(),
            [NodeId(4), NodeId(9)]
        );
        assert_eq!(
            page.ancestors(NodeId(7)).collect::<Vec<_>>(),
            [NodeId(6), NodeId(4), NodeId(3), NodeId(1), NodeId(0)]
        );
    }

    #[test]
    fn content_fostered_out_of_a_table_keeps_document_order() {
        let page = Document::parse("<table><tr><td>cell</td></tr>stray</table>");
        let text: Vec<_> = page
            .nodes()
            .filter_map(|(_, n)| match &n.data {
                NodeData::Text(t) => Some(t.to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(text, ["stray", "cell"]);
    }

    #[test]
    fn misnested_markup_is_reparented_as_the_standard_says() {
        let page = Document::parse("<p>1<b>2<i>3</b>4</i>5</p>");
        assert_eq!(page.text_of(NodeId::ROOT), "12345");
    }

    #[test]
    fn a_page_without_names_keeps_its_text_and_links() {
        let page = Document::parse("<nav class=menu><a id=x href=/y>b</a></nav>").without_names();
        let attributes = |tag| {
            let element = page.element(first(&page, tag)).expect("an element");
            element.attributes().collect::<Vec<_>>()
        };
        assert_eq!(attributes(Tag::Div), [], "the nav");
        assert_eq!(attributes(Tag::A), [("href", "/y")]);
        assert_eq!(page.text_of(NodeId::ROOT), "b");
    }

    #[test]
    fn templates_are_inert_unless_they_are_shadow_roots() {
        let page = Document::parse(
            "<template><p>no</p></template><div><template shadowrootmode=open><p>yes</p></template></div>",
        );
        assert_eq!(page.text_of(NodeId::ROOT), "yes");
    }

    #[test]
    fn scripts_are_no_text_of_the_page_around_them() {
        let page = Document::parse("<body>a<script>b</script>c");
        assert_eq!(page.text_of(first(&page, Tag::Body)), "ac");
        assert_eq!(page.text_of(first(&page, Tag::Script)), "b");
    }

    #[test]
    fn nesting_beyond_any_browser_is_flattened_in_linear_time() {
        let html = format!(
            "{}deep{}",
            "<div>".repeat(100_000),
            "</div>".repeat(100_000)
        );
        let page = Document::parse(&html);
        assert_eq!(page.text_of(NodeId::ROOT), "deep");
        assert!(page.nodes().all(|(_, node)| node.depth <= 520));
    }

    #[test]
    fn unclosed_formatting_cannot_blow_the_arena_up() {
        let mut html = String::new();
        for n in 0..3_000 {
            html += "<font color=c";
            html += &n.to_string();
            html += ">";
        }
        html.push_str(&"<p>x".repeat(3_000));
        assert!(Document::parse(&html).len() < 3_000_000);
    }
}
