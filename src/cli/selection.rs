//! Which store, which part of it and in which format: what several commands ask alike.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use gleaner::Error;
use gleaner::export::Format;

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
    let message = format!("{text:?} is no date; write it like 2026-03-01");
    gleaner::record::time_ms(text)
        .map(Some)
        .ok_or_else(|| Error::config("--since", message))
}

/// Reads the name of one of `formats`.
pub(super) fn one_of(formats: &'static [Format]) -> impl TypedValueParser<Value = Format> {
    let names = formats.iter().map(|format| {
        let (name, help) = format.name_and_help();
        PossibleValue::new(name).help(help)
    });
    PossibleValuesParser::new(names).try_map(|name| {
        let format = formats.iter().find(|f| f.name_and_help().0 == name);
        format.copied().ok_or("this is no format")
    })
}
