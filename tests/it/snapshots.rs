//! The whole record of every page under `fixtures`, beside what is said of bodies and fields exactly
//! elsewhere. A snapshot is approved by reading it against its page (`cargo insta review`).

use std::path::{Path, PathBuf};

use gleaner::decode::decode;
use gleaner::{Options, extract};
use serde_json::Value;
use url::Url;

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the fixtures are part of the project") {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "html") {
            found.push(path);
        }
    }
}

/// A page's name: its path under `fixtures` without the ending, `/` made `.`.
fn name_of(root: &Path, page: &Path) -> String {
    let path = page.strip_prefix(root).expect("it stands under the root");
    let parts = path.with_extension("");
    let parts: Vec<_> = parts.iter().map(|part| part.to_string_lossy()).collect();
    parts.join(".")
}

/// Addresses of pages that do not name their own.
const ADDRESSES: [(&str, &str); 1] = [(
    "kinds.search",
    "https://www.lakesidegazette.example/?s=ferry",
)];

/// Where a page would be served: for the sites their folder says so, for a page with gold its gold,
/// for others the page itself.
fn address_of(name: &str, html: &str, gold: &Value) -> Option<Url> {
    if let Some((_, address)) = ADDRESSES.iter().find(|(known, _)| *known == name) {
        return Url::parse(address).ok();
    }
    if let Some(path) = name.strip_prefix("sites.") {
        let (site, rest) = path.split_once('.')?;
        let address = format!("http://{site}.example/{}.html", rest.replace('.', "/"));
        return Url::parse(&address).ok();
    }
    let named = extract(html, None, &Options::default())
        .record
        .canonical_url;
    Url::parse(gold["url"].as_str().or(named.as_deref())?).ok()
}

/// The record of a page, at the time at which its gold has it fetched. Its confidence is left out:
/// that follows each training, and how well it is calibrated is measured on corpora.
fn record_of(name: &str, page: &Path) -> Value {
    let bytes = std::fs::read(page).expect("the fixtures are part of the project");
    let html = decode(&bytes, None).text;
    let gold = std::fs::read(page.with_extension("json")).unwrap_or_default();
    let gold: Value = serde_json::from_slice(&gold).unwrap_or_default();
    let fetched: Option<jiff::Timestamp> =
        gold["fetched"].as_str().and_then(|time| time.parse().ok());
    let options = Options::default().fetched(fetched);
    let url = address_of(name, &html, &gold);
    let record = extract(&html, url.as_ref(), &options).record;
    let mut json = serde_json::to_value(&record).expect("a record is JSON");
    json.as_object_mut()
        .and_then(|fields| fields.remove("confidence"));
    json
}

#[test]
fn records_are_those_that_were_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut all = Vec::new();
    pages(&root, &mut all);
    all.sort();
    let names: Vec<String> = all.iter().map(|page| name_of(&root, page)).collect();
    let folder = root.join("../tests/it/snapshots");
    for file in std::fs::read_dir(folder).expect("snapshots are part of the project") {
        let file = file.expect("a folder can be listed").path();
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        assert!(names.iter().any(|page| *page == name), "no page for {name}");
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (page, name) in all.iter().zip(&names) {
            insta::assert_json_snapshot!(name.as_str(), record_of(name, page));
        }
    });
}
