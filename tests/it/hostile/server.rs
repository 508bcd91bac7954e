//! A server for many hosts on one loopback port that answers as a test wants, byte by byte, and
//! keeps a log.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The host's name without `.localhost` and port.
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) at: Instant,
    /// Header lines, in lower case.
    pub(crate) headers: Vec<String>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let line = self.headers.iter().find(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(':'))
        })?;
        line.split_once(':').map(|(_, value)| value.trim())
    }
}

/// Answers a request on its connection; true keeps the connection for another.
pub(crate) type Handler = fn(&Asked, &mut TcpStream) -> std::io::Result<bool>;

/// What the server saw.
#[derive(Debug, Default)]
struct Seen {
    log: Vec<Asked>,
    /// Requests under way and the most there were at a time, by host.
    under_way: BTreeMap<String, (u32, u32)>,
    /// Connections that were opened, asked for something or not.
    opened: u32,
    /// Connections by the host they were first used for.
    sockets: BTreeMap<String, Sockets>,
}

/// Connections for one host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sockets {
    pub(crate) opened: u32,
    pub(crate) open: u32,
    pub(crate) most_open: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub(crate) fn start(handler: Handler) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let server = Self {
            port: listener.local_addr().expect("bound").port(),
            seen: Arc::default(),
        };
        let shared = server.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = shared.clone();
                thread::spawn(move || server.serve(stream, handler));
            }
        });
        server
    }

    /// The address of a path on a host.
    pub(crate) fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}.localhost:{}{path}", self.port)
    }

    pub(crate) fn log(&self) -> Vec<Asked> {
        self.lock().log.clone()
    }

    /// The most requests that were under way at a time, by host.
    pub(crate) fn most_under_way(&self) -> BTreeMap<String, u32> {
        let seen = self.lock();
        seen.under_way
            .iter()
            .map(|(host, (_, most))| (host.clone(), *most))
            .collect()
    }

    /// Connections by host; and those that nothing was asked on.
    pub(crate) fn sockets(&self) -> (BTreeMap<String, Sockets>, u32) {
        let seen = self.lock();
        let used: u32 = seen.sockets.values().map(|sockets| sockets.opened).sum();
        (seen.sockets.clone(), seen.opened - used)
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no handler holds the log")
    }

    fn serve(&self, mut stream: TcpStream, handler: Handler) {
        let Ok(reading) = stream.try_clone() else {
            return;
        };
        let mut reader = BufReader::new(reading);
        self.lock().opened += 1;
        let mut user = None;
        while let Some(asked) = read(&mut reader) {
            let host = asked.host.clone();
            if user.is_none() {
                user = Some(host.clone());
                let mut seen = self.lock();
                let sockets = seen.sockets.entry(host.clone()).or_default();
                sockets.opened += 1;
                sockets.open += 1;
                sockets.most_open = sockets.most_open.max(sockets.open);
            }
            {
                let mut seen = self.lock();
                seen.log.push(asked.clone());
                let (now, most) = seen.under_way.entry(host.clone()).or_default();
                *now += 1;
                *most = (*most).max(*now);
            }
            let again = handler(&asked, &mut stream);
            self.lock().under_way.entry(host).or_default().0 -= 1;
            if !again.unwrap_or(false) {
                break;
            }
        }
        if let Some(host) = user {
            self.lock().sockets.entry(host).or_default().open -= 1;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<Asked> {
    let mut lines = reader.lines().map_while(Result::ok);
    let request = lines.next()?;
    let at = Instant::now();
    // A proxy is asked for whole addresses.
    let target = request.split(' ').nth(1)?.to_owned();
    let headers: Vec<String> = lines
        .take_while(|line| !line.is_empty())
        .map(|line| line.to_ascii_lowercase())
        .collect();
    let host = headers.iter().find_map(|line| line.strip_prefix("host:"))?;
    let host = host.trim().split(':').next()?;
    let path = match target.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]).to_owned(),
        None => target,
    };
    Some(Asked {
        host: host.strip_suffix(".localhost").unwrap_or(host).to_owned(),
        path,
        at,
        headers,
    })
}

/// A whole answer with its length.
pub(crate) fn answer(
    out: &mut impl Write,
    head: &str,
    body: impl AsRef<[u8]>,
) -> std::io::Result<bool> {
    let body = body.as_ref();
    write!(
        out,
        "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )?;
    out.write_all(body)?;
    Ok(true)
}

/// A page.
pub(crate) fn page(out: &mut impl Write, body: impl AsRef<[u8]>) -> std::io::Result<bool> {
    answer(
        out,
        "200 OK\r\nContent-Type: text/html; charset=utf-8",
        body,
    )
}

/// A front page that links to these paths.
pub(crate) fn front(paths: &[String]) -> String {
    let links: Vec<String> = paths
        .iter()
        .map(|path| {
            format!("<article><h2><a href=\"{path}\">The story of {path}</a></h2></article>")
        })
        .collect();
    format!(
        "<!doctype html><html lang=en><title>The Loopback Post</title><body><main>{}</main></body></html>",
        links.join("\n")
    )
}

/// A story of its own for a host and a path.
pub(crate) fn story(host: &str, path: &str) -> String {
    let name = path.trim_matches('/').replace(['/', '.', '-'], " ");
    let paragraphs: Vec<String> = ["mayor", "baker", "ferry pilot", "headmistress", "gardener"]
        .iter()
        .map(|who| {
            format!(
                "<p>The {who} of {host} said on Tuesday that {name} had been the talk of the \
                 {who}s for weeks, and that nobody in {host} would forget what the {who} of {name} \
                 had done for the harbour, the school and the old mill behind {name}.</p>"
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=en><head><title>{name} in {host}</title>\
         <meta property=\"og:type\" content=\"article\">\
         <meta property=\"article:published_time\" content=\"2026-11-05T08:00:00+00:00\"></head>\
         <body><article><h1>{name} in {host}</h1>{}</article></body></html>",
        paragraphs.join("\n")
    )
}
