//! What a page is, by what little stands on it.

use gleaner::record::Kind;
use gleaner::{Options, extract};

fn kind_of(html: &str) -> (Kind, f64) {
    let record = extract(html, None, &Options::default()).record;
    (record.kind, record.confidence)
}

#[test]
fn walls_are_no_articles() {
    for html in [
        "<title>Not found</title><h1>Page not found</h1><p>Try the search.</p>",
        "<title>Post</title><h1>Welcome back</h1><form><p>Your e-mail<input name=mail>\
         <p>Password<input type=password></form><a href=/join>Join</a>",
        "<title>Just a moment...</title><h1>Just a moment...</h1><p>Enable JavaScript and \
         cookies to continue</p>",
        "<title>Post</title><h1>Seite nicht gefunden</h1><a href=/>Zur Startseite</a>",
    ] {
        let (kind, confidence) = kind_of(html);
        assert_eq!(kind, Kind::Wall, "{html}");
        assert!(confidence <= 0.2, "{confidence} {html}");
    }
}

#[test]
fn empty_shells_and_menus_are_no_articles() {
    assert_eq!(
        kind_of("<div id=root></div><script>start()</script>"),
        (Kind::Empty, 0.0)
    );
    let menu = "<li><a href=/news>News from the valley and the hills beyond it</a>".repeat(20);
    assert_eq!(kind_of(&format!("<ul>{menu}</ul>")).0, Kind::Listing);
}

#[test]
fn teasers_under_linked_headlines_are_a_list() {
    let teaser = |headline: &str| {
        format!("<p>{headline}<br>It is the first one since the spring, and the quay was full.</p>")
    };
    let page = |first: &str| {
        let teasers = teaser(first) + &teaser("<a href=/b>Rain at last in the valley</a>");
        format!("<title>Lake</title><h1>Lake</h1><div>{teasers}</div>")
    };
    let linked = kind_of(&page("<a href=/a>The ferry returns</a>"));
    assert_eq!(linked.0, Kind::Listing);
    assert!(linked.1 <= 0.4, "{}", linked.1);
    assert_eq!(kind_of(&page("The ferry returns")).0, Kind::Article);
}

#[test]
fn a_link_to_the_privacy_policy_makes_no_wall() {
    let footer = "<footer><a href=/privacy>Privacy policy</a> <p>We use cookies.</p></footer>";
    let brief = "<title>Ferry sails - Post</title><article><h1>Ferry sails</h1><p>The ferry to the \
                 islands sailed again on Monday, after a winter in the harbour.</p></article>";
    assert_eq!(kind_of(&format!("{brief}{footer}")).0, Kind::Article);
    let menu = "<li><a href=/news>News from the valley and the hills beyond it</a>".repeat(20);
    assert_eq!(
        kind_of(&format!("<ul>{menu}</ul>{footer}")).0,
        Kind::Listing
    );
}

#[test]
fn a_story_behind_a_login_box_is_a_story() {
    let story = "<p>The ferry to the islands sailed again on Monday, after a winter in which \
                 nobody had seen it leave the harbour even once, and all were glad of it.</p>";
    let html = format!(
        "<title>Ferry sails</title><h1>Ferry sails</h1><article>{}</article>\
         <form>Log in<input type=password></form>",
        story.repeat(6)
    );
    assert_eq!(kind_of(&html).0, Kind::Article);
}
