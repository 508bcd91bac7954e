//! Records and failures in the format asked for, with remarks for readers on standard error.

use std::io::{self, Write};

use gleaner::Extraction;
use gleaner::export::{Entry, Format};

use super::Extracted;

/// Writes what comes out, in the order in which it is handed over.
pub(super) struct Printer<W: Write> {
    pub(super) out: W,
    pub(super) format: Format,
    /// Whether formats for readers name each page's source.
    pub(super) names_sources: bool,
    /// Whether warnings are left out.
    pub(super) quiet: bool,
    /// Whether a page gave no record.
    pub(super) failed: bool,
}

impl<W: Write> Printer<W> {
    pub(super) fn print(&mut self, extracted: &Extracted) -> io::Result<()> {
        let entry = extracted.as_ref().map(|extraction| Entry {
            names_source: self.names_sources,
            evidence: &extraction.evidence,
            ..Entry::of(&extraction.record)
        });
        self.format.write(entry, &mut self.out)?;
        match extracted {
            Ok(extraction) if self.format.is_for_readers() => self.remarks(extraction),
            Ok(_) => Ok(()),
            Err(failed) => {
                self.failed = true;
                writeln!(io::stderr(), "error: {}", failed.message)
            }
        }
    }

    /// What formats for readers leave out: that nothing was found, why each block was kept or removed,
    /// and what the fields were chosen from, where that was asked for.
    fn remarks(&self, extraction: &Extraction) -> io::Result<()> {
        let record = &extraction.record;
        let mut err = io::stderr().lock();
        if record.text.is_empty() && !self.quiet {
            let source = record.source.as_deref().unwrap_or_default();
            writeln!(err, "warning: {source}: no story was found on this page")?;
        }
        let kept = record.kept.iter().map(|block| ("kept", block));
        let removed = record.removed.iter().map(|block| ("removed", block));
        for (verdict, block) in kept.chain(removed) {
            let score = block.score.map(|score| format!(" {score:.2}"));
            let score = score.unwrap_or_default();
            let text = block.text.split_whitespace().collect::<Vec<_>>().join(" ");
            writeln!(err, "{verdict} [{}{score}] {text}", block.reason)?;
        }
        for candidate in &extraction.evidence {
            writeln!(
                err,
                "{} from {}: {} ({})",
                candidate.field, candidate.source, candidate.value, candidate.verdict
            )?;
        }
        Ok(())
    }
}
