//! A run's counts for Prometheus, in its text format
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::fmt::Write;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use tokio::net::TcpListener;

use super::monitor::{Monitor, RunSnapshot};
use crate::http_server;

/// Answers `GET /metrics` on a listener for as long as it is polled.
pub async fn serve_metrics(listener: TcpListener, monitor: Monitor) {
    monitor.watch();
    http_server::serve(listener, move |request| {
        std::future::ready(answer(&request, &monitor))
    })
    .await;
}

fn answer(request: &Request<Incoming>, monitor: &Monitor) -> Response<Full<Bytes>> {
    let is_asked = request.method() == Method::GET && request.uri().path() == "/metrics";
    let (status, body) = if is_asked {
        (StatusCode::OK, text(&monitor.snapshot()))
    } else {
        (StatusCode::NOT_FOUND, "ask for /metrics\n".to_owned())
    };
    Response::builder()
        .status(status)
        .header("content-type", "text/plain; version=0.0.4; charset=utf-8")
        .body(Full::new(Bytes::from(body)))
        .unwrap_or_default()
}

fn text(now: &RunSnapshot) -> String {
    let total = &now.total;
    let (tried, working) = (now.hosts_tried as u64, now.working.len() as u64);
    let queued = now.working.iter().map(|(_, host)| host.queued).sum();
    let mut text = String::new();
    for (name, help, value) in [
        ("fetched_total", "URLs asked for.", total.fetched),
        ("stored_total", "New records and versions.", total.stored),
        (
            "unchanged_total",
            "Pages that did not change.",
            total.unchanged,
        ),
        (
            "duplicates_total",
            "Bodies that were known.",
            total.duplicates,
        ),
        ("failed_total", "URLs that failed.", total.failed),
        ("body_bytes_total", "Bytes of bodies.", total.bytes),
        ("hosts_tried", "Hosts asked so far.", tried),
        ("hosts_working", "Hosts worked on.", working),
        ("queued", "URLs due on hosts worked on.", queued),
    ] {
        let is_counter = name.ends_with("_total");
        let kind = if is_counter { "counter" } else { "gauge" };
        let _ = writeln!(text, "# HELP gleaner_{name} {help}");
        let _ = writeln!(text, "# TYPE gleaner_{name} {kind}\ngleaner_{name} {value}");
    }
    let name = "gleaner_outcomes_total";
    let _ = writeln!(
        text,
        "# HELP {name} What became of URLs.\n# TYPE {name} counter"
    );
    for (outcome, count) in &total.outcomes {
        let _ = writeln!(text, "{name}{{outcome=\"{outcome}\"}} {count}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Outcome;

    #[test]
    fn each_metric_has_its_type_and_value() {
        let mut now = RunSnapshot::default();
        now.total.fetched = 3;
        now.total.outcomes.insert(Outcome::NotFound, 2);
        let text = text(&now);
        assert!(text.contains("# TYPE gleaner_fetched_total counter\ngleaner_fetched_total 3\n"));
        assert!(text.contains("gleaner_outcomes_total{outcome=\"not_found\"} 2\n"));
        let is_sample = |line: &str| line.starts_with('#') || line.split(' ').count() == 2;
        assert!(text.lines().all(is_sample), "{text}");
    }
}
