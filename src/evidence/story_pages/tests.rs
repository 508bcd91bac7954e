use super::*;

const STORY: &str = "https://a.example/news/the-long-road/";

fn url(address: &str) -> Url {
    Url::parse(STORY)
        .and_then(|base| base.join(address))
        .expect("an address")
}

/// Next and first page of a page at an address, as paths.
fn of(own: &str, html: &str) -> [Option<String>; 2] {
    let own = url(own);
    let found = read(&Document::parse(html), &own, None, None);
    let path = |link: PageLink| link.url.as_str().replace("https://a.example", "");
    [found.next.map(path), found.first.map(path)]
}

fn some(next: &str, first: &str) -> [Option<String>; 2] {
    [next, first].map(|path| (!path.is_empty()).then(|| path.to_owned()))
}

#[test]
fn the_next_page_has_the_storys_address_and_the_next_number() {
    let at = "/news/the-long-road/";
    for (html, next) in [
        ("<link rel=next href='?page=2'>", "?page=2"),
        (
            "<p><a rel='next' href='/news/the-long-road/2'>more</a>",
            "2",
        ),
        ("<a href=?page=3>3</a> <a href=?page=2>2</a>", "?page=2"),
        ("<ul class=pager><a href='?x=2'>2</a></ul>", "?x=2"),
        (
            "<a href=/news/the-long-road/2/ aria-label='Page 2'><i></i></a>",
            "2/",
        ),
        ("<a href=page/2/>Nächste Seite »</a>", "page/2/"),
        ("<a href=2/>Следующая страница</a>", "2/"),
        ("<a href=2/>次のページへ</a>", "2/"),
        ("<a href=2/>›</a>", "2/"),
        ("<a href='?page=2'>٢</a>", "?page=2"),
        ("<a href='?page=1'>2</a><a href='?page=2'>3</a>", "?page=1"),
        ("<base href=/news/><a href='the-long-road/2'>2</a>", "2"),
    ] {
        assert_eq!(of(at, html), some(&format!("{at}{next}"), ""), "{html}");
    }
    let file = "<link rel=next href=the-long-road_2.html>";
    let found = of("/news/the-long-road.html", file);
    assert_eq!(found, some("/news/the-long-road_2.html", ""));
}

#[test]
fn what_leads_to_another_story_or_beside_it_is_no_page_of_this_one() {
    for html in [
        "<link rel=next href=/news/the-next-story/>",
        "<link rel=next href=/news/?page=2>",
        "<link rel=next href=https://b.example/news/the-long-road/2>",
        "<link rel=next href=/news/the-long-road-2/>",
        "<a href=/news/the-long-road-2/>2</a>",
        "<a href='?cpage=2'>2</a>",
        "<div class=comments-pages><a href='?page=2'>2</a></div>",
        "<aside><a href='?page=2'>2</a></aside>",
        "<a href='?x=2'>2</a>",
        "<a href='?page=3'>3</a>",
        "<a href='?page=2'>A guide to the road</a>",
        "<a href=2026/>2026</a>",
    ] {
        assert_eq!(of(STORY, html), some("", ""), "{html}");
    }
}

#[test]
fn a_later_page_knows_the_first_one() {
    let road = "/news/the-long-road";
    for (own, html, next, first) in [
        (
            "/?page=2",
            "<link rel=prev href='?page=1'><link rel=next href='?page=3'>",
            "/?page=3",
            "/",
        ),
        (
            "/?page=3",
            "<a href='/news/the-long-road/'>1</a><a href='?page=2'>2</a>",
            "",
            "/",
        ),
        ("/?page=2", "<a href='?page=1'>1</a>", "", "/"),
        ("/?page=5", "<link rel=prev href='?page=4'>", "", "/"),
        (
            "/2/",
            "<link rel=prev href='../'><a href=../3/>3</a>",
            "/3/",
            "/",
        ),
        ("_3.html", "<a href=the-long-road.html>1</a>", "", ".html"),
        (
            "?page=1",
            "<a href='?page=0'>1</a><a href='?page=2'>3</a>",
            "?page=2",
            "",
        ),
    ] {
        let found = of(&format!("{road}{own}"), html);
        let path = |end: &str| {
            if end.is_empty() {
                String::new()
            } else {
                format!("{road}{end}")
            }
        };
        let first = if own == "?page=1" {
            road.to_owned()
        } else {
            path(first)
        };
        assert_eq!(found, some(&path(next), &first), "{own}: {html}");
    }
    let canonical = url("/news/the-long-road/");
    let page = Document::parse("<p>");
    let found = read(&page, &url("?page=2"), Some(&canonical), None);
    assert_eq!(found.first.map(|first| first.url), Some(canonical));
}

#[test]
fn the_posts_of_a_blog_are_no_pages() {
    for (own, html) in [
        (
            "/post/12",
            "<link rel=prev href=/post/11><link rel=next href=/post/13>",
        ),
        (
            "/post/2",
            "<link rel=prev href=/post/1><a rel=next href=/post/3>Next</a>",
        ),
        ("/post/1", "<link rel=next href=/post/2>"),
        (
            "/blog/?p=7",
            "<a rel=prev href='?p=6'>«</a><a rel=next href='?p=8'>»</a>",
        ),
        ("/?p=7", "<a href=/>Home</a><a rel=next href='?p=8'>»</a>"),
        (
            "/news.php?id=2",
            "<a href=news.php>News</a><link rel=next href='news.php?id=3'>",
        ),
        (
            "/letters-2/",
            "<a rel=prev href=/letters/>Letters</a><a rel=next href=/letters-3/>»</a>",
        ),
    ] {
        assert_eq!(of(own, html), some("", ""), "{own}");
    }
}

#[test]
fn all_pages_in_one_are_known_where_there_are_several() {
    let whole = |html: &str| read(&Document::parse(html), &url(""), None, None).whole;
    let link = "<a href='?page=all'>Single page</a>";
    assert_eq!(
        whole(&format!("<a href='?page=2'>2</a>{link}")),
        Some(url("?page=all"))
    );
    assert_eq!(whole(link), None);
}
