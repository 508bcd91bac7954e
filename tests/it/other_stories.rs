//! Other stories around and inside the page's own: streams, teasers, cards and lists of links, in the markup
//! that themes use, on pages in several languages. The story must come out whole, and nothing of the others.

use gleaner::{Options, extract};
use url::Url;

/// A made-up story of a paper, and what else it reported that day.
struct Paper {
    language: &'static str,
    title: &'static str,
    more: &'static str,
    story: [&'static str; 3],
    others: [(&'static str, &'static str); 4],
}

const PAPERS: [Paper; 3] = [
    Paper {
        language: "en",
        title: "Ferry to Harrow Sound sails again",
        more: "More stories",
        story: [
            "The white ferry came round the point at ten past seven on Thursday morning, and the people who had been standing on the quay since before dawn began to clap.",
            "Nobody had told them to, and nobody could say afterwards who had been the first. It was the first crossing in eleven weeks, since the gearbox broke in the autumn storms.",
            "The county paid for the repair, which cost 214,000 crowns, and says that a second boat would be cheaper than another such winter.",
        ],
        others: [
            (
                "Bakers end their strike after nine days",
                "The ovens of the valley are warm again: bakers and mills agreed on Sunday night on a wage that both call too low and too high.",
            ),
            (
                "Library drops its fines for late books",
                "Readers who bring back a novel after ten years need no longer fear the desk, the library said; it only wants its books.",
            ),
            (
                "Quarry lake closed to swimmers",
                "Blue algae have grown in the warm week, and the council has put up signs that the children read aloud to each other.",
            ),
            (
                "Chess club meets in the prison",
                "Every second Tuesday eleven men sit down to play, and the governor has lost to nine of them by his own account.",
            ),
        ],
    },
    Paper {
        language: "de",
        title: "Rheinau-Brücke ist wieder offen",
        more: "Weitere Meldungen",
        story: [
            "Die Brücke über die Rheinau ist seit Donnerstag früh wieder für Autos freigegeben, drei Wochen früher als die Stadt es im Sommer angekündigt hatte.",
            "Am Geländer standen Anwohner mit Kaffee und Kuchen, als der erste Lastwagen kurz nach sechs über die neuen Platten rollte und hupte.",
            "Die Sanierung hat 4,2 Millionen Euro gekostet; das Land trägt davon zwei Drittel, den Rest teilen sich Stadt und Kreis.",
        ],
        others: [
            (
                "Apfelernte fällt so reich aus wie nie",
                "Die Bauern im Hügelland haben so viele Äpfel gepflückt wie seit vierzig Jahren nicht, und die Mosterei arbeitet auch in der Nacht.",
            ),
            (
                "Meteorit schlägt in ein Gewächshaus ein",
                "Ein faustgroßer Stein hat in der Nacht zum Montag das Dach einer Gärtnerei durchschlagen und zwischen den Tomaten gelegen.",
            ),
            (
                "Schule stellt einen Esel als Schulbus ein",
                "Weil der Bus den Hang im Winter nicht schafft, trägt nun ein Esel die Ranzen von elf Kindern hinauf zur Schule.",
            ),
            (
                "Theater spielt im leeren Hallenbad",
                "Das Ensemble zeigt seine neue Fassung im Becken, und das Publikum sitzt auf den Startblöcken und am Rand.",
            ),
        ],
    },
    Paper {
        language: "ru",
        title: "Паром снова ходит на остров",
        more: "Другие новости",
        story: [
            "Белый паром обогнул мыс в четверг в семь часов утра, и люди, которые стояли на причале ещё до рассвета, начали хлопать, хотя никто их об этом не просил.",
            "Это был первый рейс за одиннадцать недель: осенью во время шторма на судне сломался редуктор, и новый пришлось ждать из-за границы.",
            "Ремонт обошёлся в двадцать миллионов и был оплачен из средств области, сообщил глава района.",
        ],
        others: [
            (
                "Пекари закончили забастовку",
                "Печи долины снова горячие: пекари и мельницы договорились в воскресенье вечером о плате, которую обе стороны считают неверной.",
            ),
            (
                "Библиотека отменяет штрафы",
                "Читатели, которые вернут роман через десять лет, больше не должны бояться, сказали в библиотеке: ей нужны только книги.",
            ),
            (
                "Озеро закрыли для купания",
                "За тёплую неделю в карьере выросли водоросли, и город поставил знаки, которые дети читают друг другу вслух.",
            ),
            (
                "Шахматный клуб открылся в тюрьме",
                "Каждый второй вторник одиннадцать мужчин садятся играть, и начальник проиграл девяти из них по его собственным словам.",
            ),
        ],
    },
];

const ADDRESS: &str = "https://www.valley.example/news/2026/11/57999/";

fn address_of(other: usize) -> String {
    format!("/news/2026/11/{}/", 58_001 + other)
}

fn paragraphs(texts: &[&str]) -> String {
    let paragraphs: Vec<String> = texts.iter().map(|text| format!("<p>{text}</p>")).collect();
    paragraphs.concat()
}

fn page(paper: &Paper, inside: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang={}><head><title>{} - The Valley</title></head><body>\
         <header class=top><a href=/>The Valley</a><nav><ul><li><a href=/news/>News</a><li><a href=/sport/>Sport</a>\
         </ul></nav></header>{inside}<footer><p>© 2026 The Valley</p><a href=/imprint/>Imprint</a></footer>",
        paper.language, paper.title
    )
}

/// The page's own story of some paragraphs in an element of this tag.
fn own(paper: &Paper, length: usize, tag: &str) -> String {
    format!(
        "<{tag}><h1>{}</h1><p class=byline>Ann Bell · <time datetime=2026-11-24>24.11.2026</time></p>{}</{tag}>",
        paper.title,
        paragraphs(&paper.story[..length])
    )
}

/// Says what is missing of the story and what of the other stories is there.
fn faults(paper: &Paper, length: usize, html: &str, density_only: bool) -> Vec<String> {
    let mut options = Options::default();
    options.density_only = density_only;
    let address = Url::parse(ADDRESS).ok();
    let text = extract(html, address.as_ref(), &options).record.text;
    let missing = paper.story[..length]
        .iter()
        .filter(|own| !text.contains(**own));
    let others = paper
        .others
        .iter()
        .flat_map(|(headline, text)| [headline, text]);
    let mut faults: Vec<String> = missing.map(|own| format!("missing: {own}")).collect();
    faults.extend(
        others
            .filter(|other| text.contains(**other))
            .map(|other| format!("too much: {other}")),
    );
    faults
}

fn assert_alone(name: &str, length: usize, html: impl Fn(&Paper) -> String) {
    for paper in &PAPERS {
        for density_only in [false, true] {
            let html = page(paper, &html(paper));
            let faults = faults(paper, length, &html, density_only);
            let language = paper.language;
            assert!(
                faults.is_empty(),
                "{name}, {length} paragraphs, {language}, density only {density_only}: {faults:#?}"
            );
        }
    }
}

type Teaser = fn(&str, &str, &str) -> String;

/// Teasers as themes write them: of an address, a headline and a text.
const TEASERS: [(&str, Teaser); 5] = [
    ("heading and paragraph", |to, headline, text| {
        format!("<div class=teaser><h4><a href={to}>{headline}</a></h4><p>{text}</p></div>")
    }),
    ("card with a picture", |to, headline, text| {
        format!(
            "<div class=c1><a href={to}><img src=i.jpg alt=''></a><div><h2><a href={to}>{headline}</a></h2><div>{text}</div></div></div>"
        )
    }),
    ("card that is one link", |to, headline, text| {
        format!("<a class=x1 href={to}><img src=i.jpg alt=''><h3>{headline}</h3><p>{text}</p></a>")
    }),
    ("article", |to, headline, text| {
        format!("<article><h3><a href={to}>{headline}</a></h3><p>{text}</p></article>")
    }),
    ("bold line", |to, headline, text| {
        format!("<div class=b2><a href={to}><strong>{headline}</strong></a><br>{text}</div>")
    }),
];

fn teasers(paper: &Paper, teaser: Teaser, count: usize) -> Vec<String> {
    let others = paper.others.iter().take(count).enumerate();
    others
        .map(|(at, (headline, text))| teaser(&address_of(at), headline, text))
        .collect()
}

type Wrapper = fn(&[String], &str) -> String;

/// What stands around teasers: of the teasers and a heading.
const WRAPPERS: [(&str, Wrapper); 6] = [
    ("aside", |teasers, more| {
        format!("<aside><h3>{more}</h3>{}</aside>", teasers.concat())
    }),
    ("aside without heading", |teasers, _| {
        format!("<aside>{}</aside>", teasers.concat())
    }),
    ("section", |teasers, more| {
        format!("<section><h2>{more}</h2>{}</section>", teasers.concat())
    }),
    ("div", |teasers, _| {
        format!("<div class=r4>{}</div>", teasers.concat())
    }),
    ("list", |teasers, _| {
        format!("<ul class=l5><li>{}</ul>", teasers.join("<li>"))
    }),
    ("table", |teasers, _| {
        format!("<table><tr><td>{}</table>", teasers.join("<td>"))
    }),
];

#[test]
fn a_short_story_stands_alone_beside_teasers() {
    for (name, teaser) in TEASERS {
        for (around, wrapper) in WRAPPERS {
            for length in 1..=3 {
                let name = format!("{name} in {around}");
                let block = |paper: &Paper| wrapper(&teasers(paper, teaser, 4), paper.more);
                assert_alone(&name, length, |paper| {
                    format!(
                        "<main>{}</main>{}",
                        own(paper, length, "article"),
                        block(paper)
                    )
                });
                assert_alone(&name, length, |paper| {
                    format!(
                        "<div id=p>{}{}</div>",
                        own(paper, length, "div"),
                        block(paper)
                    )
                });
                assert_alone(&name, length, |paper| {
                    format!(
                        "{}<main>{}</main>",
                        block(paper),
                        own(paper, length, "article")
                    )
                });
            }
        }
    }
}

#[test]
fn cards_between_paragraphs_are_other_stories() {
    for (name, teaser) in TEASERS {
        // More of them hold more words than the story, and could be its parts.
        assert_alone(name, 3, |paper| {
            format!(
                "<main><article><h1>{}</h1>{}<div class=q>{}</div>{}</article></main>",
                paper.title,
                paragraphs(&paper.story[..2]),
                teasers(paper, teaser, 2).concat(),
                paragraphs(&paper.story[2..]),
            )
        });
    }
}

#[test]
fn lists_of_links_between_paragraphs_are_other_stories() {
    for (around, line) in [
        ("<ul>|</ul>", "<li><a href=@>#</a></li>"),
        ("<ol>|</ol>", "<li><p><a href=@>#</a></p></li>"),
        (
            "<div data-component=list-block><ul>|</ul></div>",
            "<li><a href=@>#</a></li>",
        ),
        ("<dl>|</dl>", "<dt><a href=@>#</a></dt>"),
        ("<div>|</div>", "<div><a href=@>#</a></div>"),
        ("|", "<p><strong><a href=@>#</a></strong></p>"),
    ] {
        assert_alone(line, 3, |paper| {
            let lines = paper.others.iter().enumerate().map(|(at, (headline, _))| {
                line.replace('@', &address_of(at)).replace('#', headline)
            });
            format!(
                "<main><article><h1>{}</h1>{}{}{}</article></main>",
                paper.title,
                paragraphs(&paper.story[..2]),
                around.replace('|', &lines.collect::<String>()),
                paragraphs(&paper.story[2..]),
            )
        });
    }
}

/// Whole stories, the page's own first, each in an element of this tag and class with a linked headline.
fn stream(paper: &Paper, tag: &str, length: usize) -> String {
    let story = |to: &str, headline: &str, text: &str| {
        format!(
            "<{tag} class=post><h2><a href={to}>{headline}</a></h2><p class=byline>Ann Bell</p><div>{text}</div></{tag}>"
        )
    };
    let own = story(ADDRESS, paper.title, &paragraphs(&paper.story[..length]));
    let others = paper
        .others
        .iter()
        .enumerate()
        .map(|(at, (headline, text))| {
            story(
                &address_of(at),
                headline,
                &format!("<p>{text}</p>").repeat(3),
            )
        });
    own + &others.collect::<String>()
}

#[test]
fn a_stream_of_stories_of_one_build_gives_the_pages_own() {
    for tag in ["article", "div", "section"] {
        for length in [1, 3] {
            assert_alone(tag, length, |paper| {
                format!("<main>{}</main>", stream(paper, tag, length))
            });
        }
    }
}

#[test]
fn a_stream_behind_a_story_of_another_build_goes() {
    for tag in ["article", "div", "section"] {
        for length in [1, 3] {
            assert_alone(tag, length, |paper| {
                let whole = stream(paper, tag, 1);
                let (_, others) = whole.split_once(&format!("</{tag}>")).unwrap_or_default();
                format!(
                    "<main>{}<div class=feed>{tag}</div></main>",
                    own(paper, length, "div")
                )
                .replace(&format!(">{tag}<"), &format!(">{others}</{tag}><"))
            });
        }
    }
}

/// What looks like other stories and is part of the page's own.
#[test]
fn parts_of_the_story_stay() {
    let paper = &PAPERS[0];
    let parts = |part: &dyn Fn(usize, &str, &str) -> String| -> String {
        let others = paper.others.iter().enumerate();
        others
            .map(|(at, (headline, text))| part(at, headline, text))
            .collect()
    };
    for inside in [
        // Subheads without links, and with links to a part of the page.
        parts(&|_, headline, text| format!("<section><h2>{headline}</h2><p>{text}</p></section>")),
        parts(&|at, headline, text| {
            format!("<div><h2><a href=#p{at}>{headline}</a></h2><p>{text}</p></div>")
        }),
        // A list of places, each with its own site.
        parts(&|at, headline, text| {
            format!(
                "<div><h2><a href=https://place{at}.example/>{headline}</a></h2><p>{text}</p></div>"
            )
        }),
        // Counted entries.
        parts(&|at, headline, text| {
            format!(
                "<div><h2><a href={}>{}. {headline}</a></h2><p>{text}</p></div>",
                address_of(at),
                at + 1
            )
        }),
    ] {
        let html = page(
            paper,
            &format!(
                "<main><article><h1>{}</h1>{}{inside}</article></main>",
                paper.title,
                paragraphs(&paper.story)
            ),
        );
        let text = extract(
            &html,
            Url::parse(ADDRESS).ok().as_ref(),
            &Options::default(),
        )
        .record
        .text;
        for (_, other) in paper.others {
            assert!(text.contains(other), "{other} is missing: {html}");
        }
    }
}
