//! One error for the crate.
//!
//! What a crawl expects to meet (robots.txt says no, 404, not an article) is no error but an
//! [`Outcome`](crate::outcome::Outcome).

use std::path::PathBuf;

/// Any error that lies behind one of ours.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong, and with which file, address or setting.
///
/// | variant | what to do |
/// |---|---|
/// | `Config` | correct the setting, flag or variable it names |
/// | `Input`, `Corpus` | give another input, or mend the file |
/// | `NoStore` | name another store, or make its folder |
/// | `Locked` | wait, or use another store |
/// | `Io`, `Store` | look at the disk and its permissions, and run again: what was stored is whole |
/// | `Fetch` | try again later, or another address |
///
/// The message is complete, for people; [`source`](std::error::Error::source) is for programs, and its
/// text is part of the message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A setting is unknown or out of its bounds.
    #[error("{place}: {message}")]
    Config {
        /// The file with its line, the environment variable or the flag.
        place: String,
        /// What is wrong and what would be right.
        message: String,
        /// The error behind it, where there is one.
        source: Option<Cause>,
    },
    /// An input is not what the command can work on.
    #[error("{input}: {message}")]
    Input {
        /// The input as the user gave it.
        input: String,
        /// What is wrong and what would be right.
        message: String,
        /// The error behind it, where there is one.
        source: Option<Cause>,
    },
    /// A page could not be fetched.
    #[error("{url}: {message}")]
    Fetch {
        /// The address asked for.
        url: String,
        /// What went wrong.
        message: String,
        /// The error behind it, where there is one.
        source: Option<Cause>,
    },
    /// The store could not be read or written.
    #[error("{path}: {message}")]
    Store {
        /// The store's file.
        path: PathBuf,
        /// What went wrong and what to do.
        message: String,
        /// The error behind it, where there is one.
        source: Option<Cause>,
    },
    /// The file is not a gleaner store, or not one that this version can use.
    #[error("{path}: {message}")]
    NoStore {
        /// The file.
        path: PathBuf,
        /// What it is and what to do.
        message: String,
        /// The error behind it, where there is one.
        source: Option<Cause>,
    },
    /// Another run holds the store's lock.
    #[error(
        "{path}: another run is using this store; wait for it to end, or give this run a store of its own with --store"
    )]
    Locked {
        /// The store's file.
        path: PathBuf,
    },
    /// A corpus or its gold could not be read.
    #[error("{path}{}: {message}", line.map(|n| format!(":{n}")).unwrap_or_default())]
    Corpus {
        /// The file.
        path: PathBuf,
        /// The line, from 1, where there is one.
        line: Option<usize>,
        /// What is wrong.
        message: String,
    },
}

impl Error {
    /// An [`Error::Io`] about `path`, for `map_err`.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// An [`Error::Config`] without a source.
    pub fn config(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Config {
            place: place.into(),
            message: message.into(),
            source: None,
        }
    }

    /// An [`Error::Input`] without a source.
    pub fn input(input: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Input {
            input: input.into(),
            message: message.into(),
            source: None,
        }
    }

    /// An [`Error::Fetch`] without a source.
    pub(crate) fn fetch(url: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Fetch {
            url: url.into(),
            message: message.into(),
            source: None,
        }
    }

    /// An [`Error::Store`] without a source.
    pub(crate) fn store(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self::Store {
            path: path.into(),
            message: message.into(),
            source: None,
        }
    }

    /// An [`Error::NoStore`] without a source.
    pub(crate) fn no_store(path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self::NoStore {
            path: path.into(),
            message: message.into(),
            source: None,
        }
    }

    /// Adds the error behind it, whose text the message already has. Variants that keep no such error stay
    /// as they are.
    #[must_use]
    pub fn caused_by(mut self, error: impl Into<Cause>) -> Self {
        match &mut self {
            Self::Config { source, .. }
            | Self::Input { source, .. }
            | Self::Fetch { source, .. }
            | Self::Store { source, .. }
            | Self::NoStore { source, .. } => *source = Some(error.into()),
            Self::Io { .. } | Self::Locked { .. } | Self::Corpus { .. } => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_its_source_and_crosses_threads() {
        let cause = "x".parse::<u8>().expect_err("no number");
        let error = Error::config("crawl.max_pages", cause.to_string()).caused_by(cause.clone());
        let error: Box<dyn std::error::Error + Send + Sync> = error.into();
        let source = error.source().expect("kept");
        assert_eq!(source.downcast_ref(), Some(&cause));
    }
}
