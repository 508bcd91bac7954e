//! What a page says about its own encoding before it is decoded.
//!
//! Source: <https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>.

use encoding_rs::Encoding;

/// Bytes in which a declaration is looked for. The standard asks for 1,024; as in browsers, one that comes
/// later (after scripts and long comments) is better than none.
const PRESCAN_BYTES: usize = 8 * 1024;

/// The encoding that a `<meta>` element declares, or else an XML declaration.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN_BYTES)];
    // Only an XML declaration in UTF-16 begins like this.
    if head.starts_with(b"<\0?\0x\0") {
        return Some(encoding_rs::UTF_16LE);
    }
    if head.starts_with(b"\0<\0?\0x") {
        return Some(encoding_rs::UTF_16BE);
    }
    let encoding = by_meta(head).or_else(|| by_xml(head))?;
    // What could be read as ASCII up to here is not UTF-16.
    if encoding == encoding_rs::UTF_16BE || encoding == encoding_rs::UTF_16LE {
        return Some(encoding_rs::UTF_8);
    }
    if encoding == encoding_rs::X_USER_DEFINED {
        return Some(encoding_rs::WINDOWS_1252);
    }
    Some(encoding)
}

fn by_meta(head: &[u8]) -> Option<&'static Encoding> {
    let mut rest = head;
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = &rest[at..];
        if rest.starts_with(b"<!--") {
            // `<!-->` is a whole comment.
            let end = memchr::memmem::find(&rest[2..], b"-->")?;
            rest = &rest[2 + end + 3..];
            continue;
        }
        let name = &rest[1..];
        let name = name.strip_prefix(b"/").unwrap_or(name);
        if !name.first().is_some_and(u8::is_ascii_alphabetic) {
            let ends = matches!(rest.get(1), Some(b'!' | b'/' | b'?'));
            let skip = if ends { memchr::memchr(b'>', rest)? } else { 1 };
            rest = &rest[skip..];
            continue;
        }
        let end = name
            .iter()
            .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
        let is_meta = rest.get(1) != Some(&b'/') && name[..end].eq_ignore_ascii_case(b"meta");
        let mut attributes = Attributes { rest: &name[end..] };
        if is_meta {
            if let Some(encoding) = by_attributes(&mut attributes) {
                return Some(encoding);
            }
        } else {
            attributes.by_ref().for_each(drop);
        }
        rest = attributes.rest;
    }
    None
}

/// The encoding of one `<meta>`, by `charset` or by `http-equiv` and `content`.
fn by_attributes(attributes: &mut Attributes<'_>) -> Option<&'static Encoding> {
    let (mut is_pragma, mut by_charset, mut by_content) = (false, None, None);
    for (name, value) in attributes {
        match name.to_ascii_lowercase().as_slice() {
            b"http-equiv" => is_pragma |= value.eq_ignore_ascii_case(b"content-type"),
            b"charset" => by_charset = by_charset.or_else(|| Encoding::for_label(value)),
            b"content" => by_content = by_content.or_else(|| of_content(value)),
            _ => {}
        }
    }
    by_charset.or(by_content.filter(|_| is_pragma))
}

/// The encoding in a `content` such as `text/html; charset=koi8-r`.
fn of_content(value: &[u8]) -> Option<&'static Encoding> {
    let lower = value.to_ascii_lowercase();
    let mut from = 0;
    loop {
        from += memchr::memmem::find(&lower[from..], b"charset")? + b"charset".len();
        let rest = value[from..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"=") else {
            continue;
        };
        let rest = rest.trim_ascii_start();
        let label = if let [quote @ (b'"' | b'\''), rest @ ..] = rest {
            &rest[..memchr::memchr(*quote, rest)?]
        } else {
            let end = rest
                .iter()
                .position(|byte| byte.is_ascii_whitespace() || *byte == b';');
            &rest[..end.unwrap_or(rest.len())]
        };
        return Encoding::for_label(label);
    }
}

/// The encoding in `<?xml version="1.0" encoding="…"?>`.
fn by_xml(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr::memchr(b'>', declaration)?];
    let at = memchr::memmem::find(declaration, b"encoding")?;
    let rest = declaration[at + b"encoding".len()..].trim_ascii_start();
    let rest = rest.strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = rest.split_first()?;
    let end = memchr::memchr(*quote, rest)?;
    matches!(quote, b'"' | b'\'')
        .then(|| Encoding::for_label(&rest[..end]))
        .flatten()
}

/// Names and values of a tag's attributes; what is left stands behind the tag.
struct Attributes<'h> {
    rest: &'h [u8],
}

impl<'h> Iterator for Attributes<'h> {
    type Item = (&'h [u8], &'h [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let is_between = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'/';
        let Some(start) = self.rest.iter().position(|byte| !is_between(byte)) else {
            self.rest = &[];
            return None;
        };
        let rest = &self.rest[start..];
        if rest[0] == b'>' {
            self.rest = &rest[1..];
            return None;
        }
        let end = rest
            .iter()
            .skip(1)
            .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/'))
            .map_or(rest.len(), |end| end + 1);
        let name = &rest[..end];
        let after = rest[end..].trim_ascii_start();
        let Some(value) = after.strip_prefix(b"=") else {
            self.rest = after;
            return Some((name, b""));
        };
        let value = value.trim_ascii_start();
        let (value, rest) = if let [quote @ (b'"' | b'\''), inner @ ..] = value {
            match memchr::memchr(*quote, inner) {
                Some(end) => (&inner[..end], &inner[end + 1..]),
                // Cut off: nothing is declared.
                None => (&inner[..0], &inner[inner.len()..]),
            }
        } else {
            let end = value
                .iter()
                .position(|byte| byte.is_ascii_whitespace() || *byte == b'>');
            value.split_at(end.unwrap_or(value.len()))
        };
        self.rest = rest;
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_where_the_standard_looks() {
        for (head, expected) in [
            ("<meta charset=koi8-r>", Some("KOI8-R")),
            ("<META CHARSET = 'koi8-r' >", Some("KOI8-R")),
            ("<meta name=x><meta charset=\"koi8-r\"/>", Some("KOI8-R")),
            (
                "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>",
                Some("KOI8-R"),
            ),
            (
                "<meta content='text/html;charset = \"koi8-r\"' http-equiv=content-type>",
                Some("KOI8-R"),
            ),
            ("<meta content='text/html; charset=koi8-r'>", None),
            ("<meta name=description content='charset=koi8-r'>", None),
            (
                "<!-- <meta charset=koi8-r> --><meta charset=big5>",
                Some("Big5"),
            ),
            ("<!--><meta charset=big5>", Some("Big5")),
            ("<p title='<meta charset=koi8-r>'>", None),
            ("<p title=\"a>b\"><meta charset=big5>", Some("Big5")),
            ("</meta charset=koi8-r>", None),
            ("<metal charset=koi8-r>", None),
            ("<meta charset=nonsense><meta charset=big5>", Some("Big5")),
            ("<meta charset=utf-16>", Some("UTF-8")),
            ("<meta charset=x-user-defined>", Some("windows-1252")),
            (
                "<?xml version=\"1.0\" encoding='koi8-r'?><html>",
                Some("KOI8-R"),
            ),
            (
                "<?xml version=\"1.0\" encoding=\"koi8-r\"?><meta charset=big5>",
                Some("Big5"),
            ),
            ("<?xml encoding=koi8-r?>", None),
            ("text charset=koi8-r", None),
            ("<", None),
            ("<meta", None),
            ("<meta charset", None),
            ("<meta charset='koi8-r", None),
            ("<!--", None),
        ] {
            let found = declared(head.as_bytes()).map(Encoding::name);
            assert_eq!(found, expected, "{head}");
        }
        let wide = |head: &str, order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            head.encode_utf16().flat_map(order).collect()
        };
        let head = "<?xml version=\"1.0\"?>";
        assert_eq!(
            declared(&wide(head, u16::to_le_bytes)),
            Some(encoding_rs::UTF_16LE)
        );
        assert_eq!(
            declared(&wide(head, u16::to_be_bytes)),
            Some(encoding_rs::UTF_16BE)
        );
    }
}
