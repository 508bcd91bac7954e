//! Pages of a made-up site: stories in five layouts, lists, and walls that stand where a story was.

use super::text::{LANGUAGES, Language, headline, paragraphs};

/// What a page of a site has around it, in all layouts.
const NAVIGATION: &str = "<nav><a href=/>Home</a> <a href=/politics>Politics</a> <a href=/sport>Sport</a> \
     <a href=/tag/harbour>Harbour</a> <a href=/author/castell>Castell</a> <a href=/login>Log in</a></nav>";
const FOOTER: &str = "<footer><a href=/about>About</a> <a href=/privacy>Privacy</a> \
     <a href=/cart>Basket</a> © 2026 The Salt Market Courier</footer>";

pub(super) fn language_of(story: usize) -> &'static Language {
    &LANGUAGES[story % LANGUAGES.len()]
}

/// A story: some without metadata, some without a date, some short.
pub(super) fn story(number: usize) -> String {
    let language = language_of(number);
    let title = headline(language, number);
    let is_short = number / 5 % 4 == 3;
    let text = paragraphs(language, number, if is_short { 2 } else { 6 });
    let is_bare = number % 3 == 1;
    let is_dated = number / 3 % 4 != 2;
    let day = number % 28 + 1;
    let meta = if is_bare {
        String::new()
    } else {
        format!(
            "<meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{title}\">"
        )
    };
    let date = if is_dated {
        format!("<time datetime=\"2026-11-{day:02}T08:00:00+00:00\">2026-11-{day:02}</time>")
    } else {
        String::new()
    };
    let marked = |open: &str, close: &str| {
        let each = text.iter().map(|text| format!("{open}{text}{close}\n"));
        each.collect::<String>()
    };
    let body = match number % 5 {
        0 => format!(
            "<main><article><h1>{title}</h1>{date}{}</article></main>",
            marked("<p>", "</p>")
        ),
        1 => format!(
            "<div class=\"content\"><div class=\"story-head\"><h1>{title}</h1><span>{date}</span></div>\
             <div class=\"story-text\">{}</div></div>",
            marked("<div>", "</div>")
        ),
        2 => format!(
            "<table><tr><td width=160><a href=/sport>Sport</a><br><a href=/politics>Politics</a></td><td>\
             <b class=head>{title}</b><br>{date}<br>{}</td></tr></table>",
            marked("", "<br><br>")
        ),
        3 => format!(
            "<div class=\"c-x81a\"><h1>{title}</h1>{date}<section>{}</section></div>",
            marked("<p>", "</p>")
        ),
        _ => format!(
            "<div id=content><h2 class=\"entry-title\">{title}</h2><p class=meta>{date}</p>\
             <div class=\"entry-content\">{}</div></div>",
            marked("<p>", "</p>")
        ),
    };
    page(
        language.tag,
        &format!("{title} - The Salt Market Courier"),
        &meta,
        &body,
    )
}

/// A list of other pages, each with a headline that is a link and some words of the story.
pub(super) fn list(number: usize, title: &str, links: &[(String, String)]) -> String {
    let teaser = |(at, (href, headline)): (usize, &(String, String))| {
        let language = language_of(number + at);
        let words = paragraphs(language, 5000 + number * 20 + at, 1).remove(0);
        let cut: String = words.chars().take(90).collect();
        format!(
            "<div class=teaser><h3><a href=\"{href}\">{headline}</a></h3><p>{cut}…</p><a href=\"{href}\">Read more</a></div>\n"
        )
    };
    let teasers: String = links.iter().enumerate().map(teaser).collect();
    let pager = "<p class=pager><a href=\"?page=1\">1</a> <a href=\"?page=2\">2</a> <a href=\"?page=3\">3</a></p>";
    let body = format!("<main><h1>{title}</h1>{teasers}{pager}</main>");
    page(
        "en",
        &format!("{title} - The Salt Market Courier"),
        "",
        &body,
    )
}

/// What stands where a story was: not found with status 200, a login, consent, paywall, check for robots.
pub(super) fn wall(number: usize) -> String {
    let (tag, title, body) = match number % 10 {
        0 => (
            "en",
            "Page not found",
            "<p>The page you are looking for could not be found. Try the search.</p>",
        ),
        1 => (
            "de",
            "Seite nicht gefunden",
            "<p>Die Seite, die Sie suchen, gibt es nicht.</p><a href=/>Zur Startseite</a>",
        ),
        2 => (
            "en",
            "Log in to read on",
            "<form method=post><label>E-mail</label><input name=mail><label>Password</label><input type=password name=word><button>Log in</button></form>",
        ),
        3 => (
            "fr",
            "Connexion",
            "<form method=post><label>Mot de passe</label><input type=password name=word><button>Se connecter</button></form>",
        ),
        4 => (
            "en",
            "We value your privacy",
            "<p>We and our partners store and access information on your device. By clicking accept you consent to the use of cookies.</p><button>Accept all</button>",
        ),
        5 => (
            "de",
            "Datenschutz",
            "<p>Wir verwenden Cookies. Mit Ihrer Zustimmung können Sie unsere Seite mit Werbung nutzen.</p><button>Akzeptieren</button>",
        ),
        6 => (
            "en",
            "Subscribe to continue reading",
            "<p>Subscribe to continue reading.</p><a href=/subscribe>Subscribe</a>",
        ),
        7 => (
            "en",
            "This article is for subscribers only",
            "<p>This article is for subscribers only. Already a subscriber? Log in.</p>",
        ),
        8 => (
            "en",
            "Just a moment...",
            "<p>Checking your browser before accessing the site. Enable JavaScript and cookies to continue.</p>",
        ),
        _ => (
            "en",
            "Are you a robot?",
            "<p>Please verify you are a human to continue.</p><div class=captcha></div>",
        ),
    };
    let chrome = if number.is_multiple_of(2) {
        (NAVIGATION, FOOTER)
    } else {
        ("", "")
    };
    format!(
        "<!doctype html><html lang={tag}><head><meta charset=utf-8><title>{title} - The Salt Market Courier</title></head>\
         <body>{}<main><h1>{title}</h1>{body}</main>{}</body></html>",
        chrome.0, chrome.1
    )
}

/// A page with what all pages of the site have.
pub(super) fn page(tag: &str, title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang={tag}><head><meta charset=utf-8><title>{title}</title>{head}</head>\
         <body>{NAVIGATION}{body}{FOOTER}</body></html>"
    )
}
