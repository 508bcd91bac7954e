//! A site on loopback.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// A page by its path, the query's parameters in the order of their names.
pub(super) type Pages = BTreeMap<String, (&'static str, String)>;

pub(super) fn in_order(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else {
        return path.to_owned();
    };
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    format!("{path}?{}", pairs.join("&"))
}

/// A site on loopback: what is asked of it is looked up.
pub(super) fn serve(listener: TcpListener, pages: Pages) {
    let pages = Arc::new(pages);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let pages = Arc::clone(&pages);
            std::thread::spawn(move || answer(&stream, &pages));
        }
    });
}

fn answer(stream: &TcpStream, pages: &Pages) {
    let Ok(mut out) = stream.try_clone() else {
        return;
    };
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(line)) = lines.next() {
        let asked = in_order(line.split(' ').nth(1).unwrap_or("/"));
        while lines
            .next()
            .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
        {}
        let (status, kind, body) = match pages.get(&asked) {
            Some((kind, body)) => (200, *kind, body.as_str()),
            None => (404, "text/html", "<h1>Not here</h1>"),
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if out.write_all(head.as_bytes()).is_err() || out.write_all(body.as_bytes()).is_err() {
            return;
        }
    }
}
