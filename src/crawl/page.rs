//! What a fetched page turned out to be: a source with leads, an article, or neither.
//!
//! All of it is computing, done off the async threads; a parsed page never leaves [`read`].

use std::collections::HashMap;
use std::sync::Arc;

use reqwest::header::HeaderMap;
use url::Url;

use super::Extract;
use super::scope::{Scope, site_of, time_ms};
use super::seen::Seen;
use crate::article::{Extraction, Options, SiteRules};
use crate::config::{Config, OptOutConfig};
use crate::discover::{self, Candidate, Source, classify};
use crate::dom::{Document, Tag};
use crate::frontier::Role;
use crate::frontier::revisit::covers_site;
use crate::outcome::Outcome;
use crate::polite::Visit;
use crate::polite::optout::{self, OptOut};
use crate::record::Record;
use crate::store::{Due, NewArticle, NewUrl};
use crate::{address, archive, decode, dedup, fetch, sitewide};

/// Entries of one source held in memory: a sitemap may have 50,000 (sitemaps.org), a page has some
/// hundreds.
const OVERFLOW_LINKS: usize = 2000;

/// What reading pages needs to know of a run.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) scope: Scope,
    seen: Seen,
    judged: discover::links::Judged,
    extract: Extract,
    language: Option<String>,
    /// The headers of our requests, where raw copies are kept.
    copies: Option<HeaderMap>,
    optout: OptOutConfig,
    sites: HashMap<String, Arc<SiteRules>>,
}

/// What came out of a page.
#[derive(Debug)]
pub(super) struct Findings {
    pub(super) outcome: Outcome,
    pub(super) reason: Option<String>,
    /// What the page turned out to be.
    pub(super) role: Role,
    pub(super) article: Option<Box<NewArticle>>,
    /// The page as packed records, where a raw copy is to be kept.
    pub(super) copy: Option<Vec<u8>>,
    pub(super) links: Vec<NewUrl>,
    /// Links that were news and were stored before all of the source was read.
    pub(super) early_news: u64,
    /// Seconds for which the source asks not to be asked again.
    pub(super) wish_s: Option<u64>,
}

impl Findings {
    pub(super) fn nothing(outcome: Outcome, reason: Option<String>, role: Role) -> Self {
        Self {
            outcome,
            reason,
            role,
            article: None,
            copy: None,
            links: Vec::new(),
            early_news: 0,
            wish_s: None,
        }
    }
}

impl Reader {
    pub(super) fn new(config: &Config, extract: Extract) -> Result<Self, crate::Error> {
        Ok(Self {
            scope: Scope::new(config)?,
            seen: Seen::default(),
            judged: discover::links::Judged::default(),
            extract,
            language: config.extract.language.clone(),
            copies: config
                .store
                .warc
                .as_ref()
                .map(|_| fetch::headers(config))
                .transpose()?,
            optout: config.optout.clone(),
            sites: config
                .site
                .iter()
                .map(|(host, site)| (host.clone(), Arc::new(site.rules())))
                .collect(),
        })
    }

    /// Reads the body of a successful visit. A source with very many entries hands most of them to
    /// `overflow` while it is read, a few thousand at a time, and keeps the rest.
    pub(super) fn read(
        &self,
        due: &Due,
        visit: &Visit,
        now_ms: i64,
        overflow: &mut dyn FnMut(Vec<NewUrl>),
    ) -> Findings {
        let content_type = header(visit, "content-type");
        match classify(&visit.body, content_type, &visit.url) {
            Source::Feed => self.feed(due, visit, now_ms),
            Source::Sitemap | Source::SitemapIndex => self.sitemap(due, visit, now_ms, overflow),
            Source::Html => self.html(due, visit, content_type, now_ms),
            Source::Other => {
                Findings::nothing(Outcome::NotHtml, content_type.map(str::to_owned), due.role)
            }
        }
    }

    fn feed(&self, due: &Due, visit: &Visit, now_ms: i64) -> Findings {
        match discover::feed::parse(&visit.body, &visit.url) {
            Ok(feed) => Findings {
                links: self.admit_all(&feed.entries, &as_source(due, Role::Feed), visit, now_ms),
                wish_s: feed.ttl_s,
                ..Findings::nothing(Outcome::Discovered, None, Role::Feed)
            },
            Err(error) => Findings::nothing(Outcome::Protocol, Some(error.to_string()), due.role),
        }
    }

    fn sitemap(
        &self,
        due: &Due,
        visit: &Visit,
        now_ms: i64,
        overflow: &mut dyn FnMut(Vec<NewUrl>),
    ) -> Findings {
        let from = as_source(due, Role::Sitemap);
        let mut links = Vec::new();
        let reading = discover::sitemap::parse(visit.body.as_slice(), &visit.url, |entry| {
            links.extend(self.scope.admit(&entry, &from, &visit.url, now_ms));
            if links.len() >= OVERFLOW_LINKS {
                overflow(std::mem::take(&mut links));
            }
        });
        let reason = match reading {
            Ok(reading) if reading.cut => Some("broken or too long; read in part".to_owned()),
            Ok(_) => None,
            Err(error) => Some(error.to_string()),
        };
        Findings {
            links,
            ..Findings::nothing(Outcome::Discovered, reason, Role::Sitemap)
        }
    }

    fn html(&self, due: &Due, visit: &Visit, content_type: Option<&str>, now_ms: i64) -> Findings {
        let charset = content_type.and_then(charset);
        let decoded = decode::decode(&visit.body, charset.as_deref());
        if !decoded.is_text() {
            return Findings::nothing(Outcome::Decode, decoded.remark(), due.role);
        }
        let page = Document::parse(&decoded.text);
        let optout = self.optout(&page, visit, now_ms);
        let links = if optout.nofollow.is_some() {
            Vec::new()
        } else {
            self.links(&page, due, visit, now_ms)
        };
        let mut findings = Findings {
            links,
            ..Findings::nothing(Outcome::Discovered, optout.nofollow.clone(), due.role)
        };
        if is_front(&visit.url) {
            findings.role = Role::Section;
            return findings;
        }
        if let Some(reason) = optout.drop {
            // A section page that must not be indexed may still be followed.
            if due.role == Role::Article {
                findings.outcome = Outcome::OptedOut;
            }
            findings.reason = Some(reason);
            return findings;
        }
        let Extraction {
            record, page_type, ..
        } = self.extract(&page, due, visit);
        if page_type.is_stored(due.role == Role::Article, &record, &page) {
            findings.role = Role::Article;
            findings.outcome = Outcome::Stored;
            if optout.no_copy.is_none() {
                findings.copy = self.copy(due, visit, now_ms);
            }
            findings.reason = remarks([optout.no_copy, optout.nofollow, decoded.remark()]);
            let old = self.scope.cutoff_ms(due.found_ms);
            let published = record.published.as_deref().and_then(time_ms);
            if let (Some(published), Some(old)) = (published, old)
                && published < old
            {
                // What an old article leads to is older still.
                findings.links.clear();
            }
            findings.article = Some(Box::new(new_article(record, &visit.url, published)));
        } else if due.role == Role::Article {
            findings.outcome = Outcome::NotArticle;
            findings.reason = Some(format!("{:?}", record.kind).to_lowercase());
        } else {
            findings.role = Role::Section;
        }
        findings
    }

    fn optout(&self, page: &Document, visit: &Visit, now_ms: i64) -> OptOut {
        let metas = page
            .elements()
            .filter(|(_, element)| element.tag == Tag::Meta)
            .filter_map(|(_, element)| {
                Some((element.attribute("name")?, element.attribute("content")?))
            });
        let now = jiff::Timestamp::from_millisecond(now_ms).unwrap_or_default();
        let file = visit.reservation.as_ref();
        optout::read(&visit.headers, metas, file, &self.optout, now)
    }

    /// A visit as archives keep it, if they are kept.
    fn copy(&self, due: &Due, visit: &Visit, at_ms: i64) -> Option<Vec<u8>> {
        let mut asked = self.copies.clone()?;
        asked.extend(due.validators().headers());
        let exchange = archive::Exchange {
            url: &visit.url,
            via: visit.redirects.last(),
            at_ms,
            asked: &asked,
            peer: visit.peer,
            took: visit.took,
            status: visit.status.unwrap_or_default(),
            headers: &visit.headers,
            body: &visit.body,
        };
        Some(exchange.records())
    }

    fn extract(&self, page: &Document, due: &Due, visit: &Visit) -> Extraction {
        let site = visit
            .url
            .host_str()
            .and_then(|host| self.sites.get(host))
            .cloned();
        let options = Options {
            language: self.language.clone(),
            fetched: Some(jiff::Timestamp::now()),
            hints: due.hints.clone(),
            site,
            ..Options::default()
        };
        let mut extraction = (self.extract)(page, Some(&visit.url), &options);
        extraction.record.source = Some(due.url.clone());
        extraction.record.url = Some(visit.url.to_string());
        extraction
    }

    /// The articles, sections and feeds that a page links to.
    fn links(&self, page: &Document, due: &Due, visit: &Visit, now_ms: i64) -> Vec<NewUrl> {
        let mut found = discover::links::of_page_of_crawl(page, &visit.url, &self.judged);
        for candidate in &mut found.candidates {
            // The words of a link are no headline of the page it leads to.
            candidate.title = None;
        }
        found.candidates.extend(
            found
                .feeds
                .iter()
                .map(|url| Candidate::new(url, discover::Role::Feed, 1.0, "named by the page")),
        );
        // What a front page shows tells how lively its site is, known or not.
        if !covers_site(due.role) {
            self.seen
                .keep_new(&due.site, due.depth, &mut found.candidates);
        }
        self.admit_all(&found.candidates, due, visit, now_ms)
    }

    pub(super) fn admit_all(
        &self,
        candidates: &[Candidate],
        due: &Due,
        visit: &Visit,
        now_ms: i64,
    ) -> Vec<NewUrl> {
        candidates
            .iter()
            .filter_map(|candidate| self.scope.admit(candidate, due, &visit.url, now_ms))
            .collect()
    }
}

/// What is to be said of a page, in one line; none where there is nothing.
fn remarks(all: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let said: Vec<String> = all.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// What the entries of a source are admitted by is that they stand in a feed or sitemap; a seed
/// also speaks for the site it turned out to be on.
fn as_source(due: &Due, role: Role) -> Due {
    Due {
        role: if due.role == Role::Seed {
            Role::Seed
        } else {
            role
        },
        ..due.clone()
    }
}

fn new_article(record: Record, url: &Url, published_ms: Option<i64>) -> NewArticle {
    let site = site_of(url);
    let url = address::canonical(url);
    let canonical = record
        .canonical_url
        .as_deref()
        .and_then(|named| Url::parse(named).ok())
        .filter(|named| site_of(named) == site && !is_front(named))
        .map(|named| address::canonical(&named).to_string());
    let hashes = dedup::hashes(&record.text);
    NewArticle {
        fingerprints: sitewide::fingerprints(&record),
        url: url.into(),
        canonical,
        site,
        content_hash: hashes.content,
        simhash: hashes.simhash,
        published_ms,
        record,
    }
}

/// Whether an address is a site's front page, which is never an article.
fn is_front(url: &Url) -> bool {
    url.path() == "/" && url.query().is_none()
}

pub(super) fn header<'v>(visit: &'v Visit, name: &str) -> Option<&'v str> {
    visit
        .headers
        .get(name)
        .and_then(|value| value.to_str().ok())
}

fn charset(content_type: &str) -> Option<String> {
    let (_, rest) = content_type.split_once("charset=")?;
    let label = rest.split(';').next().unwrap_or_default();
    Some(
        label
            .trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace())
            .to_owned(),
    )
}
