//! `gleaner check`.

use std::io::Write;

use gleaner::polite::PoliteClient;
use url::Url;

use super::{Common, Status};

/// Say whether an address may be fetched, and why
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  gleaner check https://news.example/story")]
pub(super) struct Args {
    /// The address to ask about; only its host's robots.txt is fetched.
    #[arg(value_parser = super::address)]
    url: Url,
    /// Let loopback and private addresses be fetched.
    #[arg(long)]
    allow_private: bool,
}

pub(super) fn run(args: &Args, common: &Common) -> anyhow::Result<Status> {
    let mut config = common.settings(&[])?.config;
    config.fetch.allow_private_addresses |= args.allow_private;
    let polite = PoliteClient::new(&config)?;
    let access = super::block_on(polite.check_access(&args.url))?;
    let mut out = std::io::stdout();
    let word = if access.allowed { "allowed" } else { "refused" };
    writeln!(out, "{}: {word}", args.url)?;
    writeln!(out, "why: {}", access.why)?;
    let delay_s = access.delay.as_secs_f64();
    writeln!(out, "rate: one request every {delay_s:.1} s")?;
    writeln!(out, "robots.txt: {}", access.robots)?;
    for usage in &access.usage {
        writeln!(out, "usage: {usage}")?;
    }
    for sitemap in &access.sitemaps {
        writeln!(out, "sitemap: {sitemap}")?;
    }
    Ok(Status::of(access.allowed))
}
