//! What `extract` is given, as pages: files, gzip files, WARC archives, corpus folders, a stream.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use url::Url;

use crate::eval::corpus;
use crate::fetch::Validators;
use crate::polite::PoliteClient;
use crate::{Error, archive};

/// Bytes of the largest page that is read, unpacked: some hundred times a large news page. A page is
/// held in memory several times over while it is taken apart.
pub const MAX_PAGE_BYTES: u64 = 32 * 1024 * 1024;

/// Bytes at a file's start in which a NUL gives away that it is no text, as in git and grep.
const BINARY_PROBE_BYTES: usize = 8000;

/// A page before it is decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Its name in the corpus it belongs to.
    pub id: Option<String>,
    /// The input as the user gave it; for a page of a corpus or an archive, its file or address.
    pub source: String,
    /// Where the page came from, where that is known.
    pub url: Option<Url>,
    /// The charset the transport named.
    pub charset: Option<String>,
    /// The page's bytes, or the file they are in.
    pub content: Content,
}

/// A page's bytes, or where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The bytes themselves.
    Bytes(Vec<u8>),
    /// A file, packed when its name ends in `.gz`.
    File(PathBuf),
}

impl Default for Content {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

/// A page that could not be had.
#[derive(Debug)]
pub struct Failure {
    /// The input as the user gave it.
    pub source: String,
    /// What went wrong.
    pub error: Error,
}

/// The pages of one input, one after the other.
pub type Pages = Box<dyn Iterator<Item = Result<Page, Failure>> + Send>;

impl Page {
    /// The page's bytes, read and unpacked now.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Input`] when it is empty, not text or
    /// larger than [`MAX_PAGE_BYTES`].
    pub fn bytes(self) -> Result<Vec<u8>, Error> {
        let bytes = match self.content {
            Content::Bytes(bytes) => bytes,
            Content::File(path) => {
                let file = File::open(&path).map_err(Error::io(&path))?;
                let packed = path.extension().is_some_and(|ending| ending == "gz");
                if packed {
                    read_bounded(MultiGzDecoder::new(BufReader::new(file)), &path)?
                } else {
                    read_bounded(file, &path)?
                }
            }
        };
        match refusal(&bytes) {
            Some(message) => Err(Error::input(self.source, message)),
            None => Ok(bytes),
        }
    }
}

/// The pages of a file, a gzip file, a WARC archive (`.warc`, `.warc.gz`) or a corpus folder (see
/// [`corpus`]), told apart by kind and name. Files are read page by page.
///
/// # Errors
/// [`Error::Io`] when the input cannot be opened, [`Error::Input`] when a folder holds no pages.
pub fn open(input: &str) -> Result<Pages, Error> {
    let path = Path::new(input);
    let about = std::fs::metadata(path).map_err(Error::io(path))?;
    if about.is_dir() {
        let pages = corpus::open(path)?;
        return Ok(Box::new(pages.map(|page| page.map(Page::from))));
    }
    if archive::is_archive(path) {
        return Ok(Box::new(archive::pages(path)?));
    }
    let page = Page {
        source: input.to_owned(),
        content: Content::File(path.to_owned()),
        ..Page::default()
    };
    Ok(Box::new(std::iter::once(Ok(page))))
}

/// The one page of a stream, such as standard input; gzip is recognised by its first bytes.
///
/// # Errors
/// [`Error::Io`] when the stream cannot be read, [`Error::Input`] when it is too long.
pub fn of_stream(stream: impl Read, name: &str) -> Result<Page, Error> {
    let mut stream = BufReader::new(stream);
    let start = stream.fill_buf().map_err(Error::io(name))?;
    let bytes = if start.starts_with(&[0x1f, 0x8b]) {
        read_bounded(MultiGzDecoder::new(stream), Path::new(name))?
    } else {
        read_bounded(stream, Path::new(name))?
    };
    Ok(Page {
        source: name.to_owned(),
        content: Content::Bytes(bytes),
        ..Page::default()
    })
}

/// The page at an address, asked for politely: robots.txt first.
///
/// # Errors
/// [`Error::Fetch`] when the address cannot or may not be fetched.
pub async fn of_address(url: &Url, polite: &PoliteClient) -> Result<Page, Error> {
    let visit = polite.visit(url, &Validators::default()).await;
    if let Some(outcome) = visit.outcome {
        let reason = visit.reason.unwrap_or_default();
        return Err(Error::fetch(url.as_str(), format!("{outcome}: {reason}")));
    }
    let kind = visit
        .headers
        .get("content-type")
        .and_then(|kind| kind.to_str().ok());
    let charset = kind.and_then(|kind| kind.split_once("charset="));
    Ok(Page {
        source: url.to_string(),
        charset: charset.map(|(_, name)| name.trim_matches(['"', ' ', ';']).to_owned()),
        url: Some(visit.url),
        content: Content::Bytes(visit.body),
        ..Page::default()
    })
}

fn read_bounded(reader: impl Read, path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_PAGE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::InvalidInput | ErrorKind::InvalidData => {
                let message = format!("this is no gzip file, or it is damaged ({error})");
                Error::input(path.display().to_string(), message).caused_by(error)
            }
            _ => Error::io(path)(error),
        })?;
    if bytes.len() as u64 > MAX_PAGE_BYTES {
        let most_mib = MAX_PAGE_BYTES >> 20;
        let message = format!("the page is larger than {most_mib} MiB, the most that is read");
        return Err(Error::input(path.display().to_string(), message));
    }
    Ok(bytes)
}

/// Why bytes cannot be a page; none when they can.
fn refusal(bytes: &[u8]) -> Option<String> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Some("the page is empty".to_owned());
    }
    let probe = &bytes[..bytes.len().min(BINARY_PROBE_BYTES)];
    let utf_16 = probe.starts_with(&[0xff, 0xfe]) || probe.starts_with(&[0xfe, 0xff]);
    // HTML in UTF-16 without a byte order mark has a NUL in every other place.
    let ascii_utf_16 = memchr::memmem::find(probe, b"<\0").is_some()
        && memchr::memchr_iter(0, probe).count() * 3 > probe.len();
    if memchr::memchr(0, probe).is_some() && !utf_16 && !ascii_utf_16 {
        return Some("this is no HTML but binary data".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_binary_pages_are_told_from_text() {
        assert!(refusal(b" \n").is_some());
        assert!(refusal(b"\x7fELF\x02\x01\0\0").is_some());
        assert!(refusal(b"<p>Rain</p>").is_none());
        assert!(refusal(b"\xff\xfe<\0p\0>\0").is_none());
        assert!(refusal(b"<\0p\0>\0R\0").is_none());
    }

    #[test]
    fn a_packed_stream_is_unpacked() {
        use std::io::Write;
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(b"<p>Rain</p>").expect("memory takes it");
        let packed = writer.finish().expect("memory takes it");
        let page = of_stream(packed.as_slice(), "-").expect("it is gzip");
        assert_eq!(page.content, Content::Bytes(b"<p>Rain</p>".to_vec()));
    }
}
