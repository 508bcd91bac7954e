//! Waiting for a turn, and one request when it has come.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::SemaphorePermit;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::address::Address;
use super::rules::wished;
use super::{Polite, Slot, lock};
use crate::fetch::{Failure, Response, Validators};
use crate::outcome::Outcome;

impl Polite {
    /// Waits for the turn of the host and of the address it lives at, and sends one request. With
    /// `cut_bytes` a longer body is cut there; without, it is a failure.
    pub(super) async fn request(
        &self,
        url: &Url,
        known: &Validators,
        cut_bytes: Option<u64>,
        slot: &Slot,
    ) -> Result<Response, Failure> {
        let client = &self.inner.client;
        let address = self.address(url, slot).await?;
        let _connection = slot.connections.acquire().await.map_err(|_| ending())?;
        let _exchange = self.turn(slot, address.as_deref()).await?;
        let result = match cut_bytes {
            Some(bytes) => client.get_start(url, known, bytes).await,
            None => client.get(url, known).await,
        };
        self.note(url, slot, &result);
        result
    }

    /// The network address a host lives at; none behind a proxy, which keeps it to itself.
    pub(super) async fn address(
        &self,
        url: &Url,
        slot: &Slot,
    ) -> Result<Option<Arc<Address>>, Failure> {
        let known = lock(&slot.address).clone();
        if known.is_some() {
            return Ok(known);
        }
        let Some(address) = self.inner.client.address_of(url).await? else {
            return Ok(None);
        };
        let politeness = &self.inner.config.politeness;
        let delay_s = politeness.address_delay_s.unwrap_or(politeness.min_delay_s);
        let mut addresses = lock(&self.inner.addresses);
        let shared = addresses
            .entry(address)
            .or_insert_with(|| Arc::new(Address::new(delay_s)));
        *lock(&slot.address) = Some(Arc::clone(shared));
        Ok(Some(Arc::clone(shared)))
    }

    /// Waits until host and address both have a turn and an exchange is free, and takes all three.
    async fn turn(
        &self,
        slot: &Slot,
        address: Option<&Address>,
    ) -> Result<SemaphorePermit<'_>, Failure> {
        loop {
            if let Some((rest, why)) = lock(&slot.host).resting() {
                let reason = format!("{why}, {} s more", rest.as_secs());
                return Err(Failure::new(Outcome::RateLimited, reason));
            }
            let ready_at = lock(&slot.host).ready_at();
            sleep_until(ready_at).await;
            let first = match address {
                Some(address) => Some(address.first().await),
                None => None,
            };
            if let Some(address) = address {
                let ready_at = lock(&address.pace).next_at();
                sleep_until(ready_at).await;
            }
            let exchange = self.inner.exchanges.acquire().await.map_err(|_| ending())?;
            let taken = take(slot, address);
            drop(first);
            match taken {
                Ok(()) => return Ok(exchange),
                Err(wait) => {
                    drop(exchange);
                    sleep_until(Instant::now() + wait).await;
                }
            }
        }
    }

    /// Draws the lesson of a request for the host's pace, and logs it.
    fn note(&self, url: &Url, slot: &Slot, result: &Result<Response, Failure>) {
        let crawl_delay_s = lock(&slot.standing).crawl_delay_s();
        let min_delay_s = self.min_delay_s(url);
        let politeness = &self.inner.config.politeness;
        let mut host = lock(&slot.host);
        match result {
            Ok(response) => {
                let bytes = response.received_bytes;
                let elapsed_ms = u64::try_from(response.took.as_millis()).unwrap_or(u64::MAX);
                tracing::info!(%url, status = response.status, bytes, elapsed_ms, "fetched");
                host.tally.bytes += bytes;
                host.set_pace(
                    Some(response.latency),
                    crawl_delay_s,
                    min_delay_s,
                    politeness,
                );
                if response.status == 429 || response.status == 503 {
                    let rest = host.complained(wished(response));
                    tracing::info!(%url, seconds = rest.as_secs(), "left alone as asked");
                } else {
                    host.content();
                }
            }
            Err(failure) => {
                tracing::info!(%url, outcome = %failure.outcome, reason = failure.reason, "failed");
                if failure.outcome.is_transient() {
                    let longest = Duration::try_from_secs_f64(politeness.max_delay_s).ok();
                    host.set_pace(longest, crawl_delay_s, min_delay_s, politeness);
                    host.failed();
                }
            }
        }
    }
}

/// Takes the turns of both, the address's first: a turn lost there only makes us slower.
fn take(slot: &Slot, address: Option<&Address>) -> Result<(), Duration> {
    if let Some(address) = address {
        lock(&address.pace).take()?;
    }
    lock(&slot.host).take_turn()
}

fn ending() -> Failure {
    Failure::new(Outcome::Connection, "the run is ending")
}
