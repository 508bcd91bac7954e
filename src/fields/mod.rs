//! The fields of a record: for each, one decision over the claims that the page makes about it, once its
//! body is known.
#![doc = include_str!("../../docs/fields.md")]

mod authors;
mod byline_context;
mod dates;
mod description;
mod explain;
mod heading;
mod images;
mod language;
mod license;
mod origin;
mod paywall;
mod site_name;
mod story_pages;
mod tags;
mod title;

use jiff::Timestamp;

use crate::body::ChosenBody;
use crate::dom::Document;
use crate::evidence::Evidence;
use crate::evidence::canonical;
use crate::evidence::claim::Claim;
use crate::evidence::jsonld::Article;
use crate::record::{Kind, Record};
use crate::table;
use byline_context::BylineContext;
pub use explain::Candidate;
use explain::{Decision, Explanation};
pub(crate) use language::{identify, likeliest_language};

/// What the caller knows of the page beside its address and the feed's entry, and wants of the fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct FieldOptions<'a> {
    /// BCP 47 tag to assume instead of detecting one.
    pub language: Option<&'a str>,
    /// When the page was fetched; dates more than a day later are not believed.
    pub fetched: Option<Timestamp>,
    /// Whether to say what each field was chosen from.
    pub explain: bool,
}

/// What the fields are decided from.
struct Inputs<'a> {
    evidence: &'a Evidence,
    page: &'a Document,
    body: &'a ChosenBody,
    /// The body's text.
    text: String,
    /// What the page is, which says whose its visible names and dates are: a listing's are its entries'.
    kind: Kind,
    context: BylineContext<'a>,
    options: FieldOptions<'a>,
}

impl Inputs<'_> {
    /// The claims of the page's metas, links and microdata about a field.
    fn declared(&self, field: &str) -> impl Iterator<Item = Claim> {
        self.evidence.declared.of(field).into_iter().map(Claim::of)
    }

    /// The claim of the JSON-LD of the page's own article about a field.
    fn json_ld(&self, field: impl Fn(&Article) -> Option<String>) -> Option<Claim> {
        let value = self.evidence.article().and_then(field);
        value.map(|value| Claim::new("json-ld", value))
    }

    /// A field by the page's metas, else by JSON-LD.
    fn first_of(
        &self,
        field: &str,
        of_article: impl Fn(&Article) -> Option<String>,
    ) -> Decision<Option<String>> {
        Decision::first(
            self.declared(field)
                .chain(self.json_ld(of_article))
                .collect(),
        )
    }
}

/// Decides each field of a page's record but those of its body, and returns the candidates where
/// `options` ask to explain.
#[must_use]
pub fn decide(
    evidence: &Evidence,
    page: &Document,
    body: &ChosenBody,
    options: FieldOptions,
) -> (Record, Vec<Candidate>) {
    let mut explained = Explanation {
        page,
        is_wanted: options.explain,
        candidates: Vec::new(),
    };
    let title = explained.field("title", title::decide(evidence));
    let heading = heading::find(page, evidence, title.as_deref(), body);
    let inputs = &Inputs {
        evidence,
        page,
        body,
        text: Record::join_blocks(&body.blocks),
        kind: body.page_type.kind_for_fields(evidence),
        context: BylineContext::read(page, heading, body, evidence),
        options,
    };
    let description = explained.field("description", description::decide(inputs));
    let language = explained.field("language", language::decide(inputs));
    let authors = explained.field("authors", authors::decide(inputs));
    let (published, modified) = dates::decide(inputs, language.as_deref());
    let pages = evidence.story_pages(page);
    let mut record = Record {
        published: explained.field("published", published),
        modified: explained.field("modified", modified),
        canonical_url: explained.field(
            "canonical_url",
            Decision::first(canonical::claims(evidence)),
        ),
        site_name: explained.field("site_name", site_name::decide(inputs)),
        section: explained.field("section", inputs.first_of("section", |a| a.section.clone())),
        image: explained.field("image", images::lead(inputs)),
        license: explained.field("license", license::decide(inputs)),
        tags: explained.field("tags", tags::decide(inputs)),
        origin: explained.field("origin", origin::decide(inputs, &authors)),
        paywalled: explained.field("paywalled", paywall::decide(inputs)),
        continues: explained.field(
            "continues",
            story_pages::decide(pages.next.as_ref(), inputs),
        ),
        continued_from: explained.field(
            "continued_from",
            story_pages::decide(pages.first.as_ref(), inputs),
        ),
        images: images::of_article(inputs),
        title,
        description,
        language,
        authors,
        ..Record::default()
    };
    if record.authors.is_empty() {
        let signed = authors::signed_in_body(body, &record);
        record.authors = explained.field("authors", signed);
    }
    (record, explained.candidates)
}

/// The words of a kind in `config/tables/field_words.tsv`.
fn words_of(kind: &str) -> Vec<&'static str> {
    words_in(include_str!("../../config/tables/field_words.tsv"), kind)
}

/// The words of a kind in a table of kinds and their words.
fn words_in(table: &'static str, kind: &str) -> Vec<&'static str> {
    let row = table::rows(table).find(|row| row[0] == kind);
    row.map_or(Vec::new(), |row| row[1].split('|').collect())
}
