//! `gleaner crawl`: sites in, articles in a store.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use gleaner::config::{Config, Flag, Refresh};
use gleaner::crawl::{Control, EndReason, RunCounts, Shutdown, Summary, serve_metrics};
use toml::Value;

use super::progress::Progress;
use super::{Common, Status, usage};

/// Crawl sites and store their articles
///
/// Seeds are addresses of sites, feeds or sitemaps. What a store has is never fetched again; run it
/// from cron, and each run brings what is new.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner crawl https://news.example\n  \
    gleaner crawl --config gleaner.toml --store news.db --time-limit 3000\n  \
    gleaner crawl --dry-run https://news.example/feed.xml")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Args {
    /// Sites, feeds or sitemaps, on top of those in the settings
    #[arg(value_name = "SEED")]
    seeds: Vec<String>,
    /// The store's file [default: gleaner.db]
    #[arg(long, value_name = "PATH")]
    store: Option<PathBuf>,
    /// Keep raw copies of the articles' pages in this folder, as WARC archives
    #[arg(long, value_name = "FOLDER")]
    warc: Option<PathBuf>,
    /// Pages to fetch at most; 0 for no limit
    #[arg(long, value_name = "N")]
    max_pages: Option<u32>,
    /// Links to follow from a seed
    #[arg(long, value_name = "N")]
    max_depth: Option<u32>,
    /// Seconds after which the run ends
    #[arg(long, value_name = "SECONDS")]
    time_limit: Option<u32>,
    /// Leave articles dated before this date alone
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Work only on this site; may be given more than once
    #[arg(long = "site", value_name = "SITE")]
    sites: Vec<String>,
    /// Ask every known feed, sitemap and section page now, due or not
    #[arg(long)]
    refresh: bool,
    /// Fetch articles again after 1, 6 and 24 hours, and keep their versions
    #[arg(long)]
    track_changes: bool,
    /// Keep blocks that repeat across a site's articles
    #[arg(long)]
    no_sitewide: bool,
    /// Allow loopback and private addresses
    #[arg(long)]
    allow_private: bool,
    /// Fetch no article and store nothing; print the articles that would be fetched
    #[arg(long)]
    dry_run: bool,
    /// Run on and serve what falls due, until a signal or the time limit ends it
    #[arg(long, conflicts_with = "dry_run")]
    watch: bool,
    /// Serve counts for Prometheus under `/metrics` at this loopback address
    #[arg(long, value_name = "ADDRESS", value_parser = loopback)]
    metrics: Option<SocketAddr>,
    /// Write the summary to this file as JSON
    #[arg(long, value_name = "FILE")]
    summary_json: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, common: &Common) -> anyhow::Result<Status> {
    let config = settings(args, common)?;
    if config.crawl.seeds.is_empty() && !config.store.path.exists() {
        return Err(usage(
            "SEED",
            "nowhere to begin; name a site, a feed or a sitemap here or as `seeds` in [crawl]",
        ));
    }
    if config.crawl.contact.is_none() && config.crawl.user_agent.is_none() && !common.quiet {
        let _ = writeln!(
            io::stderr(),
            "warning: webmasters cannot reach you\n\
             hint: set `contact` in [crawl] to a page or an e-mail address; it goes into the User-Agent"
        );
    }
    let runtime =
        tokio::runtime::Runtime::new().context("cannot start the asynchronous runtime")?;
    let control = Control {
        watch: args.watch,
        ..Control::default()
    };
    runtime.spawn(end_on_signals(control.shutdown.clone()));
    if let Some(address) = args.metrics {
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind(address))
            .with_context(|| format!("cannot serve metrics at {address}"))?;
        tracing::info!(address = %listener.local_addr()?, "metrics are served");
        runtime.spawn(serve_metrics(listener, control.monitor.clone()));
    }
    let progress = (!common.quiet).then(|| Progress::start(control.monitor.clone()));
    let summary = if args.dry_run {
        let (summary, articles) = runtime.block_on(gleaner::crawl::plan(&config, &control))?;
        let mut out = io::BufWriter::new(io::stdout().lock());
        for url in articles {
            writeln!(out, "{url}")?;
        }
        out.flush()?;
        summary
    } else {
        runtime.block_on(gleaner::crawl::crawl_with(&config, &control))?
    };
    drop(progress);
    if let Some(path) = &args.summary_json {
        let json = serde_json::to_string_pretty(&summary)?;
        std::fs::write(path, json + "\n").map_err(gleaner::Error::io(path))?;
    }
    if common.quiet {
        // An input that failed is an error, and what cron should mail.
        print_failed_seeds(&summary, &mut io::stderr().lock())?;
    } else {
        print(&summary, &mut io::stderr().lock())?;
    }
    Ok(if summary.ended == EndReason::Interrupted {
        Status::Interrupted
    } else {
        Status::of(!summary.has_failures())
    })
}

/// An address that only this machine reaches.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| "write it like 127.0.0.1:9898".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("metrics are served on a loopback address only, such as 127.0.0.1:9898".to_owned())
    }
}

fn settings(args: &Args, common: &Common) -> Result<Config, gleaner::Error> {
    let number = |n: u32| Value::Integer(i64::from(n));
    let path = |path: &PathBuf| Value::String(path.display().to_string());
    let on = |flag: bool| flag.then_some(Value::Boolean(true));
    let off = |flag: bool| flag.then_some(Value::Boolean(false));
    let time_limit_s = args.time_limit.map(number);
    let since = args.since.clone().map(Value::String);
    let (tracks, private) = (on(args.track_changes), on(args.allow_private));
    let flags = [
        ("--store", "store.path", args.store.as_ref().map(path)),
        ("--warc", "store.warc", args.warc.as_ref().map(path)),
        ("--max-pages", "crawl.max_pages", args.max_pages.map(number)),
        ("--max-depth", "crawl.max_depth", args.max_depth.map(number)),
        ("--time-limit", "crawl.time_limit_s", time_limit_s),
        ("--since", "crawl.since", since),
        ("--track-changes", "crawl.track_changes", tracks),
        ("--no-sitewide", "extract.sitewide", off(args.no_sitewide)),
        ("--allow-private", "fetch.allow_private_addresses", private),
    ];
    let flags = flags.into_iter().filter_map(|(name, key, value)| {
        let value = value?;
        Some(Flag { name, key, value })
    });
    let mut config = common.settings(&flags.collect::<Vec<_>>())?.config;
    if args.refresh {
        config.crawl.refresh = Refresh::All;
    } else if !args.seeds.is_empty() && config.crawl.refresh == Refresh::Due {
        // Who names a site on the command line wants to hear from it now.
        config.crawl.refresh = Refresh::Seeds;
    }
    config.crawl.seeds.extend(args.seeds.iter().cloned());
    config.crawl.sites.extend(args.sites.iter().cloned());
    Ok(config)
}

/// The first signal ends the run cleanly, the second at once.
async fn end_on_signals(shutdown: Shutdown) {
    signal().await;
    let _ = writeln!(
        io::stderr(),
        "ending; what is fetched is being stored (again to end at once)"
    );
    shutdown.request();
    signal().await;
    #[expect(clippy::exit, reason = "the user asked twice; the store survives it")]
    std::process::exit(130);
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminated) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}

#[cfg(not(unix))]
async fn signal() {
    let _ = tokio::signal::ctrl_c().await;
}

fn print(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    for (host, counts) in &summary.hosts {
        writeln!(out, "{host}: {}", line(counts))?;
    }
    writeln!(
        out,
        "total: {} in {:.1} s",
        line(&summary.total),
        summary.total.seconds
    )?;
    print_failed_seeds(summary, out)?;
    match summary.ended {
        EndReason::Done => {}
        EndReason::MaxPages => writeln!(out, "ended at the limit of pages")?,
        EndReason::TimeLimit => writeln!(out, "ended at the time limit")?,
        EndReason::Interrupted => writeln!(out, "ended early, as asked; run it again to go on")?,
    }
    if summary.total.outcomes.is_empty() {
        let next = summary.next_due.as_deref().unwrap_or("never");
        writeln!(
            out,
            "nothing was due; next: {next} (--refresh asks all sources now)"
        )?;
    }
    Ok(())
}

fn print_failed_seeds(summary: &Summary, out: &mut impl Write) -> io::Result<()> {
    for seed in &summary.failed_seeds {
        let reason = seed.reason.as_deref().unwrap_or_default();
        writeln!(out, "seed {}: {} {reason}", seed.url, seed.outcome)?;
    }
    Ok(())
}

/// Counts as words: the main ones always, the outcomes that explain the rest in brackets.
fn line(counts: &RunCounts) -> String {
    let outcomes = counts.outcomes.iter();
    let outcomes: Vec<_> = outcomes
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    format!(
        "{} fetched, {} new, {} unchanged, {} duplicates, {} failed, {} kB [{}]",
        counts.fetched,
        counts.stored,
        counts.unchanged,
        counts.duplicates,
        counts.failed,
        counts.bytes / 1000,
        outcomes.join(", ")
    )
}
