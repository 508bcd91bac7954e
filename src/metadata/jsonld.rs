//! Articles described in JSON-LD (schema.org): graphs, lists, references by `@id`.

use std::collections::HashMap;

use super::clean::plain;
use super::json::{self, Value};

/// A person or organisation that is named as author.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Party {
    /// As the page writes it.
    pub(super) name: String,
    /// Whether the page says it is an organisation.
    pub(super) organisation: bool,
}

/// One article, or a page about one, as a page describes it.
#[derive(Debug, Clone, Default)]
pub(super) struct Article {
    /// 2 for an article, 1 for a page or another creative work.
    pub(super) rank: u8,
    /// Whether it calls itself news: then its headline is the newsroom's, not a search engine's.
    pub(super) news: bool,
    /// Whether it stands in a list of other articles.
    pub(super) listed: bool,
    pub(super) headline: Option<String>,
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) body: Option<String>,
    pub(super) authors: Vec<Party>,
    pub(super) published: Option<String>,
    pub(super) modified: Option<String>,
    pub(super) urls: Vec<String>,
    pub(super) language: Option<String>,
    pub(super) section: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) images: Vec<(String, Option<String>, Option<String>)>,
    pub(super) license: Option<String>,
    pub(super) free: Option<bool>,
    pub(super) publisher: Option<String>,
}

impl Article {
    /// Its headline, or for an article in itself its name.
    pub(super) fn title(&self) -> Option<&str> {
        let name = self.name.as_ref().filter(|_| self.rank == 2);
        self.headline.as_ref().or(name).map(String::as_str)
    }
}

/// What a page's JSON-LD says.
#[derive(Debug, Default)]
pub(super) struct Linked {
    pub(super) articles: Vec<Article>,
    /// The name of the `WebSite`.
    pub(super) site: Option<String>,
    /// Types of all objects, without the vocabulary's address; each once for each object.
    pub(super) types: Vec<String>,
    /// Descriptions, answers, posts and other texts of all objects.
    pub(super) texts: Vec<String>,
    /// Names of what stands in lists.
    pub(super) names: Vec<String>,
}

impl Linked {
    /// Notes a type of structured data, given with or without the vocabulary's address.
    pub(super) fn add_type(&mut self, kind: &str) {
        if self.types.len() < MAX_NOTED {
            let name = kind.trim_end_matches('/').rsplit(['/', '#', ':']).next();
            self.types.push(name.unwrap_or(kind).to_owned());
        }
    }

    /// Notes what an object is and says, whatever it describes.
    fn note(&mut self, object: &Value, listed: bool) {
        for kind in object.get("@type").into_iter().flat_map(Value::items) {
            if let Some(kind) = kind.text() {
                self.add_type(kind);
            }
        }
        for key in TEXTS {
            let texts = object.get(key).into_iter().flat_map(Value::items);
            for text in texts.filter_map(Value::text) {
                if self.texts.len() < MAX_NOTED {
                    self.texts.push(text.to_owned());
                }
            }
        }
        if let (true, Some(name)) = (listed, object.get("name").and_then(Value::text))
            && self.names.len() < MAX_NOTED
        {
            self.names.push(name.to_owned());
        }
    }
}

/// Members that hold text a reader may see on the page.
const TEXTS: &[&str] = &[
    "description",
    "text",
    "reviewBody",
    "recipeInstructions",
    "recipeIngredient",
];

/// Most types, texts or names that are noted of one page.
const MAX_NOTED: usize = 1000;

/// Types that are an article in themselves (schema.org's subtypes of Article end in these).
const ARTICLES: &[&str] = &[
    "Article",
    "Posting",
    "Report",
    "NewsStory",
    "Recipe",
    "Review",
    "VideoObject",
    "PodcastEpisode",
    "QAPage",
];

/// Types of articles that newsrooms write (schema.org's subtypes of `NewsArticle`, and live blogs).
const NEWS: &[&str] = &[
    "NewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "ReviewNewsArticle",
    "LiveBlogPosting",
    "NewsStory",
];

/// Types that stand for the page or another work, believed less.
const WORKS: &[&str] = &[
    "WebPage",
    "ItemPage",
    "CreativeWork",
    "AboutPage",
    "Product",
    "Course",
    "HowTo",
    "Book",
    "FAQPage",
];

/// Members under which other things than the page's own story stand.
const ASIDE: &[&str] = &[
    "itemListElement",
    "relatedLink",
    "hasPart",
    "comment",
    "mentions",
    "citation",
    "isRelatedTo",
    "review",
    "video",
    "associatedMedia",
    "isPartOf",
    "subjectOf",
    "about",
    "speakable",
];

/// Most objects looked at in one script; real pages have under 1,000.
const MAX_OBJECTS: usize = 100_000;

/// Most articles that are read; a page with more is a list.
const MAX_ARTICLES: usize = 1000;

/// Most authors, tags or images of one article; physics papers have thousands of authors.
const MAX_ITEMS: usize = 500;

/// Reads one script.
pub(super) fn read(script: &str, linked: &mut Linked) {
    let values = json::parse(script);
    let mut index = HashMap::new();
    let mut objects = Vec::new();
    for value in &values {
        collect(value, false, &mut objects);
    }
    for (object, _) in &objects {
        if let (Some(id), true) = (
            object.get("@id").and_then(Value::text),
            object.get("name").is_some() || object.get("url").is_some(),
        ) {
            index.entry(id).or_insert(*object);
        }
    }
    for (object, listed) in objects {
        linked.note(object, listed);
        let kinds = || {
            object
                .get("@type")
                .into_iter()
                .flat_map(Value::items)
                .filter_map(Value::text)
        };
        let is = |names: &[&str]| kinds().any(|kind| names.iter().any(|name| kind.ends_with(name)));
        let video = kinds().any(|kind| kind.ends_with("VideoObject") || kind == "Review");
        if linked.articles.len() >= MAX_ARTICLES {
            return;
        }
        if is(ARTICLES) {
            linked
                .articles
                .push(article(object, if video { 1 } else { 2 }, listed, &index));
        } else if is(WORKS) {
            linked.articles.push(article(object, 1, listed, &index));
        } else if linked.site.is_none() && is(&["WebSite"]) {
            linked.site = object.get("name").and_then(Value::text).map(plain);
        }
    }
}

fn collect<'v, 'a>(value: &'v Value<'a>, listed: bool, into: &mut Vec<(&'v Value<'a>, bool)>) {
    match value {
        Value::List(items) => {
            for item in items {
                collect(item, listed, into);
            }
        }
        Value::Object(members) if into.len() < MAX_OBJECTS => {
            into.push((value, listed));
            for (key, member) in members {
                if matches!(member, Value::List(_) | Value::Object(_)) {
                    collect(member, listed || ASIDE.contains(&key.as_ref()), into);
                }
            }
        }
        _ => {}
    }
}

type Index<'v, 'a> = HashMap<&'v str, &'v Value<'a>>;

fn article(object: &Value, rank: u8, listed: bool, index: &Index) -> Article {
    let text = |key: &str| {
        object
            .get(key)
            .into_iter()
            .flat_map(Value::items)
            .find_map(name_of)
            .map(plain)
            .filter(|t| !t.is_empty())
    };
    let mut urls: Vec<String> = ["url", "@id", "mainEntityOfPage"]
        .iter()
        .filter_map(|key| object.get(key))
        .flat_map(Value::items)
        .filter_map(|v| {
            v.text()
                .or_else(|| v.get("@id").and_then(Value::text))
                .or_else(|| v.get("url").and_then(Value::text))
        })
        .map(str::to_owned)
        .collect();
    urls.dedup();
    Article {
        rank,
        news: rank == 2
            && object
                .get("@type")
                .into_iter()
                .flat_map(Value::items)
                .filter_map(Value::text)
                .any(|kind| NEWS.iter().any(|news| kind.ends_with(news))),
        listed,
        headline: text("headline"),
        name: text("name"),
        description: text("description").or_else(|| text("abstract")),
        body: object
            .get("articleBody")
            .or_else(|| object.get("text"))
            .and_then(Value::text)
            .map(str::to_owned),
        authors: parties(object, index),
        published: text("datePublished")
            .or_else(|| text("dateCreated"))
            .or_else(|| text("uploadDate")),
        modified: text("dateModified"),
        urls,
        language: object
            .get("inLanguage")
            .into_iter()
            .flat_map(Value::items)
            .find_map(|v| {
                v.text().or_else(|| {
                    v.get("alternateName")
                        .or_else(|| v.get("name"))
                        .and_then(Value::text)
                })
            })
            .map(str::to_owned),
        section: text("articleSection"),
        tags: tags(object),
        images: images(object, index),
        license: text("license").or_else(|| {
            object
                .get("license")
                .and_then(|l| l.get("url"))
                .and_then(Value::text)
                .map(str::to_owned)
        }),
        free: object.get("isAccessibleForFree").and_then(truth),
        publisher: object
            .get("publisher")
            .into_iter()
            .flat_map(Value::items)
            .find_map(|v| name_of(resolve(v, index)))
            .map(plain),
    }
}

/// `true`, `"False"`, `"https://schema.org/True"`…
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(free) => Some(*free),
        other => match other
            .text()?
            .trim()
            .to_ascii_lowercase()
            .rsplit('/')
            .next()?
        {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        },
    }
}

fn resolve<'v, 'a>(value: &'v Value<'a>, index: &Index<'v, 'a>) -> &'v Value<'a> {
    if value.get("name").is_some() {
        return value;
    }
    value
        .get("@id")
        .and_then(Value::text)
        .and_then(|id| index.get(id))
        .copied()
        .unwrap_or(value)
}

fn name_of<'v>(value: &'v Value) -> Option<&'v str> {
    value.text().or_else(|| {
        let name = value.get("name").or_else(|| value.get("@value"))?;
        name.items()
            .iter()
            .find_map(|n| n.text().or_else(|| n.get("@value").and_then(Value::text)))
    })
}

fn parties(object: &Value, index: &Index) -> Vec<Party> {
    let mut found = Vec::new();
    for key in ["author", "creator"] {
        let values = object.get(key).into_iter().flat_map(Value::items);
        for value in values.take(MAX_ITEMS) {
            let value = resolve(value, index);
            let organisation = value
                .get("@type")
                .into_iter()
                .flat_map(Value::items)
                .filter_map(Value::text)
                .any(|kind| kind.ends_with("Organization"));
            let names: Vec<&str> = match value.get("name") {
                Some(list @ Value::List(_)) => list
                    .items()
                    .iter()
                    .filter_map(Value::text)
                    .take(MAX_ITEMS)
                    .collect(),
                _ => name_of(value).into_iter().collect(),
            };
            for name in names {
                let name = plain(name);
                if !name.is_empty() && found.iter().all(|p: &Party| p.name != name) {
                    found.push(Party { name, organisation });
                }
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

fn tags(object: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let values = object.get("keywords").into_iter().flat_map(Value::items);
    for value in values.take(MAX_ITEMS) {
        let Some(text) = name_of(value) else { continue };
        for tag in text.split([',', ';']).take(MAX_ITEMS).map(plain) {
            if !tag.is_empty() && found.len() < MAX_ITEMS && !found.contains(&tag) {
                found.push(tag);
            }
        }
    }
    found
}

fn images(object: &Value, index: &Index) -> Vec<(String, Option<String>, Option<String>)> {
    let mut found = Vec::new();
    for key in ["image", "thumbnailUrl"] {
        let values = object.get(key).into_iter().flat_map(Value::items);
        for value in values.take(MAX_ITEMS) {
            let value = match value.get("url") {
                Some(_) => value,
                None => value
                    .get("@id")
                    .and_then(Value::text)
                    .and_then(|id| index.get(id))
                    .copied()
                    .unwrap_or(value),
            };
            let url = value.text().or_else(|| {
                value
                    .get("url")
                    .or_else(|| value.get("contentUrl"))
                    .and_then(|u| u.items().first())
                    .and_then(Value::text)
            });
            let Some(url) = url.filter(|u| !u.is_empty()) else {
                continue;
            };
            let text = |key: &str| {
                value
                    .get(key)
                    .and_then(name_of)
                    .map(plain)
                    .filter(|t| !t.is_empty())
            };
            found.push((
                url.to_owned(),
                text("caption"),
                text("creditText").or_else(|| text("copyrightHolder")),
            ));
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}
