//! Pages at hand, before they are decoded: their bytes out of files and streams, unpacked and bounded.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use url::Url;

use crate::Error;

/// Bytes of the largest page that is read, unpacked: some hundred times a large news page. A page is
/// held in memory several times over while it is taken apart.
pub(crate) const MAX_PAGE_BYTES: u64 = 32 * 1024 * 1024;

/// Bytes at a file's start in which a NUL gives away that it is no text, as in git and grep.
const BINARY_PROBE_BYTES: usize = 8000;

/// The first bytes of every gzip file (RFC 1952, 2.3.1).
pub(crate) const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

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

/// Why there is no page where one was expected.
#[derive(Debug)]
pub struct PageError {
    /// What was to be read: an input as the user gave it, a file, or a line of one.
    pub source: String,
    /// What went wrong.
    pub error: Error,
}

/// Pages one after the other, each read when it is asked for.
pub type Pages = Box<dyn Iterator<Item = Result<Page, PageError>> + Send>;

impl Page {
    /// The one page of a file, which is read by [`Page::bytes`].
    pub(crate) fn of_file(path: &str) -> Self {
        Self {
            source: path.to_owned(),
            content: Content::File(path.into()),
            ..Self::default()
        }
    }

    /// The one page of a stream, such as standard input; gzip is recognised by its first bytes.
    ///
    /// # Errors
    /// [`Error::Io`] when the stream cannot be read, [`Error::Input`] when it is too long.
    pub fn of_stream(stream: impl Read, name: &str) -> Result<Self, Error> {
        let mut stream = BufReader::new(stream);
        let start = stream.fill_buf().map_err(Error::io(name))?;
        let bytes = if start.starts_with(&GZIP_MAGIC) {
            read_bounded(MultiGzDecoder::new(stream), Path::new(name))?
        } else {
            read_bounded(stream, Path::new(name))?
        };
        Ok(Self {
            source: name.to_owned(),
            content: Content::Bytes(bytes),
            ..Self::default()
        })
    }

    /// The page as the only one of its input.
    #[must_use]
    pub fn alone(self) -> Pages {
        Box::new(std::iter::once(Ok(self)))
    }

    /// The page's bytes, read and unpacked now.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Input`] when the page is empty, not text
    /// or larger than 32 MiB.
    pub fn bytes(self) -> Result<Vec<u8>, Error> {
        let bytes = match self.content {
            Content::Bytes(bytes) => bytes,
            Content::File(path) => read_bounded(open_unpacked(&path)?, &path)?,
        };
        match refusal(&bytes) {
            Some(message) => Err(Error::input(self.source, message)),
            None => Ok(bytes),
        }
    }
}

/// Opens a file and unpacks it when its name ends in `.gz`.
pub(crate) fn open_unpacked(path: &Path) -> Result<Box<dyn BufRead + Send>, Error> {
    let file = BufReader::new(File::open(path).map_err(Error::io(path))?);
    let is_packed = path.extension().is_some_and(|ending| ending == "gz");
    Ok(if is_packed {
        Box::new(BufReader::new(MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    })
}

fn read_bounded(reader: impl Read, path: &Path) -> Result<Vec<u8>, Error> {
    let refused = |message: String| Error::input(path.display().to_string(), message);
    let mut bytes = Vec::new();
    reader
        .take(MAX_PAGE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof | ErrorKind::InvalidInput | ErrorKind::InvalidData => {
                refused(format!("this is no gzip file, or it is damaged ({error})"))
                    .caused_by(error)
            }
            _ => Error::io(path)(error),
        })?;
    if bytes.len() as u64 > MAX_PAGE_BYTES {
        let limit = MAX_PAGE_BYTES >> 20;
        return Err(refused(format!(
            "the page is larger than {limit} MiB, the most that is read"
        )));
    }
    Ok(bytes)
}

/// Why bytes cannot be a page; none when they can.
fn refusal(bytes: &[u8]) -> Option<&'static str> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Some("the page is empty");
    }
    let probe = &bytes[..bytes.len().min(BINARY_PROBE_BYTES)];
    let utf_16 = probe.starts_with(&[0xff, 0xfe]) || probe.starts_with(&[0xfe, 0xff]);
    // HTML in UTF-16 without a byte order mark has a NUL in every other place.
    let ascii_utf_16 = memchr::memmem::find(probe, b"<\0").is_some()
        && memchr::memchr_iter(0, probe).count() * 3 > probe.len();
    if memchr::memchr(0, probe).is_some() && !utf_16 && !ascii_utf_16 {
        return Some("this is no HTML but binary data");
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
        let page = Page::of_stream(packed.as_slice(), "-").expect("it is gzip");
        assert_eq!(page.content, Content::Bytes(b"<p>Rain</p>".to_vec()));
    }
}
