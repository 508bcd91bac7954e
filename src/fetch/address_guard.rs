//! Which network addresses are never asked: loopback, private, link-local and other special ranges.
//!
//! A crawler that follows links must not be led into the network it runs in. Literal addresses in URLs
//! are checked, and every address that a name resolves to at the moment of connecting, so that a name
//! cannot resolve differently for the check and for the connection.
//! Source: IANA special-purpose address registries (RFC 6890 and its updates).

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::lock;

/// Whether an address belongs to the public internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// What a virtual machine in Azure asks for its certificates and settings; special, although it looks
/// public (<https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16>).
/// Other clouds keep such things at link-local and private addresses.
const AZURE_PLATFORM: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address == AZURE_PLATFORM
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b)) // carrier-grade NAT, RFC 6598
        || (a == 192 && b == 0 && c == 0) // IETF protocol assignments
        || (a == 192 && b == 88 && c == 99) // 6to4 relays
        || (a == 198 && (b == 18 || b == 19))) // benchmarks, RFC 2544
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let segments = address.segments();
    let low = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        // NAT64 (RFC 6052) and 6to4 (RFC 3056) carry an IPv4 address.
        [0x64, 0xff9b, 0, 0, 0, 0, high, tail] | [0x2002, high, tail, ..] => {
            is_public_v4(low(high, tail))
        }
        // IETF protocol assignments with Teredo, documentation; everything outside 2000::/3, the
        // global unicast range, is special: loopback, unspecified, compatible IPv4, local NAT64,
        // discard-only.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Whether the URL's host may be asked: no when it is a literal address that is not public, or names this
/// machine. Other names are checked when they are resolved. The URL standard's parser has turned decimal, octal and hexadecimal forms into plain
/// addresses already.
#[must_use]
pub fn allows_literal(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_public_v4(address),
        Some(Host::Ipv6(address)) => is_public_v6(address),
        Some(Host::Domain(name)) => !is_localhost(name),
        None => false,
    }
}

/// Whether a name means this machine, by RFC 6761, 6.3.
fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// A name whose every address is refused.
#[derive(Debug, thiserror::Error)]
#[error("{0} resolves to private addresses only; --allow-private lets gleaner fetch it")]
pub(crate) struct RefusedName(String);

/// How long a resolved name holds: longer than the delay between two requests to a host, short enough to
/// follow a site that moves.
const CACHED_FOR: Duration = Duration::from_mins(1);

/// Names remembered before those that no longer hold are thrown out.
const MAX_CACHED: usize = 4096;

/// Resolves names and drops every address that is not public.
#[derive(Debug, Clone)]
pub(crate) struct GuardedResolver {
    /// Whether private addresses are let through.
    allow_private: bool,
    /// The configured proxy's own name, which may well be private.
    proxy: Option<String>,
    cache: Arc<Mutex<HashMap<String, Cached>>>,
    /// How long a resolved name holds.
    cached_for: Duration,
    name_server: NameServer,
}

/// Who is asked for a name's addresses.
#[derive(Debug, Clone)]
enum NameServer {
    /// The system.
    System,
    /// A name server that gives these answers one after another, the last one for ever.
    #[cfg(test)]
    Script(Arc<Mutex<Vec<Vec<IpAddr>>>>),
}

impl NameServer {
    async fn lookup(&self, host: &str) -> std::io::Result<Vec<SocketAddr>> {
        match self {
            Self::System => Ok(tokio::net::lookup_host((host, 0)).await?.collect()),
            #[cfg(test)]
            Self::Script(answers) => {
                let mut answers = lock(answers);
                let answer = if answers.len() > 1 {
                    answers.remove(0)
                } else {
                    answers[0].clone()
                };
                Ok(answer
                    .into_iter()
                    .map(|ip| SocketAddr::new(ip, 0))
                    .collect())
            }
        }
    }
}

type Cached = (Instant, Vec<SocketAddr>);

impl GuardedResolver {
    /// A resolver that lets private addresses through only if `allow_private`, or for the name
    /// `proxy`.
    pub(crate) fn new(allow_private: bool, proxy: Option<String>) -> Self {
        Self {
            allow_private,
            proxy,
            cache: Arc::default(),
            cached_for: CACHED_FOR,
            name_server: NameServer::System,
        }
    }

    /// The same, asking a name server that gives `answers` one after another; none is remembered.
    #[cfg(test)]
    pub(super) fn scripted(allow_private: bool, answers: Vec<Vec<IpAddr>>) -> Self {
        Self {
            cached_for: Duration::ZERO,
            name_server: NameServer::Script(Arc::new(Mutex::new(answers))),
            ..Self::new(allow_private, None)
        }
    }

    /// The addresses of a name that may be asked, with port 0; never an empty list. Fails with
    /// [`RefusedName`] when it has only others, and with the system's error when it has none.
    pub(crate) async fn addresses(
        &self,
        host: &str,
    ) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        if let Some(known) = self.cached(host) {
            return Ok(known);
        }
        let all = if is_localhost(host) {
            // RFC 6761, 6.3: no name server is asked about these.
            let loopback = [
                IpAddr::V4(Ipv4Addr::LOCALHOST),
                IpAddr::V6(Ipv6Addr::LOCALHOST),
            ];
            loopback.map(|address| SocketAddr::new(address, 0)).to_vec()
        } else {
            self.name_server.lookup(host).await?
        };
        let private_too = self.allow_private || self.proxy.as_deref() == Some(host);
        let allowed: Vec<SocketAddr> = all
            .into_iter()
            .filter(|address| private_too || is_public(address.ip()))
            .collect();
        if allowed.is_empty() {
            return Err(RefusedName(host.to_owned()).into());
        }
        self.cache(host, &allowed);
        Ok(allowed)
    }

    fn cached(&self, host: &str) -> Option<Vec<SocketAddr>> {
        let cache = lock(&self.cache);
        let (at, addresses) = cache.get(host)?;
        (at.elapsed() < self.cached_for).then(|| addresses.clone())
    }

    fn cache(&self, host: &str, addresses: &[SocketAddr]) {
        let mut cache = lock(&self.cache);
        if cache.len() >= MAX_CACHED {
            cache.retain(|_, (at, _)| at.elapsed() < self.cached_for);
        }
        if cache.len() >= MAX_CACHED {
            cache.clear();
        }
        cache.insert(host.to_owned(), (Instant::now(), addresses.to_vec()));
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_ranges_are_refused_in_every_spelling() {
        let allows = |host: &str| {
            let url = Url::parse(&format!("http://{host}/")).expect("a valid URL");
            allows_literal(&url)
        };
        let refused = "127.0.0.1 2130706433 0177.0.0.1 0x7f.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 \
             100.64.0.1 0.0.0.0 224.0.0.1 [::1] [::] [fe80::1] [fd00::1] [::ffff:127.0.0.1] \
             [64:ff9b::7f00:1] [2002:7f00:1::] [ff02::1] 0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 \
             127.1 192.0.0.192 198.18.0.1 240.0.0.1 255.255.255.255 100.100.100.200 168.63.129.16 \
             [fd00:ec2::254] [fec0::1] [::127.0.0.1] [::ffff:a9fe:a9fe] [64:ff9b::a9fe:a9fe] \
             [64:ff9b:1::7f00:1] [2001::1] [2001:2::1] [2001:db8::1] [3fff::1] localhost x.localhost.";
        for host in refused.split(' ') {
            assert!(!allows(host), "{host}");
        }
        let allowed = "93.184.216.34 [2606:2800:220:1::1] [2001:200::1] [64:ff9b::5db8:d822] \
             [2002:5db8:d822::1] [::ffff:93.184.216.34] 168.63.129.17 a.example";
        for host in allowed.split(' ') {
            assert!(allows(host), "{host}");
        }
    }

    #[tokio::test]
    async fn a_name_of_this_machine_is_refused_and_resolves_when_allowed() {
        let closed = GuardedResolver::new(false, None);
        let error = closed.addresses("a.localhost").await.expect_err("refused");
        assert!(error.is::<RefusedName>(), "{error}");
        let open = GuardedResolver::new(true, None);
        let addresses = open.addresses("a.localhost").await.expect("loopback");
        assert!(addresses.iter().all(|address| address.ip().is_loopback()));
        let proxy = GuardedResolver::new(false, Some("proxy.localhost".into()));
        assert!(proxy.addresses("proxy.localhost").await.is_ok());
        assert!(proxy.addresses("other.localhost").await.is_err());
    }
}
