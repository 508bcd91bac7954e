//! `gleaner completions`: tab completion for a shell.

use std::io::{self, Write};

use clap::CommandFactory;

use super::{Cli, Status};

/// Print tab completions for a shell
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  gleaner completions bash > ~/.local/share/bash-completion/completions/gleaner"
)]
pub(crate) struct Args {
    /// Which shell
    shell: clap_complete::Shell,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Status> {
    // Written to memory first: clap_complete panics when its writer fails, as a closed pipe does.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gleaner", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Status::Done)
}
