//! Bytes to text by the WHATWG's rules: byte order mark, then the transport's charset, then the
//! page's own declaration, then detection; but what a page is labelled with gives way to evidence
//! that it is something else.
//!
//! Source: <https://encoding.spec.whatwg.org/> and
//! <https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding>.

mod declared_encoding;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// From so many characters outside ASCII on, a page that is valid UTF-8 is UTF-8, though labelled with an
/// East Asian encoding: about one in eight of GBK's usual characters is valid in both.
const MIN_UTF8_CHARACTERS: usize = 8;

/// Largest share of invalid or control characters in what is still text.
const MAX_NOISE_SHARE: f64 = 0.1;

/// A page's text and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text; bytes that mean nothing are U+FFFD.
    pub text: String,
    /// The encoding's WHATWG name, such as `windows-1252`.
    pub encoding: &'static str,
    /// The encoding the page was labelled with, where another one was used.
    pub overruled: Option<&'static str>,
    /// How many U+FFFD of the text were not in the page.
    pub invalid: usize,
}

impl Decoded {
    /// Whether this is text at all, and not binary data or an encoding nobody knows.
    #[must_use]
    pub fn is_text(&self) -> bool {
        let noise = self
            .text
            .bytes()
            .filter(|byte| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1f | 0x7f))
            .count();
        #[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
        let share = (self.invalid + noise) as f64 / self.text.chars().count().max(1) as f64;
        share <= MAX_NOISE_SHARE
    }

    /// What was unusual about how the page was read, for people; none where nothing was.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let label = self
            .overruled
            .map(|label| format!("labelled {label} but read as {}", self.encoding));
        let invalid = (self.invalid > 0)
            .then(|| format!("{} invalid bytes in {}", self.invalid, self.encoding));
        let remarks: Vec<String> = label.into_iter().chain(invalid).collect();
        (!remarks.is_empty()).then(|| remarks.join("; "))
    }
}

/// The `charset` of a Content-Type header.
pub(crate) fn charset_of(content_type: &str) -> Option<&str> {
    let (_, rest) = content_type.split_once("charset=")?;
    let label = rest.split(';').next().unwrap_or_default();
    Some(label.trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace()))
}

/// Decodes a page. `charset` is what the transport said (the `charset` of Content-Type), if it did.
#[must_use]
pub fn decode(bytes: &[u8], charset: Option<&str>) -> Decoded {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return read(bytes, encoding, None);
    }
    let label = charset
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .or_else(|| declared_encoding::declared(bytes));
    let encoding = match label {
        Some(label) => encoding_by_evidence(bytes, label),
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => detect(bytes),
    };
    read(bytes, encoding, label.filter(|label| *label != encoding))
}

fn read(
    bytes: &[u8],
    encoding: &'static Encoding,
    overruled: Option<&'static Encoding>,
) -> Decoded {
    let (text, malformed) = encoding.decode_with_bom_removal(bytes);
    let invalid = if malformed {
        let all = memchr::memmem::find_iter(text.as_bytes(), REPLACEMENT).count();
        let own = if encoding == UTF_8 {
            memchr::memmem::find_iter(bytes, REPLACEMENT).count()
        } else {
            0
        };
        all.saturating_sub(own)
    } else {
        0
    };
    Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
        overruled: overruled.map(Encoding::name),
        invalid,
    }
}

/// U+FFFD in UTF-8.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// The encoding of a page with a label. It is the label's, unless the bytes speak against it:
///
/// - valid UTF-8 with characters outside ASCII is UTF-8, since no text in another encoding comes
///   out valid by accident but for a few characters;
/// - a page labelled UTF-16 without zero bytes is read as if labelled UTF-8;
/// - a page labelled UTF-8 with more errors than valid characters outside ASCII has the detected encoding;
/// - a page with errors in another encoding has the detected one, if it has no errors in that.
fn encoding_by_evidence(bytes: &[u8], label: &'static Encoding) -> &'static Encoding {
    if label == UTF_16LE || label == UTF_16BE {
        let wide = memchr::memchr(0, bytes).is_some() || bytes.is_empty();
        return if wide {
            label
        } else {
            encoding_by_evidence(bytes, UTF_8)
        };
    }
    let is_clean = |encoding: &'static Encoding| {
        encoding
            .decode_without_bom_handling_and_without_replacement(bytes)
            .is_some()
    };
    let utf8 = Utf8Evidence::of(bytes);
    if label == UTF_8 {
        let wrong = utf8.errors > utf8.characters;
        return if wrong { detect(bytes) } else { UTF_8 };
    }
    if utf8.errors == 0 && utf8.characters > 0 {
        let plenty = label.is_single_byte() || utf8.characters >= MIN_UTF8_CHARACTERS;
        if plenty || !is_clean(label) {
            return UTF_8;
        }
    }
    if is_clean(label) {
        return label;
    }
    let detected = detect(bytes);
    if is_clean(detected) { detected } else { label }
}

/// How much a page looks like UTF-8.
#[derive(Debug, Default)]
struct Utf8Evidence {
    /// Valid characters outside ASCII.
    characters: usize,
    errors: usize,
}

impl Utf8Evidence {
    fn of(bytes: &[u8]) -> Self {
        let mut found = Self::default();
        for chunk in bytes.utf8_chunks() {
            for byte in chunk.valid().bytes() {
                found.characters += usize::from(byte >= 0xc0);
            }
            found.errors += usize::from(!chunk.invalid().is_empty());
        }
        found
    }
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, chardetng::Utf8Detection::Allow)
}

#[cfg(test)]
mod tests;
