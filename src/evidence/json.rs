//! Reads JSON as it stands in pages: comments, trailing and missing commas, raw line breaks, bad
//! escapes, unescaped quotes, text cut off in the middle.
//!
//! `serde_json` refuses all of these, and a page whose JSON-LD a browser would refuse as well
//! still names its headline there. Linear in the text, and no deeper on the stack than
//! [`MAX_DEPTH`].

mod string;

use std::borrow::Cow;

/// Levels of nesting that are read; what is deeper is passed over. Real JSON-LD has under 20.
const MAX_DEPTH: u32 = 64;

/// A JSON value; numbers are kept as they stand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    /// `null`, or something that is no JSON.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number or a bare word, as it stands.
    Bare(&'a str),
    /// A string, escapes undone.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Value<'a>>),
    /// An object's members in their order; of a repeated key the first counts.
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// The member of an object.
    pub(crate) fn get(&self, key: &str) -> Option<&Value<'a>> {
        match self {
            Self::Object(members) => members.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The items of an object's member, or the member itself where it is no list.
    pub(crate) fn all(&self, key: &str) -> &[Value<'a>] {
        self.get(key).map_or(&[], Value::items)
    }

    /// The string, number or word that an object's member is.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Value::text)
    }

    /// The strings, numbers and words of an object's member.
    pub(crate) fn texts_of(&self, key: &str) -> impl Iterator<Item = &str> {
        self.all(key).iter().filter_map(Value::text)
    }

    /// The string, number or word.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bare(text) => Some(text),
            _ => None,
        }
    }

    /// The list's items, or the value itself where it is no list.
    pub(crate) fn items(&self) -> &[Value<'a>] {
        match self {
            Self::List(items) => items,
            Self::Null => &[],
            other => std::slice::from_ref(other),
        }
    }
}

/// Reads every value that stands in `text`, one after the other.
pub(crate) fn parse(text: &str) -> Vec<Value<'_>> {
    let mut reader = JsonReader::of(text);
    values_of(&mut reader)
}

fn values_of<'a>(reader: &mut JsonReader<'a>) -> Vec<Value<'a>> {
    let mut values = Vec::new();
    loop {
        reader.skip_blank();
        match reader.peek() {
            None => return values,
            Some(b'{' | b'[') => values.push(reader.value(0)),
            Some(_) => reader.at += 1,
        }
    }
}

struct JsonReader<'a> {
    text: &'a str,
    at: usize,
    /// How often a byte was looked at so far, which tests count in place of time.
    #[cfg(test)]
    looks: std::cell::Cell<usize>,
}

impl<'a> JsonReader<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            #[cfg(test)]
            looks: std::cell::Cell::new(0),
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn peek(&self) -> Option<u8> {
        #[cfg(test)]
        self.looks.set(self.looks.get() + 1);
        self.bytes().get(self.at).copied()
    }

    /// Passes over white space, comments and the wrappers old pages put around scripts.
    fn skip_blank(&mut self) {
        loop {
            let rest = &self.bytes()[self.at.min(self.text.len())..];
            let skipped = match rest {
                [b, ..] if b.is_ascii_whitespace() => 1,
                [0xEF, 0xBB, 0xBF, ..] | [b'-', b'-', b'>', ..] => 3,
                [0xC2, 0xA0, ..] => 2,
                [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                [b'/', b'*', ..] => {
                    memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2)
                }
                [b'<', b'!', b'-', b'-', ..] => 4,
                _ => return,
            };
            self.at += skipped;
        }
    }

    fn value(&mut self, depth: u32) -> Value<'a> {
        self.skip_blank();
        match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => {
                self.skip_nested();
                Value::Null
            }
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(quote @ (b'"' | b'\'')) => Value::Text(self.string(quote)),
            _ => self.bare(),
        }
    }

    fn object(&mut self, depth: u32) -> Value<'a> {
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                // An object that was never closed ends with the list around it.
                None | Some(b']') => break,
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(quote @ (b'"' | b'\'')) => {
                    let key = self.string(quote);
                    self.skip_blank();
                    if self.peek() == Some(b':') {
                        self.at += 1;
                        members.push((key, self.value(depth + 1)));
                    }
                }
                Some(b) if b.is_ascii_alphabetic() || b == b'@' => {
                    self.bare_member(depth, &mut members);
                }
                Some(_) => self.at += 1,
            }
        }
        Value::Object(members)
    }

    /// A member whose key has no quotes, as in JavaScript.
    fn bare_member(&mut self, depth: u32, members: &mut Vec<(Cow<'a, str>, Value<'a>)>) {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'@' | b'_' | b'$'))
        {
            self.at += 1;
        }
        let key = &self.text[start..self.at];
        self.skip_blank();
        if self.peek() == Some(b':') {
            self.at += 1;
            let value = self.value(depth + 1);
            members.push((Cow::Borrowed(key), value));
        }
    }

    fn list(&mut self, depth: u32) -> Value<'a> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                // A list that was never closed ends with the object around it.
                None | Some(b'}') => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',' | b':') => self.at += 1,
                Some(_) => items.push(self.value(depth + 1)),
            }
        }
        Value::List(items)
    }

    /// A number or a word up to the next delimiter.
    fn bare(&mut self) -> Value<'a> {
        let start = self.at;
        while let Some(b) = self.peek() {
            if matches!(b, b',' | b'}' | b']' | b':' | b'{' | b'[' | b'"')
                || b.is_ascii_whitespace()
            {
                break;
            }
            self.at += 1;
        }
        // Something must be eaten, or a list of stray signs would never end.
        if self.at == start && !matches!(self.peek(), None | Some(b'}' | b']' | b',')) {
            self.at += 1;
        }
        match self.text.get(start..self.at).unwrap_or_default() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "" | "null" | "undefined" => Value::Null,
            word => Value::Bare(word),
        }
    }

    /// Passes over an array or object without reading it.
    fn skip_nested(&mut self) {
        let mut open = 0usize;
        while let Some(b) = self.peek() {
            match b {
                b'"' => {
                    self.string(b'"');
                    continue;
                }
                b'{' | b'[' => open += 1,
                b'}' | b']' => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn headline(text: &str) -> Option<String> {
        let values = parse(text);
        values.first()?.get("headline")?.text().map(str::to_owned)
    }

    #[test]
    fn what_browsers_refuse_is_still_read() {
        for broken in [
            r#"{"headline": "Rain"}"#,
            r#"{"a": [1, 2,], "headline": "Rain",}"#,
            "// note\n{/* x */ \"headline\": \"Rain\" // end\n}",
            "<!-- {\"headline\": \"Rain\"} -->",
            "//<![CDATA[\n{\"headline\": \"Rain\"}\n//]]>",
            "{\"a\": \"one\"\n\"headline\": \"Rain\"}",
            r#"{"headline": "Rain", "body": "cut of"#,
            r#"{"headline": "\Rain"}"#,
            r"{headline: 'Rain'}",
            r#"{"a": [{"b": 1], "headline": "Rain"}"#,
        ] {
            assert_eq!(headline(broken).as_deref(), Some("Rain"), "{broken}");
        }
    }

    /// Text of twice the size is looked at twice as often, whatever is wrong with it.
    #[test]
    fn hostile_text_takes_work_in_proportion_to_its_size() {
        let looks = |text: &str| {
            let mut reader = JsonReader::of(text);
            values_of(&mut reader);
            reader.looks.get()
        };
        for part in [
            "[",
            "{\"a\":",
            "[{",
            "\"",
            "{\"",
            "\\ud800",
            "/*",
            "/* x */",
            "// y\n",
            ",",
            "a:",
            "'",
            "{\"@id\": \"#a\", \"isPartOf\": ",
            "\" \n",
            "<!--",
            "]}",
            "\"a\" \"b\"",
        ] {
            for start in ["", "{", "[", "{\"a\": \"", "{\"a\": [1, "] {
                let of = |count: usize| looks(&(start.to_owned() + &part.repeat(count)));
                let (small, large) = (of(20_000), of(40_000));
                assert!(
                    large <= 2 * small + 1_000,
                    "{start} {part}: {small}, then {large}"
                );
            }
        }
    }

    #[test]
    fn nesting_neither_recurses_nor_takes_quadratic_time() {
        let deep = format!(
            "{{\"a\": {}1{}, \"headline\": \"Rain\"}}",
            "[".repeat(500_000),
            "]".repeat(500_000)
        );
        assert_eq!(headline(&deep).as_deref(), Some("Rain"));
        let open = "{\"a\":".repeat(1_000_000);
        assert_eq!(parse(&open).len(), 1);
        let quotes = "\"".repeat(2_000_000);
        parse(&format!("{{{quotes}"));
        parse(&"[{".repeat(1_000_000));
        parse(&"/*".repeat(1_000_000));
    }
}
