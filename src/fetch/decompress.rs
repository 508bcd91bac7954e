//! Unpacking a body while it arrives, up to the limits of what may be read.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::{DeflateDecoder, GzEncoder, MultiGzDecoder, ZlibDecoder};
use reqwest::header::HeaderValue;

use super::{file_signatures, lock};

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

/// Bytes that suffice to tell the encodings apart.
const MAGIC_BYTES: usize = 4;

/// Buffer of the brotli decoder, in bytes.
const BROTLI_BUFFER_BYTES: usize = 4096;

/// Which limit a body went over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OverLimit {
    /// More bytes came out than may be read.
    TooLarge,
    /// An implausible multiple of what was sent came out.
    Bomb,
}

/// Why some bytes could not be unpacked.
#[derive(Debug)]
pub(super) enum DecompressError {
    OverLimit(OverLimit),
    Malformed(io::Error),
}

/// A body as far as it is unpacked.
#[derive(Debug, Default)]
struct BodyBuffer {
    body: Vec<u8>,
    max_bytes: u64,
    /// Whether a sitemap may be longer than that, up to [`MAX_SITEMAP_BYTES`].
    long_sitemaps: bool,
    /// A sitemap that became too long to be held unpacked; it is held packed, ten times smaller and more,
    /// as its readers take it, too.
    long: Option<LongSitemap>,
    packed_bytes: u64,
    over_limit: Option<OverLimit>,
}

/// A long sitemap, packed again while it arrives.
#[derive(Debug)]
struct LongSitemap {
    packer: GzEncoder<Vec<u8>>,
    /// Unpacked, in bytes.
    length: u64,
    /// Its first bytes, for [`Decompressor::inspect`].
    start: Vec<u8>,
}

impl BodyBuffer {
    /// Takes bytes of the body, as many as may be read.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let room = usize::try_from(self.max_bytes).unwrap_or(usize::MAX) - self.body.len();
        if self.long.is_none() && bytes.len() > room {
            // One chunk may be longer than all that may be read.
            let start: Vec<u8> = self
                .body
                .iter()
                .chain(bytes)
                .take(file_signatures::SITEMAP_BYTES)
                .copied()
                .collect();
            if !(self.long_sitemaps && file_signatures::is_sitemap(&start)) {
                self.body.extend_from_slice(&bytes[..room]);
                self.over_limit = Some(OverLimit::TooLarge);
                return Ok(());
            }
            let body = std::mem::take(&mut self.body);
            let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
            packer.write_all(&body)?;
            self.long = Some(LongSitemap {
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
        if long.length > MAX_SITEMAP_BYTES || packed_bytes > self.max_bytes {
            self.over_limit = Some(OverLimit::TooLarge);
        }
        Ok(())
    }

    /// Bytes unpacked so far.
    fn len(&self) -> u64 {
        let long = self.long.as_ref();
        long.map_or(self.body.len() as u64, |long| long.length)
    }
}

/// Writes a decoder's output into the buffer, as far as the limits allow.
struct BufferWriter(Arc<Mutex<BodyBuffer>>);

impl Write for BufferWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut buffer = lock(&self.0);
        buffer.take(bytes)?;
        let length = buffer.len();
        if buffer.over_limit.is_none()
            && length > INFLATION_FLOOR_BYTES
            && length > buffer.packed_bytes.saturating_mul(MAX_INFLATION)
        {
            buffer.over_limit = Some(OverLimit::Bomb);
        }
        if buffer.over_limit.is_some() {
            return Err(io::Error::other("more than may be read"));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Unpacks one body.
pub(super) struct Decompressor {
    /// The Content-Encoding, in lower case.
    encoding: Vec<u8>,
    /// The first bytes, until there are enough to tell what they are.
    start: Vec<u8>,
    decoder: Option<Box<dyn Write + Send>>,
    buffer: Arc<Mutex<BodyBuffer>>,
}

impl Decompressor {
    /// For a body with this Content-Encoding, of which at most `max_bytes` are read, unpacked. With
    /// `long_sitemaps` a sitemap may be longer; it is then returned as a gzip file. A Content-Encoding that
    /// is none (servers put charsets there) leaves the body as it is.
    pub(super) fn new(encoding: Option<&HeaderValue>, max_bytes: u64, long_sitemaps: bool) -> Self {
        let encoding = encoding.map_or(&b""[..], HeaderValue::as_bytes);
        Self {
            encoding: encoding.trim_ascii().to_ascii_lowercase(),
            start: Vec::new(),
            decoder: None,
            buffer: Arc::new(Mutex::new(BodyBuffer {
                max_bytes,
                long_sitemaps,
                ..BodyBuffer::default()
            })),
        }
    }

    /// Unpacks the next bytes received.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), DecompressError> {
        lock(&self.buffer).packed_bytes += bytes.len() as u64;
        if self.decoder.is_some() {
            return self.decode(bytes);
        }
        self.start.extend_from_slice(bytes);
        if self.start.len() < MAGIC_BYTES {
            return Ok(());
        }
        self.begin()
    }

    /// Unpacks the rest at the end of the body. A body that is cut off ends where it was cut.
    pub(super) fn finish(&mut self) -> Result<(), DecompressError> {
        if self.decoder.is_none() {
            self.begin()?;
        }
        let flushed = self.decoder.as_mut().map_or(Ok(()), Write::flush);
        self.check(flushed)
    }

    /// Bytes received so far, packed.
    pub(super) fn packed_bytes(&self) -> u64 {
        lock(&self.buffer).packed_bytes
    }

    /// Bytes unpacked so far.
    pub(super) fn len(&self) -> u64 {
        lock(&self.buffer).len()
    }

    /// Calls `look` with the body so far; with the start of a long sitemap.
    pub(super) fn inspect<T>(&self, look: impl FnOnce(&[u8]) -> T) -> T {
        let buffer = lock(&self.buffer);
        let long = buffer.long.as_ref();
        look(long.map_or(&buffer.body, |long| &long.start))
    }

    /// The body.
    pub(super) fn into_body(self) -> Vec<u8> {
        drop(self.decoder);
        let mut buffer = lock(&self.buffer);
        match buffer.long.take().map(|long| long.packer.finish()) {
            Some(Ok(packed)) => packed,
            // Writing to memory does not fail.
            _ => std::mem::take(&mut buffer.body),
        }
    }

    fn begin(&mut self) -> Result<(), DecompressError> {
        let start = std::mem::take(&mut self.start);
        let writer = BufferWriter(Arc::clone(&self.buffer));
        self.decoder = Some(decoder(&self.encoding, &start, writer));
        self.decode(&start)
    }

    fn decode(&mut self, bytes: &[u8]) -> Result<(), DecompressError> {
        let written = self
            .decoder
            .as_mut()
            .map_or(Ok(()), |decoder| decoder.write_all(bytes));
        self.check(written)
    }

    fn check(&self, written: io::Result<()>) -> Result<(), DecompressError> {
        if let Some(over_limit) = lock(&self.buffer).over_limit {
            return Err(DecompressError::OverLimit(over_limit));
        }
        written.map_err(DecompressError::Malformed)
    }
}

/// A decoder for a body with this Content-Encoding. One that does not start as its encoding does is taken
/// as it is.
fn decoder(encoding: &[u8], start: &[u8], writer: BufferWriter) -> Box<dyn Write + Send> {
    match encoding {
        b"gzip" | b"x-gzip" if start.starts_with(b"\x1f\x8b") => {
            Box::new(MultiGzDecoder::new(writer))
        }
        // The name means zlib's format; some servers send bare deflate.
        b"deflate" if is_zlib(start) => Box::new(ZlibDecoder::new(writer)),
        b"deflate" => Box::new(DeflateDecoder::new(writer)),
        b"br" => Box::new(brotli::DecompressorWriter::new(writer, BROTLI_BUFFER_BYTES)),
        b"zstd" if start.starts_with(b"\x28\xb5\x2f\xfd") => zstd(writer),
        _ => Box::new(writer),
    }
}

fn zstd(writer: BufferWriter) -> Box<dyn Write + Send> {
    let buffer = Arc::clone(&writer.0);
    let decoder = zstd::stream::write::Decoder::new(writer).and_then(|mut decoder| {
        decoder.window_log_max(ZSTD_WINDOW_LOG)?;
        Ok(decoder)
    });
    match decoder {
        Ok(decoder) => Box::new(decoder),
        // It only fails where there is no memory left; then nothing is unpacked.
        Err(_) => Box::new(BufferWriter(buffer)),
    }
}

/// Whether two bytes are a header of zlib's (RFC 1950, 2.2).
fn is_zlib(start: &[u8]) -> bool {
    let [method, flags, ..] = start else {
        return false;
    };
    method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31)
}

#[cfg(test)]
mod tests;
