//! What a page says of itself: what it declares (metas, JSON-LD, microdata), what its class names say,
//! how its bylines and dates read. Nothing is decided here but the headline, by which all else is found.

pub(crate) mod byline_line;
pub(crate) mod byline_markup;
pub(crate) mod byline_words;
pub(crate) mod canonical;
pub(crate) mod claim;
pub(crate) mod date;
pub(crate) mod date_label;
pub(crate) mod declared;
pub(crate) mod headline;
pub(crate) mod json;
pub(crate) mod jsonld;
pub(crate) mod line;
pub(crate) mod own_article;
pub(crate) mod person_names;
pub(crate) mod plain_text;
pub(crate) mod separators;
pub(crate) mod site_names;
pub(crate) mod story_pages;
pub(crate) mod surroundings;

use url::Url;

use crate::block::without_permalink;
use crate::dom::{Document, NodeId};
use crate::text::{to_letters, to_words};
use declared::Declarations;
use headline::{HeadlineCandidate, HeadlineContext};
use jsonld::Article;
use plain_text::plain;
use site_names::SiteNames;
use story_pages::StoryPages;

/// What a feed or news sitemap said about a page.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Hints {
    /// The entry's title.
    pub title: Option<String>,
    /// The entry's date, RFC 3339 or a date alone.
    pub published: Option<String>,
    /// The entry's authors.
    pub authors: Vec<String>,
    /// The entry's language.
    pub language: Option<String>,
}

/// All that a page says about itself, before anything is decided.
#[derive(Debug, Default)]
pub struct Evidence {
    pub(crate) declared: Declarations,
    /// Index of the page's own article among those that its JSON-LD describes.
    pub(crate) own_article: Option<usize>,
    /// Headlines the page names, best first.
    pub(crate) titles: Vec<HeadlineCandidate>,
    /// Why the first of `titles` is the headline.
    pub(crate) title_reason: &'static str,
    /// Summaries the page names, best first.
    pub(crate) descriptions: Vec<String>,
    pub(crate) url: Option<Url>,
    pub(crate) sites: SiteNames,
    pub(crate) hints: Hints,
    /// The first page of the story, where the page is known to be a later one.
    pub(crate) first_page: Option<Url>,
}

impl Evidence {
    /// Headlines the page names, best first.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.titles.iter().map(|h| h.value.as_str())
    }

    /// The body that stands in JSON-LD, as given: plain text or HTML.
    pub(crate) fn article_body(&self) -> Option<&str> {
        self.article()?.body.as_deref()
    }

    /// The page's address, or what the page gives for it.
    pub(crate) fn likely_address(&self) -> Option<Url> {
        let given = || {
            let claims = canonical::claims(self);
            Url::parse(&claims[claim::first(&claims)?].value).ok()
        };
        self.url.clone().or_else(given)
    }

    /// The page's place among the pages of its story, where its address is known.
    pub(crate) fn story_pages(&self, page: &Document) -> StoryPages {
        let claims = canonical::claims(self);
        let given = claim::first(&claims).and_then(|at| Url::parse(&claims[at].value).ok());
        let own = self.url.as_ref().or(given.as_ref());
        let first = self.first_page.as_ref();
        own.map(|own| story_pages::read(page, own, given.as_ref(), first))
            .unwrap_or_default()
    }

    /// The page's own article as its JSON-LD describes it.
    pub(crate) fn article(&self) -> Option<&Article> {
        let articles = &self.declared.json_ld.articles;
        self.own_article.map(|at| &articles[at])
    }

    /// Works beside the page's article that have its headline.
    pub(crate) fn same_story(&self) -> impl Iterator<Item = &Article> {
        let titles: Vec<String> = self.titles().map(to_letters).collect();
        let works = self.declared.json_ld.articles.iter().filter(|a| !a.listed);
        works.take(MAX_WORKS).filter(move |work| {
            let title = work.title().map(to_letters).unwrap_or_default();
            !title.is_empty() && titles.contains(&title)
        })
    }
}

/// Works in structured data that are compared with the page's article.
const MAX_WORKS: usize = 50;

/// Longest text of a heading that is a headline, in bytes.
const MAX_TITLE_BYTES: usize = 1000;

/// Collects what a page says about itself.
#[must_use]
pub fn read(page: &Document, url: Option<&Url>, hints: &Hints) -> Evidence {
    let declared = declared::walk(page);
    let is_teaser = |id: &NodeId| surroundings::is_teaser(page, *id, url.map(Url::path));
    let only_teasers = declared.h1.iter().all(is_teaser);
    let h1: Vec<String> = declared
        .h1
        .iter()
        .filter(|id| only_teasers || !is_teaser(id))
        .map(|id| without_permalink(&line::headline_of(page, *id)).to_owned())
        .filter(|line| !line.is_empty() && line.len() < MAX_TITLE_BYTES)
        .collect();
    let (page_title, given): (Vec<_>, Vec<_>) = declared
        .of("title")
        .into_iter()
        .partition(|title| title.source == "title");
    let page_title = page_title.first().map(|title| title.value.as_str());
    let mut data: Vec<HeadlineCandidate> = given
        .into_iter()
        .map(|title| HeadlineCandidate::new(title.source, title.value.clone()))
        .collect();
    if let Some(hint) = &hints.title {
        data.push(HeadlineCandidate::new("feed", plain(hint)));
    }
    if h1.is_empty() && data.is_empty() {
        let shown = page_title
            .filter(|title| title.len() < MAX_TITLE_BYTES)
            .and_then(|title| headline::shown_part(page, title));
        data.extend(shown.map(|text| HeadlineCandidate::new("text that <title> repeats", text)));
    }
    let known: Vec<&str> = h1
        .iter()
        .map(String::as_str)
        .chain(data.iter().map(|h| h.value.as_str()))
        .chain(page_title)
        .collect();
    let own_article = own_article::find(&declared, url, &known);
    let article = own_article.map(|at| &declared.json_ld.articles[at]);
    if let Some(headline) = article.and_then(Article::title) {
        let candidate = HeadlineCandidate::new("json-ld", headline.to_owned());
        data.insert(usize::from(!data.is_empty()), candidate);
    }
    let sites = SiteNames::of(&site_names::site_names(&declared, own_article, url));
    let sections: Vec<String> = declared
        .values("section")
        .chain(article.and_then(|a| a.section.clone()))
        .chain(url.into_iter().flat_map(own_article::folders))
        .collect();
    let context = HeadlineContext {
        sites: &sites,
        sections: &sections,
        news: article.is_some_and(|a| a.news),
    };
    let (titles, title_reason) = headline::choose(&h1, &data, page_title, context);
    let mut descriptions: Vec<String> = Vec::new();
    let in_json_ld = article.and_then(|a| a.description.clone());
    for text in declared.values("description").chain(in_json_ld) {
        let mut known = descriptions.iter().map(|known| to_words(known));
        if known.all(|known| known != to_words(&text)) {
            descriptions.push(text);
        }
    }
    Evidence {
        declared,
        own_article,
        titles,
        title_reason,
        descriptions,
        url: url.cloned(),
        sites,
        hints: hints.clone(),
        first_page: None,
    }
}
