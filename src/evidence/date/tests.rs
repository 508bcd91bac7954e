//! Dates as machines and people write them.

use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Option<String> {
    parse(text, DateFormat::default()).map(Stamp::to_text)
}

#[test]
fn dates_as_machines_write_them() {
    for (text, want) in [
        ("2026-03-01T10:20:30+01:00", "2026-03-01T10:20:30+01:00"),
        ("2026-03-01T10:20:30.123Z", "2026-03-01T10:20:30Z"),
        ("2026-03-01 10:20:30 -0500", "2026-03-01T10:20:30-05:00"),
        ("Sun, 01 Mar 2026 10:20:30 GMT", "2026-03-01T10:20:30Z"),
        ("2026-03-01T10:20", "2026-03-01"),
        ("20260301", "2026-03-01"),
        ("1772360430", "2026-03-01T10:20:30Z"),
        ("March 1, 2026 3:05 pm UTC", "2026-03-01T15:05:00Z"),
        ("1. März 2026, 10.20 Uhr", "2026-03-01"),
        ("2026年3月1日", "2026-03-01"),
        ("1 tháng 3, 2026", "2026-03-01"),
        ("١ مارس ٢٠٢٦", "2026-03-01"),
        ("1 de marzo de 2026", "2026-03-01"),
        ("13/03/2026", "2026-03-13"),
        ("13/03/26", "2026-03-13"),
        ("2026年3月1日 21時37分", "2026-03-01"),
        ("2026.03.01 오후 6:40 +09:00", "2026-03-01T18:40:00+09:00"),
        ("令和8年3月1日", "2026-03-01"),
        ("๑ มีนาคม ๒๕๖๙", "2026-03-01"),
        ("१ मार्च २०२६", "2026-03-01"),
        ("۱۰ اسفند ۱۴۰۴", "2026-03-01"),
        ("12 رمضان 1447", "2026-03-01"),
        ("22 የካቲት 2018", "2026-03-01"),
        ("03/13/2026", "2026-03-13"),
        ("December 15th 2025", "2025-12-15"),
    ] {
        assert_eq!(read(text).as_deref(), Some(want), "{text}");
    }
}

#[test]
fn an_english_word_is_no_month_of_another_language() {
    let english = DateFormat {
        language: "en",
        ..DateFormat::default()
    };
    let found = parse("Published 6 weeks ago on 2026-10-09", english);
    assert_eq!(found.map(Stamp::to_text).as_deref(), Some("2026-10-09"));
    let joined = parse("By Valley Post on 04-ago-2026 5:11:10", english);
    assert_eq!(joined.map(Stamp::to_text).as_deref(), Some("2026-08-04"));
    assert_eq!(read("6 ago 2026").as_deref(), Some("2026-08-06"));
}

#[test]
fn the_order_of_numbers_follows_the_language() {
    assert_eq!(
        parse(
            "03/04/2026",
            DateFormat {
                order: Order::MonthFirst,
                language: "en"
            }
        )
        .map(Stamp::to_text)
        .as_deref(),
        Some("2026-03-04")
    );
    assert_eq!(read("03/04/2026").as_deref(), Some("2026-04-03"));
}

#[test]
fn no_month_stands_before_a_dot() {
    let read = |text: &str, order| {
        parse(
            text,
            DateFormat {
                order,
                ..DateFormat::default()
            },
        )
        .map(Stamp::to_text)
    };
    let dotted = "Hana Vell, 12.06.2025";
    assert_eq!(
        read(dotted, Order::MonthFirst).as_deref(),
        Some("2025-06-12")
    );
    assert_eq!(
        read(dotted, Order::MonthFirstAlways).as_deref(),
        Some("2025-12-06")
    );
    assert_eq!(
        read("06.25.2025", Order::MonthFirst).as_deref(),
        Some("2025-06-25")
    );
}

#[test]
fn relative_dates_and_nonsense_are_no_dates() {
    for text in [
        "2 hours ago",
        "vor 3 Stunden",
        "yesterday",
        "2026-13-45",
        "99",
        "",
        "12:30",
        "call 555-1234",
        "Screen: 15.6-inch 1920×1080 non-touch",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn days_stand_in_paths() {
    assert_eq!(
        in_path("/2026/03/01/rain")
            .map(|d| d.to_string())
            .as_deref(),
        Some("2026-03-01")
    );
    assert_eq!(
        in_path("/news/20260301-rain")
            .map(|d| d.to_string())
            .as_deref(),
        Some("2026-03-01")
    );
    for (path, day) in [
        ("/news/article/A2026030109300005196", Some("2026-03-01")),
        ("/view/202603010930", Some("2026-03-01")),
        ("/view/202603019930", None),
        ("/view/202613010930", None),
        ("/a/12345678/2026", None),
    ] {
        assert_eq!(
            in_path(path).map(|d| d.to_string()).as_deref(),
            day,
            "{path}"
        );
    }
}

proptest! {
    #[test]
    fn every_languages_month_names_are_read(year in 1990i16..2090, month in 1i8..=12, d in 1i8..=28) {
        let want = Date::new(year, month, d).expect("a day").to_string();
        let month = usize::try_from(month).expect("small");
        for columns in crate::table::rows(token::MONTHS).filter(|row| !row[month].is_empty()) {
            let name = columns[month].split('|').next().expect("a name");
            let language = columns[0].split('-').next().expect("a tag");
            let format = DateFormat { language, ..DateFormat::default() };
            for text in [format!("{d} {name} {year}"), format!("{name} {d}, {year}"), format!("{d}. {name} {year}"), format!("{d} de {name} de {year}"), format!("{year}. {name} {d}.")] {
                prop_assert_eq!(parse(&text, format).map(Stamp::to_text), Some(want.clone()), "{} {}", columns[0], text);
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,80}") {
        let _ = (parse(&text, DateFormat::default()), in_path(&text));
    }
}
