//! One walk over a page's elements that notes down what speaks for a field.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::clean::{one_line, plain};
use super::jsonld::{self, Linked};
use crate::dom::{Document, Element, NodeData, NodeId, Tag};

/// Something a page says, where and in which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) field: &'static str,
    pub(super) source: &'static str,
    pub(super) value: String,
    pub(super) node: NodeId,
    /// Lower is believed more; only compared within a field.
    pub(super) rank: usize,
}

/// Meta keys: the field they speak for and their rank.
static KEYS: LazyLock<HashMap<&'static str, (&'static str, &'static str, usize)>> =
    LazyLock::new(|| {
        include_str!("../../config/tables/meta_keys.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .enumerate()
            .filter_map(|(rank, line)| {
                let (key, field) = line.split_once('\t')?;
                Some((key, (key, field, rank)))
            })
            .collect()
    });

/// What classes of bylines and datelines hold, over themes and languages; the first
/// [`BYLINE_MARKS`] are of bylines.
const MARKS: [&str; 21] = [
    "author",
    "byline",
    "by-line",
    "by_line",
    "autor",
    "auteur",
    "writer",
    "contributor",
    "reporter",
    "journalist",
    "skribent",
    "verfasser",
    "authour",
    "date",
    "time",
    "publish",
    "posted",
    "datum",
    "fecha",
    "meta",
    "stamp",
];
const BYLINE_MARKS: usize = 13;

static MARK: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(MARKS)
        .ok()
});

/// Classes of what is about other stories or readers, not this story's byline.
static ASIDE: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([
            "related",
            "comment",
            "recirc",
            "teaser",
            "promo",
            "sidebar",
            "popular",
            "trending",
            "recommend",
            "most-read",
            "newsletter",
            "footer",
            "menu",
            "carousel",
        ])
        .ok()
});

/// Most nodes of an element that is looked at as a byline or dateline.
const MAX_LINE_NODES: u32 = 60;

/// Most candidates from classes that are kept; pages with more are lists.
const MAX_MARKED: usize = 60;

/// Ancestors looked at for a sign that an element is about something else.
const MAX_ANCESTORS: usize = 8;

/// What one walk found.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) found: Vec<Found>,
    pub(super) linked: Linked,
    /// Nodes of the page's first-level headings.
    pub(super) h1: Vec<NodeId>,
    marked: usize,
}

/// Walks the page.
pub(super) fn walk(page: &Document) -> Notes {
    let mut notes = Notes::default();
    for (id, element) in page.elements() {
        match element.tag {
            Tag::Meta => notes.meta(id, element),
            Tag::Link => notes.link(id, element),
            Tag::Title if !notes.has("title", "title") && !in_svg(page, id) => {
                notes.push("title", "title", &page.text_of(id), id, 200);
            }
            Tag::Html => {
                if let Some(language) = element.attribute("lang").or(element.attribute("xml:lang"))
                {
                    notes.push("language", "html lang", language, id, 0);
                }
            }
            Tag::Script => {
                if element
                    .attribute("type")
                    .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"))
                {
                    jsonld::read(&page.text_of(id), &mut notes.linked);
                }
            }
            Tag::H1 => notes.h1.push(id),
            Tag::Img => notes.counter(id, element),
            _ => notes.visible(page, id, element),
        }
    }
    notes
}

fn in_svg(page: &Document, id: NodeId) -> bool {
    page.ancestors(id).any(|up| page.tag(up) == Tag::Svg)
}

impl Notes {
    fn push(
        &mut self,
        field: &'static str,
        source: &'static str,
        value: &str,
        node: NodeId,
        rank: usize,
    ) {
        let value = plain(value);
        if !value.is_empty() {
            self.found.push(Found {
                field,
                source,
                value,
                node,
                rank,
            });
        }
    }

    fn has(&self, field: &str, source: &str) -> bool {
        self.found
            .iter()
            .any(|f| f.field == field && f.source == source)
    }

    /// The values of a field, believed most first.
    pub(super) fn of(&self, field: &str) -> Vec<&Found> {
        let mut found: Vec<&Found> = self.found.iter().filter(|f| f.field == field).collect();
        found.sort_by_key(|f| f.rank);
        found
    }

    fn meta(&mut self, id: NodeId, element: &Element) {
        let Some(content) = element.attribute("content").or(element.attribute("value")) else {
            return;
        };
        for name in ["property", "name", "itemprop", "http-equiv"] {
            let Some(keys) = element.attribute(name) else {
                continue;
            };
            for key in keys.split_ascii_whitespace() {
                if let Some((key, field, rank)) = KEYS.get(key.to_ascii_lowercase().as_str()) {
                    self.push(field, key, content, id, *rank);
                    return;
                }
            }
        }
    }

    fn link(&mut self, id: NodeId, element: &Element) {
        let (Some(rel), Some(href)) = (element.attribute("rel"), element.attribute("href")) else {
            return;
        };
        match rel.to_ascii_lowercase().as_str() {
            "canonical" => self.push("url", "rel=canonical", href, id, 0),
            "license" => self.push("license", "rel=license", href, id, 0),
            _ => {}
        }
    }

    /// The Conversation's page counter, which every republished article carries.
    fn counter(&mut self, id: NodeId, element: &Element) {
        if let Some(src) = element.attribute("src").or(element.attribute("data-src"))
            && src.contains("counter.theconversation.com/content/")
        {
            self.push("counter", "counter image", src, id, 0);
        }
    }

    fn visible(&mut self, page: &Document, id: NodeId, element: &Element) {
        let mut class = None;
        let mut datetime = None;
        let mut property = None;
        let mut rel = None;
        for (name, value) in element.attributes() {
            match name {
                "class" | "data-testid" | "data-component" | "data-qa"
                    if class.is_none() || name == "class" =>
                {
                    class = Some(value);
                }
                "datetime" | "data-datetime" | "data-timestamp" | "data-published" => {
                    datetime = Some(value);
                }
                "itemprop" | "property" => property = Some(value),
                "rel" => rel = Some(value),
                _ => {}
            }
        }
        if element.tag == Tag::A
            && rel.is_some_and(|rel| rel.split_ascii_whitespace().any(|r| r == "license"))
        {
            self.push(
                "license",
                "rel=license",
                element.attribute("href").unwrap_or_default(),
                id,
                1,
            );
        }
        if let Some(property) = property {
            self.property(page, id, element, property);
        }
        if element.tag == Tag::A
            && rel.is_some_and(|rel| rel.split_ascii_whitespace().any(|r| r == "author"))
            && !Self::aside(page, id)
        {
            self.line(page, id, "author", "rel=author", 310);
        }
        if element.tag == Tag::Time || datetime.is_some() {
            self.time(page, id, datetime);
            return;
        }
        if self.marked >= MAX_MARKED {
            return;
        }
        let Some((class, mark)) = class.zip(MARK.as_ref()) else {
            return;
        };
        let Some(hit) = mark.find_iter(class).map(|m| m.pattern().as_usize()).min() else {
            return;
        };
        if page.node(id).end.index() - id.index() > MAX_LINE_NODES as usize || Self::aside(page, id)
        {
            return;
        }
        self.marked += 1;
        if hit < BYLINE_MARKS {
            self.line(page, id, "author", "byline", 320);
        } else {
            self.line(page, id, "dateline", "dateline", 0);
        }
    }

    /// Microdata and `RDFa` on elements a reader sees.
    fn property(&mut self, page: &Document, id: NodeId, element: &Element, property: &str) {
        let local = property.rsplit([':', '/']).next().unwrap_or(property);
        let (field, source) = match local {
            "headline" => ("title", "itemprop=headline"),
            "datePublished" | "dateCreated" => ("published", "itemprop=datePublished"),
            "dateModified" => ("modified", "itemprop=dateModified"),
            "author" | "creator" => ("author", "itemprop=author"),
            "articleSection" => ("section", "itemprop=articleSection"),
            "license" => ("license", "itemprop=license"),
            _ => return,
        };
        if self.has(field, source) && field != "author" || Self::aside(page, id) {
            return;
        }
        let given = element
            .attribute("content")
            .or(element.attribute("datetime"));
        match given {
            Some(value) => self.push(field, source, value, id, 150),
            None if field == "author" => {
                let name = page.subtree(id).skip(1).find_map(|(inner, _)| {
                    let e = page.element(inner)?;
                    (e.attribute("itemprop")
                        .or(e.attribute("property"))?
                        .ends_with("name"))
                    .then_some((inner, e))
                });
                match name
                    .and_then(|(inner, e)| e.attribute("content").map(|c| (inner, c.to_owned())))
                {
                    Some((inner, content)) => self.push(field, source, &content, inner, 300),
                    None => self.line(page, name.map_or(id, |n| n.0), field, source, 300),
                }
            }
            None => self.line(page, id, field, source, 150),
        }
    }

    fn time(&mut self, page: &Document, id: NodeId, datetime: Option<&str>) {
        if self.marked >= MAX_MARKED || Self::aside(page, id) {
            return;
        }
        self.marked += 1;
        if let Some(value) = datetime.filter(|v| !v.trim().is_empty()) {
            self.push("time", "time", value, id, 0);
        } else {
            self.line(page, id, "time", "time", 1);
        }
    }

    /// The text of a short element, its parts set apart.
    fn line(
        &mut self,
        page: &Document,
        id: NodeId,
        field: &'static str,
        source: &'static str,
        rank: usize,
    ) {
        let value = line_of(page, id);
        if !value.is_empty() {
            self.found.push(Found {
                field,
                source,
                value,
                node: id,
                rank,
            });
        }
    }

    fn aside(page: &Document, id: NodeId) -> bool {
        std::iter::once(id)
            .chain(page.ancestors(id))
            .take(MAX_ANCESTORS)
            .any(|up| {
                matches!(page.tag(up), Tag::Aside | Tag::Footer | Tag::Nav)
                    || page.attribute(up, "class").zip(ASIDE.as_ref()).is_some_and(
                        |(class, aside)| {
                            !matches!(
                                page.tag(up),
                                Tag::Body | Tag::Html | Tag::Main | Tag::Article
                            ) && aside.is_match(class)
                        },
                    )
            })
    }
}

/// The text of an element, with ` | ` between what stands in different blocks.
pub(super) fn line_of(page: &Document, top: NodeId) -> String {
    let mut line = String::new();
    let mut breaks = false;
    for (id, node) in page.subtree(top) {
        match &node.data {
            NodeData::Text(text) => {
                if page.tag(node.parent).is_raw_text() {
                    continue;
                }
                let blank = text.trim().is_empty();
                if breaks && !blank && !line.trim().is_empty() {
                    line.push_str(" | ");
                }
                breaks &= blank;
                line.push_str(text);
            }
            NodeData::Element(element) if id != top => breaks |= !element.tag.is_inline(),
            _ => {}
        }
    }
    one_line(&line)
}
