//! `gleaner gold`: make gold for saved pages in the browser.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context;
use gleaner::eval::gold_editor::{self, GoldServer};

use super::Status;

/// Make gold for saved pages: choose blocks and correct fields in the browser
///
/// Prints the address of an editor on this machine and serves it until it is interrupted. Gold is
/// saved as NAME.json beside NAME.html and nowhere else; gleaner eval reads it from there.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  gleaner gold my-pages/ && gleaner eval my-pages/")]
pub(crate) struct Args {
    /// Saved pages (NAME.html, also .gz), or folders of them
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// Port on 127.0.0.1 [default: any free one]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Do not open the browser
    #[arg(long)]
    no_open: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Status> {
    let pages = gold_editor::pages(&args.pages)?;
    let runtime =
        tokio::runtime::Runtime::new().context("cannot start the asynchronous runtime")?;
    runtime.block_on(async {
        let server = GoldServer::bind(pages, args.port).await?;
        let address = server.address();
        writeln!(io::stdout(), "{address}")?;
        io::stdout().flush()?;
        writeln!(
            io::stderr(),
            "open this address in a browser; Ctrl+C ends the editor"
        )?;
        if !args.no_open && io::stdout().is_terminal() {
            open(&address);
        }
        server
            .serve(async {
                // Without a way to hear of Ctrl+C the system ends the process itself.
                if tokio::signal::ctrl_c().await.is_err() {
                    std::future::pending::<()>().await;
                }
            })
            .await;
        Ok(Status::Interrupted)
    })
}

/// Asks the desktop to show an address; where that fails, the address has been printed.
fn open(address: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let _ = Command::new(opener)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
