//! Crawls sites into a store and says what is in it:
//!
//! ```sh
//! cargo run --example crawl -- news.db https://news.example
//! ```
//!
//! Settings come from the environment, as the program's do: `GLEANER_CRAWL__CONTACT=mailto:…`.

#![allow(clippy::print_stdout)] // An example shows what it found.

use std::error::Error;
use std::path::Path;

use gleaner::config;
use gleaner::crawl::{Shutdown, crawl};
use gleaner::store::{self, ArticleFilter, StoredArticle};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a store and the sites")?;
    let mut config = config::load(None, std::env::vars(), &[])?.config;
    config.crawl.seeds = arguments.collect();
    config.store.path = (&path).into();
    let summary = crawl(&config, Shutdown::new()).await?.total;
    println!("{} pages fetched, {} new", summary.fetched, summary.stored);
    let store = store::open_to_read(Path::new(&path))?;
    store.articles(&ArticleFilter::default(), |article: StoredArticle| {
        let title = article.record.title.unwrap_or_default();
        println!("{} {title}", article.url);
        Ok::<(), gleaner::Error>(())
    })?;
    Ok(())
}
