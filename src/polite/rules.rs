//! Asking an origin for its rules: robots.txt, and `tdmrep.json` where it matters.

use std::sync::Arc;

use reqwest::header;
use url::Url;

use super::host::retry_after;
use super::robots::{MAX_ROBOTS_BYTES, Robots};
use super::standing::InForce;
use super::visit::redirect_target;
use super::{Polite, Slot, lock, now_ms, origin, path, tdmrep};
use crate::config::OptOutAction;
use crate::fetch::{Failure, Response, Validators};
use crate::outcome::Outcome;

/// Redirects followed for a robots.txt (RFC 9309, 2.3.1.2).
const MAX_REDIRECTS: u32 = 5;

/// What came of asking for a file of an origin's.
enum Answer {
    Body(Vec<u8>),
    /// A 4xx other than 429, or more redirects than are followed.
    Absent,
}

impl Polite {
    /// Says why an address is allowed, or fails with why it is not.
    pub(super) async fn check_robots(&self, url: &Url, slot: &Slot) -> Result<String, Failure> {
        if let Some(who) = self.permission(url) {
            return Ok(format!("allowed by permission: {who}"));
        }
        let path = path(url);
        let robots = match self.rules(url, slot).await? {
            InForce::Rules(robots) => robots,
            InForce::Nothing(failure, _) => return Err(failure),
            InForce::Unknown => {
                let reason = "robots.txt is not known, so nothing is fetched";
                return Err(Failure::new(Outcome::RobotsUnreachable, reason));
            }
        };
        match robots.rule_for(path) {
            Some(rule) if !rule.allow && path != "/robots.txt" => Err(Failure::new(
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

    /// The origin's rules in force, asked for if they are not known.
    ///
    /// Fails with what keeps us from the host at all, to be said of the page itself.
    pub(super) async fn rules(&self, url: &Url, slot: &Slot) -> Result<InForce, Failure> {
        let _asking = slot.asking.lock().await;
        let known = lock(&slot.standing).in_force(now_ms());
        if known != InForce::Unknown {
            return Ok(known);
        }
        let (mut status, mut wish) = (None, None);
        let answer = self
            .ask(
                url,
                "/robots.txt",
                MAX_ROBOTS_BYTES as u64,
                slot,
                |response| {
                    status = Some(response.status);
                    wish = wished(response);
                },
            )
            .await;
        let mut standing = lock(&slot.standing);
        match answer {
            Ok(Answer::Body(body)) => standing.read(&body, now_ms()),
            Ok(Answer::Absent) => standing.read(b"", now_ms()),
            Err(failure)
                if matches!(
                    failure.outcome,
                    Outcome::RefusedAddress | Outcome::Dns | Outcome::RefusedScheme
                ) && status.is_none() =>
            {
                return Err(failure);
            }
            Err(failure) => standing.unreadable(failure, wish, now_ms()),
        }
        let crawl_delay_s = standing.crawl_delay_s();
        let in_force = standing.in_force(now_ms());
        drop(standing);
        let politeness = &self.inner.config.politeness;
        lock(&slot.host).set_pace(None, crawl_delay_s, self.min_delay_s(url), politeness);
        Ok(in_force)
    }

    /// Asks for `tdmrep.json`, if it is wanted, not known and not forbidden. A file that cannot be
    /// had says nothing, as the protocol has it.
    pub(super) async fn ask_reservations(&self, url: &Url, slot: &Slot, robots: &Arc<Robots>) {
        let matters = self.inner.config.optout.tdm_reservation != OptOutAction::Ignore;
        let _asking = slot.asking.lock().await;
        let wanted = lock(&slot.standing).wants_reservations(now_ms());
        if !(matters && wanted && robots.allows(tdmrep::PATH)) {
            return;
        }
        let answer = self
            .ask(url, tdmrep::PATH, tdmrep::MAX_BYTES, slot, |_| ())
            .await;
        let mut standing = lock(&slot.standing);
        standing.reservations_ms = now_ms();
        standing.reservations = match answer {
            Ok(Answer::Body(body)) => tdmrep::parse(&body),
            _ => Vec::new(),
        };
    }

    /// Reads the first `max_bytes` of a file of the origin's, through redirects; `note` sees each
    /// response.
    async fn ask(
        &self,
        url: &Url,
        file: &str,
        max_bytes: u64,
        slot: &Slot,
        mut note: impl FnMut(&Response),
    ) -> Result<Answer, Failure> {
        let mut at = url
            .join(file)
            .map_err(|error| Failure::new(Outcome::BadRedirect, error.to_string()))?;
        for _ in 0..=MAX_REDIRECTS {
            let elsewhere = self.slot(&at);
            let same_host = origin(&at) == origin(url);
            let slot = if same_host { slot } else { &elsewhere };
            let known = Validators::default();
            let response = self.request(&at, &known, Some(max_bytes), slot).await?;
            note(&response);
            match response.status {
                200..=299 => return Ok(Answer::Body(response.body)),
                300..=399 => at = redirect_target(&at, &response.headers)?,
                429 => return Err(Failure::new(Outcome::RateLimited, "status 429")),
                400..=499 => return Ok(Answer::Absent),
                status => {
                    let reason = format!("status {status}");
                    return Err(Failure::new(Outcome::ServerError, reason));
                }
            }
        }
        // RFC 9309, 2.3.1.2: after five hops the file counts as absent.
        Ok(Answer::Absent)
    }
}

/// How long the server wants to be left alone, if it says so.
pub(super) fn wished(response: &Response) -> Option<std::time::Duration> {
    response
        .headers
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| retry_after(value, jiff::Timestamp::now()))
}
