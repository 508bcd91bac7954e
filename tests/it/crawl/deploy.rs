//! The files under `config/deploy` do what they say: their commands are run as they stand there, with
//! only the places of files exchanged.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::site::Site;
use super::{Desk, error_text};

fn deployed(name: &str) -> String {
    let path = folder().join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config/deploy")
}

/// Runs a command of these files on a site of ours, with its settings and its folder on our desk.
fn run(words: &[&str]) -> (Desk, u64) {
    let (desk, site) = (Desk::new(), Site::start(1, 4));
    let settings = std::fs::read_to_string(desk.path("gleaner.toml")).expect("there");
    let seeds = format!("[crawl]\nseeds = [{:?}]\n", site.address());
    let settings = settings.replace("[crawl]\n", &seeds);
    std::fs::write(desk.path("gleaner.toml"), settings).expect("written");
    let here = desk.path("").display().to_string();
    let words: Vec<String> = words
        .iter()
        .map(|word| {
            word.replace("/etc/", &here)
                .replace("/var/lib/gleaner/", &here)
        })
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = desk.run(&words);
    assert!(output.status.success(), "{}", error_text(&output));
    let stored = desk.stored().len() as u64;
    (desk, stored)
}

fn summary(desk: &Desk) -> u64 {
    let json = std::fs::read_to_string(desk.path("summary.json")).expect("a summary");
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    json["stored"].as_u64().expect("a count")
}

#[test]
fn the_line_for_cron_crawls() {
    let crontab = deployed("crontab");
    let lines: Vec<_> = crontab
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let [line] = lines[..] else {
        panic!("one line: {lines:?}")
    };
    let words: Vec<_> = line.split_whitespace().collect();
    assert_eq!(words[..5], ["10", "*", "*", "*", "*"]);
    assert_eq!(words[5..7], ["gleaner", "/usr/local/bin/gleaner"]);
    let (desk, stored) = run(&words[7..]);
    assert_eq!((stored, summary(&desk)), (4, 4));
}

#[test]
#[allow(clippy::print_stderr)] // To say what was left out.
fn the_service_crawls_and_its_units_are_sound() {
    let service = deployed("gleaner.service");
    let command = service
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart=/usr/local/bin/gleaner "))
        .expect("a command");
    let words: Vec<_> = command.split_whitespace().collect();
    let (desk, stored) = run(&words);
    assert_eq!((stored, summary(&desk)), (4, 4));
    if Command::new("systemd-analyze")
        .arg("--version")
        .output()
        .is_err()
    {
        eprintln!("systemd-analyze is not here; the units are not verified");
        return;
    }
    // The program has to be where the unit says.
    let here = service.replace("/usr/local/bin/gleaner", env!("CARGO_BIN_EXE_gleaner"));
    std::fs::write(desk.path("gleaner.service"), here).expect("written");
    std::fs::write(desk.path("gleaner.timer"), deployed("gleaner.timer")).expect("written");
    let output = Command::new("systemd-analyze")
        .args(["--man=no", "verify", "gleaner.service", "gleaner.timer"])
        .current_dir(desk.path(""))
        .output()
        .expect("it starts");
    let said = error_text(&output);
    assert!(output.status.success() && said.is_empty(), "{said}");
}

#[test]
fn the_container_crawls() {
    let container = deployed("Containerfile");
    let command = container
        .lines()
        .find_map(|line| line.strip_prefix("CMD "))
        .expect("a command");
    let words: Vec<&str> = serde_json::from_str(command).expect("words");
    let (_, stored) = run(&words);
    assert_eq!(stored, 4);
    // What the build copies is there, and Rust is as new as the package wants it.
    let package = std::fs::read_to_string(folder().join("../../Cargo.toml")).expect("there");
    let rust = package
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .expect("a version")
        .trim_matches('"');
    assert!(container.contains(&format!("rust:{rust}-slim")), "{rust}");
}
