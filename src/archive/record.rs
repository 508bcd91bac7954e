//! The WARC records of one fetched page: the response, its request and their metadata.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::IpAddr;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use url::{Position, Url};
use xxhash_rust::xxh3::Xxh3;

/// Headers about the body as it was sent, and their names in archives: copies hold the body unpacked
/// and in one piece, so these are kept under the names that Common Crawl's archives gave them.
const TRANSFER_HEADERS: &[(&str, &str)] = &[
    ("content-encoding", "X-Crawler-Content-Encoding"),
    ("transfer-encoding", "X-Crawler-Transfer-Encoding"),
    ("content-length", "X-Crawler-Content-Length"),
];

/// A request and its answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exchange<'a> {
    /// The address that answered.
    pub(crate) url: &'a Url,
    /// The address that led there by a redirect, if one did.
    pub(crate) via: Option<&'a Url>,
    /// When it was asked, in Unix milliseconds.
    pub(crate) at_ms: i64,
    /// The headers of the request, `Host` left out.
    pub(crate) asked: &'a HeaderMap,
    /// The network address that answered, where it is known.
    pub(crate) peer: Option<IpAddr>,
    /// From the request to the end of the body.
    pub(crate) took: Duration,
    /// The HTTP status.
    pub(crate) status: u16,
    /// The headers of the answer.
    pub(crate) headers: &'a HeaderMap,
    /// The body, unpacked.
    pub(crate) body: &'a [u8],
}

impl Exchange<'_> {
    /// The page as a `response` record with its `request` and `metadata`, packed, for
    /// [`WarcWriter::append`](super::WarcWriter::append).
    pub(crate) fn records(&self) -> Vec<u8> {
        let target = [("WARC-Target-URI", self.url.to_string())];
        let sum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.body);
        let mut digest = String::from("sha256:");
        for byte in sum.as_ref() {
            let _ = write!(digest, "{byte:02x}");
        }
        let mut fields = target.to_vec();
        fields.extend(self.peer.map(|peer| ("WARC-IP-Address", peer.to_string())));
        fields.push(("WARC-Payload-Digest", digest));
        fields.push(("Content-Type", "application/http; msgtype=response".into()));
        let (id, mut records) = pack("response", self.at_ms, &fields, &self.response());
        let request = (
            "request",
            "application/http; msgtype=request",
            self.request(),
        );
        let metadata = ("metadata", "application/warc-fields", self.metadata());
        for (kind, content_type, block) in [request, metadata] {
            let mut fields = target.to_vec();
            fields.push(("WARC-Concurrent-To", id.clone()));
            fields.push(("Content-Type", content_type.into()));
            records.extend(pack(kind, self.at_ms, &fields, &block).1);
        }
        records
    }

    fn response(&self) -> Vec<u8> {
        let mut block = Vec::with_capacity(self.body.len() + 1024);
        let words = StatusCode::from_u16(self.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or_default();
        block.extend(format!("HTTP/1.1 {} {words}\r\n", self.status).bytes());
        for (name, value) in self.headers {
            let renamed = TRANSFER_HEADERS.iter().find(|(sent, _)| name == sent);
            let name = renamed.map_or(name.as_str(), |(_, kept)| kept);
            header(&mut block, name, value.as_bytes());
        }
        let length = self.body.len().to_string();
        header(&mut block, "Content-Length", length.as_bytes());
        block.extend_from_slice(b"\r\n");
        block.extend_from_slice(self.body);
        block
    }

    /// The request as HTTP/1.1; what was spoken may have been HTTP/2.
    fn request(&self) -> Vec<u8> {
        let path = &self.url[Position::BeforePath..Position::AfterQuery];
        let mut block = format!("GET {path} HTTP/1.1\r\n").into_bytes();
        let host = &self.url[Position::BeforeHost..Position::AfterPort];
        header(&mut block, "host", host.as_bytes());
        for (name, value) in self.asked {
            header(&mut block, name.as_str(), value.as_bytes());
        }
        block.extend_from_slice(b"\r\n");
        block
    }

    fn metadata(&self) -> Vec<u8> {
        let mut block = Vec::new();
        if let Some(via) = self.via {
            header(&mut block, "via", via.as_str().as_bytes());
        }
        let took_ms = self.took.as_millis().to_string();
        header(&mut block, "fetchTimeMs", took_ms.as_bytes());
        block
    }
}

fn header(block: &mut Vec<u8>, name: &str, value: &[u8]) {
    block.extend_from_slice(name.as_bytes());
    block.extend_from_slice(b": ");
    block.extend_from_slice(value);
    block.extend_from_slice(b"\r\n");
}

/// The `WARC-Record-ID` of a record, and the record as a gzip member.
pub(super) fn pack(
    kind: &str,
    at_ms: i64,
    fields: &[(&str, String)],
    block: &[u8],
) -> (String, Vec<u8>) {
    let date = timestamp(at_ms).to_string();
    let mut head = String::from("WARC/1.1\r\n");
    let mut field = |name: &str, value: &str| head.extend([name, ": ", value, "\r\n"]);
    field("WARC-Type", kind);
    field("WARC-Date", &date);
    for (name, value) in fields {
        field(name, value);
    }
    let id = record_id(&head, block);
    head.extend(["WARC-Record-ID: ", &id, "\r\n"]);
    head.extend(["Content-Length: ", &block.len().to_string(), "\r\n\r\n"]);
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    let written = packer
        .write_all(head.as_bytes())
        .and_then(|()| packer.write_all(block))
        .and_then(|()| packer.write_all(b"\r\n\r\n"))
        .and_then(|()| packer.finish());
    // Writing to memory does not fail.
    (id, written.unwrap_or_default())
}

/// The `WARC-Record-ID`, a hash of the record: a UUID of version 8 (RFC 9562, 5.8).
fn record_id(head: &str, block: &[u8]) -> String {
    let mut hash = Xxh3::new();
    hash.update(head.as_bytes());
    hash.update(block);
    let mut id = hash.digest128();
    id = id & !(0xf << 76) | 0x8 << 76;
    id = id & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{id:032x}");
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|digits| &hex[digits]);
    format!("<urn:uuid:{}>", parts.join("-"))
}

pub(super) fn timestamp(at_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at_ms).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use flate2::bufread::MultiGzDecoder;
    use reqwest::header::HeaderValue;

    use super::*;

    pub(in crate::archive) const NOW_MS: i64 = 1_796_000_000_123;

    /// The records of a page of its own for each number.
    pub(in crate::archive) fn records(n: u32) -> Vec<u8> {
        let mut headers = HeaderMap::new();
        headers.insert(
            "content-type",
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert("content-encoding", HeaderValue::from_static("gzip"));
        headers.insert("content-length", HeaderValue::from_static("7"));
        let mut asked = HeaderMap::new();
        asked.insert("user-agent", HeaderValue::from_static("gleaner/0"));
        Exchange {
            url: &Url::parse(&format!("https://a.example:8443/{n}?q=a")).expect("an address"),
            via: Some(&Url::parse("https://a.example/moved").expect("an address")),
            at_ms: NOW_MS,
            asked: &asked,
            peer: Some("192.0.2.7".parse().expect("an address")),
            took: Duration::from_millis(250),
            status: 200,
            headers: &headers,
            body: format!("<p>Rain on day {n}</p>").as_bytes(),
        }
        .records()
    }

    #[test]
    fn records_say_what_the_standard_asks_for() {
        let mut text = String::new();
        let packed = records(1);
        std::io::Read::read_to_string(&mut MultiGzDecoder::new(&*packed), &mut text).expect("gzip");
        let response = "WARC/1.1\r\n\
            WARC-Type: response\r\n\
            WARC-Date: 2026-11-30T00:53:20.123Z\r\n\
            WARC-Target-URI: https://a.example:8443/1?q=a\r\n\
            WARC-IP-Address: 192.0.2.7\r\n\
            WARC-Payload-Digest: sha256:9adb4d7c2a79ade7a17ef026e646173d125447848f151f951eb1957f07e073ba\r\n\
            Content-Type: application/http; msgtype=response\r\n\
            WARC-Record-ID: RESPONSE\r\n\
            Content-Length: 162\r\n\r\n\
            HTTP/1.1 200 OK\r\n\
            content-type: text/html; charset=utf-8\r\n\
            X-Crawler-Content-Encoding: gzip\r\n\
            X-Crawler-Content-Length: 7\r\n\
            Content-Length: 20\r\n\r\n\
            <p>Rain on day 1</p>\r\n\r\n";
        let request = "WARC/1.1\r\n\
            WARC-Type: request\r\n\
            WARC-Date: 2026-11-30T00:53:20.123Z\r\n\
            WARC-Target-URI: https://a.example:8443/1?q=a\r\n\
            WARC-Concurrent-To: RESPONSE\r\n\
            Content-Type: application/http; msgtype=request\r\n\
            WARC-Record-ID: REQUEST\r\n\
            Content-Length: 68\r\n\r\n\
            GET /1?q=a HTTP/1.1\r\n\
            host: a.example:8443\r\n\
            user-agent: gleaner/0\r\n\r\n\r\n\r\n";
        let metadata = "WARC/1.1\r\n\
            WARC-Type: metadata\r\n\
            WARC-Date: 2026-11-30T00:53:20.123Z\r\n\
            WARC-Target-URI: https://a.example:8443/1?q=a\r\n\
            WARC-Concurrent-To: RESPONSE\r\n\
            Content-Type: application/warc-fields\r\n\
            WARC-Record-ID: METADATA\r\n\
            Content-Length: 48\r\n\r\n\
            via: https://a.example/moved\r\n\
            fetchTimeMs: 250\r\n\r\n\r\n";
        let ids: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("WARC-Record-ID: "))
            .collect();
        let mut expected = [response, request, metadata].concat();
        for (place, id) in ["RESPONSE", "REQUEST", "METADATA"].iter().zip(&ids) {
            assert!(id.starts_with("<urn:uuid:") && id.len() == 47, "{id}");
            expected = expected.replace(place, id);
        }
        assert_eq!(text, expected);
        // No two records have the same ID.
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
        assert_eq!(records(1), packed);
        assert_ne!(records(2), packed);
    }
}
