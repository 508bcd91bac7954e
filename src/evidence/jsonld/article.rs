//! One article as its object in JSON-LD describes it.

use std::collections::HashMap;

use crate::evidence::json::Value;
use crate::evidence::jsonld::SCHEMA_ORG;
use crate::evidence::plain_text::plain;
use crate::evidence::separators::SEPARATORS;
use crate::record::Image;

/// A person or organisation that is named as author.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Party {
    /// As the page writes it.
    pub(crate) name: String,
    /// Whether the page says it is an organisation.
    pub(crate) organisation: bool,
}

/// One article, or a page about one, as a page describes it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Article {
    /// 2 for an article, 1 for a page or another creative work.
    pub(crate) rank: u8,
    /// Whether it calls itself news: then its headline is the newsroom's, not a search engine's.
    pub(crate) news: bool,
    /// Whether it stands in a list of other articles.
    pub(crate) listed: bool,
    pub(crate) headline: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) authors: Vec<Party>,
    pub(crate) published: Option<String>,
    pub(crate) modified: Option<String>,
    pub(crate) urls: Vec<String>,
    pub(crate) language: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) images: Vec<Image>,
    pub(crate) license: Option<String>,
    pub(crate) free: Option<bool>,
    pub(crate) publisher: Option<String>,
}

impl Article {
    /// Its headline, or for an article in itself its name.
    pub(crate) fn title(&self) -> Option<&str> {
        let name = self.name.as_ref().filter(|_| self.rank == 2);
        self.headline.as_ref().or(name).map(String::as_str)
    }
}

/// Most authors, tags or images of one article; physics papers have thousands of authors.
const MAX_ITEMS: usize = 500;

/// Objects by their `@id`.
pub(crate) type Index<'v, 'a> = HashMap<&'v str, &'v Value<'a>>;

/// Reads the article an object is; `rank` and `listed` as in [`Article`].
pub(crate) fn article(object: &Value, rank: u8, listed: bool, index: &Index) -> Article {
    let text = |key: &str| shown(object.all(key).iter().find_map(name_of));
    let mut kinds = object.texts_of("@type");
    Article {
        rank,
        news: rank == 2
            && kinds.any(|kind| SCHEMA_ORG.news.iter().any(|news| kind.ends_with(news))),
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
        urls: urls(object),
        language: language(object),
        section: text("articleSection"),
        tags: tags(object),
        images: images(object, index),
        license: text("license")
            .or_else(|| Some(object.get("license")?.text_of("url")?.to_owned())),
        free: object.get("isAccessibleForFree").and_then(truth),
        publisher: object
            .all("publisher")
            .iter()
            .find_map(|v| name_of(resolve(v, "name", index)))
            .map(plain),
    }
}

/// A text as plain text, if there is one.
fn shown(text: Option<&str>) -> Option<String> {
    text.map(plain).filter(|text| !text.is_empty())
}

fn urls(object: &Value) -> Vec<String> {
    let values = ["url", "@id", "mainEntityOfPage"].map(|key| object.all(key));
    let address = |value: &Value| {
        let linked = || value.text_of("@id").or_else(|| value.text_of("url"));
        value.text().or_else(linked).map(str::to_owned)
    };
    let mut urls: Vec<String> = values.into_iter().flatten().filter_map(address).collect();
    urls.dedup();
    urls
}

/// The tag of the language, or its name.
fn language(object: &Value) -> Option<String> {
    object.all("inLanguage").iter().find_map(|value| {
        let named = || {
            value
                .get("alternateName")
                .or_else(|| value.get("name"))?
                .text()
        };
        value.text().or_else(named).map(str::to_owned)
    })
}

/// `true`, `"False"`, `"https://schema.org/True"`…
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(free) => Some(*free),
        other => {
            let word = other.text()?.trim().to_ascii_lowercase();
            match word.rsplit('/').next()? {
                "true" | "1" | "yes" => Some(true),
                "false" | "0" | "no" => Some(false),
                _ => None,
            }
        }
    }
}

/// The object that a value refers to, unless it has the member that is wanted itself.
fn resolve<'v, 'a>(value: &'v Value<'a>, wanted: &str, index: &Index<'v, 'a>) -> &'v Value<'a> {
    if value.get(wanted).is_some() {
        return value;
    }
    let known = value.text_of("@id").and_then(|id| index.get(id));
    known.copied().unwrap_or(value)
}

fn name_of<'v>(value: &'v Value) -> Option<&'v str> {
    value.text().or_else(|| {
        let name = value.get("name").or_else(|| value.get("@value"))?;
        let mut names = name.items().iter();
        names.find_map(|name| name.text().or_else(|| name.text_of("@value")))
    })
}

fn parties(object: &Value, index: &Index) -> Vec<Party> {
    let mut found = Vec::new();
    for key in ["author", "creator"] {
        for value in object.all(key).iter().take(MAX_ITEMS) {
            let value = resolve(value, "name", index);
            let mut kinds = value.texts_of("@type");
            let organisation = kinds.any(|kind| kind.ends_with("Organization"));
            let names: Vec<&str> = match value.get("name") {
                Some(Value::List(_)) => value.texts_of("name").take(MAX_ITEMS).collect(),
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
    for value in object.all("keywords").iter().take(MAX_ITEMS) {
        let Some(text) = name_of(value) else { continue };
        for tag in text.split(&SEPARATORS.tags[..]).take(MAX_ITEMS).map(plain) {
            if !tag.is_empty() && found.len() < MAX_ITEMS && !found.contains(&tag) {
                found.push(tag);
            }
        }
    }
    found
}

fn images(object: &Value, index: &Index) -> Vec<Image> {
    let mut found = Vec::new();
    for key in ["image", "thumbnailUrl"] {
        for value in object.all(key).iter().take(MAX_ITEMS) {
            let value = resolve(value, "url", index);
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
            let text = |key: &str| shown(value.get(key).and_then(name_of));
            found.push(Image {
                url: url.to_owned(),
                caption: text("caption"),
                credit: text("creditText").or_else(|| text("copyrightHolder")),
            });
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}
