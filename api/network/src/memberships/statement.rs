//! What the legal representative declares. A change of the words gets a new version.

use serde::Serialize;
use utoipa::ToSchema;

/// The statement that a request to join accepts.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(example = json!({
    "version": "2026-11", "text_it": "Il legale rappresentante dichiara…", "text_en": "The legal representative declares…"
}))]
pub struct MembershipStatement {
    /// Version of the words, named by the request that accepts them.
    #[schema(min_length = 7, max_length = 7, pattern = r"^\d{4}-\d{2}$", example = "2026-11")]
    pub version: &'static str,
    /// The words in Italian, which hold.
    #[schema(min_length = 1, max_length = 2000)]
    pub text_it: &'static str,
    /// Courtesy translation.
    #[schema(min_length = 1, max_length = 2000)]
    pub text_en: &'static str,
}

pub(super) const STATEMENT: MembershipStatement = MembershipStatement {
    version: "2026-11",
    text_it: "Il legale rappresentante dichiara, ai sensi degli articoli 46 e 47 del d.P.R. 445/2000 e consapevole \
              delle sanzioni dell'articolo 76, che i dati forniti sono veri; che l'organizzazione condivide le \
              finalità della rete territoriale di conciliazione tra vita e lavoro e vi aderisce senza oneri; che \
              può rinunciare in ogni momento con comunicazione scritta e motivata.",
    text_en: "The legal representative declares, under articles 46 and 47 of decree 445/2000 and aware of the \
              penalties of article 76, that the data given are true; that the organisation shares the aims of the \
              territorial work-life network and joins it without charge; that it may withdraw at any time by a \
              written notice with its reason.",
};
