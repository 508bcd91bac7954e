//! TLS with an authority of our own, and HTTP/2 where the server has it, through the real binary.

use std::convert::Infallible;
use std::net::TcpListener;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs};

use crate::hostile::desk::Desk;
use crate::hostile::server::{front, story};

const HOST: &str = "press.localhost";

/// What the server saw.
#[derive(Debug, Default)]
struct Seen {
    connections: AtomicUsize,
    asked: Mutex<Vec<(Version, String)>>,
}

struct Server {
    port: u16,
    /// The authority's certificate, in PEM.
    authority: String,
    seen: Arc<Seen>,
}

impl Server {
    /// Serves a site by TLS and offers these protocols (ALPN, RFC 7301).
    fn start(protocols: &[&str]) -> Self {
        let mut names = rcgen::CertificateParams::new(Vec::new()).expect("no names");
        names.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority_key = rcgen::KeyPair::generate().expect("a key");
        let authority = names.self_signed(&authority_key).expect("an authority");
        let issuer = rcgen::Issuer::new(names, authority_key);
        let key = rcgen::KeyPair::generate().expect("a key");
        let certificate = rcgen::CertificateParams::new(vec![HOST.to_owned()])
            .and_then(|names| names.signed_by(&key, &issuer))
            .expect("a certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider's versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("certificate and key");
        tls.alpn_protocols = protocols
            .iter()
            .map(|name| name.as_bytes().to_vec())
            .collect();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket's option");
        let server = Self {
            port: listener.local_addr().expect("bound").port(),
            authority: authority.pem(),
            seen: Arc::default(),
        };
        let seen = Arc::clone(&server.seen);
        std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime")
                .block_on(accept(listener, TlsAcceptor::from(Arc::new(tls)), seen));
        });
        server
    }

    fn url(&self, path: &str) -> String {
        format!("https://{HOST}:{}{path}", self.port)
    }

    fn asked(&self) -> Vec<(Version, String)> {
        self.seen.asked.lock().expect("no panic").clone()
    }
}

async fn accept(listener: TcpListener, tls: TlsAcceptor, seen: Arc<Seen>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, seen) = (tls.clone(), Arc::clone(&seen));
        tokio::spawn(async move {
            // Who does not trust us hangs up.
            let Ok(stream) = tls.accept(stream).await else {
                return;
            };
            seen.connections.fetch_add(1, Ordering::SeqCst);
            let is_two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            let service = hyper::service::service_fn(move |request: Request<Incoming>| {
                let answer = answer(&request);
                let asked = (request.version(), request.uri().path().to_owned());
                seen.asked.lock().expect("no panic").push(asked);
                async move { Ok::<_, Infallible>(answer) }
            });
            let stream = TokioIo::new(stream);
            let _ = if is_two {
                hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                    .serve_connection(stream, service)
                    .await
            } else {
                hyper::server::conn::http1::Builder::new()
                    .serve_connection(stream, service)
                    .await
            };
        });
    }
}

fn stories() -> Vec<String> {
    (1..=4)
        .map(|n| format!("/2026/11/05/a-story-of-the-harbour-{n}"))
        .collect()
}

fn answer(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let path = request.uri().path();
    let (status, body) = match path {
        "/" => (200, front(&stories())),
        path if stories().iter().any(|story| story == path) => (200, story(HOST, path)),
        _ => (404, String::new()),
    };
    Response::builder()
        .status(status)
        .header("content-type", "text/html; charset=utf-8")
        .body(Full::new(body.into()))
        .expect("a response")
}

fn desk(authority: Option<&Path>) -> Desk {
    let trusted = authority
        .map(|path| format!("ca_file = {:?}\n", path.display().to_string()))
        .unwrap_or_default();
    Desk::with(&format!(
        "[politeness]\nmin_delay_s = 0.1\nlatency_factor = 0.0\n\
         [fetch]\nallow_private_addresses = true\n{trusted}"
    ))
}

#[test]
fn http_2_is_spoken_where_the_server_has_it_and_1_1_elsewhere() {
    for (protocols, version) in [
        (&["h2", "http/1.1"][..], Version::HTTP_2),
        (&["http/1.1"][..], Version::HTTP_11),
        (&[][..], Version::HTTP_11),
    ] {
        let server = Server::start(protocols);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let authority = folder.path().join("authority.pem");
        std::fs::write(&authority, &server.authority).expect("written");
        let desk = desk(Some(&authority));
        desk.crawl(&[server.url("/")]);
        let outcomes = desk.outcomes();
        for path in stories() {
            let (outcome, reason) = &outcomes[&server.url(&path)];
            assert_eq!(
                outcome.as_deref(),
                Some("stored"),
                "{protocols:?}: {reason:?}"
            );
        }
        let asked = server.asked();
        assert!(asked.len() > stories().len(), "{asked:?}");
        assert!(asked.iter().all(|(used, _)| *used == version), "{asked:?}");
        assert_eq!(
            server.seen.connections.load(Ordering::SeqCst),
            1,
            "{protocols:?}"
        );
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_an_outcome() {
    let server = Server::start(&["h2"]);
    let desk = desk(None);
    desk.crawl(&[server.url("/")]);
    let (outcome, reason) = &desk.outcomes()[&server.url("/")];
    assert_eq!(outcome.as_deref(), Some("tls"), "{reason:?}");
    assert!(server.asked().is_empty());
}

#[test]
fn a_file_without_certificates_is_a_wrong_setting() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "nothing\n").expect("written");
    let damaged = folder.path().join("damaged.pem");
    let pem = "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n";
    std::fs::write(&damaged, pem).expect("written");
    for path in [empty, damaged, folder.path().join("absent.pem")] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_gleaner"))
            .current_dir(folder.path())
            .env("GLEANER_FETCH__CA_FILE", &path)
            .args(["crawl", "https://press.localhost/"])
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            said.contains("fetch.ca_file") && said.contains(&*path.to_string_lossy()),
            "{said}"
        );
    }
}
