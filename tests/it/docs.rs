//! What the README and the documents show is what comes out.

use std::path::Path;
use std::process::Command;

/// A command and what it is said to print.
struct Shown {
    document: &'static str,
    command: String,
    printed: Vec<String>,
}

/// The commands of gleaner in a document's blocks of console output.
fn shown(document: &'static str) -> Vec<Shown> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let text = std::fs::read_to_string(path).expect("the document is there");
    let mut all: Vec<Shown> = Vec::new();
    let blocks = text.split("```").skip(1).step_by(2);
    for block in blocks.filter_map(|block| block.strip_prefix("console\n")) {
        for line in block.lines() {
            match (line.strip_prefix("$ "), all.last_mut()) {
                (Some(command), _) => all.push(Shown {
                    document,
                    command: command.to_owned(),
                    printed: Vec::new(),
                }),
                (None, Some(last)) => last.printed.push(line.to_owned()),
                (None, None) => panic!("{document}: no command before {line}"),
            }
        }
    }
    // Of the others, one takes the time of day and one another program.
    all.retain(|shown| shown.command.contains("gleaner "));
    all.retain(|shown| !shown.command.starts_with("cargo run"));
    all
}

/// Standard output, then standard error, by line.
fn run(command: &str, folder: &Path) -> Vec<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_gleaner"));
    let programs = program.parent().expect("it is in a folder").display();
    let path = std::env::var("PATH").expect("there are programs");
    let output = Command::new("sh")
        .args(["-c", command])
        .env("PATH", format!("{programs}:{path}"))
        .current_dir(folder)
        .output()
        .expect("there is a shell");
    let all = [output.stdout, output.stderr].concat();
    let all = String::from_utf8(all).expect("UTF-8");
    all.lines().map(str::to_owned).collect()
}

/// Whether a line is the one that is shown, which may leave its end out.
fn is_shown(line: &str, shown: &str) -> bool {
    match shown.strip_suffix('…') {
        Some(start) => line.starts_with(start),
        None => line == shown,
    }
}

#[test]
fn what_the_documents_show_is_what_comes_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    std::os::unix::fs::symlink(fixtures, folder.path().join("fixtures")).expect("linked");
    std::fs::write(folder.path().join("news.toml"), "[crawl]\nmax_page = 9\n").expect("written");
    let all: Vec<Shown> = ["README.md", "docs/evaluate.md"]
        .into_iter()
        .flat_map(shown)
        .collect();
    assert!(all.len() >= 9, "{} commands are shown", all.len());
    for shown in all {
        let printed = run(&shown.command, folder.path());
        let same = printed.len() == shown.printed.len()
            && printed
                .iter()
                .zip(&shown.printed)
                .all(|(a, b)| is_shown(a, b));
        assert!(
            same,
            "{}: {}\n{}",
            shown.document,
            shown.command,
            printed.join("\n")
        );
    }
}
