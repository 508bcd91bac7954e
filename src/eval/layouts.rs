//! The layouts of published benchmarks, only read.
//!
//! | layout | told by | pages | gold |
//! |---|---|---|---|
//! | article-extraction-benchmark | `ground-truth.json`, `html/` | `html/ID.html.gz` | by id: `articleBody`, `url` |
//! | WCXB, one file | the same | the same | also `title`, `author`, `publish_date`, `with`, `without` |
//! | WCXB, a file a page | `ground-truth/ID.json`, `html/` | the same | the same keys, or under `ground_truth` with the body as `main_content` |
//! | web-content-extraction-benchmark | `ground-truth/SET.jsonl`, `html/SET/` | `html/SET/PAGE_ID.html` | a page a line: `page_id`, `plaintext`, `url` |
//! | fundus' test data | `meta.info` in it or its folders | `PUBLISHER_DATE.html.gz` | `PUBLISHER.json`, by version of its parser |
//! | trafilatura's evaluation | `evaldata.json` | `cache/FILE`, `eval/FILE` | by address: `file`, `with`, `without` |
//!
//! Sources: the projects' readers (`evaluate.py`, `dataset_readers.py`, `tests/utility.py`,
//! `tests/eval_common.py`) and WCXB's README.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;

use super::corpus::{self, CorpusPage, corpus_error};
use crate::Error;

/// The pages of a folder in one of the published layouts; none when it is in no such layout. A gold
/// that names a page which is not there is an error.
pub(super) fn read(folder: &Path) -> Result<Option<Vec<CorpusPage>>, Error> {
    let trafilatura = folder.join("evaldata.json");
    let one_file = folder.join("ground-truth.json");
    let many_files = folder.join("ground-truth");
    if trafilatura.is_file() {
        return trafilatura_pages(folder, &trafilatura).map(Some);
    }
    if one_file.is_file() {
        return by_id(folder, &one_file).map(Some);
    }
    if many_files.is_dir() {
        return in_files(folder, &many_files).map(Some);
    }
    // The benchmark's own folder, as it is cloned.
    for inner in ["datasets/combined", "combined"] {
        if folder.join(inner).join("ground-truth").is_dir() {
            return read(&folder.join(inner));
        }
    }
    fundus_pages(folder)
}

fn missing(gold: &Path, page: &str, what: &str) -> Error {
    corpus_error(gold, None, format!("page {page}: {what}"))
}

/// The first of these files that is there, also packed.
fn find(names: &[PathBuf]) -> Option<PathBuf> {
    names.iter().find_map(|name| {
        let mut packed = name.clone().into_os_string();
        packed.push(".gz");
        [name.clone(), PathBuf::from(packed)]
            .into_iter()
            .find(|path| path.is_file())
    })
}

/// `html/ID.html` or `.gz`, the gold's page.
fn html_of(folder: &Path, gold: &Path, id: &str) -> Result<PathBuf, Error> {
    let name = folder.join("html").join(format!("{id}.html"));
    find(std::slice::from_ref(&name)).ok_or_else(|| {
        let what = if name.with_extension("html.lz4").is_file() {
            "its HTML is packed with lz4; unpack it: lz4 -dm html/*/*.lz4".to_owned()
        } else {
            format!("neither {} nor the same with .gz is there", name.display())
        };
        missing(gold, id, &what)
    })
}

/// Gold of article-extraction-benchmark and WCXB.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BenchmarkGold {
    #[serde(alias = "main_content", alias = "text")]
    #[serde(rename = "articleBody")]
    body: Option<String>,
    url: Option<String>,
    title: Option<String>,
    author: Option<OneOrMore>,
    #[serde(alias = "published", alias = "date")]
    publish_date: Option<String>,
    page_type: Option<Value>,
    #[serde(rename = "_internal")]
    internal: Option<Value>,
    with: Option<Vec<String>>,
    without: Option<Vec<String>>,
    ground_truth: Option<Box<BenchmarkGold>>,
}

/// One name or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn list(self) -> Option<Vec<String>> {
        let names = match self {
            Self::One(name) => vec![name],
            Self::More(names) => names,
        };
        let names: Vec<String> = names.into_iter().filter(|n| !n.trim().is_empty()).collect();
        (!names.is_empty()).then_some(names)
    }
}

impl BenchmarkGold {
    /// The page's kind, which stands in different places by the file's version.
    fn kind(&self) -> Option<String> {
        let inner = self
            .internal
            .as_ref()
            .and_then(|inner| inner.get("page_type"));
        let kind = self.page_type.as_ref().or(inner)?;
        let name = kind.get("primary").unwrap_or(kind).as_str()?;
        Some(name.to_owned())
    }

    fn page(self, id: &str, html: PathBuf) -> CorpusPage {
        let (url, kind) = (self.url.clone(), self.kind());
        let gold = match self.ground_truth {
            Some(inner) => *inner,
            None => self,
        };
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let kind = gold.kind().or(kind);
        CorpusPage {
            id: id.to_owned(),
            html,
            url: filled(gold.url.or(url)),
            kind: filled(kind),
            text: gold.body,
            title: filled(gold.title),
            authors: gold.author.and_then(OneOrMore::list),
            published: filled(gold.publish_date),
            with: gold.with.unwrap_or_default(),
            without: gold.without.unwrap_or_default(),
            ..CorpusPage::default()
        }
    }
}

fn by_id(folder: &Path, gold: &Path) -> Result<Vec<CorpusPage>, Error> {
    let bodies: BTreeMap<String, BenchmarkGold> = corpus::read_json(gold)?;
    bodies
        .into_iter()
        .map(|(id, body)| Ok(body.page(&id, html_of(folder, gold, &id)?)))
        .collect()
}

/// The paths of what a folder holds, in order.
fn paths_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::io(folder))?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(Error::io(folder))?;
    paths.sort();
    Ok(paths)
}

/// A file a page (WCXB), or a file of lines a data set (web-content-extraction-benchmark).
fn in_files(folder: &Path, golds: &Path) -> Result<Vec<CorpusPage>, Error> {
    let mut pages = Vec::new();
    for path in paths_in(golds)? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("json") => {
                let body: BenchmarkGold = corpus::read_json(&path)?;
                pages.push(body.page(&name, html_of(folder, &path, &name)?));
            }
            Some("jsonl") => pages.extend(data_set(folder, &path, &name)?),
            _ => {}
        }
    }
    Ok(pages)
}

/// The gold of a page of web-content-extraction-benchmark.
#[derive(Debug, Deserialize)]
struct DataSetLine {
    page_id: String,
    plaintext: Option<String>,
    url: Option<String>,
}

fn data_set(folder: &Path, gold: &Path, name: &str) -> Result<Vec<CorpusPage>, Error> {
    corpus::json_lines::<DataSetLine>(gold)?
        .map(|line| {
            let line = line.map_err(|failure| failure.error)?;
            let id = format!("{name}/{}", line.page_id);
            Ok(CorpusPage {
                html: html_of(folder, gold, &id)?,
                id,
                url: line.url,
                text: Some(line.plaintext.unwrap_or_default()),
                ..CorpusPage::default()
            })
        })
        .collect()
}

/// The gold of a page of trafilatura's evaluation.
#[derive(Debug, Deserialize)]
struct TrafilaturaGold {
    file: String,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    title: Option<String>,
    author: Option<OneOrMore>,
    date: Option<String>,
}

fn trafilatura_pages(folder: &Path, gold: &Path) -> Result<Vec<CorpusPage>, Error> {
    let annotations: BTreeMap<String, TrafilaturaGold> = corpus::read_json(gold)?;
    annotations
        .into_iter()
        .map(|(url, item)| {
            let paths = ["cache", "eval", ""].map(|inner| folder.join(inner).join(&item.file));
            let what = || format!("{} is neither in cache nor in eval", item.file);
            let html = find(&paths).ok_or_else(|| missing(gold, &url, &what()))?;
            Ok(CorpusPage {
                id: url.clone(),
                html,
                url: Some(url),
                title: item.title,
                authors: item.author.and_then(OneOrMore::list),
                published: item.date,
                with: item.with,
                without: item.without,
                ..CorpusPage::default()
            })
        })
        .collect()
}

/// What fundus knows about a saved page.
#[derive(Debug, Deserialize)]
struct FundusMeta {
    url: String,
}

/// What fundus' parser makes of a page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FundusArticle {
    title: Option<String>,
    authors: Option<Vec<String>>,
    publishing_date: Option<String>,
    body: Option<FundusBody>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FundusBody {
    summary: Vec<String>,
    sections: Vec<FundusSection>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct FundusSection {
    headline: Vec<String>,
    paragraphs: Vec<String>,
}

fn fundus_pages(folder: &Path) -> Result<Option<Vec<CorpusPage>>, Error> {
    let mut countries = vec![folder.to_owned()];
    countries.extend(paths_in(folder)?);
    countries.retain(|country| country.join("meta.info").is_file());
    let mut pages = Vec::new();
    for country in &countries {
        pages.extend(country_pages(country)?);
    }
    Ok((!countries.is_empty()).then_some(pages))
}

fn country_pages(folder: &Path) -> Result<Vec<CorpusPage>, Error> {
    let country = folder.file_name().unwrap_or_default().to_string_lossy();
    let about: BTreeMap<String, FundusMeta> = corpus::read_json(&folder.join("meta.info"))?;
    let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in corpus::html_names(folder)? {
        let publisher = name.split('_').next().unwrap_or(&name).to_owned();
        files.entry(publisher).or_default().push(name);
    }
    let mut pages = Vec::new();
    for (publisher, names) in files {
        let gold = folder.join(format!("{publisher}.json"));
        let versions: BTreeMap<String, Value> = corpus::read_json(&gold)?;
        for (name, version) in paired(&names, &versions) {
            let parsed: FundusArticle = serde_json::from_value(version.clone())
                .map_err(|error| corpus_error(&gold, None, error.to_string()))?;
            pages.push(CorpusPage {
                id: format!("{country}/{}", corpus::stem(name)),
                html: folder.join(name),
                url: about.get(name).map(|meta| meta.url.clone()),
                publisher: Some(publisher.clone()),
                ..parsed.page()
            });
        }
    }
    Ok(pages)
}

/// Saved pages with the version of the parser that reads them: fundus keeps one page a version, and
/// both are in the order of time. Where their numbers differ, the newest of both belong together.
fn paired<'a>(
    names: &'a [String],
    versions: &'a BTreeMap<String, Value>,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let mut versions: Vec<(&String, &Value)> = versions.iter().collect();
    // V1, V1_1, V2, V10: by their numbers.
    versions.sort_by_key(|(name, _)| {
        let numbers = name.split(|c: char| !c.is_ascii_digit());
        numbers.filter_map(|n| n.parse().ok()).collect::<Vec<u32>>()
    });
    let versions = versions.into_iter().map(|(_, version)| version);
    names.iter().rev().zip(versions.rev())
}

impl FundusArticle {
    fn page(self) -> CorpusPage {
        let body = self.body.unwrap_or_default();
        let summary = body.summary.join("\n\n");
        let mut blocks = body.summary;
        for section in body.sections {
            blocks.extend(section.headline);
            blocks.extend(section.paragraphs);
        }
        CorpusPage {
            text: (!blocks.is_empty()).then(|| blocks.join("\n\n")),
            title: self.title,
            authors: self.authors,
            published: self.publishing_date,
            summary: (!summary.is_empty()).then_some(summary),
            ..CorpusPage::default()
        }
    }
}
