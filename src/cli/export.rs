//! `gleaner export`: records out of a store.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use gleaner::store::{self, ArticleFilter, ExportMark, StoredArticle};
use serde_json::{Value, json};

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
    #[arg(long, value_enum, default_value = "jsonl")]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A record a line
    Jsonl,
    /// A row a record, without blocks
    Csv,
}

/// The columns of CSV.
const COLUMNS: [&str; 11] = [
    "url",
    "title",
    "authors",
    "published",
    "modified",
    "language",
    "site_name",
    "description",
    "word_count",
    "duplicate_of",
    "text",
];

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
    match args.format {
        Format::Jsonl => store.articles(&filter, |article| {
            last = last.max(article.mark);
            serde_json::to_writer(&mut out, &with_origin(&article))?;
            Ok::<_, anyhow::Error>(out.write_all(b"\n")?)
        })?,
        Format::Csv => {
            let mut rows = csv::Writer::from_writer(&mut out);
            rows.write_record(COLUMNS)?;
            store.articles(&filter, |article| {
                last = last.max(article.mark);
                let value = with_origin(&article);
                Ok::<_, anyhow::Error>(
                    rows.write_record(COLUMNS.map(|column| cell(&value[column])))?,
                )
            })?;
            rows.flush()?;
        }
    }
    out.flush()?;
    // Only now: what was not written out is handed over again.
    if let Some(name) = &args.follow {
        store.set_export_mark(name, last)?;
    }
    Ok(Status::Done)
}

/// The record, and what the store knows of it beside.
fn with_origin(article: &StoredArticle) -> Value {
    let mut value = serde_json::to_value(&article.record).unwrap_or_default();
    if let Some(first) = &article.duplicate_of {
        value["duplicate_of"] = json!(first);
    }
    if !article.aliases.is_empty() {
        value["aliases"] = json!(article.aliases);
    }
    value
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}
