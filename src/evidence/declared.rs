//! What a page declares for a field, collected in one walk over its elements: metas, links, JSON-LD,
//! microdata. What readers see near the headline is read later, when headline and body are known.

use std::sync::LazyLock;

use foldhash::HashMap;

use crate::dom::{Document, Element, NodeId, Tag};
use crate::evidence::byline_words::after_by_word;
use crate::evidence::jsonld::{self, JsonLd};
use crate::evidence::line::{byline_of, line_of};
use crate::evidence::plain_text::plain;
use crate::evidence::surroundings::is_beside_story;
use crate::table;

/// What a page declares for a field, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Declaration {
    pub(crate) field: &'static str,
    pub(crate) source: &'static str,
    pub(crate) value: String,
    pub(crate) node: NodeId,
    /// How much it is believed: of two declarations for one field, the one of lower rank more.
    rank: usize,
}

impl Declaration {
    /// Whether it stands on an element that readers see.
    pub(crate) fn is_visible(&self) -> bool {
        self.rank >= VISIBLE_RANK
    }
}

/// The keys of meta elements, each with its spelling in the table, its field and its rank.
static KEYS: LazyLock<HashMap<&'static str, (&'static str, &'static str, usize)>> =
    LazyLock::new(|| {
        table::rows(include_str!("../../config/tables/meta_keys.tsv"))
            .enumerate()
            .filter_map(|(rank, row)| {
                let [key, field] = row[..] else { return None };
                Some((key, (key, field, rank)))
            })
            .collect()
    });

/// Rank of microdata on elements that readers see; those of meta keys are below.
const VISIBLE_RANK: usize = 300;

/// First-level headings that are kept; pages with more are lists.
const MAX_HEADINGS: usize = 20;

/// Values that are kept; pages with more are lists of other pages.
const MAX_DECLARATIONS: usize = 2000;

/// Longest value that is kept, in bytes; what is longer is no headline, name or date.
const MAX_VALUE_BYTES: usize = 20_000;

/// All that a page declares.
#[derive(Debug, Default)]
pub(crate) struct Declarations {
    pub(crate) all: Vec<Declaration>,
    pub(crate) json_ld: JsonLd,
    /// Nodes of the page's first-level headings.
    pub(crate) h1: Vec<NodeId>,
    /// Scripts that are no JSON-LD, where applications keep their pages' data.
    pub(crate) scripts: Vec<NodeId>,
    /// The label of `twitter:data1`, such as "Written by".
    label: String,
}

/// Walks the page.
pub(crate) fn walk(page: &Document) -> Declarations {
    let mut declared = Declarations::default();
    for (id, element) in page.elements() {
        match element.tag {
            Tag::Meta => declared.meta(id, element),
            Tag::Link => declared.link(id, element),
            Tag::Title if !declared.has("title", "title") && !in_svg(page, id) => {
                declared.push("title", "title", &page.text_of(id), id, 200);
            }
            Tag::Html => {
                if let Some(language) = element.attribute("lang").or(element.attribute("xml:lang"))
                {
                    declared.push("language", "html lang", language, id, 0);
                }
            }
            Tag::Script => declared.script(page, id, element),
            Tag::H1 if declared.h1.len() < MAX_HEADINGS => {
                declared.h1.push(id);
                declared.visible(page, id, element);
            }
            Tag::Img => declared.counter(id, element),
            _ => declared.visible(page, id, element),
        }
    }
    declared
}

fn in_svg(page: &Document, id: NodeId) -> bool {
    page.ancestors(id).any(|up| page.tag(up) == Tag::Svg)
}

impl Declarations {
    fn push(
        &mut self,
        field: &'static str,
        source: &'static str,
        value: &str,
        node: NodeId,
        rank: usize,
    ) {
        if value.len() <= MAX_VALUE_BYTES {
            self.add(plain(value), field, source, node, rank);
        }
    }

    /// As [`push`](Self::push), for what is plain text already.
    fn add(
        &mut self,
        value: String,
        field: &'static str,
        source: &'static str,
        node: NodeId,
        rank: usize,
    ) {
        if !value.is_empty() && self.all.len() < MAX_DECLARATIONS {
            self.all.push(Declaration {
                field,
                source,
                value,
                node,
                rank,
            });
        }
    }

    fn has(&self, field: &str, source: &str) -> bool {
        self.all
            .iter()
            .any(|f| f.field == field && f.source == source)
    }

    /// What is declared for a field, the most believed first.
    pub(crate) fn of(&self, field: &str) -> Vec<&Declaration> {
        let mut found: Vec<&Declaration> = self.all.iter().filter(|f| f.field == field).collect();
        found.sort_by_key(|f| f.rank);
        found
    }

    /// The most believed value of a field.
    pub(crate) fn first(&self, field: &str) -> Option<&str> {
        self.of(field).first().map(|found| found.value.as_str())
    }

    /// Copies of the values of a field, the most believed first.
    pub(crate) fn values(&self, field: &str) -> impl Iterator<Item = String> {
        self.of(field).into_iter().map(|found| found.value.clone())
    }

    fn meta(&mut self, id: NodeId, element: &Element) {
        let Some(content) = element.attribute("content").or(element.attribute("value")) else {
            return;
        };
        // Some systems put their JSON-LD into a meta element.
        if content.starts_with(['{', '[']) && content.contains("\"@type\"") {
            jsonld::read(content, &mut self.json_ld);
            return;
        }
        for name in ["property", "name", "itemprop", "http-equiv"] {
            let Some(keys) = element.attribute(name) else {
                continue;
            };
            for key in keys.split_ascii_whitespace() {
                let key = key.to_ascii_lowercase();
                if key == "twitter:label1" {
                    self.label = plain(content);
                } else if let Some((key, field, rank)) = KEYS.get(key.as_str()) {
                    // A card's label says what its data are: "Written by", or "Reading time".
                    match *field {
                        "labelled" if !self.is_by_word() => {}
                        "labelled" => self.push("author", key, content, id, *rank),
                        field => self.push(field, key, content, id, *rank),
                    }
                    return;
                }
            }
        }
    }

    fn is_by_word(&self) -> bool {
        after_by_word(&format!("{} ", self.label)).is_some_and(str::is_empty)
    }

    fn link(&mut self, id: NodeId, element: &Element) {
        let (Some(rel), Some(href)) = (element.attribute("rel"), element.attribute("href")) else {
            return;
        };
        match rel.to_ascii_lowercase().as_str() {
            "canonical" => self.push("url", "rel=canonical", href, id, 0),
            "license" => self.push("license", "rel=license", href, id, 0),
            "amphtml" => self.push("amp", "rel=amphtml", href, id, 0),
            _ => {}
        }
    }

    fn script(&mut self, page: &Document, id: NodeId, element: &Element) {
        let kind = element.attribute("type").unwrap_or_default();
        if kind.to_ascii_lowercase().contains("ld+json") {
            jsonld::read(&page.text_of(id), &mut self.json_ld);
        } else if element.attribute("src").is_none() {
            self.scripts.push(id);
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

    /// Microdata, `RDFa` and link types on elements a reader sees.
    fn visible(&mut self, page: &Document, id: NodeId, element: &Element) {
        let mut property = None;
        let mut rel = None;
        for (name, value) in element.attributes() {
            match name {
                "itemprop" | "property" => property = Some(value),
                "rel" if element.tag == Tag::A => rel = Some(value),
                "itemtype" => self.json_ld.add_type(value),
                _ => {}
            }
        }
        if let Some(property) = property {
            self.microdata(page, id, element, property);
        }
        for rel in rel.into_iter().flat_map(str::split_ascii_whitespace) {
            match rel {
                "license" => {
                    let href = element.attribute("href").unwrap_or_default();
                    self.push("license", "rel=license", href, id, 1);
                }
                "author" if !is_beside_story(page, id) => {
                    let line = line_of(page, id);
                    self.add(line, "author", "rel=author", id, VISIBLE_RANK + 10);
                }
                _ => {}
            }
        }
    }

    fn microdata(&mut self, page: &Document, id: NodeId, element: &Element, property: &str) {
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
        if self.has(field, source) && field != "author" || is_beside_story(page, id) {
            return;
        }
        let given = element
            .attribute("content")
            .or(element.attribute("datetime"));
        match given {
            Some(value) => self.push(field, source, value, id, VISIBLE_RANK / 2),
            None if field == "author" => self.author(page, id),
            None => self.add(line_of(page, id), field, source, id, VISIBLE_RANK / 2),
        }
    }

    /// An author in microdata: the `name` inside, or the whole.
    fn author(&mut self, page: &Document, id: NodeId) {
        let name = page.subtree(id).skip(1).find_map(|(inner, _)| {
            let e = page.element(inner)?;
            let property = e.attribute("itemprop").or(e.attribute("property"))?;
            property.ends_with("name").then_some((inner, e))
        });
        let content = name.and_then(|(inner, e)| Some((inner, e.attribute("content")?)));
        if let Some((inner, content)) = content {
            self.push("author", "itemprop=author", content, inner, VISIBLE_RANK);
        } else {
            let at = name.map_or(id, |n| n.0);
            let byline = byline_of(page, at);
            self.add(byline, "author", "itemprop=author", at, VISIBLE_RANK);
        }
    }
}
