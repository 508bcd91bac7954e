//! Fetching through proxies, which hide where names lead.

use std::io::{Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::desk::Desk;
use super::server::{Server, answer, front, page, story};
use super::{bad, good};

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
