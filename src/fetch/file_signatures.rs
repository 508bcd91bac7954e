//! Whether a body is binary or a sitemap, told by its first bytes, so that the rest need not be fetched.

use reqwest::header::HeaderValue;

/// Bytes of a body that are looked at.
pub(super) const BYTES: usize = 512;

/// Bytes in which a sitemap's root element stands, after declarations and comments.
pub(super) const SITEMAP_BYTES: usize = 2 * BYTES;

/// Binary data bytes (MIME Sniffing Standard, 3) in this many bytes make a body binary. Compressed
/// data has one in ten; a stray control character in a page is no reason to drop it.
const ONE_BINARY_IN: usize = 20;

/// How formats begin that are neither pages nor feeds nor packed sitemaps: offset, bytes, name.
/// Source: the MIME Sniffing Standard, 6, and the formats' own descriptions.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (4, b"ftyp", "an MP4 file"),
    (0, b"ID3", "an MP3 file"),
    (0, b"OggS", "an Ogg file"),
    (0, b"\x1a\x45\xdf\xa3", "a WebM file"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"wOFF", "a font"),
    (0, b"wOF2", "a font"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ\x90\x00", "a program"),
];

/// What a body is when it is binary and no gzip (sitemaps are packed with it).
pub(super) fn binary_kind(start: &[u8], kind: Option<&HeaderValue>) -> Option<String> {
    let start = &start[..start.len().min(BYTES)];
    let signature = SIGNATURES
        .iter()
        .find(|(at, bytes, _)| start.get(*at..).is_some_and(|rest| rest.starts_with(bytes)));
    if let Some((_, _, name)) = signature {
        return Some((*name).to_owned());
    }
    let wide = kind.is_some_and(|kind| {
        let kind = kind.as_bytes().to_ascii_lowercase();
        memchr::memmem::find(&kind, b"utf-16").is_some()
    });
    let marked = [&b"\x1f\x8b"[..], b"\xfe\xff", b"\xff\xfe"]
        .iter()
        .any(|mark| start.starts_with(mark));
    if wide || marked {
        return None;
    }
    let binary = start
        .iter()
        .filter(|byte| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f))
        .count();
    (binary * ONE_BINARY_IN > start.len()).then(|| "binary data".to_owned())
}

/// Whether a body begins like a sitemap: XML with its root element, or a list of addresses.
pub(super) fn is_sitemap(start: &[u8]) -> bool {
    let start = &start[..start.len().min(SITEMAP_BYTES)];
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let start = start.trim_ascii_start();
    let has = |name: &[u8]| memchr::memmem::find(start, name).is_some();
    start.starts_with(b"http")
        || (start.starts_with(b"<") && (has(b"<urlset") || has(b"<sitemapindex")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_noise_are_binary_and_pages_are_not() {
        let noise: Vec<u8> = (0..512u32).map(|n| (n * 167 % 251) as u8).collect();
        for body in [
            &b"\x89PNG\r\n\x1a\n...."[..],
            b"%PDF-1.7",
            b"....ftypmp42",
            b"\0\0\0\0",
            &noise,
        ] {
            assert!(binary_kind(body, None).is_some(), "{body:?}");
        }
        let wide: Vec<u8> = "<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let kind = HeaderValue::from_static("text/html; charset=UTF-16LE");
        assert_eq!(binary_kind(&wide, Some(&kind)), None);
        for page in [
            &b"<html>\x0c"[..],
            b"",
            b"\x1f\x8b\x08\0\0\0\0\0",
            b"\xff\xfe<\0p\0",
            "\u{feff}<?xml version=\"1.0\"?>".as_bytes(),
            b"\x1b$B$3$s\x1b(B ISO-2022-JP has escapes, which are no binary data",
        ] {
            assert_eq!(binary_kind(page, None), None, "{page:?}");
        }
    }
}
