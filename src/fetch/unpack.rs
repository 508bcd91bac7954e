//! Unpacking a body while it arrives, never into more than may be read.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use flate2::Compression;
use flate2::write::{DeflateDecoder, GzEncoder, MultiGzDecoder, ZlibDecoder};
use reqwest::header::HeaderValue;

use super::sniff;

/// What we can unpack, best first.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// Unpacked bytes per byte sent from which a body is a bomb; HTML packs 20:1 at most in practice,
/// long sitemaps 50:1.
const MAX_INFLATION: u64 = 200;

/// Unpacked bytes below which the ratio says nothing.
const INFLATION_FLOOR_BYTES: u64 = 1024 * 1024;

/// Bytes of a sitemap, unpacked: what the protocol allows (<https://www.sitemaps.org/protocol.html>).
pub(super) const MAX_SITEMAP_BYTES: u64 = 50 * 1024 * 1024;

/// The most a zstd window may be, as a power of two of bytes: 8 MiB (RFC 9659).
const ZSTD_WINDOW_LOG: u32 = 23;

/// Bytes that tell the packings apart.
const MAGIC_BYTES: usize = 4;

/// Buffer of the brotli decoder, in bytes.
const BROTLI_BUFFER_BYTES: usize = 4096;

/// Why a body is not read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Excess {
    /// More bytes came out than may be read.
    TooLarge,
    /// An implausible multiple of what was sent came out.
    Bomb,
}

/// What unpacking some bytes came to.
#[derive(Debug)]
pub(super) enum Trouble {
    Excess(Excess),
    Malformed(io::Error),
}

/// A body as far as it is unpacked.
#[derive(Debug, Default)]
struct Sink {
    body: Vec<u8>,
    most_bytes: u64,
    /// Whether a sitemap may be longer than that, up to [`MAX_SITEMAP_BYTES`].
    long_sitemaps: bool,
    /// A sitemap that became too long to be held as it is. Its readers take it packed, and what is a
    /// list of addresses packs ten times smaller and more.
    long: Option<Long>,
    packed_bytes: u64,
    excess: Option<Excess>,
}

/// A sitemap on its way into memory.
#[derive(Debug)]
struct Long {
    packer: GzEncoder<Vec<u8>>,
    /// Unpacked, in bytes.
    length: u64,
    /// How it begins, for those who look at the body.
    start: Vec<u8>,
}

impl Sink {
    /// Takes bytes of the body, as many as may be read.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = usize::try_from(self.most_bytes).unwrap_or(usize::MAX) - self.body.len();
        if self.long.is_none() && bytes.len() > room {
            // One chunk may be longer than all that may be read.
            let start: Vec<u8> = self
                .body
                .iter()
                .chain(bytes)
                .take(sniff::SITEMAP_BYTES)
                .copied()
                .collect();
            if !(self.long_sitemaps && sniff::is_sitemap(&start)) {
                self.body.extend_from_slice(&bytes[..room]);
                self.excess = Some(Excess::TooLarge);
                return Ok(());
            }
            let body = std::mem::take(&mut self.body);
            let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
            packer.write_all(&body)?;
            self.long = Some(Long {
                packer,
                length: body.len() as u64,
                start,
            });
        }
        let Some(long) = &mut self.long else {
            self.body.extend_from_slice(bytes);
            return Ok(());
        };
        long.packer.write_all(bytes)?;
        long.length += bytes.len() as u64;
        let packed_bytes = long.packer.get_ref().len() as u64;
        if long.length > MAX_SITEMAP_BYTES || packed_bytes > self.most_bytes {
            self.excess = Some(Excess::TooLarge);
        }
        Ok(())
    }

    /// Bytes that came out.
    fn len(&self) -> u64 {
        self.long
            .as_ref()
            .map_or(self.body.len() as u64, |long| long.length)
    }
}

/// A decoder's way into the sink.
struct Inlet(Arc<Mutex<Sink>>);

impl Write for Inlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut sink = lock(&self.0);
        sink.take(bytes)?;
        let length = sink.len();
        if sink.excess.is_none()
            && length > INFLATION_FLOOR_BYTES
            && length > sink.packed_bytes.saturating_mul(MAX_INFLATION)
        {
            sink.excess = Some(Excess::Bomb);
        }
        if sink.excess.is_some() {
            return Err(io::Error::other("more than may be read"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Unpacks one body.
pub(super) struct Unpacker {
    encoding: Encoding,
    /// The first bytes, until there are enough to tell what they are.
    start: Vec<u8>,
    decoder: Option<Box<dyn Write + Send>>,
    sink: Arc<Mutex<Sink>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Unpacker {
    /// For a body with this Content-Encoding, of which at most `most_bytes` are read; of a sitemap
    /// more, if `long_sitemaps` holds: then it is handed over as a gzip file. A name that is no packing
    /// (servers put charsets there) leaves the body as it is.
    pub(super) fn new(
        encoding: Option<&HeaderValue>,
        most_bytes: u64,
        long_sitemaps: bool,
    ) -> Self {
        let name = encoding.map(|value| value.as_bytes().trim_ascii().to_ascii_lowercase());
        let encoding = match name.as_deref() {
            Some(b"gzip" | b"x-gzip") => Encoding::Gzip,
            Some(b"deflate") => Encoding::Deflate,
            Some(b"br") => Encoding::Brotli,
            Some(b"zstd") => Encoding::Zstd,
            _ => Encoding::Plain,
        };
        Self {
            encoding,
            start: Vec::new(),
            decoder: None,
            sink: Arc::new(Mutex::new(Sink {
                most_bytes,
                long_sitemaps,
                ..Sink::default()
            })),
        }
    }

    /// Unpacks what came in.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        lock(&self.sink).packed_bytes += bytes.len() as u64;
        if self.decoder.is_some() {
            return self.decode(bytes);
        }
        self.start.extend_from_slice(bytes);
        if self.start.len() < MAGIC_BYTES {
            return Ok(());
        }
        self.begin()
    }

    /// Unpacks what is left at the end of the body; one that is cut off is what came until there.
    pub(super) fn finish(&mut self) -> Result<(), Trouble> {
        if self.decoder.is_none() {
            self.begin()?;
        }
        let flushed = self.decoder.as_mut().map_or(Ok(()), Write::flush);
        self.judge(flushed)
    }

    /// Bytes that came in.
    pub(super) fn packed_bytes(&self) -> u64 {
        lock(&self.sink).packed_bytes
    }

    /// Bytes that came out.
    pub(super) fn len(&self) -> u64 {
        lock(&self.sink).len()
    }

    /// Looks at the body so far; of a long sitemap, at how it begins.
    pub(super) fn with<T>(&self, look: impl FnOnce(&[u8]) -> T) -> T {
        let sink = lock(&self.sink);
        look(sink.long.as_ref().map_or(&sink.body, |long| &long.start))
    }

    /// The body.
    pub(super) fn into_body(self) -> Vec<u8> {
        drop(self.decoder);
        let mut sink = lock(&self.sink);
        match sink.long.take().map(|long| long.packer.finish()) {
            Some(Ok(packed)) => packed,
            // Writing to memory does not fail.
            _ => std::mem::take(&mut sink.body),
        }
    }

    fn begin(&mut self) -> Result<(), Trouble> {
        let start = std::mem::take(&mut self.start);
        self.decoder = Some(decoder(
            self.encoding,
            &start,
            Inlet(Arc::clone(&self.sink)),
        ));
        self.decode(&start)
    }

    fn decode(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let written = self
            .decoder
            .as_mut()
            .map_or(Ok(()), |decoder| decoder.write_all(bytes));
        self.judge(written)
    }

    fn judge(&self, written: io::Result<()>) -> Result<(), Trouble> {
        if let Some(excess) = lock(&self.sink).excess {
            return Err(Trouble::Excess(excess));
        }
        written.map_err(Trouble::Malformed)
    }
}

/// A decoder for a body that begins like this; what says it is packed but does not look it is taken
/// as it is.
fn decoder(encoding: Encoding, start: &[u8], inlet: Inlet) -> Box<dyn Write + Send> {
    match encoding {
        Encoding::Gzip if start.starts_with(b"\x1f\x8b") => Box::new(MultiGzDecoder::new(inlet)),
        // The name means zlib's format; some servers send bare deflate.
        Encoding::Deflate if is_zlib(start) => Box::new(ZlibDecoder::new(inlet)),
        Encoding::Deflate => Box::new(DeflateDecoder::new(inlet)),
        Encoding::Brotli => Box::new(brotli::DecompressorWriter::new(inlet, BROTLI_BUFFER_BYTES)),
        Encoding::Zstd if start.starts_with(b"\x28\xb5\x2f\xfd") => zstd(inlet),
        _ => Box::new(inlet),
    }
}

fn zstd(inlet: Inlet) -> Box<dyn Write + Send> {
    let sink = Arc::clone(&inlet.0);
    let decoder = zstd::stream::write::Decoder::new(inlet).and_then(|mut decoder| {
        decoder.window_log_max(ZSTD_WINDOW_LOG)?;
        Ok(decoder)
    });
    match decoder {
        Ok(decoder) => Box::new(decoder),
        // It only fails where there is no memory left; then nothing is unpacked.
        Err(_) => Box::new(Inlet(sink)),
    }
}

/// Whether two bytes are a header of zlib's (RFC 1950, 2.2).
fn is_zlib(start: &[u8]) -> bool {
    let [method, flags, ..] = start else {
        return false;
    };
    method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31)
}

/// Nothing panics while it holds this lock; if something did, the body is still whole.
fn lock(sink: &Mutex<Sink>) -> MutexGuard<'_, Sink> {
    sink.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
