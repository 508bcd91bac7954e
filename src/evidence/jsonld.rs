//! Articles described in JSON-LD (schema.org): graphs, lists, references by `@id`.

mod article;

use std::sync::LazyLock;

use crate::evidence::json::{self, Value};
use crate::evidence::plain_text::plain;
use crate::table;
pub(crate) use article::Article;
use article::{Index, article};

/// What a page's JSON-LD says.
#[derive(Debug, Default)]
pub(crate) struct JsonLd {
    pub(crate) articles: Vec<Article>,
    /// The name of the `WebSite`.
    pub(crate) site: Option<String>,
    /// Types of all objects, without the vocabulary's address; each once for each object.
    pub(crate) types: Vec<String>,
    /// Descriptions, answers, posts and other texts of all objects.
    pub(crate) texts: Vec<String>,
    /// Names of what stands in lists.
    pub(crate) names: Vec<String>,
}

impl JsonLd {
    /// Adds a type of structured data, given with or without the vocabulary's address.
    pub(crate) fn add_type(&mut self, kind: &str) {
        let name = kind.trim_end_matches('/').rsplit(['/', '#', ':']).next();
        push_bounded(&mut self.types, name.unwrap_or(kind));
    }

    /// Adds the types, the texts and, in a list, the name of an object, whatever it describes.
    fn add(&mut self, object: &Value, listed: bool) {
        for kind in object.texts_of("@type") {
            self.add_type(kind);
        }
        for text in SCHEMA_ORG.text.iter().flat_map(|key| object.texts_of(key)) {
            push_bounded(&mut self.texts, text);
        }
        if let Some(name) = object.text_of("name").filter(|_| listed) {
            push_bounded(&mut self.names, name);
        }
    }
}

fn push_bounded(list: &mut Vec<String>, text: &str) {
    if list.len() < MAX_KEPT {
        list.push(text.to_owned());
    }
}

/// The types and members of schema.org that are looked for, as `config/tables/schema_org.tsv` has them.
struct SchemaOrg {
    article: Vec<&'static str>,
    news: Vec<&'static str>,
    work: Vec<&'static str>,
    text: Vec<&'static str>,
    aside: Vec<&'static str>,
}

static SCHEMA_ORG: LazyLock<SchemaOrg> = LazyLock::new(|| {
    let names = |kind| {
        table::rows(include_str!("../../config/tables/schema_org.tsv"))
            .filter(|row| row[0] == kind)
            .flat_map(|row| row[1].split(' '))
            .collect()
    };
    SchemaOrg {
        article: names("article"),
        news: names("news"),
        work: names("work"),
        text: names("text"),
        aside: names("aside"),
    }
});

/// Most types, texts or names that are kept of one page.
const MAX_KEPT: usize = 1000;

/// Most objects looked at in one script; real pages have under 1,000.
const MAX_OBJECTS: usize = 100_000;

/// Most articles that are read; a page with more is a list.
const MAX_ARTICLES: usize = 1000;

/// Reads one script.
pub(crate) fn read(script: &str, json_ld: &mut JsonLd) {
    let values = json::parse(script);
    let mut index = Index::new();
    let mut objects = Vec::new();
    for value in &values {
        collect(value, false, &mut objects);
    }
    for (object, _) in &objects {
        if let (Some(id), true) = (
            object.text_of("@id"),
            object.get("name").is_some() || object.get("url").is_some(),
        ) {
            index.entry(id).or_insert(*object);
        }
    }
    for (object, listed) in objects {
        json_ld.add(object, listed);
        let kinds = || object.texts_of("@type");
        let is = |names: &[&str]| kinds().any(|kind| names.iter().any(|name| kind.ends_with(name)));
        let video = kinds().any(|kind| kind.ends_with("VideoObject") || kind == "Review");
        if json_ld.articles.len() >= MAX_ARTICLES {
            return;
        }
        let is_article = is(&SCHEMA_ORG.article);
        if is_article || is(&SCHEMA_ORG.work) {
            let rank = if is_article && !video { 2 } else { 1 };
            json_ld.articles.push(article(object, rank, listed, &index));
        } else if json_ld.site.is_none() && is(&["WebSite"]) {
            json_ld.site = object.text_of("name").map(plain);
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
                    collect(
                        member,
                        listed || SCHEMA_ORG.aside.contains(&key.as_ref()),
                        into,
                    );
                }
            }
        }
        _ => {}
    }
}
