//! `gleaner demo`: three small news sites on loopback, crawled into a fresh store.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use gleaner::config::Config;
use gleaner::crawl::{Shutdown, Summary, crawl};
use gleaner::demo::Sites;
use gleaner::store::{self, ArticleFilter};

use super::{Status, usage};

/// Seconds between two requests to one demo site: it is our own, and the reader waits.
const DELAY_S: f64 = 0.02;

/// Serve three small news sites on this machine, crawl them, and print what came out
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  gleaner demo --store demo.db && gleaner search --store demo.db bees"
)]
pub(crate) struct Args {
    /// The store's file; it must not exist yet [default: a new one in the temporary folder]
    #[arg(long, value_name = "PATH")]
    store: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Status> {
    let path = args.store.clone().unwrap_or_else(|| {
        std::env::temp_dir().join(format!("gleaner-demo-{}.db", std::process::id()))
    });
    if path.exists() {
        let path = path.display();
        let message = format!("{path} is there already; the demo wants a fresh store");
        return Err(usage("--store", message));
    }
    let runtime =
        tokio::runtime::Runtime::new().context("cannot start the asynchronous runtime")?;
    let (first, second, resent) = runtime.block_on(async {
        let sites = Sites::serve().await?;
        let mut config = Config::default();
        config.crawl.seeds = sites.addresses().to_vec();
        config.crawl.since_days = 0;
        config.fetch.allow_private_addresses = true;
        config.politeness.min_delay_s = DELAY_S;
        config.store.path.clone_from(&path);
        let first = crawl(&config, Shutdown::new()).await?;
        let sent = sites.articles_served();
        let second = crawl(&config, Shutdown::new()).await?;
        anyhow::Ok((first, second, sites.articles_served() - sent))
    })?;

    let mut out = io::stdout().lock();
    let store = store::open_to_read(&path)?;
    store.articles(&ArticleFilter::default(), |article| {
        let record = article.record;
        let title = record.title.unwrap_or_default();
        let start = record.text.lines().next().unwrap_or_default();
        let facts: Vec<String> = record.authors.into_iter().chain(record.published).collect();
        let address = record.url.unwrap_or_default();
        anyhow::Ok(writeln!(
            out,
            "{title}\n  {}\n  {start}\n  {address}\n",
            facts.join(" · ")
        )?)
    })?;
    tell("first run", &first)?;
    tell("second run", &second)?;
    writeln!(
        io::stderr(),
        "the failures are dead links: these sites have some, as all do\n\
         articles sent again in the second run: {resent}\nthe store is {}",
        path.display()
    )?;
    Ok(Status::Done)
}

fn tell(name: &str, summary: &Summary) -> io::Result<()> {
    let total = &summary.total;
    writeln!(
        io::stderr(),
        "{name}: {} fetched, {} new, {} failed in {:.1} s",
        total.fetched,
        total.stored,
        total.failed,
        total.seconds
    )
}
