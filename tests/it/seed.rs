//! The page this project started from: its body exactly, and nothing of what must never appear.

use gleaner::record::BlockKind;
use gleaner::{Options, extract};

#[test]
#[allow(clippy::print_stderr)] // It says why it is skipped.
fn the_first_page_is_exact() {
    let folder = crate::shared::folder().join("seed");
    let Ok(html) = std::fs::read_to_string(folder.join("page.html")) else {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    };
    let expected = std::fs::read(folder.join("expected.json")).expect("it stands beside the page");
    let expected: serde_json::Value = serde_json::from_slice(&expected).expect("it is JSON");
    let record = extract(&html, None, &Options::default()).record;
    let body: Vec<&str> = record
        .blocks
        .iter()
        .filter(|block| !matches!(block.kind, BlockKind::Caption))
        .map(|block| block.text.as_str())
        .collect();
    assert_eq!(serde_json::json!(body), expected["body"]);
    assert_eq!(record.title.as_deref(), expected["title"].as_str());
    assert_eq!(record.description.as_deref(), expected["dek"].as_str());
    for never in expected["never"].as_array().expect("a list") {
        let never = never.as_str().expect("a text");
        assert!(!record.text.contains(never), "{never}");
    }
}
