//! The editor's server: on loopback only, and only for who knows its token.
//!
//! A page opened in the same browser could send requests here. So every path starts with a random
//! token, requests have to name the server's own address as their host (against DNS rebinding), and
//! what is posted has to come from the editor itself.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Method, Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

use super::{EditedGold, GoldDraft, editor_html, gold_path, save};
use crate::{Error, http_server};

/// Scripts and styles of the editor's own only, so that a page's text can do nothing.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";

/// Bytes of what is posted; places of 100,000 blocks take less.
const MAX_POST_BYTES: usize = 1024 * 1024;

/// Bytes of the token: no one guesses 128 bits.
const TOKEN_BYTES: usize = 16;

/// A server that is not listened to yet.
#[derive(Debug)]
pub struct GoldServer {
    listener: TcpListener,
    site: Arc<EditorSite>,
}

#[derive(Debug)]
struct EditorSite {
    pages: Vec<PathBuf>,
    address: SocketAddr,
    /// `/TOKEN/`, which every path starts with.
    base: String,
}

impl GoldServer {
    /// Takes a port of 127.0.0.1; any free one for 0.
    ///
    /// # Errors
    /// When the port cannot be had, or the system gives no random bytes.
    pub async fn bind(pages: Vec<PathBuf>, port: u16) -> Result<Self, Error> {
        let refused = |message: String| Error::input(format!("127.0.0.1:{port}"), message);
        let mut token = [0; TOKEN_BYTES];
        getrandom::fill(&mut token)
            .map_err(|error| refused(format!("no random bytes for the token: {error}")))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|error| {
                refused(format!("cannot listen there: {error}; try another --port"))
            })?;
        let address = listener
            .local_addr()
            .map_err(|error| refused(error.to_string()))?;
        Ok(Self {
            listener,
            site: Arc::new(EditorSite {
                pages,
                address,
                base: format!("/{:032x}/", u128::from_le_bytes(token)),
            }),
        })
    }

    /// Where the editor is, token and all.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}{}", self.site.address, self.site.base)
    }

    /// Serves until `stop` is done.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        let Self { listener, site } = self;
        let answer = move |request| {
            let site = Arc::clone(&site);
            async move { site.answer(request).await }
        };
        tokio::select! {
            () = http_server::serve(listener, answer) => {}
            () = stop => {}
        }
    }
}

/// The status and the text of an answer that is no page.
type Refusal = (StatusCode, String);

impl EditorSite {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let response = self.respond_to(request).await;
        response.unwrap_or_else(|(status, text)| plain(status, text))
    }

    async fn respond_to(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Refusal> {
        let refused = |status, text: &str| Err((status, text.to_owned()));
        if !self.is_ours(&request) {
            let message = "This request does not come from the editor.";
            return refused(StatusCode::FORBIDDEN, message);
        }
        let path = request.uri().path().to_owned();
        let Some(path) = path.strip_prefix(&self.base) else {
            let message = "Open the whole address that gleaner gold printed.";
            return refused(StatusCode::NOT_FOUND, message);
        };
        let place = path.strip_prefix("page/").and_then(|n| n.parse().ok());
        let page = place.and_then(|place: usize| Some((place, self.pages.get(place)?.clone())));
        Ok(match (request.method(), path, page) {
            (&Method::GET, "", _) => respond(HTML, self.list()),
            (&Method::GET, "editor.js", _) => {
                respond("text/javascript", editor_html::SCRIPT.to_owned())
            }
            (&Method::GET, "editor.css", _) => respond("text/css", editor_html::STYLE.to_owned()),
            (&Method::GET, _, Some((place, page))) => {
                let draft = in_background(move || GoldDraft::read(&page)).await?;
                respond(
                    HTML,
                    editor_html::page(&self.base, place, self.pages.len(), &draft),
                )
            }
            (&Method::POST, _, Some((_, page))) => {
                let edited = posted(request).await?;
                let target = in_background(move || save(&page, &edited)).await?;
                plain(StatusCode::OK, target.display().to_string())
            }
            _ => return refused(StatusCode::NOT_FOUND, "No such page."),
        })
    }

    /// Whether the request names this server as its host, and comes from its own pages where it
    /// changes something.
    fn is_ours(&self, request: &Request<Incoming>) -> bool {
        let port = self.address.port();
        let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        let headers = request.headers();
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let host = header(HOST).is_some_and(|host| ours.iter().any(|our| our == host));
        let origin = header(ORIGIN).is_none_or(|origin| {
            ours.iter()
                .any(|our| origin.strip_prefix("http://") == Some(our))
        });
        let json = request.method() != Method::POST
            || header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
        host && origin && json
    }

    fn list(&self) -> String {
        let pages = self.pages.iter();
        let pages = pages.map(|page| (page.display().to_string(), gold_path(page).is_file()));
        editor_html::list(&self.base, &pages.collect::<Vec<_>>())
    }
}

async fn posted(request: Request<Incoming>) -> Result<EditedGold, Refusal> {
    let body = Limited::new(request.into_body(), MAX_POST_BYTES);
    let body = body.collect().await;
    let body = body.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    serde_json::from_slice(&body.to_bytes())
        .map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Refusal> {
    let message = match spawn_blocking(work).await {
        Ok(Ok(result)) => return Ok(result),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    Err((StatusCode::INTERNAL_SERVER_ERROR, message))
}

fn plain(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut response = respond("text/plain; charset=utf-8", text);
    *response.status_mut() = status;
    response
}

fn respond(kind: &str, body: String) -> Response<Full<Bytes>> {
    Response::builder()
        .header(CONTENT_TYPE, kind)
        .header(CONTENT_SECURITY_POLICY, POLICY)
        .header(CACHE_CONTROL, "no-store")
        .header(REFERRER_POLICY, "no-referrer")
        .header(X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Full::new(Bytes::from(body)))
        .unwrap_or_default()
}
