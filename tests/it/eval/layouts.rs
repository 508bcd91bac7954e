//! Where a corpus's pages and gold may stand: folders, and the layouts of published benchmarks.

use gleaner::eval::corpus;

use super::{BODY, PAGE, corpus_of, gleaner, json, packed, said, write};

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
    let said = said(&output);
    assert!(said.contains("1 pages could not be read"), "{said}");
    assert!(said.contains("a.html: No such file"), "{said}");
}
