//! A story on several pages: the further ones are fetched with the first, in their order, and become one
//! record with it.

mod joined_text;

use std::sync::Arc;

use url::Url;

use self::joined_text::{Comparison, JoinedStory};
use super::host_task::{FetchedPage, PATIENCE, RunContext, retry_at_ms};
use super::page_reader::PageFindings;
use super::scope::site_of;
use super::story_verdict::new_article;
use super::summary::UrlTally;
use super::visit::{log_entry, read};
use crate::address::page_number::NumberedAddress;
use crate::address::{canonical, host_key, page_key};
use crate::article::Hints;
use crate::fetch::Validators;
use crate::frontier::Role;
use crate::outcome::Outcome;
use crate::record::Kind;
use crate::store::{DueUrl, FurtherPage, NewUrl};

/// Pages that are joined into one record at the most; longer stories are picture series of hundreds.
const MAX_PAGES: usize = 30;

/// Bytes of all pages of a story at the most: some ten times those of thirty plain pages' text.
const MAX_STORY_BYTES: usize = 32 * 1024 * 1024;

/// The further pages that were fetched with a first one.
#[derive(Debug, Default)]
pub(super) struct FurtherPages {
    pub(super) pages: Vec<FurtherPage>,
    /// What is to be counted of each.
    pub(super) tallies: Vec<UrlTally>,
    /// The page at which the record ends too early.
    pub(super) missing: Option<MissingPage>,
}

/// Why a further page is not in the record.
#[derive(Debug, Clone, Copy)]
pub(super) struct MissingPage {
    /// What came of asking; none where the run ended before it could be asked.
    pub(super) outcome: Option<Outcome>,
    /// When it may be asked again, in Unix milliseconds, where the host said so.
    pub(super) retry_ms: Option<i64>,
}

/// What a further page is to its story.
enum Part {
    /// It was joined.
    Joined,
    /// There is no such page of the story: it shows one that is known, or another story.
    End,
    Missing(MissingPage),
}

/// A story whose pages are being fetched.
struct Joining<'a> {
    run: &'a Arc<RunContext>,
    first: &'a FetchedPage,
    /// How its pages are numbered.
    numbering: NumberedAddress,
    story: JoinedStory,
    found: FurtherPages,
    /// Addresses of pages that are in the record.
    addresses: Vec<String>,
    bytes: usize,
}

/// Fetches the further pages of an article and makes them part of its record.
pub(super) async fn join(
    run: &Arc<RunContext>,
    first: &FetchedPage,
    findings: &mut PageFindings,
) -> FurtherPages {
    let Some(mut article) = findings.article.take() else {
        return FurtherPages::default();
    };
    let next = article.record.continues.as_deref();
    let next = next.and_then(|next| Url::parse(next).ok());
    let next = next.filter(|_| !findings.nofollow);
    let Some(numbering) = next.and_then(|next| numbering(&first.visit.url, &next)) else {
        findings.article = Some(article);
        return FurtherPages::default();
    };
    let published_ms = article.published_ms;
    let mut joining = Joining {
        run,
        first,
        story: JoinedStory::of(std::mem::take(&mut article.record)),
        numbering,
        found: FurtherPages::default(),
        addresses: Vec::new(),
        bytes: 0,
    };
    joining.fetch_pages(findings).await;
    let Joining {
        numbering,
        story,
        found,
        mut addresses,
        ..
    } = joining;
    findings.remark(story.remark(found.missing.as_ref()));
    let mut whole = new_article(story.into_record(), &first.visit.url, published_ms);
    findings.links.retain(|link| {
        let page = page_of(link, &numbering);
        // Another spelling of the first page, such as `?page=1`.
        let is_first = page.as_ref().is_some_and(|page| page.number < 2);
        if is_first && link.url != whole.url && !addresses.contains(&link.url) {
            addresses.push(link.url.clone());
        }
        page.is_none()
    });
    whole.pages = addresses;
    findings.article = Some(Box::new(whole));
    found
}

/// Drops the links to pages of the story that has this first page and this other one.
pub(super) fn drop_pages(links: &mut Vec<NewUrl>, first: &Url, other: &Url) {
    if let Some(numbering) = numbering(first, other) {
        links.retain(|link| page_of(link, &numbering).is_none());
    }
}

/// A link as one to a page of a story.
fn page_of(link: &NewUrl, numbering: &NumberedAddress) -> Option<NumberedAddress> {
    let url = Url::parse(&link.url).ok()?;
    let mut readings = NumberedAddress::readings(&url).into_iter();
    readings.find(|one| one.is_beside(numbering))
}

/// How the pages of a story are numbered whose first page and another one have these addresses.
fn numbering(first: &Url, other: &Url) -> Option<NumberedAddress> {
    if host_key(first) != host_key(other) {
        return None;
    }
    let key = page_key(first);
    let own = NumberedAddress::readings(first);
    NumberedAddress::readings(other)
        .into_iter()
        .find(|one| one.key == key || own.iter().any(|own| own.is_beside(one)))
}

impl Joining<'_> {
    async fn fetch_pages(&mut self, findings: &mut PageFindings) {
        if let Some(whole) = findings.whole.take()
            && let Ok(whole) = Url::parse(&whole)
            && matches!(self.fetch_part(&whole, true, findings).await, Part::Joined)
        {
            self.story.record.continues = None;
            return;
        }
        while let Some(next) = self.next() {
            if self.addresses.len() + 1 >= MAX_PAGES || self.bytes > MAX_STORY_BYTES {
                return;
            }
            match self.fetch_part(&next, false, findings).await {
                Part::Joined => {}
                Part::End => self.story.record.continues = None,
                Part::Missing(missing) => {
                    self.found.missing = Some(missing);
                    return;
                }
            }
        }
    }

    /// The address of the next page, if it is one that was not asked for yet.
    fn next(&mut self) -> Option<Url> {
        let next = Url::parse(self.story.record.continues.as_deref()?).ok();
        let url = next.filter(|url| {
            let address = canonical(url);
            let mut asked = self.found.pages.iter();
            asked.all(|page| page.url.url != address.as_str())
                && numbering(&self.first.visit.url, url)
                    .is_some_and(|one| one.is_beside(&self.numbering))
        });
        if url.is_none() {
            self.story.record.continues = None;
        }
        url
    }

    /// Fetches a further page, or all pages in one, and takes over what is new in it.
    async fn fetch_part(&mut self, url: &Url, is_whole: bool, findings: &mut PageFindings) -> Part {
        let missing = |outcome, retry_ms| Part::Missing(MissingPage { outcome, retry_ms });
        let fetched = match self.ask(url).await {
            Ok(fetched) => fetched,
            Err(retry_ms) => return missing(None, retry_ms),
        };
        self.bytes += fetched.visit.body.len();
        let (fetched, mut part) = match fetched.visit.outcome {
            None => read(self.run, fetched).await,
            Some(outcome) => {
                let reason = fetched.visit.reason.clone();
                let part = PageFindings::nothing(outcome, reason, Role::Article);
                (fetched, part)
            }
        };
        let retry_ms = retry_at_ms(self.run, &fetched.visit);
        let Some(article) = part.article.take() else {
            let outcome = part.outcome;
            self.keep(&fetched, outcome, part.reason.take(), None);
            return missing(Some(outcome), retry_ms);
        };
        let is_first = page_key(&fetched.visit.url) == page_key(&self.first.visit.url);
        let comparison = if is_first {
            Comparison::Again
        } else {
            self.story.compare(&article.record, is_whole)
        };
        let first = &self.first.due.url;
        match comparison {
            Comparison::Part => {
                self.story.append(article.record, is_whole);
                let reason = format!("a page of {first}");
                self.keep(&fetched, Outcome::FurtherPage, Some(reason), None);
                self.addresses.push(fetched.due.url.clone());
            }
            Comparison::Again => {
                let reason = format!("shows a page again that {first} has");
                self.keep(&fetched, Outcome::Duplicate, Some(reason), None);
                if !is_whole {
                    self.addresses.push(fetched.due.url.clone());
                }
                return Part::End;
            }
            Comparison::AnotherStory => {
                let mut article = article;
                article.record.continued_from = None;
                let is_article = article.record.kind == Kind::Article;
                let (outcome, article) = if is_article {
                    (Outcome::Stored, Some(article))
                } else {
                    (Outcome::NotArticle, None)
                };
                let reason = format!("no page of {first}: another story");
                self.keep(&fetched, outcome, Some(reason), article);
            }
        }
        findings.links.append(&mut part.links);
        if let (Some(copies), Some(copy)) = (&mut findings.copy, part.copy) {
            copies.extend(copy);
        }
        match comparison {
            Comparison::Part => Part::Joined,
            _ => Part::End,
        }
    }

    /// Asks for a page on the same way as any other, in its turn. Fails, with the time to ask again where it is known,
    /// when its turn does not come.
    async fn ask(&self, url: &Url) -> Result<FetchedPage, Option<i64>> {
        let run = self.run;
        let exchange = async {
            if let Err(at) = run.polite.ready(url, PATIENCE).await {
                return Err(Some(run.unix_ms(at)));
            }
            if !run.budget.take(&host_key(url)) {
                return Err(None);
            }
            let at_ms = run.clock.now_ms();
            let visit = run.polite.visit(url, &Validators::default()).await;
            Ok(FetchedPage {
                due: DueUrl {
                    id: 0,
                    url: canonical(url).into(),
                    role: Role::Article,
                    guessed: false,
                    hints: Hints::default(),
                    tries: 0,
                    fetched_ms: None,
                    etag: None,
                    last_modified: None,
                    ..self.first.due.clone()
                },
                visit,
                at_ms,
                first_page: Some(self.numbering.stem.clone()),
            })
        };
        tokio::select! {
            biased;
            () = run.stop.requested() => Err(None),
            fetched = exchange => fetched,
        }
    }

    /// Keeps what came of a page for the store and the summary.
    fn keep(
        &mut self,
        fetched: &FetchedPage,
        outcome: Outcome,
        reason: Option<String>,
        article: Option<Box<crate::store::NewArticle>>,
    ) {
        let FetchedPage {
            due, visit, at_ms, ..
        } = fetched;
        self.found.tallies.push(UrlTally::of(visit, outcome, false));
        let url = Url::parse(&due.url).unwrap_or_else(|_| visit.url.clone());
        self.found.pages.push(FurtherPage {
            url: NewUrl {
                host: host_key(&url),
                site: site_of(&url),
                role: Role::Article,
                guessed: false,
                depth: due.depth,
                priority: 0.0,
                naming: None,
                left_alone: None,
                hints: None,
                modified_ms: None,
                url: due.url.clone(),
            },
            log: log_entry(self.run.id, visit, outcome, reason, *at_ms),
            was_read: visit.outcome.is_none(),
            article,
        });
    }
}
