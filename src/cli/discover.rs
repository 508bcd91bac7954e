//! `gleaner discover`: what a site offers to find its articles by.

use std::io::{self, Write};

use gleaner::crawl::{Survey, survey};

use super::{Common, Status};

/// Show where a site's articles can be found, and why
///
/// Asks robots.txt, the front page, feeds and sitemaps, at the pace a crawl would keep. Fetches no
/// article and stores nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner discover https://news.example\n  \
    gleaner discover --json news.example | jq '.sources[].url'")]
pub(crate) struct Args {
    /// The site, or one of its feeds or sitemaps
    #[arg(value_name = "SITE")]
    site: String,
    /// Feeds, sitemaps and pages to ask for at most, robots.txt aside
    #[arg(long, value_name = "N", default_value_t = 25)]
    max_requests: usize,
    /// Articles and sections to list, of each; --json has all
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Allow loopback and private addresses
    #[arg(long)]
    allow_private: bool,
    /// Print all of it as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, common: &Common) -> anyhow::Result<Status> {
    let mut config = common.settings(&[])?.config;
    config.fetch.allow_private_addresses |= args.allow_private;
    let found = super::block_on(survey(&config, &args.site, args.max_requests))??;
    let mut out = io::BufWriter::new(io::stdout().lock());
    if args.json {
        serde_json::to_writer_pretty(&mut out, &found)?;
        writeln!(out)?;
    } else {
        print(&found, args.limit, &mut out)?;
    }
    out.flush()?;
    let has_articles = found.found.iter().any(|page| page.role == "article");
    if !has_articles && !common.quiet {
        writeln!(io::stderr(), "no articles found")?;
    }
    Ok(Status::of(has_articles))
}

fn print(survey: &Survey, limit: usize, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "sources")?;
    for source in &survey.sources {
        write!(out, "  {:<8} {}  ({})", source.kind, source.url, source.why)?;
        if source.kind == "none" {
            let reason = source.reason.as_deref().unwrap_or_default();
            writeln!(out, ": {} {reason}", source.outcome)?;
            continue;
        }
        write!(out, ": {} articles", source.articles)?;
        if let Some(newest) = &source.newest {
            write!(out, ", newest {newest}")?;
        }
        if let Some(wish_s) = source.wish_s {
            write!(out, ", asks for {} min between visits", wish_s / 60)?;
        }
        writeln!(out)?;
    }
    if !survey.not_asked.is_empty() {
        let more = survey.not_asked.len();
        writeln!(out, "  and {more} more, not asked (--max-requests)")?;
    }
    for role in ["article", "section"] {
        let all = survey.found.iter();
        let pages: Vec<_> = all.filter(|page| page.role == role).collect();
        writeln!(out, "{role}s ({})", pages.len())?;
        for page in pages.iter().take(limit) {
            writeln!(out, "  {:.2}  {}  ({})", page.score, page.url, page.why)?;
        }
    }
    Ok(())
}
