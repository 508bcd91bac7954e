//! Servers that mean harm, through the real binary: a crawl ends, in bounded memory, with an outcome
//! for each address, and the good pages beside the bad ones are stored.

#[path = "hostile/server.rs"]
pub(crate) mod server;

use std::collections::BTreeMap;
use std::io::{Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use flate2::{Compress, Compression, FlushCompress};
use server::{Asked, Server, answer, front, page, story};
use tempfile::TempDir;

/// The most memory a crawl may take, in KiB.
const MOST_KIB: u64 = 150 * 1024;

/// 1 GiB of spaces, packed by brotli.
const SPACES: &[u8] = include_bytes!("hostile/spaces-1-gib.br");

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
    ("brotli-bomb", &["bomb"]),
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
    ("empty", &["not_html", "not_article"]),
    ("tags", &["not_article", "stored"]),
    ("mixed-charsets", &["stored"]),
    ("short-length", &["not_article", "stored"]),
    ("gone", &["not_found"]),
    ("teapot", &["client_error"]),
    ("broken", &["server_error"]),
];

#[test]
fn whatever_servers_do_a_crawl_ends_with_all_outcomes_and_all_good_pages() {
    let server = Server::start(serve);
    let tls = answer_tls_with_an_alert();
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

    let desk = Desk::new(
        "[fetch]\nallow_private_addresses = true\nconnect_timeout_s = 2.0\nfirst_byte_timeout_s = 2.0\n\
         idle_timeout_s = 2.0\ntotal_timeout_s = 5.0\nmax_redirects = 5\n",
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

/// Behind a proxy every name is public as far as we know: what is led to from there must not be.
#[test]
fn no_redirect_leads_to_a_private_address_and_a_proxy_is_used() {
    let server = Server::start(|asked, out| {
        let to = |out: &mut TcpStream, target: &str| {
            answer(out, &format!("302 Found\r\nLocation: {target}"), "")
        };
        let host = asked.host.trim_end_matches(".example");
        match asked.path.as_str() {
            "/robots.txt" => answer(out, "404 Not Found", ""),
            "/" => page(out, front(&[good(host), vec![bad(host)]].concat())),
            path if path == bad(host) => match host {
                "loopback" => to(out, "http://127.0.0.1/admin"),
                "decimal" => to(out, "http://2130706433/"),
                "octal" => to(out, "http://0177.0.0.1/"),
                "metadata" => to(out, "http://169.254.169.254/latest/meta-data/"),
                "mapped" => to(out, "http://[::ffff:10.0.0.1]/"),
                "nat64" => to(out, "http://[64:ff9b::a00:1]/"),
                "unique-local" => to(out, "http://[fd00::1]/"),
                "by-name" => to(out, "http://intranet.localhost/"),
                // By way of another host.
                _ => to(out, "http://loopback.example/2026/11/05/loopback-bad-story"),
            },
            path => page(out, story(host, path)),
        }
    });
    let hosts = [
        "loopback",
        "decimal",
        "octal",
        "metadata",
        "mapped",
        "nat64",
        "unique-local",
        "by-name",
        "chained",
    ];
    let desk = Desk::new(&format!(
        "[fetch]\nproxy = \"http://127.0.0.1:{}\"\nfrom = \"crawler@a.example\"\n",
        server.port
    ));
    desk.crawl(&hosts.map(|host| format!("http://{host}.example/")));
    let outcomes = desk.outcomes();
    for host in hosts {
        let (outcome, reason) = &outcomes[&format!("http://{host}.example{}", bad(host))];
        assert_eq!(
            outcome.as_deref(),
            Some("refused_address"),
            "{host}: {reason:?}"
        );
        for path in good(host) {
            let (outcome, reason) = &outcomes[&format!("http://{host}.example{path}")];
            assert_eq!(outcome.as_deref(), Some("stored"), "{host}: {reason:?}");
        }
    }
    let log = server.log();
    assert!(
        log.iter().all(|asked| asked.host.ends_with(".example")),
        "{log:?}"
    );
    assert!(
        log.iter()
            .all(|asked| asked.header("from") == Some("crawler@a.example"))
    );
}

/// A SOCKS proxy that is told names, and one that is told addresses.
#[test]
fn a_socks_proxy_is_used() {
    let server = Server::start(|asked, out| match asked.path.as_str() {
        "/robots.txt" => answer(out, "404 Not Found", ""),
        path => page(out, story("beyond", path)),
    });
    for (scheme, host, kind) in [
        ("socks5h", "beyond.example", 3),
        ("socks5", "a.localhost", 1),
    ] {
        let (proxy, asked_for) = socks_proxy(server.port);
        let private = scheme == "socks5";
        let desk = Desk::new(&format!(
            "[fetch]\nproxy = \"{scheme}://127.0.0.1:{proxy}\"\nallow_private_addresses = {private}\n"
        ));
        let url = format!("http://{host}/2026/11/05/beyond-first-story");
        desk.crawl(std::slice::from_ref(&url));
        let (outcome, reason) = &desk.outcomes()[&url];
        assert_eq!(outcome.as_deref(), Some("stored"), "{scheme}: {reason:?}");
        let asked_for = asked_for.lock().expect("no panic");
        assert!(
            !asked_for.is_empty() && asked_for.iter().all(|asked| *asked == kind),
            "{asked_for:?}"
        );
    }
}

/// A SOCKS5 proxy (RFC 1928) that leads everywhere to `target`; its port, and the kinds of address
/// that it was asked for: 1 for IPv4, 3 for a name.
fn socks_proxy(target: u16) -> (u16, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let kinds = Arc::<Mutex<Vec<u8>>>::default();
    let noted = Arc::clone(&kinds);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let noted = Arc::clone(&noted);
            thread::spawn(move || lead(stream, target, &noted));
        }
    });
    (port, kinds)
}

fn lead(mut stream: TcpStream, target: u16, kinds: &Mutex<Vec<u8>>) -> std::io::Result<()> {
    let mut greeting = [0; 2];
    stream.read_exact(&mut greeting)?;
    stream.read_exact(&mut vec![0; usize::from(greeting[1])])?;
    stream.write_all(&[5, 0])?;
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    kinds.lock().expect("no panic").push(head[3]);
    let mut length = [4];
    if head[3] == 3 {
        stream.read_exact(&mut length)?;
    }
    stream.read_exact(&mut vec![0; usize::from(length[0]) + 2])?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    let mut beyond = TcpStream::connect(("127.0.0.1", target))?;
    let (mut from, mut to) = (stream.try_clone()?, beyond.try_clone()?);
    thread::spawn(move || std::io::copy(&mut from, &mut to));
    std::io::copy(&mut beyond, &mut stream)?;
    Ok(())
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

/// The start of an answer.
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html";

fn misbehave(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    let host = asked.host.as_str();
    match host {
        _ if host.contains("gzip") || host.contains("brotli") => pack(host, out),
        "loop" | "chain" | "cookies" => lead_away(asked, out),
        _ if host.starts_with("to-") => lead_away(asked, out),
        "picture" | "binary" | "empty" | "tags" | "mixed-charsets" => fill(asked, out),
        "gone" => answer(out, "410 Gone", ""),
        "teapot" => answer(out, "418 I'm a teapot", ""),
        "broken" | "robots-loop" | "robots-endless" => answer(out, "500 Oops", ""),
        _ => break_http(host, out),
    }
}

fn break_http(host: &str, out: &mut TcpStream) -> std::io::Result<bool> {
    match host {
        "endless" => {
            write!(out, "{OK}\r\n\r\n<p>")?;
            forever(out, &[b"and so on ".repeat(5000)])
        }
        "drip" => {
            write!(out, "{OK}\r\n\r\n")?;
            slowly(out, b"a", Duration::from_secs(1))
        }
        "stall" => {
            write!(out, "{OK}\r\nContent-Length: 1000\r\n\r\n<p>Wait for")?;
            thread::sleep(Duration::from_secs(20));
            Ok(false)
        }
        "silent" => {
            thread::sleep(Duration::from_secs(20));
            Ok(false)
        }
        "endless-head" => {
            write!(out, "{OK}\r\nX-Long: ")?;
            forever(out, &[b"on and on ".repeat(5000)])
        }
        "slow-head" => {
            write!(out, "{OK}\r\n")?;
            slowly(out, b"X-More: to come\r\n", Duration::from_millis(200))
        }
        "many-headers" => {
            write!(out, "{OK}\r\n")?;
            forever(out, &[b"X-More: to come\r\n".repeat(100)])
        }
        "noise" => {
            out.write_all(b"\x16\x03\x01 no HTTP at all \0\0\r\n\r\n")?;
            Ok(false)
        }
        "hang-up" => Ok(false),
        "reset" => {
            write!(
                out,
                "{OK}\r\nContent-Length: 9000\r\n\r\n<p>In the middle of"
            )?;
            // What is unread when a connection is closed makes the system reset it.
            thread::sleep(Duration::from_millis(50));
            Ok(false)
        }
        "long-length" => {
            write!(
                out,
                "{OK}\r\nContent-Length: 100000\r\n\r\n{}",
                story(host, "/x")
            )?;
            Ok(false)
        }
        "bad-length" => {
            write!(out, "{OK}\r\nContent-Length: many\r\n\r\n<p>x")?;
            Ok(false)
        }
        "two-lengths" => {
            write!(
                out,
                "{OK}\r\nContent-Length: 4\r\nContent-Length: 7\r\n\r\n<p>x<p>y"
            )?;
            Ok(false)
        }
        "huge-length" => {
            write!(out, "{OK}\r\nContent-Length: 99999999999\r\n\r\n<p>x")?;
            Ok(false)
        }
        "short-length" => {
            write!(
                out,
                "{OK}\r\nContent-Length: 20\r\n\r\n{}",
                story(host, "/x")
            )?;
            Ok(false)
        }
        _ => unreachable!("{host} has no page like this"),
    }
}

fn pack(host: &str, out: &mut TcpStream) -> std::io::Result<bool> {
    match host {
        // 1 MB that unpacks to 1 GB, and 10 MB that unpack to 10 GB.
        "gzip-bomb-1-mb" => {
            let (head, block) = gzip_of_spaces();
            let blocks = 1024;
            let length = head.len() + blocks * block.len();
            write!(
                out,
                "{OK}\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n"
            )?;
            out.write_all(&head)?;
            for _ in 0..blocks {
                out.write_all(&block)?;
            }
            Ok(true)
        }
        "gzip-bomb-10-gb" => {
            write!(out, "{OK}\r\nContent-Encoding: gzip\r\n\r\n")?;
            let (head, block) = gzip_of_spaces();
            out.write_all(&head)?;
            for _ in 0..10 * 1024 {
                out.write_all(&block)?;
            }
            Ok(false)
        }
        "brotli-bomb" => answer(
            out,
            "200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br",
            SPACES,
        ),
        "broken-gzip" => answer(
            out,
            "200 OK\r\nContent-Encoding: gzip",
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03 no deflate at all",
        ),
        _ => unreachable!("{host} has no page like this"),
    }
}

fn lead_away(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    let to = |out: &mut TcpStream, target: &[u8]| {
        out.write_all(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ")?;
        out.write_all(target)?;
        out.write_all(b"\r\n\r\n")?;
        Ok(true)
    };
    match asked.host.as_str() {
        "loop" => to(out, asked.path.as_bytes()),
        "chain" => to(out, b"/hop-1"),
        // Who brings no cookie is sent in circles.
        "cookies" if asked.header("cookie").is_none() => answer(
            out,
            &format!(
                "302 Found\r\nSet-Cookie: seen=1; Path=/\r\nLocation: {}",
                asked.path
            ),
            "",
        ),
        "to-ftp" => to(out, b"ftp://a.example/file"),
        "to-file" => to(out, b"file:///etc/passwd"),
        "to-script" => to(out, b"javascript:alert(1)"),
        "to-nowhere" => answer(out, "302 Found", ""),
        "to-bad-bytes" => to(out, b"http://\xff\xfe\x80:99999/%"),
        "to-closed-port" => to(out, b"http://closed.localhost:1/"),
        host => unreachable!("{host} has no page like this"),
    }
}

fn fill(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    let host = asked.host.as_str();
    match host {
        "picture" => {
            write!(out, "{OK}\r\n\r\n")?;
            out.write_all(b"\x89PNG\r\n\x1a\n")?;
            forever(out, &[vec![7; 50_000]])
        }
        "binary" => {
            write!(out, "{OK}\r\n\r\n")?;
            forever(out, &[(0..=255u8).collect::<Vec<u8>>().repeat(200)])
        }
        "empty" => page(out, ""),
        "tags" => page(out, "<b><i>".repeat(1_700_000)),
        "mixed-charsets" => {
            let story = story(host, &asked.path).replace("mayor", "m\u{e4}yor");
            let half = story.len() / 2;
            let mut body = story.into_bytes();
            body.splice(half..half, *b" caf\xe9 ");
            answer(
                out,
                "200 OK\r\nContent-Type: text/html; charset=shift_jis",
                body,
            )
        }
        _ => unreachable!("{host} has no page like this"),
    }
}

/// Writes these pieces over and over, until nobody reads them any more.
fn forever(out: &mut TcpStream, pieces: &[Vec<u8>]) -> std::io::Result<bool> {
    loop {
        for piece in pieces {
            out.write_all(piece)?;
        }
    }
}

/// Writes a piece after each pause, until nobody reads it any more.
fn slowly(out: &mut TcpStream, piece: &[u8], pause: Duration) -> std::io::Result<bool> {
    loop {
        out.write_all(piece)?;
        out.flush()?;
        thread::sleep(pause);
    }
}

/// The start of a gzip stream, and 1 MiB of spaces as a block that can be repeated in it.
fn gzip_of_spaces() -> (Vec<u8>, Vec<u8>) {
    let head = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
    let mut block = Vec::with_capacity(4096);
    Compress::new(Compression::best(), false)
        .compress_vec(&vec![b' '; 1 << 20], &mut block, FlushCompress::Full)
        .expect("room enough");
    (head, block)
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

/// A folder with settings and a store.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    /// Settings without waiting, and these.
    pub(crate) fn new(settings: &str) -> Self {
        Self::with(&format!(
            "[politeness]\nmin_delay_s = 0.0\nlatency_factor = 0.0\n{settings}"
        ))
    }

    pub(crate) fn with(settings: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = format!(
            "[crawl]\nsince_days = 0\nnear_duplicates = false\ncontact = \"crawler@a.example\"\n{settings}"
        );
        std::fs::write(folder.path().join("gleaner.toml"), settings).expect("written");
        Self { folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Crawls to the end; returns the most memory that it took, in KiB.
    pub(crate) fn crawl(&self, seeds: &[String]) -> u64 {
        let mut run = Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .current_dir(self.path())
            .args(["--quiet", "crawl", "--summary-json", "summary.json"])
            .args(seeds)
            .stderr(Stdio::inherit())
            .spawn()
            .expect("it starts");
        let mut most_kib = 0;
        while run.try_wait().expect("a child").is_none() {
            most_kib = most_kib.max(peak_kib(run.id()).unwrap_or(0));
            thread::sleep(Duration::from_millis(20));
        }
        most_kib
    }

    pub(crate) fn summary(&self) -> serde_json::Value {
        let json = std::fs::read_to_string(self.path().join("summary.json")).expect("a summary");
        serde_json::from_str(&json).expect("JSON")
    }

    /// Outcome and reason of each address the store knows.
    pub(crate) fn outcomes(&self) -> BTreeMap<String, (Option<String>, Option<String>)> {
        let store = self.open();
        let mut rows = store
            .prepare("SELECT url, outcome, reason FROM url")
            .expect("the table");
        rows.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
            .expect("rows")
            .collect::<Result<_, _>>()
            .expect("readable")
    }

    /// Tries in the store's log.
    fn tries(&self) -> u64 {
        self.open()
            .query_row("SELECT count(*) FROM fetch", [], |row| row.get(0))
            .expect("the table")
    }

    fn open(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path().join("gleaner.db")).expect("a store")
    }
}

/// The most memory a process has had so far, in KiB.
fn peak_kib(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
