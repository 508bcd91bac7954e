//! Fuzzing of what comes from outside: robots.txt, answers with their headers, bytes to decode,
//! addresses. Seeds and mutations are the same in every run; see [`mutate::fuzz`] for longer ones:
//!
//! ```sh
//! GLEANER_FUZZ_SECONDS=600 cargo test --test fuzz -- --nocapture
//! ```

mod mutate;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use gleaner::config::{Config, OptOutConfig};
use gleaner::fetch::{Validators, address_guard};
use gleaner::polite::robots::{MAX_ROBOTS_BYTES, Robots};
use gleaner::polite::{PoliteClient, optout};
use gleaner::{address, decode};
use mutate::fuzz;
use url::Url;

#[test]
fn robots() {
    let seeds: &[&[u8]] = &[
        b"User-agent: *\nDisallow: /a/*/b$\nAllow: /a/index.html\nCrawl-delay: 2.5\n",
        b"\xef\xbb\xbfUser-agent: gleaner\r\nDisallow: /\xc3\xbc%C3%BC\r\nSitemap: https://a.example/s.xml",
        b"User-agent: x\nUser-agent: Gleaner/2\n\nDisallow: *?q=*&r=*#c\nContent-Usage: train-ai=n\nHost: a",
    ];
    let words: &[&[u8]] = &[
        b"*",
        b"**",
        b"$",
        b"%",
        b"%2",
        b"\0",
        b"\r",
        b"\n",
        b"\xff",
        b"\xe6\xbc\xa2",
        b":",
        b"#",
        b"User-agent: ",
        b"Disallow: /",
        b"Allow: ",
        b"/index.htm",
        b"gleaner",
        b"Crawl-delay: 1e999",
    ];
    fuzz("robots", seeds, words, |file| {
        let robots = Robots::parse(file, "gleaner");
        assert!(robots.allows("/robots.txt"));
        assert!(
            robots
                .crawl_delay_s
                .is_none_or(|delay| delay.is_finite() && delay >= 0.0)
        );
        for path in ["/", "/a/x/b", "/a/", "/%C3%BC?q=1&r=2", "//", ""] {
            // The same file says the same, whole and read in parts of at most its limit.
            let rule = robots.rule_for(path);
            assert_eq!(
                robots.allows(path),
                path == "/robots.txt" || rule.is_none_or(|rule| rule.allow)
            );
            assert!(rule.is_none_or(|rule| rule.pattern.len() <= 3 * MAX_ROBOTS_BYTES));
        }
    });
}

#[test]
fn decoding() {
    let seeds: &[&[u8]] = &[
        "<meta charset=utf-8><p>Ночной паром снова вышел в пролив.</p>".as_bytes(),
        b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><p>caf\xe9</p>",
        b"<meta http-equiv=content-type content='text/html; charset=shift_jis'>\x96\xe9\x8d\x73",
        b"\xff\xfe<\0p\0>\0",
        b"\x1b$B$3$s\x1b(B",
    ];
    let words: &[&[u8]] = &[
        b"<meta charset=",
        b"utf-16",
        b"gbk",
        b"iso-2022-jp",
        b"'",
        b"\"",
        b"<!--",
        b"-->",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xef\xbf\xbd",
        b"\xc3",
        b"\xe9",
        b"\x1b$B",
        b"<",
        b">",
        b"=",
        b"/",
    ];
    let labels = [
        None,
        Some("utf-8"),
        Some("gbk"),
        Some("utf-16le"),
        Some("iso-2022-jp"),
        Some("replacement"),
        Some("x"),
    ];
    fuzz("decoding", seeds, words, |bytes| {
        for label in labels {
            let page = decode::decode(bytes, label);
            assert!(page.invalid <= page.text.matches('\u{fffd}').count());
            // No encoding makes more than three bytes of one, but for the replacement of all.
            assert!(page.text.len() <= 3 * bytes.len() + 3, "{}", page.encoding);
            let _ = (page.is_text(), page.remark());
        }
    });
}

#[test]
fn addresses() {
    let seeds: &[&[u8]] = &[
        b"https://user:pass@news.example:8443/2026/11/05/a-story.html?utm_source=x&id=7#part",
        b"http://[::ffff:127.0.0.1]/a/../b/./index.html;jsessionid=1?b=2&a=1",
        "https://bücher.example/%7eü/漢字?q=ä".as_bytes(),
        b"//other.example/path",
        b"http://0x7f.1/",
    ];
    let words: &[&[u8]] = &[
        b"://",
        b"//",
        b"/..",
        b"%2e",
        b"%",
        b"%00",
        b"?",
        b"&",
        b"=",
        b"#",
        b"@",
        b":",
        b"[",
        b"]",
        b"xn--",
        b".",
        b"\xe3\x80\x82",
        b"\xff",
        b" ",
        b"\t",
        b"utm_",
        b"127.0.0.1",
        b"localhost",
        b";",
    ];
    let Ok(base) = Url::parse("https://news.example/section/") else {
        unreachable!("a valid address")
    };
    fuzz("addresses", seeds, words, |bytes| {
        let Ok(url) = base.join(&String::from_utf8_lossy(bytes)) else {
            return;
        };
        let canonical = address::canonical(&url);
        assert_eq!(address::canonical(&canonical), canonical, "of {url}");
        let _ = address::host_key(&canonical);
        if matches!(url.scheme(), "http" | "https") && address_guard::allows_literal(&url) {
            // What is allowed as a literal is no literal of this machine.
            assert!(!matches!(
                url.host_str(),
                Some("127.0.0.1" | "[::1]" | "localhost" | "0.0.0.0")
            ));
        }
    });
}

/// Whole answers, headers and body, through the client, the pace and the opt-outs.
#[test]
fn answers() {
    let seeds: &[&[u8]] = &[
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 9\r\n\r\n<p>Rain.",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<p>Rain. \r\n0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /next?a=b\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 503 Busy\r\nRetry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n\r\n",
        b"HTTP/1.1 429 No\r\nRetry-After: 120\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Robots-Tag: gleaner: noindex, unavailable_after: 25 Jun 2025 15:00:00 PST\r\ntdm-reservation: 1\r\n\r\n<p>",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03\xb3)\xb0\x0bJ\xcc\xcc\xd3\x03\0\x15\xd9\xba\x0c\x08\0\0\0",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x0b\x03\x80<p>Rain.\x03",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n\x28\xb5\x2f\xfd\x04\x58\x41\0\0<p>Rain.\x00\x00\x00\x00",
    ];
    let words: &[&[u8]] = &[
        b"\r\n",
        b"\n",
        b"\r\n\r\n",
        b"\0",
        b"\xff",
        b": ",
        b"HTTP/1.1 ",
        b"Location: ",
        b"http://",
        b"//",
        b"Content-Length: ",
        b"Transfer-Encoding: chunked",
        b"Content-Encoding: deflate\r\n",
        b"0\r\n\r\n",
        b"ffffffffffffffff\r\n",
        b"-1",
        b"Retry-After: ",
        b"99999999999999999999",
        b"100 Continue\r\n\r\n",
        b"304",
        b"204",
        b"X-Robots-Tag: ",
        b"unavailable_after: ",
        b",",
        b"127.0.0.1",
    ];
    let next: Arc<Mutex<Vec<u8>>> = Arc::default();
    let port = serve(Arc::clone(&next));
    let mut config = Config::default();
    config.fetch.allow_private_addresses = true;
    config.fetch.first_byte_timeout_s = 5.0;
    config.fetch.idle_timeout_s = 5.0;
    config.fetch.max_body_bytes = 100_000;
    config.politeness.min_delay_s = 0.0;
    config.politeness.latency_factor = 0.0;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let polite = PoliteClient::new(&config).expect("valid settings");
    let mut case = 0;
    fuzz("answers", seeds, words, |bytes| {
        *next.lock().expect("no panic") = bytes.to_vec();
        // A host of its own: one that complains is left alone.
        case += 1;
        let url = format!("http://n{case}.localhost:{port}/page");
        let url = Url::parse(&url).expect("a valid address");
        let visit = runtime.block_on(polite.visit(&url, &Validators::default()));
        assert!(visit.body.len() <= 100_000);
        assert!(
            visit.outcome.is_none() || visit.reason.is_some(),
            "{visit:?}"
        );
        assert!(visit.redirects.len() <= 10 + 1, "{visit:?}");
        let metas = std::iter::empty();
        let _ = optout::read(
            &visit.headers,
            metas,
            None,
            &OptOutConfig::default(),
            jiff::Timestamp::UNIX_EPOCH,
        );
    });
}

/// Answers every request for a page with these bytes, and closes; returns the port.
fn serve(answer: Arc<Mutex<Vec<u8>>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap_or(0);
            let is_robots = request[..length].starts_with(b"GET /robots.txt ");
            let bytes = if is_robots {
                b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".to_vec()
            } else {
                answer.lock().expect("no panic").clone()
            };
            let _ = stream.write_all(&bytes);
        }
    });
    port
}
