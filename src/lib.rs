//! gleaner: a polite news crawler and article extractor.
//!
//! The way of a page, and the module that looks after each step:
//!
//! | step | module | what happens |
//! |---|---|---|
//! | discover | [`discover`], [`address`] | from a seed to addresses, each in one spelling |
//! | decode | [`decode`] | bytes to text |
//! | dom | [`dom`] | text to a read-only arena |
//! | block | [`block`] | text blocks and what is known about each |
//! | evidence | [`evidence`] | what the page says of itself |
//! | body | [`body`] | which blocks are the story |
//! | fields | [`fields`] | title, authors, dates, language, origin |
//! | article | [`article`] | the three before in order, and the record |
//! | sitewide | [`sitewide`] | what repeats across a site's pages goes |
//! | dedup | [`dedup`] | exact and near duplicates |
//! | record | [`record`] | what is kept |
//! | frontier | [`frontier`] | what to fetch next, and when again |
//! | store | [`store`] | records, URL states and the log, in `SQLite` |
//! | polite | [`polite`] | robots.txt, the pace of each host, redirects asked about anew |
//! | fetch | [`fetch`] | one bounded exchange with a server |
//! | crawl | [`crawl`] | a run: all of it, from seeds to a summary |
//! | eval | [`eval`] | how good extraction is, against gold |
//! | render | [`render`] | a record as text, Markdown or HTML |
//!
//! Pages that are fetched already come from [`input`] and [`archive`]. [`config`] has every setting,
//! [`outcome`] what may become of an address, [`demo`] three made-up sites to try it all on. The command
//! line (`src/cli`) has a file for each command and no logic of its own.

pub mod address;
pub mod archive;
pub mod article;
pub mod block;
pub mod body;
pub mod config;
pub mod crawl;
pub mod decode;
pub mod dedup;
pub mod demo;
pub mod discover;
pub mod dom;
pub mod error;
pub mod eval;
pub mod evidence;
pub mod fetch;
pub mod fields;
pub mod frontier;
pub mod input;
pub mod outcome;
pub mod polite;
pub mod record;
pub mod render;
pub mod sitewide;
pub mod store;
mod table;
mod text;

pub use article::{
    Candidate, Extraction, Hints, Model, Options, PageType, SiteRules, TypeReason, extract,
    extract_document,
};
pub use error::Error;
pub use record::Record;
