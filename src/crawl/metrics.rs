//! A run's counts for Prometheus, in its text format
//! (<https://prometheus.io/docs/instrumenting/exposition_formats/>).

use std::convert::Infallible;
use std::fmt::Write;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::monitor::{Monitor, RunSnapshot};

/// Answers `GET /metrics` on a listener for as long as it is polled.
pub async fn serve_metrics(listener: TcpListener, monitor: Monitor) {
    monitor.watch();
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let monitor = monitor.clone();
        connections.spawn(async move {
            let service = hyper::service::service_fn(move |request| {
                let response = answer(&request, &monitor);
                async move { Ok::<_, Infallible>(response) }
            });
            // A reader who hangs up comes again.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
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
    for (name, kind, help, value) in [
        ("fetched_total", "counter", "URLs asked for.", total.fetched),
        (
            "stored_total",
            "counter",
            "New records and versions.",
            total.stored,
        ),
        (
            "unchanged_total",
            "counter",
            "Pages that did not change.",
            total.unchanged,
        ),
        (
            "duplicates_total",
            "counter",
            "Bodies that were known.",
            total.duplicates,
        ),
        ("failed_total", "counter", "URLs that failed.", total.failed),
        (
            "body_bytes_total",
            "counter",
            "Bytes of bodies.",
            total.bytes,
        ),
        ("hosts_tried", "gauge", "Hosts asked so far.", tried),
        ("hosts_working", "gauge", "Hosts worked on.", working),
        ("queued", "gauge", "URLs due on hosts worked on.", queued),
    ] {
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
