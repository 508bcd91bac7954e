//! Fetching an origin's rules: robots.txt, and `tdmrep.json` where it counts.

use std::sync::Arc;

use reqwest::header;
use url::Url;

use super::host_state::retry_after;
use super::robots::{MAX_ROBOTS_BYTES, Robots};
use super::robots_cache::RobotsStatus;
use super::visit::redirect_target;
use super::{OriginState, PoliteClient, lock, origin, path, tdmrep};
use crate::config::OptOutAction;
use crate::fetch::{FetchFailure, FetchResponse, Validators};
use crate::outcome::Outcome;

/// Redirects followed for a robots.txt (RFC 9309, 2.3.1.2).
const MAX_REDIRECTS: u32 = 5;

/// What came of asking for a file of an origin's.
enum Answer {
    Body(Vec<u8>),
    /// A 4xx other than 429, or more redirects than are followed.
    Absent,
}

impl PoliteClient {
    /// Returns why an address is allowed, for people; fails with why it is not.
    pub(super) async fn check_robots(
        &self,
        url: &Url,
        state: &OriginState,
    ) -> Result<String, FetchFailure> {
        if let Some(who) = self.permission(url) {
            return Ok(format!("allowed by permission: {who}"));
        }
        let path = path(url);
        let robots = match self.robots_status(url, state).await? {
            RobotsStatus::Rules(robots) => robots,
            RobotsStatus::Unreachable(failure, _) => return Err(failure),
            RobotsStatus::Unknown => {
                let reason = "robots.txt is not known, so nothing is fetched";
                return Err(FetchFailure::new(Outcome::RobotsUnreachable, reason));
            }
        };
        match robots.rule_for(path) {
            Some(rule) if !rule.allow && path != "/robots.txt" => Err(FetchFailure::new(
                Outcome::RobotsDenied,
                format!("robots.txt line {}: Disallow: {}", rule.line, rule.pattern),
            )),
            Some(rule) => Ok(format!(
                "robots.txt line {}: Allow: {}",
                rule.line, rule.pattern
            )),
            None => Ok("no rule of robots.txt forbids it".to_owned()),
        }
    }

    /// Who allowed crawling the host against its robots.txt; an empty text allows nothing.
    pub(super) fn permission(&self, url: &Url) -> Option<&str> {
        let sites = &self.inner.config.site;
        let site = sites.get(url.host_str().unwrap_or_default())?;
        let who = site.permission.as_deref()?;
        (!who.trim().is_empty()).then_some(who)
    }

    /// The origin's rules in force, fetched if they are not known. Fails when the host cannot or must not be
    /// asked at all, which is then the page's failure, too.
    pub(super) async fn robots_status(
        &self,
        url: &Url,
        state: &OriginState,
    ) -> Result<RobotsStatus, FetchFailure> {
        let _fetching = state.fetching_rules.lock().await;
        let known = lock(&state.robots_cache).status(self.now_ms());
        if known != RobotsStatus::Unknown {
            return Ok(known);
        }
        let (mut answered, mut rest) = (false, None);
        let answer = self
            .ask(
                url,
                "/robots.txt",
                MAX_ROBOTS_BYTES as u64,
                state,
                |response| {
                    answered = true;
                    rest = requested_rest(response);
                },
            )
            .await;
        let mut robots_cache = lock(&state.robots_cache);
        match answer {
            Ok(Answer::Body(body)) => robots_cache.read(&body, self.now_ms()),
            Ok(Answer::Absent) => robots_cache.read(b"", self.now_ms()),
            Err(failure)
                if matches!(
                    failure.outcome,
                    Outcome::RefusedAddress | Outcome::Dns | Outcome::RefusedScheme
                ) && !answered =>
            {
                return Err(failure);
            }
            Err(failure) => robots_cache.unreadable(failure, rest, self.now_ms()),
        }
        let crawl_delay_s = robots_cache.crawl_delay_s();
        let status = robots_cache.status(self.now_ms());
        drop(robots_cache);
        self.set_delay(url, &mut lock(&state.host), None, crawl_delay_s);
        Ok(status)
    }

    /// Fetches `tdmrep.json`, if the settings heed it, it is not known and robots.txt allows it. A file that
    /// cannot be fetched reserves nothing, by the protocol.
    pub(super) async fn ask_reservations(
        &self,
        url: &Url,
        state: &OriginState,
        robots: &Arc<Robots>,
    ) {
        let matters = self.inner.config.optout.tdm_reservation != OptOutAction::Ignore;
        let _fetching = state.fetching_rules.lock().await;
        let wanted = lock(&state.robots_cache).wants_reservations(self.now_ms());
        if !(matters && wanted && robots.allows(tdmrep::PATH)) {
            return;
        }
        let answer = self
            .ask(url, tdmrep::PATH, tdmrep::MAX_BYTES, state, |_| ())
            .await;
        let mut robots_cache = lock(&state.robots_cache);
        robots_cache.reservations_ms = self.now_ms();
        robots_cache.reservations = match answer {
            Ok(Answer::Body(body)) => tdmrep::parse(&body),
            _ => Vec::new(),
        };
    }

    /// Fetches the first `max_bytes` of a file of the origin's, through redirects; `note` is called with each
    /// response.
    async fn ask(
        &self,
        url: &Url,
        file: &str,
        max_bytes: u64,
        state: &OriginState,
        mut note: impl FnMut(&FetchResponse),
    ) -> Result<Answer, FetchFailure> {
        let mut at = url
            .join(file)
            .map_err(|error| FetchFailure::new(Outcome::BadRedirect, error.to_string()))?;
        for _ in 0..=MAX_REDIRECTS {
            let elsewhere = self.state(&at);
            let same_host = origin(&at) == origin(url);
            let state = if same_host { state } else { &elsewhere };
            let known = Validators::default();
            let response = self.request(&at, &known, Some(max_bytes), state).await?;
            note(&response);
            match response.status {
                200..=299 => return Ok(Answer::Body(response.body)),
                300..=399 => at = redirect_target(&at, &response.headers)?,
                429 => return Err(FetchFailure::new(Outcome::RateLimited, "status 429")),
                400..=499 => return Ok(Answer::Absent),
                status => {
                    let reason = format!("status {status}");
                    return Err(FetchFailure::new(Outcome::ServerError, reason));
                }
            }
        }
        // RFC 9309, 2.3.1.2: after five hops the file counts as absent.
        Ok(Answer::Absent)
    }
}

/// How long the server wants to be left alone, if it says so.
pub(super) fn requested_rest(response: &FetchResponse) -> Option<std::time::Duration> {
    response
        .headers
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| retry_after(value, jiff::Timestamp::now()))
}
