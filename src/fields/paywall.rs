//! Whether the page says that its article is paid for.

use crate::evidence::claim::Claim;
use crate::fields::explain::Decision;
use crate::fields::{Inputs, words_of};

/// True where JSON-LD, a content tier or a meta says so; claims that the article is free are refused.
pub(crate) fn decide(inputs: &Inputs) -> Decision<Option<bool>> {
    let evidence = inputs.evidence;
    let free = |is_free: bool| is_free.then_some("it says the article is free");
    let json_ld = evidence.article().and_then(|a| a.free);
    let json_ld = json_ld.map(|is_free| {
        Claim::new("json-ld", format!("isAccessibleForFree: {is_free}")).unless(free(is_free))
    });
    let declared = |field: &str, locked: &[&str]| -> Vec<Claim> {
        let found = evidence.declared.of(field).into_iter();
        let is_locked = |value: &str| locked.iter().any(|word| value.eq_ignore_ascii_case(word));
        found
            .map(|found| Claim::of(found).unless(free(!is_locked(&found.value))))
            .collect()
    };
    let tiers = declared("tier", &words_of("paid-tier"));
    let stated = declared("free", &["false"]);
    let claims = json_ld.into_iter().chain(tiers).chain(stated).collect();
    Decision::first(claims)
        .because("the page says that it is paid for")
        .map(|found| found.map(|_| true))
}
