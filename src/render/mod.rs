//! A record as a reader wants it: plain text, Markdown or HTML.

mod html;
mod markdown;

pub use html::html;
pub use markdown::markdown;

use crate::record::Record;

/// The body as plain text, with a line feed at its end; empty when the record has no body.
///
/// ```
/// let record = gleaner::Record { text: "It rained.".to_owned(), ..Default::default() };
/// assert_eq!(gleaner::render::text(&record), "It rained.\n");
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
