//! A made-up world of news sites on loopback, one port a site, and a record of what was asked.

// Made-up pages: what reads plainly counts here, not what runs fast.
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::cast_possible_truncation,
    clippy::match_same_arms
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One site: its articles, some of which come later, and its answers' delay.
pub(crate) struct Site {
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Article number to its text's version.
    articles: BTreeMap<u32, u32>,
    broken: BTreeSet<u32>,
    /// Path to how often it was asked for with status 200, and with any status.
    answered: BTreeMap<String, u32>,
    asked: Vec<(String, u16)>,
    delay: Duration,
    number: u16,
    /// Articles after which no response is sent until the test lets go.
    hold_after: Option<usize>,
    is_held: bool,
}

impl Site {
    /// A site with `count` articles.
    pub(crate) fn start(number: u16, count: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(Mutex::new(State {
            articles: (1..=count).map(|n| (n, 1)).collect(),
            number,
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                thread::spawn(move || serve(&stream, port, &state));
            }
        });
        Self { port, state }
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn article_url(&self, n: u32) -> String {
        format!("http://127.0.0.1:{}{}", self.port, path(n))
    }

    pub(crate) fn publish(&self, numbers: impl IntoIterator<Item = u32>) {
        self.lock()
            .articles
            .extend(numbers.into_iter().map(|n| (n, 1)));
    }

    pub(crate) fn break_article(&self, n: u32) {
        self.lock().broken.insert(n);
    }

    pub(crate) fn slow_down(&self, delay: Duration) {
        self.lock().delay = delay;
    }

    /// From the article after the next `count` on, no response is sent until [`Site::let_go`].
    pub(crate) fn hold_after(&self, count: u32) {
        let mut state = self.lock();
        let served: u32 = state
            .answered
            .iter()
            .filter_map(|(path, times)| number(path).map(|_| *times))
            .sum();
        state.hold_after = Some((served + count) as usize);
        state.is_held = false;
    }

    /// Whether somebody waits for a response that is held back.
    pub(crate) fn held(&self) -> bool {
        self.lock().is_held
    }

    /// Ends what [`Site::hold_after`] began. Who waits gets an error.
    pub(crate) fn let_go(&self) {
        self.lock().hold_after = None;
    }

    /// Paths and statuses since the last call, robots.txt left out.
    pub(crate) fn take_asked(&self) -> Vec<(String, u16)> {
        let mut state = self.lock();
        let asked = std::mem::take(&mut state.asked);
        asked
            .into_iter()
            .filter(|(path, _)| path != "/robots.txt")
            .collect()
    }

    /// How often each article was served.
    pub(crate) fn served(&self) -> BTreeMap<u32, u32> {
        let state = self.lock();
        state
            .answered
            .iter()
            .filter_map(|(asked, times)| Some((number(asked)?, *times)))
            .collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no thread panics with the lock")
    }
}

fn path(n: u32) -> String {
    format!(
        "/2026/11/{:02}/{}-story-{n}.html",
        n % 20 + 1,
        WORDS[n as usize % WORDS.len()]
    )
}

fn number(path: &str) -> Option<u32> {
    path.strip_suffix(".html")?
        .rsplit_once("-story-")?
        .1
        .parse()
        .ok()
}

const WORDS: [&str; 40] = [
    "river",
    "harvest",
    "council",
    "bridge",
    "winter",
    "teacher",
    "engine",
    "market",
    "village",
    "doctor",
    "festival",
    "railway",
    "garden",
    "harbour",
    "letter",
    "museum",
    "orchard",
    "painter",
    "quarry",
    "referee",
    "school",
    "timber",
    "union",
    "valley",
    "weaver",
    "yacht",
    "baker",
    "candle",
    "dentist",
    "electric",
    "farmer",
    "guitar",
    "hospital",
    "island",
    "juggler",
    "kitchen",
    "lantern",
    "mountain",
    "neighbour",
    "ocean",
];

fn serve(stream: &TcpStream, port: u16, state: &Mutex<State>) {
    let Ok(mut out) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let asked = line.split(' ').nth(1).unwrap_or("/").to_owned();
        let mut tag = None;
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).unwrap_or(0) == 0 {
                return;
            }
            let lower = header.to_ascii_lowercase();
            if lower.starts_with("if-none-match:") {
                tag = header
                    .split_once(':')
                    .map(|(_, value)| value.trim().to_owned());
            }
            if header.trim().is_empty() {
                break;
            }
        }
        let delay = state.lock().expect("no poison").delay;
        thread::sleep(delay);
        if hold(state, &asked) {
            return;
        }
        let answer = answer(
            &mut state.lock().expect("no poison"),
            port,
            &asked,
            tag.as_deref(),
        );
        if out.write_all(&answer).is_err() {
            return;
        }
    }
}

/// Holds a response back while the site is to; whether it did, and the connection is to be dropped.
fn hold(state: &Mutex<State>, asked: &str) -> bool {
    let mut did = false;
    loop {
        let mut now = state.lock().expect("no poison");
        let served: u32 = now
            .answered
            .iter()
            .filter_map(|(path, times)| number(path).map(|_| *times))
            .sum();
        let holds =
            number(asked).is_some() && now.hold_after.is_some_and(|most| served as usize >= most);
        if !holds {
            return did;
        }
        now.is_held = true;
        did = true;
        drop(now);
        thread::sleep(Duration::from_millis(2));
    }
}

fn answer(state: &mut State, port: u16, asked: &str, tag: Option<&str>) -> Vec<u8> {
    let (mut status, kind, body) = page(state, port, asked);
    let etag = format!(
        "\"{}-{}\"",
        body.len(),
        state.articles.values().sum::<u32>()
    );
    if status == 200 && tag == Some(etag.as_str()) {
        status = 304;
    }
    state.asked.push((asked.to_owned(), status));
    if status == 200 {
        *state.answered.entry(asked.to_owned()).or_default() += 1;
    }
    let body = if status == 304 { String::new() } else { body };
    let length = if status == 304 {
        String::new()
    } else {
        format!("Content-Length: {}\r\n", body.len())
    };
    format!("HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nETag: {etag}\r\n{length}\r\n{body}")
        .into_bytes()
}

fn page(state: &State, port: u16, asked: &str) -> (u16, &'static str, String) {
    let base = format!("http://127.0.0.1:{port}");
    match asked {
        "/robots.txt" => (
            200,
            "text/plain",
            format!("User-agent: *\nDisallow: /private/\nSitemap: {base}/sitemap.xml\n"),
        ),
        "/" => (200, "text/html", front(state)),
        "/sitemap.xml" => {
            let urls: String = state
                .articles
                .keys()
                .map(|n| format!("<url><loc>{base}{}</loc></url>", path(*n)))
                .collect();
            let xml = format!(
                "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>"
            );
            (200, "application/xml", xml)
        }
        // Nobody should see the first; the second is a listing of the site's.
        "/private/desk" => (200, "text/html", article(state.number, 9999, 1)),
        "/tag/rain" => (200, "text/html", front(state)),
        _ => match number(asked).and_then(|n| Some((n, *state.articles.get(&n)?))) {
            Some((n, _)) if state.broken.contains(&n) => (500, "text/html", String::new()),
            Some((n, version)) => (
                200,
                "text/html; charset=utf-8",
                article(state.number, n, version),
            ),
            None => (404, "text/html", "<h1>Not here</h1>".into()),
        },
    }
}

fn front(state: &State) -> String {
    let links: String = state
        .articles
        .keys()
        .rev()
        .take(30)
        .map(|n| {
            format!(
                "<article><h2><a href=\"{}\">{}</a></h2></article>",
                path(*n),
                title(*n)
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=en><head><title>The Loopback Post</title></head><body>
         <nav><a href=/>Home</a> <a href=/private/desk>Desk</a> <a href=/tag/rain>Rain</a></nav>
         <main>{links}</main></body></html>"
    )
}

fn title(n: u32) -> String {
    format!(
        "Story {n}: the {} and the {}",
        WORDS[n as usize % 40],
        WORDS[(n as usize * 7 + 3) % 40]
    )
}

/// Sentences that are this article's own: made from its numbers, different in most words.
fn article(site: u16, n: u32, version: u32) -> String {
    let mut seed = u64::from(site) << 40 | u64::from(n) << 8 | u64::from(version);
    let mut word = || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let pick = |shift: u32| WORDS[(seed >> shift) as usize % WORDS.len()];
        format!("{}{}", pick(33), pick(45))
    };
    let mut paragraphs = String::new();
    for _ in 0..6 {
        let words: Vec<_> = (0..40).map(|_| word()).collect();
        paragraphs.push_str(&format!(
            "<p>Story {n} says that {}, and people agreed with it.</p>\n",
            words.join(" ")
        ));
    }
    let title = title(n);
    format!(
        "<!doctype html><html lang=en><head><title>{title} - The Loopback Post</title>
         <meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{title}\">
         <meta property=\"article:published_time\" content=\"2026-11-{:02}T08:00:00+00:00\"></head><body>
         <nav><a href=/>Home</a></nav><article><h1>{title}</h1>\n{paragraphs}</article>
         <footer>All rights reserved.</footer></body></html>",
        n % 20 + 1
    )
}
