//! WARC archives (ISO 28500:2017): pages out of them, and raw copies of pages into them.
//!
//! Read are WARC/1.0 and 1.1, plain or gzip a record, and only what `extract` needs: `response`
//! records of HTTP with an HTML body, and `resource` records that are HTML. Everything else in an
//! archive is skipped.

#[cfg(feature = "crawl")]
mod record;
#[cfg(feature = "crawl")]
mod write;

#[cfg(feature = "crawl")]
pub(crate) use record::Exchange;
#[cfg(feature = "crawl")]
pub(crate) use write::{WarcInfo, WarcWriter};

use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use url::Url;

use crate::pages::{Content, GZIP_MAGIC, MAX_PAGE_BYTES, Page, PageError, Pages, open_unpacked};
use crate::{Error, decode};

/// Bytes of one header line; longer ones are no WARC.
const MAX_LINE_BYTES: u64 = 64 * 1024;

/// Headers of a WARC record or an HTTP response, names in lower case.
type Headers = Vec<(String, String)>;

/// Whether a file's name is that of an archive: `.warc` or `.warc.gz`.
pub(crate) fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    let name = Path::new(name.strip_suffix(".gz").unwrap_or(&name));
    name.extension().is_some_and(|ending| ending == "warc")
}

/// The pages of an archive, in its order. Faults come as items; a broken record ends the archive, since
/// nothing says where the next one starts.
pub(crate) fn pages(path: &Path) -> Result<Pages, Error> {
    Ok(Box::new(ArchivePages {
        stream: open_unpacked(path)?,
        path: path.to_owned(),
        is_broken: false,
    }))
}

struct ArchivePages {
    stream: Box<dyn BufRead + Send>,
    path: PathBuf,
    is_broken: bool,
}

impl Iterator for ArchivePages {
    type Item = Result<Page, PageError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_broken {
            return None;
        }
        let page = self.next_page();
        self.is_broken = page.is_err();
        page.map_err(|error| {
            let source = self.path.display().to_string();
            let message = format!("not a readable WARC archive: {error}");
            let error = Error::input(&source, message).caused_by(error);
            PageError { source, error }
        })
        .transpose()
    }
}

impl ArchivePages {
    /// The page of the next record that has one; none at the archive's end.
    fn next_page(&mut self) -> io::Result<Option<Page>> {
        while let Some(headers) = self.headers()? {
            let length: u64 = value_of(&headers, "content-length")
                .and_then(|text| text.parse().ok())
                .ok_or_else(|| invalid("a record without Content-Length"))?;
            let mut block = (&mut self.stream).take(length);
            let kind = value_of(&headers, "warc-type").unwrap_or_default();
            let content_type = value_of(&headers, "content-type").unwrap_or_default();
            let is_http = kind == "response";
            let is_resource = kind == "resource" && is_html(content_type);
            let is_wanted = (is_http || is_resource) && length <= MAX_PAGE_BYTES;
            let mut bytes = vec![];
            let read = if is_wanted {
                block.read_to_end(&mut bytes)? as u64
            } else {
                io::copy(&mut block, &mut io::sink())?
            };
            if read < length {
                return Err(invalid("the last record is cut off"));
            }
            let page = if is_http {
                http_body(&bytes)
            } else {
                is_wanted.then_some((None, bytes))
            };
            let Some((charset, body)) = page else {
                continue;
            };
            let target = value_of(&headers, "warc-target-uri").unwrap_or_default();
            let target = target.trim_matches(['<', '>']);
            return Ok(Some(Page {
                id: None,
                source: target.to_owned(),
                url: Url::parse(target).ok(),
                charset,
                content: Content::Bytes(body),
            }));
        }
        Ok(None)
    }

    /// The next record's headers; none at the archive's end.
    fn headers(&mut self) -> io::Result<Option<Headers>> {
        let version = loop {
            match self.line()? {
                None => return Ok(None),
                Some(line) if line.is_empty() => {}
                Some(line) => break line,
            }
        };
        if !version.starts_with("WARC/") {
            return Err(invalid("a record does not start with WARC/"));
        }
        let mut headers = Vec::new();
        while let Some(line) = self.line()?.filter(|line| !line.is_empty()) {
            headers.extend(header(&line));
        }
        Ok(Some(headers))
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        (&mut self.stream)
            .take(MAX_LINE_BYTES)
            .read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        if !line.ends_with(b"\n") {
            return Err(invalid("a header line is cut off"));
        }
        Ok(Some(String::from_utf8_lossy(&line).trim().to_owned()))
    }
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

fn header(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    Some((name.to_ascii_lowercase(), value.trim().to_owned()))
}

fn value_of<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    let header = headers.iter().find(|(key, _)| key == name);
    header.map(|(_, value)| value.as_str())
}

fn is_html(content_type: &str) -> bool {
    let kind = content_type.to_ascii_lowercase();
    kind.starts_with("text/html") || kind.starts_with("application/xhtml+xml")
}

/// Charset and body of an HTTP response that is a page with status 2xx; none for another one.
fn http_body(block: &[u8]) -> Option<(Option<String>, Vec<u8>)> {
    let end = memchr::memmem::find(block, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&block[..end]);
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?;
    let headers: Headers = lines.filter_map(header).collect();
    let content_type = value_of(&headers, "content-type").unwrap_or("text/html");
    if !status.starts_with('2') || !is_html(content_type) {
        return None;
    }
    let mut body = block[end + 4..].to_vec();
    if value_of(&headers, "transfer-encoding").is_some_and(|how| how.contains("chunked")) {
        body = unchunk(&body);
    }
    if body.starts_with(&GZIP_MAGIC) {
        let mut plain = Vec::new();
        let mut unpacker = MultiGzDecoder::new(&*body).take(MAX_PAGE_BYTES);
        unpacker.read_to_end(&mut plain).ok()?;
        body = plain;
    }
    let charset = decode::charset_of(content_type).map(str::to_owned);
    Some((charset, body))
}

/// The body of a chunked message (RFC 9112, 7.1); some archivers keep the header but not the chunks,
/// so what is not chunked is returned as it is.
fn unchunk(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let size = memchr::memmem::find(rest, b"\r\n").and_then(|end| {
            let line = std::str::from_utf8(&rest[..end]).ok()?;
            let digits = line.split(';').next()?.trim();
            Some((end + 2, usize::from_str_radix(digits, 16).ok()?))
        });
        match size {
            Some((_, 0)) => return out,
            Some((start, size)) if size <= rest.len() - start => {
                out.extend_from_slice(&rest[start..start + size]);
                rest = rest.get(start + size + 2..).unwrap_or_default();
            }
            _ if out.is_empty() => return body.to_vec(),
            _ => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: &str, uri: &str, block: &str) -> String {
        format!(
            "WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nContent-Type: \
             application/http;msgtype=response\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    }

    fn read(archive: &[u8], name: &str) -> Vec<Result<Page, PageError>> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(name);
        std::fs::write(&path, archive).expect("the folder can be written");
        pages(&path).expect("the file is there").collect()
    }

    fn sample() -> String {
        let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Rain</p>";
        let image = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nPNG";
        let chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: \
                       chunked\r\n\r\n3\r\n<p>\r\n3\r\nSun\r\n0\r\n\r\n";
        record("request", "https://a.example/1", "GET / HTTP/1.1\r\n\r\n")
            + &record("response", "https://a.example/1", html)
            + &record("response", "https://a.example/2", image)
            + &record("response", "https://a.example/3", chunked)
    }

    #[test]
    fn only_html_responses_are_pages() {
        let pages: Vec<Page> = read(sample().as_bytes(), "a.warc")
            .into_iter()
            .map(|page| page.expect("the archive is sound"))
            .collect();
        let bodies: Vec<_> = pages.iter().map(|page| page.content.clone()).collect();
        assert_eq!(
            bodies,
            [
                Content::Bytes(b"<p>Rain</p>".to_vec()),
                Content::Bytes(b"<p>Sun".to_vec())
            ]
        );
        assert_eq!(pages[0].charset.as_deref(), Some("utf-8"));
        assert_eq!(pages[0].source, "https://a.example/1");
    }

    #[test]
    fn records_packed_one_by_one_are_read() {
        use std::io::Write;
        let mut archive = Vec::new();
        for _ in 0..2 {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer
                .write_all(sample().as_bytes())
                .expect("memory takes it");
            archive.extend(packer.finish().expect("memory takes it"));
        }
        assert_eq!(read(&archive, "a.warc.gz").len(), 4);
    }

    #[test]
    fn a_cut_archive_gives_its_whole_records_and_an_error() {
        let whole = sample();
        let cut = &whole.as_bytes()[..whole.len() - 30];
        let pages = read(cut, "a.warc");
        assert!(pages[0].is_ok());
        let last = pages.last().expect("there is more than one");
        let message = last.as_ref().expect_err("it is cut").error.to_string();
        assert!(message.contains("cut off"), "{message}");
    }
}
