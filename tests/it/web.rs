//! `extract` and `check` on addresses: what a server can answer, through the real binary.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use assert_cmd::Command;

const STORY: &str = "<html><title>Rain - Post</title><body><nav><a href=/>Home</a></nav><h1>Rain</h1>\
    <p>After ninety dry days it rained in the valley on Monday, and the farmers stood outside to watch.</p>\
    <p>The reservoir, which had been closed since June, will open again on Saturday, said the mayor.</p>";

/// Serves a few answers on loopback, for as long as the test runs; gives the origin.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port");
    let origin = format!("http://{}", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let asked = lines.next().unwrap_or_default();
            lines.take_while(|line| !line.is_empty()).for_each(drop);
            let path = asked.split(' ').nth(1).unwrap_or_default();
            let (head, body) = match path {
                "/robots.txt" => (
                    "200 OK",
                    "User-agent: *\nDisallow: /private/\nContent-Usage: train-ai=n\n",
                ),
                "/story" => ("200 OK\r\nContent-Type: text/html; charset=utf-8", STORY),
                "/broken" => ("500 Oops", ""),
                "/loop" => ("302 Found\r\nLocation: /loop2", ""),
                "/loop2" => ("302 Found\r\nLocation: /loop", ""),
                _ => ("404 Not Found", ""),
            };
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    origin
}

fn gleaner(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("gleaner")
        .expect("the binary is built")
        .env("GLEANER_POLITENESS__MIN_DELAY_S", "0")
        .args(arguments)
        .output()
        .expect("the binary runs");
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn an_address_gives_its_story() {
    let (status, out, _) = gleaner(&["extract", "--allow-private", &format!("{}/story", serve())]);
    assert_eq!(status, 0);
    assert!(
        out.starts_with("After ninety dry days") && !out.contains("Home"),
        "{out}"
    );
}

#[test]
fn what_cannot_be_fetched_is_said_with_its_address() {
    let origin = serve();
    for (path, why) in [
        ("/missing", "not_found"),
        ("/broken", "server_error"),
        ("/loop", "redirect_loop"),
        ("/private/x", "robots_denied"),
    ] {
        let url = format!("{origin}{path}");
        let (status, _, said) = gleaner(&["extract", "--allow-private", &url]);
        assert_eq!(status, 1, "{url}: {said}");
        assert!(said.contains(&url) && said.contains(why), "{said}");
    }
    let (status, _, said) = gleaner(&["extract", &format!("{origin}/story")]);
    assert!(status == 1 && said.contains("refused_address"), "{said}");
    // A part of a name has 63 bytes at the most: no name server is needed to know of none.
    let nowhere = format!("http://{}.example/x", "n".repeat(64));
    let (status, _, said) = gleaner(&["extract", &nowhere]);
    assert!(
        status == 1 && said.contains(&nowhere) && said.contains("dns"),
        "{said}"
    );
}

#[test]
fn check_names_the_rule() {
    let origin = serve();
    let (status, out, _) = gleaner(&["check", "--allow-private", &format!("{origin}/private/x")]);
    assert!(
        status == 1 && out.contains("line 2") && out.contains("/private/"),
        "{out}"
    );
    let (status, out, _) = gleaner(&["check", "--allow-private", &format!("{origin}/story")]);
    assert!(status == 0 && out.contains("allowed"), "{out}");
    assert!(out.contains("content-usage: train-ai=n"), "{out}");
}

#[test]
fn eval_says_how_close_our_own_stories_come() {
    let (status, out, said) = gleaner(&["eval", "fixtures/stories", "--fail-under", "0.99"]);
    assert_eq!(status, 0, "{out}{said}");
    let (status, _, _) = gleaner(&["eval", "fixtures/stories", "--fail-under", "1.1"]);
    assert_eq!(status, 1);
    let (status, _, said) = gleaner(&["eval", "fixtures/no-such-folder"]);
    assert!(status == 1 && said.contains("no-such-folder"), "{said}");
}
