//! Records and failures in their format, and for readers what there is to say beside.

use std::io::{self, Write};

use gleaner::Extraction;
use gleaner::export::{Entry, RecordWriter};

use super::Extracted;

/// Writes what comes out, in the order in which it is handed over.
pub(super) struct Printer<W: Write> {
    pub(super) out: RecordWriter<W>,
    /// Whether the format leaves out what standard error is told instead.
    pub(super) is_for_readers: bool,
    /// Whether warnings are left out.
    pub(super) quiet: bool,
    /// Whether a page gave no record.
    pub(super) failed: bool,
}

impl<W: Write> Printer<W> {
    pub(super) fn print(&mut self, extracted: Extracted) -> io::Result<()> {
        match extracted {
            Ok(extraction) => {
                self.out.write(&Entry::from(&extraction))?;
                if self.is_for_readers {
                    self.remarks(&extraction)?;
                }
                Ok(())
            }
            Err(failed) => {
                self.failed = true;
                self.out.write_failure(&failed)?;
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
            let score = block
                .score
                .map_or_else(String::new, |score| format!(" {score:.2}"));
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
