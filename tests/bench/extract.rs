//! What extraction costs, as a multiple of scraper's bare parse of the same pages in the same run:
//!
//! ```sh
//! cargo bench --bench extract -- ../shared/corpora/wcxb-dev 200
//! ```
//!
//! The arguments are a corpus and how many of its articles to take; every page is timed several
//! times in turn with its parse, the least of each counts, and the median ratio over the pages is
//! printed for each stage.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use gleaner::block;
use gleaner::dom::Document;
use gleaner::eval::corpus;
use gleaner::{Hints, Options, evidence, extract};
use url::Url;

/// Turns of each page; the least time is the one that nothing disturbed.
const TURNS: usize = 5;

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"));
    let folder = arguments.next().map_or_else(
        || PathBuf::from("../shared/corpora/wcxb-dev"),
        PathBuf::from,
    );
    let count = arguments
        .next()
        .and_then(|count| count.parse().ok())
        .unwrap_or(200);
    let pages = match corpus::read(&folder) {
        Ok(pages) => pages,
        Err(error) => {
            eprintln_line(&format!("skipped: {error}"));
            return;
        }
    };
    let mut ratios: [Vec<f64>; 5] = Default::default();
    for page in pages
        .iter()
        .filter(|page| page.kind.as_deref().unwrap_or("article") == "article")
        .take(count)
    {
        let Ok(html) = page.markup() else {
            continue;
        };
        let times = time_page(&html, page.address().as_ref());
        for (ratios, time) in ratios.iter_mut().zip(&times[1..]) {
            ratios.push(time.as_secs_f64() / times[0].as_secs_f64());
        }
    }
    for (name, ratios) in [
        "arena",
        "arena and blocks",
        "arena and evidence",
        "density only",
        "everything",
    ]
    .iter()
    .zip(&mut ratios)
    {
        ratios.sort_by(f64::total_cmp);
        let median = ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN);
        eprintln_line(&format!(
            "{name:<32}{median:>6.2} times scraper's parse, median of {} pages",
            ratios.len()
        ));
    }
}

/// Least times of scraper's parse, then of each stage with all before it.
fn time_page(html: &str, url: Option<&Url>) -> [Duration; 6] {
    let options = Options::default();
    let rules = Options::default().density_only(true);
    let mut least = [Duration::MAX; 6];
    for _ in 0..TURNS {
        let stages: [&dyn Fn() -> usize; 6] = [
            &|| scraper::Html::parse_document(html).tree.nodes().len(),
            &|| Document::parse(html).len(),
            &|| block::segment(&Document::parse(html)).len(),
            &|| {
                evidence::read(&Document::parse(html), url, &Hints::default())
                    .titles()
                    .count()
            },
            &|| extract(html, url, &rules).record.word_count,
            &|| extract(html, url, &options).record.word_count,
        ];
        for (least, stage) in least.iter_mut().zip(stages) {
            let start = Instant::now();
            std::hint::black_box(stage());
            *least = (*least).min(start.elapsed());
        }
    }
    least
}

#[allow(clippy::print_stderr)] // A benchmark is read on the terminal.
fn eprintln_line(line: &str) {
    eprintln!("{line}");
}
