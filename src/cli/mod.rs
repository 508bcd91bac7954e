//! The command line: one file a command, each with its `Args` and a `run`.
//!
//! Data goes to standard output, everything else to standard error. A command returns a [`Status`];
//! an error is printed here and becomes the exit status its kind calls for.

mod check;
mod completions;
mod config;
mod crawl;
mod demo;
mod discover;
mod eval;
mod export;
mod extract;
mod gold;
mod man;
mod progress;
mod search;
mod selection;
mod status;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use gleaner::config::{Flag, Loaded};
use url::Url;

/// A polite news crawler and article extractor: it keeps the story and drops the chrome.
#[derive(Debug, Parser)]
#[command(name = "gleaner", version, max_term_width = 100, after_help = EXIT_STATUSES)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const EXIT_STATUSES: &str = "\
Exit status:
    0  done
    1  done, but some inputs or pages failed
    2  wrong usage or configuration, or not a gleaner store
   75  another run is using the store
  130  interrupted, after a clean stop";

/// Options of every command.
#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// Settings file [default: gleaner.toml in the current folder, where there is one]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say more on standard error; twice for details
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Say nothing on standard error but errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// How log lines are written
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value = "text"
    )]
    log_format: LogFormat,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// An object a line
    Json,
}

impl Common {
    /// The settings in effect: defaults, file, environment, then `flags`.
    pub(crate) fn settings(&self, flags: &[Flag]) -> Result<Loaded, gleaner::Error> {
        gleaner::config::load(self.config.as_deref(), std::env::vars(), flags)
    }
}

// Commands stand here in the order a reader meets them in `gleaner --help`.
#[derive(Debug, Subcommand)]
enum Command {
    Crawl(crawl::Args),
    Extract(extract::Args),
    Eval(eval::Args),
    Gold(gold::Args),
    Export(export::Args),
    Search(search::Args),
    Status(status::Args),
    Demo(demo::Args),
    Check(check::Args),
    Discover(discover::Args),
    Config(config::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    fn run(self, common: &Common) -> anyhow::Result<Status> {
        match self {
            Self::Crawl(args) => crawl::run(&args, common),
            Self::Extract(args) => extract::run(&args, common),
            Self::Eval(args) => eval::run(&args),
            Self::Gold(args) => gold::run(&args),
            Self::Export(args) => export::run(&args, common),
            Self::Search(args) => search::run(&args, common),
            Self::Status(args) => status::run(&args, common),
            Self::Demo(args) => demo::run(&args),
            Self::Check(args) => check::run(&args, common),
            Self::Discover(args) => discover::run(&args, common),
            Self::Config(args) => config::run(&args, common),
            Self::Completions(args) => completions::run(&args),
            Self::Man(args) => man::run(&args),
        }
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Everything was done.
    Done,
    /// Done, but some inputs or pages failed; each failure has been reported.
    SomeFailed,
    /// Ended early and cleanly, as the user asked.
    Interrupted,
}

impl Status {
    fn of(everything_was_done: bool) -> Self {
        if everything_was_done {
            Self::Done
        } else {
            Self::SomeFailed
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Done => Self::SUCCESS,
            Status::SomeFailed => Self::from(1),
            Status::Interrupted => Self::from(130),
        }
    }
}

/// Parses the command line, runs the command and returns its exit status.
pub(crate) fn run() -> ExitCode {
    run_with(std::env::args_os())
}

fn run_with(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not errors; clap knows which stream each belongs to.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    start_log(&cli.common);
    match cli.command.run(&cli.common) {
        Ok(status) => status.into(),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", message_of(&error));
            ExitCode::from(exit_status(&error))
        }
    }
}

/// An error and its causes in one line. A cause that the error before it has told is not told again;
/// our own errors tell all of theirs.
fn message_of(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let message = cause.to_string();
        if !text.ends_with(&message) {
            let separator = if text.is_empty() { "" } else { ": " };
            text.push_str(separator);
            text.push_str(&message);
        }
        if cause.is::<gleaner::Error>() {
            break;
        }
    }
    text
}

/// Wrong usage that the parser of the command line cannot see: status 2.
fn usage(place: &str, message: impl Into<String>) -> anyhow::Error {
    gleaner::Error::config(place, message).into()
}

/// Does the work of a command that asks the network, on this thread.
fn block_on<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    Ok(runtime.enable_all().build()?.block_on(work))
}

/// An address on the command line.
fn address(text: &str) -> Result<Url, String> {
    Url::parse(text)
        .map_err(|error| format!("{error}; write it in full, like https://news.example/story"))
}

/// Whether our output was closed by whoever read it (`gleaner … | head`).
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        // A writer of JSON keeps the cause to itself.
        let kind = cause
            .downcast_ref()
            .map(io::Error::kind)
            .or_else(|| cause.downcast_ref::<serde_json::Error>()?.io_error_kind());
        kind == Some(io::ErrorKind::BrokenPipe)
    })
}

/// 2 for what the user can mend on the command line or in the settings, 75 (`EX_TEMPFAIL` of
/// `sysexits.h`) for a lock, 1 for the rest.
fn exit_status(error: &anyhow::Error) -> u8 {
    match error.downcast_ref::<gleaner::Error>() {
        Some(gleaner::Error::Config { .. } | gleaner::Error::NoStore { .. }) => 2,
        Some(gleaner::Error::Locked { .. }) => 75,
        _ => 1,
    }
}

fn start_log(common: &Common) {
    use tracing_subscriber::EnvFilter;
    let level = match (common.quiet, common.verbose) {
        (true, _) => "error",
        (false, 0) => "gleaner=warn",
        (false, 1) => "gleaner=info",
        (false, _) => "gleaner=debug",
    };
    let filter = EnvFilter::try_from_env("GLEANER_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    match common.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_ansi(false).init(),
    }
}
