//! The command line as a user meets it: what goes where, exit statuses, and input that is no good.

use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use assert_cmd::Command;
use serde_json::Value;

fn gleaner(arguments: &[&str]) -> Output {
    Command::cargo_bin("gleaner")
        .expect("the binary is built")
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn lines(output: &Output) -> Vec<Value> {
    stdout(output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("every line is JSON"))
        .collect()
}

fn fixture(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites");
    root.join(path).display().to_string()
}

/// A folder with one file in it, and that file's path.
fn written(name: &str, contents: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, contents).expect("the folder can be written");
    (folder, path.display().to_string())
}

/// The input fails: status 1, nothing in its place on standard output, and an error that names it.
fn refused(input: &str, why: &str) {
    let output = gleaner(&["extract", "--format", "text", input]);
    assert_eq!(output.status.code(), Some(1), "{input}");
    assert!(output.stdout.is_empty(), "{input}");
    let message = stderr(&output);
    assert!(
        message.contains(input) && message.contains(why),
        "{message}"
    );
}

#[test]
fn wrong_usage_is_status_2_and_help_is_0() {
    assert_eq!(gleaner(&["extract"]).status.code(), Some(2));
    assert_eq!(gleaner(&["no-such-command"]).status.code(), Some(2));
    for command in ["extract", "config", "completions", "man"] {
        let help = gleaner(&[command, "--help"]);
        assert_eq!(help.status.code(), Some(0));
        assert!(stdout(&help).contains("Example"), "{command}");
    }
    let page = fixture("diario-de-almarza/index.html");
    for arguments in [
        vec!["extract", "--format", "json", &page, &page],
        vec!["extract", "--url", "https://a.example/", &page, &page],
    ] {
        assert_eq!(gleaner(&arguments).status.code(), Some(2));
    }
}

#[test]
fn a_missing_an_empty_and_a_binary_file_are_refused() {
    refused("no/such/file.html", "No such file");
    let (_folder, path) = written("empty.html", b" \n\n");
    refused(&path, "empty");
    let (_folder, path) = written("image.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0");
    refused(&path, "binary");
    let (_folder, path) = written("broken.html.gz", b"\x1f\x8b\x08\0no gzip at all");
    refused(&path, "this is no gzip file, or it is damaged");
    let (_folder, path) = written("broken.warc", b"no archive\n");
    refused(&path, "WARC");
}

#[test]
fn a_page_of_60_mb_is_refused_with_the_limit() {
    let page = "<p>All work and no rain makes a dull valley.</p>\n".repeat(60_000_000 / 47);
    let (_folder, path) = written("large.html", page.as_bytes());
    refused(&path, "larger than 32 MiB");
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(page.as_bytes()).expect("memory takes it");
    let packed = writer.finish().expect("memory takes it");
    let (_folder, path) = written("large.html.gz", &packed);
    refused(&path, "larger than 32 MiB");
}

#[test]
fn a_page_nested_100_000_deep_does_no_harm() {
    let depth = 100_000;
    let page = format!(
        "{}<p>It rained in the valley on Monday, and the river rose by two metres.</p>{}",
        "<div>".repeat(depth),
        "</div>".repeat(depth)
    );
    let (_folder, path) = written("deep.html", page.as_bytes());
    let output = gleaner(&["extract", "--format", "json", &path]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn failures_have_a_line_in_their_place() {
    let page = fixture("harrow-ledger/bee-count-rises.html");
    let output = gleaner(&["extract", "--jobs", "2", &page, "gone.html", &page]);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["source"], page.as_str());
    assert_eq!(lines[1]["source"], "gone.html");
    assert_eq!(lines[1]["error"]["stage"], "read");
    assert!(lines[1]["error"]["message"].is_string());
    assert_eq!(lines[0], lines[2]);
}

#[test]
fn standard_input_and_its_address_become_the_record() {
    let page = std::fs::read(fixture("diario-de-almarza/noticias/museo-del-pan.html"))
        .expect("the page is there");
    let output = Command::cargo_bin("gleaner")
        .expect("the binary is built")
        .args(["extract", "--format", "json", "--url"])
        .args([
            "http://diario-de-almarza.example/noticias/museo-del-pan.html",
            "-",
        ])
        .write_stdin(page)
        .output()
        .expect("the binary runs");
    let record: Value = serde_json::from_slice(&output.stdout).expect("one record");
    assert_eq!(record["source"], "-");
    assert_eq!(
        record["url"],
        "http://diario-de-almarza.example/noticias/museo-del-pan.html"
    );
    // The page is in windows-1252 and says so itself.
    let text = record["text"].as_str().expect("the page has a body");
    assert!(text.contains("guardó") || text.contains("Fuentespina, documentado"));
    assert!(text.contains("restaurado reunió 74 recetas"), "{text}");
}

#[test]
fn a_corpus_folder_gives_a_record_a_page_with_its_id() {
    let (folder, _) = written("manifest.jsonl", b"");
    let page = std::fs::read(fixture("harrow-ledger/bee-count-rises.html")).expect("it is there");
    std::fs::write(folder.path().join("bees.html"), page).expect("the folder can be written");
    let manifest = "{\"id\":\"b\",\"html\":\"bees.html\",\"url\":\"https://a.example/bees\"}\n\
                    {\"id\":\"lost\",\"html\":\"lost.html\"}\nnot json\n";
    std::fs::write(folder.path().join("manifest.jsonl"), manifest).expect("it can be written");
    let output = gleaner(&["extract", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["id"], "b");
    assert_eq!(lines[0]["url"], "https://a.example/bees");
    assert!(lines[1]["error"].is_object());
    let place = lines[2]["source"].as_str().expect("a place");
    assert!(place.ends_with("manifest.jsonl:3"), "{place}");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("gleaner"))
        .args(["extract", &fixture("harrow-ledger")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stderr.is_empty(), "{}", stderr(&output));
}

#[test]
fn settings_name_their_origin_and_slips_are_explained() {
    let (_folder, path) = written("news.toml", b"[crawl]\nmax_depth = 7\n");
    let output = gleaner(&["config", "--config", &path]);
    let settings = stdout(&output);
    let line = settings
        .lines()
        .find(|line| line.starts_with("max_depth = 7"))
        .expect("the setting is listed");
    assert!(line.ends_with("news.toml:2"), "{line}");

    let (_folder, path) = written("news.toml", b"[politeness]\nmin_delay = 7\n");
    let output = gleaner(&["config", "--config", &path]);
    assert_eq!(output.status.code(), Some(2));
    let message = stderr(&output);
    assert!(message.contains("news.toml:2"), "{message}");
    assert!(
        message.contains("hint: did you mean `min_delay_s`?"),
        "{message}"
    );
}

#[test]
fn the_example_of_the_settings_is_one() {
    let example = gleaner(&["config", "--example"]);
    assert_eq!(example.status.code(), Some(0), "{}", stderr(&example));
    let (_folder, path) = written("gleaner.toml", &example.stdout);
    // Where a value comes from stands behind it.
    let values = |output: &Output| -> Vec<String> {
        let said = stdout(output);
        let lines = said
            .lines()
            .map(|line| line.split(" #").next().unwrap_or_default());
        lines.map(|value| value.trim_end().to_owned()).collect()
    };
    let read = values(&gleaner(&["config", "--config", &path]));
    assert!(read.len() > 30, "{read:?}");
    assert_eq!(read, values(&gleaner(&["config"])));
}

#[test]
fn a_language_can_be_told() {
    let page = fixture("harrow-ledger/bee-count-rises.html");
    let told = |language: &str| {
        gleaner(&[
            "extract",
            "--format",
            "jsonl",
            "--language",
            language,
            &page,
        ])
    };
    assert_eq!(lines(&told("cy-GB"))[0]["language"], "cy-GB");
    let output = told("Welsh, please");
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(
        said.contains("--language") && said.contains("pt-BR"),
        "{said}"
    );
}

#[test]
fn slips_on_the_command_line_say_what_would_be_right() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let nowhere = folder.path().join("none.db").display().to_string();
    let (_folder, settings) = written("news.toml", b"[politeness]\nmin_delay_s = \"fast\"\n");
    for (arguments, status, words) in [
        (
            vec!["config", "--config", "gone.toml"],
            2,
            "gone.toml: the settings cannot be read: No such file or directory (os error 2)\n",
        ),
        (
            vec!["config", "--config", &settings],
            2,
            "expected a number",
        ),
        (
            vec!["crawl", "--store", &nowhere],
            2,
            "name a site, a feed or a sitemap",
        ),
        (
            vec!["extract", "ftp://a.example/rain"],
            1,
            "only http and https",
        ),
        (
            vec!["extract", "--url", "rain", "x.html"],
            2,
            "https://news.example",
        ),
        (vec!["check", "rain"], 2, "https://news.example"),
        (
            vec!["eval", "gone"],
            1,
            "error: gone: No such file or directory (os error 2)\n",
        ),
    ] {
        let output = gleaner(&arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(status), "{arguments:?} {said}");
        assert!(said.contains(words), "{said}");
    }
    assert!(!Path::new(&nowhere).exists());
}

#[test]
fn a_page_without_a_story_is_said_to_have_none() {
    let (_folder, path) = written("links.html", b"<nav><a href=/>Home</a></nav>");
    let output = gleaner(&["extract", &path]);
    assert_eq!(output.status.code(), Some(0));
    assert!(stderr(&output).contains("no story was found on this page"));
    let quiet = gleaner(&["extract", "--quiet", &path]);
    assert!(quiet.stderr.is_empty(), "{}", stderr(&quiet));
}

#[test]
fn how_a_page_was_read_is_said_where_it_is_not_what_it_seems() {
    let story = "<meta charset=utf-8><p>The caf\u{e9}, the cr\u{ea}perie and the p\u{e2}tisserie will stay open.</p>";
    let mut bytes = story.as_bytes().to_vec();
    bytes.splice(20..20, *b"<p>\xe9 \xff</p>");
    let (_folder, path) = written("cafe.html", &bytes);
    for (arguments, said) in [
        (vec!["extract", &path], true),
        (vec!["extract", "--format", "json", &path], true),
        (vec!["--quiet", "extract", &path], false),
    ] {
        let output = gleaner(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let remark = stderr(&output).contains("2 invalid bytes in UTF-8");
        assert_eq!(remark, said, "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn completions_and_manual_are_printed() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = gleaner(&["completions", shell]);
        assert!(stdout(&output).contains("extract"), "{shell}");
    }
    assert!(stdout(&gleaner(&["man"])).starts_with(".ie"));
    assert!(stdout(&gleaner(&["man", "extract"])).contains("density"));
    assert_eq!(gleaner(&["man", "nonsense"]).status.code(), Some(2));
}

#[test]
fn every_page_of_a_large_corpus_gets_its_line() {
    let shared = crate::shared::folder();
    if !shared.is_dir() {
        let mut log = std::io::stderr();
        let _ = writeln!(
            log,
            "skipped: no ../shared (or GLEANER_SHARED) with corpora/wcxb-dev"
        );
        return;
    }
    let corpus = shared.join("corpora/wcxb-dev");
    let output = gleaner(&[
        "extract",
        "--format",
        "jsonl",
        &corpus.display().to_string(),
    ]);
    let pages = std::fs::read_to_string(corpus.join("manifest.jsonl")).expect("it is there");
    assert_eq!(stdout(&output).lines().count(), pages.lines().count());
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    for line in lines(&output) {
        assert!(
            line["kind"].is_string() || line["error"].is_object(),
            "{line}"
        );
    }
}

#[test]
fn the_demo_stores_stories_and_fetches_none_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = folder.path().join("demo.db").display().to_string();
    let output = gleaner(&["demo", "--store", &store]);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{message}");
    assert!(stdout(&output).contains("Town hall clock is right"));
    assert!(
        message.contains("articles sent again in the second run: 0"),
        "{message}"
    );
    // A store that is there already is left alone.
    assert_eq!(gleaner(&["demo", "--store", &store]).status.code(), Some(2));
}

#[test]
fn a_store_that_is_no_database_is_refused_and_left_alone() {
    let (_folder, path) = written("notes.db", b"my notes, not a database at all\n");
    let output = gleaner(&["crawl", "--store", &path, "http://127.0.0.1:9/"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains(&path), "{}", stderr(&output));
    let kept = std::fs::read(&path).expect("the file is there");
    assert_eq!(kept, b"my notes, not a database at all\n");
}
