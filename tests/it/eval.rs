//! `gleaner eval`: corpora and their layouts, measures, comparison, reports.

mod ablation;
mod gate;
mod layouts;
mod measures;
#[cfg(unix)]
mod report;
mod training;

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use gleaner::eval::corpus::{self, CorpusPage};
use serde_json::Value;

fn gleaner(arguments: &[&str]) -> Output {
    Command::cargo_bin("gleaner")
        .expect("the binary is built")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn said(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    format!("{out}{err}")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A development corpus beside the project, where it is there.
fn development(name: &str) -> Option<PathBuf> {
    let corpus = crate::shared::folder().join("corpora").join(name);
    corpus.is_dir().then_some(corpus)
}

/// Says why a test does nothing here.
#[allow(clippy::print_stderr)]
fn skip(test: &str, why: &str) {
    eprintln!("{test} is skipped: {why}");
}

/// A page of made-up news whose body is `PARAGRAPHS`.
const PAGE: &str = "<!doctype html><html lang=en><title>Rain at last - The Valley Post</title>
<nav><a href=/>Home</a> <a href=/farm>Farming</a></nav><article><h1>Rain at last</h1>
<p>After ninety dry days it rained in the valley on Monday, and farmers stood in their yards to
watch it fall on the fields.</p><p>The river rose by two hands within the hour, said the keeper of
the lock, who has written its height into a book since 1971.</p></article>
<footer>Copyright The Valley Post</footer>";

const BODY: &str = "After ninety dry days it rained in the valley on Monday, and farmers stood in \
    their yards to watch it fall on the fields.\n\nThe river rose by two hands within the hour, \
    said the keeper of the lock, who has written its height into a book since 1971.";

fn write(folder: &Path, name: &str, contents: impl AsRef<[u8]>) {
    let path = folder.join(name);
    let parent = path.parent().expect("names are relative");
    std::fs::create_dir_all(parent).expect("the folder can be written");
    std::fs::write(path, contents).expect("the folder can be written");
}

fn packed(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).expect("memory takes it");
    writer.finish().expect("memory takes it")
}

/// The pages of a corpus of these files.
fn corpus_of(files: &[(&str, Vec<u8>)]) -> (tempfile::TempDir, Vec<CorpusPage>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, contents) in files {
        write(folder.path(), name, contents);
    }
    let pages = corpus::read(folder.path()).expect("the corpus is sound");
    for page in &pages {
        page.markup().expect("the pages are there");
    }
    (folder, pages)
}

fn json(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

#[test]
fn figures_come_by_group_and_with_other_tools() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    for name in ["a", "b", "c"] {
        write(folder.path(), &format!("{name}.html"), PAGE);
        let gold = serde_json::json!({"text": BODY, "kind": if name == "c" { "listing" } else { "article" }, "authors": ["Ann Bell"]});
        write(folder.path(), &format!("{name}.json"), gold.to_string());
    }
    let record = serde_json::json!({"id": "a", "text": BODY});
    let other = folder.path().join("other.jsonl").display().to_string();
    write(folder.path(), "other.jsonl", format!("{record}\n"));
    let output = gleaner(&[
        "eval",
        &path,
        "--by",
        "length",
        "--by",
        "kind",
        "--records",
        &other,
    ]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for part in [
        "0–99 words",
        "listing",
        "other: no record of 2 pages",
        "gleaner against other: ",
        "authors: 0.000",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    write(
        folder.path(),
        "strange.jsonl",
        "{\"id\":\"z\",\"text\":\"\"}\n",
    );
    let strange = folder.path().join("strange.jsonl").display().to_string();
    let output = gleaner(&["eval", &path, "--records", &strange]);
    assert!(
        said(&output).contains("none of its records"),
        "{}",
        said(&output)
    );
    let output = gleaner(&["eval", &path, "--kind", "listing", "--sample", "1"]);
    assert!(
        said(&output).contains("  all                    1"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_drop_from_the_baseline_fails_and_shows_its_pages() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    for name in ["a", "b", "c", "d"] {
        write(folder.path(), &format!("{name}.html"), PAGE);
        write(folder.path(), &format!("{name}.txt"), BODY);
    }
    let before = folder.path().join("before.json").display().to_string();
    let output = gleaner(&["eval", &path, "--json", &before]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let output = gleaner(&["eval", &path, "--baseline", &before, "--fail-on-drop"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(
        said(&output).contains("0 pages changed"),
        "{}",
        said(&output)
    );
    // Half of each body is gone now.
    let half = format!(
        "{}</article>",
        PAGE.split("<p>The river").next().unwrap_or_default()
    );
    for name in ["a", "b", "c", "d"] {
        write(folder.path(), &format!("{name}.html"), &half);
    }
    let output = gleaner(&[
        "eval",
        &path,
        "--baseline",
        &before,
        "--fail-on-drop",
        "--worst",
        "1",
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("WORSE"), "{}", said(&output));
    let reason = "error: ".to_owned() + &path + ": shingle_f1 fell from 1.0000 to";
    assert!(said(&output).contains(&reason), "{}", said(&output));
    let output = gleaner(&["eval", &path, "--fail-under", "0.9"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("is under 0.9"), "{}", said(&output));
    let output = gleaner(&["eval", &path, "--baseline", &before]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "without --fail-on-drop it only tells"
    );
    // The other version's records show what was lost.
    let records = ["a", "b", "c", "d"]
        .map(|id| serde_json::json!({"id": id, "text": BODY}).to_string())
        .join("\n");
    write(folder.path(), "old.jsonl", records);
    let old = folder.path().join("old.jsonl").display().to_string();
    let output = gleaner(&["eval", &path, "--baseline", &old, "--worst", "1"]);
    assert!(
        said(&output).contains("- The river rose"),
        "{}",
        said(&output)
    );
    let output = gleaner(&["eval", &path, "--fail-on-drop"]);
    assert_eq!(
        output.status.code(),
        Some(2),
        "there is nothing to drop from"
    );
    // Of the pages that have a record, the one is worse; the others count for nothing.
    let record = serde_json::json!({"id": "a", "text": BODY}).to_string();
    write(folder.path(), "old.jsonl", record);
    let output = gleaner(&["eval", &path, "--baseline", &old]);
    let text = said(&output);
    assert!(text.contains("baseline, 1 pages"), "{text}");
    assert!(text.contains("only one side has them: 3 pages"), "{text}");
}

#[test]
fn gates_without_anything_to_hold_against_are_shut() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    write(folder.path(), "a.html", PAGE);
    let output = gleaner(&["eval", &path, "--fail-under", "0.9"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("without gold"), "{}", said(&output));
    write(folder.path(), "a.txt", BODY);
    let before = folder.path().join("before.json").display().to_string();
    assert!(
        gleaner(&["eval", &path, "--json", &before])
            .status
            .success()
    );
    // None of the pages is the one that was there before.
    let other = tempfile::tempdir().expect("a temporary folder");
    write(other.path(), "b.html", PAGE);
    write(other.path(), "b.txt", BODY);
    write(folder.path(), "old.jsonl", "");
    let old = folder.path().join("old.jsonl").display().to_string();
    let path = other.path().display().to_string();
    for baseline in [before, old] {
        let output = gleaner(&["eval", &path, "--baseline", &baseline, "--fail-on-drop"]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let reason = format!("error: {baseline}: none of its records");
        assert!(said(&output).contains(&reason), "{}", said(&output));
    }
}

#[test]
fn an_archive_without_gold_is_looked_at_page_by_page() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut archive = String::new();
    let pledge = "Our newsroom is funded by its readers alone, and by nobody else in this valley.";
    for number in 0..3 {
        let page = PAGE.replace("</article>", &format!("<p>{pledge}</p><p>Story number {number} ends here, as the keeper of the lock would say.</p></article>"));
        let block = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
        let record = format!(
            "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://valley.example/{number}\r\n\
             Content-Type: application/http\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        );
        archive.push_str(&record);
    }
    write(folder.path(), "crawl.warc.gz", packed(&archive));
    let path = folder.path().join("crawl.warc.gz").display().to_string();
    let (report, figures) = (folder.path().join("r.html"), folder.path().join("f.json"));
    let output = gleaner(&[
        "eval",
        &path,
        "--report",
        &report.display().to_string(),
        "--json",
        &figures.display().to_string(),
    ]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    for part in [
        "3 pages (3 article)",
        "no date",
        "on 3 pages of valley.example",
        pledge,
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("shingle"), "there is no gold: {text}");
    let html = std::fs::read_to_string(report).expect("the report was written");
    assert!(
        html.contains("The extraction") && html.contains(pledge),
        "pages are shown in full"
    );
    let figures = std::fs::read_to_string(figures).expect("the figures were written");
    let figures: Value = serde_json::from_str(&figures).expect("figures are JSON");
    assert_eq!(figures["health"]["pages"], 3);
    let cut = &archive.as_bytes()[..archive.len() - 40];
    write(folder.path(), "cut.warc", cut);
    let output = gleaner(&[
        "eval",
        &folder.path().join("cut.warc").display().to_string(),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("cut off"), "{}", said(&output));
}

#[test]
fn a_convention_of_gold_can_be_named_for_a_whole_corpus() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    write(folder.path(), "a.html", PAGE);
    write(folder.path(), "a.txt", format!("Rain at last\n\n{BODY}"));
    let exact = |more: &[&str]| {
        let figures = folder.path().join("f.json");
        let json = figures.display().to_string();
        let output = gleaner(&[&["eval", &path, "--json", &json], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let figures = std::fs::read_to_string(figures).expect("the figures were written");
        let figures: Value = serde_json::from_str(&figures).expect("figures are JSON");
        figures["accuracy"].as_f64()
    };
    assert_eq!(exact(&[]), Some(0.0));
    assert_eq!(exact(&["--includes", "title"]), Some(1.0));
    assert_eq!(
        exact(&["--includes", "title,byline"]),
        Some(1.0),
        "the page names nobody"
    );
}
