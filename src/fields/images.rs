//! The lead image, and the article's images with captions and credits.

use crate::body::ChosenBody;
use crate::dom::{Document, NodeId, Tag};
use crate::evidence::Evidence;
use crate::evidence::claim::Claim;
use crate::evidence::line::line_of;
use crate::record::Image;

/// Most images of one article that are kept.
const MAX_IMAGES: usize = 50;

/// What speaks for the lead image: metas, then JSON-LD.
pub(crate) fn lead(evidence: &Evidence) -> Vec<Claim> {
    let named = evidence.declared.of("image").into_iter().map(Claim::of);
    let linked = linked(evidence)
        .iter()
        .map(|image| Claim::new("json-ld", image.url.clone()));
    named
        .chain(linked)
        .map(|claim| match absolute(evidence, &claim.value) {
            Some(value) => Claim { value, ..claim },
            None => claim.unless(Some("it is no address of the web")),
        })
        .collect()
}

fn linked(evidence: &Evidence) -> &[Image] {
    evidence
        .article()
        .map(|a| a.images.as_slice())
        .unwrap_or_default()
}

fn absolute(evidence: &Evidence, address: &str) -> Option<String> {
    match &evidence.url {
        Some(base) => base
            .join(address)
            .ok()
            .filter(|u| matches!(u.scheme(), "http" | "https"))
            .map(|u| u.to_string()),
        None => (!address.starts_with("data:")).then(|| address.to_owned()),
    }
}

/// The article's images: those its data describe, then those in figures within the body.
pub(crate) fn of(evidence: &Evidence, page: &Document, body: &ChosenBody) -> Vec<Image> {
    let absolute = |address: &str| absolute(evidence, address);
    let mut images: Vec<Image> = Vec::new();
    let mut push = |image: Image| {
        if images.len() < MAX_IMAGES && !images.iter().any(|known| known.url == image.url) {
            images.push(image);
        }
    };
    for image in linked(evidence) {
        if (image.caption.is_some() || image.credit.is_some())
            && let Some(url) = absolute(&image.url)
        {
            push(Image {
                url,
                ..image.clone()
            });
        }
    }
    for (image, figure) in figures(page, body) {
        let element = page.element(image);
        let address = ["data-src", "data-lazy-src", "data-original", "src"]
            .iter()
            .find_map(|name| {
                element
                    .and_then(|e| e.attribute(name))
                    .filter(|v| !v.starts_with("data:") && !v.is_empty())
            });
        if let Some(url) = address.and_then(absolute) {
            let caption = figure
                .and_then(|f| {
                    page.subtree(f)
                        .find(|(id, _)| page.tag(*id) == Tag::Figcaption)
                })
                .map(|(id, _)| line_of(page, id))
                .filter(|c| !c.is_empty());
            let (caption, credit) = caption.map_or((None, None), |c| split_credit(&c));
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
fn figures(page: &Document, body: &ChosenBody) -> Vec<(NodeId, Option<NodeId>)> {
    let places = || body.nodes.iter().flatten();
    let (Some(first), Some(last)) = (places().min(), places().max()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut done = 0;
    for (id, element) in page.elements() {
        if id > *last {
            break;
        }
        if element.tag != Tag::Figure || page.node(id).end <= *first || id.index() < done {
            continue;
        }
        done = page.node(id).end.index();
        if let Some((image, _)) = page
            .subtree(id)
            .find(|(inner, _)| matches!(page.tag(*inner), Tag::Img | Tag::AmpImg))
        {
            found.push((image, Some(id)));
        }
    }
    found
}

/// Signs before a photographer's or agency's name, in lower case.
const CREDIT_MARKS: [&str; 12] = [
    "photo:",
    "foto:",
    "photograph:",
    "image:",
    "credit:",
    "©",
    "bild:",
    "crédit:",
    "picture:",
    "photo by ",
    "kuva:",
    "quelle:",
];

/// A caption and the credit at its end.
fn split_credit(text: &str) -> (Option<String>, Option<String>) {
    let lower = text.to_lowercase();
    let some = |t: &str| {
        let t = t.trim().trim_matches(['|', '/', '(', ')', ' ']).trim();
        (!t.is_empty()).then(|| t.to_owned())
    };
    if lower.len() == text.len()
        && let Some((at, mark)) = CREDIT_MARKS
            .iter()
            .filter_map(|m| lower.rfind(m).map(|at| (at, *m)))
            .max()
        && let (Some(before), Some(after)) = (text.get(..at), text.get(at + mark.len()..))
    {
        return (some(before), some(after));
    }
    match text.rsplit_once(" | ") {
        Some((caption, credit)) if credit.chars().count() < 60 => (some(caption), some(credit)),
        _ => (some(text), None),
    }
}
