//! The search for a body in the JSON of a page's scripts.

use std::borrow::Cow;

use crate::body::script_data::rich_text::{ContentRole, StreamTexts, rank_in};
use crate::body::script_data::{MIN_WORDS, has_tags};
use crate::dom::{Document, NodeData, NodeId, Tag};
use crate::evidence::json::{self, Value};
use crate::text::to_letters;

/// Bytes of a script from which it may hold a story.
const MIN_SCRIPT_BYTES: usize = 500;

/// `JSON.parse("…")` calls read in one script; pages have one or two.
const MAX_PARSE_CALLS: usize = 4;

/// The best body so far.
pub(crate) struct BestBody {
    pub(crate) html: String,
    pub(crate) member: String,
    /// Objects between the one with the page's title and this one.
    distance: usize,
}

/// A search through all JSON of a page.
pub(crate) struct BodySearch {
    /// The page's titles as [`to_letters`] spells them.
    titles: Vec<String>,
    pub(crate) best: Option<BestBody>,
    /// Long texts of a server component stream.
    texts: StreamTexts,
}

impl BodySearch {
    pub(crate) fn new(titles: Vec<String>) -> Self {
        Self {
            titles,
            best: None,
            texts: StreamTexts::default(),
        }
    }

    pub(crate) fn page(&mut self, page: &Document) {
        let mut stream = String::new();
        for (id, element) in page.elements().filter(|(_, e)| e.tag == Tag::Script) {
            if element.attribute("type") == Some("application/ld+json") {
                continue;
            }
            let mut children = page.children(id).map(|child| &page.node(child).data);
            let Some(NodeData::Text(script)) = children.next() else {
                continue;
            };
            if let Some(call) = script.find("__next_f.push(") {
                push_chunks(&script[call..], &mut stream);
            } else if script.len() >= MIN_SCRIPT_BYTES && holds_data(script) {
                self.script(script);
            }
        }
        self.stream(&stream);
    }

    fn script(&mut self, script: &str) {
        for value in json::parse(script) {
            self.walk(&value, None, true);
        }
        for (call, _) in script.match_indices("JSON.parse(").take(MAX_PARSE_CALLS) {
            // The reader begins at a bracket: the call's argument as a list of one.
            let argument = format!("[{}", &script[call + "JSON.parse(".len()..]);
            for value in json::parse(&argument).iter().take(1) {
                if let Some(text) = value.items().first().and_then(Value::text) {
                    self.nested(text, None);
                }
            }
        }
    }

    /// JSON inside a string.
    fn nested(&mut self, text: &str, distance: Option<usize>) {
        for value in json::parse(text) {
            // No second level: strings of strings of JSON could double the work at each.
            self.walk(&value, distance, false);
        }
    }

    /// Looks at a value and everything in it; `distance` is how many objects up the page's title
    /// stands, if it does.
    fn walk(&mut self, value: &Value, distance: Option<usize>, nested: bool) {
        match value {
            Value::List(items) => {
                for item in items {
                    self.walk(item, distance, nested);
                }
            }
            Value::Object(members) => {
                let distance = match self.is_titled(members) {
                    Some(true) => Some(0),
                    // Titled otherwise: another story.
                    Some(false) if distance.is_none_or(|far| far > 0) => None,
                    _ => distance.map(|far| far + 1),
                };
                for (key, member) in members {
                    if let Some(distance) = distance
                        && rank_in(key, ContentRole::Body).is_some()
                    {
                        self.consider(key, member, distance);
                    }
                    self.walk(member, distance, nested);
                }
            }
            Value::Text(text) if nested && is_json(text) => self.nested(text, distance),
            _ => {}
        }
    }

    /// Whether an object's title is the page's; none where it has no title.
    fn is_titled(&self, members: &[(Cow<str>, Value)]) -> Option<bool> {
        let mut titled = None;
        for (key, value) in members {
            if rank_in(key, ContentRole::Title).is_none() {
                continue;
            }
            let inner: &[_] = match value {
                Value::Object(members) => members,
                _ => &[],
            };
            for text in inner
                .iter()
                .map(|(_, v)| v)
                .chain([value])
                .filter_map(Value::text)
            {
                let title = to_letters(&without_markup(text));
                if title.is_empty() {
                    continue;
                }
                if self.titles.iter().any(|known| is_same_title(known, &title)) {
                    return Some(true);
                }
                titled = Some(false);
            }
        }
        titled
    }

    /// Keeps a body if it is nearer to the title, or as near and longer, than the one before.
    fn consider(&mut self, key: &str, value: &Value, distance: usize) {
        let mut html = String::new();
        self.texts.render(value, false, &mut html);
        let better = self.best.as_ref().is_none_or(|best| {
            (best.distance, std::cmp::Reverse(best.html.len()))
                > (distance, std::cmp::Reverse(html.len()))
        });
        // Bytes bound words from above, five letters to a word; two to a character of Chinese.
        if better && html.len() >= MIN_WORDS * 4 {
            self.best = Some(BestBody {
                html,
                member: key.chars().take(40).collect(),
                distance,
            });
        }
    }

    /// Reads the rows of a server component stream, `ID:JSON` or `ID:Tlength,text`, the length in
    /// hexadecimal bytes (React's flight format, `ReactFlightServer.js`).
    fn stream(&mut self, stream: &str) {
        let mut rows = Vec::new();
        let mut rest = stream;
        while let Some((id, row)) = rest.split_once(':') {
            let text = row.strip_prefix('T').and_then(|row| {
                let (length, text) = row.split_once(',')?;
                let length = usize::from_str_radix(length, 16).ok()?;
                text.split_at_checked(length)
            });
            if let Some((text, after)) = text {
                self.texts.0.insert(id.trim().to_owned(), text.to_owned());
                rest = after;
            } else {
                let (row, after) = row.split_once('\n').unwrap_or((row, ""));
                rows.push(row);
                rest = after;
            }
        }
        for row in rows {
            for value in json::parse(row) {
                self.walk(&value, None, true);
            }
        }
    }
}

/// Appends the strings of `self.__next_f.push([1,"…"])` calls.
fn push_chunks(script: &str, stream: &mut String) {
    for value in json::parse(script) {
        if let [Value::Bare("1"), Value::Text(chunk)] = value.items() {
            stream.push_str(chunk);
        }
    }
}

/// Whether a script is JSON or assigns some.
fn holds_data(script: &str) -> bool {
    let start = script.trim_start();
    start.starts_with(['{', '['])
        || [
            "={",
            "= {",
            "=[",
            "= [",
            "JSON.parse(",
            "=(function(",
            "= (function(",
        ]
        .iter()
        .any(|sign| script.contains(sign))
}

fn is_json(text: &str) -> bool {
    text.len() >= MIN_SCRIPT_BYTES && text.starts_with(['{', '['])
}

/// Bytes of a title, as [`to_letters`] spells it, from which a shorter spelling of it is the same title.
const MIN_TITLE_BYTES: usize = 20;

fn is_same_title(one: &str, other: &str) -> bool {
    one == other
        || (one.len().min(other.len()) >= MIN_TITLE_BYTES
            && (one.starts_with(other) || other.starts_with(one)))
}

/// A title without the markup in it.
fn without_markup(text: &str) -> Cow<'_, str> {
    if text.len() < 1000 && (has_tags(text) || text.contains('&')) {
        let page = Document::parse(text);
        Cow::Owned(page.text_of(NodeId::ROOT))
    } else {
        Cow::Borrowed(text)
    }
}
