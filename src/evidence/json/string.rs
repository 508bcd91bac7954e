//! Strings: where they end, and their escapes.

use std::borrow::Cow;

use crate::evidence::json::JsonReader;

impl<'a> JsonReader<'a> {
    /// The string that begins at the quote at hand, to its end or the text's.
    pub(crate) fn string(&mut self, quote: u8) -> Cow<'a, str> {
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut copied = start;
        while let Some(found) = memchr::memchr2(quote, b'\\', &self.bytes()[self.at..]) {
            self.at += found;
            if self.peek() == Some(quote) {
                if self.ends_string(quote) {
                    let tail = &self.text[copied..self.at];
                    self.at += 1;
                    return match owned {
                        None => Cow::Borrowed(tail),
                        Some(text) => Cow::Owned(text + tail),
                    };
                }
                self.at += 1;
                continue;
            }
            let text = owned.get_or_insert_default();
            text.push_str(&self.text[copied..self.at]);
            self.at += 1;
            self.escape(text);
            copied = self.at;
        }
        self.at = self.text.len();
        let tail = &self.text[copied..];
        owned.map_or(Cow::Borrowed(tail), |text| Cow::Owned(text + tail))
    }

    /// Whether the quote at hand ends its string, rather than standing unescaped inside it: then a
    /// delimiter follows, or a new line with the next string.
    fn ends_string(&self, quote: u8) -> bool {
        let rest = &self.bytes()[self.at + 1..];
        let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        #[cfg(test)]
        self.looks.set(self.looks.get() + blank);
        match rest.get(blank) {
            None | Some(b',' | b':' | b'}' | b']' | b'/') => true,
            Some(next) => *next == quote && rest[..blank].contains(&b'\n'),
        }
    }

    /// Undoes the escape whose backslash was just read; an unknown one stands for its character.
    fn escape(&mut self, text: &mut String) {
        let Some(sign) = self.text[self.at..].chars().next() else {
            return;
        };
        self.at += sign.len_utf8();
        match sign {
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'b' | 'f' => text.push(' '),
            'u' => {
                let unit = self.hex();
                let decoded = match unit {
                    Some(high @ 0xD800..0xDC00) => self.low_surrogate().and_then(|low| {
                        char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
                    }),
                    Some(unit) => char::from_u32(unit),
                    None => None,
                };
                text.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            other => text.push(other),
        }
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }

    /// The second half of a surrogate pair; nothing is eaten where there is none.
    fn low_surrogate(&mut self) -> Option<u32> {
        let before = self.at;
        if self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            if let Some(low @ 0xDC00..0xE000) = self.hex() {
                return Some(low);
            }
        }
        self.at = before;
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::json::tests::headline;

    #[test]
    fn quotes_inside_a_string_stay() {
        assert_eq!(
            headline(r#"{"headline": "She said "no" twice", "b": 1}"#).as_deref(),
            Some(r#"She said "no" twice"#)
        );
    }

    #[test]
    fn surrogates_are_joined_and_lone_ones_replaced() {
        assert_eq!(
            headline(r#"{"headline": "\ud83d\ude00"}"#).as_deref(),
            Some("😀")
        );
        assert_eq!(
            headline(r#"{"headline": "\ud83dx\uZZ"}"#).as_deref(),
            Some("\u{fffd}x\u{fffd}ZZ")
        );
    }
}
