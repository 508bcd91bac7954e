//! `gleaner search`: articles of a store by their words.

use std::io::{self, Write};
use std::path::PathBuf;

use gleaner::store::{self, ArticleFilter};

use super::{Common, Status, selection, usage};

/// Find articles of a store by words in title or text
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner search \"rain harvest\"\n  \
    gleaner search '\"dry days\"' --site news.example --since 2026-03-01")]
pub(crate) struct Args {
    /// Words that must all be there; a phrase in double quotes
    #[arg(value_name = "WORDS")]
    words: String,
    /// The store's file [default: gleaner.db]
    #[arg(long, value_name = "PATH")]
    store: Option<PathBuf>,
    /// Only articles published (or else stored) at or after this date
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only articles of this site or host
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Hits to print at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
    /// Print a hit a line as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, common: &Common) -> anyhow::Result<Status> {
    if args.words.trim().is_empty() {
        let message = "there is nothing to search for; give at least one word";
        return Err(usage("WORDS", message));
    }
    let store = store::open_to_read(&selection::store_path(args.store.as_deref(), common)?)?;
    let filter = ArticleFilter {
        since_ms: selection::since_ms(args.since.as_deref())?,
        site: args.site.clone(),
        ..ArticleFilter::default()
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    for hit in store.search(&args.words, &filter, args.limit as usize)? {
        if args.json {
            writeln!(out, "{}", serde_json::to_string(&hit)?)?;
        } else {
            let date = hit.published.as_deref().unwrap_or("no date");
            let snippet = hit.snippet.split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(out, "{} ({date})\n  {}\n  {snippet}", hit.title, hit.url)?;
        }
    }
    out.flush()?;
    Ok(Status::Done)
}
