//! Pages that are what they say, and pages that are not.

use encoding_rs::{EUC_KR, GBK, KOI8_R, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

use super::*;

const RUSSIAN: &str = "Ночной паром снова вышел в пролив после одиннадцати лет простоя, и на борту было двести пассажиров.";
const FRENCH: &str =
    "À la tombée de la nuit, l’équipage a largué les amarres du côté du phare, raconte l’élève.";
const JAPANESE: &str = "夜行フェリーは十一年ぶりに海峡を渡り、乗客は朝まで甲板で歌を歌っていた。";
const CHINESE: &str = "停航十一年之后，夜间渡轮再次穿过海峡，乘客们在甲板上唱歌直到天亮。";
const KOREAN: &str =
    "야간 여객선이 십일 년 만에 다시 해협을 건넜고 승객들은 갑판에서 노래를 불렀다.";

fn in_encoding(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding.encode(text);
    assert!(!unmappable, "{text} in {}", encoding.name());
    bytes.into_owned()
}

#[test]
fn the_label_decides_where_nothing_speaks_against_it() {
    for (text, encoding) in [
        (RUSSIAN, WINDOWS_1251),
        (RUSSIAN, KOI8_R),
        (FRENCH, WINDOWS_1252),
        (JAPANESE, SHIFT_JIS),
        (CHINESE, GBK),
        (KOREAN, EUC_KR),
        (RUSSIAN, UTF_8),
    ] {
        let bytes = in_encoding(text, encoding);
        let page = decode(&bytes, Some(encoding.name()));
        assert_eq!((page.text.as_str(), page.encoding), (text, encoding.name()));
        assert_eq!((page.invalid, page.remark()), (0, None));
        // The same by the page's own word.
        let head = format!("<meta charset={}>", encoding.name());
        let page = decode(&[head.as_bytes(), &bytes].concat(), None);
        assert_eq!((page.encoding, page.overruled), (encoding.name(), None));
    }
}

#[test]
fn the_transport_outdoes_the_page_and_a_byte_order_mark_both() {
    let bytes = [
        b"<meta charset=koi8-r>".to_vec(),
        in_encoding(RUSSIAN, WINDOWS_1251),
    ]
    .concat();
    assert_eq!(
        decode(&bytes, Some("windows-1251")).encoding,
        "windows-1251"
    );
    let marked = format!("\u{feff}<meta charset=koi8-r>{RUSSIAN}");
    let page = decode(marked.as_bytes(), Some("windows-1251"));
    assert_eq!((page.encoding, page.invalid), ("UTF-8", 0));
    assert!(page.text.starts_with("<meta"), "without its mark");
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(decode(&wide, Some("utf-8")).encoding, "UTF-16LE");
}

#[test]
fn utf8_is_known_under_any_label() {
    for text in [RUSSIAN, FRENCH, JAPANESE, CHINESE, KOREAN, "one café"] {
        for label in [
            "iso-8859-1",
            "windows-1251",
            "koi8-r",
            "shift_jis",
            "gbk",
            "euc-kr",
        ] {
            let page = decode(text.as_bytes(), Some(label));
            // A word with one accent can be a word in an East Asian encoding too.
            if text == "one café" && page.encoding != "UTF-8" {
                assert!(
                    ["GBK", "Shift_JIS", "EUC-KR"].contains(&page.encoding),
                    "{label}"
                );
                continue;
            }
            assert_eq!(page.text, text, "{label}");
            assert!(
                page.overruled.is_some() && page.remark().is_some(),
                "{label}"
            );
        }
    }
}

#[test]
fn what_is_not_utf8_is_found_out_under_its_label() {
    for (text, encoding) in [
        (RUSSIAN, WINDOWS_1251),
        (FRENCH, WINDOWS_1252),
        (JAPANESE, SHIFT_JIS),
        (CHINESE, GBK),
        (KOREAN, EUC_KR),
    ] {
        let page = decode(&in_encoding(text, encoding), Some("utf-8"));
        assert_eq!(page.text, text, "{}", page.encoding);
        assert_eq!(page.overruled, Some("UTF-8"));
        // And without any label.
        assert_eq!(decode(&in_encoding(text, encoding), None).text, text);
    }
    let page = decode(&in_encoding(CHINESE, GBK), Some("shift_jis"));
    assert_eq!(
        (page.text.as_str(), page.overruled),
        (CHINESE, Some("Shift_JIS"))
    );
}

#[test]
fn ascii_is_what_it_is_under_every_label() {
    for label in [
        "utf-8",
        "utf-16",
        "utf-16be",
        "big5",
        "iso-8859-1",
        "nonsense",
    ] {
        let page = decode(b"<p>The night ferry sailed again.</p>", Some(label));
        assert_eq!(page.text, "<p>The night ferry sailed again.</p>", "{label}");
    }
    assert_eq!(decode(b"", Some("utf-16")).text, "");
}

#[test]
fn invalid_bytes_are_replaced_counted_and_reported() {
    let mut bytes = format!("{RUSSIAN}\u{fffd}{RUSSIAN}").into_bytes();
    let at = RUSSIAN.find(' ').expect("words");
    bytes.splice(at..at, *b"\xff\xe9");
    let page = decode(&bytes, Some("utf-8"));
    assert_eq!((page.encoding, page.invalid), ("UTF-8", 2));
    assert_eq!(
        page.text.matches('\u{fffd}').count(),
        3,
        "one was the page's own"
    );
    assert_eq!(page.remark().as_deref(), Some("2 invalid bytes in UTF-8"));
    assert!(page.is_text());
    // A page cut in the middle of a character is still what it was.
    let cut = &JAPANESE.as_bytes()[..JAPANESE.len() - 1];
    assert_eq!(decode(cut, Some("utf-8")).encoding, "UTF-8");
}

#[test]
fn noise_is_no_text() {
    let noise: Vec<u8> = (0..5000u32).map(|n| (n * n % 251) as u8).collect();
    assert!(!decode(&noise, Some("utf-8")).is_text());
    assert!(!decode(&[0; 100], None).is_text());
    for text in ["", "a", RUSSIAN, "tab\tand\nlines\r\n"] {
        assert!(decode(text.as_bytes(), None).is_text(), "{text}");
    }
}
