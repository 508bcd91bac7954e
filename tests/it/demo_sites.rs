//! The sites that `gleaner demo` serves.

use gleaner::demo::Sites;

#[tokio::test]
async fn the_sites_behave_like_real_ones() {
    let sites = Sites::serve().await.expect("loopback has free ports");
    assert_eq!(sites.addresses().len(), 3);
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a plain client");
    let mut found = 0;
    for address in sites.addresses() {
        let robots = get(&client, &format!("{address}robots.txt"), None).await;
        assert_eq!(robots.status(), 200);
        let missing = get(&client, &format!("{address}no/such/page"), None).await;
        assert_eq!(missing.status(), 404);
        let feed = get(&client, &format!("{address}feed"), None).await;
        if feed.status() != 301 {
            continue;
        }
        found += 1;
        let index = get(&client, &format!("{address}sitemap_index.xml"), None).await;
        let etag = index.headers()["etag"].to_str().expect("ASCII").to_owned();
        let text = index.text().await.expect("a body");
        assert!(text.contains(&format!("<loc>{address}post-sitemap.xml</loc>")));
        let again = get(&client, &format!("{address}sitemap_index.xml"), Some(&etag)).await;
        assert_eq!(again.status(), 304);
        assert_eq!(sites.articles_served(), 0);
        get(&client, &format!("{address}bee-count-rises/"), None).await;
        assert_eq!(sites.articles_served(), 1);
    }
    assert_eq!(found, 1, "one site redirects /feed");
}

async fn get(client: &reqwest::Client, url: &str, etag: Option<&str>) -> reqwest::Response {
    let mut request = client.get(url);
    if let Some(etag) = etag {
        request = request.header("if-none-match", etag);
    }
    request.send().await.expect("the site answers")
}
