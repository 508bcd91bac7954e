//! `gleaner config`: the settings in effect and where each comes from.

use std::io::{self, Write};

use super::{Common, Status};

/// Print the settings in effect, each with where it comes from
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner config\n  \
    GLEANER_CRAWL__MAX_PAGES=100 gleaner config --config news.toml\n  \
    gleaner config --example > gleaner.toml")]
pub(crate) struct Args {
    /// Print a settings file with every key, its default, unit and meaning
    #[arg(long)]
    example: bool,
}

pub(crate) fn run(args: &Args, common: &Common) -> anyhow::Result<Status> {
    let mut out = io::stdout().lock();
    if args.example {
        out.write_all(gleaner::config::EXAMPLE.as_bytes())?;
        return Ok(Status::Done);
    }
    let loaded = common.settings(&[])?;
    let mut section = String::new();
    for setting in loaded.settings() {
        if setting.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            writeln!(out, "{gap}[{}]", setting.section)?;
            section.clone_from(&setting.section);
        }
        let assignment = format!("{} = {}", setting.key, setting.value);
        writeln!(out, "{assignment:<44} # {}", setting.origin)?;
    }
    Ok(Status::Done)
}
