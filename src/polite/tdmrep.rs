//! `/.well-known/tdmrep.json`: which paths of a site are reserved from text and data mining.
//!
//! Source: TDM Reservation Protocol, <https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/>.

use serde::{Deserialize, Serialize};

use super::path_pattern::{matches, normalised};

/// Where the file is.
pub(super) const PATH: &str = "/.well-known/tdmrep.json";

/// Bytes of the file that are read; a site lists folders there, not pages.
pub(super) const MAX_BYTES: u64 = 256 * 1024;

/// One rule of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TdmReservation {
    /// A path pattern, as in robots.txt.
    pub(crate) location: String,
    /// Whether mining is reserved there.
    pub(crate) reserved: bool,
    /// Where the conditions are, if the site says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<String>,
}

/// The rules of a file in their order; what is no rule is left out, and what is no such file holds
/// none.
pub(super) fn parse(bytes: &[u8]) -> Vec<TdmReservation> {
    let Ok(serde_json::Value::Array(rules)) = serde_json::from_slice(bytes) else {
        return Vec::new();
    };
    rules
        .iter()
        .filter_map(|rule| {
            Some(TdmReservation {
                location: normalised(rule["location"].as_str()?),
                reserved: match &rule["tdm-reservation"] {
                    serde_json::Value::Number(number) => number.as_u64()? == 1,
                    serde_json::Value::String(text) => text.trim() == "1",
                    _ => return None,
                },
                policy: rule["tdm-policy"].as_str().map(str::to_owned),
            })
        })
        .collect()
}

/// The first rule whose location matches the path; the protocol takes it for the most specific.
pub(super) fn rule_for<'r>(rules: &'r [TdmReservation], path: &str) -> Option<&'r TdmReservation> {
    let path = normalised(path);
    rules.iter().find(|rule| matches(&rule.location, &path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_location_that_matches_decides() {
        let file = br#"[{"location": "/free/", "tdm-reservation": 0},
            {"location": "/*.pdf$", "tdm-reservation": "1"},
            {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://a.example/policy"},
            {"location": 7}, "noise"]"#;
        let rules = parse(file);
        assert_eq!(rules.len(), 3);
        let reserved = |path: &str| rule_for(&rules, path).map(|rule| rule.reserved);
        assert_eq!(reserved("/free/story"), Some(false));
        assert_eq!(reserved("/free.pdf"), Some(true));
        assert_eq!(reserved("/x"), Some(true));
        assert_eq!(
            rule_for(&rules, "/x").and_then(|rule| rule.policy.as_deref()),
            Some("https://a.example/policy")
        );
    }

    #[test]
    fn what_is_no_such_file_reserves_nothing() {
        for noise in [
            &b"<html>"[..],
            b"{}",
            b"[1, null]",
            b"",
            b"[{\"location\":\"/\"}]",
        ] {
            assert_eq!(parse(noise), []);
        }
    }
}
