//! What bad pages do: break HTTP, pack bombs, lead away, hold what is no page.

use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use flate2::{Compress, Compression, FlushCompress};

use super::server::{Asked, answer, page, story};

/// 1 GiB of spaces, packed by brotli.
const SPACES: &[u8] = include_bytes!("spaces-1-gib.br");

/// The start of an answer.
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html";

pub(super) fn misbehave(asked: &Asked, out: &mut TcpStream) -> std::io::Result<bool> {
    let host = asked.host.as_str();
    match host {
        _ if host.contains("gzip") || host.contains("brotli") => pack(host, out),
        "loop" | "chain" | "cookies" => lead_away(asked, out),
        _ if host.starts_with("to-") => lead_away(asked, out),
        "picture" | "binary" | "empty" | "tags" | "mixed-charsets" => fill(asked, out),
        "gone" => answer(out, "410 Gone", ""),
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
    match host {
        // 1 MB that unpacks to 1 GB, and 10 MB that unpack to 10 GB.
        "gzip-bomb-1-mb" => {
            let (head, block) = gzip_of_spaces();
            let blocks = 1024;
            let length = head.len() + blocks * block.len();
            write!(
                out,
                "{OK}\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n"
            )?;
            out.write_all(&head)?;
            for _ in 0..blocks {
                out.write_all(&block)?;
            }
            Ok(true)
        }
        "gzip-bomb-10-gb" => {
            write!(out, "{OK}\r\nContent-Encoding: gzip\r\n\r\n")?;
            let (head, block) = gzip_of_spaces();
            out.write_all(&head)?;
            for _ in 0..10 * 1024 {
                out.write_all(&block)?;
            }
            Ok(false)
        }
        "brotli-bomb" => answer(
            out,
            "200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br",
            SPACES,
        ),
        "broken-gzip" => answer(
            out,
            "200 OK\r\nContent-Encoding: gzip",
            b"\x1f\x8b\x08\0\0\0\0\0\0\x03 no deflate at all",
        ),
        _ => unreachable!("{host} has no page like this"),
    }
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
