//! A made-up world of news sites on loopback, a port a site: articles of 40 to 80 KB in realistic
//! chrome; feeds, sitemaps, section pages; tag, author, search, print and login pages; traps;
//! articles under second addresses and on second sites; errors; and a log of what was asked.
//!
//! Time in the world stands still until it is set: an article is there once its time has come.

// Made-up pages: what reads plainly counts here, not what runs fast.
#![allow(
    dead_code,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::format_collect,
    clippy::format_push_string
)]

mod pages;
mod server;
mod sources;
mod text;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) use text::Dice;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

pub(crate) const SECTIONS: [&str; 8] = [
    "politics", "business", "sport", "culture", "science", "travel", "opinion", "local",
];

/// What a world is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) hosts: usize,
    pub(crate) articles_per_host: usize,
    /// Bytes of a page: this much to twice this much.
    pub(crate) page_bytes: usize,
    /// Unix milliseconds.
    pub(crate) now_ms: i64,
}

/// How a site lets its articles be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// robots.txt names an index of monthly sitemaps and a news sitemap; RSS.
    Index,
    /// A sitemap in the customary place, Atom.
    Plain,
    /// A packed sitemap, JSON Feed.
    Packed,
    /// As `WordPress` does it, nothing named anywhere.
    Press,
    /// Neither feeds nor sitemaps: section pages only.
    Sections,
}

/// Why an article cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Gone,
    Broken,
}

#[derive(Debug, Clone)]
pub(crate) struct Article {
    pub(crate) seed: u64,
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) section: usize,
    pub(crate) published_ms: i64,
    pub(crate) modified_ms: i64,
    pub(crate) version: u64,
    pub(crate) fault: Option<Fault>,
    /// A second address on the same site.
    pub(crate) second_path: Option<String>,
    /// Whether it is an old one that only an archive lists.
    pub(crate) is_old: bool,
    /// Whether it is taken over from the site before: the same words.
    pub(crate) is_syndicated: bool,
}

#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) number: usize,
    pub(crate) kind: Kind,
    pub(crate) port: u16,
    pub(crate) articles: Vec<Article>,
    /// Address (path and query) to its place in `articles`.
    places: BTreeMap<String, usize>,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) site: usize,
    pub(crate) path: String,
    pub(crate) status: u16,
    /// Whether it came with If-None-Match or If-Modified-Since.
    pub(crate) conditional: bool,
}

#[derive(Debug)]
struct State {
    plan: Plan,
    now_ms: i64,
    sites: Vec<Site>,
    log: Vec<Asked>,
    dice: Dice,
}

/// The world, served until the process ends.
#[derive(Debug, Clone)]
pub(crate) struct World {
    state: Arc<Mutex<State>>,
}

impl World {
    /// Builds the sites and serves them.
    pub(crate) fn start(plan: Plan) -> Self {
        let mut dice = Dice::new(7);
        let sites = (0..plan.hosts)
            .map(|n| Site::new(n, &plan, &mut dice))
            .collect();
        let world = Self {
            state: Arc::new(Mutex::new(State {
                plan,
                now_ms: plan.now_ms,
                sites,
                log: Vec::new(),
                dice,
            })),
        };
        server::serve(&world);
        world
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn seeds(&self) -> Vec<String> {
        let front_page = |site: &Site| format!("{}/", site.origin());
        self.lock().sites.iter().map(front_page).collect()
    }

    /// Moves the world's clock.
    pub(crate) fn set_now(&self, now_ms: i64) {
        self.lock().now_ms = now_ms;
    }

    /// Publishes `count` articles, spread over the sites, at `now_ms`. Returns their addresses.
    pub(crate) fn publish(&self, count: usize, now_ms: i64) -> Vec<String> {
        let mut state = self.lock();
        state.now_ms = now_ms;
        let hosts = state.sites.len();
        (0..count)
            .map(|n| {
                let State { sites, dice, .. } = &mut *state;
                let site = &mut sites[n % hosts];
                let article = Article::new(site, now_ms, dice);
                let url = format!("{}{}", site.origin(), article.path);
                site.add(article);
                url
            })
            .collect()
    }

    /// Changes the words of `count` articles, and the dates in feeds and sitemaps with them. Returns
    /// their addresses.
    pub(crate) fn change(&self, count: usize, now_ms: i64) -> Vec<String> {
        let mut state = self.lock();
        state.now_ms = now_ms;
        let mut changed = Vec::new();
        let per_site = state.plan.articles_per_host;
        for place in 0..per_site {
            for site in &mut state.sites {
                let origin = site.origin();
                let article = &mut site.articles[place];
                if changed.len() < count && site.kind != Kind::Sections && article.is_plain() {
                    article.version += 1;
                    article.modified_ms = now_ms;
                    changed.push(format!("{origin}{}", article.path));
                }
            }
        }
        changed
    }

    /// Addresses of the articles that can be had now and are new enough, syndicated ones left out.
    pub(crate) fn expected(&self) -> Vec<String> {
        self.addresses(|article, now_ms| {
            article.fault.is_none()
                && !article.is_old
                && !article.is_syndicated
                && article.published_ms <= now_ms
        })
    }

    /// Addresses of articles that repeat another site's.
    pub(crate) fn syndicated(&self) -> Vec<String> {
        self.addresses(|article, _| {
            article.fault.is_none() && !article.is_old && article.is_syndicated
        })
    }

    /// Second addresses of articles.
    pub(crate) fn second_addresses(&self) -> Vec<String> {
        self.of_articles(|origin, article, _| {
            let second = article.second_path.as_ref()?;
            Some(format!("{origin}{second}"))
        })
    }

    /// When each article was or will be published, by address.
    pub(crate) fn times(&self) -> BTreeMap<String, i64> {
        self.of_articles(|origin, article, _| {
            Some((format!("{origin}{}", article.path), article.published_ms))
        })
    }

    fn addresses(&self, wanted: impl Fn(&Article, i64) -> bool) -> Vec<String> {
        self.of_articles(|origin, article, now_ms| {
            wanted(article, now_ms).then(|| format!("{origin}{}", article.path))
        })
    }

    /// What `of` makes of each article, its site's origin and the world's time.
    fn of_articles<T, C: FromIterator<T>>(
        &self,
        of: impl Fn(&str, &Article, i64) -> Option<T>,
    ) -> C {
        let state = self.lock();
        let all = state.sites.iter().flat_map(|site| {
            let origin = site.origin();
            let of_site = site.articles.iter();
            let made = of_site.filter_map(|article| of(&origin, article, state.now_ms));
            made.collect::<Vec<_>>()
        });
        all.collect()
    }

    /// Lets articles come out at times of their own: `times[n]` are those of site `n`.
    pub(crate) fn schedule(&self, times: &[Vec<i64>]) {
        let mut state = self.lock();
        let State { sites, dice, .. } = &mut *state;
        for (site, times) in sites.iter_mut().zip(times) {
            for time in times {
                let article = Article::new(site, *time, dice);
                site.add(article);
            }
        }
    }

    /// Requests since the last call, robots.txt left out.
    pub(crate) fn take_log(&self) -> Vec<Asked> {
        let mut log = std::mem::take(&mut self.lock().log);
        log.retain(|asked| asked.path != "/robots.txt");
        log
    }

    /// Whether a request is for an article's page, under whichever of its addresses.
    pub(crate) fn is_article(&self, asked: &Asked) -> bool {
        self.lock().sites[asked.site]
            .places
            .contains_key(&asked.path)
    }

    /// The whole address of a request.
    pub(crate) fn address(&self, asked: &Asked) -> String {
        format!("{}{}", self.lock().sites[asked.site].origin(), asked.path)
    }
}

impl Site {
    fn new(number: usize, plan: &Plan, dice: &mut Dice) -> Self {
        let kinds = [
            Kind::Index,
            Kind::Plain,
            Kind::Packed,
            Kind::Press,
            Kind::Sections,
        ];
        let mut site = Self {
            number,
            kind: kinds[number % kinds.len()],
            port: 0,
            articles: Vec::new(),
            places: BTreeMap::new(),
        };
        for n in 0..plan.articles_per_host {
            let age_ms = dice.below((20 * DAY_MS) as u64) as i64;
            let mut article = Article::new(&site, plan.now_ms - age_ms, dice);
            // One in a hundred cannot be had; some have a second address; some were taken over.
            match n % 100 {
                17 if number.is_multiple_of(2) => article.fault = Some(Fault::Broken),
                17 => article.fault = Some(Fault::Gone),
                3 | 36 | 69 => article.second_path = Some(article.second_address(&site, dice)),
                12 | 51 if number > 0 && site.kind != Kind::Sections => {
                    article.seed = syndicated_seed(number - 1, n);
                    article.is_syndicated = true;
                }
                _ => {}
            }
            if n % 100 == 11 || n % 100 == 50 {
                // The one that the next site takes over.
                article.seed = syndicated_seed(number, n + 1);
            }
            article.title = text::headline(&mut Dice::new(article.seed));
            site.add(article);
        }
        if site.kind != Kind::Sections {
            for _ in 0..plan.articles_per_host / 20 {
                let mut article = Article::new(&site, plan.now_ms - 700 * DAY_MS, dice);
                article.is_old = true;
                site.add(article);
            }
        }
        site
    }

    fn add(&mut self, article: Article) {
        let place = self.articles.len();
        self.places.insert(article.path.clone(), place);
        if let Some(second) = &article.second_path {
            self.places.insert(second.clone(), place);
        }
        self.articles.push(article);
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn has_feed(&self) -> bool {
        self.kind != Kind::Sections
    }
}

fn syndicated_seed(site: usize, n: usize) -> u64 {
    0x5_0000_0000 + (site as u64) * 1_000_003 + n as u64
}

impl Article {
    fn new(site: &Site, published_ms: i64, dice: &mut Dice) -> Self {
        let seed = dice.below(1 << 30) << 30 | dice.below(1 << 30);
        let number = 10_000 + site.articles.len();
        let title = text::headline(&mut Dice::new(seed));
        let slug = title.to_lowercase().replace('\'', "").replace(' ', "-");
        let section = (dice.below(SECTIONS.len() as u64)) as usize;
        let day = pages::date(published_ms);
        let (year, month) = (&day[..4], &day[5..7]);
        let name = SECTIONS[section];
        let path = match site.kind {
            Kind::Index => format!("/{name}/{year}/{month}/{slug}-{number}.html"),
            Kind::Plain => format!("/{name}/{slug}-{number}"),
            Kind::Packed => format!("/news/{number}/{slug}"),
            Kind::Press => format!("/{year}/{month}/{}/{slug}-{number}/", &day[8..10]),
            Kind::Sections => format!("/{name}/{slug}.{number}.html"),
        };
        Self {
            seed,
            path,
            title,
            section,
            published_ms,
            modified_ms: published_ms,
            version: 0,
            fault: None,
            second_path: None,
            is_old: false,
            is_syndicated: false,
        }
    }

    /// Where it can be had too: as AMP, in an archive that names the first address as its own, or in
    /// one that does not.
    fn second_address(&self, site: &Site, dice: &mut Dice) -> String {
        let number = 10_000 + site.articles.len();
        match dice.below(3) {
            0 => format!("{}/amp/", self.path.trim_end_matches('/')),
            1 => format!("/story/{number}/canonical-copy-of-it-{number}"),
            _ => format!("/story/{number}/silent-copy-of-it-{number}"),
        }
    }

    /// One that every count can take: to be had, current, with one address.
    fn is_plain(&self) -> bool {
        self.fault.is_none()
            && !self.is_old
            && !self.is_syndicated
            && self.second_path.is_none()
            && self.version == 0
    }
}
