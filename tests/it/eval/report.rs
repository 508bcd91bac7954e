//! The HTML report, opened in a real browser.

use serde_json::json;

use super::{BODY, PAGE, gleaner, said, write};
use crate::browser::Browser;

/// Markup that would run if any text of a page got into the report unescaped.
const HOSTILE: &str = "</style></title><script>window.owned = 1; document.title = 'owned'</script>\
    <img src=x onerror='window.owned = 2'><svg onload='window.owned = 3'><a href='javascript:owned'>";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A corpus whose every text tries to break out, and its report.
fn report() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = escaped(HOSTILE);
    let page = PAGE
        .replace("Rain at last", &text)
        .replace("The river rose", &format!("{text} The river rose"))
        .replace(
            "</article>",
            &format!("<p>{text}</p><p class=share>{text}</p></article>"),
        );
    let mut manifest = String::new();
    for (number, html) in [page.as_str(), PAGE].into_iter().enumerate() {
        write(folder.path(), &format!("{number}.html"), html);
        let line = json!({
            "id": format!("{number} {HOSTILE}"), "html": format!("{number}.html"),
            "url": if number == 0 { "javascript:window.owned=4" } else { "https://a.example/rain" },
            "text": format!("{BODY}\n\n{HOSTILE}"), "title": HOSTILE, "authors": [HOSTILE],
            "kind": HOSTILE, "published": "2026-03-01", "language": HOSTILE,
        });
        manifest.push_str(&line.to_string());
        manifest.push('\n');
    }
    write(folder.path(), "manifest.jsonl", manifest);
    let path = folder.path().display().to_string();
    let report = folder.path().join("report.html").display().to_string();
    let records = folder.path().join("other.jsonl").display().to_string();
    write(
        folder.path(),
        "other.jsonl",
        json!({"id": format!("0 {HOSTILE}"), "text": BODY}).to_string(),
    );
    let arguments = [
        "eval",
        &path,
        "--report",
        &report,
        "--report-pages",
        "1",
        "--health",
    ];
    let more = ["--records", &records, "--baseline", &records];
    let output = gleaner(&[&arguments[..], &more[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    (folder, report)
}

#[test]
fn a_report_stands_alone_and_escapes_everything() {
    let (_folder, report) = report();
    let html = std::fs::read_to_string(report).expect("the report was written");
    assert!(html.contains("Content-Security-Policy"));
    for forbidden in [
        "<script",
        "<img",
        "<svg onload",
        "href=\"javascript:",
        "<link",
        "@import",
        "url(",
    ] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    for part in [
        "wrongly kept",
        "missed: ",
        "Against the baseline",
        "Beside other tools",
        "Without gold",
        "1 more pages",
    ] {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn a_report_runs_nothing_and_is_readable_at_every_width() {
    let (_folder, report) = report();
    let Some(mut browser) = Browser::start("the report in a browser") else {
        return;
    };
    browser.open(&format!("file://{report}"));
    assert_eq!(browser.value("document.title"), "How good extraction is");
    assert_eq!(browser.value("window.owned === undefined"), true);
    let live = "document.querySelectorAll('script, img, iframe, form, [onerror], [onload], [href^=javascript]').length";
    assert_eq!(browser.value(live), 0);
    // The policy holds even for a script that gets in.
    browser.value("{ const s = document.createElement('script'); s.textContent = 'window.owned = 5'; document.body.append(s); } 1");
    assert_eq!(browser.value("window.owned === undefined"), true);
    let refused: Vec<String> = browser.complaints();
    assert!(
        refused
            .iter()
            .all(|event| event.contains("Content Security Policy")),
        "{refused:?}"
    );
    assert!(!refused.is_empty(), "the script above was refused");
    for width in [400, 1400] {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        browser.call("Emulation.setDeviceMetricsOverride", size);
        browser.value("document.querySelectorAll('details').forEach(d => d.open = true), 1");
        let fits = browser.value("document.documentElement.scrollWidth <= innerWidth");
        assert_eq!(fits, true, "nothing sticks out at {width} pixels");
    }
    browser.value("document.querySelectorAll('details').forEach(d => d.open = false), 1");
    // Tab comes by every fold, and Enter opens it.
    let folds = browser
        .value("document.querySelectorAll('summary').length")
        .as_u64();
    browser.value("document.body.tabIndex = -1, document.body.focus(), 1");
    let mut opened = 0;
    for _ in 0..40 {
        browser.press("Tab", 9, "", 0);
        let closed = "document.activeElement.matches('details:not([open]) > summary')";
        if browser.value(closed) == true {
            browser.press("Enter", 13, "\r", 0);
            assert_eq!(
                browser.value("document.activeElement.parentElement.open"),
                true
            );
            opened += 1;
        }
    }
    assert!(
        folds.is_some_and(|folds| folds > 1 && opened >= folds),
        "{opened} of {folds:?}"
    );
}

#[test]
fn a_report_opens_without_a_complaint() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let report = folder.path().join("report.html").display().to_string();
    let output = gleaner(&["eval", "fixtures/stories", "--report", &report]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let Some(mut browser) = Browser::start("the report in a browser") else {
        return;
    };
    browser.open(&format!("file://{report}"));
    assert_eq!(browser.complaints(), Vec::<String>::new());
    assert_eq!(
        browser.value("document.querySelectorAll('.columns').length"),
        23
    );
}
