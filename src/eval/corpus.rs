//! Saved pages with gold: a folder with `manifest.jsonl`, or `NAME.html` beside `NAME.txt` or
//! `NAME.json`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::Error;

/// One page of a corpus and whatever gold there is for it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    /// The page's name, unique in its corpus.
    pub id: String,
    /// The saved HTML; absolute once the corpus is read.
    pub html: PathBuf,
    /// Where the page came from.
    pub url: Option<String>,
    /// What the page is: `article`, `listing`, …
    pub kind: Option<String>,
    /// The page's body.
    pub text: Option<String>,
    /// The headline.
    pub title: Option<String>,
    /// Names of the authors.
    pub authors: Option<Vec<String>>,
    /// When the page was published.
    pub published: Option<String>,
    /// Who published the page, in corpora whose gold was made publisher by publisher.
    pub publisher: Option<String>,
    /// BCP 47 tag of the text.
    pub language: Option<String>,
    /// The page's own summary.
    pub description: Option<String>,
    /// Snippets that must be in the body.
    pub with: Vec<String>,
    /// Snippets that must not be in the body.
    pub without: Vec<String>,
}

/// Reads a corpus, pages in the order of the manifest or of their names.
///
/// # Errors
/// When the folder or its manifest cannot be read; the error names file and line.
pub fn read(folder: &Path) -> Result<Vec<Page>, Error> {
    let manifest = folder.join("manifest.jsonl");
    let mut pages = if manifest.is_file() {
        read_manifest(&manifest)?
    } else {
        read_folder(folder)?
    };
    for page in &mut pages {
        page.html = folder.join(&page.html);
    }
    if pages.is_empty() {
        return Err(Error::Corpus {
            path: folder.to_owned(),
            line: None,
            message: "no pages here; a corpus has a manifest.jsonl, or NAME.html files".to_owned(),
        });
    }
    Ok(pages)
}

fn read_manifest(manifest: &Path) -> Result<Vec<Page>, Error> {
    let text = fs::read_to_string(manifest).map_err(Error::io(manifest))?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(place, line)| {
            serde_json::from_str(line).map_err(|error| Error::Corpus {
                path: manifest.to_owned(),
                line: Some(place + 1),
                message: error.to_string(),
            })
        })
        .collect()
}

fn read_folder(folder: &Path) -> Result<Vec<Page>, Error> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let name = entry.map_err(Error::io(folder))?.file_name();
        let name = name.to_string_lossy();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        let ending = Path::new(plain).extension().unwrap_or_default();
        if ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm") {
            names.insert(name.into_owned());
        }
    }
    names
        .into_iter()
        .map(|name| beside(folder, &name))
        .collect()
}

/// The page `name` with the gold that stands beside it.
fn beside(folder: &Path, name: &str) -> Result<Page, Error> {
    let stem = name.split(".htm").next().unwrap_or(name);
    let json = folder.join(format!("{stem}.json"));
    let mut page = if json.is_file() {
        let text = fs::read_to_string(&json).map_err(Error::io(&json))?;
        serde_json::from_str(&text).map_err(|error| Error::Corpus {
            path: json.clone(),
            line: Some(error.line()),
            message: error.to_string(),
        })?
    } else {
        Page::default()
    };
    let text = folder.join(format!("{stem}.txt"));
    if page.text.is_none() && text.is_file() {
        page.text = Some(fs::read_to_string(&text).map_err(Error::io(&text))?);
    }
    stem.clone_into(&mut page.id);
    page.html = PathBuf::from(name);
    Ok(page)
}

/// Reads a file of bytes, unpacked when its name ends in `.gz`, and at most `max_bytes` of it.
///
/// # Errors
/// When the file cannot be read or is larger than `max_bytes` unpacked.
pub fn read_bytes(path: &Path, max_bytes: u64) -> Result<Vec<u8>, Error> {
    let file = fs::File::open(path).map_err(Error::io(path))?;
    let mut bytes = Vec::new();
    let zipped = path.extension().is_some_and(|ending| ending == "gz");
    // One byte more than allowed tells a file that fits from one that does not.
    if zipped {
        flate2::read::MultiGzDecoder::new(file)
            .take(max_bytes + 1)
            .read_to_end(&mut bytes)
    } else {
        file.take(max_bytes + 1).read_to_end(&mut bytes)
    }
    .map_err(Error::io(path))?;
    if bytes.len() as u64 > max_bytes {
        return Err(Error::Input {
            input: path.display().to_string(),
            message: format!(
                "larger than {max_bytes} bytes, the limit for one page; raise fetch.max_body_bytes \
                 if this really is a page"
            ),
        });
    }
    Ok(bytes)
}
