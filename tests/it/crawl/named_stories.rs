//! A hundred stories under six shapes of address, each named by one source alone: all are stored. Lists and
//! walls beside them: none is.

#[path = "named_stories/pages.rs"]
mod pages;
#[path = "named_stories/server.rs"]
mod server;
#[path = "named_stories/text.rs"]
mod text;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::TcpListener;

use self::server::{Pages, in_order, serve};
use super::{Desk, error_text};

const STORIES: usize = 100;
const LISTS: usize = 40;
const WALLS: usize = 20;

/// Section names that mean something else elsewhere.
const SECTIONS: [&str; 8] = [
    "legal", "press", "help", "apps", "support", "services", "wiki", "team",
];
const SLUGS: [&str; 4] = [
    "mill",
    "night-ferry",
    "the-clock-that-stopped",
    "what-became-of-the-salt-market",
];

/// What alone names the stories of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Feed,
    NewsSitemap,
    PlainSitemap,
    FrontPage,
}

const SOURCES: [Source; 4] = [
    Source::Feed,
    Source::NewsSitemap,
    Source::PlainSitemap,
    Source::FrontPage,
];

/// Six shapes of address; numbers are short and long.
fn path(number: usize) -> String {
    let id = if number.is_multiple_of(2) {
        number + 3
    } else {
        48_000 + number
    };
    match number / 4 % 6 {
        0 => format!(
            "/2026/11/{:02}/{}-{number}",
            number % 28 + 1,
            SLUGS[number % 4]
        ),
        1 => format!("/main/{id}"),
        2 => format!("/article.php?id={id}"),
        3 => format!("/index.php?option=com_content&view=article&catid=7&id={id}"),
        4 => format!(
            "/{:012x}",
            (number as u64 + 1) * 0x00a3_f9c2_d41b % 0xffff_ffff_ffff
        ),
        _ => format!("/{}/{id}/", SECTIONS[number / 3 % 8]),
    }
}

fn list_path(number: usize) -> String {
    let id = number + 7000;
    match number % 8 {
        0 => format!(
            "/{}",
            ["politics", "sport", "culture", "travel", "local"][number / 8]
        ),
        1 => format!(
            "/tag/{}",
            ["harbour", "the-crane-that-fell-down", "7", "48311", "salt"][number / 8]
        ),
        2 => format!("/search?q=harbour&n={number}"),
        3 => format!(
            "/author/{}",
            ["castell", "novak", "vasko", "7", "jessop"][number / 8]
        ),
        4 => format!("/archive/2026/{:02}", number / 8 + 1),
        5 => format!("/2026/{:02}/", number / 8 + 1),
        6 => format!("/main/{id}"),
        _ => format!("/{}/{id}/", SECTIONS[number / 8]),
    }
}

fn wall_path(number: usize) -> String {
    path(STORIES + 200 + number * 5)
}

/// One site, whose stories, lists and walls are those with its number among the sources.
struct Site {
    base: String,
    stories: Vec<(String, String)>,
    others: Vec<(String, String)>,
}

impl Site {
    fn start(number: usize) -> Self {
        let source = SOURCES[number];
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        let of_site = |count: usize| (0..count).filter(move |one| one % SOURCES.len() == number);
        let mut pages = Pages::new();
        let mut add = |path: &str, kind, body| {
            let before = pages.insert(in_order(path), (kind, body));
            assert!(before.is_none(), "two pages at {path}");
        };
        let title = |one| text::headline(pages::language_of(one), one);
        let stories: Vec<_> = of_site(STORIES)
            .map(|one| (path(one), title(one)))
            .collect();
        for (one, (path, _)) in of_site(STORIES).zip(&stories) {
            add(path, "text/html", pages::story(one));
        }
        let walls: Vec<_> = of_site(WALLS)
            .map(|one| (wall_path(one), title(700 + one)))
            .collect();
        for (one, (path, _)) in of_site(WALLS).zip(&walls) {
            add(
                path,
                "text/html",
                pages::wall(one / SOURCES.len() + 5 * number),
            );
        }
        // Were they stories, lists would be a second source.
        let is_front = source == Source::FrontPage;
        let linked = &walls[..5];
        let lists: Vec<_> = of_site(LISTS)
            .map(|one| (list_path(one), format!("More {one}")))
            .collect();
        for (one, (path, _)) in of_site(LISTS).zip(&lists) {
            add(
                path,
                "text/html",
                pages::list(one, &format!("List {one}"), linked),
            );
        }
        let named: Vec<_> = stories.iter().chain(&walls).cloned().collect();
        let absolute = |path: &str| format!("{base}{}", path.replace('&', "&amp;"));
        let listed = match source {
            Source::NewsSitemap => sitemap(
                named
                    .iter()
                    .map(|(path, title)| news_entry(&absolute(path), title)),
            ),
            Source::PlainSitemap => sitemap(
                named
                    .iter()
                    .chain(&lists)
                    .map(|(path, _)| format!("<url><loc>{}</loc></url>", absolute(path))),
            ),
            Source::Feed | Source::FrontPage => String::new(),
        };
        if !listed.is_empty() {
            add("/sitemap.xml", "application/xml", listed);
        }
        if source == Source::Feed {
            add(
                "/feed.xml",
                "application/rss+xml",
                feed(named.iter().map(|(path, title)| (absolute(path), title))),
            );
        }
        let front = front_page(source, if is_front { &named } else { &[] }, &lists);
        add("/", "text/html", front);
        serve(listener, pages);
        let others = walls.into_iter().chain(lists).collect();
        Self {
            base,
            stories,
            others,
        }
    }

    fn addresses(&self, of: &[(String, String)]) -> BTreeSet<String> {
        of.iter()
            .map(|(path, _)| format!("{}{}", self.base, in_order(path)))
            .collect()
    }
}

fn sitemap(entries: impl Iterator<Item = String>) -> String {
    let entries: String = entries.collect();
    format!(
        "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:news=\"http://www.google.com/schemas/sitemap-news/0.9\">{entries}</urlset>"
    )
}

fn news_entry(address: &str, title: &str) -> String {
    format!(
        "<url><loc>{address}</loc><news:news><news:publication_date>2026-11-20</news:publication_date>\
         <news:title>{title}</news:title></news:news></url>"
    )
}

fn feed<'a>(entries: impl Iterator<Item = (String, &'a String)>) -> String {
    let mut items = String::new();
    for (address, title) in entries {
        let _ = write!(
            items,
            "<item><title>{title}</title><link>{address}</link></item>"
        );
    }
    format!("<rss version=\"2.0\"><channel><title>Courier</title>{items}</channel></rss>")
}

/// Headlines of stories in the main part, where the front page is to name them, and links to lists.
fn front_page(source: Source, named: &[(String, String)], lists: &[(String, String)]) -> String {
    let mut main = String::new();
    for (at, (path, title)) in named.iter().enumerate() {
        let tag = ["h2", "h3", "div", "p", "li"][at % 5];
        let _ = writeln!(main, "<{tag}><a href=\"{path}\">{title}</a></{tag}>");
    }
    let mut more = String::new();
    for (path, title) in lists {
        let _ = writeln!(more, "<a href=\"{path}\">{title}</a>");
    }
    let head = match source {
        Source::Feed => "<link rel=alternate type=\"application/rss+xml\" href=/feed.xml>",
        _ => "",
    };
    pages::page(
        "en",
        "The Salt Market Courier",
        head,
        &format!("<main>{main}</main><div>{more}</div>"),
    )
}

fn why(desk: &Desk, url: &str) -> String {
    let output = desk.run(&["status", "--why", url]);
    String::from_utf8_lossy(&output.stdout).into_owned() + &error_text(&output)
}

#[test]
fn stories_that_one_source_names_are_stored_and_lists_and_walls_are_not() {
    let desk = Desk::new();
    let sites: Vec<Site> = (0..SOURCES.len()).map(Site::start).collect();
    let seeds: Vec<String> = sites.iter().map(|site| format!("{}/", site.base)).collect();
    desk.crawl(&seeds.iter().map(String::as_str).collect::<Vec<_>>());
    let stored: BTreeSet<String> = desk.stored().into_keys().collect();
    let (mut expected, mut others) = (BTreeSet::new(), BTreeSet::new());
    for site in &sites {
        expected.extend(site.addresses(&site.stories));
        others.extend(site.addresses(&site.others));
    }
    assert_eq!((expected.len(), others.len()), (STORIES, LISTS + WALLS));
    let missing: Vec<_> = expected.difference(&stored).collect();
    let wrong: Vec<_> = stored.difference(&expected).collect();
    let told: String = missing
        .iter()
        .chain(&wrong)
        .map(|url| why(&desk, url) + "\n")
        .collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "{} not stored: {missing:#?}\n{} stored: {wrong:#?}\n{told}",
        missing.len(),
        wrong.len()
    );
    // Each of the others has a row with a reason, fetched or not.
    for url in &others {
        let told = why(&desk, url);
        assert!(
            told.contains("outcome    ") || told.contains("not fetched: "),
            "{told}"
        );
    }
    let told = why(&desk, expected.iter().next().expect("a story"));
    for part in [
        "named by   ",
        "taken for  a story: +",
        "  address ",
        "visited    ",
        "stored as ",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn what_is_left_alone_says_why_and_fills_no_store() {
    let desk = Desk::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let mut links =
        "<a href=/login>Log in</a> <a rel=nofollow href=/paid>Paid</a> <a href=/x.pdf>PDF</a>"
            .to_owned();
    for number in 0..300 {
        let _ = write!(links, " <a href=\"/tag/word-{number}\">Word</a>");
    }
    let mut pages = Pages::new();
    pages.insert(
        "/".into(),
        ("text/html", pages::page("en", "Courier", "", &links)),
    );
    serve(listener, pages);
    desk.crawl(&[&format!("{base}/")]);
    for (path, reason) in [
        ("/login", "login or subscription page"),
        ("/paid", "link marked not to be followed"),
        ("/x.pdf", "file that is no page"),
        ("/tag/word-7", "tag page"),
    ] {
        let told = why(&desk, &format!("{base}{path}"));
        assert!(told.contains(&format!("not fetched: {reason}")), "{told}");
        assert!(told.contains(&format!("named by   link {base}/")), "{told}");
    }
    // 250 rows for one reason of a site, and the rest is counted.
    let status = desk.run(&["status"]);
    let status = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(
        status.contains(
            "more mentions of addresses without a row (tag page; bound of 250 rows reached)"
        ),
        "{status}"
    );
    let told = why(&desk, &format!("{base}/tag/word-299"));
    assert!(
        told.contains("not known") && told.contains("bound of 250 rows reached"),
        "{told}"
    );
    let json = desk.run(&["status", "--json", "--why", &format!("{base}/login")]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(json["outcome"], "left_alone", "{json:#}");
}

/// What was read as a page of no story is read again when a feed says that it is one.
#[test]
fn evidence_that_comes_later_is_added() {
    let desk = Desk::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    let story = "/print/48123";
    let mut pages = Pages::new();
    let link = format!("<a href={story}>Print</a>");
    pages.insert(
        "/".into(),
        ("text/html", pages::page("en", "Courier", "", &link)),
    );
    pages.insert(story.into(), ("text/html", pages::story(4)));
    let title = "Castell wants to move the mill".to_owned();
    let items = [(format!("{base}{story}"), &title)].into_iter();
    pages.insert("/late.xml".into(), ("application/rss+xml", feed(items)));
    serve(listener, pages);
    desk.crawl(&[&format!("{base}/")]);
    let url = format!("{base}{story}");
    assert!(
        why(&desk, &url).contains("not fetched: print version"),
        "{}",
        why(&desk, &url)
    );
    desk.crawl(&[&format!("{base}/late.xml")]);
    assert!(desk.stored().contains_key(&url), "{}", why(&desk, &url));
    assert!(
        why(&desk, &url).contains("named by   feed "),
        "{}",
        why(&desk, &url)
    );
}
