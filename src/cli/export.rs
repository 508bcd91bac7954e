//! `gleaner export`: records out of a store.

use std::io::{self, Write as _};
use std::path::PathBuf;

use gleaner::export::{Entry, Format};
use gleaner::store::{self, ArticleFilter, ExportMark};

use super::{Common, Status, selection};

/// Write the articles of a store to standard output
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  gleaner export --store news.db > articles.jsonl\n  \
    gleaner export --format csv --since 2026-03-01 --site news.example\n  \
    gleaner export --follow nightly >> articles.jsonl"
)]
pub(crate) struct Args {
    /// The store's file [default: gleaner.db]
    #[arg(long, value_name = "PATH")]
    store: Option<PathBuf>,
    /// How records are written
    #[arg(long, value_parser = selection::one_format_of(Format::FOR_STORES), default_value = "jsonl")]
    format: Format,
    /// Only articles stored at or after this date or time
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only articles of this site or host
    #[arg(long, value_name = "SITE")]
    site: Option<String>,
    /// Also articles whose body is that of an earlier one
    #[arg(long)]
    duplicates: bool,
    /// Only what is new or updated since the last export with the same NAME
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "default")]
    follow: Option<String>,
}

pub(crate) fn run(args: &Args, common: &Common) -> anyhow::Result<Status> {
    let mut store = store::open_to_read(&selection::store_path(args.store.as_deref(), common)?)?;
    let after = match &args.follow {
        Some(name) => store.export_mark(name)?,
        None => ExportMark::default(),
    };
    let filter = ArticleFilter {
        since_ms: selection::since_ms(args.since.as_deref())?,
        site: args.site.clone(),
        after,
        duplicates: args.duplicates,
    };
    let mut last = after;
    let mut out = io::BufWriter::new(io::stdout().lock());
    args.format.write_header(&mut out)?;
    store.articles(&filter, |article| {
        last = last.max(article.mark);
        let entry = Entry {
            duplicate_of: article.duplicate_of.as_deref(),
            aliases: &article.aliases,
            ..Entry::of(&article.record)
        };
        Ok::<_, anyhow::Error>(args.format.write(Ok(entry), &mut out)?)
    })?;
    out.flush()?;
    // Only now: what was not written out is handed over again.
    if let Some(name) = &args.follow {
        store.set_export_mark(name, last)?;
    }
    Ok(Status::Done)
}
