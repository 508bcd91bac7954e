//! `gleaner eval`: corpora and their layouts, measures, comparison, reports.

mod gate;
mod measures;
#[cfg(unix)]
mod report;

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use gleaner::eval::corpus::{self, Page};
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
fn corpus_of(files: &[(&str, Vec<u8>)]) -> (tempfile::TempDir, Vec<Page>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, contents) in files {
        write(folder.path(), name, contents);
    }
    let pages = corpus::read(folder.path()).expect("the corpus is sound");
    for page in &pages {
        page.bytes().expect("the pages are there");
    }
    (folder, pages)
}

fn json(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

#[test]
fn a_folder_takes_its_gold_from_beside_its_pages() {
    let (_folder, pages) = corpus_of(&[
        ("a.html", PAGE.into()),
        (
            "a.json",
            json(&serde_json::json!({"title": "Rain", "text": "It rained."})),
        ),
        ("b.b.html.gz", packed(PAGE)),
        ("b.b.txt", BODY.into()),
        ("c.htm", PAGE.into()),
        ("c.md", "# Rain at last\n\nIt **rained**.".into()),
        ("d.html", PAGE.into()),
        ("notes.txt", "no page".into()),
    ]);
    let ids: Vec<&str> = pages.iter().map(|page| page.id.as_str()).collect();
    assert_eq!(ids, ["a", "b.b", "c", "d"]);
    assert_eq!(pages[0].title.as_deref(), Some("Rain"));
    assert_eq!(pages[1].text.as_deref(), Some(BODY));
    assert_eq!(pages[2].text.as_deref(), Some("It rained."));
    assert_eq!(pages[2].title.as_deref(), Some("Rain at last"));
    assert!(!pages[3].has_gold());
}

#[test]
fn article_extraction_benchmark_and_wcxb_in_one_file() {
    let gold = serde_json::json!({
        "0a": {"articleBody": BODY, "url": "https://a.example/rain"},
        "0b": {"articleBody": BODY, "url": "https://b.example/", "title": "Rain at last",
               "author": "Ann Bell", "publish_date": "2026-03-01", "with": ["river"], "without": ["Home"]},
    });
    let (_folder, pages) = corpus_of(&[
        ("ground-truth.json", json(&gold)),
        ("html/0a.html.gz", packed(PAGE)),
        ("html/0b.html.gz", packed(PAGE)),
    ]);
    assert_eq!(pages.len(), 2);
    assert_eq!(pages[0].text.as_deref(), Some(BODY));
    assert_eq!(pages[0].url.as_deref(), Some("https://a.example/rain"));
    assert_eq!(pages[1].authors, Some(vec!["Ann Bell".to_owned()]));
    assert_eq!(pages[1].published.as_deref(), Some("2026-03-01"));
    assert_eq!(
        (&pages[1].with[..], &pages[1].without[..]),
        (&["river".to_owned()][..], &["Home".to_owned()][..])
    );
}

#[test]
fn wcxb_with_a_file_a_page() {
    let flat = serde_json::json!({"articleBody": BODY, "url": "https://a.example/"});
    let nested = serde_json::json!({
        "url": "https://b.example/", "_internal": {"page_type": {"primary": "listing"}},
        "ground_truth": {"main_content": BODY, "title": "Rain at last", "author": null, "with": ["river"]},
    });
    let (_folder, pages) = corpus_of(&[
        ("ground-truth/0001.json", json(&flat)),
        ("ground-truth/0002.json", json(&nested)),
        ("html/0001.html.gz", packed(PAGE)),
        ("html/0002.html", PAGE.into()),
    ]);
    assert_eq!(pages[0].text.as_deref(), Some(BODY));
    assert_eq!(pages[1].text.as_deref(), Some(BODY));
    assert_eq!(pages[1].url.as_deref(), Some("https://b.example/"));
    assert_eq!(pages[1].kind.as_deref(), Some("listing"));
    assert_eq!(pages[1].authors, None);
}

#[test]
fn web_content_extraction_benchmark() {
    let line = serde_json::json!({"page_id": "f00", "plaintext": BODY, "source": ["valley", "1"]});
    let gold = format!("{line}\n");
    for inner in ["", "datasets/combined/"] {
        let (_folder, pages) = corpus_of(&[
            (
                &format!("{inner}ground-truth/valley.jsonl"),
                gold.clone().into(),
            ),
            (&format!("{inner}html/valley/f00.html"), PAGE.into()),
        ]);
        assert_eq!(pages.len(), 1);
        assert_eq!(pages[0].id, "valley/f00");
        assert_eq!(pages[0].text.as_deref(), Some(BODY));
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    write(folder.path(), "ground-truth/valley.jsonl", &gold);
    write(folder.path(), "html/valley/f00.html.lz4", "packed");
    let message = corpus::read(folder.path())
        .expect_err("lz4 is not read")
        .to_string();
    assert!(message.contains("lz4"), "{message}");
}

#[test]
fn fundus_test_data() {
    let parsed = |title: &str| {
        serde_json::json!({
            "title": title, "authors": ["Ann Bell"], "publishing_date": "2026-03-01 07:00:00+01:00",
            "body": {"summary": ["Farmers rejoice."], "sections": [
                {"headline": [], "paragraphs": ["It rained."]},
                {"headline": ["Why"], "paragraphs": ["Nobody knows."]}]},
        })
    };
    let meta = serde_json::json!({
        "ValleyPost_2025_01_01.html.gz": {"url": "https://v.example/old", "crawl_date": "2025-01-01"},
        "ValleyPost_2026_03_01.html.gz": {"url": "https://v.example/new", "crawl_date": "2026-03-01"},
    });
    let versions = serde_json::json!({"V2": parsed("second"), "V10": parsed("tenth")});
    let (_folder, pages) = corpus_of(&[
        ("vl/meta.info", json(&meta)),
        ("vl/ValleyPost.json", json(&versions)),
        ("vl/ValleyPost_2025_01_01.html.gz", packed(PAGE)),
        ("vl/ValleyPost_2026_03_01.html.gz", packed(PAGE)),
    ]);
    let mut found: Vec<(Option<&str>, Option<&str>)> = pages
        .iter()
        .map(|page| (page.url.as_deref(), page.title.as_deref()))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            (Some("https://v.example/new"), Some("tenth")),
            (Some("https://v.example/old"), Some("second"))
        ]
    );
    let text = "Farmers rejoice.\n\nIt rained.\n\nWhy\n\nNobody knows.";
    assert_eq!(pages[0].text.as_deref(), Some(text));
    assert_eq!(pages[0].summary.as_deref(), Some("Farmers rejoice."));
    assert_eq!(pages[0].publisher.as_deref(), Some("ValleyPost"));
}

#[test]
fn trafilatura_evaluation_data() {
    let gold = serde_json::json!({
        "https://a.example/rain": {"file": "a.html", "with": ["river"], "without": ["Home"]},
        "https://b.example/rain": {"file": "b.html", "with": ["lock"], "without": ["Copyright"]},
    });
    let (folder, pages) = corpus_of(&[
        ("evaldata.json", json(&gold)),
        ("cache/a.html", PAGE.into()),
        ("eval/b.html", PAGE.into()),
    ]);
    assert_eq!(pages[0].id, "https://a.example/rain");
    assert_eq!(pages[1].with, ["lock"]);
    // Snippets alone are gold enough for figures.
    let output = gleaner(&["eval", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1.000   1.000"), "{}", said(&output));
}

#[test]
fn a_corpus_that_is_no_good_is_an_error_that_says_where() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().display().to_string();
    let refused = |why: &str| {
        let output = gleaner(&["eval", &path]);
        assert_eq!(output.status.code(), Some(1), "{why}");
        assert!(
            said(&output).contains(&path) && said(&output).contains(why),
            "{}",
            said(&output)
        );
    };
    refused("no pages here");
    write(
        folder.path(),
        "manifest.jsonl",
        "{\"id\":\"a\",\"html\":\"a.html\"}\nno json\n",
    );
    refused("manifest.jsonl:2");
    write(
        folder.path(),
        "manifest.jsonl",
        "{\"id\":\"a\",\"html\":\"a.html\"}\n{\"id\":\"a\",\"html\":\"b.html\"}\n",
    );
    refused("two pages are named a");
    write(folder.path(), "manifest.jsonl", "{\"id\":\"a\"}\n");
    refused("needs an `id` and its `html`");
    write(
        folder.path(),
        "manifest.jsonl",
        "{\"id\":\"a\",\"html\":\"a.html\",\"includes\":[\"comments\"]}\n",
    );
    refused("comments");
    write(
        folder.path(),
        "manifest.jsonl",
        "{\"id\":\"a\",\"html\":\"a.html\",\"text\":\"x\"}\n",
    );
    let output = gleaner(&["eval", &path]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("1 pages could not be read"),
        "{}",
        said(&output)
    );
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
