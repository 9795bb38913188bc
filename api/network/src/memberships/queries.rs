use super::membership::{CONTACT_SEAL, Membership, MembershipSummary, StatedRequest};
use crate::{CompanySize, MembershipState, OrganisationKind, OrganisationName};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::transition::history;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Problem, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: OrganisationKind,
    #[diesel(sql_type = Nullable<Text>)]
    company_size: Option<CompanySize>,
    #[diesel(sql_type = Nullable<Text>)]
    municipality: Option<String>,
    #[diesel(sql_type = Text)]
    pub state: MembershipState,
    #[diesel(sql_type = Timestamptz)]
    requested_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    decided_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ended_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub requested_by: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

impl From<Row> for MembershipSummary {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            organisation: OrganisationName { id: row.organisation_id, name: row.name },
            kind: row.kind,
            company_size: row.company_size,
            municipality: row.municipality,
            state: row.state,
            requested_at: row.requested_at,
            since: row.decided_at.filter(|_| row.state != MembershipState::Refused),
            ended_at: row.ended_at,
        }
    }
}

const COLUMNS: &str = "m.id, o.id AS organisation_id, o.name, o.kind, o.company_size, o.municipality, m.state, \
    m.requested_at, m.decided_at, m.ended_at, m.requested_by, m.version";

const FROM: &str = "FROM memberships m \
    JOIN organisations o ON o.territory_id = m.territory_id AND o.id = m.organisation_id WHERE m.territory_id = $1";

/// Which memberships, for whom, and from where.
pub(super) struct Selection<'a> {
    /// Of every organisation in every state; otherwise members, and what is of `own`.
    pub all: bool,
    /// The organisations that the caller is an officer of.
    pub own: Vec<Uuid>,
    pub state: Option<MembershipState>,
    pub kind: Option<OrganisationKind>,
    /// A pattern.
    pub name: Option<&'a str>,
    /// Earlier memberships too, not just the last of each organisation.
    pub history: bool,
    /// Name of the organisation and identifier of the membership seen last.
    pub after: Option<(String, Uuid)>,
    pub limit: i64,
}

/// One more than the limit, if there are, by name of the organisation.
pub(super) async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    selection: Selection<'_>,
) -> QueryResult<Vec<MembershipSummary>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let (after_name, after_id) = selection.after.unzip();
    let rows: Vec<Row> = cached(
        sql_query(format!(
            "SELECT {COLUMNS} {FROM} AND ($2 OR m.state = 'admitted' OR o.id = ANY($3)) \
             AND ($4 IS NULL OR m.state = $4) AND ($5 IS NULL OR o.kind = $5) AND ($6 IS NULL OR o.name ILIKE $6) \
             AND ($7 OR NOT EXISTS (SELECT FROM memberships later WHERE later.territory_id = m.territory_id \
               AND later.organisation_id = m.organisation_id \
               AND (later.requested_at, later.id) > (m.requested_at, m.id))) \
             AND ($8 IS NULL OR (o.name, m.id) > ($8, $9)) ORDER BY o.name, m.id LIMIT $10"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Bool, _>(selection.all)
        .bind::<Array<SqlUuid>, _>(&selection.own)
        .bind::<Nullable<Text>, _>(selection.state)
        .bind::<Nullable<Text>, _>(selection.kind)
        .bind::<Nullable<Text>, _>(selection.name)
        .bind::<Bool, _>(selection.history)
        .bind::<Nullable<Text>, _>(after_name)
        .bind::<Nullable<SqlUuid>, _>(after_id)
        .bind::<BigInt, _>(selection.limit + 1),
    )
    .load(connection)
    .await?;
    Ok(rows.into_iter().map(MembershipSummary::from).collect())
}

/// The membership, held until the transaction ends.
pub(super) async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<Row>> {
    cached(
        sql_query(format!("SELECT {COLUMNS} {FROM} AND m.id = $2 FOR UPDATE OF m"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

#[derive(QueryableByName)]
struct Whole {
    #[diesel(embed)]
    base: Row,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    stated_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    stated_kind: Option<OrganisationKind>,
    #[diesel(sql_type = Nullable<Text>)]
    stated_size: Option<CompanySize>,
    #[diesel(sql_type = Nullable<Text>)]
    stated_vat_number: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    stated_municipality: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    stated_address: Option<String>,
    #[diesel(sql_type = Nullable<Bytea>)]
    contact_sealed: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Text>)]
    statement_version: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    statement_accepted_at: Option<DateTime<Utc>>,
}

impl Whole {
    /// All of it, or nothing for a member entered without a request.
    fn request(&self, vault: &Vault) -> Result<Option<StatedRequest>, Problem> {
        let Self {
            stated_name: Some(legal_name),
            stated_kind: Some(kind),
            stated_municipality: Some(municipality),
            stated_address: Some(address),
            contact_sealed: Some(contact),
            statement_version: Some(statement_version),
            statement_accepted_at: Some(statement_accepted_at),
            ..
        } = self
        else {
            return Ok(None);
        };
        Ok(Some(StatedRequest {
            legal_name: legal_name.clone(),
            kind: *kind,
            company_size: self.stated_size,
            vat_number: self.stated_vat_number.clone(),
            municipality: municipality.clone(),
            address: address.clone(),
            contact: vault.open_json(CONTACT_SEAL, contact)?,
            statement_version: statement_version.clone(),
            statement_accepted_at: *statement_accepted_at,
        }))
    }
}

/// A membership of the territory with all that is known of it.
pub(super) async fn find<C>(
    connection: &mut C,
    vault: &Vault,
    territory_id: Uuid,
    id: Uuid,
) -> Result<Option<Membership>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found: Option<Whole> = cached(
        sql_query(format!(
            "SELECT {COLUMNS}, m.reason, m.legal_name AS stated_name, m.kind AS stated_kind, \
               m.company_size AS stated_size, m.vat_number AS stated_vat_number, \
               m.municipality AS stated_municipality, m.address AS stated_address, m.contact_sealed, \
               m.statement_version, m.statement_accepted_at {FROM} AND m.id = $2"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()?;
    let Some(whole) = found else { return Ok(None) };
    Ok(Some(Membership {
        request: whole.request(vault)?,
        decided_at: whole.base.decided_at,
        reason: whole.reason,
        history: history(connection, territory_id, id).await?,
        version: whole.base.version,
        summary: whole.base.into(),
    }))
}

/// Moves a membership that the transaction holds.
pub(super) async fn set_state(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    state: MembershipState,
    by: Uuid,
    reason: Option<&str>,
) -> QueryResult<()> {
    let (at, whom) = match state {
        MembershipState::Withdrawn | MembershipState::Excluded => ("ended_at", "ended_by"),
        _ => ("decided_at", "decided_by"),
    };
    cached(
        sql_query(format!(
            "UPDATE memberships SET state = $3, {at} = $6, {whom} = $4, reason = $5, version = version + 1 \
             WHERE territory_id = $1 AND id = $2"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(state)
        .bind::<SqlUuid, _>(by)
        .bind::<Nullable<Text>, _>(reason)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What an admitted organisation stated in its request becomes what is known of it.
pub(super) async fn take_over_stated(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE organisations o SET name = m.legal_name, kind = m.kind, company_size = m.company_size, \
               vat_number = coalesce(m.vat_number, o.vat_number), municipality = m.municipality, \
               address = m.address, newcomer = false \
             FROM memberships m WHERE m.territory_id = $1 AND m.id = $2 AND m.legal_name IS NOT NULL \
               AND o.territory_id = m.territory_id AND o.id = m.organisation_id",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .execute(connection)
    .await?;
    Ok(())
}
