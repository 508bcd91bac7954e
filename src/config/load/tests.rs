use super::*;

fn from_file(text: &str, environment: &[(&str, &str)], flags: &[Flag]) -> Result<Loaded, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("news.toml");
    std::fs::write(&path, text).expect("the folder can be written");
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load(Some(&path), environment, flags).map_err(|error| error.to_string())
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let flag = Flag {
        name: "--max-depth",
        key: "crawl.max_depth",
        value: Value::Integer(9),
    };
    let loaded = from_file(
        "[crawl]\nmax_pages = 1\nmax_depth = 1\nsince_days = 1\n",
        &[
            ("GLEANER_CRAWL__MAX_DEPTH", "5"),
            ("GLEANER_CRAWL__MAX_PAGES", "5"),
            ("GLEANER_SHARED", "no setting"),
        ],
        &[flag],
    )
    .expect("all of it is right");
    let crawl = &loaded.config.crawl;
    assert_eq!(
        (crawl.since_days, crawl.max_pages, crawl.max_depth),
        (1, 5, 9)
    );
    let origins: BTreeMap<_, _> = loaded
        .settings()
        .into_iter()
        .map(|setting| (setting.key, setting.origin.to_string()))
        .collect();
    assert_eq!(origins["max_depth"], "--max-depth");
    assert_eq!(origins["max_pages"], "GLEANER_CRAWL__MAX_PAGES");
    assert!(origins["since_days"].ends_with("news.toml:4"));
    assert_eq!(origins["time_limit_s"], "default");
}

#[test]
fn an_unknown_key_is_named_with_file_line_and_a_hint() {
    let error =
        from_file("[crawl]\nmax_depth = 1\nmax_page = 3\n", &[], &[]).expect_err("it is wrong");
    assert!(error.contains("news.toml:3"), "{error}");
    assert!(error.contains("did you mean `max_pages`?"), "{error}");
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_its_line() {
    let error =
        from_file("\n[fetch]\nmax_redirects = \"many\"\n", &[], &[]).expect_err("it is wrong");
    assert!(error.contains("news.toml:3"), "{error}");
}

#[test]
fn a_value_out_of_bounds_is_named_with_where_it_was_set() {
    let error = from_file("[politeness]\nmin_delay_s = -1.0\n", &[], &[]).expect_err("it is wrong");
    assert!(error.contains("news.toml:2"), "{error}");
    assert!(error.contains("politeness.min_delay_s"), "{error}");
    let variable = [("GLEANER_FETCH__CONCURRENCY", "0")];
    let error = from_file("", &variable, &[]).expect_err("it is wrong");
    assert!(error.contains("GLEANER_FETCH__CONCURRENCY"), "{error}");
    let error =
        from_file("[site.\"a.example\"]\nmin_delay_s = nan\n", &[], &[]).expect_err("it is wrong");
    assert!(error.contains("news.toml:2"), "{error}");
}

#[test]
fn a_value_that_cannot_be_used_is_named_with_its_line() {
    for (setting, reason) in [
        ("[crawl]\nsince = \"soon\"", "\"soon\" is no date"),
        ("[crawl]\nseeds = [\"ftp://a.example\"]", "neither http"),
        ("[crawl]\ncontact = \"a\\nb\"", "crawl.contact"),
        ("[fetch]\nproxy = \"a.example\"", "is no proxy"),
        ("[fetch]\nfrom = \"a\\nb\"", "cannot stand in a header"),
        ("[crawl]\nsites = [\"https://a.example/\"]", "is no site"),
        ("[extract]\nlanguage = \"english, please\"", "no language"),
        ("[store]\npath = \"\"", "must name a file"),
        (
            "[site.\"a.example\"]\ninclude = [\"(\"]",
            "regular expressions",
        ),
        ("[site.\"a.example\"]\nbody = \"<\"", "no CSS selector"),
    ] {
        let error = from_file(setting, &[], &[]).expect_err(setting);
        assert!(error.contains("news.toml:2: "), "{error}");
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn variables_take_the_type_of_their_setting() {
    let loaded = from_file(
        "",
        &[
            (
                "GLEANER_CRAWL__SEEDS",
                "https://a.example/, https://b.example/",
            ),
            ("GLEANER_EXTRACT__SITEWIDE", "false"),
            ("GLEANER_EXTRACT__LANGUAGE", "de"),
            ("GLEANER_POLITENESS__MIN_DELAY_S", "2"),
        ],
        &[],
    )
    .expect("all of it is right");
    assert_eq!(
        loaded.config.crawl.seeds,
        ["https://a.example/", "https://b.example/"]
    );
    assert!(!loaded.config.extract.sitewide);
    assert_eq!(loaded.config.extract.language.as_deref(), Some("de"));
    let error = from_file("", &[("GLEANER_CRAWL__SEED", "x")], &[]).expect_err("it is wrong");
    assert!(
        error.contains("GLEANER_CRAWL__SEED") && error.contains("`seeds`"),
        "{error}"
    );
}

#[test]
fn the_example_file_says_the_defaults() {
    let read: Config = toml::from_str(super::super::EXAMPLE).expect("the example is valid");
    assert_eq!(read, Config::default());
}

#[test]
fn the_example_file_names_every_key() {
    let filled = Config {
        crawl: crate::config::CrawlConfig {
            contact: Some(String::new()),
            user_agent: Some(String::new()),
            ..Default::default()
        },
        extract: crate::config::ExtractConfig {
            language: Some(String::new()),
            ..Default::default()
        },
        site: BTreeMap::from([(
            "h".to_owned(),
            crate::config::SiteConfig {
                min_delay_s: Some(1.0),
                max_pages: Some(1),
                body: Some(String::new()),
                permission: Some(String::new()),
                ..Default::default()
            },
        )]),
        ..Default::default()
    };
    let loaded = Loaded {
        config: filled,
        ..Default::default()
    };
    for setting in loaded.settings() {
        let assignment = format!("{} = ", setting.key);
        let said = super::super::EXAMPLE
            .lines()
            .any(|line| line.trim_start_matches("# ").starts_with(&assignment));
        assert!(said, "{} is missing", setting.key);
    }
}
