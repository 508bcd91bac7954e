//! `gleaner status`: what a store holds and what is due.

mod why;

use std::io::{self, Write};
use std::path::PathBuf;

use gleaner::polite::{HostReport, host_reports};
use gleaner::store::{self, HostStatus, Store, StoreStatus};
use serde_json::{Value, json};
use url::Url;

use super::{Common, Status, selection};

/// Say what a store holds, what is due, and how the last run went
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gleaner status --store news.db\n  gleaner status --hosts --json\n  \
                  gleaner status --why https://news.example/legal/4812/"
)]
pub(crate) struct Args {
    /// The store's file [default: gleaner.db]
    #[arg(long, value_name = "PATH")]
    store: Option<PathBuf>,
    /// Also a line for each host
    #[arg(long)]
    hosts: bool,
    /// Only how this address came to be fetched and stored, or not: who named it, what each kind of
    /// evidence says, its visits
    #[arg(long, value_name = "URL", value_parser = super::address, conflicts_with = "hosts")]
    why: Option<Url>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, common: &Common) -> anyhow::Result<Status> {
    let store = store::open_to_read(&selection::store_path(args.store.as_deref(), common)?)?;
    if let Some(url) = &args.why {
        return why(store.as_ref(), url, args.json);
    }
    let now_ms = jiff::Timestamp::now().as_millisecond();
    let status = store.status(now_ms)?;
    let left_alone = store.left_alone()?;
    let hosts = if args.hosts {
        store.host_status(now_ms)?
    } else {
        Vec::new()
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    if args.json {
        let mut value = serde_json::to_value(&status)?;
        value["left_alone_by_reason"] = serde_json::to_value(&left_alone)?;
        if args.hosts {
            let with_politeness = |host| {
                let mut value = serde_json::to_value(host)?;
                value["politeness"] = json!(politeness(host, now_ms));
                Ok(value)
            };
            let hosts = hosts.iter().map(with_politeness);
            value["hosts"] = Value::Array(hosts.collect::<serde_json::Result<_>>()?);
        }
        writeln!(out, "{value:#}")?;
    } else {
        print(&status, &mut out)?;
        for count in left_alone.iter().filter(|count| count.more > 0) {
            why::print_full(count, &mut out)?;
        }
        for host in &hosts {
            writeln!(
                out,
                "{}: {} URLs, {} stored, {} due, {} failing; next due {}",
                host.host,
                host.urls,
                host.stored,
                host.due,
                host.failing,
                time(host.next_due_ms)
            )?;
            for report in politeness(host, now_ms) {
                print_politeness(&report, &mut out)?;
            }
        }
    }
    out.flush()?;
    Ok(Status::Done)
}

/// How an address came to be fetched and stored, or not. An address that nothing named is a failure.
fn why(store: &dyn Store, url: &Url, json: bool) -> anyhow::Result<Status> {
    let mut history = store.history(url.as_str())?;
    if !history.is_known {
        history = store.history(gleaner::address::canonical(url).as_str())?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    if json {
        writeln!(out, "{:#}", serde_json::to_value(&history)?)?;
    } else {
        why::print(&history, &mut out)?;
    }
    out.flush()?;
    let is_known = history.is_known || history.article.is_some() || history.twin.is_some();
    Ok(Status::of(is_known))
}

/// What was asked of a host, and its robots.txt; by scheme.
fn politeness(host: &HostStatus, now_ms: i64) -> Vec<HostReport> {
    let memory = host.memory.as_deref();
    memory.map_or_else(Vec::new, |memory| host_reports(memory, now_ms))
}

fn print(status: &StoreStatus, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "articles   {} ({} duplicates, {} older versions, {} aliases)",
        status.articles, status.duplicates, status.versions, status.aliases
    )?;
    writeln!(
        out,
        "URLs       {} known, {} due now, {} left alone",
        status.urls, status.due, status.left_alone
    )?;
    writeln!(out, "next due   {}", time(status.next_due_ms))?;
    writeln!(
        out,
        "runs       {}, the last began {}",
        status.runs,
        time(status.last_run_ms)
    )?;
    for (outcome, count) in &status.outcomes {
        writeln!(out, "  {outcome:<20} {count}")?;
    }
    Ok(())
}

/// What a webmaster would ask: what we asked of the site, how often, and by which rules.
fn print_politeness(report: &HostReport, out: &mut impl Write) -> io::Result<()> {
    let tally = &report.tally;
    let pace = report.mean_gap_ms.map_or_else(String::new, |gap_ms| {
        format!(", one every {gap_ms} ms on average")
    });
    writeln!(
        out,
        "  {}: {} requests{pace}, {} bytes, {} backoffs; robots.txt {}",
        report.origin, tally.requests, tally.bytes, tally.backoffs, report.robots
    )?;
    for usage in &report.usage {
        writeln!(out, "    {usage}")?;
    }
    Ok(())
}

fn time(ms: Option<i64>) -> String {
    ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
        .map_or_else(|| "never".to_owned(), |at| at.to_string())
}
