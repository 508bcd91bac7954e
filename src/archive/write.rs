//! Raw copies of pages: WARC/1.1 archives (ISO 28500:2017), a gzip member a record, as its annex D
//! recommends.
//!
//! An archive that is being written is named `NAME.warc.gz.open`; it gets its name when it is whole.
//! What a killed run left open is cut after its last whole record and named by the next run.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;

use super::record::{pack, timestamp};
use crate::Error;

/// What an archive's name ends with while it is written.
const OPEN_SUFFIX: &str = ".open";

/// Who made the archives, for each one's `warcinfo` record.
#[derive(Debug, Clone, Default)]
pub(crate) struct WarcInfo {
    /// The User-Agent that asked for the pages.
    pub(crate) user_agent: String,
    /// How webmasters reach whoever runs the crawl.
    pub(crate) operator: Option<String>,
}

/// Writes records into archives of one folder, a new archive when one is long enough.
#[derive(Debug)]
pub(crate) struct WarcWriter {
    folder: PathBuf,
    max_bytes: u64,
    info: WarcInfo,
    current: Option<OpenArchive>,
}

#[derive(Debug)]
struct OpenArchive {
    /// Locked as long as it is written.
    file: File,
    path: PathBuf,
    bytes: u64,
    is_synced: bool,
}

impl WarcWriter {
    /// Makes the folder where it is not there, and repairs what a killed run left in it. Archives of
    /// `max_bytes` and more are closed. No archive is begun before there is a record for it.
    pub(crate) fn new(folder: &Path, max_bytes: u64, info: WarcInfo) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
        for entry in folder.read_dir().map_err(Error::io(folder))? {
            let path = entry.map_err(Error::io(folder))?.path();
            if closed_name(&path).is_some() {
                repair(&path).map_err(Error::io(path))?;
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            max_bytes,
            info,
            current: None,
        })
    }

    /// Appends packed records. They survive the end of this process, and the machine's after
    /// [`WarcWriter::sync`]. When the disk is full, what was written of them is taken back.
    pub(crate) fn append(&mut self, records: &[u8], now_ms: i64) -> Result<(), Error> {
        let open = match &mut self.current {
            Some(open) => open,
            None => self.current.insert(self.begin(now_ms)?),
        };
        open.append(records).map_err(Error::io(&open.path))?;
        if open.bytes >= self.max_bytes {
            self.finish()?;
        }
        Ok(())
    }

    /// Waits until the disk has all that was appended.
    pub(crate) fn sync(&mut self) -> Result<(), Error> {
        match &mut self.current {
            Some(open) => open.sync().map_err(Error::io(&open.path)),
            None => Ok(()),
        }
    }

    /// Closes the archive that is being written.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        self.sync()?;
        match self.current.take() {
            Some(open) => rename(&open.path).map_err(Error::io(open.path)),
            None => Ok(()),
        }
    }

    /// A new archive, with its `warcinfo` record.
    fn begin(&self, now_ms: i64) -> Result<OpenArchive, Error> {
        let time = timestamp(now_ms).strftime("%Y%m%dT%H%M%SZ").to_string();
        for serial in 1.. {
            let name = format!("gleaner-{time}-{serial:05}.warc.gz");
            let path = self.folder.join(format!("{name}{OPEN_SUFFIX}"));
            if self.folder.join(&name).exists() {
                continue;
            }
            let file = match OpenOptions::new().create_new(true).append(true).open(&path) {
                Ok(file) => file,
                // Another run writes into this folder, too.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(Error::io(path)(error)),
            };
            if !locked(&file).map_err(Error::io(&path))? {
                continue;
            }
            let mut open = OpenArchive {
                file,
                path,
                bytes: 0,
                is_synced: false,
            };
            open.append(&self.warcinfo(&name, now_ms))
                .map_err(Error::io(&open.path))?;
            return Ok(open);
        }
        unreachable!("there is a number that is free")
    }

    fn warcinfo(&self, name: &str, now_ms: i64) -> Vec<u8> {
        let mut block = format!(
            "software: gleaner/{}\r\nformat: WARC File Format 1.1\r\nrobots: obey\r\nhttp-header-user-agent: {}\r\n",
            env!("CARGO_PKG_VERSION"),
            self.info.user_agent
        );
        if let Some(operator) = &self.info.operator {
            block.extend(["operator: ", operator, "\r\n"]);
        }
        let fields = [
            ("WARC-Filename", name.to_owned()),
            ("Content-Type", "application/warc-fields".into()),
        ];
        pack("warcinfo", now_ms, &fields, block.as_bytes()).1
    }
}

impl OpenArchive {
    fn append(&mut self, records: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all(records) {
            // They are there as a whole or not at all.
            let _ = self.file.set_len(self.bytes);
            return Err(error);
        }
        self.bytes += records.len() as u64;
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

/// The name that an archive gets when it is whole; none for other files.
fn closed_name(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?.strip_suffix(OPEN_SUFFIX)?;
    name.ends_with(".warc.gz")
        .then(|| path.with_file_name(name))
}

fn rename(open: &Path) -> io::Result<()> {
    closed_name(open).map_or(Ok(()), |closed| std::fs::rename(open, closed))
}

/// Locks a file; false when another run holds it.
fn locked(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Cuts an archive that nobody writes any more after its last whole record, and gives it its name.
fn repair(path: &Path) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    // An empty one may be about to be locked, a locked one is being written.
    if file.metadata()?.len() == 0 || !locked(&file)? {
        return Ok(());
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
    use super::super::record::tests::{NOW_MS, records};
    use super::*;
    use crate::pages::Content;

    fn writer(folder: &Path, max_bytes: u64) -> WarcWriter {
        WarcWriter::new(folder, max_bytes, WarcInfo::default()).expect("the folder can be written")
    }

    /// The archives of a folder, in order.
    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = folder
            .read_dir()
            .expect("there")
            .map(|entry| entry.expect("read").file_name().into_string())
            .map(|name| name.expect("UTF-8"))
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
            writer.append(&records(n), NOW_MS).expect("written");
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
    fn what_a_kill_left_is_cut_after_its_last_whole_record() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut first = writer(folder.path(), u64::MAX);
        for n in 0..2 {
            first.append(&records(n), NOW_MS).expect("written");
        }
        let open = first.current.as_ref().expect("open").path.clone();
        let third = records(2);
        // What is asked for here is the page: its request may be missing.
        let mut rest = io::Cursor::new(&third);
        io::copy(&mut GzDecoder::new(&mut rest), &mut io::sink()).expect("a whole record");
        let page_bytes = usize::try_from(rest.position()).expect("few");
        for cut in [1, 5, page_bytes / 2, page_bytes - 1] {
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
