//! What each address of a site answers.

use super::text::{self, Dice};
use super::{Article, Fault, Kind, SECTIONS, Site, sources};

/// Entries of a section page.
const SECTION_ENTRIES: usize = 100;
/// Links beside an article.
const RELATED: u64 = 40;

pub(super) struct Page {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
}

impl Page {
    pub(super) fn of(kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            kind,
            body: body.into(),
        }
    }

    fn status(status: u16) -> Self {
        Self {
            status,
            kind: "text/html",
            body: b"<!doctype html><title>Sorry</title><p>Sorry.</p>".to_vec(),
        }
    }
}

pub(super) fn time(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .unwrap_or_default()
        .to_string()
}

/// `2026-11-05`.
pub(super) fn date(ms: i64) -> String {
    time(ms)[..10].to_owned()
}

pub(super) fn answer(site: &Site, page_bytes: usize, now_ms: i64, asked: &str) -> Page {
    if let Some(place) = site.places.get(asked) {
        let article = &site.articles[*place];
        if article.published_ms <= now_ms {
            return match article.fault {
                Some(Fault::Gone) => Page::status(410),
                Some(Fault::Broken) => Page::status(500),
                None => Page::of(
                    "text/html; charset=utf-8",
                    story(site, article, page_bytes, now_ms, asked),
                ),
            };
        }
    }
    let path = asked.split('?').next().unwrap_or_default();
    if let Some(page) = sources::answer(site, now_ms, path) {
        return page;
    }
    let name = path.trim_matches('/');
    if let Some(section) = SECTIONS.iter().position(|section| *section == name) {
        let listed: Vec<_> = live(site, now_ms)
            .filter(|article| article.section == section)
            .collect();
        return Page::of("text/html", listing(site, &capital(name), &listed));
    }
    let latest: Vec<_> = live(site, now_ms).take(15).collect();
    match name.split('/').next().unwrap_or_default() {
        "" => Page::of("text/html", listing(site, "Latest", &latest)),
        "tag" | "author" | "search" | "private" => {
            Page::of("text/html", listing(site, &capital(name), &latest))
        }
        "calendar" => Page::of("text/html", calendar(site, name)),
        // A relative link without a slash in front: the path grows with each click.
        "loop" => Page::of(
            "text/html",
            "<!doctype html><title>Loop</title><a href=\"loop/again/\">once more</a>",
        ),
        "login" => Page::of(
            "text/html",
            "<!doctype html><title>Log in</title><form><input name=user></form>",
        ),
        _ => Page::status(404),
    }
}

fn capital(name: &str) -> String {
    let mut name = name.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

/// Articles that are out and not old, newest first.
pub(super) fn live(site: &Site, now_ms: i64) -> impl Iterator<Item = &Article> {
    let mut live: Vec<_> = site
        .articles
        .iter()
        .filter(|article| !article.is_old && article.published_ms <= now_ms)
        .collect();
    live.sort_by_key(|article| std::cmp::Reverse(article.published_ms));
    live.into_iter()
}

pub(super) fn paper(site: &Site) -> String {
    format!("Loopback Courier {}", site.number)
}

fn head(site: &Site, title: &str, more: &str) -> String {
    let feed = match site.kind {
        Kind::Index => "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/rss.xml\">",
        Kind::Plain => "<link rel=\"alternate\" type=\"application/atom+xml\" href=\"/atom.xml\">",
        Kind::Packed => {
            "<link rel=\"alternate\" type=\"application/feed+json\" href=\"/feed.json\">"
        }
        Kind::Press | Kind::Sections => "",
    };
    let nav: String = SECTIONS
        .iter()
        .map(|name| {
            format!(
                "<li class=\"menu-item\"><a href=\"/{name}/\">{}</a></li>",
                capital(name)
            )
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} - {}</title>{feed}{more}</head>\n<body class=\"site\"><header id=\"masthead\"><a class=\"logo\" href=\"/\">{}</a><nav aria-label=\"Main\"><ul>{nav}</ul></nav>\
         <div class=\"tools\"><a href=\"/login\">Log in</a> <a href=\"/search?q=bridge\">Search</a> <a href=\"/calendar/2026/11/\">Events</a> <a href=\"/private/desk\">Desk</a> <a href=\"/loop/again/loop/again/loop/\">Loop</a> <a href=\"/?PHPSESSID=0123456789abcdef0123456789abcdef\">Home</a></div></header>\n",
        paper(site),
        paper(site)
    )
}

fn foot() -> String {
    let tags: String = SECTIONS
        .iter()
        .map(|name| format!("<a rel=\"tag\" href=\"/tag/{name}/\">{name}</a> "))
        .collect();
    format!(
        "<footer><div class=\"tags\">{tags}</div><a href=\"/author/robin-farrow/\">Robin Farrow</a> <a href=\"/about/\">About us</a> <a href=\"/privacy/\">Privacy</a><p>© 2026 The Loopback Courier. All rights reserved.</p></footer></body></html>"
    )
}

fn listing(site: &Site, title: &str, articles: &[&Article]) -> String {
    let mut page = head(site, title, "");
    page.push_str(&format!("<main><h1>{title}</h1>\n"));
    for article in articles.iter().take(SECTION_ENTRIES) {
        page.push_str(&format!(
            "<article class=\"teaser\"><h2><a href=\"{0}?utm_campaign=list\">{1}</a></h2><p class=\"excerpt\">{2}</p><time datetime=\"{3}\">{3}</time> <a class=\"more\" href=\"{0}#comments\">4 comments</a> <a href=\"/print{0}\">Print</a></article>\n",
            article.path,
            article.title,
            text::body(&mut Dice::new(article.seed))[0],
            time(article.published_ms)
        ));
        if let Some(second) = &article.second_path {
            page.push_str(&format!(
                "<h3><a href=\"{second}\">{}</a></h3>\n",
                article.title
            ));
        }
    }
    // Articles may not be fetched from there, whatever they look like.
    page.push_str("<h2><a href=\"/private/2026/11/what-the-desk-does-not-tell-anyone-99999.html\">What the desk does not tell anyone</a></h2></main>");
    page + &foot()
}

/// A month with a link to the next, for ever.
fn calendar(site: &Site, name: &str) -> String {
    let numbers: Vec<u32> = name
        .split('/')
        .filter_map(|part| part.parse().ok())
        .collect();
    let (year, month) = (
        numbers.first().copied().unwrap_or(2026),
        numbers.get(1).copied().unwrap_or(1),
    );
    let (year, month) = if month >= 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    let mut page = head(site, "Events", "");
    page.push_str(&format!(
        "<main><h1>Events</h1><a href=\"/calendar/{year}/{month:02}/\">Next month</a></main>"
    ));
    page + &foot()
}

fn story(site: &Site, article: &Article, page_bytes: usize, now_ms: i64, asked: &str) -> Vec<u8> {
    let mut dice = Dice::new(article.seed + article.version);
    let origin = site.origin();
    let mut links = String::new();
    if !asked.contains("silent-copy") {
        links = format!("<link rel=\"canonical\" href=\"{origin}{}\">", article.path);
    }
    if let Some(second) = article
        .second_path
        .as_ref()
        .filter(|second| second.ends_with("amp/"))
    {
        links.push_str(&format!("<link rel=\"amphtml\" href=\"{origin}{second}\">"));
    }
    let author = text::name(&mut dice);
    let published = time(article.published_ms);
    links.push_str(&format!(
        "<meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{0}\"><meta property=\"article:published_time\" content=\"{published}\">\
         <script type=\"application/ld+json\">{{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\"headline\":\"{0}\",\"datePublished\":\"{published}\",\"author\":{{\"@type\":\"Person\",\"name\":\"{author}\"}}}}</script>",
        article.title
    ));
    let mut page = head(site, &article.title, &links);
    page.push_str(&format!(
        "<div class=\"wrap\"><main><article><h1 class=\"entry-title\">{}</h1><div class=\"byline\">By <a rel=\"author\" href=\"/author/{}/\">{author}</a> <time datetime=\"{published}\">{published}</time></div><div class=\"share\"><a href=\"/share?u={asked}\">Share</a> <a href=\"/print{}\">Print</a></div><div class=\"entry-content\">\n",
        article.title,
        author.to_lowercase().replace(' ', "-"),
        article.path
    ));
    for paragraph in text::body(&mut dice) {
        page.push_str(&format!("<p>{paragraph}</p>\n"));
    }
    page.push_str("</div></article><section id=\"comments\"><h3>2 comments</h3><div class=\"comment\"><p>Well said, I could not agree more with this.</p></div><div class=\"comment\"><p>And who is going to pay for all of that in the end?</p></div></section></main>\n<aside class=\"sidebar\"><h3>Read also</h3><ul>");
    // Those about the article's own place, so that pages link to each other like a net.
    let own = site.places.get(&article.path).copied().unwrap_or(0);
    for _ in 0..RELATED {
        let step = dice.below(60) as usize + 1;
        let other = &site.articles[(own + step) % site.articles.len()];
        if other.published_ms <= now_ms && !other.is_old {
            page.push_str(&format!(
                "<li><a href=\"{}\">{}</a></li>",
                other.path, other.title
            ));
        }
    }
    page.push_str("</ul></aside></div>\n");
    let wanted_bytes = page_bytes + dice.below(page_bytes as u64 + 1) as usize;
    while page.len() + 2048 < wanted_bytes {
        page.push_str("<script>(function(w,d){var q=w.__q=w.__q||[];q.push({slot:\"");
        page.push_str(&format!("ad-{}", dice.below(100_000)));
        page.push_str("\",sizes:[[300,250],[728,90],[970,250]],targeting:{pos:\"mid\",lang:\"en\",consent:w.__consent||0}});var s=d.createElement(\"script\");s.async=1;s.src=\"/static/ads.js\";d.head.appendChild(s)})(window,document);</script>\n<div class=\"widget widget-promo\"><style>.widget-promo{display:grid;gap:1rem;padding:.5rem 1rem;border-top:1px solid #ddd}.widget-promo a{color:#036;text-decoration:none}</style><a href=\"/static/app\"><img src=\"/static/promo.png\" alt=\"Our app\" width=\"300\" height=\"100\"></a></div>\n");
    }
    (page + &foot()).into_bytes()
}
