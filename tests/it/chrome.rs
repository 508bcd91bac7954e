//! What the rules alone, without the model, leave out of a story and leave in.

use gleaner::{Options, extract};

const STORY: &str = "<p>The white ferry came round the point at ten past seven on Thursday morning, and \
    the people who had been standing on the quay since before dawn began to clap.</p>";

/// The body by the rules alone.
fn body(html: &str) -> String {
    let options = Options::default().density_only(true);
    extract(
        &format!("<title>Ferry returns</title>{html}"),
        None,
        &options,
    )
    .record
    .text
}

#[test]
fn a_cue_around_the_whole_page_says_nothing() {
    let story = STORY.repeat(4);
    for page in [
        format!("<form action=/><main><h1>Ferry returns</h1>{story}</main></form>"),
        format!("<div class=footer-wrapper><h1>Ferry returns</h1>{story}</div>"),
        format!("<main><h1>Ferry returns</h1><div class=newsletter-prompt>{story}</div></main>"),
    ] {
        assert_eq!(body(&page).matches("white ferry").count(), 4, "{page}");
    }
}

#[test]
fn comments_are_no_story_however_many() {
    let comments =
        "<p class=comment>I was there and can say that the white ferry was blue, whatever \
                    they say, and nobody at all was clapping.</p>"
            .repeat(30);
    let page = format!("<main><h1>Ferry returns</h1>{STORY}</main><div>{comments}</div>");
    assert!(!body(&page).contains("I was there"));
}

#[test]
fn words_around_a_field_are_the_field_s() {
    let form = "<div class=css-1><span>Letter</span><span>All of the lake, at six.</span>\
                <input type=email><button>Get it</button></div>";
    let story = STORY.repeat(3);
    let text = body(&format!(
        "<main><h1>Ferry returns</h1>{story}{form}{story}</main>"
    ));
    assert!(!text.contains("All of the lake"), "{text}");
    let plain = form.replace("<input type=email>", "");
    let text = body(&format!(
        "<main><h1>Ferry returns</h1>{story}{plain}{story}</main>"
    ));
    assert!(text.contains("All of the lake"), "{text}");
}

#[test]
fn a_page_of_many_fields_gives_its_story() {
    let fields =
        "<div><input type=text></div><p>A field for everybody who wants to say a word.</p>";
    let page = format!("<main>{}{}</main>", STORY.repeat(5), fields.repeat(20_000));
    assert!(body(&page).contains("white ferry"));
}

#[test]
fn subheads_that_count_need_no_text() {
    let pictures = "<h2>1. The old pier</h2><img src=a.jpg><h2>2. The mill</h2><img src=b.jpg>";
    let page = |list: &str| {
        format!(
            "<main><h1>Ferry returns</h1>{}{list}</main>",
            STORY.repeat(3)
        )
    };
    assert!(body(&page(pictures)).contains("1. The old pier\n\n2. The mill"));
    let uncounted = pictures.replace("1. ", "").replace("2. ", "");
    assert!(!body(&page(&uncounted)).contains("The old pier"));
}

#[test]
fn a_headline_with_its_time_of_day_is_no_date_line() {
    let html = format!(
        "<article><h1>Ferry returns</h1>{STORY}\
         <h5 class=time>15.32 Uhr: Die Brücke am Markt ist wieder offen</h5>{STORY}\
         <h5 class=time>15.32 Uhr, 3. Mai 2026</h5>{STORY}</article>"
    );
    let text = body(&html);
    assert!(text.contains("Die Brücke am Markt"), "{text}");
    assert!(!text.contains("3. Mai"), "{text}");
}

#[test]
fn lengths_of_recordings_and_addresses_are_none_of_the_story() {
    let lines = "<div class=video-player><p>Across the lake 2:41</p></div>\
        <p>jane.doe@valley.example</p>";
    let html = format!("<article><h1>Ferry returns</h1>{STORY}{lines}{STORY}</article>");
    let text = body(&html);
    for line in ["Across the lake", "jane.doe"] {
        assert!(!text.contains(line), "{line} in {text}");
    }
    let kept = "<p>The gates open at 19:30</p><p>Write to jane.doe@valley.example by May</p>";
    let html = format!("<article><h1>Ferry returns</h1>{STORY}{kept}{STORY}</article>");
    let text = body(&html);
    for line in ["The gates open", "Write to"] {
        assert!(text.contains(line), "no {line} in {text}");
    }
}

#[test]
fn names_units_and_sources_inside_a_story_stay() {
    let page = |lang: &str, between: &str| {
        format!(
            "<html lang={lang}><article><h1>Ferry returns</h1>{STORY}{between}{STORY}</article>"
        )
    };
    for (lang, between, kept) in [
        (
            "en",
            "<ul><li>Roe</li><li>Doe</li><li>Dr</li><li>Help</li></ul>",
            "Roe\n\nDoe\n\nDr\n\nHelp",
        ),
        (
            "en",
            "<table><tr><td>pH: 7.4</td><td>Bild</td></tr></table>",
            "pH: 7.4",
        ),
        ("de", "<p>Bild</p>", "Bild"),
        (
            "es",
            "<ul><li>Cámara</li><li>Imagen</li><li>Sonido</li></ul>",
            "Imagen",
        ),
    ] {
        let text = body(&page(lang, between));
        assert!(text.contains(kept), "{kept} in {text}");
    }
    for (lang, between, left_out) in [
        ("de", "<img src=a.jpg><p>Bild: dpa</p>", "dpa"),
        ("de", "<p><a href=/n>Mehr</a></p>", "Mehr"),
        ("en", "<p>Advertisement</p>", "Advertisement"),
        (
            "en",
            "<h3>Related articles</h3><ul><li><a href=/a>Rain at last in the valley</a></ul>",
            "Related",
        ),
    ] {
        let text = body(&page(lang, between));
        assert!(!text.contains(left_out), "{left_out} in {text}");
    }
}

#[test]
fn short_phrases_count_in_their_language_alone() {
    let english =
        |at: &str| format!("<html lang=en><article><h1>Ferry</h1>{STORY}{STORY}{at}</article>");
    let german = |at: &str| {
        let story = "<p>Die weiße Fähre kam am Donnerstag um zehn nach sieben um die Landzunge, und \
            die Leute, die seit dem Morgen auf dem Kai standen, begannen zu klatschen.</p>";
        format!("<html lang=de><article><h1>Ferry</h1>{story}{story}{at}</article>")
    };
    let last = "<p>Teilen</p>";
    assert!(body(&english(last)).contains("Teilen"));
    assert!(!body(&german(last)).contains("Teilen"));
    // Widgets speak English wherever they are.
    assert!(!body(&german("<p>Share this</p>")).contains("Share"));
}
