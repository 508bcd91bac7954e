//! What a page is, by what little stands on it.

use gleaner::record::Kind;
use gleaner::{Options, TypeReason, extract};

fn kind_of(html: &str) -> (Kind, f64) {
    let record = extract(html, None, &Options::default()).record;
    (record.kind, record.confidence)
}

#[test]
fn walls_are_no_articles() {
    for html in [
        "<title>Not found</title><h1>Page not found</h1><p>Try the search.</p>",
        "<title>Post</title><h1>Welcome back</h1><form><p>Your e-mail<input name=mail>\
         <p>Password<input type=password></form><a href=/join>Join</a>",
        "<title>Just a moment...</title><h1>Just a moment...</h1><p>Enable JavaScript and \
         cookies to continue</p>",
        "<title>Post</title><h1>Seite nicht gefunden</h1><a href=/>Zur Startseite</a>",
    ] {
        let (kind, confidence) = kind_of(html);
        assert_eq!(kind, Kind::Wall, "{html}");
        assert!(confidence <= 0.2, "{confidence} {html}");
    }
}

#[test]
fn empty_shells_and_menus_are_no_articles() {
    assert_eq!(
        kind_of("<div id=root></div><script>start()</script>"),
        (Kind::Empty, 0.0)
    );
    let menu = "<li><a href=/news>News from the valley and the hills beyond it</a>".repeat(20);
    assert_eq!(kind_of(&format!("<ul>{menu}</ul>")).0, Kind::Listing);
}

#[test]
fn teasers_under_linked_headlines_are_a_list() {
    let teaser = |headline: &str| {
        format!("<p>{headline}<br>It is the first one since the spring, and the quay was full.</p>")
    };
    let page = |first: &str| {
        let teasers = teaser(first) + &teaser("<a href=/b>Rain at last in the valley</a>");
        format!("<title>Lake</title><h1>Lake</h1><div>{teasers}</div>")
    };
    let linked = kind_of(&page("<a href=/a>The ferry returns</a>"));
    assert_eq!(linked.0, Kind::Listing);
    assert!(linked.1 <= 0.4, "{}", linked.1);
    assert_eq!(kind_of(&page("The ferry returns")).0, Kind::Article);
}

#[test]
fn a_link_to_the_privacy_policy_makes_no_wall() {
    let footer = "<footer><a href=/privacy>Privacy policy</a> <p>We use cookies.</p></footer>";
    let brief = "<title>Ferry sails - Post</title><article><h1>Ferry sails</h1><p>The ferry to the \
                 islands sailed again on Monday, after a winter in the harbour.</p></article>";
    assert_eq!(kind_of(&format!("{brief}{footer}")).0, Kind::Article);
    let menu = "<li><a href=/news>News from the valley and the hills beyond it</a>".repeat(20);
    assert_eq!(
        kind_of(&format!("<ul>{menu}</ul>{footer}")).0,
        Kind::Listing
    );
}

#[test]
fn a_story_behind_a_login_box_is_a_story() {
    let story = "<p>The ferry to the islands sailed again on Monday, after a winter in which \
                 nobody had seen it leave the harbour even once, and all were glad of it.</p>";
    let html = format!(
        "<title>Ferry sails</title><h1>Ferry sails</h1><article>{}</article>\
         <form>Log in<input type=password></form>",
        story.repeat(6)
    );
    assert_eq!(kind_of(&html).0, Kind::Article);
}

/// A page with the navigation, teasers and footer that a site has around everything.
fn page(title: &str, text: &str) -> String {
    format!(
        "<title>{title} | The Valley Post</title><nav><a href=/sport>Sport</a></nav>\
         <main><h1>{title}</h1><p>{text}</p><h2>Perhaps you like these</h2><ul>\
         <li><a href=/a>A living heron of the week</a><li><a href=/b>Ferry fares rise</a></ul></main>\
         <footer><p>The Valley Post, 12 Quay Street. All the news of the lake and the hills.</p></footer>"
    )
}

fn wall(html: &str) -> Option<TypeReason> {
    let extraction = extract(html, None, &Options::default());
    let last = extraction.page_type.reasons.last().copied();
    last.filter(|_| extraction.record.kind == Kind::Wall)
}

#[test]
fn errors_answered_with_200_are_walls_in_any_language() {
    let explained = "Try the search, or go back to the front page, where our newest stories are.";
    for title in [
        "Page not found",
        "404",
        "Oops! That page can’t be found.",
        "Seite nicht gefunden",
        "Page non trouvée",
        "Página no encontrada",
        "Página não encontrada",
        "Pagina non trovata",
        "Pagina niet gevonden",
        "Strona nie została znaleziona",
        "Stránka nenalezena",
        "Oldal nem található",
        "Sidan kunde inte hittas",
        "Siden blev ikke fundet",
        "Fant ikke siden",
        "Sivua ei löydy",
        "Страница не найдена",
        "Сторінку не знайдено",
        "Η σελίδα δεν βρέθηκε",
        "Sayfa bulunamadı",
        "Halaman tidak ditemukan",
        "Không tìm thấy trang",
        "ページが見つかりません",
        "페이지를 찾을 수 없습니다.",
        "找不到页面",
        "דף לא נמצא",
        "صفحه یافت نشد",
        "पेज नहीं मिला",
        "ไม่พบหน้านี้",
    ] {
        assert_eq!(
            wall(&page(title, explained)),
            Some(TypeReason::NotFound),
            "{title}"
        );
    }
    for title in [
        "This story is no longer available",
        "Dieser Artikel ist nicht mehr verfügbar",
        "Este artículo ya no está disponible",
        "Questo articolo non è più disponibile",
        "Dit artikel is niet langer beschikbaar",
        "Artikeln är inte längre tillgänglig",
    ] {
        assert_eq!(
            wall(&page(title, explained)),
            Some(TypeReason::Gone),
            "{title}"
        );
    }
}

#[test]
fn checks_for_robots_and_passwords_are_walls_of_their_own() {
    for (title, text, expected) in [
        (
            "Just a moment...",
            "Checking your browser before accessing valley.example.",
            TypeReason::BotCheck,
        ),
        (
            "Access Denied",
            "You don't have permission to access this page.",
            TypeReason::BotCheck,
        ),
        (
            "valley.example",
            "Please enable JS and disable any ad blocker",
            TypeReason::BotCheck,
        ),
        (
            "Pardon Our Interruption",
            "As you were browsing something made us think you were a bot.",
            TypeReason::BotCheck,
        ),
        (
            "Protected: Rain",
            "This content is password protected. To view it please enter your password below:",
            TypeReason::Login,
        ),
    ] {
        let html = format!("<title>{title}</title><h1>{title}</h1><p>{text}</p>");
        assert_eq!(wall(&html), Some(expected), "{title}");
    }
}

#[test]
fn stories_that_quote_a_wall_are_stories() {
    let told = "<p>The library has printed the words on cups and towels, and sold more of them in a \
        month than the reading room has had readers in the whole of the year before it burnt.</p>";
    let story = |title: &str, meta: &str, text: &str| {
        format!(
            "<title>{title} | The Valley Post</title>{meta}<article><h1>{title}</h1>{text}</article>"
        )
    };
    let dated = "<meta property=article:published_time content=2026-05-02T08:00:00Z>";
    for html in [
        story("Page not found", "", &told.repeat(6)),
        story("This ferry is no longer available", "", &told.repeat(6)),
        story("The house that was not found", "", told),
        story("This ferry is no longer available", dated, told),
        story(
            "Ferry sails",
            "",
            &format!(
                "<p>“Just a moment”, said the captain.</p>{}",
                told.repeat(3)
            ),
        ),
        story("Why every 404 page tells a joke", dated, told),
    ] {
        assert_eq!(wall(&html), None, "{html}");
    }
}
