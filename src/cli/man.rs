//! `gleaner man`: the manual, as a man page.

use std::io::{self, Write};

use clap::CommandFactory;

use super::{Cli, Status, usage};

/// Print the manual as a man page
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  gleaner man | man -l -\n  gleaner man extract | man -l -")]
pub(crate) struct Args {
    /// The command to print the page of [default: gleaner itself]
    command: Option<String>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Status> {
    let mut whole = Cli::command();
    whole.build();
    let chosen = match &args.command {
        None => whole,
        Some(name) => whole
            .find_subcommand(name)
            .ok_or_else(|| usage(name, "there is no such command; `gleaner help` lists them"))?
            .clone(),
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(chosen).render(&mut page)?;
    io::stdout().lock().write_all(&page)?;
    Ok(Status::Done)
}
