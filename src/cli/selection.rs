//! Which store, and which part of it: what `export`, `status` and `search` ask alike.

use std::path::{Path, PathBuf};

use gleaner::Error;

use super::Common;

/// The store's file: the flag, or what the settings say.
pub(super) fn store_path(flag: Option<&Path>, common: &Common) -> Result<PathBuf, Error> {
    match flag {
        Some(path) => Ok(path.to_owned()),
        None => Ok(common.settings(&[])?.config.store.path),
    }
}

/// A `--since` in Unix milliseconds.
pub(super) fn since_ms(since: Option<&str>) -> Result<Option<i64>, Error> {
    let Some(text) = since else { return Ok(None) };
    gleaner::record::time_ms(text)
        .map(Some)
        .ok_or_else(|| Error::Config {
            place: "--since".into(),
            message: format!("{text:?} is no date; write it like 2026-03-01"),
        })
}
