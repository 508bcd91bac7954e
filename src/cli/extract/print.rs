//! Records, failures and explanations, written as asked for.

use std::io::{self, Write};

use gleaner::Extraction;
use gleaner::{Record, render};
use serde::Serialize;

use super::{Extracted, Failed, Format};

/// A line of `jsonl` in place of a record.
#[derive(Debug, Serialize)]
struct FailedLine<'a> {
    source: &'a str,
    error: Fault<'a>,
}

#[derive(Debug, Serialize)]
struct Fault<'a> {
    stage: &'a str,
    message: &'a str,
}

/// Writes what comes out, in the order in which it is handed over.
pub(super) struct Printer<W: Write> {
    pub(super) out: W,
    pub(super) format: Format,
    /// Whether formats for readers name each page's source.
    pub(super) headers: bool,
    /// Whether warnings are left out.
    pub(super) quiet: bool,
    /// Whether a page gave no record.
    pub(super) failed: bool,
}

impl<W: Write> Printer<W> {
    pub(super) fn print(&mut self, extracted: Extracted) -> anyhow::Result<()> {
        match extracted {
            Ok(extraction) => self.record(&extraction),
            Err(failed) => self.failure(&failed),
        }
    }

    fn record(&mut self, extraction: &Extraction) -> anyhow::Result<()> {
        let record = &extraction.record;
        let rendered = match self.format {
            Format::Text => render::text(record),
            Format::Markdown => render::markdown(record),
            Format::Html => render::html(record),
            Format::Json => serde_json::to_string_pretty(&Explained::of(extraction))? + "\n",
            Format::Jsonl => serde_json::to_string(&Explained::of(extraction))? + "\n",
        };
        let structured = matches!(self.format, Format::Json | Format::Jsonl);
        if self.headers && !structured {
            let source = record.source.as_deref().unwrap_or_default();
            writeln!(self.out, "==> {source} <==")?;
        }
        self.out.write_all(rendered.as_bytes())?;
        if !structured {
            if record.text.is_empty() && !self.quiet {
                let source = record.source.as_deref().unwrap_or_default();
                writeln!(
                    io::stderr(),
                    "warning: {source}: no story was found on this page"
                )?;
            }
            explain(extraction, &mut io::stderr().lock())?;
        }
        Ok(())
    }

    fn failure(&mut self, failed: &Failed) -> anyhow::Result<()> {
        self.failed = true;
        if self.format == Format::Jsonl {
            let line = FailedLine {
                source: &failed.source,
                error: Fault {
                    stage: failed.stage,
                    message: &failed.message,
                },
            };
            writeln!(self.out, "{}", serde_json::to_string(&line)?)?;
        }
        writeln!(io::stderr(), "error: {}", failed.message)?;
        Ok(())
    }
}

/// A record with the evidence for its fields, where `--explain` asked for it.
#[derive(Debug, Serialize)]
struct Explained<'a> {
    #[serde(flatten)]
    record: &'a Record,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    evidence: &'a [gleaner::Candidate],
}

impl<'a> Explained<'a> {
    fn of(extraction: &'a Extraction) -> Self {
        Self {
            record: &extraction.record,
            evidence: &extraction.evidence,
        }
    }
}

/// Why each block was kept or removed, and what the fields were chosen from, for a reader.
fn explain(extraction: &Extraction, out: &mut impl Write) -> io::Result<()> {
    let record = &extraction.record;
    let kept = record.kept.iter().map(|block| ("kept", block));
    let removed = record.removed.iter().map(|block| ("removed", block));
    for (verdict, block) in kept.chain(removed) {
        let score = block
            .score
            .map_or_else(String::new, |score| format!(" {score:.2}"));
        let text = block.text.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "{verdict} [{}{score}] {text}", block.reason)?;
    }
    for candidate in &extraction.evidence {
        writeln!(
            out,
            "{} from {}: {} ({})",
            candidate.field, candidate.source, candidate.value, candidate.verdict
        )?;
    }
    Ok(())
}
