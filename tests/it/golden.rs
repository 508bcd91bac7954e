//! The record of every page of our own sites, as a snapshot: what a change does to any of them is
//! seen in review.

use std::path::{Path, PathBuf};

use gleaner::decode::decode;
use gleaner::extract::{Options, extract};
use url::Url;

fn pages_under(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            pages_under(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "html") {
            found.push(path);
        }
    }
}

#[test]
fn records_of_our_own_sites_are_as_reviewed() {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites");
    let mut pages = Vec::new();
    pages_under(&sites, &mut pages);
    pages.sort();
    assert!(pages.len() >= 40, "{} pages", pages.len());
    for path in pages {
        let name = path.strip_prefix(&sites).expect("it was found there");
        let name = name.to_string_lossy().replace('\\', "/");
        let (site, rest) = name.split_once('/').expect("a site is a folder");
        let url = format!("http://{site}.example/{}", rest.trim_end_matches(".html"));
        let url = Url::parse(&url).expect("a file's name makes an address");
        let bytes = std::fs::read(&path).expect("the page can be read");
        let page = decode(&bytes, None);
        let record = extract(&page.text, Some(&url), &Options::default()).record;
        insta::with_settings!({
            snapshot_path => "../golden",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_json_snapshot!(name.replace('/', "__"), record, {
                ".confidence" => "(left out: it moves with every training)",
            });
        });
    }
}
