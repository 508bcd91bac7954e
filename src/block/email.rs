//! E-mail addresses that Cloudflare hides from harvesters.

use crate::dom::Element;

/// Decodes the hexadecimal text of `data-cfemail="…"` or `/cdn-cgi/l/email-protection#…`.
///
/// The first byte is the key; each further byte, exclusive-or the key, is a byte of the address in UTF-8
/// (Cloudflare's "email address obfuscation", as its own `email-decode.min.js` undoes it). `None`
/// for anything that is no such text, or whose result is no plausible address: exactly one `@`,
/// something on each side of it, and no white space or control characters.
pub(crate) fn decode(hex: &str) -> Option<String> {
    let digits = hex.trim().as_bytes();
    let mut bytes = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    });
    let key = bytes.next()??;
    let address: Option<Vec<u8>> = bytes.map(|byte| Some(byte? ^ key)).collect();
    let address = String::from_utf8(address?).ok()?;
    // What follows `?` in a hidden `mailto:` link is a subject, no part of the address.
    let address = address.split('?').next().unwrap_or_default();
    let (name, host) = address.split_once('@')?;
    let plausible = !name.is_empty()
        && !host.is_empty()
        && !host.contains('@')
        && !address
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>'));
    plausible.then(|| address.to_owned())
}

/// The hexadecimal text of the address that an element hides, in either of Cloudflare's two ways.
pub(crate) fn hidden_in(element: &Element) -> Option<&str> {
    element.attribute("data-cfemail").or_else(|| {
        let (page, hex) = element.attribute("href")?.split_once('#')?;
        page.ends_with("/cdn-cgi/l/email-protection").then_some(hex)
    })
}

/// `text` with the addresses for which Cloudflare's placeholder stands, in the order of `hidden`.
pub(crate) fn reveal(text: &str, hidden: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    for hex in hidden {
        let Some((before, after)) = rest.split_once(PLACEHOLDER) else {
            break;
        };
        out.push_str(before);
        out.push_str(decode(hex).as_deref().unwrap_or(PLACEHOLDER));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What Cloudflare shows where scripts do not run; its hard space is a space in a block's text.
const PLACEHOLDER: &str = "[email protected]";

fn digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hide(address: &str, key: u8) -> String {
        use std::fmt::Write;
        let mut hex = format!("{key:02x}");
        for byte in address.bytes() {
            write!(hex, "{:02x}", byte ^ key).expect("a string takes any text");
        }
        hex
    }

    #[test]
    fn every_key_is_undone() {
        for key in [0, 1, 0x2a, 0x7f, 0x80, 0xff] {
            for address in ["a@b", "news.desk+tips@example.org", "büro@beispiel.de"] {
                assert_eq!(decode(&hide(address, key)).as_deref(), Some(address));
                assert_eq!(
                    decode(&hide(address, key).to_uppercase()).as_deref(),
                    Some(address)
                );
            }
        }
    }

    #[test]
    fn placeholders_give_way_to_their_addresses() {
        let (one, two) = (hide("a@b.c", 1), hide("d@e.f", 2));
        assert_eq!(
            reveal(
                "Write to [email protected] or [email protected].",
                &[&one, &two]
            ),
            "Write to a@b.c or d@e.f."
        );
        assert_eq!(reveal("[email protected]", &["zz"]), "[email protected]");
        assert_eq!(reveal("Write to us", &[&one]), "Write to us");
    }

    #[test]
    fn a_subject_is_cut_off() {
        assert_eq!(
            decode(&hide("desk@example.org?subject=Tip", 9)).as_deref(),
            Some("desk@example.org")
        );
    }

    #[test]
    fn what_is_no_address_is_left_alone() {
        let known = "2a4e4f59416a4f524b475a464f0445584d";
        assert_eq!(decode(known).as_deref(), Some("desk@example.org"));
        for bad in [
            "",
            "not hexadecimal",
            "4",
            "42",
            "4g",
            "zz",
            "424",
            "é0",
            "2a4e4f59416a4f524b475a464f0445584",
        ] {
            assert_eq!(decode(bad), None, "{bad:?}");
        }
        for no_address in ["desk", "@b", "a@", "a@b@c", "a b@c", "<a@b>", "a@b\n"] {
            assert_eq!(decode(&hide(no_address, 7)), None, "{no_address:?}");
        }
        assert_eq!(decode("00ff40ff"), None, "no UTF-8");
    }
}
