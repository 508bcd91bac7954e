//! What a fetched page turned out to be: a source with links to articles, an article, or neither.
//!
//! This only computes, on blocking threads; a parsed page never leaves [`PageReader::read`].

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::header::HeaderMap;

use super::Extract;
use super::host_task::FetchedPage;
use super::known_links::KnownLinks;
use super::scope::Scope;
use super::story_verdict::{StoryVerdict, leads_away, new_article, wall_of};
use crate::article::{Extraction, Options, SiteRules};
use crate::config::{Config, OptOutConfig};
use crate::discover::{self, DiscoveredUrl, ResponseKind, response_kind};
use crate::dom::{Document, Tag};
use crate::fetch::{self, Validators};
use crate::frontier::Role;
use crate::frontier::revisit::covers_site;
use crate::outcome::Outcome;
use crate::polite::optout::{self, OptOut};
use crate::record::{Kind, time_ms};
use crate::store::{DueUrl, NewArticle, NewUrl};
use crate::{address, archive, decode};

/// Links of one source held in memory: a sitemap may have 50,000 (sitemaps.org), a page has some
/// hundreds.
const OVERFLOW_LINKS: usize = 2000;

/// Reads the pages of a run.
#[derive(Debug)]
pub(super) struct PageReader {
    pub(super) scope: Scope,
    known_links: KnownLinks,
    link_cache: discover::links::LinkCache,
    extract: Extract,
    language: Option<String>,
    /// The headers of our requests, where raw copies are kept.
    copies: Option<HeaderMap>,
    optout: OptOutConfig,
    sites: HashMap<String, Arc<SiteRules>>,
}

/// What came out of a page.
#[derive(Debug)]
pub(super) struct PageFindings {
    pub(super) outcome: Outcome,
    pub(super) reason: Option<String>,
    /// What the page turned out to be.
    pub(super) role: Role,
    pub(super) article: Option<Box<NewArticle>>,
    /// What the page itself says for a story, in log-odds, and what was seen.
    pub(super) page: Option<(f32, String)>,
    /// The page as packed WARC records, where a raw copy is to be kept.
    pub(super) copy: Option<Vec<u8>>,
    pub(super) links: Vec<NewUrl>,
    /// How many links were news among those that were stored before all of the source was read.
    pub(super) early_news: u64,
    /// Seconds between two visits that the source asks for.
    pub(super) requested_s: Option<u64>,
    /// For the first of a story's pages, all of them in one.
    pub(super) whole: Option<String>,
    /// Whether the page asks not to follow its links.
    pub(super) nofollow: bool,
}

impl PageFindings {
    pub(super) fn nothing(outcome: Outcome, reason: Option<String>, role: Role) -> Self {
        Self {
            outcome,
            reason,
            role,
            article: None,
            page: None,
            copy: None,
            links: Vec::new(),
            early_news: 0,
            requested_s: None,
            whole: None,
            nofollow: false,
        }
    }
}

impl PageFindings {
    /// Adds to the reason.
    pub(super) fn remark(&mut self, more: Option<String>) {
        self.reason = remarks([self.reason.take(), more]);
    }
}

impl PageReader {
    pub(super) fn new(config: &Config, extract: Extract) -> Result<Self, crate::Error> {
        Ok(Self {
            scope: Scope::new(config)?,
            known_links: KnownLinks::default(),
            link_cache: discover::links::LinkCache::default(),
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
        fetched: &FetchedPage,
        overflow: &mut dyn FnMut(Vec<NewUrl>),
    ) -> PageFindings {
        let visit = &fetched.visit;
        let content_type = visit.header("content-type");
        match response_kind(&visit.body, content_type, &visit.url) {
            ResponseKind::Feed => self.feed(fetched),
            ResponseKind::Sitemap | ResponseKind::SitemapIndex => self.sitemap(fetched, overflow),
            ResponseKind::Html => self.html(fetched, content_type),
            ResponseKind::Other => {
                let reason = content_type.map(str::to_owned);
                PageFindings::nothing(Outcome::NotHtml, reason, fetched.due.role)
            }
        }
    }

    fn feed(&self, fetched: &FetchedPage) -> PageFindings {
        let FetchedPage { due, visit, .. } = fetched;
        match discover::feed::parse(&visit.body, &visit.url) {
            Ok(feed) => PageFindings {
                links: self.admit_all(&feed.entries, &as_source(due, Role::Feed), fetched),
                requested_s: feed.ttl_s,
                ..PageFindings::nothing(Outcome::Discovered, None, Role::Feed)
            },
            Err(error) => {
                PageFindings::nothing(Outcome::Protocol, Some(error.to_string()), due.role)
            }
        }
    }

    fn sitemap(
        &self,
        fetched: &FetchedPage,
        overflow: &mut dyn FnMut(Vec<NewUrl>),
    ) -> PageFindings {
        let FetchedPage {
            due, visit, at_ms, ..
        } = fetched;
        let from = as_source(due, Role::Sitemap);
        let mut links = Vec::new();
        let reading = discover::sitemap::parse(visit.body.as_slice(), &visit.url, |entry| {
            links.extend(self.scope.admit(&entry, &from, &visit.url, *at_ms));
            if links.len() >= OVERFLOW_LINKS {
                overflow(std::mem::take(&mut links));
            }
        });
        let reason = match reading {
            Ok(reading) if reading.cut => Some("broken or too long; read in part".to_owned()),
            Ok(_) => None,
            Err(error) => Some(error.to_string()),
        };
        PageFindings {
            links,
            ..PageFindings::nothing(Outcome::Discovered, reason, Role::Sitemap)
        }
    }

    fn html(&self, fetched: &FetchedPage, content_type: Option<&str>) -> PageFindings {
        let FetchedPage { due, visit, .. } = fetched;
        let charset = content_type.and_then(decode::charset_of);
        let decoded = decode::decode(&visit.body, charset);
        if !decoded.is_text() {
            return PageFindings::nothing(Outcome::Decode, decoded.remark(), due.role);
        }
        let page = Document::parse(&decoded.text);
        let optout = self.optout(&page, fetched);
        let links = if optout.nofollow.is_some() {
            Vec::new()
        } else {
            self.links(&page, fetched)
        };
        let mut findings = PageFindings {
            links,
            nofollow: optout.nofollow.is_some(),
            ..PageFindings::nothing(Outcome::Discovered, optout.nofollow.clone(), due.role)
        };
        // A front page is never an article.
        if address::is_front_page(&visit.url) {
            if leads_away(due) {
                findings.outcome = Outcome::SoftNotFound;
                findings.reason = Some("leads to the front page".to_owned());
            } else {
                findings.role = Role::Section;
            }
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
        let extraction = self.extract(&page, fetched);
        let verdict = StoryVerdict::of(&extraction, &page, due.odds);
        findings.page = Some(verdict.page());
        let Extraction {
            mut record,
            page_type,
            whole,
            ..
        } = extraction;
        // A story's last page may be too short to look like an article by itself.
        let is_page_of_story = fetched.first_page.is_some()
            && !record.text.is_empty()
            && !matches!(record.kind, Kind::Wall | Kind::Empty | Kind::Listing);
        let is_story = || verdict.is_story() && self.scope.may_be_article(&visit.url);
        if is_page_of_story || is_story() {
            record.kind = Kind::Article;
            findings.whole = whole;
            findings.role = Role::Article;
            findings.outcome = Outcome::Stored;
            if optout.no_copy.is_none() {
                findings.copy = self.copy(fetched);
            }
            let moved = !visit.redirects.is_empty();
            let moved = moved.then(|| format!("redirected to {}", visit.url));
            findings.reason = remarks([optout.no_copy, optout.nofollow, decoded.remark(), moved]);
            let old = self.scope.cutoff_ms(due.found_ms);
            let published = record.published.as_deref().and_then(time_ms);
            if let (Some(published), Some(old)) = (published, old)
                && published < old
            {
                // What an old article leads to is older still.
                findings.links.clear();
            }
            findings.article = Some(Box::new(new_article(record, &visit.url, published)));
        } else if let Some((wall, outcome)) = wall_of(&page_type, due.role) {
            findings.outcome = outcome;
            findings.reason = Some(wall.to_string());
        } else if due.role == Role::Article {
            findings.outcome = Outcome::NotArticle;
            findings.reason = Some(verdict.why_not());
        } else {
            findings.role = Role::Section;
        }
        findings
    }

    fn optout(&self, page: &Document, fetched: &FetchedPage) -> OptOut {
        let FetchedPage { visit, at_ms, .. } = fetched;
        let metas = page
            .elements()
            .filter(|(_, element)| element.tag == Tag::Meta)
            .filter_map(|(_, element)| {
                Some((element.attribute("name")?, element.attribute("content")?))
            });
        let file = visit.reservation.as_ref();
        optout::read(&visit.headers, metas, file, &self.optout, timestamp(*at_ms))
    }

    /// The packed WARC records of a visit, where raw copies are kept.
    fn copy(&self, fetched: &FetchedPage) -> Option<Vec<u8>> {
        let FetchedPage {
            due, visit, at_ms, ..
        } = fetched;
        let mut asked = self.copies.clone()?;
        asked.extend(validators(due).headers());
        let exchange = archive::Exchange {
            url: &visit.url,
            via: visit.redirects.last(),
            at_ms: *at_ms,
            asked: &asked,
            peer: visit.peer,
            took: visit.took,
            status: visit.status.unwrap_or_default(),
            headers: &visit.headers,
            body: &visit.body,
        };
        Some(exchange.records())
    }

    fn extract(&self, page: &Document, fetched: &FetchedPage) -> Extraction {
        let FetchedPage {
            due, visit, at_ms, ..
        } = fetched;
        let site = visit
            .url
            .host_str()
            .and_then(|host| self.sites.get(host))
            .cloned();
        let options = Options {
            language: self.language.clone(),
            fetched: Some(timestamp(*at_ms)),
            hints: due.hints.clone(),
            site,
            first_page: fetched.first_page.clone(),
            ..Options::default()
        };
        let mut extraction = (self.extract)(page, Some(&visit.url), &options);
        extraction.record.source = Some(due.url.clone());
        extraction.record.url = Some(visit.url.to_string());
        extraction
    }

    /// The articles, sections and feeds that a page links to.
    fn links(&self, page: &Document, fetched: &FetchedPage) -> Vec<NewUrl> {
        let FetchedPage { due, visit, .. } = fetched;
        let mut found = discover::links::of_page_of_crawl(page, &visit.url, &self.link_cache);
        for candidate in &mut found.candidates {
            // The words of a link are no headline of the page it leads to.
            candidate.title = None;
        }
        found.candidates.extend(
            found
                .feeds
                .iter()
                .map(|url| DiscoveredUrl::new(url, Role::Feed, 1.0, "named by the page")),
        );
        // Links of a front page are news for its schedule even when another page led to them first.
        if !covers_site(due.role) {
            self.known_links
                .keep_new(&due.site, due.depth, &mut found.candidates);
        }
        self.admit_all(&found.candidates, due, fetched)
    }

    /// The URLs to add to the frontier of the candidates on a fetched page. `from` is the page as the
    /// source that they count as found on.
    pub(super) fn admit_all(
        &self,
        candidates: &[DiscoveredUrl],
        from: &DueUrl,
        fetched: &FetchedPage,
    ) -> Vec<NewUrl> {
        let (base, at_ms) = (&fetched.visit.url, fetched.at_ms);
        let admit = |candidate| self.scope.admit(candidate, from, base, at_ms);
        candidates.iter().filter_map(admit).collect()
    }
}

/// The remarks there are, in one line; none where there is none.
fn remarks(all: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let remarks: Vec<String> = all.into_iter().flatten().collect();
    (!remarks.is_empty()).then(|| remarks.join("; "))
}

/// The URL as what it turned out to be; see [`source_role`].
fn as_source(due: &DueUrl, role: Role) -> DueUrl {
    DueUrl {
        role: source_role(due, role),
        ..due.clone()
    }
}

/// What a source counts as that turned out to be of `role`. A seed stays one: it may lead to another site,
/// and is asked for more sources at each visit.
pub(super) fn source_role(due: &DueUrl, role: Role) -> Role {
    if due.role == Role::Seed {
        Role::Seed
    } else {
        role
    }
}

/// What makes the next request for a URL conditional.
pub(super) fn validators(due: &DueUrl) -> Validators {
    Validators {
        etag: due.etag.clone(),
        last_modified: due.last_modified.clone(),
    }
}

fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}
