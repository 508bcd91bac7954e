//! The pages of a folder, each worked on by whichever processor is free, as JSON, a record a line:
//!
//! ```sh
//! cargo run --release --example many_pages -- folder/ > records.jsonl
//! ```
//!
//! What stands in most of a site's articles is its chrome; a [`Learner`] that has seen all of them
//! takes it out.

#![allow(clippy::print_stdout)] // An example shows what it found.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use gleaner::decode::decode;
use gleaner::sitewide::{Learner, site_of};
use gleaner::{Options, Record, extract};
use rayon::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder with pages")?;
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "html"));
    files.sort();
    let read = |file: &PathBuf| -> std::io::Result<Record> {
        let html = decode(&fs::read(file)?, None).text;
        Ok(extract(&html, None, &Options::default()).record)
    };
    let mut records: Vec<Record> = files.par_iter().map(read).collect::<Result<_, _>>()?;
    let mut learner = Learner::default();
    for record in &records {
        if let Some(site) = site_of(record) {
            learner.learn(&site, record);
        }
    }
    for record in &mut records {
        if let Some(site) = site_of(record) {
            learner.clean(&site, record, false);
        }
        println!("{}", serde_json::to_string(record)?);
    }
    Ok(())
}
