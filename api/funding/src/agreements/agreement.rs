use crate::schema::agreements;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::{Problem, text_enum};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::{Serialize, Serializer};
use std::fmt::Write as _;
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// A party of an agreement: `agency`, or `lead` of the alliance.
    pub enum AgreementParty {
        Agency = "agency",
        Lead = "lead",
    }
}

/// An agreement on the grant of a project.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = agreements)]
pub struct Agreement {
    /// Identifier.
    pub id: Uuid,
    /// The project.
    pub project_id: Uuid,
    /// 1 for the project's first draft, then 2, 3...; the last one counts.
    #[schema(format = Int32, minimum = 1, maximum = 1000)]
    pub number: i32,
    /// Act of the agency that approves it.
    #[schema(min_length = 1, max_length = 200)]
    pub act: String,
    /// Date of the act.
    pub act_date: NaiveDate,
    /// The budget that it is made on.
    #[schema(format = Int32, minimum = 1, maximum = 10_000)]
    pub budget_number: i32,
    /// SHA-256 of the document.
    #[serde(serialize_with = "as_hex")]
    #[schema(value_type = String, min_length = 64, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub document_sha256: Vec<u8>,
    /// When the lead signed; null before.
    #[schema(required)]
    pub lead_signed_on: Option<NaiveDate>,
    /// When the agency signed; null before.
    #[schema(required)]
    pub agency_signed_on: Option<NaiveDate>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
    #[serde(skip)]
    #[schema(ignore)]
    pub lead_signed_by: Option<Uuid>,
    #[serde(skip)]
    #[schema(ignore)]
    pub agency_signed_by: Option<Uuid>,
}

impl Agreement {
    /// Whether both parties have signed.
    pub(crate) fn is_signed(&self) -> bool {
        self.lead_signed_on.is_some() && self.agency_signed_on.is_some()
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// What an agreement prints of the grant of a project.
    fn grant_terms(project_id: SqlUuid) -> Jsonb;
}

pub(crate) fn as_hex<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    serializer.serialize_str(&text)
}

/// The last agreement of a project.
pub(crate) async fn last_agreement<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Option<Agreement>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    agreements::table
        .filter(agreements::territory_id.eq(territory_id))
        .filter(agreements::project_id.eq(project_id))
        .order(agreements::number.desc())
        .limit(1)
        .select(Agreement::as_select())
        .get_result(conn)
        .await
        .optional()
}

/// An agreement of the territory.
pub(crate) async fn find_agreement<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> Result<Agreement, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found = agreements::table
        .filter(agreements::territory_id.eq(territory_id))
        .filter(agreements::id.eq(id))
        .select(Agreement::as_select())
        .get_result(conn)
        .await;
    Ok(found?)
}

/// Whether the CUP and the tranches are still those that the document of the agreement prints.
pub(super) async fn terms_stand(conn: &mut AsyncPgConnection, agreement: &Agreement) -> QueryResult<bool> {
    agreements::table
        .find(agreement.id)
        .select(agreements::terms.eq(grant_terms(agreements::project_id)))
        .get_result(conn)
        .await
}

/// Whether the last agreement of the project bears a signature.
pub(crate) async fn is_signed_by_anyone<C>(conn: &mut C, territory_id: Uuid, project_id: Uuid) -> QueryResult<bool>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let last = last_agreement(conn, territory_id, project_id).await?;
    Ok(last.is_some_and(|last| last.lead_signed_on.is_some() || last.agency_signed_on.is_some()))
}
