use super::{NewPlan, Plan, PlanContent};
use chrono::NaiveDate;
use concilia_kernel::Money;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Numeric, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const COLUMNS: &str = "p.id, p.territory_id, p.title, p.from_year, p.to_year, p.address_document_act, \
    p.address_document_date, p.resources, p.local_alliances, p.system_actions, p.expected_people, p.expected_companies, \
    p.created_at, p.version";

async fn of_territory<C>(connection: &mut C, territory_id: Uuid, id: Uuid, lock: &str) -> QueryResult<Option<Plan>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("SELECT {COLUMNS} FROM plans p WHERE p.territory_id = $1 AND p.id = $2 {lock}"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// The plan of the territory, if there is one of that id.
pub async fn find_plan<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<Plan>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    of_territory(connection, territory_id, id, "").await
}

/// The plan, held to be changed.
pub(super) async fn hold_plan(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<Plan>> {
    of_territory(connection, territory_id, id, "FOR UPDATE").await
}

/// The plan, which stays as it is until the transaction ends.
pub(crate) async fn share_plan(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<Plan>> {
    of_territory(connection, territory_id, id, "FOR SHARE").await
}

/// A plan of any territory: plans are public documents.
pub async fn find_public_plan<C>(connection: &mut C, id: Uuid) -> QueryResult<Option<Plan>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(sql_query(format!("SELECT {COLUMNS} FROM plans p WHERE p.id = $1")).bind::<SqlUuid, _>(id))
        .get_result(connection)
        .await
        .optional()
}

/// A page of the plans of one territory or of all, last entered first.
pub(super) async fn list_public_plans<C>(
    connection: &mut C,
    territory_id: Option<Uuid>,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<Plan>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM plans p WHERE ($1 IS NULL OR p.territory_id = $1) AND ($2 IS NULL OR p.id < $2) \
             ORDER BY p.id DESC LIMIT $3"
        ))
        .bind::<Nullable<SqlUuid>, _>(territory_id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// EUR that a plan has promised to the calls that were opened: what each has assigned or, before its award, its budget.
pub(super) async fn promised(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    plan_id: Uuid,
) -> QueryResult<Money> {
    #[derive(QueryableByName)]
    struct Promised {
        #[diesel(sql_type = Numeric)]
        promised: Money,
    }
    let found: Promised = cached(
        sql_query("SELECT plan_promised($1, $2) AS promised")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(plan_id),
    )
    .get_result(connection)
    .await?;
    Ok(found.promised)
}

/// First and last day of the plan's projects that were proposed and may still be carried out, or were; `None` without any.
pub(super) async fn span_of_projects(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    plan_id: Uuid,
) -> QueryResult<Option<(NaiveDate, NaiveDate)>> {
    #[derive(QueryableByName)]
    struct Span {
        #[diesel(sql_type = Nullable<Date>)]
        first: Option<NaiveDate>,
        #[diesel(sql_type = Nullable<Date>)]
        last: Option<NaiveDate>,
    }
    let span: Span = cached(
        sql_query(
            "SELECT min(p.starts_on) AS first, max(p.ends_on) AS last FROM projects p \
             JOIN project_calls c ON c.territory_id = p.territory_id AND c.id = p.project_call_id \
             WHERE c.territory_id = $1 AND c.plan_id = $2 AND p.state NOT IN \
               ('draft', 'integration_requested', 'inadmissible', 'not_funded', 'declined', 'merged', 'revoked')",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(plan_id),
    )
    .get_result(connection)
    .await?;
    Ok(span.first.zip(span.last))
}

/// Rewrites a plan that the transaction holds.
pub(super) async fn update(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    content: &PlanContent,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE plans SET title = $3, from_year = $4, to_year = $5, resources = $6, local_alliances = $7, \
               system_actions = $8, address_document_act = $9, address_document_date = $10, expected_people = $11, \
               expected_companies = $12, version = version + 1 \
             WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(content.title.trim_matches(' '))
        .bind::<SmallInt, _>(content.from_year)
        .bind::<SmallInt, _>(content.to_year)
        .bind::<Numeric, _>(content.resources)
        .bind::<Numeric, _>(content.local_alliances)
        .bind::<Numeric, _>(content.system_actions)
        .bind::<Text, _>(content.address_document.act.trim_matches(' '))
        .bind::<Date, _>(content.address_document.date)
        .bind::<Integer, _>(content.expected_people)
        .bind::<Integer, _>(content.expected_companies),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Enters a plan. A second one of the same years is a unique violation, hence 409.
pub async fn insert_plan(connection: &mut AsyncPgConnection, plan: &NewPlan<'_>) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO plans (id, territory_id, title, from_year, to_year, resources, local_alliances, system_actions, \
               address_document_act, address_document_date, expected_people, expected_companies) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind::<SqlUuid, _>(plan.id)
        .bind::<SqlUuid, _>(plan.territory_id)
        .bind::<Text, _>(plan.title.trim_matches(' '))
        .bind::<SmallInt, _>(plan.from_year)
        .bind::<SmallInt, _>(plan.to_year)
        .bind::<Numeric, _>(plan.local_alliances + plan.system_actions)
        .bind::<Numeric, _>(plan.local_alliances)
        .bind::<Numeric, _>(plan.system_actions)
        .bind::<Text, _>(plan.address_document.act.trim_matches(' '))
        .bind::<Date, _>(plan.address_document.date)
        .bind::<Integer, _>(plan.expected_people)
        .bind::<Integer, _>(plan.expected_companies),
    )
    .execute(connection)
    .await?;
    Ok(())
}
