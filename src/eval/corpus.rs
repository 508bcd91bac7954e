//! Saved pages, with gold where there is any.
//!
//! | what is given | the pages | their gold |
//! |---|---|---|
//! | a folder with `manifest.jsonl` | a line each: `id`, `html` (a path), `url` | the other keys of the line |
//! | a folder of `NAME.html` (also `.htm`, `.gz`) | each file | `NAME.json`, `NAME.txt` or `NAME.md` |
//! | one HTML file | that file | the same |
//! | a WARC archive | its HTML responses | none |
//! | the folder of a published benchmark | see `layouts` | |

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::{gold_markdown, layouts};
use crate::address::registrable_domain;
use crate::pages::{self, Content, PageError};
use crate::{Error, archive, decode};

/// The error for a corpus without pages.
const NO_PAGES: &str = "no pages here; a corpus has a manifest.jsonl, or NAME.html files";

/// One page of a corpus and whatever gold there is for it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CorpusPage {
    /// The page's name, unique in its corpus.
    pub id: String,
    /// The saved HTML, or the archive it is in; with the corpus' folder once the corpus is read.
    pub html: PathBuf,
    /// Where the page came from.
    pub url: Option<String>,
    /// The registrable domain of the page, where its address is not told.
    pub site: Option<String>,
    /// What the page is: `article`, `listing`, …
    pub kind: Option<String>,
    /// The page's body.
    pub text: Option<String>,
    /// What else the gold's text holds; none where only the body is in it.
    pub includes: Option<Vec<Include>>,
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
    /// The page's own summary, under the name that corpora made from fundus have for it.
    pub summary: Option<String>,
    /// Snippets that must be in the body.
    pub with: Vec<String>,
    /// Snippets that must not be in the body.
    pub without: Vec<String>,
    /// The name of the corpus' folder or file.
    #[serde(skip)]
    pub corpus: String,
    /// The page itself, where it comes out of an archive.
    #[serde(skip)]
    pub archived: Option<pages::Page>,
}

/// What a gold text may hold beside the body: the output is put together in the same way before the
/// two are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Include {
    /// The headline stands first.
    Title,
    /// The authors' names stand next.
    Byline,
    /// Captions stand among the paragraphs.
    Captions,
}

/// The pages of a corpus, one after the other.
pub(super) type CorpusPages = Box<dyn Iterator<Item = Result<CorpusPage, PageError>> + Send>;

impl CorpusPage {
    /// The page's markup as text.
    ///
    /// # Errors
    /// When the page cannot be read, is empty, no text or too large; see [`pages::Page::bytes`].
    pub fn markup(&self) -> Result<String, Error> {
        let page = pages::Page::from(self.clone());
        let charset = page.charset.clone();
        Ok(decode::decode(&page.bytes()?, charset.as_deref()).text)
    }

    /// The page's address, where it is one.
    #[must_use]
    pub fn address(&self) -> Option<Url> {
        self.url.as_deref().and_then(|url| Url::parse(url).ok())
    }

    /// The page's registrable domain.
    pub(super) fn site(&self) -> Option<String> {
        let by_address = || registrable_domain(&self.address()?);
        self.site.clone().or_else(by_address)
    }

    /// The gold for the description, under either of its names.
    pub(super) fn gold_description(&self) -> Option<&String> {
        self.description.as_ref().or(self.summary.as_ref())
    }

    /// Whether there is anything to compare an extraction with.
    #[must_use]
    pub fn has_gold(&self) -> bool {
        let texts = [&self.text, &self.title, &self.published, &self.language];
        texts.into_iter().any(Option::is_some)
            || self.gold_description().is_some()
            || self.authors.is_some()
            || !self.with.is_empty()
            || !self.without.is_empty()
    }
}

impl From<CorpusPage> for pages::Page {
    fn from(page: CorpusPage) -> Self {
        let url = page.address();
        page.archived.unwrap_or_else(|| Self {
            id: Some(page.id),
            source: page.html.display().to_string(),
            url,
            charset: None,
            content: Content::File(page.html),
        })
    }
}

/// The pages of a corpus: of a manifest in its order, of a folder by name, of an archive one by one
/// as they are asked for. What is wrong with one page comes in its place.
pub(super) fn open(corpus: &Path) -> Result<CorpusPages, Error> {
    let path = fs::canonicalize(corpus).map_err(Error::io(corpus))?;
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(Box::new(pages_of(corpus)?.map(move |page| {
        page.map(|page| CorpusPage {
            corpus: name.clone(),
            ..page
        })
    })))
}

fn pages_of(corpus: &Path) -> Result<CorpusPages, Error> {
    let about = fs::metadata(corpus).map_err(Error::io(corpus))?;
    if archive::is_archive(corpus) {
        return of_archive(corpus);
    }
    if about.is_dir() {
        let manifest = corpus.join("manifest.jsonl");
        if manifest.is_file() {
            return of_manifest(corpus, &manifest);
        }
        return match layouts::read(corpus)? {
            Some(pages) => Ok(Box::new(pages.into_iter().map(Ok))),
            None => of_folder(corpus),
        };
    }
    let folder = corpus.parent().unwrap_or(Path::new("")).to_owned();
    let name = corpus.file_name().unwrap_or_default().to_string_lossy();
    Ok(Box::new(std::iter::once(page_in_folder(&folder, &name))))
}

/// All pages of a corpus.
///
/// # Errors
/// When the corpus, one of its pages or their gold cannot be read, or two pages have one name, or there is
/// no page.
pub fn read(corpus: &Path) -> Result<Vec<CorpusPage>, Error> {
    let pages = open(corpus)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(|failure| failure.error)?;
    let mut ids = HashSet::new();
    if let Some(twice) = pages.iter().find(|page| !ids.insert(page.id.as_str())) {
        let message = format!("two pages are named {}; names must differ", twice.id);
        return Err(corpus_error(corpus, None, message));
    }
    if pages.is_empty() {
        return Err(corpus_error(corpus, None, NO_PAGES));
    }
    Ok(pages)
}

/// An error about a file of a corpus, or about one that describes it.
pub(super) fn corpus_error(path: &Path, line: Option<usize>, message: impl Into<String>) -> Error {
    Error::Corpus {
        path: path.to_owned(),
        line,
        message: message.into(),
    }
}

/// Reads a file of JSON; an error names file and line.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = fs::read_to_string(path).map_err(Error::io(path))?;
    serde_json::from_str(&text)
        .map_err(|error| corpus_error(path, Some(error.line()), error.to_string()))
}

/// The values of a file of JSON lines, one after the other; errors name file and line.
pub(super) fn json_lines<T: DeserializeOwned>(
    path: &Path,
) -> Result<impl Iterator<Item = Result<T, PageError>> + Send + use<T>, Error> {
    let lines = BufReader::new(File::open(path).map_err(Error::io(path))?).lines();
    let path = path.to_owned();
    Ok((1..).zip(lines).filter_map(move |(number, line)| {
        let fault = |message: String| PageError {
            source: format!("{}:{number}", path.display()),
            error: corpus_error(&path, Some(number), message),
        };
        match line {
            Ok(line) if line.trim().is_empty() => None,
            Ok(line) => Some(serde_json::from_str(&line).map_err(|error| fault(error.to_string()))),
            Err(error) => Some(Err(fault(error.to_string()))),
        }
    }))
}

fn of_manifest(folder: &Path, manifest: &Path) -> Result<CorpusPages, Error> {
    let folder = folder.to_owned();
    let manifest = manifest.to_owned();
    let lines = (1..).zip(json_lines::<CorpusPage>(&manifest)?);
    Ok(Box::new(lines.map(move |(number, page)| {
        let mut page = page?;
        if page.id.is_empty() || page.html.as_os_str().is_empty() {
            let message = "a page needs an `id` and its `html` file";
            return Err(PageError {
                source: manifest.display().to_string(),
                error: corpus_error(&manifest, Some(number), message),
            });
        }
        page.html = folder.join(&page.html);
        Ok(page)
    })))
}

fn of_folder(folder: &Path) -> Result<CorpusPages, Error> {
    let names = html_names(folder)?;
    if names.is_empty() {
        return Err(corpus_error(folder, None, NO_PAGES));
    }
    let folder = folder.to_owned();
    Ok(Box::new(
        names
            .into_iter()
            .map(move |name| page_in_folder(&folder, &name)),
    ))
}

/// The names of the HTML files of a folder, in order.
pub(super) fn html_names(folder: &Path) -> Result<BTreeSet<String>, Error> {
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
    Ok(names)
}

/// The name of a page's files without their endings: `story` for `story.html.gz`.
pub(super) fn stem(name: &str) -> &str {
    let name = name.strip_suffix(".gz").unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, ending))
            if ending.len() <= 4 && ending.to_ascii_lowercase().contains("htm") =>
        {
            stem
        }
        _ => name,
    }
}

/// The page `name` with the gold beside it; an error names the page.
fn page_in_folder(folder: &Path, name: &str) -> Result<CorpusPage, PageError> {
    with_gold(folder, name).map_err(|error| PageError {
        source: folder.join(name).display().to_string(),
        error,
    })
}

fn with_gold(folder: &Path, name: &str) -> Result<CorpusPage, Error> {
    let stem = stem(name);
    let gold = |ending: &str| Some(folder.join(format!("{stem}.{ending}"))).filter(|p| p.is_file());
    let text = |path: PathBuf| fs::read_to_string(&path).map_err(Error::io(path));
    let mut page: CorpusPage = match gold("json") {
        Some(path) => read_json(&path)?,
        None => CorpusPage::default(),
    };
    if page.text.is_some() {
        // The text stands with the other gold.
    } else if let Some(path) = gold("txt") {
        page.text = Some(text(path)?);
    } else if let Some(path) = gold("md") {
        let (title, body) = gold_markdown::title_and_text(&text(path)?);
        page.title = page.title.or(title);
        page.text = Some(body);
    }
    stem.clone_into(&mut page.id);
    page.html = folder.join(name);
    Ok(page)
}

fn of_archive(path: &Path) -> Result<CorpusPages, Error> {
    let archive = path.to_owned();
    Ok(Box::new((1..).zip(archive::pages(path)?).map(
        move |(number, page)| {
            let page = page?;
            Ok(CorpusPage {
                id: format!("{number} {}", page.source),
                html: archive.clone(),
                url: page.url.as_ref().map(Url::to_string),
                archived: Some(page),
                ..CorpusPage::default()
            })
        },
    )))
}

/// Keeps `count` pages, chosen by a hash of their names: the same ones each time, and most of them
/// still when pages are added. Their order stays.
pub fn sample(pages: &mut Vec<CorpusPage>, count: usize) {
    let mut hashes: Vec<u64> = pages.iter().map(|p| xxh3_64(p.id.as_bytes())).collect();
    hashes.sort_unstable();
    if let Some(bound) = hashes.get(count).copied() {
        pages.retain(|page| xxh3_64(page.id.as_bytes()) < bound);
    }
}
