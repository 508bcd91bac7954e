//! `gleaner extract`: pages in, records out, in the same order.

mod print;

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::sync::Arc;

use anyhow::Context;
use gleaner::config::{Config, Flag};
use gleaner::crawl::fetch_page;
use gleaner::eval::inputs;
use gleaner::export::{FailedPage, Format};
use gleaner::pages::{Page, PageError, Pages};
use gleaner::polite::PoliteClient;
use gleaner::{Extraction, Options, SiteRules, decode, sitewide};
use rayon::prelude::*;
use url::Url;

use super::{Common, Status, selection, usage};
use print::Printer;

/// Pages taken up at a time, per job: enough that a slow page keeps nobody waiting for long, few
/// enough that a large corpus is never in memory.
const PAGES_PER_JOB: usize = 32;

/// Extract the article of web pages
///
/// Inputs are files (.html, also .gz), WARC archives (.warc, .warc.gz), corpus folders (with
/// manifest.jsonl, or of HTML files), http(s) addresses, or - for standard input.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner extract page.html\n  \
    gleaner extract --format json --url https://news.example/rain page.html\n  \
    gleaner extract corpus/ > records.jsonl\n  curl -s https://news.example/rain | gleaner extract -")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub(crate) struct Args {
    /// Pages, archives, folders, addresses or -
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// How records are written [default: text; jsonl for folders and archives]
    #[arg(long, value_parser = selection::one_format_of(Format::FOR_PAGES))]
    format: Option<Format>,
    /// Where the page came from; for a single page
    #[arg(long, value_name = "URL", value_parser = super::address)]
    url: Option<Url>,
    /// Pages extracted at a time [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<u16>,
    /// Language to assume (BCP 47), instead of detecting it
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
    /// Also say why each block was kept or removed, and what each field was chosen from
    #[arg(long)]
    explain: bool,
    /// Keep blocks that repeat across the pages of one site
    #[arg(long)]
    no_sitewide: bool,
    /// Let loopback and private addresses be fetched
    #[arg(long)]
    allow_private: bool,
    /// Choose the body by text density alone, without the learned model
    #[arg(long)]
    density_only: bool,
}

/// The settings for single sites, by host.
type RulesByHost = HashMap<String, Arc<SiteRules>>;

/// A page's extraction, or why there is none.
type Extracted = Result<Extraction, FailedPage>;

pub(crate) fn run(args: &Args, common: &Common) -> anyhow::Result<Status> {
    let mut config = common.settings(&flags(args))?.config;
    config.fetch.allow_private_addresses |= args.allow_private;
    let web = Web::new(&config)?;
    let settings = config.extract;
    let sites: RulesByHost = config
        .site
        .into_iter()
        .map(|(host, site)| (host, Arc::new(site.rules())))
        .collect();
    let mut options = Options::default()
        .explain(args.explain)
        .density_only(args.density_only);
    options.language.clone_from(&settings.language);
    let format = format(args)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(settings.jobs)
        .build()
        .context("cannot start the extraction threads")?;
    let batch = PAGES_PER_JOB * pool.current_num_threads();

    let mut printer = Printer {
        out: io::BufWriter::new(io::stdout().lock()),
        format,
        names_sources: args.inputs.len() > 1,
        quiet: common.quiet,
        failed: false,
    };
    format.write_header(&mut printer.out)?;
    let mut pages = args
        .inputs
        .iter()
        .flat_map(|input| pages_of(input, &web))
        .map(|page| {
            let mut page = page?;
            page.url = args.url.clone().or(page.url);
            Ok(page)
        })
        .peekable();
    // A page read from an address is shown at once; files come fast, and may be of one site.
    let from_web = args.inputs.iter().any(|input| is_address(input));
    let learns = settings.sitewide && holds_several(args) && !from_web;
    let mut held = learns.then(|| Held {
        explain: args.explain,
        ..Held::default()
    });
    while pages.peek().is_some() {
        let taken: Vec<_> = pages.by_ref().take(batch).collect();
        let extracted: Vec<Extracted> = pool.install(|| {
            taken
                .into_par_iter()
                .map(|page| extract_page(page, &options, &sites))
                .collect()
        });
        let ready = match &mut held {
            Some(held) => held.exchange(extracted, pages.peek().is_none()),
            None => extracted,
        };
        for extraction in ready {
            printer.print(&extraction)?;
        }
        printer.out.flush()?;
    }
    Ok(if printer.failed {
        Status::SomeFailed
    } else {
        Status::Done
    })
}

/// Pages whose records are held back until it is known what repeats across their sites: enough to
/// learn every site of a folder, and a bound on memory for a large one.
const MAX_HELD: usize = 2000;

/// Records held back to be cleaned by what repeats across their sites. From [`MAX_HELD`] on, what
/// was learned so far serves.
#[derive(Default)]
struct Held {
    learner: sitewide::Learner,
    waiting: Vec<Extracted>,
    learned: usize,
    explain: bool,
}

impl Held {
    /// Takes new pages and gives those that are ready, in the order in which they came.
    fn exchange(&mut self, pages: Vec<Extracted>, is_last: bool) -> Vec<Extracted> {
        for extraction in pages.iter().flatten() {
            if let Some(site) = sitewide::site_of(&extraction.record) {
                self.learner.learn(&site, &extraction.record);
            }
        }
        self.learned += pages.len();
        self.waiting.extend(pages);
        if !is_last && self.learned < MAX_HELD {
            return Vec::new();
        }
        for extraction in self.waiting.iter_mut().flatten() {
            if let Some(site) = sitewide::site_of(&extraction.record) {
                self.learner
                    .clean(&site, &mut extraction.record, self.explain);
            }
        }
        std::mem::take(&mut self.waiting)
    }
}

fn flags(args: &Args) -> Vec<Flag> {
    let jobs = args.jobs.map(|jobs| i64::from(jobs).into());
    let language = args.language.clone().map(Into::into);
    let sitewide = args.no_sitewide.then(|| false.into());
    [
        ("--jobs", "extract.jobs", jobs),
        ("--language", "extract.language", language),
        ("--no-sitewide", "extract.sitewide", sitewide),
    ]
    .into_iter()
    .filter_map(|(name, key, value)| value.map(|value| Flag { name, key, value }))
    .collect()
}

/// The format asked for, or the one that suits the inputs.
fn format(args: &Args) -> anyhow::Result<Format> {
    let many = holds_several(args);
    if args.url.is_some() && many {
        return Err(usage(
            "--url",
            "names one page, but there are several inputs",
        ));
    }
    match args.format {
        Some(Format::Json) if many => Err(usage(
            "--format json",
            "writes one record, but there are several inputs; use --format jsonl",
        )),
        Some(format) => Ok(format),
        None if many => Ok(Format::Jsonl),
        None => Ok(Format::Text),
    }
}

fn holds_several(args: &Args) -> bool {
    args.inputs.len() > 1 || args.inputs.iter().any(|input| inputs::holds_several(input))
}

fn is_address(input: &str) -> bool {
    input.starts_with("http://") || input.starts_with("https://")
}

/// What fetches addresses among the inputs, one after another.
struct Web {
    polite: PoliteClient,
    runtime: tokio::runtime::Runtime,
}

impl Web {
    fn new(config: &Config) -> anyhow::Result<Self> {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        Ok(Self {
            polite: PoliteClient::new(config)?,
            runtime: builder.enable_all().build()?,
        })
    }

    fn page(&self, address: &str) -> Result<Page, gleaner::Error> {
        let url = Url::parse(address).map_err(|error| {
            let message = format!("this is no address: {error}");
            gleaner::Error::input(address, message).caused_by(error)
        })?;
        self.runtime.block_on(fetch_page(&url, &self.polite))
    }
}

/// The pages of an input; an input that cannot be opened is one failure.
fn pages_of(input: &str, web: &Web) -> Pages {
    let opened = if is_address(input) {
        web.page(input).map(Page::alone)
    } else if input == "-" {
        Page::of_stream(io::stdin().lock(), input).map(Page::alone)
    } else if input.contains("://") {
        Err(gleaner::Error::input(
            input,
            "only http and https addresses can be fetched",
        ))
    } else {
        inputs::open(input)
    };
    opened.unwrap_or_else(|error| {
        let source = input.to_owned();
        Box::new(std::iter::once(Err(PageError { source, error })))
    })
}

/// Reads, decodes and extracts one page. A panic of the extractor is a bug, but no reason to lose
/// the other pages: it fails this page only.
fn extract_page(
    page: Result<Page, PageError>,
    options: &Options,
    sites: &RulesByHost,
) -> Extracted {
    let page = page.map_err(|failure| FailedPage {
        source: failure.source,
        stage: "read",
        message: failure.error.to_string(),
    })?;
    let (id, source, url) = (page.id.clone(), page.source.clone(), page.url.clone());
    let charset = page.charset.clone();
    let failed = |stage, message| FailedPage {
        source: source.clone(),
        stage,
        message,
    };
    let bytes = page
        .bytes()
        .map_err(|error| failed("read", error.to_string()))?;
    let decoded = decode::decode(&bytes, charset.as_deref());
    if let Some(remark) = decoded.remark() {
        tracing::warn!(source, "{remark}");
    }
    let host = url.as_ref().and_then(Url::host_str);
    let rules = host.and_then(|host| sites.get(host)).cloned();
    let options = options.clone().site(rules);
    let extract = || gleaner::extract(&decoded.text, url.as_ref(), &options);
    let mut extraction = std::panic::catch_unwind(extract).map_err(|_| {
        let message = format!("{source}: the extractor failed on this page; please report it");
        failed("extract", message)
    })?;
    extraction.record.id = id;
    extraction.record.url = url.map(String::from);
    extraction.record.source = Some(source);
    Ok(extraction)
}
