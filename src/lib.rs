#![doc = include_str!("../docs/library.md")]
//!
//! # The house
//!
//! Rooms from the top floor down. A room uses only rooms below it, in its unit tests, too:
//! `tests/it/house.rs` reads this table.
//! `docs/architecture.md` draws what flows between them, and says where a change belongs.
//!
//! | room | what it is for |
//! |---|---|
//! | `cli` | the command line: arguments and printing, a file for each command |
//! | `demo` | three made-up news sites, to try it all on |
//! | [`crawl`](mod@crawl) | a run, from seeds to a summary |
//! | [`eval`] | how good extraction is: corpora, measures, reports, gold |
//! | [`export`] | a record's formats and columns |
//! | [`store`] | records, addresses and the log, behind one interface; `SQLite` is the first |
//! | [`archive`] | WARC archives in and out |
//! | [`pages`] | pages at hand: files, packed files, streams |
//! | `discover` | from a seed to addresses: feeds, sitemaps, links |
//! | `polite` | robots.txt, the pace of each host, what owners ask for |
//! | `fetch` | one bounded exchange with a server |
//! | `frontier` | what to fetch next, and when again |
//! | [`config`] | every setting |
//! | [`sitewide`] | what repeats across a site's pages goes |
//! | `article` | one page: evidence, body and fields in order |
//! | `fields` | title, authors, dates …: each a decision over what speaks for it |
//! | `body` | which blocks are the story |
//! | `evidence` | what the page says of itself |
//! | `block` | text blocks and what is known about each |
//! | `dom` | text to a read-only tree |
//! | [`record`] | what is kept of a page |
//! | `dedup` | exact and near duplicates |
//! | [`decode`](mod@decode) | bytes to text |
//! | `address` | one spelling for each address |
//! | [`outcome`] | what may become of an address |
//! | `text` | text spelled for comparison |
//! | `http_server` | a small HTTP/1 server, for what people look at in a browser |
//! | `table` | the data tables under `config/tables` |
//! | [`error`] | one error, which names the file or address |

// Low rooms hold what only a crawl or an evaluation uses; with all features on, nothing is unused.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))]

#[cfg(any(feature = "crawl", feature = "eval"))]
pub mod archive;
#[cfg(feature = "crawl")]
pub mod config;
#[cfg(feature = "crawl")]
pub mod crawl;
pub mod decode;
pub mod error;
#[cfg(feature = "eval")]
pub mod eval;
pub mod export;
#[cfg(feature = "crawl")]
pub mod outcome;
#[cfg(any(feature = "crawl", feature = "eval"))]
pub mod pages;
pub mod record;
pub mod sitewide;
#[cfg(feature = "crawl")]
pub mod store;

// What the program, its tests and its benches use beside that.
#[doc(hidden)]
pub mod address;
#[doc(hidden)]
pub mod block;
#[doc(hidden)]
pub mod body;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod demo;
#[cfg(feature = "crawl")]
#[doc(hidden)]
pub mod discover;
#[doc(hidden)]
pub mod dom;
#[doc(hidden)]
pub mod evidence;
#[cfg(feature = "crawl")]
#[doc(hidden)]
pub mod fetch;
#[doc(hidden)]
pub mod fields;
#[cfg(feature = "crawl")]
#[doc(hidden)]
pub mod frontier;
#[cfg(feature = "crawl")]
#[doc(hidden)]
pub mod polite;

mod article;
mod dedup;
#[cfg(any(feature = "crawl", feature = "eval"))]
mod http_server;
mod table;
mod text;

pub use article::{
    Candidate, Extraction, Hints, Model, Options, PageType, SiteRules, TypeReason, extract,
    extract_document,
};
pub use error::Error;
pub use record::Record;
