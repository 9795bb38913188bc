//! What families and providers write to each other of an order. It may tell of a child's health, so it is sealed before it
//! reaches the database, and opened only for the two of them.

use base64::{DecodeError, Engine, engine::general_purpose::STANDARD};
use concilia_kernel::Problem;
use concilia_kernel::vault::Vault;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::Binary;
use serde::{Deserialize, Serialize};

/// Purpose under which a family's note is sealed, in the item of its plan and in the order that copies it.
pub(crate) const FAMILY_NOTE: &str = "family_plan_items.note_sealed";

/// Purpose under which a provider's note on its proposal is sealed.
pub(crate) const PROPOSAL_NOTE: &str = "orders.proposal_note_sealed";

/// Purpose under which the reason of a move that either side makes is sealed.
pub(crate) const REASON: &str = "transitions.reason_sealed";

/// A note or a reason as the database holds it; base64 in JSON.
#[derive(Debug, Clone, FromSqlRow, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct SealedText(Vec<u8>);

impl SealedText {
    pub(crate) fn seal(vault: &Vault, purpose: &'static str, text: &str) -> Self {
        Self(vault.seal(purpose, text.as_bytes()))
    }

    pub(crate) fn open(&self, vault: &Vault, purpose: &'static str) -> Result<String, Problem> {
        String::from_utf8(vault.open(purpose, &self.0)?).map_err(Problem::internal)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromSql<Binary, Pg> for SealedText {
    fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(bytes.as_bytes().to_vec()))
    }
}

impl TryFrom<String> for SealedText {
    type Error = DecodeError;

    fn try_from(text: String) -> Result<Self, DecodeError> {
        STANDARD.decode(text).map(Self)
    }
}

impl From<SealedText> for String {
    fn from(sealed: SealedText) -> Self {
        STANDARD.encode(sealed.0)
    }
}
