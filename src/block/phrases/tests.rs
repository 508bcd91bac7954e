use super::*;

/// In all languages.
fn find(text: &str, links: bool) -> Option<Match> {
    super::find(text, links, Languages::ANY)
}

fn category(text: &str) -> Option<Category> {
    find(text, false).map(|found| found.category)
}

#[test]
fn every_row_of_the_table_is_read_and_found() {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    // The first row names the columns.
    let rows: Vec<_> = table::rows(TABLE).skip(1).collect();
    assert!((1_000..4_000).contains(&rows.len()), "{} rows", rows.len());
    assert_eq!(rows.len(), lines.skip(1).count());
    for line in rows {
        let (phrase, expected) = phrase(&line).unwrap_or_else(|| panic!("no phrase: {line:?}"));
        let expected = expected.found;
        let found = match expected.position {
            PhrasePosition::Contains => find(&format!("xx {phrase} xx"), false),
            PhrasePosition::End => find(&format!("xx {phrase}"), false),
            PhrasePosition::Start | PhrasePosition::LinkedStart => {
                find(&format!("{phrase} xx"), true)
            }
            PhrasePosition::Whole => find(&phrase, true),
        };
        assert!(found.is_some(), "not found: {line:?}");
        if expected.position == PhrasePosition::Whole {
            assert_eq!(found.map(Match::whole), Some(true), "{line:?}");
        }
    }
}

#[test]
fn case_marks_and_spaces_do_not_matter() {
    for text in [
        "Connect with us",
        "CONNECT WITH US:",
        "» Connect\u{a0}with  us «",
        "connect with us…",
    ] {
        assert_eq!(category(text), Some(Category::Share), "{text}");
    }
    for text in [
        "Comments (12)",
        "12 Comments",
        "Kommentare 3",
        "COMMENTS [0]",
    ] {
        assert_eq!(category(text), Some(Category::Comments), "{text}");
    }
    assert_eq!(category("12 comments were read out"), None);
    let prose = "Connect with us, the mayor told them, or leave.";
    assert_eq!(category(prose), None);
    assert_eq!(category("DON’T MISS"), Some(Category::Related));
    assert_eq!(category("İLGİLİ HABERLER"), Some(Category::Related));
    assert_eq!(category("延伸阅读："), Some(Category::Related));
}

#[test]
fn prompts_are_known_in_many_languages() {
    for (text, expected) in [
        ("Lesen Sie auch: Regen im Tal", Category::Related),
        ("À lire aussi : La pluie revient", Category::Related),
        ("Te puede interesar", Category::Related),
        ("Читайте также: Дождь вернулся", Category::Related),
        ("اقرأ أيضا: المطر يعود", Category::Related),
        ("【関連記事】雨が降る", Category::Related),
        ("Siga-nos nas redes sociais", Category::Share),
        ("Iscriviti alla newsletter", Category::Newsletter),
        ("Advertentie", Category::Ad),
        ("Foto: dpa", Category::Credit),
        ("Tagi: deszcz, susza", Category::Tags),
        ("Yorum yap", Category::Comments),
        (
            "Vi bruger cookies for at gøre siden bedre.",
            Category::Consent,
        ),
        ("Všechna práva vyhrazena", Category::Copyright),
        ("Redan prenumerant? Logga in", Category::Paywall),
        ("सर्वाधिकार सुरक्षित", Category::Copyright),
        ("Διαβάστε επίσης: Η βροχή", Category::Related),
        ("Terpopuler", Category::Popular),
        (
            "The post Rain at last appeared first on The Valley Post.",
            Category::Republished,
        ),
    ] {
        assert_eq!(category(text), Some(expected), "{text}");
    }
}

#[test]
fn prompts_and_credits_are_known_behind_a_first_sentence() {
    for (text, expected) in [
        (
            "Stay ahead of the storm. Become a sustaining member of the Post",
            Category::Newsletter,
        ),
        ("The quay at dawn. Photo: Jane Doe", Category::Credit),
    ] {
        let found = find(text, false);
        let found = found.map(|found| (found.category, found.position));
        assert_eq!(found, Some((expected, PhrasePosition::Contains)), "{text}");
    }
    let long = "The people of the valley talked of nothing else. ".repeat(6);
    assert_eq!(find(&(long + "Subscribe to our newsletter"), false), None);
    assert_eq!(
        find("The boat was late. Related topics were named.", false),
        None
    );
}

#[test]
fn a_phrase_ends_where_its_word_ends() {
    assert_eq!(category("Sharecroppers"), None);
    assert_eq!(find("Watch: Rain returns", false), None);
    assert_eq!(
        find("Watch: Rain returns", true).map(|found| found.position),
        Some(PhrasePosition::LinkedStart)
    );
}

#[test]
fn sentences_are_no_prompts() {
    for sentence in [
        "Share prices fell again on Monday as traders waited for the bank.",
        "Photo finishes decided three of the seven races.",
        "Comments by the minister angered the opposition.",
        "The related question of who pays was left open.",
        "He had to subscribe to three services to watch it.",
        "Home was a two-room flat above the bakery.",
        "Tags hung from every tree in the orchard.",
        "Next came the fire brigade.",
        "Advertising is banned on the island.",
        "Foto war sein erstes Wort.",
    ] {
        assert_eq!(category(sentence), None, "{sentence}");
    }
}

#[test]
fn long_blocks_match_only_as_notices() {
    let more = " and so the story goes on and on".repeat(12);
    assert_eq!(category(&format!("Read also: rain{more}")), None);
    assert_eq!(
        category(&format!(
            "This article was originally published on a site{more}"
        )),
        Some(Category::Republished)
    );
}

#[test]
fn any_text_is_looked_at_without_panic() {
    for text in [
        "",
        " ",
        "…",
        "ß",
        "é",
        "\u{307}",
        "▶▶▶",
        "(",
        "©",
        "１２３",
        "İ",
    ] {
        let _ = find(text, true);
    }
}
