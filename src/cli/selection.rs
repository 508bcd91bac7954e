//! Arguments of several commands: which store, which part of it, in which format.

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
pub(super) fn one_format_of(formats: &[Format]) -> impl TypedValueParser<Value = Format> {
    one_of(formats.iter().map(|format| {
        let (name, help) = format.name_and_help();
        (PossibleValue::new(name).help(help), *format)
    }))
}

/// Reads the name of one of the choices.
pub(super) fn one_of<T: Copy + Send + Sync + 'static>(
    choices: impl IntoIterator<Item = (PossibleValue, T)>,
) -> impl TypedValueParser<Value = T> {
    let choices: Vec<(PossibleValue, T)> = choices.into_iter().collect();
    PossibleValuesParser::new(choices.iter().map(|(name, _)| name.clone())).try_map(move |given| {
        let chosen = choices.iter().find(|(name, _)| name.get_name() == given);
        chosen.map(|(_, choice)| *choice).ok_or("no such choice")
    })
}
