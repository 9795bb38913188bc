//! Writes of a project's own row.

use super::content::ProjectContent;
use super::put_project_budget::ProjectBudgetInput;
use crate::partners::{PartnerRole, insert_partner};
use concilia_kernel::db::cached;
use concilia_kernel::{Problem, new_id};
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Date, Nullable, Numeric, SmallInt, Text, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(QueryableByName)]
struct Numbered {
    #[diesel(sql_type = Nullable<SmallInt>)]
    number: Option<i16>,
}

/// Takes the next number of a call that the transaction holds: `None` when the numbers are used up. A number whose
/// reference was given by hand is passed over.
async fn next_number(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_call_id: Uuid,
) -> QueryResult<Option<i16>> {
    let taken: Numbered = cached(
        sql_query(
            "WITH free AS ( \
               SELECT min(n)::smallint AS number FROM project_calls c, \
                 generate_series(c.last_reference + 1, least(c.last_reference + 1000, 32767)) n \
               WHERE c.territory_id = $1 AND c.id = $2 AND NOT EXISTS ( \
                 SELECT FROM projects p WHERE p.territory_id = $1 AND p.reference = c.number || '.' || n) \
             ), taken AS ( \
               UPDATE project_calls c SET last_reference = free.number FROM free \
               WHERE c.territory_id = $1 AND c.id = $2 AND free.number IS NOT NULL \
             ) \
             SELECT number FROM free",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_call_id),
    )
    .get_result(conn)
    .await?;
    Ok(taken.number)
}

/// A new draft with its lead, numbered after the last of the call, which the transaction holds.
pub(crate) async fn insert_draft(
    conn: &mut AsyncPgConnection,
    (territory_id, created_by): (Uuid, Uuid),
    (project_call_id, call_number): (Uuid, i16),
    lead_organisation_id: Uuid,
    content: &ProjectContent,
) -> Result<Uuid, Problem> {
    let number = next_number(conn, territory_id, project_call_id).await?;
    let number = number.ok_or_else(|| Problem::internal("the references of the call are used up"))?;
    let id = new_id();
    cached(
        sql_query(
            "INSERT INTO projects (id, territory_id, reference, project_call_id, lead_organisation_id, state, title, \
               alliance, summary, starts_on, ends_on, intervention_types, open_alliance, whp_link, zone_plan_link, \
               created_by) \
             VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Text, _>(format!("{call_number}.{number}"))
        .bind::<SqlUuid, _>(project_call_id)
        .bind::<SqlUuid, _>(lead_organisation_id)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<Text, _>(content.alliance.trim_matches(' '))
        .bind::<Nullable<Text>, _>(content.summary.as_deref())
        .bind::<Date, _>(content.starts_on)
        .bind::<Date, _>(content.ends_on)
        .bind::<Array<Text>, _>(&content.intervention_types)
        .bind::<Bool, _>(content.open_alliance)
        .bind::<Bool, _>(content.whp_link)
        .bind::<Bool, _>(content.zone_plan_link)
        .bind::<SqlUuid, _>(created_by),
    )
    .execute(conn)
    .await?;
    insert_partner(conn, territory_id, id, (lead_organisation_id, PartnerRole::Lead)).await?;
    Ok(id)
}

/// Rewrites the content of a project that the transaction holds.
pub(crate) async fn update_content(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    content: &ProjectContent,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE projects SET title = $3, alliance = $4, summary = $5, starts_on = $6, ends_on = $7, \
               intervention_types = $8, open_alliance = $9, whp_link = $10, zone_plan_link = $11, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<Text, _>(content.alliance.trim_matches(' '))
        .bind::<Nullable<Text>, _>(content.summary.as_deref())
        .bind::<Date, _>(content.starts_on)
        .bind::<Date, _>(content.ends_on)
        .bind::<Array<Text>, _>(&content.intervention_types)
        .bind::<Bool, _>(content.open_alliance)
        .bind::<Bool, _>(content.whp_link)
        .bind::<Bool, _>(content.zone_plan_link),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Rewrites the budget of a project that the transaction holds.
pub(crate) async fn update_budget(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    budget: &ProjectBudgetInput,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE projects SET cost_staff = $3, cost_coordination = $4, cost_goods = $5, cost_services = $6, \
               cost_vouchers = $7, cost_general = $8, requested_grant = $9, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Numeric, _>(budget.staff)
        .bind::<Numeric, _>(budget.coordination)
        .bind::<Numeric, _>(budget.goods)
        .bind::<Numeric, _>(budget.services)
        .bind::<Numeric, _>(budget.vouchers)
        .bind::<Numeric, _>(budget.general)
        .bind::<Numeric, _>(budget.requested_grant),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A part of the project that has a table of its own has changed.
pub(crate) async fn touch(conn: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> QueryResult<()> {
    cached(
        sql_query("UPDATE projects SET version = version + 1 WHERE territory_id = $1 AND id = $2")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes a draft that the transaction holds, with what its alliance wrote of it.
pub(crate) async fn delete(conn: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> QueryResult<()> {
    // In this order: each refers to one that comes after it.
    for (table, column) in [
        ("cofinancing_lines", "project_id"),
        ("project_activities", "project_id"),
        ("project_partners", "project_id"),
        ("projects", "id"),
    ] {
        cached(
            sql_query(format!("DELETE FROM {table} WHERE territory_id = $1 AND {column} = $2"))
                .bind::<SqlUuid, _>(territory_id)
                .bind::<SqlUuid, _>(id),
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}
