//! What metadata costs, as a multiple of scraper's bare parse of the same pages in the same run.
//!
//! `cargo bench --bench metadata -- CORPUS`; without one, our own stories are the pages. Each page is
//! measured several times, and its least time of each kind counts. On pages as short as our stories
//! the language detector alone costs more than a parse: figures are worth something on real pages.

#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use gleaner::decode::decode;
use gleaner::dom::Document;
use gleaner::eval::inputs;
use gleaner::{Hints, body, evidence, fields};
use url::Url;

/// Measurements of each page.
const ROUNDS: usize = 5;

/// Pages that are measured.
const MAX_PAGES: usize = 500;

fn main() {
    let folder = std::env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let folder = folder
        .unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/stories").to_owned());
    let pages = match inputs::open(&folder) {
        Ok(pages) => pages,
        Err(error) => return println!("{error}"),
    };
    let (mut parse, mut read, mut decide) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut count = 0;
    for page in pages.flatten().take(MAX_PAGES) {
        let url = page.url.clone();
        let Ok(bytes) = page.bytes() else { continue };
        let html = decode(&bytes, None).text;
        let least = (0..ROUNDS)
            .map(|_| measure(&html, url.as_ref()))
            .fold((Duration::MAX, Duration::MAX, Duration::MAX), |a, b| {
                (a.0.min(b.0), a.1.min(b.1), a.2.min(b.2))
            });
        parse += least.0;
        read += least.1;
        decide += least.2;
        count += 1;
    }
    let ratio = |part: Duration| part.as_secs_f64() / parse.as_secs_f64();
    println!(
        "{count} pages: scraper's parse {parse:?}, evidence {:.3}, fields {:.3}, both {:.3} of it",
        ratio(read),
        ratio(decide),
        ratio(read + decide)
    );
}

/// Times of scraper's parse, of reading the evidence and of deciding the fields.
fn measure(html: &str, url: Option<&Url>) -> (Duration, Duration, Duration) {
    let start = Instant::now();
    black_box(scraper::Html::parse_document(html));
    let parse = start.elapsed();
    let page = Document::parse(html);
    let start = Instant::now();
    let evidence = evidence::read(&page, url, &Hints::default());
    let read = start.elapsed();
    let draft = body::choose(&page, &evidence, body::Settings::default());
    let start = Instant::now();
    black_box(fields::decide(
        &evidence,
        &page,
        &draft,
        fields::FieldOptions::default(),
    ));
    (parse, read, start.elapsed())
}
