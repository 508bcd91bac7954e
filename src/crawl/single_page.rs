//! One page fetched by itself, outside a run.

use url::Url;

use crate::fetch::Validators;
use crate::pages::{Content, Page};
use crate::polite::PoliteClient;
use crate::{Error, decode};

/// Fetches the page at an address, politely: robots.txt is asked first.
///
/// # Errors
/// [`Error::Fetch`] when the address cannot or may not be fetched.
pub async fn fetch_page(url: &Url, polite: &PoliteClient) -> Result<Page, Error> {
    let visit = polite.visit(url, &Validators::default()).await;
    if let Some(outcome) = visit.outcome {
        let reason = visit.reason.unwrap_or_default();
        return Err(Error::fetch(url.as_str(), format!("{outcome}: {reason}")));
    }
    let charset = visit.header("content-type").and_then(decode::charset_of);
    Ok(Page {
        source: url.to_string(),
        charset: charset.map(str::to_owned),
        url: Some(visit.url),
        content: Content::Bytes(visit.body),
        ..Page::default()
    })
}
