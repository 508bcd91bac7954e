//! Which addresses are never asked: loopback, private, link-local and other special ranges.
//!
//! A crawler that follows links must not be led into the network it runs in. The check sees the
//! literal addresses in URLs and every address a name resolves to, at the moment of connecting, so
//! that a name cannot change its mind between check and use.
//! Source: IANA special-purpose address registries (RFC 6890 and its updates).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Whether an address belongs to the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
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
        // Documentation, Teredo; everything outside 2000::/3, the global unicast range, is
        // special: loopback, unspecified, compatible IPv4, local NAT64, discard-only.
        [0x2001, 0xdb8 | 0, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Whether the URL's host may be asked as far as its literal says; names are checked when they
/// resolve. The URL standard's parser has turned decimal, octal and hexadecimal forms into plain
/// addresses already.
#[must_use]
pub fn allows_literal(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_public_v4(address),
        Some(Host::Ipv6(address)) => is_public_v6(address),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name != "localhost" && !name.ends_with(".localhost")
        }
        None => false,
    }
}

/// A name whose every address is refused.
#[derive(Debug, thiserror::Error)]
#[error("{0} resolves to private addresses only; --allow-private lets gleaner fetch it")]
pub struct Refused(String);

/// Resolves names and drops every address that is not public.
#[derive(Debug, Clone, Copy)]
pub struct GuardedResolver {
    /// Whether private addresses are let through.
    pub allow_private: bool,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let all: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> = all
                .into_iter()
                .filter(|address| allow_private || is_public(address.ip()))
                .collect();
            if allowed.is_empty() {
                return Err(Refused(host).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_ranges_are_refused_in_every_spelling() {
        let refused = [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0177.0.0.1/",
            "http://0x7f.1/",
            "http://10.1.2.3/",
            "http://172.16.0.1/",
            "http://192.168.1.1/",
            "http://169.254.169.254/",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
            "http://[::1]/",
            "http://[::]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://[ff02::1]/",
            "http://localhost/",
            "http://x.localhost./",
        ];
        for address in refused {
            let url = Url::parse(address).expect("a valid URL");
            assert!(!allows_literal(&url), "{address}");
        }
        for address in [
            "http://93.184.216.34/",
            "http://[2606:2800:220:1::1]/",
            "http://a.example/",
        ] {
            let url = Url::parse(address).expect("a valid URL");
            assert!(allows_literal(&url), "{address}");
        }
    }
}
