//! Names out of bylines.

use super::*;
use crate::evidence::byline_words::{agency, by_words};
use proptest::prelude::*;

#[test]
fn bylines_come_down_to_names() {
    for (raw, want) in [
        ("By Jane Doe", &["Jane Doe"][..]),
        (
            "BY JANE DOE AND JOHN MCDONALD",
            &["Jane Doe", "John McDonald"],
        ),
        (
            "Von Anna Müller und Jörg Weiß",
            &["Anna Müller", "Jörg Weiß"],
        ),
        ("Par Zoé Dupont et Luc Petit", &["Zoé Dupont", "Luc Petit"]),
        ("Por Ana Gómez y Luis Paz", &["Ana Gómez", "Luis Paz"]),
        ("di Carla Neri e Ugo Rossi", &["Carla Neri", "Ugo Rossi"]),
        ("Автор: Иван Петров", &["Иван Петров"]),
        ("Jane Doe, Senior Reporter", &["Jane Doe"]),
        ("Jane Doe jane@post.example @janedoe", &["Jane Doe"]),
        ("Jane Doe (Lead Editor) | Share", &["Jane Doe"]),
        (
            "Jane Doe, John Roe and Kim Poe",
            &["Jane Doe", "John Roe", "Kim Poe"],
        ),
        ("admin", &[]),
        ("Vera van der Berg", &["Vera van der Berg"]),
        ("박준석 기자", &["박준석"]),
        ("박준석선임기자", &["박준석"]),
        ("Written By | Jane Doe", &["Jane Doe"]),
        ("Follow", &[]),
        (
            "Jane Doe, Director of Rain, Valley Lines - 10 Years",
            &["Jane Doe"],
        ),
        ("Jane Doe, MD, FAND", &["Jane Doe"]),
        ("Jane Doe in London", &["Jane Doe"]),
        ("Full Bio", &[]),
        ("Bob De Niro", &["Bob De Niro"]),
        ("By JANE DOE Post Staff", &["Jane Doe"]),
        ("JOSÉ PAZ de la CRUZ", &["JOSÉ PAZ de la CRUZ"]),
        ("By Theo Maddox", &["Theo Maddox"]),
        ("Theo Nguyễn Văn An", &["Nguyễn Văn An"]),
        ("von der Heide", &["von der Heide"]),
        ("作者：周宁 2025年6月24日", &["周宁"]),
        ("Interview by Hana Vell", &["Hana Vell"]),
        ("By Jane Doe 1 March 2026", &["Jane Doe"]),
    ] {
        assert_eq!(names(raw, Trust::Marked), want, "{raw}");
    }
}

#[test]
fn text_that_is_no_byline_names_nobody() {
    for raw in [
        "by making up",
        "by these five",
        "by European rental agencies.",
        "By Tuesday",
        "from the attack.",
    ] {
        assert!(names(raw, Trust::Text).is_empty(), "{raw}");
    }
    assert_eq!(names("By Jane Doe", Trust::Text), ["Jane Doe"]);
}

#[test]
fn teams_sign_with_their_name() {
    assert_eq!(
        team("By Valley Post Staff").as_deref(),
        Some("Valley Post Staff")
    );
    assert_eq!(team("VP-Redaktion").as_deref(), Some("VP-Redaktion"));
    assert_eq!(team("Jane Doe"), None);
    assert_eq!(
        organisation("The Ritualist").as_deref(),
        Some("The Ritualist")
    );
    assert_eq!(organisation("admin"), None);
}

#[test]
fn agencies_have_one_spelling() {
    assert_eq!(agency("The Associated Press"), Some("AP"));
    assert_eq!(agency("(dpa)"), Some("dpa"));
    assert_eq!(agency("Jane Doe"), None);
}

proptest! {
    #[test]
    fn no_byline_makes_it_panic(raw in ".{0,120}") {
        for trust in [Trust::Data, Trust::Marked, Trust::Text] {
            let _ = names(&raw, trust);
        }
        let _ = (team(&raw), organisation(&raw));
    }

    #[test]
    fn every_by_word_is_dropped(first in "[A-Z][a-z]{4,7}qu", last in "[A-Z][a-z]{5,9}sk") {
        let name = format!("{first} {last}");
        for by in by_words() {
            if by.chars().all(|c| c < '\u{3000}') {
                prop_assert_eq!(
                    names(&format!("{by}: {name}"), Trust::Text),
                    vec![name.clone()],
                    "{}",
                    by
                );
            }
        }
    }

    #[test]
    fn names_in_capitals_are_put_right(first in "[A-Z][a-z]{3,7}qu", last in "[A-Z][a-z]{5,9}sk") {
        let name = format!("{first} {last}");
        prop_assume!(!first.starts_with("Mc") && !last.starts_with("Mc"));
        let shouted = name.to_uppercase();
        prop_assert_eq!(names(&shouted, Trust::Marked), vec![name]);
    }

    #[test]
    fn order_and_number_of_names_are_kept(all in proptest::collection::vec("[A-Z][a-z]{4,7}qu [A-Z][a-z]{5,9}sk", 1..6)) {
        let mut once = all.clone();
        once.dedup();
        prop_assume!(once.len() == all.iter().collect::<std::collections::HashSet<_>>().len());
        for sign in [", ", " and ", " & ", "; ", " | "] {
            prop_assert_eq!(names(&all.join(sign), Trust::Data), once.clone());
        }
    }
}
