//! Declared shadow trees, put where browsers show them.
//!
//! `<template shadowrootmode="open">` is no template: the parser makes its contents the shadow tree of
//! the element around it, the host. What is shown of the host is that tree, in which each `<slot>`
//! stands for those of the host's own children that name it; children without a slot are not shown.
//! Source: HTML, "The template element"; DOM, "Finding slots and slottables".

use std::collections::HashMap;

use html5ever::{Attribute, LocalName, QualName, expanded_name, local_name, ns};

use super::sink::{LinkedData, NONE, Sink};
use super::streamed::value_of;

/// Elements around a host beyond which its shadow tree is not put in place, so that hosts in slots of
/// hosts nest no deeper than a few times what markup itself may.
const MAX_HOST_DEPTH: usize = 512;

/// Elements with a plain name that may have a shadow tree (DOM, "valid shadow host name"), beside
/// those whose name has a hyphen.
const HOSTS: [&str; 18] = [
    "article",
    "aside",
    "blockquote",
    "body",
    "div",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "main",
    "nav",
    "p",
    "section",
    "span",
];

/// Whether an element declares a shadow tree.
pub(super) fn is_shadow_root(name: &QualName, attributes: &[Attribute]) -> bool {
    name.expanded() == expanded_name!(html "template")
        && value_of(attributes, &LocalName::from("shadowrootmode")).is_some_and(|mode| {
            mode.eq_ignore_ascii_case("open") || mode.eq_ignore_ascii_case("closed")
        })
}

impl Sink {
    /// Puts every declared shadow tree in place of what its host holds.
    pub(super) fn place_shadow_trees(&self) {
        let is_root = |data: &LinkedData| matches!(data, LinkedData::Element { name, attributes } if is_shadow_root(name, attributes));
        // Hosts come before the hosts inside them, and slots stay in the tree as elements, so that one
        // that is itself a child of a host goes with all it holds.
        let templates: Vec<usize> = (self.nodes.borrow().iter().enumerate())
            .filter(|(_, node)| is_root(&node.data))
            .map(|(at, _)| at)
            .collect();
        for template in templates {
            if !self.place_shadow_tree(template) {
                self.detach(template);
            }
        }
    }

    /// Puts a shadow tree in place of what its host holds; false if the element around can be no host.
    fn place_shadow_tree(&self, template: usize) -> bool {
        let (host, tree) = {
            let nodes = self.nodes.borrow();
            (nodes[template].parent, nodes[template].first)
        };
        if host == NONE || tree == NONE || !self.may_be_host(host) {
            return false;
        }
        self.detach(template);
        let slots = self.slots_in(tree);
        let mut filled = vec![false; slots.len()];
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for (at, (_, name)) in slots.iter().enumerate() {
            by_name.entry(name.clone()).or_insert(at);
        }
        for child in self.children(host) {
            self.detach(child);
            let Some(at) = self.slot_of(child).and_then(|name| by_name.get(&name)) else {
                continue;
            };
            let slot = slots[*at].0;
            if !std::mem::replace(&mut filled[*at], true) {
                for fallback in self.children(slot) {
                    self.detach(fallback);
                }
            }
            self.insert(child, slot, NONE);
        }
        for part in self.children(tree) {
            self.detach(part);
            self.insert(part, host, NONE);
        }
        self.nodes.borrow_mut()[host].has_shadow = true;
        true
    }

    /// Whether a node may have a shadow tree and has none yet.
    fn may_be_host(&self, at: usize) -> bool {
        let nodes = self.nodes.borrow();
        let LinkedData::Element { name, .. } = &nodes[at].data else {
            return false;
        };
        let known = name.local.contains('-') || HOSTS.contains(&&*name.local);
        let ancestors = std::iter::successors(Some(at), |up| {
            Some(nodes[*up].parent).filter(|up| *up != NONE)
        });
        known
            && !nodes[at].has_shadow
            && ancestors.take(MAX_HOST_DEPTH + 1).count() <= MAX_HOST_DEPTH
    }

    fn children(&self, parent: usize) -> Vec<usize> {
        let nodes = self.nodes.borrow();
        let first = Some(nodes[parent].first).filter(|at| *at != NONE);
        std::iter::successors(first, |at| Some(nodes[*at].next).filter(|at| *at != NONE)).collect()
    }

    /// The name of the slot that a child of a host goes to, empty for the one without a name. White
    /// space goes to none: it would push out what the slot shows when it is left empty.
    fn slot_of(&self, child: usize) -> Option<String> {
        match &self.nodes.borrow()[child].data {
            LinkedData::Element { attributes, .. } => {
                let name = value_of(attributes, &local_name!("slot"));
                Some(name.unwrap_or_default().to_owned())
            }
            LinkedData::Text(text) => (!text.trim().is_empty()).then(String::new),
            LinkedData::Root | LinkedData::Ignored => None,
        }
    }

    /// The slots of a shadow tree with their names, in document order; those of trees declared inside
    /// it are not its own.
    fn slots_in(&self, tree: usize) -> Vec<(usize, String)> {
        let mut slots = Vec::new();
        let mut open = self.children(tree);
        open.reverse();
        while let Some(at) = open.pop() {
            if let LinkedData::Element { name, attributes } = &self.nodes.borrow()[at].data {
                if name.local == local_name!("template") {
                    continue;
                }
                if name.local == local_name!("slot") {
                    let name = value_of(attributes, &local_name!("name"));
                    slots.push((at, name.unwrap_or_default().to_owned()));
                }
            }
            let from = open.len();
            open.extend(self.children(at));
            open[from..].reverse();
        }
        slots
    }
}

#[cfg(test)]
mod tests {
    use crate::dom::{Document, NodeId};

    fn text(html: &str) -> String {
        let page = Document::parse(html);
        let text = page.text_of(NodeId::ROOT);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn children_stand_in_the_slots_they_name() {
        let html = "<x-story>\n<p slot=more>two</p> stray <p slot=none>lost</p>
            <template shadowrootmode=open>one <slot name=more>empty</slot> three <slot></slot> <slot name=more>again</slot>
            <slot name=end>five</slot></template> four </x-story> six";
        assert_eq!(text(html), "one two three stray four again five six");
    }

    #[test]
    fn white_space_leaves_a_slot_empty() {
        let html = "<div>\n<template shadowrootmode=OPEN>one <slot>two</slot></template>\n</div>";
        assert_eq!(text(html), "one two");
    }

    #[test]
    fn a_slot_may_be_handed_on_to_a_host_inside() {
        let html =
            "<x-page><template shadowrootmode=open>one <x-box><template shadowrootmode=closed>
            two <slot name=b></slot> four</template><slot name=a slot=b></slot></x-box> five
            </template><p slot=a>three</p><p slot=b>lost</p></x-page>";
        assert_eq!(text(html), "one two three four five");
        let html = "<x-page><template shadowrootmode=open>one <slot></slot> four</template>
            <x-box><template shadowrootmode=open>two <slot></slot></template><b>three</b></x-box></x-page>";
        assert_eq!(text(html), "one two three four");
    }

    #[test]
    fn what_cannot_have_a_shadow_tree_keeps_its_own() {
        for html in [
            "<ul><template shadowrootmode=open>no</template><li>yes</ul>",
            "<div><template shadowrootmode>no</template>yes</div>",
            "<div><template shadowrootmode=open>yes</template><template shadowrootmode=open>no</template>no</div>",
            "<div><template><x-a><template shadowrootmode=open>no</template></x-a></template>yes</div>",
        ] {
            assert_eq!(text(html), "yes", "{html}");
        }
    }

    #[test]
    fn hosts_in_slots_of_hosts_nest_no_deeper_than_a_few_times_what_markup_may() {
        let (open, close) = ("<b>".repeat(400), "</b>".repeat(400));
        let host =
            format!("<div><template shadowrootmode=open>{open}<slot></slot>{close}</template>");
        let html = format!("{}deep{}", host.repeat(400), "</div>".repeat(400));
        assert!(
            Document::parse(&html)
                .nodes()
                .all(|(_, node)| node.depth < 2000)
        );
    }
}
