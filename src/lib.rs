//! gleaner: a polite news crawler and article extractor.
//!
//! # One page
//!
//! ```
//! use gleaner::{Options, extract};
//!
//! let html = "<title>Rain at last - The Valley Post</title><nav><a href=/>Home</a></nav>
//!   <h1>Rain at last</h1><p>After ninety dry days it rained in the valley on Monday, and farmers
//!   stood in their yards to watch it fall on the fields.</p>";
//! let record = extract(html, None, &Options::default()).record;
//! assert_eq!(record.title.as_deref(), Some("Rain at last"));
//! assert!(record.text.starts_with("After ninety dry days"));
//! assert!(!record.text.contains("Home"));
//! ```
//!
//! [`decode`](mod@decode) makes text of a page's bytes; [`export`] writes records as text, Markdown, HTML or CSV.
//!
//! # Many pages
//!
//! [`extract`] holds no state, so any number of threads may call it. What stands in most of a site's
//! articles is its chrome, and a [`Learner`](sitewide::Learner) that has seen them takes it out:
//!
#![cfg_attr(feature = "eval", doc = "```")]
#![cfg_attr(not(feature = "eval"), doc = "```ignore")]
//! use gleaner::sitewide::Learner;
//! use gleaner::{Options, Record, extract};
//! use rayon::prelude::*;
//!
//! let page = |day: &str| format!("<h1>Rain on {day}</h1><p>It rained in the valley on {day}, and \
//!     the farmers stood in their yards.<p>Write to the editor if you have seen it rain elsewhere.");
//! let pages: Vec<String> = ["Monday", "Tuesday", "Wednesday", "Thursday"].map(page).into();
//! let options = Options::default().language("en");
//! let mut records: Vec<Record> =
//!     pages.par_iter().map(|html| extract(html, None, &options).record).collect();
//!
//! let mut learner = Learner::default();
//! for record in &records {
//!     learner.learn("valley-post.example", record);
//! }
//! for record in &mut records {
//!     learner.clean("valley-post.example", record, false);
//!     assert!(record.text.ends_with("in their yards."));
//! }
//! ```
//!
//! # A crawl
//!
#![cfg_attr(feature = "crawl", doc = "```no_run")]
#![cfg_attr(not(feature = "crawl"), doc = "```ignore")]
//! use gleaner::config::Config;
//! use gleaner::crawl::{Shutdown, crawl};
//!
//! # async fn run() -> Result<(), gleaner::Error> {
//! let mut config = Config::default();
//! config.crawl.seeds = vec!["https://news.example".to_owned()];
//! config.crawl.contact = Some("mailto:crawl@institute.example".to_owned());
//! config.store.path = "news.db".into();
//! let summary = crawl(&config, Shutdown::new()).await?;
//! println!("{} new articles", summary.total.stored);
//! # Ok(()) }
//! ```
//!
//! # Features
//!
//! Without default features the crate is the extractor alone. `crawl` adds fetching, scheduling and the
//! store, `eval` measures against gold, `cli` (the default) the program.
//!
//! # The house
//!
//! Rooms from the top floor down. A room uses only rooms below it; a test reads this table.
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
