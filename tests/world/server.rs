//! Serves the sites of a world, each on a port of its own, from one thread.

use std::convert::Infallible;
use std::net::TcpListener;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

use super::{Asked, World, pages};

pub(super) fn serve(world: &World) {
    let count = world.lock().sites.len();
    let mut listeners = Vec::new();
    for number in 0..count {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket's option");
        world.lock().sites[number].port = listener.local_addr().expect("bound").port();
        listeners.push(listener);
    }
    let world = world.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            for (number, listener) in listeners.into_iter().enumerate() {
                let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
                tokio::spawn(accept(world.clone(), number, listener));
            }
            std::future::pending::<()>().await;
        });
    });
}

async fn accept(world: World, number: usize, listener: tokio::net::TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        let world = world.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| {
                let response = answer(&world, number, &request);
                async move { Ok::<_, Infallible>(response) }
            });
            // A visitor who hangs up is no concern of the world's.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

fn answer(world: &World, number: usize, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let path = request
        .uri()
        .path_and_query()
        .map_or_else(|| "/".to_owned(), ToString::to_string);
    let mut state = world.lock();
    let page = pages::answer(
        &state.sites[number],
        state.plan.page_bytes,
        state.now_ms,
        &path,
    );
    let etag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&page.body));
    let known = request.headers().get("if-none-match");
    let conditional = known.is_some() || request.headers().contains_key("if-modified-since");
    let unchanged =
        page.status == 200 && known.is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let status = if unchanged { 304 } else { page.status };
    state.log.push(Asked {
        site: number,
        path,
        status,
        conditional,
    });
    let body = if unchanged { Vec::new() } else { page.body };
    Response::builder()
        .status(status)
        .header("content-type", page.kind)
        .header("etag", etag)
        .body(Full::new(Bytes::from(body)))
        .unwrap_or_default()
}
