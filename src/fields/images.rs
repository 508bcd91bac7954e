//! The lead image, and the article's images with captions and credits.

use std::sync::LazyLock;

use crate::body::ChosenBody;
use crate::dom::{Document, NodeId, Tag};
use crate::evidence::Evidence;
use crate::evidence::claim::Claim;
use crate::evidence::line::line_of;
use crate::fields::explain::Decision;
use crate::fields::{Inputs, words_of};
use crate::record::Image;

/// Most images of one article that are kept.
const MAX_IMAGES: usize = 50;

/// The lead image: by metas, else by JSON-LD.
pub(crate) fn lead(inputs: &Inputs) -> Decision<Option<String>> {
    let evidence = inputs.evidence;
    let json_ld = json_ld(evidence).iter();
    let json_ld = json_ld.map(|image| Claim::new("json-ld", image.url.clone()));
    let claims = inputs.declared("image").chain(json_ld);
    let claims = claims.map(|claim| match absolute(evidence, &claim.value) {
        Some(value) => Claim { value, ..claim },
        None => claim.unless(Some("it is no address of the web")),
    });
    Decision::first(claims.collect())
}

fn json_ld(evidence: &Evidence) -> &[Image] {
    let article = evidence.article();
    article.map(|a| a.images.as_slice()).unwrap_or_default()
}

fn absolute(evidence: &Evidence, address: &str) -> Option<String> {
    match &evidence.url {
        Some(base) => {
            let url = base.join(address).ok()?;
            matches!(url.scheme(), "http" | "https").then(|| url.into())
        }
        None => (!address.starts_with("data:")).then(|| address.to_owned()),
    }
}

/// Attributes with an image's address: scripts that load it late put it into one of their own.
const ADDRESSES: [&str; 4] = ["data-src", "data-lazy-src", "data-original", "src"];

/// The article's images: those its data describe, then those in figures within the body.
pub(crate) fn of_article(inputs: &Inputs) -> Vec<Image> {
    let (evidence, page) = (inputs.evidence, inputs.page);
    let absolute = |address: &str| absolute(evidence, address);
    let mut images: Vec<Image> = Vec::new();
    let mut push = |image: Image| {
        if images.len() < MAX_IMAGES && !images.iter().any(|known| known.url == image.url) {
            images.push(image);
        }
    };
    for image in json_ld(evidence) {
        if (image.caption.is_some() || image.credit.is_some())
            && let Some(url) = absolute(&image.url)
        {
            let image = image.clone();
            push(Image { url, ..image });
        }
    }
    for (image, figure) in figures(page, inputs.body) {
        let attribute = |name: &&str| page.attribute(image, name);
        let mut addresses = ADDRESSES.iter().filter_map(attribute);
        let address = addresses.find(|a| !a.starts_with("data:") && !a.is_empty());
        if let Some(url) = address.and_then(absolute) {
            let mut inside = page.subtree(figure).map(|(id, _)| id);
            let caption = inside.find(|id| page.tag(*id) == Tag::Figcaption);
            let caption = caption.map(|id| line_of(page, id)).unwrap_or_default();
            let (caption, credit) = split_credit(&caption);
            push(Image {
                url,
                caption,
                credit,
            });
        }
    }
    images
}

/// Images in figures within the reach of the body, each with its figure.
fn figures(page: &Document, body: &ChosenBody) -> Vec<(NodeId, NodeId)> {
    let nodes = || body.nodes.iter().flatten();
    let (Some(first), Some(last)) = (nodes().min(), nodes().max()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut done = NodeId::ROOT;
    for (figure, element) in page.elements().take_while(|(id, _)| id <= last) {
        let end = page.node(figure).end;
        if element.tag == Tag::Figure && end > *first && figure >= done {
            done = end;
            let mut inside = page.subtree(figure).map(|(inner, _)| inner);
            let image = inside.find(|inner| matches!(page.tag(*inner), Tag::Img | Tag::AmpImg));
            found.extend(image.map(|image| (image, figure)));
        }
    }
    found
}

/// What stands before a photographer's or agency's name.
static CREDIT_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| words_of("credit"));

/// Longest credit behind a bar, in characters.
const MAX_CREDIT_CHARS: usize = 60;

/// A caption and the credit at its end.
fn split_credit(text: &str) -> (Option<String>, Option<String>) {
    let lower = text.to_lowercase();
    let some = |t: &str| {
        let t = t.trim().trim_matches(['|', '/', '(', ')', ' ']).trim();
        (!t.is_empty()).then(|| t.to_owned())
    };
    let places = CREDIT_WORDS.iter();
    let last = places.filter_map(|word| Some((lower.rfind(word)?, word.len())));
    if lower.len() == text.len()
        && let Some((at, length)) = last.max()
        && let (Some(before), Some(after)) = (text.get(..at), text.get(at + length..))
    {
        return (some(before), some(after));
    }
    match text.rsplit_once(" | ") {
        Some((caption, credit)) if credit.chars().count() < MAX_CREDIT_CHARS => {
            (some(caption), some(credit))
        }
        _ => (some(text), None),
    }
}
