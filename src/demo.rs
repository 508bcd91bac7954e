//! Three news sites of made-up stories, served on loopback: for `gleaner demo` and for tests.
//!
//! The sites are files under `fixtures/sites`, a folder a site, and are part of the binary. In them
//! a site calls itself `http://NAME.example`; what is served says the address it is served at. A
//! folder's `redirects` file lists path, target and status, a line each.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use hyper::{Request, Response, StatusCode};
use include_dir::{Dir, File, include_dir};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::{Error, http_server};

static SITES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/sites");

/// The sites, served until this is dropped.
#[derive(Debug)]
pub struct Sites {
    addresses: Vec<String>,
    articles_served: Arc<AtomicU64>,
    _servers: JoinSet<()>,
}

impl Sites {
    /// Serves every site on a loopback address and port of its own.
    ///
    /// # Errors
    /// [`Error::Fetch`] when no port can be had.
    pub async fn serve() -> Result<Self, Error> {
        let mut addresses = Vec::new();
        let mut servers = JoinSet::new();
        let articles_served = Arc::new(AtomicU64::new(0));
        for (last_octet, folder) in (1..).zip(SITES.dirs()) {
            let (listener, address) = listen(last_octet).await.map_err(|error| {
                let message = format!("cannot listen there: {error}");
                Error::fetch(format!("http://127.0.0.{last_octet}/"), message).caused_by(error)
            })?;
            let origin = format!("http://{address}");
            addresses.push(format!("{origin}/"));
            let site = Arc::new(Site {
                folder,
                origin,
                articles_served: Arc::clone(&articles_served),
            });
            servers.spawn(http_server::serve(listener, move |request| {
                std::future::ready(site.answer(&request))
            }));
        }
        Ok(Self {
            addresses,
            articles_served,
            _servers: servers,
        })
    }

    /// The sites' front pages.
    #[must_use]
    pub fn addresses(&self) -> &[String] {
        &self.addresses
    }

    /// How many times the full text of an article was sent so far.
    #[must_use]
    pub fn articles_served(&self) -> u64 {
        self.articles_served.load(Ordering::Relaxed)
    }
}

/// A port of `127.0.0.last_octet`, so that sites are different hosts; of 127.0.0.1 on systems that have
/// only that one (macOS).
async fn listen(last_octet: u8) -> std::io::Result<(TcpListener, SocketAddr)> {
    let own = IpAddr::V4(Ipv4Addr::new(127, 0, 0, last_octet));
    let listener = match TcpListener::bind((own, 0)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
    };
    let address = listener.local_addr()?;
    Ok((listener, address))
}

#[derive(Debug)]
struct Site {
    folder: &'static Dir<'static>,
    origin: String,
    articles_served: Arc<AtomicU64>,
}

impl Site {
    fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        let path = request.uri().path();
        if let Some((target, status)) = self.redirect(path) {
            let location = format!("{}{target}", self.origin);
            return respond(status, &[(LOCATION.as_str(), &location)], Vec::new());
        }
        let Some(file) = self.file(path) else {
            let page = b"<!doctype html><title>404</title><p>No such page.</p>".to_vec();
            return respond(404, &[(CONTENT_TYPE.as_str(), "text/html")], page);
        };
        let body = self.localised(file.contents());
        let etag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&body));
        let known = request.headers().get(IF_NONE_MATCH);
        if known.is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
            return respond(304, &[(ETAG.as_str(), &etag)], Vec::new());
        }
        if is_article(&body) {
            self.articles_served.fetch_add(1, Ordering::Relaxed);
        }
        let kind = content_type(file);
        respond(
            200,
            &[(CONTENT_TYPE.as_str(), kind), (ETAG.as_str(), &etag)],
            body,
        )
    }

    fn redirect(&self, path: &str) -> Option<(&'static str, u16)> {
        let table = self.in_folder("redirects")?.contents_utf8()?;
        table.lines().find_map(|line| {
            let mut fields = line.split_whitespace();
            let found = fields.next()? == path;
            let target = fields.next()?;
            let status = fields.next()?.parse().ok()?;
            found.then_some((target, status))
        })
    }

    /// The file at a path: itself, or with the ending that its address leaves out.
    fn file(&self, path: &str) -> Option<&'static File<'static>> {
        let path = path.trim_matches('/');
        if path == "redirects" {
            return None;
        }
        if path.is_empty() {
            return self.in_folder("index.html");
        }
        self.in_folder(path)
            .or_else(|| self.in_folder(&format!("{path}.html")))
            .or_else(|| self.in_folder(&format!("{path}.xml")))
    }

    fn in_folder(&self, path: &str) -> Option<&'static File<'static>> {
        self.folder.get_file(self.folder.path().join(path))
    }

    /// `contents` with the site's made-up address replaced by the one it is served at.
    fn localised(&self, contents: &[u8]) -> Vec<u8> {
        let name = self.folder.path().to_string_lossy();
        let written = format!("http://{name}.example");
        let mut out = Vec::with_capacity(contents.len());
        let mut rest = contents;
        while let Some(at) = memchr::memmem::find(rest, written.as_bytes()) {
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(self.origin.as_bytes());
            rest = &rest[at + written.len()..];
        }
        out.extend_from_slice(rest);
        out
    }
}

/// Whether a page is a story; each of the sites has a mark of its own for it.
fn is_article(body: &[u8]) -> bool {
    const MARKS: [&[u8]; 3] = [b"id=\"mvp-post-content\"", b"Lesezeit:", b"window.print()"];
    MARKS
        .iter()
        .any(|mark| memchr::memmem::find(body, mark).is_some())
}

/// No charset for pages: one of the sites declares its encoding in the pages only.
fn content_type(file: &File<'_>) -> &'static str {
    let ending = file.path().extension().and_then(|ending| ending.to_str());
    match ending {
        Some("xml") => "application/xml",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "text/html",
    }
}

fn respond(status: u16, headers: &[(&str, &str)], body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response
        .body(Full::new(Bytes::from(body)))
        .unwrap_or_default()
}
