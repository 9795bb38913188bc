//! Writes of partners and co-financing lines, of a project that the transaction holds.

use super::{CofinancingLine, PartnerOrganisation, PartnerRole, cofinancing_of, partner_organisations};
use chrono::NaiveDate;
use concilia_kernel::db::cached;
use concilia_kernel::{FieldError, Money, Problem, now};
use concilia_network::{admitted_among, existing_organisations};
use diesel::QueryResult;
use diesel::sql_query;
use diesel::sql_types::{Date, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Most organisations in a project, those that left included: amounts then add up to an amount of money.
const MOST: usize = 200;

/// A partner that joins, or comes back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Joining {
    pub organisation_id: Uuid,
    pub role: PartnerRole,
    pub mandate_on: Option<NaiveDate>,
    /// `None` for one that is there from the start.
    pub joined_on: Option<NaiveDate>,
    pub substitutes: Option<Uuid>,
}

/// Adds a partner. One that left comes back with new dates; its former ones are in the versions of the project.
pub(super) async fn join(
    conn: &mut AsyncPgConnection,
    (territory_id, project_id): (Uuid, Uuid),
    joining: Joining,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO project_partners (territory_id, project_id, organisation_id, role, mandate_on, joined_on, \
               substitutes) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (project_id, organisation_id) DO UPDATE SET role = EXCLUDED.role, \
               mandate_on = EXCLUDED.mandate_on, joined_on = EXCLUDED.joined_on, substitutes = EXCLUDED.substitutes, \
               left_on = NULL, leave_reason = NULL",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<SqlUuid, _>(joining.organisation_id)
        .bind::<Text, _>(joining.role)
        .bind::<Nullable<Date>, _>(joining.mandate_on)
        .bind::<Nullable<Date>, _>(joining.joined_on)
        .bind::<Nullable<SqlUuid>, _>(joining.substitutes),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn update(
    conn: &mut AsyncPgConnection,
    (territory_id, project_id, organisation_id): (Uuid, Uuid, Uuid),
    role: PartnerRole,
    mandate_on: Option<NaiveDate>,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE project_partners SET role = $4, mandate_on = $5 \
             WHERE territory_id = $1 AND project_id = $2 AND organisation_id = $3",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<SqlUuid, _>(organisation_id)
        .bind::<Text, _>(role)
        .bind::<Nullable<Date>, _>(mandate_on),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes the co-financing line of a partner that goes.
pub(super) async fn remove_line(conn: &mut AsyncPgConnection, of: (Uuid, Uuid, Uuid)) -> QueryResult<()> {
    delete_of(conn, "cofinancing_lines", of).await
}

/// Removes a partner, whose co-financing line is gone.
pub(super) async fn remove(conn: &mut AsyncPgConnection, of: (Uuid, Uuid, Uuid)) -> QueryResult<()> {
    delete_of(conn, "project_partners", of).await
}

async fn delete_of(
    conn: &mut AsyncPgConnection,
    table: &str,
    (territory_id, project_id, organisation_id): (Uuid, Uuid, Uuid),
) -> QueryResult<()> {
    cached(
        sql_query(format!(
            "DELETE FROM {table} WHERE territory_id = $1 AND project_id = $2 AND organisation_id = $3"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<SqlUuid, _>(organisation_id),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a partner's part, with the reason where it gave one.
pub(super) async fn leave(
    conn: &mut AsyncPgConnection,
    (territory_id, project_id, organisation_id): (Uuid, Uuid, Uuid),
    left_on: NaiveDate,
    reason: Option<&str>,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE project_partners SET left_on = $4, leave_reason = $5 \
             WHERE territory_id = $1 AND project_id = $2 AND organisation_id = $3",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<SqlUuid, _>(organisation_id)
        .bind::<Date, _>(left_on)
        .bind::<Nullable<Text>, _>(reason),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Passes a partner's co-financing line to the one that takes its place, to be signed off anew.
pub(super) async fn pass_line(
    conn: &mut AsyncPgConnection,
    (territory_id, project_id): (Uuid, Uuid),
    from: Uuid,
    to: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE cofinancing_lines SET organisation_id = $4, signed_off_by = NULL, signed_off_at = NULL, \
               version = version + 1 \
             WHERE territory_id = $1 AND project_id = $2 AND organisation_id = $3",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<SqlUuid, _>(from)
        .bind::<SqlUuid, _>(to),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a co-financing line; whoever signed it off has not signed what it says now.
pub(super) async fn put_line(
    conn: &mut AsyncPgConnection,
    (territory_id, project_id, organisation_id): (Uuid, Uuid, Uuid),
    (monetary, in_kind): (Money, Money),
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO cofinancing_lines (territory_id, project_id, organisation_id, monetary, in_kind) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (project_id, organisation_id) DO UPDATE SET monetary = EXCLUDED.monetary, \
               in_kind = EXCLUDED.in_kind, signed_off_by = NULL, signed_off_at = NULL, \
               version = cofinancing_lines.version + 1",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<SqlUuid, _>(organisation_id)
        .bind::<Numeric, _>(monetary)
        .bind::<Numeric, _>(in_kind),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Signs a co-financing line off, now.
pub(super) async fn sign_line(
    conn: &mut AsyncPgConnection,
    (territory_id, project_id, organisation_id): (Uuid, Uuid, Uuid),
    signed_off_by: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE cofinancing_lines SET signed_off_by = $4, signed_off_at = $5, version = version + 1 \
             WHERE territory_id = $1 AND project_id = $2 AND organisation_id = $3",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id)
        .bind::<SqlUuid, _>(organisation_id)
        .bind::<SqlUuid, _>(signed_off_by)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A partner of the project that takes part; 404 for any other organisation.
pub(super) async fn find_present(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    organisation_id: Uuid,
) -> Result<PartnerOrganisation, Problem> {
    let partners = partner_organisations(conn, territory_id, &[project_id]).await?;
    let present = partners.into_iter().find(|p| p.organisation_id == organisation_id && p.left_on.is_none());
    present.ok_or_else(Problem::not_found)
}

/// The co-financing line of an organisation, where it has one.
pub(super) async fn find_line<C>(
    conn: &mut C,
    (territory_id, project_id, organisation_id): (Uuid, Uuid, Uuid),
) -> QueryResult<Option<CofinancingLine>>
where
    C: diesel_async::AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let lines = cofinancing_of(conn, territory_id, &[project_id]).await?;
    Ok(lines.into_iter().find(|line| line.organisation_id == organisation_id))
}

/// Refuses an organisation that cannot join: it is none of the territory, it takes part already, or there is no room.
/// Where the project is under way it must be a member of the network, too.
pub(super) async fn require_joinable(
    conn: &mut AsyncPgConnection,
    (territory_id, project_id): (Uuid, Uuid),
    organisation_id: Uuid,
    member: bool,
) -> Result<(), Problem> {
    const POINTER: &str = "/organisation_id";
    if existing_organisations(conn, territory_id, &[organisation_id]).await?.is_empty() {
        return Err(Problem::invalid(POINTER, "not_found"));
    }
    let partners = partner_organisations(conn, territory_id, &[project_id]).await?;
    if partners.iter().any(|p| p.organisation_id == organisation_id && p.left_on.is_none()) {
        return Err(Problem::new(concilia_kernel::Code::AlreadyExists)
            .with_error(FieldError::pointer(POINTER, "duplicate").value(organisation_id.to_string())));
    }
    if partners.len() >= MOST {
        return Err(Problem::invalid(POINTER, "too_many"));
    }
    if member && admitted_among(conn, territory_id, &[organisation_id]).await?.is_empty() {
        return Err(Problem::invalid(POINTER, "not_a_member"));
    }
    Ok(())
}
