//! Settings from a file, the environment and flags, with where each came from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{Config, bounds};
use crate::Error;

/// The settings file in the current folder, read when no other is named.
const DEFAULT_FILE: &str = "gleaner.toml";

/// Environment variables with this prefix and a double underscore are settings.
const ENV_PREFIX: &str = "GLEANER_";

/// The similarity (Jaro-Winkler, 0 to 1) from which a name counts as a known one misspelled.
const MISSPELLED_FROM: f64 = 0.8;

/// A setting given on the command line.
#[derive(Debug, Clone)]
pub struct Flag {
    /// The flag, such as `--max-pages`, for messages.
    pub name: &'static str,
    /// The setting's dotted name, such as `crawl.max_pages`.
    pub key: &'static str,
    /// Its value.
    pub value: Value,
}

/// Where a setting's value comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SettingSource {
    /// The default.
    #[default]
    Default,
    /// A settings file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment(String),
    /// A flag.
    Flag(&'static str),
}

impl fmt::Display for SettingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Settings in effect, and where each came from.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    origins: BTreeMap<String, SettingSource>,
}

/// One line of [`Loaded::settings`].
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The section, as it stands between brackets in a settings file.
    pub section: String,
    /// The key in its section.
    pub key: String,
    /// The value as TOML.
    pub value: String,
    /// Where it comes from.
    pub origin: SettingSource,
}

impl Loaded {
    /// Every setting that has a value, by section.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        let table = Table::try_from(&self.config).unwrap_or_default();
        let mut settings = Vec::new();
        for (section, value) in &table {
            let Value::Table(keys) = value else { continue };
            if section == "site" {
                for (host, rules) in keys {
                    let header = format!("site.\"{host}\"");
                    self.list(&header, rules, &mut settings);
                }
            } else {
                self.list(section, value, &mut settings);
            }
        }
        settings
    }

    fn list(&self, section: &str, value: &Value, settings: &mut Vec<Setting>) {
        let Value::Table(keys) = value else { return };
        for (key, value) in keys {
            let name = format!("{}.{key}", section.replace('"', ""));
            settings.push(Setting {
                section: section.to_owned(),
                key: key.clone(),
                value: value.to_string(),
                origin: self.origins.get(&name).cloned().unwrap_or_default(),
            });
        }
    }
}

/// The settings in effect: flags win over the environment, the environment over the file, the file
/// over the defaults. Without `file`, `gleaner.toml` of the current folder is read if it is there.
///
/// # Errors
/// [`Error::Config`] when the file cannot be read, a key is unknown or a value is of the wrong type
/// or out of its bounds; the message names file and line, variable or flag.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: &[Flag],
) -> Result<Loaded, Error> {
    let mut merged = Table::new();
    let mut origins = BTreeMap::new();
    let default_file = Path::new(DEFAULT_FILE);
    if let Some(path) = file.or_else(|| default_file.is_file().then_some(default_file)) {
        merged = read_file(path, &mut origins)?;
    }
    for (name, text) in environment {
        if let Some((section, key)) = setting_of_variable(&name) {
            let value = environment_value(&name, &section, &key, &text)?;
            set(&mut merged, &section, &key, value);
            origins.insert(format!("{section}.{key}"), SettingSource::Environment(name));
        }
    }
    for flag in flags {
        let (section, key) = flag.key.split_once('.').unwrap_or(("", flag.key));
        set(&mut merged, section, key, flag.value.clone());
        origins.insert(flag.key.to_owned(), SettingSource::Flag(flag.name));
    }
    let config: Config = Value::Table(merged)
        .try_into()
        .map_err(|error: toml::de::Error| {
            Error::config("settings", explain(error.message())).caused_by(error)
        })?;
    if let Some((name, message)) = bounds::first_broken(&config) {
        let origin = origins.get(&name).unwrap_or(&SettingSource::Default);
        return Err(Error::config(
            origin.to_string(),
            format!("{name}: {message}"),
        ));
    }
    Ok(Loaded { config, origins })
}

fn set(table: &mut Table, section: &str, key: &str, value: Value) {
    let entry = table
        .entry(section)
        .or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(keys) = entry {
        keys.insert(key.to_owned(), value);
    }
}

fn read_file(path: &Path, origins: &mut BTreeMap<String, SettingSource>) -> Result<Table, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("the settings cannot be read: {error}");
        Error::config(path.display().to_string(), message).caused_by(error)
    })?;
    let refuse = |error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        let place = format!("{}:{}", path.display(), line_of(&text, start));
        Error::config(place, explain(error.message())).caused_by(error)
    };
    toml::from_str::<Config>(&text).map_err(refuse)?;
    let spans = toml::de::DeTable::parse(&text).map_err(refuse)?;
    note_origins(spans.get_ref(), "", path, &text, origins);
    toml::from_str(&text).map_err(refuse)
}

/// Notes the line of every key of `table` that is no table itself.
fn note_origins(
    table: &toml::de::DeTable<'_>,
    prefix: &str,
    path: &Path,
    text: &str,
    origins: &mut BTreeMap<String, SettingSource>,
) {
    for (key, value) in table {
        let name = if prefix.is_empty() {
            key.get_ref().to_string()
        } else {
            format!("{prefix}.{}", key.get_ref())
        };
        if let toml::de::DeValue::Table(inner) = value.get_ref() {
            note_origins(inner, &name, path, text, origins);
        } else {
            let origin = SettingSource::File {
                path: path.to_owned(),
                line: line_of(text, key.span().start),
            };
            origins.insert(name, origin);
        }
    }
}

/// The line of a byte of `text`, from 1.
fn line_of(text: &str, at: usize) -> usize {
    let before = &text.as_bytes()[..at.min(text.len())];
    memchr::memchr_iter(b'\n', before).count() + 1
}

/// Section and key that an environment variable sets; none when it is no setting's.
fn setting_of_variable(name: &str) -> Option<(String, String)> {
    let (section, key) = name.strip_prefix(ENV_PREFIX)?.split_once("__")?;
    Some((section.to_ascii_lowercase(), key.to_ascii_lowercase()))
}

/// A variable's value in the type its setting has: as TOML would read it, as bare text, or as a
/// list with commas, whichever the setting takes.
fn environment_value(name: &str, section: &str, key: &str, text: &str) -> Result<Value, Error> {
    let literal = toml::from_str::<Table>(&format!("value = {text}"))
        .ok()
        .and_then(|mut table| table.remove("value"));
    let bare = Value::String(text.to_owned());
    let list = Value::Array(
        text.split(',')
            .map(|item| Value::String(item.trim().to_owned()))
            .collect(),
    );
    let mut refusal = None;
    for value in literal.into_iter().chain([bare, list]) {
        let mut table = Table::new();
        set(&mut table, section, key, value.clone());
        match Value::Table(table).try_into::<Config>() {
            Ok(_) => return Ok(value),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    let message = explain(refusal.as_ref().map_or("", toml::de::Error::message));
    let error = Error::config(name, message);
    Err(match refusal {
        Some(refusal) => error.caused_by(refusal),
        None => error,
    })
}

/// Types of Rust, in words.
const TYPES: [(&str, &str); 5] = [
    ("f64", "a number"),
    ("u64", "a whole number"),
    ("u32", "a whole number"),
    ("usize", "a whole number"),
    ("i64", "a whole number"),
];

/// `message` of a TOML error in words, with a hint when it is about an unknown name much like a
/// known one.
fn explain(message: &str) -> String {
    for (name, words) in TYPES {
        if let Some(start) = message.strip_suffix(name)
            && start.ends_with("expected ")
        {
            return format!("{start}{words}");
        }
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let hint = names
        .next()
        .filter(|_| message.starts_with("unknown field"))
        .and_then(|wrong| {
            names
                .map(|known| (strsim::jaro_winkler(wrong, known), known))
                .filter(|(similarity, _)| *similarity >= MISSPELLED_FROM)
                .max_by(|one, other| one.0.total_cmp(&other.0))
        });
    match hint {
        Some((_, known)) => format!("{message}\nhint: did you mean `{known}`?"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests;
