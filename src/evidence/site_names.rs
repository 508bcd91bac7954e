//! The names a site goes by.

use url::Url;

use crate::evidence::declared::Declarations;
use crate::text::to_letters;

/// The names a site goes by, as [`to_letters`] spells them.
#[derive(Debug, Default)]
pub(crate) struct SiteNames(Vec<String>);

impl SiteNames {
    pub(crate) fn of(names: &[String]) -> Self {
        let mut spelled: Vec<String> = names.iter().map(|name| to_letters(name)).collect();
        spelled.retain(|name| !name.is_empty());
        spelled.sort_unstable();
        spelled.dedup();
        Self(spelled)
    }

    /// Whether a part of a title is the site's name, or one end of the other: "Valley Post Online".
    pub(crate) fn is_site_part(&self, part: &str) -> bool {
        let part = to_letters(part);
        let is_long = |text: &str| text.len() >= MIN_END_BYTES;
        let is_end = |of: &str, end: &str| of.starts_with(end) || of.ends_with(end);
        !part.is_empty()
            && self.0.iter().any(|site| {
                let both_long = is_long(&part) && is_long(site);
                part == *site || (both_long && (is_end(&part, site) || is_end(site, &part)))
            })
    }

    /// Whether a name is the site's own rather than a person's.
    pub(crate) fn is_site(&self, name: &str) -> bool {
        let name = to_letters(name);
        let is_long = |text: &str| text.len() >= MIN_PART_BYTES;
        self.0.iter().any(|site| {
            let both_long = is_long(&name) && is_long(site);
            name == *site || (both_long && (site.contains(&name) || name.contains(site)))
        })
    }
}

/// Shortest name that is known by its start or end, in bytes.
const MIN_END_BYTES: usize = 4;

/// Shortest name that is known within another, in bytes.
const MIN_PART_BYTES: usize = 5;

/// Names the site goes by, its host's among them.
pub(crate) fn site_names(
    declared: &Declarations,
    main: Option<usize>,
    url: Option<&Url>,
) -> Vec<String> {
    let mut names: Vec<String> = declared
        .of("site")
        .iter()
        .map(|f| f.value.clone())
        .collect();
    names.extend(declared.json_ld.site.clone());
    names.extend(main.and_then(|at| declared.json_ld.articles[at].publisher.clone()));
    let handles = declared.values("sitehandle");
    names.extend(handles.map(|handle| handle.trim_start_matches('@').to_owned()));
    let canonical = declared.first("url").and_then(|url| Url::parse(url).ok());
    let addresses = [url, canonical.as_ref()].into_iter().flatten();
    for host in addresses.filter_map(Url::host_str) {
        names.push(host.trim_start_matches("www.").to_owned());
        if let Some(domain) = psl::domain_str(host) {
            names.push(domain.to_owned());
            names.extend(domain.split('.').next().map(str::to_owned));
        }
    }
    names.retain(|name| !to_letters(name).is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sites_name_is_known_in_titles_and_bylines() {
        let names = SiteNames::of(&[
            "The Valley Post".to_owned(),
            "tvp".to_owned(),
            "–".to_owned(),
        ]);
        for part in [
            "THE VALLEY POST",
            "The Valley Post Online",
            "Valley Post",
            "TVP",
        ] {
            assert!(names.is_site_part(part), "{part}");
        }
        for part in ["", "–", "Valley", "TVP Online", "Rain"] {
            assert!(!names.is_site_part(part), "{part}");
        }
        assert!(names.is_site("Staff of The Valley Post"));
        assert!(names.is_site("Valley"), "a part of it");
        assert!(!names.is_site("Hana Vell"));
        assert!(!names.is_site(""));
    }
}
