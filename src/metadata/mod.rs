//! Title, authors, dates, language and origin: evidence first, then one decision a field.
//!
//! [`gather`] walks the page once and notes what speaks for a field; [`decide`] weighs it when the
//! body is known. What each field means, and where it is looked for, believed most first:
//!
//! | field | meaning | from |
//! |---|---|---|
//! | `title` | the headline, without site name, section or kicker | `h1` that structured data or `<title>` agree with; JSON-LD `headline`; `og:title` and its like; `<title>` |
//! | `description` | the page's own summary | `og:description`, `description`, JSON-LD |
//! | `authors` | names of persons; an organisation only where no person is named; original order | JSON-LD `author`; microdata; author metas; `rel=author`; a byline by its class; a feed's entry |
//! | `published`, `modified` | RFC 3339 with the page's offset; a day alone where no time or no offset is given; never more than a day after the fetch | JSON-LD; `article:published_time` and its like; microdata; `<time>` and datelines under the headline; a feed's entry; the address |
//! | `language` | BCP 47 tag of the text | the text itself where the detector is sure, else what is declared |
//! | `canonical_url` | the address the page names as its own, on its own site and no front page | `rel=canonical`, `og:url` |
//! | `site_name` | the publication | `og:site_name`, JSON-LD publisher and `WebSite`, `application-name` |
//! | `section`, `tags` | as the page names them | `article:section`, JSON-LD; `article:tag`, JSON-LD keywords, `keywords` |
//! | `image`, `images` | lead image; all images of the article with caption and credit | `og:image`, JSON-LD; `<figure>` in the body |
//! | `license` | address or name of the text's licence | JSON-LD, `rel=license`, Dublin Core, The Conversation's footer |
//! | `origin` | who published it first | The Conversation's counter; "republished from"; an agency as author |
//! | `paywalled` | true only when the page says so | `isAccessibleForFree`, `article:content_tier` |
//! | `word_count` | words of `text`, by Unicode's rules | the body |
//!
//! Month names are in `config/tables/months.tsv` (CLDR), by-words, roles and agencies in
//! `config/tables/bylines.tsv`, meta keys in `config/tables/meta_keys.tsv`.

mod clean;
mod date;
mod gather;
pub(crate) mod json;
mod jsonld;
mod language;
mod names;
mod origin;
mod people;
mod picture;
mod place;
mod title;
mod when;

use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use crate::dom::Document;
use crate::extract::{Body, Options};
use crate::record::Record;
use clean::{key, plain};
use gather::Notes;
use jsonld::Article;
use title::Headline;

/// One thing a page says about one field of its record.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Candidate {
    /// The record's field.
    pub field: &'static str,
    /// What the page says.
    pub value: String,
    /// Where it says so, such as `json-ld`, `og:title`, `byline`.
    pub source: &'static str,
    /// Why it won, or did not.
    pub verdict: String,
}

/// All that a page says about itself, before anything is decided.
#[derive(Debug, Default)]
pub struct Evidence {
    notes: Notes,
    /// Place of the story's own article among the linked ones.
    main: Option<usize>,
    titles: Vec<Headline>,
    descriptions: Vec<String>,
    url: Option<Url>,
    sites: Vec<String>,
}

impl Evidence {
    /// Headlines the page names, best first.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.titles.iter().map(|h| h.value.as_str())
    }

    /// Summaries the page names, best first.
    pub fn descriptions(&self) -> impl Iterator<Item = &str> {
        self.descriptions.iter().map(String::as_str)
    }

    /// Bodies that stand in JSON-LD, as given: plain text or HTML.
    pub fn article_bodies(&self) -> impl Iterator<Item = &str> {
        self.main
            .into_iter()
            .filter_map(|at| self.notes.linked.articles[at].body.as_deref())
    }

    fn article(&self) -> Option<&Article> {
        self.main.map(|at| &self.notes.linked.articles[at])
    }
}

/// Longest text of a heading that is a headline, in bytes.
const MAX_TITLE_BYTES: usize = 1000;

/// Collects what a page says about itself.
#[must_use]
pub fn gather(page: &Document, url: Option<&Url>, options: &Options) -> Evidence {
    let notes = gather::walk(page);
    let h1: Vec<String> = notes
        .h1
        .iter()
        .take(20)
        .map(|id| gather::line_of(page, *id).replace(" | ", " "))
        .filter(|text| !text.is_empty() && text.len() < MAX_TITLE_BYTES)
        .collect();
    let page_title = notes
        .of("title")
        .into_iter()
        .find(|f| f.source == "title")
        .map(|f| f.value.clone());
    let mut data: Vec<Headline> = notes
        .of("title")
        .into_iter()
        .filter(|f| f.source != "title")
        .map(|f| Headline {
            source: f.source,
            value: f.value.clone(),
        })
        .collect();
    if let Some(hint) = &options.hints.title {
        data.push(Headline {
            source: "feed",
            value: plain(hint),
        });
    }
    let known: Vec<&str> = h1
        .iter()
        .map(String::as_str)
        .chain(data.iter().map(|h| h.value.as_str()))
        .chain(page_title.as_deref())
        .collect();
    let main = place::main_article(&notes, url, &known);
    if let Some(article) = main.map(|at| &notes.linked.articles[at])
        && let Some(headline) = article
            .headline
            .as_ref()
            .or(article.name.as_ref().filter(|_| article.rank == 2))
    {
        data.insert(
            usize::from(!data.is_empty()),
            Headline {
                source: "json-ld",
                value: headline.clone(),
            },
        );
    }
    let sites = place::site_names(&notes, main, url);
    let mut titles = title::rank(&h1, &data, page_title.as_deref(), &sites);
    if main.is_some_and(|at| notes.linked.articles[at].news)
        && let Some(at) = titles.iter().position(|h| h.source == "json-ld")
        && !title::is_cut(&titles[at].value, &titles[0].value)
    {
        titles[..=at].rotate_right(1);
    }
    let mut descriptions: Vec<String> = Vec::new();
    let linked = main.and_then(|at| notes.linked.articles[at].description.clone());
    for text in notes
        .of("description")
        .into_iter()
        .map(|f| f.value.clone())
        .chain(linked)
    {
        if !descriptions.iter().any(|known| key(known) == key(&text)) {
            descriptions.push(text);
        }
    }
    Evidence {
        notes,
        main,
        titles,
        descriptions,
        url: url.cloned(),
        sites,
    }
}

/// Decides each field and fills it into `record`, whose body fields are filled already. Returns
/// the candidates on `Options::explain`.
#[expect(
    clippy::needless_pass_by_value,
    reason = "evidence is used up by the decision"
)]
pub fn decide(
    evidence: Evidence,
    page: &Document,
    body: &Body,
    options: &Options,
    record: &mut Record,
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    record.title = evidence.titles.first().map(|h| h.value.clone());
    explain(
        &mut candidates,
        "title",
        evidence.titles.iter().map(|h| (h.source, h.value.clone())),
    );
    record.description = evidence.descriptions.first().cloned();
    let language = language::decide(&evidence, options, &record.text);
    record.language.clone_from(&language);

    let heading = place::heading(page, &evidence, record.title.as_deref());
    let people = people::candidates(&evidence, page, heading, options);
    record.authors = people::choose(&people, &evidence.sites);
    explain(
        &mut candidates,
        "authors",
        people.iter().map(|p| (p.source, p.names.join("; "))),
    );

    let dates = when::candidates(&evidence, page, heading, options, language.as_deref());
    for (field, slot) in [
        ("published", &mut record.published),
        ("modified", &mut record.modified),
    ] {
        *slot = when::choose(&dates, field).map(date::Stamp::to_text);
        explain(
            &mut candidates,
            field,
            dates
                .iter()
                .filter(|d| d.field == field)
                .map(|d| (d.source, d.stamp.to_text())),
        );
    }
    record.canonical_url = place::canonical(&evidence);
    record.site_name = place::site_name(&evidence);
    fill_topics(&evidence, record);
    picture::fill(&evidence, page, body, record);
    origin::fill(&evidence, record);
    record.paywalled = paywalled(&evidence).then_some(true);
    record.word_count = record.text.unicode_words().count();
    if options.explain {
        candidates
    } else {
        Vec::new()
    }
}

/// Notes candidates of a field; the first of a field is the one believed most.
fn explain(
    into: &mut Vec<Candidate>,
    field: &'static str,
    found: impl Iterator<Item = (&'static str, String)>,
) {
    for (at, (source, value)) in found.enumerate() {
        let verdict = if at == 0 {
            "believed most"
        } else {
            "a source believed more spoke first"
        };
        into.push(Candidate {
            field,
            value,
            source,
            verdict: verdict.to_owned(),
        });
    }
}

fn fill_topics(evidence: &Evidence, record: &mut Record) {
    let article = evidence.article();
    let notes = &evidence.notes;
    record.section = notes
        .of("section")
        .first()
        .map(|f| f.value.clone())
        .or_else(|| article.and_then(|a| a.section.clone()));
    let mut tags: Vec<String> = notes.of("tag").iter().map(|f| f.value.clone()).collect();
    if tags.is_empty() {
        tags = article.map(|a| a.tags.clone()).unwrap_or_default();
    }
    if tags.is_empty()
        && let Some(list) = notes.of("tags").first()
    {
        tags = list
            .value
            .split([',', ';', '、'])
            .map(|t| t.trim().to_owned())
            .collect();
    }
    for tag in tags {
        if !tag.is_empty() && !record.tags.contains(&tag) {
            record.tags.push(tag);
        }
    }
}

fn paywalled(evidence: &Evidence) -> bool {
    let locked = |value: &str| {
        matches!(
            value.to_ascii_lowercase().as_str(),
            "locked" | "metered" | "premium" | "paid" | "subscriber"
        )
    };
    evidence.article().and_then(|a| a.free) == Some(false)
        || evidence.notes.of("tier").iter().any(|f| locked(&f.value))
        || evidence
            .notes
            .of("free")
            .iter()
            .any(|f| f.value.eq_ignore_ascii_case("false"))
}
