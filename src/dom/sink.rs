//! The tree under construction: html5ever builds the standard's tree straight into linked nodes,
//! which are then numbered in document order.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName, expanded_name, local_name, ns};

use super::shadow::is_shadow_root;
use super::{Element, Node, NodeData, NodeId, Tag};

/// No node.
pub(super) const NONE: usize = usize::MAX;

/// A node while the tree is being built, linked to its neighbours.
pub(super) struct LinkedNode {
    pub(super) parent: usize,
    previous: usize,
    pub(super) next: usize,
    pub(super) first: usize,
    last: usize,
    depth: u32,
    /// Whether a shadow tree stands in place of its children.
    pub(super) has_shadow: bool,
    pub(super) data: LinkedData,
}

pub(super) enum LinkedData {
    Root,
    Element {
        name: QualName,
        attributes: Vec<Attribute>,
    },
    Text(StrTendril),
    /// A comment, or the inert contents of a template.
    Ignored,
}

/// The tree under construction.
pub(super) struct Sink {
    pub(super) nodes: RefCell<Vec<LinkedNode>>,
    /// Depth of the innermost open element.
    depth: Cell<u32>,
}

impl Sink {
    pub(super) fn new() -> Self {
        let sink = Self {
            nodes: RefCell::new(Vec::with_capacity(4096)),
            depth: Cell::new(0),
        };
        sink.create(LinkedData::Root);
        sink
    }

    /// Nodes made so far.
    pub(super) fn len(&self) -> usize {
        self.nodes.borrow().len()
    }

    /// Depth of the innermost open element.
    pub(super) fn depth(&self) -> u32 {
        self.depth.get()
    }

    fn create(&self, data: LinkedData) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(LinkedNode {
            parent: NONE,
            previous: NONE,
            next: NONE,
            first: NONE,
            last: NONE,
            depth: 0,
            has_shadow: false,
            data,
        });
        nodes.len() - 1
    }

    pub(super) fn detach(&self, id: usize) {
        let mut nodes = self.nodes.borrow_mut();
        let LinkedNode {
            parent,
            previous,
            next,
            ..
        } = nodes[id];
        if parent == NONE {
            return;
        }
        join(&mut nodes, parent, previous, next);
        let node = &mut nodes[id];
        (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
    }

    /// Links a detached node in as a child of `parent`, before `next` or at the end.
    pub(super) fn insert(&self, id: usize, parent: usize, next: usize) {
        let mut nodes = self.nodes.borrow_mut();
        let previous = match next {
            NONE => nodes[parent].last,
            _ => nodes[next].previous,
        };
        let depth = nodes[parent].depth + 1;
        let node = &mut nodes[id];
        (node.parent, node.depth) = (parent, depth);
        if matches!(node.data, LinkedData::Element { .. }) {
            self.depth.set(depth);
        }
        join(&mut nodes, parent, previous, id);
        join(&mut nodes, parent, id, next);
    }

    /// Adds text to the text node `neighbour` if it is one.
    fn extend_text(&self, neighbour: usize, more: &StrTendril) -> bool {
        if neighbour == NONE {
            return false;
        }
        match &mut self.nodes.borrow_mut()[neighbour].data {
            LinkedData::Text(text) => {
                text.push_tendril(more);
                true
            }
            _ => false,
        }
    }

    fn insert_node_or_text(&self, child: NodeOrText<usize>, parent: usize, next: usize) {
        match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                self.insert(id, parent, next);
            }
            NodeOrText::AppendText(text) => {
                let previous = {
                    let nodes = self.nodes.borrow();
                    match next {
                        NONE => nodes[parent].last,
                        _ => nodes[next].previous,
                    }
                };
                if !self.extend_text(previous, &text) {
                    let id = self.create(LinkedData::Text(text));
                    self.insert(id, parent, next);
                }
            }
        }
    }

    /// Numbers the nodes that are reachable from the root in document order.
    pub(super) fn into_document_order(self) -> Vec<Node> {
        let mut linked = self.nodes.into_inner();
        let mut nodes: Vec<Node> = Vec::with_capacity(linked.len());
        // New numbers of the open ancestors, the root first.
        let mut open: Vec<NodeId> = Vec::new();
        let mut at = 0;
        loop {
            let kept = match std::mem::replace(&mut linked[at].data, LinkedData::Ignored) {
                LinkedData::Root => Some(NodeData::Root),
                LinkedData::Text(text) => Some(NodeData::Text(text)),
                LinkedData::Element { name, attributes } => Some(NodeData::Element(Element {
                    tag: Tag::of(&name.local),
                    name: name.local,
                    attributes,
                })),
                LinkedData::Ignored => None,
            };
            let descend = kept.is_some() && linked[at].first != NONE;
            if let Some(data) = kept {
                let id = place(nodes.len());
                nodes.push(Node {
                    parent: open.last().copied().unwrap_or(NodeId::ROOT),
                    end: NodeId(id.0 + 1),
                    depth: u32::try_from(open.len()).unwrap_or(u32::MAX),
                    data,
                });
                if descend {
                    open.push(id);
                    at = linked[at].first;
                    continue;
                }
            }
            while linked[at].next == NONE {
                let Some(closed) = open.pop() else {
                    return nodes;
                };
                nodes[closed.index()].end = place(nodes.len());
                at = linked[at].parent;
            }
            at = linked[at].next;
        }
    }
}

/// Makes two children of `parent` neighbours; no node on a side stands for that end of the children.
fn join(nodes: &mut [LinkedNode], parent: usize, left: usize, right: usize) {
    match left {
        NONE => nodes[parent].first = right,
        _ => nodes[left].next = right,
    }
    match right {
        NONE => nodes[parent].last = left,
        _ => nodes[right].previous = left,
    }
}

/// The node number of an index; the arena is bounded far below `u32::MAX` by the bound on tags and the
/// size of any input that fits a page.
fn place(index: usize) -> NodeId {
    NodeId(u32::try_from(index).unwrap_or(u32::MAX))
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Self;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &usize) -> Ref<'a, QualName> {
        static NOT_AN_ELEMENT: QualName = QualName {
            prefix: None,
            ns: ns!(),
            local: local_name!(""),
        };
        let target = *target;
        Ref::map(self.nodes.borrow(), |nodes| match &nodes[target].data {
            LinkedData::Element { name, .. } => name,
            _ => &NOT_AN_ELEMENT,
        })
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _flags: ElementFlags,
    ) -> usize {
        let is_template = name.expanded() == expanded_name!(html "template");
        let is_shadow_root = is_shadow_root(&name, &attributes);
        let id = self.create(LinkedData::Element { name, attributes });
        if is_template {
            // The first child of a template stands for its contents.
            let contents = if is_shadow_root {
                LinkedData::Element {
                    name: QualName::new(None, ns!(html), local_name!("div")),
                    attributes: Vec::new(),
                }
            } else {
                LinkedData::Ignored
            };
            let contents = self.create(contents);
            let depth = self.depth.get();
            self.insert(contents, id, NONE);
            self.depth.set(depth);
        }
        id
    }

    fn create_comment(&self, _text: StrTendril) -> usize {
        self.create(LinkedData::Ignored)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> usize {
        self.create(LinkedData::Ignored)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.insert_node_or_text(child, *parent, NONE);
    }

    fn append_based_on_parent_node(
        &self,
        element: &usize,
        previous: &usize,
        child: NodeOrText<usize>,
    ) {
        if self.nodes.borrow()[*element].parent == NONE {
            self.append(previous, child);
        } else {
            self.append_before_sibling(element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &usize) {
        self.depth
            .set(self.nodes.borrow()[*node].depth.saturating_sub(1));
    }

    fn get_template_contents(&self, target: &usize) -> usize {
        self.nodes.borrow()[*target].first
    }

    fn same_node(&self, a: &usize, b: &usize) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(id) = &child {
            self.detach(*id);
        }
        let parent = self.nodes.borrow()[*sibling].parent;
        if parent != NONE {
            self.insert_node_or_text(child, parent, *sibling);
        }
    }

    fn add_attrs_if_missing(&self, target: &usize, more: Vec<Attribute>) {
        if let LinkedData::Element { attributes, .. } = &mut self.nodes.borrow_mut()[*target].data {
            for attribute in more {
                if !attributes.iter().any(|known| known.name == attribute.name) {
                    attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let depth = self.depth.get();
        loop {
            let first = self.nodes.borrow()[*node].first;
            if first == NONE {
                break;
            }
            self.detach(first);
            self.insert(first, *new_parent, NONE);
        }
        self.depth.set(depth);
    }
}
