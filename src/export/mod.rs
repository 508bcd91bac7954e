//! Records in every format they are written in: for readers, programs and spreadsheets.
//!
//! To add a format: a file here that writes one record, a variant of [`Format`] with its lines in this
//! file, and its name in the documentation. The command line offers the formats in [`Format::FOR_PAGES`]
//! and [`Format::FOR_STORES`].

mod csv;
mod html;
mod markdown;

pub use html::html;
pub use markdown::markdown;

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use crate::article::Candidate;
use crate::record::Record;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// The body as plain text.
    Text,
    /// `CommonMark` with pipe tables.
    Markdown,
    /// A small HTML page.
    Html,
    /// One record as indented JSON.
    Json,
    /// A record a line, as JSON.
    Jsonl,
    /// A row a record, without blocks.
    Csv,
}

impl Format {
    /// The formats for pages as they are extracted.
    pub const FOR_PAGES: &[Self] = &[
        Self::Text,
        Self::Markdown,
        Self::Html,
        Self::Json,
        Self::Jsonl,
    ];

    /// The formats for all articles of a store in one file.
    pub const FOR_STORES: &[Self] = &[Self::Jsonl, Self::Csv];

    /// Its name on the command line, and what it holds in a few words.
    #[must_use]
    pub fn name_and_help(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("text", "The body"),
            Self::Markdown => ("markdown", "Title and body with their structure"),
            Self::Html => ("html", "A small page with title and body"),
            Self::Json => ("json", "One record, indented"),
            Self::Jsonl => ("jsonl", "A record a line"),
            Self::Csv => ("csv", "A row a record, without blocks"),
        }
    }

    /// Whether it shows the story to people, without the record's other fields.
    #[must_use]
    pub fn is_for_readers(self) -> bool {
        matches!(self, Self::Text | Self::Markdown | Self::Html)
    }

    /// Writes what stands before the first record: in CSV the names of the columns, else nothing.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_header(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Csv => csv::write_header(out),
            Self::Text | Self::Markdown | Self::Html | Self::Json | Self::Jsonl => Ok(()),
        }
    }

    /// Writes a record. For a page that gave none, there is a line in JSON lines only.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(
        self,
        item: Result<Entry<'_>, &FailedPage>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let entry = match item {
            Ok(entry) => entry,
            Err(failed) if self == Self::Jsonl => {
                let error = json!({"stage": failed.stage, "message": failed.message});
                return writeln!(out, "{}", json!({"source": failed.source, "error": error}));
            }
            Err(_) => return Ok(()),
        };
        let record = entry.record;
        if entry.names_source && self.is_for_readers() {
            let source = record.source.as_deref().unwrap_or_default();
            writeln!(out, "==> {source} <==")?;
        }
        match self {
            Self::Text => out.write_all(text(record).as_bytes()),
            Self::Markdown => out.write_all(markdown(record).as_bytes()),
            Self::Html => out.write_all(html(record).as_bytes()),
            Self::Json => writeln!(out, "{}", serde_json::to_string_pretty(&entry)?),
            Self::Jsonl => writeln!(out, "{}", serde_json::to_string(&entry)?),
            Self::Csv => csv::write(&entry, out),
        }
    }
}

/// A record with what is known beside it, which stands in JSON among the record's own fields.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Entry<'a> {
    /// The record.
    #[serde(flatten)]
    pub record: &'a Record,
    /// Whether formats for readers say first where the page is from, since several pages follow each
    /// other.
    #[serde(skip)]
    pub names_source: bool,
    /// What its fields were chosen from, where an explanation was asked for.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub evidence: &'a [Candidate],
    /// The address of the earlier article in the store that has the same body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<&'a str>,
    /// Other addresses of the article, as the store knows them.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub aliases: &'a [String],
}

impl<'a> Entry<'a> {
    /// A record of which nothing more is known.
    #[must_use]
    pub fn of(record: &'a Record) -> Self {
        Self {
            record,
            names_source: false,
            evidence: &[],
            duplicate_of: None,
            aliases: &[],
        }
    }
}

/// A page that gave no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedPage {
    /// The input it was to be read from.
    pub source: String,
    /// `read` or `extract`.
    pub stage: &'static str,
    /// What went wrong.
    pub message: String,
}

/// The body as plain text, with a line feed at its end; empty when the record has no body.
///
/// ```
/// let record = gleaner::Record::default().with(|record| record.text = "It rained.".to_owned());
/// assert_eq!(gleaner::export::text(&record), "It rained.\n");
/// ```
#[must_use]
pub fn text(record: &Record) -> String {
    if record.text.is_empty() {
        String::new()
    } else {
        format!("{}\n", record.text)
    }
}

/// Authors and date in one line; none when the record has neither.
fn byline(record: &Record) -> Option<String> {
    let authors = (!record.authors.is_empty()).then(|| record.authors.join(", "));
    let parts: Vec<String> = authors
        .into_iter()
        .chain(record.published.clone())
        .collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
