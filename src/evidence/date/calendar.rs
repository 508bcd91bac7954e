//! Days of other calendars as Gregorian ones.
//!
//! The arithmetic is `icu_calendar`'s; this module says which calendar a date is in.

use icu_calendar::cal::{Ethiopian, EthiopianEraStyle, Hijri, Iso, Persian};
use jiff::civil::Date;

/// A calendar that news sites write dates in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Calendar {
    Gregorian,
    /// The solar calendar of Iran and Afghanistan.
    Persian,
    /// The lunar calendar, as Saudi Arabia counts it.
    Islamic,
    Ethiopic,
}

impl Calendar {
    /// The ones that `config/tables/calendars.tsv` has months of.
    pub(crate) const TABLED: [Self; 3] = [Self::Persian, Self::Islamic, Self::Ethiopic];

    /// The calendar of a date in numbers, by the year and the language it stands in: 1404 is a
    /// year of today in Tehran, 1447 in Riyadh.
    pub(crate) fn of_year(year: i64, language: &str) -> Self {
        match (language, year) {
            ("fa" | "ps" | "ckb" | "prs", 1300..1500) => Self::Persian,
            ("ar", 1380..1500) => Self::Islamic,
            _ => Self::Gregorian,
        }
    }
}

/// Thai, Lao and Khmer years count from the Buddha's death, 543 years before ours.
const BUDDHIST_YEARS: i32 = 543;

/// A day of some calendar as a Gregorian one.
pub(crate) fn to_gregorian(calendar: Calendar, year: i64, month: i64, day: i64) -> Option<Date> {
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let year = i32::try_from(year).ok()?;
    let iso = match calendar {
        Calendar::Gregorian if (2400..2700).contains(&year) => {
            return civil(year - BUDDHIST_YEARS, month, day);
        }
        Calendar::Gregorian => return civil(year, month, day),
        Calendar::Persian => icu_calendar::Date::<Persian>::try_new_persian(year, month, day)
            .ok()?
            .to_calendar(Iso),
        Calendar::Islamic => {
            let hijri = Hijri::new_umm_al_qura();
            icu_calendar::Date::try_new_hijri_with_calendar(year, month, day, hijri)
                .ok()?
                .to_calendar(Iso)
        }
        Calendar::Ethiopic => {
            let style = EthiopianEraStyle::AmeteMihret;
            icu_calendar::Date::<Ethiopian>::try_new_ethiopian(style, year, month, day)
                .ok()?
                .to_calendar(Iso)
        }
    };
    let year = iso.year().era_year_or_related_iso();
    civil(year, iso.month().ordinal, iso.day_of_month().0)
}

/// A Gregorian day.
fn civil(year: i32, month: u8, day: u8) -> Option<Date> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(i16::try_from(year).ok()?, month, day).ok()
}

/// First years of eras that East Asian dates count from, less one (Japan's cabinet; Taiwan's
/// Republic): `令和8年` is 2026.
const ERAS: [(&str, i64); 6] = [
    ("令和", 2018),
    ("平成", 1988),
    ("昭和", 1925),
    ("大正", 1911),
    ("民國", 1911),
    ("民国", 1911),
];

/// The text with years of an era as Gregorian ones.
pub(crate) fn without_eras(text: &str) -> Option<String> {
    let (at, era, before) = ERAS
        .iter()
        .find_map(|(era, before)| text.find(era).map(|at| (at, era, before)))?;
    let rest = text[at + era.len()..].trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (year, tail) = match rest.strip_prefix('元') {
        Some(tail) => (1, tail),
        None => (rest[..digits].parse::<i64>().ok()?, &rest[digits..]),
    };
    Some(format!("{}{}{tail}", &text[..at], before + year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_years_of_other_calendars() {
        let read = |calendar, y, m, d| to_gregorian(calendar, y, m, d).map(|d| d.to_string());
        assert_eq!(
            read(Calendar::Persian, 1405, 1, 1).as_deref(),
            Some("2026-03-21")
        );
        assert_eq!(
            read(Calendar::Ethiopic, 2018, 1, 1).as_deref(),
            Some("2025-09-11")
        );
        assert_eq!(
            read(Calendar::Islamic, 1447, 1, 1).as_deref(),
            Some("2025-06-26")
        );
        assert_eq!(
            read(Calendar::Gregorian, 2569, 3, 1).as_deref(),
            Some("2026-03-01")
        );
        assert_eq!(read(Calendar::Persian, 1405, 13, 1), None);
    }

    #[test]
    fn eras_are_counted_from_their_first_year() {
        assert_eq!(
            without_eras("令和8年3月1日").as_deref(),
            Some("2026年3月1日")
        );
        assert_eq!(
            without_eras("令和元年5月1日").as_deref(),
            Some("2019年5月1日")
        );
        assert_eq!(
            without_eras("民國115年3月1日").as_deref(),
            Some("2026年3月1日")
        );
        assert_eq!(without_eras("2026年3月1日"), None);
    }
}
