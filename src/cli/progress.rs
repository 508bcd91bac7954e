//! What a run is doing, on standard error: bars on a terminal, now and then a line elsewhere.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gleaner::crawl::{HostActivity, Monitor, RunSnapshot};
use indicatif::{ProgressBar, ProgressStyle};

/// Between two updates, on a terminal.
const UPDATE_EVERY: Duration = Duration::from_millis(200);
/// Between two lines where there is no terminal: rare enough for cron's log.
const LINE_EVERY: Duration = Duration::from_secs(30);
/// Hosts shown at a time; the busiest come first.
const HOSTS: usize = 12;

/// Shows a run until it is dropped.
pub(super) struct Progress {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts to show what `monitor` sees.
    pub(super) fn start(monitor: Monitor) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        monitor.watch();
        let thread = std::thread::spawn({
            let is_over = Arc::clone(&is_over);
            move || {
                if io::stderr().is_terminal() {
                    draw(&monitor, &is_over);
                } else {
                    log(&monitor, &is_over);
                }
            }
        });
        Self {
            is_over,
            thread: Some(thread),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}

fn draw(monitor: &Monitor, is_over: &AtomicBool) {
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
        bar.set_style(style);
    }
    let began = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        let now = monitor.snapshot();
        let mut message = total(&now, began.elapsed());
        let mut hosts = now.working;
        hosts.sort_by_key(|(_, host)| std::cmp::Reverse(host.queued));
        for (name, host) in hosts.iter().take(HOSTS) {
            let _ = write!(message, "\n  {}", line(name, host, began.elapsed()));
        }
        if hosts.len() > HOSTS {
            let _ = write!(message, "\n  and {} more hosts", hosts.len() - HOSTS);
        }
        bar.set_message(message);
        bar.tick();
        std::thread::park_timeout(UPDATE_EVERY);
    }
    bar.finish_and_clear();
}

fn log(monitor: &Monitor, is_over: &AtomicBool) {
    let began = Instant::now();
    loop {
        let line_at = Instant::now() + LINE_EVERY;
        while Instant::now() < line_at {
            std::thread::park_timeout(line_at.saturating_duration_since(Instant::now()));
            if is_over.load(Ordering::Relaxed) {
                return;
            }
        }
        let _ = writeln!(
            io::stderr(),
            "{}",
            total(&monitor.snapshot(), began.elapsed())
        );
    }
}

fn rate(count: u64, time: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let count = count as f64;
    count / time.as_secs_f64().max(0.001)
}

fn total(now: &RunSnapshot, time: Duration) -> String {
    let queued: u64 = now.working.iter().map(|(_, host)| host.queued).sum();
    format!(
        "{} hosts at work, {} fetched ({:.1}/s), {} new, {} failed, {queued} queued",
        now.working.len(),
        now.total.fetched,
        rate(now.total.fetched, time),
        now.total.stored,
        now.total.failed,
    )
}

fn line(name: &str, host: &HostActivity, time: Duration) -> String {
    let mut line = format!(
        "{name}: {} done, {} queued, {:.1}/s",
        host.done,
        host.queued,
        rate(host.done, time)
    );
    if let Some(since) = host.waiting_since {
        let waiting_s = since.elapsed().as_secs_f64();
        let _ = write!(line, ", waiting for its turn ({waiting_s:.1} s)");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_line_says_what_is_done_and_what_is_left() {
        let host = HostActivity {
            done: 20,
            queued: 5,
            waiting_since: None,
        };
        let line = line("a.example", &host, Duration::from_secs(10));
        assert_eq!(line, "a.example: 20 done, 5 queued, 2.0/s");
    }
}
