//! The names of members and node types in script data, and bodies given as nodes of rich text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::body::script_data::paragraphs;
use crate::evidence::json::Value;
use crate::table;

/// What a member's name or a node's type says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContentRole {
    Body,
    Title,
    Text,
    Heading,
    List,
    Item,
    Inline,
    Quote,
    Code,
    Skip,
}

impl ContentRole {
    const ALL: [Self; 10] = {
        #[allow(clippy::enum_glob_use)] // A list of the enum's variants.
        use ContentRole::*;
        [
            Body, Title, Text, Heading, List, Item, Inline, Quote, Code, Skip,
        ]
    };
}

/// The table's words by role, in the table's order.
static ROLES: LazyLock<HashMap<&'static str, Vec<(ContentRole, usize)>>> = LazyLock::new(|| {
    let mut roles: HashMap<&str, Vec<(ContentRole, usize)>> = HashMap::new();
    for row in table::rows(include_str!("../../../config/tables/script_keys.tsv")) {
        let role = table::named(row[0], &ContentRole::ALL).unwrap_or(ContentRole::Skip);
        for (rank, word) in row[1].split(' ').enumerate() {
            roles.entry(word).or_default().push((role, rank));
        }
    }
    roles
});

/// The rank of a name among the words of a role; arguments such as Apollo's `body({"a":1})` are cut.
pub(crate) fn rank_in(name: &str, role: ContentRole) -> Option<usize> {
    let name = name.split('(').next().unwrap_or_default();
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let known = ROLES.get(name.as_str())?;
    known
        .iter()
        .find(|(known, _)| *known == role)
        .map(|(_, rank)| *rank)
}

/// Long texts that stand elsewhere in the script, by the number that stands for them after a `$`.
#[derive(Debug, Default)]
pub(crate) struct StreamTexts(pub(crate) HashMap<String, String>);

impl StreamTexts {
    /// Writes a value as HTML: a string as it stands, nodes of rich text by their types. `inside`
    /// is whether the value is the content of a node.
    pub(crate) fn render(&self, value: &Value, inside: bool, out: &mut String) {
        match value {
            Value::Text(text) => match text.strip_prefix('$').and_then(|id| self.0.get(id)) {
                Some(long) => out.push_str(&paragraphs(long)),
                None => out.push_str(&paragraphs(text)),
            },
            Value::List(items) => {
                let inline = inside && items.iter().all(is_inline);
                for item in items {
                    if !inline {
                        out.push_str("<p>");
                    }
                    self.render(item, inside, out);
                }
            }
            Value::Object(members) => self.render_node(value, members, out),
            _ => {}
        }
    }

    fn render_node(&self, node: &Value, members: &[(Cow<str>, Value)], out: &mut String) {
        if has_type(node, ContentRole::Skip) {
            return;
        }
        let tag = [
            (ContentRole::Heading, "h2"),
            (ContentRole::List, "ul"),
            (ContentRole::Item, "li"),
            (ContentRole::Quote, "blockquote"),
            (ContentRole::Code, "pre"),
        ]
        .into_iter()
        .find(|(role, _)| has_type(node, *role))
        .map(|(_, tag)| tag);
        let content = members
            .iter()
            .filter(|(_, value)| !matches!(value, Value::Null | Value::Bool(_) | Value::Bare(_)))
            .filter(|(_, value)| value.text() != Some(""))
            .filter_map(|(key, value)| Some((rank_in(key, ContentRole::Text)?, value)))
            .min_by_key(|(rank, _)| *rank);
        let Some((_, content)) = content else { return };
        if let Some(tag) = tag {
            out.extend(["<", tag, ">"]);
        }
        self.items_of(tag, content, out);
        if let Some(tag) = tag {
            out.extend(["</", tag, ">"]);
        }
    }

    /// The content of a node; strings and untyped nodes in a list are its items.
    fn items_of(&self, tag: Option<&str>, content: &Value, out: &mut String) {
        match content {
            Value::List(items) if tag == Some("ul") => {
                for item in items {
                    let named =
                        has_type(item, ContentRole::Item) || has_type(item, ContentRole::List);
                    if !named {
                        out.push_str("<li>");
                    }
                    self.render(item, true, out);
                }
            }
            _ => self.render(content, true, out),
        }
    }
}

/// Members that name a node's type.
const TYPE_KEYS: [&str; 8] = [
    "type",
    "nodeType",
    "_type",
    "__typename",
    "kind",
    "style",
    "tag",
    "tagName",
];

/// Whether a node's type, style or tag is one of the role's words.
fn has_type(node: &Value, role: ContentRole) -> bool {
    TYPE_KEYS
        .iter()
        .filter_map(|key| node.get(key).and_then(Value::text))
        .any(|word| rank_in(word, role).is_some())
}

/// Whether a node runs inside a line: a span or link, or a leaf without a type.
fn is_inline(node: &Value) -> bool {
    let typed = TYPE_KEYS.iter().any(|key| node.get(key).is_some());
    has_type(node, ContentRole::Inline) || (!typed && matches!(node, Value::Object(_)))
}
