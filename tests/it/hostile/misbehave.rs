//! What bad pages do: break HTTP, pack bombs, lead away, hold what is no page.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use flate2::{Compress, Compression, FlushCompress};

use super::server::{Asked, answer, page, story};

/// MiB of the large bombs: 10 GiB.
const MANY_MIB: usize = 10 * 1024;

/// The start of an answer.
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html";

pub(super) fn misbehave(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    let host = asked.host.as_str();
    match host {
        _ if host.contains("bomb") || host == "broken-gzip" => pack(host, out),
        "loop" | "chain" | "cookies" => lead_away(asked, out),
        _ if host.starts_with("to-") => lead_away(asked, out),
        "picture" | "binary" | "no-text" | "empty" | "tags" | "mixed-charsets" | "bad-bytes" => {
            fill(asked, out)
        }
        "gone" => answer(out, "410 Gone", ""),
        "shut" => answer(out, "403 Forbidden", ""),
        "teapot" => answer(out, "418 I'm a teapot", ""),
        "broken" | "robots-loop" | "robots-endless" => answer(out, "500 Oops", ""),
        _ => break_http(host, out),
    }
}

fn break_http(host: &str, out: &mut TcpStream) -> std::io::Result<bool> {
    match host {
        "endless" => {
            write!(out, "{OK}\r\n\r\n<p>")?;
            forever(out, &[b"and so on ".repeat(5000)])
        }
        "drip" => {
            write!(out, "{OK}\r\n\r\n")?;
            slowly(out, b"a", Duration::from_secs(1))
        }
        "stall" => {
            write!(out, "{OK}\r\nContent-Length: 1000\r\n\r\n<p>Wait for")?;
            thread::sleep(Duration::from_secs(20));
            Ok(false)
        }
        "silent" => {
            thread::sleep(Duration::from_secs(20));
            Ok(false)
        }
        "endless-head" => {
            write!(out, "{OK}\r\nX-Long: ")?;
            forever(out, &[b"on and on ".repeat(5000)])
        }
        "slow-head" => {
            write!(out, "{OK}\r\n")?;
            slowly(out, b"X-More: to come\r\n", Duration::from_millis(200))
        }
        "many-headers" => {
            write!(out, "{OK}\r\n")?;
            forever(out, &[b"X-More: to come\r\n".repeat(100)])
        }
        "noise" => {
            out.write_all(b"\x16\x03\x01 no HTTP at all \0\0\r\n\r\n")?;
            Ok(false)
        }
        "hang-up" => Ok(false),
        "reset" => {
            write!(
                out,
                "{OK}\r\nContent-Length: 9000\r\n\r\n<p>In the middle of"
            )?;
            // What is unread when a connection is closed makes the system reset it.
            thread::sleep(Duration::from_millis(50));
            Ok(false)
        }
        "long-length" => {
            write!(
                out,
                "{OK}\r\nContent-Length: 100000\r\n\r\n{}",
                story(host, "/x")
            )?;
            Ok(false)
        }
        "bad-length" => {
            write!(out, "{OK}\r\nContent-Length: many\r\n\r\n<p>x")?;
            Ok(false)
        }
        "two-lengths" => {
            write!(
                out,
                "{OK}\r\nContent-Length: 4\r\nContent-Length: 7\r\n\r\n<p>x<p>y"
            )?;
            Ok(false)
        }
        "huge-length" => {
            write!(out, "{OK}\r\nContent-Length: 99999999999\r\n\r\n<p>x")?;
            Ok(false)
        }
        "short-length" => {
            write!(
                out,
                "{OK}\r\nContent-Length: 20\r\n\r\n{}",
                story(host, "/x")
            )?;
            Ok(false)
        }
        _ => unreachable!("{host} has no page like this"),
    }
}

fn pack(host: &str, out: &mut TcpStream) -> std::io::Result<bool> {
    let (name, (head, block), mib) = match host {
        // 1 MB on the wire that unpacks to 1 GB; the others to 10 GB.
        "gzip-bomb-1-mb" => ("gzip", gzip_of_spaces(), 1024),
        "gzip-bomb-10-gb" => ("gzip", gzip_of_spaces(), MANY_MIB),
        "brotli-bomb-10-gb" => ("br", brotli_of_spaces(), MANY_MIB),
        "zstd-bomb-10-gb" => ("zstd", zstd_of_spaces(), MANY_MIB),
        "broken-gzip" => {
            let body = b"\x1f\x8b\x08\0\0\0\0\0\0\x03 no deflate at all";
            return answer(out, "200 OK\r\nContent-Encoding: gzip", body);
        }
        _ => unreachable!("{host} has no page like this"),
    };
    let length = head.len() + mib * block.len();
    write!(
        out,
        "{OK}\r\nContent-Encoding: {name}\r\nContent-Length: {length}\r\n\r\n"
    )?;
    out.write_all(&head)?;
    for _ in 0..mib {
        out.write_all(&block)?;
    }
    Ok(true)
}

fn lead_away(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    let to = |out: &mut TcpStream, target: &[u8]| {
        out.write_all(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ")?;
        out.write_all(target)?;
        out.write_all(b"\r\n\r\n")?;
        Ok(true)
    };
    match asked.host.as_str() {
        "loop" => to(out, asked.path.as_bytes()),
        "chain" => to(out, b"/hop-1"),
        // Who brings no cookie is sent in circles.
        "cookies" if asked.header("cookie").is_none() => answer(
            out,
            &format!(
                "302 Found\r\nSet-Cookie: seen=1; Path=/\r\nLocation: {}",
                asked.path
            ),
            "",
        ),
        "to-ftp" => to(out, b"ftp://a.example/file"),
        "to-file" => to(out, b"file:///etc/passwd"),
        "to-script" => to(out, b"javascript:alert(1)"),
        "to-nowhere" => answer(out, "302 Found", ""),
        "to-bad-bytes" => to(out, b"http://\xff\xfe\x80:99999/%"),
        "to-closed-port" => to(out, b"http://closed.localhost:1/"),
        host => unreachable!("{host} has no page like this"),
    }
}

fn fill(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    let host = asked.host.as_str();
    match host {
        "picture" => {
            write!(out, "{OK}\r\n\r\n")?;
            out.write_all(b"\x89PNG\r\n\x1a\n")?;
            forever(out, &[vec![7; 50_000]])
        }
        "binary" => {
            write!(out, "{OK}\r\n\r\n")?;
            forever(out, &[(0..=255u8).collect::<Vec<u8>>().repeat(200)])
        }
        // Where the first bytes are those of a page, the rest may still be none.
        "no-text" => page(
            out,
            ["<p>A page. ".repeat(60), "\0\x01\x7f".repeat(2000)].concat(),
        ),
        "empty" => page(out, ""),
        "tags" => page(out, "<b><i>".repeat(1_700_000)),
        "mixed-charsets" => {
            let story = story(host, &asked.path).replace("mayor", "m\u{e4}yor");
            let half = story.len() / 2;
            let mut body = story.into_bytes();
            body.splice(half..half, *b" caf\xe9 ");
            answer(
                out,
                "200 OK\r\nContent-Type: text/html; charset=shift_jis",
                body,
            )
        }
        "bad-bytes" => {
            let story = story(host, &asked.path).replace("mayor", "m\u{e4}yor");
            let at = story.find("m\u{e4}yor").unwrap_or(0);
            let mut body = story.into_bytes();
            body.splice(at..at, *b"caf\xe9 \xff ");
            page(out, body)
        }
        _ => unreachable!("{host} has no page like this"),
    }
}

/// Writes these pieces over and over, until nobody reads them any more.
pub(super) fn forever(out: &mut TcpStream, pieces: &[Vec<u8>]) -> std::io::Result<bool> {
    loop {
        for piece in pieces {
            out.write_all(piece)?;
        }
    }
}

/// Writes a piece after each pause, until nobody reads it any more.
fn slowly(out: &mut TcpStream, piece: &[u8], pause: Duration) -> std::io::Result<bool> {
    loop {
        out.write_all(piece)?;
        out.flush()?;
        thread::sleep(pause);
    }
}

/// The start of a gzip stream, and 1 MiB of spaces as a block that can be repeated in it.
fn gzip_of_spaces() -> (Vec<u8>, Vec<u8>) {
    let head = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
    let mut block = Vec::with_capacity(4096);
    Compress::new(Compression::best(), false)
        .compress_vec(&vec![b' '; 1 << 20], &mut block, FlushCompress::Full)
        .expect("room enough");
    (head, block)
}

/// The same of brotli: from the second block on each begins as the one before did.
fn brotli_of_spaces() -> (Vec<u8>, Vec<u8>) {
    let mut packer = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    let mut next = |from: usize| {
        packer.write_all(&vec![b' '; 1 << 20]).expect("in memory");
        packer.flush().expect("in memory");
        packer.get_ref()[from..].to_vec()
    };
    let head = next(0);
    let block = next(head.len());
    (head, block)
}

/// The same of zstd (RFC 8878, 3.1.1): a frame with a window of 1 MiB and no length, and eight
/// blocks of one byte 128 KiB times.
fn zstd_of_spaces() -> (Vec<u8>, Vec<u8>) {
    let head = b"\x28\xb5\x2f\xfd\x00\x50".to_vec();
    let block = 131_072_u32 << 3 | 1 << 1;
    let block = [&block.to_le_bytes()[..3], b" "].concat();
    (head, block.repeat(8))
}

/// That they are what they are taken for: whoever reads them to the end gets all of it.
#[test]
fn bombs_hold_what_they_say() {
    let mib = 64;
    let all = |(head, block): (Vec<u8>, Vec<u8>)| [head, block.repeat(mib)].concat();
    let length = |mut unpacked: Box<dyn Read>| {
        let mut length = 0;
        let mut buffer = vec![0; 1 << 16];
        // The streams have no end.
        while let Ok(read @ 1..) = unpacked.read(&mut buffer) {
            assert!(buffer[..read].iter().all(|byte| *byte == b' '));
            length += read;
        }
        length
    };
    let gzip = all(gzip_of_spaces());
    let gzip = flate2::read::GzDecoder::new(std::io::Cursor::new(gzip));
    assert_eq!(length(Box::new(gzip)), mib << 20);
    let br = std::io::Cursor::new(all(brotli_of_spaces()));
    let br = brotli::Decompressor::new(br, 4096);
    assert_eq!(length(Box::new(br)), (mib + 1) << 20);
    let zstd = std::io::Cursor::new(all(zstd_of_spaces()));
    let zstd = zstd::stream::read::Decoder::new(zstd).expect("a stream");
    assert_eq!(length(Box::new(zstd)), mib << 20);
}
