//! The pages of an input of `gleaner extract`: one page, an archive or a corpus, told apart by name.

use std::fs;
use std::path::Path;

use super::corpus;
use crate::pages::{Page, Pages};
use crate::{Error, archive};

/// The pages of a file, a gzip file, a WARC archive (`.warc`, `.warc.gz`) or a corpus folder (see
/// [`corpus`]). Of a corpus the gold is left aside.
///
/// # Errors
/// [`Error::Io`] when the input cannot be opened, [`Error::Corpus`] when a folder holds no pages.
pub fn open(input: &str) -> Result<Pages, Error> {
    let path = Path::new(input);
    if fs::metadata(path).map_err(Error::io(path))?.is_dir() {
        let pages = corpus::open(path)?;
        Ok(Box::new(pages.map(|page| page.map(Page::from))))
    } else if archive::is_archive(path) {
        archive::pages(path)
    } else {
        Ok(Page::of_file(input).alone())
    }
}

/// Whether an input is a folder or an archive, which may hold any number of pages.
#[must_use]
pub fn holds_several(input: &str) -> bool {
    let path = Path::new(input);
    path.is_dir() || archive::is_archive(path)
}
