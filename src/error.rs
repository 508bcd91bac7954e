//! One error for the crate, a variant a stage; each names the file or address it is about.
//!
//! What a crawl expects to meet (robots.txt says no, 404, not an article) is no error but an
//! [`Outcome`](crate::outcome::Outcome).

use std::path::PathBuf;

/// What went wrong, and with which input.
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
    },
    /// An input is not what the command can work on.
    #[error("{input}: {message}")]
    Input {
        /// The input as the user gave it.
        input: String,
        /// What is wrong and what would be right.
        message: String,
    },
    /// A page could not be fetched.
    #[error("{url}: {message}")]
    Fetch {
        /// The address asked for.
        url: String,
        /// What went wrong.
        message: String,
    },
    /// The store could not be read or written.
    #[error("{path}: {message}")]
    Store {
        /// The store's file.
        path: PathBuf,
        /// What went wrong and what to do.
        message: String,
    },
    /// What is named as the store is none, or none that this version can use.
    #[error("{path}: {message}")]
    NoStore {
        /// The file.
        path: PathBuf,
        /// What it is and what to do.
        message: String,
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
}
