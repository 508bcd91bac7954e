//! From a fetched page to what is stored of its visit: what the page was, where it links to, when it is
//! due again.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use super::host_task::{FetchedPage, RunContext, retry_at_ms};
use super::page_reader::{PageFindings, source_role};
use super::story::{self, FurtherPages, MissingPage};
use super::summary::{FailedSeed, UrlTally, is_failure};
use super::writer::WriterGone;
use crate::discover::DiscoveredUrl;
use crate::frontier::{Role, revisit};
use crate::outcome::Outcome;
use crate::polite::Visit;
use crate::store::{
    DueUrl, FetchLogEntry, NewArticle, NewUrl, SourceSchedule, UrlState, VisitResult,
};

/// Reads a fetched page and stores what came out.
pub(super) async fn record(
    run: Arc<RunContext>,
    host: String,
    fetched: FetchedPage,
    permit: OwnedSemaphorePermit,
) -> Result<(), WriterGone> {
    let (mut fetched, mut findings) = match fetched.visit.outcome {
        None => read(&run, fetched).await,
        Some(outcome) => {
            let reason = fetched.visit.reason.clone();
            let findings = PageFindings::nothing(outcome, reason, fetched.due.role);
            (fetched, findings)
        }
    };
    // While further pages are fetched, only the text of those before is held.
    fetched.visit.body = Vec::new();
    let first = withhold_further_page(&run, &fetched, &mut findings);
    findings.links.extend(first);
    let FurtherPages {
        pages,
        tallies,
        missing,
    } = story::join(&run, &fetched, &mut findings).await;
    if fetched.due.role == Role::Seed && findings.role == Role::Section {
        let sources = more_sources(&run, &fetched, &findings).await;
        findings.links.extend(sources);
    } else if fetched.due.guessed
        && is_failure(findings.outcome)
        && !findings.outcome.is_transient()
    {
        findings.links.extend(next_guess(&run, &fetched));
    }
    let FetchedPage {
        due, visit, at_ms, ..
    } = fetched;
    let tally = UrlTally::of(&visit, findings.outcome, due.guessed);
    let seed = (due.role == Role::Seed).then(|| due.url.clone());
    let reason = findings.reason.clone();
    let copy = findings.copy.take();
    let mut result = visit_result(&run, due, &visit, findings, missing, at_ms);
    result.pages = pages;
    let status = visit.status;
    drop(visit);
    let (url, elapsed_ms) = (result.due.url.clone(), result.log.elapsed_ms);
    let (outcome, of_pages) = run.writer.record_visit(result, copy).await?;
    tracing::info!(
        url,
        outcome = outcome.to_string(),
        status,
        reason,
        bytes = tally.bytes,
        elapsed_ms,
        "visited"
    );
    drop(permit);
    run.monitor.count(&host, UrlTally { outcome, ..tally });
    for (tally, outcome) in tallies.into_iter().zip(of_pages) {
        run.monitor.count(&host, UrlTally { outcome, ..tally });
    }
    if let Some(url) = seed
        && (is_failure(outcome) || matches!(outcome, Outcome::RobotsDenied | Outcome::NotArticle))
    {
        run.monitor.failed_seed(FailedSeed {
            url,
            outcome,
            reason,
        });
    }
    Ok(())
}

/// Reads a page on a blocking thread. A panic of the extractor becomes the page's outcome.
pub(super) async fn read(
    run: &Arc<RunContext>,
    fetched: FetchedPage,
) -> (FetchedPage, PageFindings) {
    let _permit = run.readers.acquire().await;
    let fetched = Arc::new(fetched);
    let findings = tokio::task::spawn_blocking({
        let (run, fetched) = (Arc::clone(run), Arc::clone(&fetched));
        move || {
            let mut early_news = 0;
            let mut overflow = |links| early_news += run.writer.add_links(&fetched.due, links);
            let mut findings = run.reader.read(&fetched, &mut overflow);
            findings.early_news = early_news;
            findings
        }
    })
    .await
    .unwrap_or_else(|panic| {
        let reason = Some(panic.to_string());
        PageFindings::nothing(Outcome::ExtractFailed, reason, fetched.due.role)
    });
    (Arc::unwrap_or_clone(fetched), findings)
}

/// Sitemaps that robots.txt names; and, where neither it nor the page names a sitemap or a feed, the first
/// customary address of one.
async fn more_sources(
    run: &RunContext,
    fetched: &FetchedPage,
    findings: &PageFindings,
) -> Vec<NewUrl> {
    let FetchedPage {
        due, visit, at_ms, ..
    } = fetched;
    let named = run.polite.sitemaps(&visit.url).await;
    let sitemap = |url| DiscoveredUrl::new(url, Role::Sitemap, 0.0, "robots.txt");
    let named: Vec<_> = named.iter().map(sitemap).collect();
    let mut sources = run.reader.admit_all(&named, due, fetched);
    let has_feed = findings.links.iter().any(|link| link.role == Role::Feed);
    let mut missing = Vec::new();
    missing.extend(sources.is_empty().then_some(Role::Sitemap));
    missing.extend((!has_feed).then_some(Role::Feed));
    let scope = &run.reader.scope;
    sources.extend(scope.guesses(&visit.url, &missing, None, due, *at_ms));
    sources
}

/// The next customary address to ask when nothing was at the last one.
fn next_guess(run: &RunContext, fetched: &FetchedPage) -> Vec<NewUrl> {
    let FetchedPage { due, at_ms, .. } = fetched;
    let Ok(url) = Url::parse(&due.url) else {
        return Vec::new();
    };
    let scope = &run.reader.scope;
    scope.guesses(&url, &[due.role], Some(&url), due, *at_ms)
}

fn visit_result(
    run: &RunContext,
    due: DueUrl,
    visit: &Visit,
    findings: PageFindings,
    missing: Option<MissingPage>,
    at_ms: i64,
) -> VisitResult {
    let state = next_state(run, &due, visit, &findings, missing);
    let succeeded = state.tries == 0;
    VisitResult {
        log: log_entry(run.id, visit, findings.outcome, findings.reason, at_ms),
        article: findings.article,
        page: findings.page,
        pages: Vec::new(),
        links: findings.links,
        early_news: findings.early_news,
        schedule: (succeeded && findings.role.is_source()).then(|| SourceSchedule {
            role: source_role(&due, findings.role),
            requested_s: findings.requested_s.or_else(|| max_age_s(visit)),
        }),
        state,
        due,
    }
}

/// The line of the log about a visit that began at `at_ms` (Unix milliseconds).
pub(super) fn log_entry(
    run: i64,
    visit: &Visit,
    outcome: Outcome,
    reason: Option<String>,
    at_ms: i64,
) -> FetchLogEntry {
    FetchLogEntry {
        run,
        at_ms,
        status: visit.status,
        outcome,
        reason,
        requests: visit.requests,
        bytes: visit.bytes,
        elapsed_ms: u64::try_from(visit.elapsed.as_millis()).unwrap_or(u64::MAX),
    }
}

/// A later page of a story is no article: its first page leads to all of it. Returns that page's address,
/// to be fetched.
fn withhold_further_page(
    run: &RunContext,
    fetched: &FetchedPage,
    findings: &mut PageFindings,
) -> Vec<NewUrl> {
    let of_first =
        |article: &NewArticle| Url::parse(article.record.continued_from.as_deref()?).ok();
    let Some(first) = findings.article.as_deref().and_then(of_first) else {
        return Vec::new();
    };
    story::drop_pages(&mut findings.links, &first, &fetched.visit.url);
    findings.article = None;
    findings.copy = None;
    findings.outcome = Outcome::FurtherPage;
    findings.reason = Some(format!("a page of {first}"));
    let first = DiscoveredUrl::new(&first, Role::Article, 1.0, "first page of a story");
    // It stands where the later page stood, and need not look like an article's address.
    let from = DueUrl {
        depth: fetched.due.depth.saturating_sub(1),
        ..fetched.due.clone()
    };
    let mut first = run.reader.admit_all(&[first], &from, fetched);
    for first in &mut first {
        first.naming = None;
    }
    first
}

/// The URL's state after a visit, a source's next visit aside. A story of which a page is missing is visited
/// again when that page would be.
fn next_state(
    run: &RunContext,
    due: &DueUrl,
    visit: &Visit,
    findings: &PageFindings,
    missing: Option<MissingPage>,
) -> UrlState {
    let now_ms = run.clock.now_ms();
    let outcome = missing.map_or(Some(findings.outcome), |missing| missing.outcome);
    let failed = outcome.is_none_or(is_failure);
    // "Not modified" must not be the answer for a page that has never been read.
    let validator = |name| visit.header(name).filter(|_| !failed).map(str::to_owned);
    let mut state = UrlState {
        // A seed stays one: it is asked for more sources at each visit.
        role: (due.role != Role::Seed || findings.role == Role::Article).then_some(findings.role),
        etag: validator("etag"),
        last_modified: validator("last-modified"),
        ..UrlState::default()
    };
    let must_not_be_asked = matches!(
        outcome,
        Some(Outcome::RobotsDenied | Outcome::RefusedAddress)
    );
    if !must_not_be_asked && !failed {
        if run.rules.track_changes && findings.role == Role::Article {
            let age_ms = now_ms - due.found_ms;
            state.due_ms = revisit::next_check_ms(age_ms).map(|check| due.found_ms + check);
        }
        return state;
    }
    state.tries = due.tries + 1;
    let Some(outcome) = outcome else {
        // The run ended, or the host rests, before the story's next page could be asked for.
        let at_ms = missing.and_then(|page| page.retry_ms).unwrap_or(now_ms);
        state.due_ms = (state.tries < revisit::MAX_TRIES).then_some(at_ms);
        return state;
    };
    state.interval_s = due.interval_s;
    let retry_ms = |tries| {
        let wait_s = revisit::retry_s(due.role, tries)?;
        Some(now_ms + i64::try_from(wait_s * 1000).unwrap_or(i64::MAX))
    };
    // The story links to a page that is missing: it should be there soon.
    let should_be_there = missing.is_some() && !must_not_be_asked;
    state.due_ms = if outcome.is_transient() || should_be_there {
        let is_given_up = !due.role.is_source() && state.tries >= revisit::MAX_TRIES;
        let asked_for = match missing {
            Some(page) => page.retry_ms,
            None => retry_at_ms(run, visit),
        };
        let retry = || asked_for.or_else(|| retry_ms(state.tries));
        (!is_given_up).then(retry).flatten()
    } else {
        retry_ms(revisit::MAX_TRIES).filter(|_| !due.guessed)
    };
    state
}

fn max_age_s(visit: &Visit) -> Option<u64> {
    let value = visit.header("cache-control")?;
    value
        .split(',')
        .find_map(|part| part.trim().strip_prefix("max-age="))
        .and_then(|seconds| seconds.parse().ok())
}
