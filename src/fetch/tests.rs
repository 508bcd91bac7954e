//! Names that lead elsewhere when they are connected to than when they are checked.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A server on loopback; its port, and how many connections it had.
fn inside() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    let count = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret",
            );
        }
    });
    (port, count)
}

/// A name that is public while it is checked, and this machine when it is connected to.
#[tokio::test]
async fn a_name_that_changes_its_mind_is_refused_when_it_is_connected_to() {
    let public = IpAddr::V4(Ipv4Addr::new(93, 184, 216, 34));
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let (port, connections) = inside();
    let url = Url::parse(&format!("http://rebind.example:{port}/")).expect("an address");
    let mut config = Config::default();
    let answers = vec![vec![public], vec![loopback]];
    let resolver = address_guard::GuardedResolver::scripted(false, answers.clone());
    let client = Client::with(&config, None, resolver).expect("valid settings");
    assert_eq!(client.address_of(&url).await, Ok(Some(public)));
    let refused = client.get(&url, &Validators::default(), None).await;
    let refused = refused.expect_err("it is loopback now");
    assert_eq!(refused.outcome, Outcome::RefusedAddress, "{refused:?}");
    assert_eq!(connections.load(Ordering::SeqCst), 0);

    // Of a name with both, the public address is all that is left to connect to.
    let both =
        address_guard::GuardedResolver::scripted(false, vec![vec![loopback, public, loopback]]);
    let left = both
        .addresses("rebind.example")
        .await
        .expect("one is public");
    assert_eq!(
        left.iter()
            .map(std::net::SocketAddr::ip)
            .collect::<Vec<_>>(),
        [public]
    );

    // That nothing else kept us out: who allows private addresses gets through.
    config.fetch.allow_private_addresses = true;
    let resolver = address_guard::GuardedResolver::scripted(true, answers);
    let client = Client::with(&config, None, resolver).expect("valid settings");
    assert_eq!(client.address_of(&url).await, Ok(Some(public)));
    let answer = client
        .get(&url, &Validators::default(), None)
        .await
        .expect("led inside");
    assert_eq!(answer.body, b"secret");
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}
