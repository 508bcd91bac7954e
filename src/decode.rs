//! Bytes to text by the WHATWG's rules: byte order mark, then the transport's charset, then the
//! page's own declaration, then detection.
//!
//! Source: <https://encoding.spec.whatwg.org/> and
//! <https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding>.

use encoding_rs::Encoding;

/// Bytes of a page in which a declaration is looked for, as the HTML standard says.
const PRESCAN_BYTES: usize = 1024;

/// A page's text and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text; bytes that mean nothing are U+FFFD.
    pub text: String,
    /// The encoding's WHATWG name, such as `windows-1252`.
    pub encoding: &'static str,
    /// How many U+FFFD stand in the text that were not in the page.
    pub invalid: usize,
}

/// Decodes a page. `charset` is what the transport said (the `charset` of Content-Type), if it did.
#[must_use]
pub fn decode(bytes: &[u8], charset: Option<&str>) -> Decoded {
    let encoding = Encoding::for_bom(bytes)
        .map(|(encoding, _)| encoding)
        .or_else(|| charset.and_then(|label| Encoding::for_label(label.as_bytes())))
        .or_else(|| declared(bytes))
        .unwrap_or_else(|| detect(bytes));
    let (text, encoding, malformed) = encoding.decode(bytes);
    let invalid = if malformed {
        text.matches('\u{fffd}').count()
    } else {
        0
    };
    Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        invalid,
    }
}

/// The encoding that a `<meta>` in the first bytes declares.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN_BYTES)];
    let head = head.to_ascii_lowercase();
    let at = memchr::memmem::find(&head, b"charset=")? + b"charset=".len();
    let label: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '))
        .take_while(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.')
        })
        .collect();
    let encoding = Encoding::for_label(&label)?;
    // The standard: a declaration that could be read as ASCII cannot be UTF-16.
    if encoding == encoding_rs::UTF_16BE || encoding == encoding_rs::UTF_16LE {
        return Some(encoding_rs::UTF_8);
    }
    Some(encoding)
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}
