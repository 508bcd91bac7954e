//! Bodies in every packing: whole, wrong, long and far too long.

use super::*;

const PAGE: &str = "<p>The night ferry sailed again on Thursday, eleven years later.</p>";

/// Unpacks a body that comes as slowly as a network can be.
fn unpack(encoding: &'static str, body: &[u8], max_bytes: u64) -> Result<Vec<u8>, DecompressError> {
    unpack_in(1, encoding, body, max_bytes)
}

fn unpack_in(
    chunk_bytes: usize,
    encoding: &'static str,
    body: &[u8],
    max_bytes: u64,
) -> Result<Vec<u8>, DecompressError> {
    let encoding = HeaderValue::from_static(encoding);
    let mut decompressor = Decompressor::new(Some(&encoding), max_bytes, true);
    for chunk in body.chunks(chunk_bytes) {
        decompressor.push(chunk)?;
        assert!(!decompressor.inspect(<[u8]>::is_empty) || decompressor.len() == 0);
    }
    decompressor.finish()?;
    assert_eq!(decompressor.packed_bytes(), body.len() as u64);
    Ok(decompressor.into_body())
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
            char::from(b'a' + xxhash_rust::xxh3::xxh3_64(&n.to_le_bytes()).to_le_bytes()[0] % 26)
        })
        .collect();
    let map = format!("<urlset><url><loc>{noise}");
    assert!(unpack("identity", map.as_bytes(), 10_000).is_err());
}

#[test]
fn too_much_is_refused_and_bombs_early() {
    let long = vec![b'a'; 4 << 20];
    for (encoding, body) in all_packed(&long) {
        let over_limit = match unpack(encoding, &body, 2 << 20) {
            Err(DecompressError::OverLimit(over_limit)) => over_limit,
            other => panic!("{encoding}: {other:?}"),
        };
        let expected = if encoding == "identity" {
            OverLimit::TooLarge
        } else {
            OverLimit::Bomb
        };
        assert_eq!(over_limit, expected, "{encoding}");
    }
    // Eight bytes of a frame that asks for a window of 16 MiB, twice what RFC 9659 allows.
    for (window, allowed) in [(0x68, true), (0x70, false)] {
        let frame = [b"\x28\xb5\x2f\xfd\0".as_slice(), &[window], b"\x01\0\0"].concat();
        assert_eq!(unpack("zstd", &frame, 1000).is_ok(), allowed, "{window:x}");
    }
    assert!(matches!(
        unpack("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03 no deflate", 1000),
        Err(DecompressError::Malformed(_))
    ));
}
