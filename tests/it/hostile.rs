//! Servers that mean harm, through the real binary: a crawl ends, in bounded memory, with an outcome
//! for each address, and the good pages beside the bad ones are stored.

#[path = "hostile/desk.rs"]
pub(crate) mod desk;
#[path = "hostile/misbehave.rs"]
mod misbehave;
#[path = "hostile/proxies.rs"]
mod proxies;
#[path = "hostile/server.rs"]
pub(crate) mod server;

use std::io::{Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use desk::Desk;
use misbehave::{forever, misbehave};
use server::{Asked, Server, answer, front, page, story};

/// The most memory a crawl may take, in KiB.
const MOST_KIB: u64 = 150 * 1024;

/// How a host's bad page behaves, and what its outcome must be. Each host has two good ones beside.
const BAD_PAGES: &[(&str, &[&str])] = &[
    ("endless", &["too_large"]),
    ("drip", &["timeout_total"]),
    ("stall", &["timeout_idle"]),
    ("silent", &["timeout_first_byte"]),
    ("endless-head", &["protocol"]),
    ("slow-head", &["timeout_first_byte"]),
    ("many-headers", &["protocol"]),
    ("noise", &["protocol"]),
    ("hang-up", &["connection"]),
    ("reset", &["connection"]),
    ("long-length", &["connection"]),
    ("bad-length", &["protocol"]),
    ("two-lengths", &["protocol"]),
    ("huge-length", &["too_large"]),
    ("gzip-bomb-1-mb", &["bomb", "too_large"]),
    ("gzip-bomb-10-gb", &["too_large", "bomb"]),
    ("brotli-bomb-10-gb", &["bomb", "too_large"]),
    ("zstd-bomb-10-gb", &["bomb", "too_large"]),
    ("broken-gzip", &["protocol"]),
    ("loop", &["redirect_loop"]),
    ("chain", &["redirect_loop"]),
    ("cookies", &["redirect_loop"]),
    ("to-ftp", &["refused_scheme"]),
    ("to-file", &["refused_scheme"]),
    ("to-script", &["refused_scheme", "bad_redirect"]),
    ("to-nowhere", &["bad_redirect"]),
    ("to-bad-bytes", &["bad_redirect"]),
    ("to-closed-port", &["robots_unreachable"]),
    ("picture", &["not_html"]),
    ("binary", &["not_html"]),
    ("no-text", &["decode"]),
    ("empty", &["not_html", "not_article"]),
    ("tags", &["not_article", "stored"]),
    ("mixed-charsets", &["stored"]),
    ("bad-bytes", &["stored"]),
    ("short-length", &["not_article", "stored"]),
    ("gone", &["not_found"]),
    ("shut", &["forbidden"]),
    ("teapot", &["client_error"]),
    ("broken", &["server_error"]),
];

#[test]
fn whatever_servers_do_a_crawl_ends_with_all_outcomes_and_all_good_pages() {
    let server = Server::start(serve);
    let tls = answer_tls_with_an_alert();
    // Connections are taken, and no handshake is ever answered.
    let mute = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let mute_url = format!(
        "https://mute.localhost:{}/",
        mute.local_addr().expect("bound").port()
    );
    // A part of a name has 63 bytes at the most: no name server is needed to know of none.
    let nameless_url = format!("http://{}.example/", "n".repeat(64));
    let mut seeds: Vec<String> = BAD_PAGES
        .iter()
        .map(|(host, _)| server.url(host, "/"))
        .collect();
    let hosts = [
        "robots-loop",
        "robots-endless",
        "robots-503",
        "robots-silent",
        "wait-1-s",
        "wait",
    ];
    seeds.extend(hosts.map(|host| server.url(host, "/")));
    seeds.push(format!("https://tls.localhost:{tls}/"));
    seeds.extend([mute_url.clone(), nameless_url.clone()]);

    let desk = Desk::new(
        "[fetch]\nallow_private_addresses = true\nconnect_timeout_s = 1.0\nfirst_byte_timeout_s = 2.0\n\
         idle_timeout_s = 2.0\ntotal_timeout_s = 5.0\nmax_redirects = 5\n\
         [site.\"mute.localhost\"]\npermission = \"its robots.txt cannot be had either\"\n",
    );
    let most_kib = desk.crawl(&seeds);
    assert!(most_kib < MOST_KIB, "{most_kib} KiB at the most");

    let outcomes = desk.outcomes();
    let of = |url: &str| {
        let (outcome, reason) = outcomes
            .get(url)
            .unwrap_or_else(|| panic!("{url} is not known"));
        (outcome.as_deref().unwrap_or("none"), reason)
    };
    let mut surprises = Vec::new();
    for (host, expected) in BAD_PAGES {
        for path in good(host) {
            let url = server.url(host, &path);
            if of(&url).0 != "stored" {
                surprises.push(format!("{url}: {:?}", of(&url)));
            }
        }
        let url = server.url(host, &bad(host));
        if !expected.contains(&of(&url).0) {
            surprises.push(format!("{url}: {:?}", of(&url)));
        }
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
    // A robots.txt that goes in circles counts as absent; of an endless one the start holds.
    for host in ["robots-loop", "robots-endless", "wait-1-s"] {
        for path in good(host) {
            let url = server.url(host, &path);
            assert_eq!(of(&url).0, "stored", "{url}: {:?}", of(&url).1);
        }
    }
    let secret = server.url("robots-endless", &bad("robots-endless"));
    assert_eq!(of(&secret).0, "robots_denied");
    for host in ["robots-503", "robots-silent"] {
        assert_eq!(of(&server.url(host, "/")).0, "robots_unreachable");
    }
    assert_eq!(of(&format!("https://tls.localhost:{tls}/")).0, "tls");
    assert_eq!(of(&mute_url).0, "timeout_connect", "{:?}", of(&mute_url).1);
    assert_eq!(of(&nameless_url).0, "dns", "{:?}", of(&nameless_url).1);
    // How a page was read is said where it was not as it should be.
    for (host, remark) in [
        ("mixed-charsets", "labelled Shift_JIS"),
        ("bad-bytes", "2 invalid bytes in UTF-8"),
    ] {
        let said = of(&server.url(host, &bad(host))).1.as_deref();
        assert!(said.is_some_and(|said| said.contains(remark)), "{said:?}");
    }
    // Without a time to come back at, the host is left alone for longer than the run waits.
    assert_eq!(of(&server.url("wait", &bad("wait"))).0, "rate_limited");

    let log = server.log();
    for host in ["robots-503", "robots-silent"] {
        let asked: Vec<&Asked> = log.iter().filter(|asked| asked.host == host).collect();
        assert!(
            asked.iter().all(|asked| asked.path == "/robots.txt"),
            "{asked:?}"
        );
    }
    assert!(
        !log.iter()
            .any(|asked| asked.host == "robots-endless" && asked.path == bad("robots-endless"))
    );
    assert!(log.iter().all(|asked| asked.header("cookie").is_none()));
    // The summary counts every try that the store knows of.
    let summary = desk.summary();
    let counted: u64 = summary["outcomes"]
        .as_object()
        .expect("counts")
        .values()
        .filter_map(serde_json::Value::as_u64)
        .sum();
    assert_eq!(counted, desk.tries(), "{summary:#}");
}

#[test]
fn ten_thousand_hosts_on_one_address_are_a_bounded_crawl() {
    const HOSTS: usize = 10_000;
    let server = Server::start(|asked, out| match asked.path.as_str() {
        "/robots.txt" if asked.host == "trap" => answer(out, "404 Not Found", ""),
        "/sitemap.xml" if asked.host == "trap" => {
            let urls: Vec<String> = (0..HOSTS)
                .map(|n| {
                    let port = asked.header("host").and_then(|host| host.split(':').nth(1));
                    let port = port.unwrap_or_default();
                    format!("<url><loc>http://n{n}.trap.localhost:{port}/2026/11/05/a-story-{n}</loc></url>")
                })
                .collect();
            let xml = format!(
                "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{}</urlset>",
                urls.concat()
            );
            answer(out, "200 OK\r\nContent-Type: application/xml", xml)
        }
        // As many connections as hosts: none is kept.
        "/robots.txt" => answer(out, "404 Not Found\r\nConnection: close", "").map(|_| false),
        path if asked.host == "fair" && path == "/" => page(out, front(&good("fair"))),
        path if asked.host == "fair" => page(out, story("fair", path)),
        _ => answer(out, "410 Gone\r\nConnection: close", "").map(|_| false),
    });
    let desk = Desk::new(
        "[fetch]\nallow_private_addresses = true\n[optout]\ntdm_reservation = \"ignore\"\n",
    );
    let most_kib = desk.crawl(&[server.url("trap", "/sitemap.xml"), server.url("fair", "/")]);
    assert!(most_kib < MOST_KIB, "{most_kib} KiB at the most");
    let outcomes = desk.outcomes();
    let gone = outcomes
        .values()
        .filter(|(outcome, _)| outcome.as_deref() == Some("not_found"));
    assert_eq!(gone.count(), HOSTS);
    for path in good("fair") {
        let (outcome, reason) = &outcomes[&server.url("fair", &path)];
        assert_eq!(outcome.as_deref(), Some("stored"), "{reason:?}");
    }
}

/// The protocol allows 50 MiB; what a page may have does not hold for a list of addresses.
#[test]
fn a_long_sitemap_is_read_to_its_end() {
    let server = Server::start(|asked, out| match asked.path.as_str() {
        "/robots.txt" => answer(out, "404 Not Found", ""),
        "/sitemap.xml" => {
            let port = asked.header("host").and_then(|host| host.split(':').nth(1));
            let base = format!("http://fair.localhost:{}", port.unwrap_or_default());
            let old = (0..100_000).map(|n| format!("/2001/02/03/an-old-story-{n}"));
            let urls: Vec<String> = old
                .chain(good("fair"))
                .map(|path| {
                    let often = "<changefreq>yearly</changefreq><priority>0.5</priority>";
                    format!("<url><loc>{base}{path}</loc>{often}</url>\n")
                })
                .collect();
            let xml = format!(
                "<?xml version=\"1.0\"?>\n<urlset>{}</urlset>",
                urls.concat()
            );
            assert!(xml.len() > 10 << 20, "{} bytes", xml.len());
            answer(out, "200 OK\r\nContent-Type: application/xml", xml)
        }
        path => page(out, story("fair", path)),
    });
    let desk = Desk::new(
        "[fetch]\nallow_private_addresses = true\n[site.\"fair.localhost\"]\nexclude = [\"/2001/\"]\n",
    );
    let most_kib = desk.crawl(&[server.url("fair", "/sitemap.xml")]);
    assert!(most_kib < MOST_KIB, "{most_kib} KiB at the most");
    let outcomes = desk.outcomes();
    for path in good("fair") {
        let (outcome, reason) = &outcomes[&server.url("fair", &path)];
        assert_eq!(outcome.as_deref(), Some("stored"), "{reason:?}");
    }
}

/// Paths of a host's good pages.
fn good(host: &str) -> Vec<String> {
    let host = host.trim_end_matches(".example");
    ["first", "second"]
        .map(|which| format!("/2026/11/05/{host}-{which}-story"))
        .to_vec()
}

/// The path of a host's bad page.
fn bad(host: &str) -> String {
    format!("/2026/11/05/{host}-bad-story")
}
fn serve(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    let host = asked.host.as_str();
    let path = asked.path.as_str();
    match (host, path) {
        ("robots-503", _) => answer(out, "503 Busy", ""),
        ("robots-silent", _) => {
            thread::sleep(Duration::from_secs(20));
            Ok(false)
        }
        ("robots-loop", "/robots.txt") => answer(out, "302 Found\r\nLocation: /robots.txt", ""),
        ("robots-endless", "/robots.txt") => {
            write!(
                out,
                "HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: {}\n",
                bad(host)
            )?;
            forever(out, &[b"# more to come\n".repeat(1000)])
        }
        (_, "/robots.txt") => answer(out, "404 Not Found", ""),
        (_, "/") => page(out, front(&[good(host), vec![bad(host)]].concat())),
        ("wait-1-s" | "wait", _) => complain(asked, out),
        _ if path == bad(host) => misbehave(asked, out),
        _ if good(host).iter().any(|good| good == path) => page(out, story(host, path)),
        (_, "/leave") => answer(out, "302 Found\r\nLocation: /leave", ""),
        _ if path.starts_with("/hop-") => {
            let hops: u32 = path["/hop-".len()..].parse().unwrap_or(0);
            answer(
                out,
                &format!("302 Found\r\nLocation: /hop-{}", hops + 1),
                "",
            )
        }
        _ => answer(out, "404 Not Found", ""),
    }
}

/// Asks for quiet once, by the bad page; then all is well.
fn complain(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    static ASKED: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
    let mut before = ASKED.lock().expect("no panic");
    if asked.path == bad(&asked.host) && !before.contains(&asked.host) {
        before.push(asked.host.clone());
        let wish = if asked.host == "wait" {
            ""
        } else {
            "\r\nRetry-After: 1"
        };
        return answer(out, &format!("429 Too Many Requests{wish}"), "");
    }
    page(out, story(&asked.host, &asked.path))
}
/// A port where every TLS handshake is answered with an alert; returns it.
fn answer_tls_with_an_alert() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut hello = [0; 512];
            let _ = stream.read(&mut hello);
            // A fatal handshake_failure (RFC 8446, 6).
            let _ = stream.write_all(b"\x15\x03\x03\x00\x02\x02\x28");
        }
    });
    port
}
