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
mod tests {
    use super::*;

    const PAGE: &str = "<p>The night ferry sailed again on Thursday, eleven years later.</p>";

    /// Unpacks a body that comes as slowly as a network can be.
    fn unpack(encoding: &'static str, body: &[u8], most_bytes: u64) -> Result<Vec<u8>, Trouble> {
        unpack_in(1, encoding, body, most_bytes)
    }

    fn unpack_in(
        chunk_bytes: usize,
        encoding: &'static str,
        body: &[u8],
        most_bytes: u64,
    ) -> Result<Vec<u8>, Trouble> {
        let encoding = HeaderValue::from_static(encoding);
        let mut unpacker = Unpacker::new(Some(&encoding), most_bytes, true);
        for chunk in body.chunks(chunk_bytes) {
            unpacker.push(chunk)?;
            assert!(!unpacker.with(<[u8]>::is_empty) || unpacker.len() == 0);
        }
        unpacker.finish()?;
        assert_eq!(unpacker.packed_bytes(), body.len() as u64);
        Ok(unpacker.into_body())
    }

    fn packed(mut encoder: impl Write, page: &[u8]) {
        encoder.write_all(page).expect("written");
        encoder.flush().expect("flushed");
    }

    fn all_packed(page: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
        let level = flate2::Compression::best();
        let (mut gzip, mut zlib, mut bare, mut br) = (vec![], vec![], vec![], vec![]);
        packed(flate2::write::GzEncoder::new(&mut gzip, level), page);
        packed(flate2::write::ZlibEncoder::new(&mut zlib, level), page);
        packed(flate2::write::DeflateEncoder::new(&mut bare, level), page);
        packed(brotli::CompressorWriter::new(&mut br, 4096, 5, 22), page);
        let zstd = zstd::stream::encode_all(page, 3).expect("packed");
        vec![
            ("gzip", gzip),
            ("deflate", zlib),
            ("deflate", bare),
            ("br", br),
            ("zstd", zstd),
            ("identity", page.to_vec()),
        ]
    }

    #[test]
    fn every_packing_is_undone_byte_by_byte() {
        for (encoding, body) in all_packed(PAGE.as_bytes()) {
            let page = unpack(encoding, &body, 1000).expect(encoding);
            assert_eq!(String::from_utf8_lossy(&page), PAGE, "{encoding}");
        }
    }

    #[test]
    fn what_is_not_packed_as_it_says_is_taken_as_it_is() {
        for encoding in ["gzip", "zstd", "utf-8", "none"] {
            let page = unpack(encoding, PAGE.as_bytes(), 1000).expect(encoding);
            assert_eq!(page, PAGE.as_bytes(), "{encoding}");
        }
        assert_eq!(unpack("gzip", b"<p", 1000).expect("short"), b"<p");
        assert!(unpack("gzip", b"", 1000).expect("empty").is_empty());
    }

    #[test]
    fn a_long_sitemap_is_read_on_and_handed_over_packed() {
        let entry = "<url><loc>https://a.example/2026/11/05/a-story</loc></url>\n";
        let map = format!(
            "<?xml version=\"1.0\"?>\n<urlset>{}</urlset>",
            entry.repeat(2000)
        );
        for (encoding, body) in all_packed(map.as_bytes()) {
            for chunk_bytes in [1, body.len()] {
                let kept = unpack_in(chunk_bytes, encoding, &body, 10_000).expect(encoding);
                assert!(kept.len() < 10_000, "{encoding}");
                let mut all = String::new();
                io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*kept), &mut all)
                    .expect("gzip");
                assert_eq!(all, map, "{encoding}");
            }
        }
        // What does not pack well may not fill the memory either.
        let noise: String = (0..200_000u64)
            .map(|n| {
                char::from(
                    b'a' + xxhash_rust::xxh3::xxh3_64(&n.to_le_bytes()).to_le_bytes()[0] % 26,
                )
            })
            .collect();
        let map = format!("<urlset><url><loc>{noise}");
        assert!(unpack("identity", map.as_bytes(), 10_000).is_err());
    }

    #[test]
    fn too_much_is_refused_and_bombs_early() {
        let long = vec![b'a'; 4 << 20];
        for (encoding, body) in all_packed(&long) {
            let excess = match unpack(encoding, &body, 2 << 20) {
                Err(Trouble::Excess(excess)) => excess,
                other => panic!("{encoding}: {other:?}"),
            };
            let expected = if encoding == "identity" {
                Excess::TooLarge
            } else {
                Excess::Bomb
            };
            assert_eq!(excess, expected, "{encoding}");
        }
        // Eight bytes of a frame that asks for a window of 16 MiB, twice what RFC 9659 allows.
        for (window, allowed) in [(0x68, true), (0x70, false)] {
            let frame = [b"\x28\xb5\x2f\xfd\0".as_slice(), &[window], b"\x01\0\0"].concat();
            assert_eq!(unpack("zstd", &frame, 1000).is_ok(), allowed, "{window:x}");
        }
        assert!(matches!(
            unpack("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03 no deflate", 1000),
            Err(Trouble::Malformed(_))
        ));
    }
}
