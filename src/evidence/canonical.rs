//! The page's own address, as it gives it.

use url::Url;

use crate::evidence::Evidence;
use crate::evidence::claim::Claim;

/// Whether an address is a cache's copy of another, as AMP's caches make them: the original's
/// host and path stand in the copy's path
/// (amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls).
fn is_copy_of(copy: &Url, original: &Url) -> bool {
    let is_cache = copy.host_str().is_some_and(|host| {
        host.ends_with(".cdn.ampproject.org")
            || (host.starts_with("www.google.") && copy.path().starts_with("/amp/"))
    });
    is_cache
        && original
            .host_str()
            .is_some_and(|host| copy.path().contains(host))
}

/// The claims to be the page's own address. Refused are other sites' addresses, unless the page is an AMP
/// cache's copy, and front pages, unless the page is one.
pub(crate) fn claims(evidence: &Evidence) -> Vec<Claim> {
    let base = evidence.url.as_ref();
    let noted = evidence.declared.of("url").into_iter().map(Claim::of);
    noted
        .map(|claim| {
            let named = match base {
                Some(base) => base.join(&claim.value),
                None => Url::parse(&claim.value),
            };
            match named {
                Ok(named) => {
                    let refused = refused(&named, base);
                    let value = named.to_string();
                    Claim { value, ..claim }.unless(refused)
                }
                Err(_) => claim.unless(Some("it is no address")),
            }
        })
        .collect()
}

/// Why an address cannot be the page's own.
fn refused(named: &Url, page: Option<&Url>) -> Option<&'static str> {
    if !matches!(named.scheme(), "http" | "https") {
        return Some("it is no address of the web");
    }
    let page = page?;
    let front = |u: &Url| u.path() == "/" && u.query().is_none();
    let domain = |u: &Url| {
        u.host_str()
            .and_then(psl::domain_str)
            .map(str::to_owned)
            .or_else(|| u.host_str().map(str::to_owned))
    };
    if front(named) && !front(page) {
        return Some("it is a front page's");
    }
    (domain(named) != domain(page) && !is_copy_of(page, named)).then_some("it is another site's")
}
