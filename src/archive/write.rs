//! Raw copies of pages: WARC/1.1 archives (ISO 28500:2017), a gzip member a record, as its annex D
//! recommends.
//!
//! An archive that is being written is named `NAME.warc.gz.open`; it gets its name when it is whole.
//! What a killed run left open is cut after its last whole record and named by the next run.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use url::Url;
use xxhash_rust::xxh3::Xxh3;

use crate::Error;

/// What an archive's name ends with while it is written.
const OPEN: &str = ".open";

/// The headers that speak of the body as it was sent. Copies hold it unpacked and in one piece, so
/// these are kept under the names that Common Crawl's archives gave them.
const OF_SENT_BODY: &[(&str, &str)] = &[
    ("content-encoding", "X-Crawler-Content-Encoding"),
    ("transfer-encoding", "X-Crawler-Transfer-Encoding"),
    ("content-length", "X-Crawler-Content-Length"),
];

/// A page as it was answered.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The address that answered.
    pub url: &'a Url,
    /// When it was asked, in Unix milliseconds.
    pub at_ms: i64,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body, unpacked.
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The page as a `response` record, packed, for [`Writer::append`].
    #[must_use]
    pub fn record(&self) -> Vec<u8> {
        let mut block = Vec::with_capacity(self.body.len() + 1024);
        let words = StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_default();
        block.extend(format!("HTTP/1.1 {} {words}\r\n", self.status).bytes());
        for (name, value) in self.headers {
            let renamed = OF_SENT_BODY.iter().find(|(sent, _)| name == sent);
            let name = renamed.map_or(name.as_str(), |(_, kept)| kept);
            block.extend_from_slice(name.as_bytes());
            block.extend_from_slice(b": ");
            block.extend_from_slice(value.as_bytes());
            block.extend_from_slice(b"\r\n");
        }
        block.extend(format!("Content-Length: {}\r\n\r\n", self.body.len()).bytes());
        block.extend_from_slice(self.body);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.body);
        let fields = [
            ("WARC-Target-URI", self.url.to_string()),
            (
                "WARC-Payload-Digest",
                format!("sha256:{}", hex(digest.as_ref())),
            ),
            ("Content-Type", "application/http; msgtype=response".into()),
        ];
        pack("response", self.at_ms, &fields, &block)
    }
}

/// Who writes the archives: what stands in each one's `warcinfo` record.
#[derive(Debug, Clone, Default)]
pub struct Author {
    /// The User-Agent that asked for the pages.
    pub user_agent: String,
    /// How webmasters reach whoever runs the crawl.
    pub operator: Option<String>,
}

/// Writes records into archives of one folder, a new archive when one is long enough.
#[derive(Debug)]
pub struct Writer {
    folder: PathBuf,
    most_bytes: u64,
    author: Author,
    current: Option<Open>,
}

#[derive(Debug)]
struct Open {
    /// Locked as long as it is written.
    file: File,
    path: PathBuf,
    bytes: u64,
    is_synced: bool,
}

impl Writer {
    /// Makes the folder where it is not there, and mends what a killed run left in it. Archives of
    /// `most_bytes` and more are closed. No archive is begun before there is a record for it.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn new(folder: &Path, most_bytes: u64, author: Author) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        for entry in folder.read_dir().map_err(Error::io(folder))? {
            let path = entry.map_err(Error::io(folder))?.path();
            if closed_name(&path).is_some() {
                mend(&path).map_err(Error::io(&path))?;
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            most_bytes,
            author,
            current: None,
        })
    }

    /// Appends a packed record. It survives the end of this process, and the machine's after
    /// [`Writer::sync`].
    ///
    /// # Errors
    /// [`Error::Io`], as when the disk is full; what was written of the record is taken back.
    pub fn append(&mut self, record: &[u8], now_ms: i64) -> Result<(), Error> {
        if self.current.is_none() {
            self.current = Some(self.begin(now_ms)?);
        }
        let Some(open) = &mut self.current else {
            return Ok(());
        };
        open.append(record).map_err(Error::io(&open.path))?;
        if open.bytes >= self.most_bytes {
            self.finish()?;
        }
        Ok(())
    }

    /// Waits until the disk has all that was appended.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn sync(&mut self) -> Result<(), Error> {
        match &mut self.current {
            Some(open) => open.sync().map_err(Error::io(&open.path)),
            None => Ok(()),
        }
    }

    /// Closes the archive that is being written.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn finish(&mut self) -> Result<(), Error> {
        self.sync()?;
        match self.current.take() {
            Some(open) => rename(&open.path).map_err(Error::io(open.path)),
            None => Ok(()),
        }
    }

    /// A new archive, with its `warcinfo` record.
    fn begin(&self, now_ms: i64) -> Result<Open, Error> {
        let time = timestamp(now_ms).strftime("%Y%m%dT%H%M%SZ").to_string();
        for serial in 1.. {
            let name = format!("gleaner-{time}-{serial:05}.warc.gz");
            let path = self.folder.join(format!("{name}{OPEN}"));
            if self.folder.join(&name).exists() {
                continue;
            }
            let file = match OpenOptions::new().create_new(true).append(true).open(&path) {
                Ok(file) => file,
                // Another run writes into this folder, too.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(Error::io(path)(error)),
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(Error::io(path)(error)),
            }
            let mut open = Open {
                file,
                path,
                bytes: 0,
                is_synced: false,
            };
            let info = self.info(&name, now_ms);
            open.append(&info).map_err(Error::io(&open.path))?;
            return Ok(open);
        }
        unreachable!("there is a number that is free")
    }

    fn info(&self, name: &str, now_ms: i64) -> Vec<u8> {
        let mut block = format!(
            "software: gleaner/{}\r\nformat: WARC File Format 1.1\r\nrobots: obey\r\nhttp-header-user-agent: {}\r\n",
            env!("CARGO_PKG_VERSION"),
            self.author.user_agent
        );
        if let Some(operator) = &self.author.operator {
            block.extend(["operator: ", operator, "\r\n"]);
        }
        let fields = [
            ("WARC-Filename", name.to_owned()),
            ("Content-Type", "application/warc-fields".into()),
        ];
        pack("warcinfo", now_ms, &fields, block.as_bytes())
    }
}

impl Open {
    fn append(&mut self, record: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all(record) {
            // A record is there as a whole or not at all.
            let _ = self.file.set_len(self.bytes);
            return Err(error);
        }
        self.bytes += record.len() as u64;
        self.is_synced = false;
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        if !self.is_synced {
            self.file.sync_data()?;
            self.is_synced = true;
        }
        Ok(())
    }
}

/// A record as a gzip member.
fn pack(kind: &str, at_ms: i64, fields: &[(&str, String)], block: &[u8]) -> Vec<u8> {
    let date = timestamp(at_ms).to_string();
    let mut head = String::from("WARC/1.1\r\n");
    let mut field = |name: &str, value: &str| head.extend([name, ": ", value, "\r\n"]);
    field("WARC-Type", kind);
    field("WARC-Date", &date);
    for (name, value) in fields {
        field(name, value);
    }
    let id = record_id(&head, block);
    head.extend(["WARC-Record-ID: ", &id, "\r\n"]);
    head.extend(["Content-Length: ", &block.len().to_string(), "\r\n\r\n"]);
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    let written = packer
        .write_all(head.as_bytes())
        .and_then(|()| packer.write_all(block))
        .and_then(|()| packer.write_all(b"\r\n\r\n"))
        .and_then(|()| packer.finish());
    // Writing to memory does not fail.
    written.unwrap_or_default()
}

/// A record's name, made of what it says: a UUID of version 8 (RFC 9562, 5.8).
fn record_id(head: &str, block: &[u8]) -> String {
    let mut hash = Xxh3::new();
    hash.update(head.as_bytes());
    hash.update(block);
    let mut id = hash.digest128();
    id = id & !(0xf << 76) | 0x8 << 76;
    id = id & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{id:032x}");
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    format!("<urn:uuid:{}>", parts.join("-"))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    let both = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]);
    both.collect()
}

fn timestamp(at_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at_ms).unwrap_or_default()
}

/// The name that an archive gets when it is whole; none for other files.
fn closed_name(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_suffix(OPEN)?;
    name.ends_with(".warc.gz")
        .then(|| path.with_file_name(name))
}

fn rename(open: &Path) -> io::Result<()> {
    closed_name(open).map_or(Ok(()), |closed| std::fs::rename(open, closed))
}

/// Cuts an archive that nobody writes any more after its last whole record, and gives it its name.
fn mend(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    // An empty one may be about to be locked.
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let whole_bytes = whole_bytes(&file)?;
    if whole_bytes == 0 {
        return std::fs::remove_file(path);
    }
    file.set_len(whole_bytes)?;
    file.sync_data()?;
    rename(path)
}

/// Where the last whole gzip member ends.
fn whole_bytes(file: &File) -> io::Result<u64> {
    let mut reader = BufReader::new(file);
    let mut whole_bytes = 0;
    while !reader.fill_buf()?.is_empty() {
        match io::copy(&mut GzDecoder::new(&mut reader), &mut io::sink()) {
            Ok(_) => whole_bytes = reader.stream_position()?,
            Err(error) => match error.kind() {
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::InvalidInput
                | io::ErrorKind::InvalidData => break,
                _ => return Err(error),
            },
        }
    }
    Ok(whole_bytes)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;
    use crate::input::Content;

    const NOW_MS: i64 = 1_796_000_000_123;

    fn record(n: u32) -> Vec<u8> {
        let mut headers = HeaderMap::new();
        headers.insert(
            "content-type",
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert("content-encoding", HeaderValue::from_static("gzip"));
        headers.insert("content-length", HeaderValue::from_static("7"));
        Answer {
            url: &Url::parse(&format!("https://a.example/{n}")).expect("an address"),
            at_ms: NOW_MS,
            status: 200,
            headers: &headers,
            body: format!("<p>Rain on day {n}</p>").as_bytes(),
        }
        .record()
    }

    fn writer(folder: &Path, most_bytes: u64) -> Writer {
        Writer::new(folder, most_bytes, Author::default()).expect("the folder can be written")
    }

    /// The archives of a folder, in order.
    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = folder
            .read_dir()
            .expect("there")
            .map(|entry| {
                entry
                    .expect("read")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    fn bodies(path: &Path) -> Vec<Content> {
        super::super::pages(path)
            .expect("there")
            .map(|page| page.expect("whole").content)
            .collect()
    }

    #[test]
    fn what_is_written_is_read_and_long_archives_end() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut writer = writer(folder.path(), 700);
        for n in 0..5 {
            writer.append(&record(n), NOW_MS).expect("written");
        }
        writer.finish().expect("closed");
        let names = names(folder.path());
        assert!(names.len() > 1, "{names:?}");
        assert_eq!(names[0], "gleaner-20261130T005320Z-00001.warc.gz");
        let read: Vec<_> = names
            .iter()
            .flat_map(|name| bodies(&folder.path().join(name)))
            .collect();
        let body = |n| Content::Bytes(format!("<p>Rain on day {n}</p>").into_bytes());
        assert_eq!(read, (0..5).map(body).collect::<Vec<_>>());
    }

    #[test]
    fn a_record_says_what_the_standard_asks_for() {
        let mut text = String::new();
        io::Read::read_to_string(&mut GzDecoder::new(&*record(1)), &mut text).expect("gzip");
        let (head, block) = text.split_once("\r\n\r\n").expect("a block");
        assert_eq!(
            head.lines().collect::<Vec<_>>(),
            [
                "WARC/1.1",
                "WARC-Type: response",
                "WARC-Date: 2026-11-30T00:53:20.123Z",
                "WARC-Target-URI: https://a.example/1",
                // sha256sum of the body.
                "WARC-Payload-Digest: sha256:9adb4d7c2a79ade7a17ef026e646173d125447848f151f951eb1957f07e073ba",
                "Content-Type: application/http; msgtype=response",
                "WARC-Record-ID: <urn:uuid:8a79318b-5758-8eb3-a70e-8ef23d39c0f5>",
                "Content-Length: 162",
            ]
        );
        assert_eq!(
            block,
            "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nX-Crawler-Content-Encoding: gzip\r\n\
             X-Crawler-Content-Length: 7\r\nContent-Length: 20\r\n\r\n<p>Rain on day 1</p>\r\n\r\n"
        );
    }

    #[test]
    fn what_a_kill_left_is_cut_after_its_last_whole_record() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut first = writer(folder.path(), u64::MAX);
        for n in 0..2 {
            first.append(&record(n), NOW_MS).expect("written");
        }
        let open = first.current.as_ref().expect("open").path.clone();
        let third = record(2);
        for cut in [1, 5, third.len() / 2, third.len() - 1] {
            let whole = std::fs::read(&open).expect("there");
            // A writer at work is left alone.
            drop(writer(folder.path(), u64::MAX));
            assert!(open.exists());
            let other = tempfile::tempdir().expect("a temporary folder");
            let left = other.path().join("left.warc.gz.open");
            std::fs::write(&left, [&whole, &third[..cut]].concat()).expect("written");
            drop(writer(other.path(), u64::MAX));
            assert!(!left.exists());
            assert_eq!(bodies(&other.path().join("left.warc.gz")).len(), 2, "{cut}");
        }
    }
}
