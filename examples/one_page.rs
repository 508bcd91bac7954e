//! The story of one saved page, with what it is known by:
//!
//! ```sh
//! cargo run --example one_page -- page.html https://news.example/rain
//! ```

#![allow(clippy::print_stdout)] // An example shows what it found.

use std::error::Error;
use std::fs;

use gleaner::decode::decode;
use gleaner::{Options, extract};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("name a file with a page's HTML")?;
    let url = arguments.next().map(|url| url.parse()).transpose()?;
    let html = decode(&fs::read(file)?, None).text;
    let record = extract(&html, url.as_ref(), &Options::default()).record;
    println!("{}", record.title.as_deref().unwrap_or("(no title)"));
    println!("{}", record.authors.join(", "));
    println!("{}", record.published.as_deref().unwrap_or("(no date)"));
    println!("\n{}", record.text);
    Ok(())
}
