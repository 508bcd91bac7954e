//! `gleaner gold`: its server, and its editor driven in a real browser.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::browser::Browser;

const PAGE: &str = "<!doctype html><html lang=en><title>Rain at last - The Valley Post</title>
<nav><p>Home and farming news of the valley</p></nav><article><h1>Rain at last</h1>
<p>After ninety dry days it rained in the valley on Monday, and farmers stood in their yards to
watch it fall on the fields.</p><p>The river rose by two hands within the hour, said the keeper of
the lock, who has written its height into a book since 1971.</p><p>&lt;script&gt;window.owned = 1&lt;/script&gt; is
what a visitor had written into the book, and nobody at the lock could say what it was for.</p></article>
<footer><p>Copyright The Valley Post</p></footer>";

/// The editor, until it is dropped.
struct Editor {
    child: Child,
    address: String,
}

impl Editor {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("gleaner"))
            .args(["gold", "--no-open"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let out = child.stdout.take().expect("it is piped");
        let mut address = String::new();
        BufReader::new(out)
            .read_line(&mut address)
            .expect("it says where it is");
        Self {
            child,
            address: address.trim().to_owned(),
        }
    }

    fn host(&self) -> &str {
        self.address
            .split('/')
            .nth(2)
            .expect("an address has a host")
    }

    /// Status of an answer to a request written by hand.
    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.host()).expect("it listens");
        let length = body.len();
        write!(stream, "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
            .expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn corpus() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["rain.html", "second.html"] {
        std::fs::write(folder.path().join(name), PAGE).expect("the folder can be written");
    }
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("it can be listed")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn only_the_editor_on_this_machine_is_answered() {
    let folder = corpus();
    let editor = Editor::start(folder.path());
    let host = format!("Host: {}\r\n", editor.host());
    let base = editor
        .address
        .split_once(editor.host())
        .expect("the host is in it")
        .1
        .to_owned();
    assert!(base.len() > 32, "{base}");
    let page = format!("{base}page/0");
    let choice = json!({"fields": {"title": "x"}, "blocks": [1]}).to_string();
    let kind = "Content-Type: application/json\r\n";
    // What the editor does.
    assert_eq!(editor.ask("GET", &base, &host, ""), "200");
    assert_eq!(editor.ask("GET", &page, &host, ""), "200");
    // Without the token, as another host, and from another site's page.
    assert_eq!(editor.ask("GET", "/", &host, ""), "404");
    assert_eq!(editor.ask("GET", "/page/0", &host, ""), "404");
    assert_eq!(
        editor.ask("GET", &page, "Host: evil.example\r\n", ""),
        "403"
    );
    assert_eq!(
        editor.ask(
            "POST",
            &page,
            &format!("{host}{kind}Origin: http://evil.example\r\n"),
            &choice
        ),
        "403"
    );
    assert_eq!(
        editor.ask(
            "POST",
            &page,
            &format!("{host}Content-Type: text/plain\r\n"),
            &choice
        ),
        "403"
    );
    // No page, no choice, a block that is not there.
    assert_eq!(
        editor.ask("GET", &format!("{base}page/2"), &host, ""),
        "404"
    );
    assert_eq!(
        editor.ask("GET", &format!("{base}../rain.html"), &host, ""),
        "404"
    );
    assert_eq!(
        editor.ask("POST", &page, &format!("{host}{kind}"), "{}"),
        "400"
    );
    let far = json!({"fields": {}, "blocks": [9999]}).to_string();
    assert_eq!(
        editor.ask("POST", &page, &format!("{host}{kind}"), &far),
        "500"
    );
    assert_eq!(
        names(folder.path()),
        ["rain.html", "second.html"],
        "nothing was written"
    );
    let port = editor.host().split_once(':').expect("a port").1;
    let elsewhere = TcpStream::connect(format!("127.0.0.2:{port}"));
    assert!(elsewhere.is_err(), "it listens on 127.0.0.1 alone");
}

#[test]
fn what_is_clicked_is_saved_and_comes_back() {
    let folder = corpus();
    let Some(mut browser) = Browser::start("the gold editor in a browser") else {
        return;
    };
    let editor = Editor::start(folder.path());
    browser.open(&editor.address);
    browser.click("document.querySelector('li a')");
    browser.wait("document.querySelectorAll('[data-block]').length > 3");
    let on = "[...document.querySelectorAll('[data-block]')].map(b => b.getAttribute('aria-checked') === 'true')";
    let before = browser.value(on);
    let text =
        browser.value("[...document.querySelectorAll('[data-block]')].map(b => b.innerText)");
    let of = |part: &str| {
        let texts = text.as_array().expect("a list");
        let found = texts
            .iter()
            .position(|text| text.as_str().is_some_and(|t| t.contains(part)));
        found.unwrap_or_else(|| panic!("{part} is a block: {texts:?}"))
    };
    let (home, river, script) = (of("Home and"), of("The river"), of("window.owned"));
    assert_eq!(
        (&before[home], &before[river]),
        (&json!(false), &json!(true)),
        "{before}"
    );
    assert_eq!(browser.value("window.owned === undefined"), true);

    let block = |place: usize| format!("document.querySelectorAll('[data-block]')[{place}]");
    browser.click(&block(home));
    // By keyboard: focus the block above, go down, take it out.
    browser.value(&format!("{}.focus(), 1", block(river - 1)));
    browser.press("ArrowDown", 40, "", 0);
    browser.press(" ", 32, " ", 0);
    browser.value("document.querySelector('[name=title]').select(), document.querySelector('[name=title]').focus(), 1");
    browser.call(
        "Input.insertText",
        json!({"text": "Rain <at> last, \"it\" said"}),
    );
    browser.value("document.querySelector('[name=authors]').focus(), 1");
    browser.call("Input.insertText", json!({"text": "Ann Bell\nBo Dahl"}));
    let chosen = browser.value(on);
    assert_eq!(
        (&chosen[home], &chosen[river]),
        (&json!(true), &json!(false))
    );
    browser.click("document.querySelector('#save')");
    browser.wait("document.querySelector('#said').textContent.startsWith('Saved to ')");

    let gold = std::fs::read_to_string(folder.path().join("rain.json")).expect("gold is there");
    let gold: Value = serde_json::from_str(&gold).expect("gold is JSON");
    assert_eq!(gold["title"], "Rain <at> last, \"it\" said");
    assert_eq!(gold["authors"], json!(["Ann Bell", "Bo Dahl"]));
    let body = gold["text"].as_str().expect("gold has a text");
    assert!(
        body.starts_with("Home and farming news of the valley\n\n"),
        "{body}"
    );
    assert!(
        body.contains("After ninety dry days") && !body.contains("The river"),
        "{body}"
    );

    browser.open(&format!("{}page/0", editor.address));
    browser.wait("document.querySelector('#said').textContent === 'Gold is saved'");
    assert_eq!(browser.value(on), chosen);
    assert_eq!(
        browser.value("document.querySelector('[name=title]').value"),
        gold["title"]
    );
    // A range with Shift, saved by Ctrl+S.
    browser.click(&block(home));
    browser.value(&format!("{}.focus(), 1", block(script)));
    browser.press(" ", 32, " ", 8);
    browser.press("s", 83, "", 2);
    browser.wait("document.querySelector('#said').textContent.startsWith('Saved to ')");
    let ranged = browser.value(on);
    assert!(
        (home..=script).all(|at| ranged[at] == ranged[script]),
        "{ranged}"
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
    assert_eq!(
        names(folder.path()),
        ["rain.html", "rain.json", "second.html"]
    );
}
