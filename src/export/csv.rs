//! A record as a row of CSV (RFC 4180).

use std::io::{self, Write};

use serde_json::Value;

use super::Entry;

/// The columns: keys of a record's JSON. Blocks and what explains them have no place in a row.
const COLUMNS: [&str; 13] = [
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
    "continues",
    "continued_from",
    "text",
];

pub(super) fn write_header(out: &mut impl Write) -> io::Result<()> {
    write_row(COLUMNS.map(str::to_owned), out)
}

pub(super) fn write(entry: &Entry<'_>, out: &mut impl Write) -> io::Result<()> {
    let entry = serde_json::to_value(entry)?;
    write_row(COLUMNS.map(|column| cell(&entry[column])), out)
}

fn write_row(cells: [String; COLUMNS.len()], out: &mut impl Write) -> io::Result<()> {
    // By way of memory, so that a closed pipe is told as one and not as an error of CSV.
    let mut row = csv::Writer::from_writer(Vec::new());
    row.write_record(cells)?;
    out.write_all(&row.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}
