//! What stands in a story's stead and is answered with 200: each has an outcome of its own.

use crate::hostile::desk::Desk;
use crate::hostile::server::{Asked, Server, answer, front, page, story};

/// A page that says something, with the teasers and footer that a site has around everything.
fn says(title: &str, text: &str) -> String {
    format!(
        "<title>{title} - The Valley Post</title>\
         <nav><a href=/sport>Sport</a> <a href=/town>Town</a></nav>\
         <main><h1>{title}</h1><p>{text}</p><h2>Perhaps you like these</h2>\
         <ul><li><a href=/2026/11/05/a-night-on-the-ferry>A night on the ferry</a></ul></main>"
    )
}

const PAGES: [(&str, &str, &str, &str); 5] = [
    (
        "/2026/11/05/the-bells-of-the-mill",
        "Page not found",
        "The page you are looking for has been moved or deleted. Try the search.",
        "soft_not_found",
    ),
    (
        "/2026/11/05/die-glocken-der-muehle",
        "Seite nicht gefunden",
        "Aus rechtlichen Gründen dürfen wir manche Texte nur für kurze Zeit anbieten.",
        "soft_not_found",
    ),
    (
        "/2026/11/05/the-cats-of-the-harbour",
        "This story is no longer available",
        "Our licence for this agency report has ended, so that we cannot show it any more.",
        "soft_not_found",
    ),
    (
        "/2026/11/05/the-herons-of-the-lake",
        "Just a moment...",
        "Enable JavaScript and cookies to continue",
        "bot_check",
    ),
    (
        "/2026/11/05/the-rain-of-the-year",
        "Ferry fares",
        "<form>Your password<input type=password></form>",
        "login_wall",
    ),
];

const FERRY: &str = "/2026/11/05/a-night-on-the-ferry";

const MOVED: &str = "/2026/11/05/an-old-story-of-the-valley";

fn serve(asked: &Asked, out: &mut std::net::TcpStream) -> std::io::Result<bool> {
    let mut stories: Vec<String> = PAGES.iter().map(|row| row.0.to_owned()).collect();
    stories.extend([FERRY.to_owned(), MOVED.to_owned()]);
    match asked.path.as_str() {
        "/" => page(out, front(&stories)),
        FERRY => page(out, story(&asked.host, FERRY)),
        MOVED => answer(out, "301 Moved Permanently\r\nLocation: /", ""),
        path => match PAGES.iter().find(|row| row.0 == path) {
            Some((_, title, text, _)) => page(out, says(title, text)),
            None => answer(out, "404 Not Found", ""),
        },
    }
}

#[test]
fn walls_are_told_apart_and_never_stored() {
    let server = Server::start(serve);
    let desk = Desk::new("[fetch]\nallow_private_addresses = true\n");
    desk.crawl(&[server.url("fair", "/")]);
    let outcomes = desk.outcomes();
    let outcome = |path| outcomes[&server.url("fair", path)].0.as_deref();
    assert_eq!(outcome(FERRY), Some("stored"));
    for (path, title, _, expected) in PAGES {
        assert_eq!(outcome(path), Some(expected), "{title}");
    }
    assert_eq!(outcome(MOVED), Some("soft_not_found"));
}
