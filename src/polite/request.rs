//! One request, sent when the host and its network address may be asked.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::SemaphorePermit;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::ip_queue::IpQueue;
use super::robots_fetch::requested_rest;
use super::{OriginState, PoliteClient, lock};
use crate::fetch::{FetchFailure, FetchResponse, Validators};
use crate::outcome::Outcome;

impl PoliteClient {
    /// Waits until the host and its network address may be asked, and sends one request. With `cut_bytes` a
    /// longer body is cut there; without, it is a failure.
    pub(super) async fn request(
        &self,
        url: &Url,
        known: &Validators,
        cut_bytes: Option<u64>,
        state: &OriginState,
    ) -> Result<FetchResponse, FetchFailure> {
        let ip = self.ip_queue(url, state).await?;
        let _connection = state.connections.acquire().await.map_err(|_| ending())?;
        let _exchange = self.acquire_exchange(state, ip.as_deref()).await?;
        let result = self.inner.client.get(url, known, cut_bytes).await;
        self.note_result(url, state, &result);
        result
    }

    /// The queue of a host's network address; none behind a proxy, which does not tell the address.
    pub(super) async fn ip_queue(
        &self,
        url: &Url,
        state: &OriginState,
    ) -> Result<Option<Arc<IpQueue>>, FetchFailure> {
        let known = lock(&state.ip_queue).clone();
        if known.is_some() {
            return Ok(known);
        }
        let Some(ip) = self.inner.client.address_of(url).await? else {
            return Ok(None);
        };
        let politeness = &self.inner.config.politeness;
        let delay_s = politeness.address_delay_s.unwrap_or(politeness.min_delay_s);
        let mut queues = lock(&self.inner.ip_queues);
        let queue = queues
            .entry(ip)
            .or_insert_with(|| Arc::new(IpQueue::new(delay_s)));
        *lock(&state.ip_queue) = Some(Arc::clone(queue));
        Ok(Some(Arc::clone(queue)))
    }

    /// Waits until the host and its network address may both be asked and one more exchange may be under
    /// way; returns the exchange's permit.
    async fn acquire_exchange(
        &self,
        state: &OriginState,
        ip: Option<&IpQueue>,
    ) -> Result<SemaphorePermit<'_>, FetchFailure> {
        loop {
            if let Some((rest, why)) = lock(&state.host).resting() {
                let reason = format!("{why}, {} s more", rest.as_secs());
                return Err(FetchFailure::new(Outcome::RateLimited, reason));
            }
            let ready_at = lock(&state.host).ready_at();
            sleep_until(ready_at).await;
            let mut first = None;
            if let Some(ip) = ip {
                first = Some(ip.wait_to_be_first().await);
                let ready_at = lock(&ip.limiter).next_at();
                sleep_until(ready_at).await;
            }
            let exchange = self.inner.exchanges.acquire().await.map_err(|_| ending())?;
            let acquired = try_acquire(state, ip);
            drop(first);
            match acquired {
                Ok(()) => return Ok(exchange),
                Err(wait) => {
                    drop(exchange);
                    sleep_until(Instant::now() + wait).await;
                }
            }
        }
    }

    /// Sets the host's delay or rest by what came of a request, and logs it.
    fn note_result(
        &self,
        url: &Url,
        state: &OriginState,
        result: &Result<FetchResponse, FetchFailure>,
    ) {
        let crawl_delay_s = lock(&state.robots_cache).crawl_delay_s();
        let mut host = lock(&state.host);
        match result {
            Ok(response) => {
                let bytes = response.received_bytes;
                let elapsed_ms = u64::try_from(response.took.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(%url, status = response.status, bytes, elapsed_ms, "fetched");
                host.tally.bytes += bytes;
                self.set_delay(url, &mut host, Some(response.latency), crawl_delay_s);
                if response.status == 429 || response.status == 503 {
                    let rest = host.complained(requested_rest(response));
                    tracing::info!(%url, seconds = rest.as_secs(), "left alone as asked");
                } else {
                    host.answered();
                }
            }
            Err(failure) => {
                tracing::info!(%url, outcome = %failure.outcome, reason = failure.reason, "failed");
                if failure.outcome.is_transient() {
                    let max_delay_s = self.inner.config.politeness.max_delay_s;
                    let longest = Duration::try_from_secs_f64(max_delay_s).ok();
                    self.set_delay(url, &mut host, longest, crawl_delay_s);
                    host.failed();
                }
            }
        }
    }
}

/// Counts a request at the network address, then at the host. When only the host has to be waited for, the
/// address has counted one too many, which only makes us slower.
fn try_acquire(state: &OriginState, ip: Option<&IpQueue>) -> Result<(), Duration> {
    if let Some(ip) = ip {
        lock(&ip.limiter).try_acquire()?;
    }
    lock(&state.host).try_acquire()
}

fn ending() -> FetchFailure {
    FetchFailure::new(Outcome::Connection, "the run is ending")
}
