//! A site's sources and the articles they lead to, without a store and without fetching an article.

use std::collections::{HashSet, VecDeque};

use serde::Serialize;
use url::Url;

use crate::config::{Config, parse_seed};
use crate::discover::{self, DiscoveredUrl, ResponseKind, feed, links, response_kind, sitemap};
use crate::dom::Document;
use crate::fetch::Validators;
use crate::frontier::Role;
use crate::outcome::Outcome;
use crate::polite::{PoliteClient, Visit};
use crate::{Error, address, decode};

/// A site's sources and what they lead to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Survey {
    /// Feeds, sitemaps and the front page, in the order they were asked for.
    pub sources: Vec<SurveyedSource>,
    /// Articles and sections found, likeliest articles first, each once.
    pub found: Vec<SurveyedPage>,
    /// Feeds and sitemaps that were named but not asked for, because of the limit.
    pub not_asked: Vec<String>,
}

/// A source that was asked.
#[derive(Debug, Clone, Serialize)]
pub struct SurveyedSource {
    /// Its address.
    pub url: String,
    /// What led to it.
    pub why: String,
    /// What it is: `feed`, `sitemap`, `page` or `none`.
    pub kind: &'static str,
    /// What came of asking.
    pub outcome: Outcome,
    /// Why, in more detail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Articles it leads to.
    pub articles: usize,
    /// The latest date among its entries, as it stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
    /// Seconds between two visits that it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wish_s: Option<u64>,
}

/// A page that a crawl would know of.
#[derive(Debug, Clone, Serialize)]
pub struct SurveyedPage {
    /// Its address in canonical form.
    pub url: String,
    /// `article` or `section`.
    pub role: &'static str,
    /// How likely it is an article, 0 to 1.
    pub score: f32,
    /// What led to it, and what speaks for and against it.
    pub why: String,
    /// As a feed or sitemap says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
}

/// Fetches a site's robots.txt, front page, feeds and sitemaps, `max_requests` at most, with the delays of
/// a crawl.
///
/// # Errors
///
/// [`Error::Config`] for an address that cannot be read. A source that fails is in the survey.
pub async fn survey(config: &Config, site: &str, max_requests: usize) -> Result<Survey, Error> {
    let url = parse_seed(site)?;
    let mut task = SurveyTask {
        polite: PoliteClient::new(config)?,
        survey: Survey::default(),
        queue: VecDeque::new(),
        known: HashSet::new(),
        pages: HashSet::new(),
    };
    task.enqueue(DiscoveredUrl::new(&url, Role::Section, 1.0, "given"), false);
    let mut requests = 0;
    while requests < max_requests
        && let Some((candidate, is_guess)) = task.queue.pop_front()
    {
        requests += 1;
        task.ask(&candidate, is_guess).await;
    }
    let SurveyTask {
        mut survey, queue, ..
    } = task;
    survey.not_asked = queue
        .iter()
        .map(|(candidate, _)| candidate.url.to_string())
        .collect();
    survey.found.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(survey)
}

/// A survey under way.
struct SurveyTask {
    polite: PoliteClient,
    survey: Survey,
    /// Sources to fetch, each with whether it is a guess.
    queue: VecDeque<(DiscoveredUrl, bool)>,
    known: HashSet<Url>,
    pages: HashSet<Url>,
}

impl SurveyTask {
    fn enqueue(&mut self, candidate: DiscoveredUrl, is_guess: bool) {
        if self.known.insert(candidate.url.clone()) {
            self.queue.push_back((candidate, is_guess));
        }
    }

    async fn ask(&mut self, candidate: &DiscoveredUrl, is_guess: bool) {
        let never_fetched = Validators::default();
        let visit = self.polite.visit(&candidate.url, &never_fetched).await;
        let mut source = SurveyedSource {
            url: candidate.url.to_string(),
            why: candidate.reason.clone(),
            kind: "none",
            outcome: visit.outcome.unwrap_or(Outcome::Discovered),
            reason: visit.reason.clone(),
            articles: 0,
            newest: None,
            wish_s: None,
        };
        if visit.outcome.is_none() {
            self.read(candidate, &visit, &mut source).await;
        }
        if is_guess && source.kind == "none" {
            self.guess(&candidate.url, candidate.role, Some(&candidate.url));
        }
        self.survey.sources.push(source);
    }

    async fn read(
        &mut self,
        candidate: &DiscoveredUrl,
        visit: &Visit,
        source: &mut SurveyedSource,
    ) {
        match response_kind(&visit.body, visit.header("content-type"), &visit.url) {
            ResponseKind::Feed => match feed::parse(&visit.body, &visit.url) {
                Ok(feed) => {
                    source.kind = "feed";
                    source.wish_s = feed.ttl_s;
                    self.take(feed.entries, source);
                }
                Err(error) => source.reason = Some(error.to_string()),
            },
            ResponseKind::Sitemap | ResponseKind::SitemapIndex => {
                source.kind = "sitemap";
                let mut entries = Vec::new();
                let read =
                    sitemap::parse(visit.body.as_slice(), &visit.url, |one| entries.push(one));
                source.reason = read.err().map(|error| error.to_string());
                self.take(entries, source);
            }
            ResponseKind::Html if candidate.reason == "given" => {
                source.kind = "page";
                self.read_front(visit, source).await;
            }
            ResponseKind::Html | ResponseKind::Other => {
                source.outcome = Outcome::NotHtml;
                source.reason = Some("neither a feed nor a sitemap".to_owned());
            }
        }
    }

    /// The front page names feeds and sections; robots.txt names sitemaps; where they do not, the
    /// customary places are asked.
    async fn read_front(&mut self, visit: &Visit, source: &mut SurveyedSource) {
        let page = Document::parse(&decode::decode(&visit.body, None).text);
        let found = links::of_page(&page, &visit.url);
        let sitemaps = self.polite.sitemaps(&visit.url).await;
        for url in &sitemaps {
            let sitemap = DiscoveredUrl::new(url, Role::Sitemap, 0.0, "robots.txt");
            self.enqueue(sitemap, false);
        }
        for url in &found.feeds {
            let feed = DiscoveredUrl::new(url, Role::Feed, 0.0, "named by the page");
            self.enqueue(feed, false);
        }
        if sitemaps.is_empty() {
            self.guess(&visit.url, Role::Sitemap, None);
        }
        if found.feeds.is_empty() {
            self.guess(&visit.url, Role::Feed, None);
        }
        self.take(found.candidates, source);
    }

    fn guess(&mut self, site: &Url, role: Role, failed: Option<&Url>) {
        let mut well_known = discover::well_known(site)
            .into_iter()
            .filter(|candidate| candidate.role == role);
        if let Some(failed) = failed
            && !well_known.any(|candidate| candidate.url == *failed)
        {
            return;
        }
        if let Some(candidate) = well_known.next() {
            self.enqueue(candidate, true);
        }
    }

    fn take(&mut self, entries: Vec<DiscoveredUrl>, source: &mut SurveyedSource) {
        for entry in entries {
            let dated = entry.published.as_ref().or(entry.modified.as_ref());
            if dated > source.newest.as_ref() {
                source.newest = dated.cloned();
            }
            if entry.unlikely.or(entry.not_to_follow).is_some() {
                continue;
            }
            match entry.role {
                Role::Feed | Role::Sitemap => self.enqueue(entry, false),
                Role::Article | Role::Section | Role::Seed => {
                    source.articles += usize::from(entry.role == Role::Article);
                    let url = address::canonical(&entry.url);
                    if self.pages.insert(url) {
                        self.survey.found.push(SurveyedPage {
                            url: entry.url.to_string(),
                            role: entry.role.name(),
                            score: entry.score,
                            why: entry.reason,
                            published: entry.published,
                        });
                    }
                }
            }
        }
    }
}
