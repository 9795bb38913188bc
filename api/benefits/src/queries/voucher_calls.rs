use crate::rules::states::VoucherCallState;
use crate::visibility::Viewer;
use crate::voucher_calls::{VoucherCall, VoucherCallContent};
use concilia_kernel::db::cached;
use concilia_kernel::{Money, Problem, new_id};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{
    Array, BigInt, Bool, Date, Jsonb, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const COLUMNS: &str = "c.id, c.territory_id, c.project_id, c.lead_organisation_id, c.edition, c.state, c.title_it, \
    c.title_en, c.budget, c.first_award_share, c.value_per_child, c.household_cap, c.minimum_age, c.maximum_age, \
    ARRAY(SELECT e.organisation_id FROM voucher_call_employers e WHERE e.voucher_call_id = c.id \
          ORDER BY e.organisation_id) AS admitted_employer_ids, \
    c.criteria, c.tie_breaks, c.spendable_categories, c.opens_at, c.closes_at, c.spend_by, c.created_at, c.version";

/// Public once no longer a draft; a draft only to the officers of its territory and of its lead.
const VISIBLE: &str = "(c.state <> 'draft' OR (c.territory_id = $1 AND ($2 OR c.lead_organisation_id = ANY($3))))";

/// The call, if `viewer` may see it.
pub async fn find<C>(connection: &mut C, viewer: &Viewer, id: Uuid) -> QueryResult<Option<VoucherCall>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("SELECT {COLUMNS} FROM voucher_calls c WHERE {VISIBLE} AND c.id = $4"))
            .bind::<Nullable<SqlUuid>, _>(viewer.territory_id)
            .bind::<Bool, _>(viewer.is_ats)
            .bind::<Array<SqlUuid>, _>(&viewer.leads)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A page of the calls that `viewer` may see, newest first.
pub async fn list<C>(
    connection: &mut C,
    viewer: &Viewer,
    project_id: Option<Uuid>,
    state: Option<VoucherCallState>,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<VoucherCall>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM voucher_calls c WHERE {VISIBLE} AND ($4 IS NULL OR c.project_id = $4) \
             AND ($5 IS NULL OR c.state = $5) AND ($6 IS NULL OR c.id < $6) ORDER BY c.id DESC LIMIT $7"
        ))
        .bind::<Nullable<SqlUuid>, _>(viewer.territory_id)
        .bind::<Bool, _>(viewer.is_ats)
        .bind::<Array<SqlUuid>, _>(&viewer.leads)
        .bind::<Nullable<SqlUuid>, _>(project_id)
        .bind::<Nullable<Text>, _>(state)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// How a transaction holds a call while it works.
#[derive(Debug, Clone, Copy)]
pub enum Hold {
    /// Its state may not change meanwhile: applications.
    Share,
    /// Nobody else may work on it: its own moves, and rankings, which wait for applications under way.
    Update,
}

/// The call of the territory, held until the transaction ends.
pub async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    hold: Hold,
) -> QueryResult<Option<VoucherCall>> {
    let lock = match hold {
        Hold::Share => "SHARE",
        Hold::Update => "UPDATE",
    };
    cached(
        sql_query(format!(
            "SELECT {COLUMNS} FROM voucher_calls c WHERE c.territory_id = $1 AND c.id = $2 FOR {lock} OF c"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// What cost item D of a project leaves to further calls, which it then holds; `None` without an executive budget.
pub async fn left_of_cost_item(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Option<Money>> {
    #[derive(QueryableByName)]
    struct Left {
        #[diesel(sql_type = Nullable<Numeric>)]
        left: Option<Money>,
    }
    let query = sql_query("SELECT vouchers_left($1, $2) AS left")
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id);
    let found: Left = cached(query).get_result(connection).await?;
    Ok(found.left)
}

/// A new draft, numbered after the project's last call. The caller knows the project and its lead.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    lead_organisation_id: Uuid,
    content: &VoucherCallContent,
) -> Result<VoucherCall, Problem> {
    let id = new_id();
    // Two calls of one project made together must not take the same edition.
    cached(
        sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))")
            .bind::<Text, _>(format!("voucher_calls.edition {}", content.project_id)),
    )
    .execute(connection)
    .await?;
    cached(
        sql_query(
            "WITH edition AS ( \
               SELECT coalesce(max(edition), 0) + 1 AS next FROM voucher_calls WHERE territory_id = $2 AND project_id = $3 \
             ), employers AS ( \
               INSERT INTO voucher_call_employers (territory_id, voucher_call_id, organisation_id) \
               SELECT $2, $1, unnest($5) \
             ) \
             INSERT INTO voucher_calls (id, territory_id, project_id, lead_organisation_id, edition, state, title_it, \
               title_en, budget, first_award_share, value_per_child, household_cap, minimum_age, maximum_age, criteria, \
               tie_breaks, spendable_categories, opens_at, closes_at, spend_by) \
             SELECT $1, $2, $3, $4, next, 'draft', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19 \
             FROM edition",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(content.project_id)
        .bind::<SqlUuid, _>(lead_organisation_id)
        .bind::<Array<SqlUuid>, _>(&content.admitted_employer_ids)
        .bind::<Text, _>(content.title_it.trim_matches(' '))
        .bind::<Text, _>(content.title_en.trim_matches(' '))
        .bind::<Numeric, _>(content.budget)
        .bind::<Numeric, _>(content.first_award_share)
        .bind::<Numeric, _>(content.value_per_child)
        .bind::<Nullable<Numeric>, _>(content.household_cap)
        .bind::<SmallInt, _>(content.minimum_age)
        .bind::<SmallInt, _>(content.maximum_age)
        .bind::<Jsonb, _>(serde_json::to_value(&content.criteria).map_err(Problem::internal)?)
        .bind::<Jsonb, _>(serde_json::to_value(&content.tie_breaks).map_err(Problem::internal)?)
        .bind::<Nullable<Array<Text>>, _>(content.spendable_categories.as_ref())
        .bind::<Timestamptz, _>(content.opens_at)
        .bind::<Timestamptz, _>(content.closes_at)
        .bind::<Date, _>(content.spend_by),
    )
    .execute(connection)
    .await?;
    hold(connection, territory_id, id, Hold::Update).await?.ok_or_else(Problem::not_found)
}

/// Rewrites a draft that the transaction holds.
pub async fn update(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    content: &VoucherCallContent,
) -> Result<VoucherCall, Problem> {
    cached(
        sql_query(
            "WITH gone AS ( \
               DELETE FROM voucher_call_employers WHERE territory_id = $2 AND voucher_call_id = $1 \
               AND organisation_id <> ALL ($3) \
             ), come AS ( \
               INSERT INTO voucher_call_employers (territory_id, voucher_call_id, organisation_id) \
               SELECT $2, $1, unnest($3) ON CONFLICT DO NOTHING \
             ) \
             UPDATE voucher_calls SET title_it = $4, title_en = $5, budget = $6, first_award_share = $7, \
               value_per_child = $8, household_cap = $9, minimum_age = $10, maximum_age = $11, criteria = $12, \
               tie_breaks = $13, spendable_categories = $14, opens_at = $15, closes_at = $16, spend_by = $17, \
               version = version + 1 \
             WHERE territory_id = $2 AND id = $1",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Array<SqlUuid>, _>(&content.admitted_employer_ids)
        .bind::<Text, _>(content.title_it.trim_matches(' '))
        .bind::<Text, _>(content.title_en.trim_matches(' '))
        .bind::<Numeric, _>(content.budget)
        .bind::<Numeric, _>(content.first_award_share)
        .bind::<Numeric, _>(content.value_per_child)
        .bind::<Nullable<Numeric>, _>(content.household_cap)
        .bind::<SmallInt, _>(content.minimum_age)
        .bind::<SmallInt, _>(content.maximum_age)
        .bind::<Jsonb, _>(serde_json::to_value(&content.criteria).map_err(Problem::internal)?)
        .bind::<Jsonb, _>(serde_json::to_value(&content.tie_breaks).map_err(Problem::internal)?)
        .bind::<Nullable<Array<Text>>, _>(content.spendable_categories.as_ref())
        .bind::<Timestamptz, _>(content.opens_at)
        .bind::<Timestamptz, _>(content.closes_at)
        .bind::<Date, _>(content.spend_by),
    )
    .execute(connection)
    .await?;
    hold(connection, territory_id, id, Hold::Update).await?.ok_or_else(Problem::not_found)
}

/// Moves a call that the transaction holds.
pub async fn set_state(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    state: VoucherCallState,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE voucher_calls SET state = $3, version = version + 1 WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id)
        .bind::<Text, _>(state),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Closes, in every territory, the open calls past their closing instant; the sweeper's query, so it is of no territory.
pub async fn close_due(connection: &mut AsyncPgConnection) -> QueryResult<usize> {
    cached(sql_query(
        "WITH due AS ( \
           SELECT id FROM voucher_calls WHERE state = 'open' AND closes_at <= now() ORDER BY id FOR UPDATE SKIP LOCKED \
         ), closed AS ( \
           UPDATE voucher_calls c SET state = 'closed', version = version + 1 FROM due WHERE c.id = due.id \
           RETURNING c.id, c.territory_id \
         ), told AS ( \
           INSERT INTO outbox (id, territory_id, event, aggregate_id, payload) \
           SELECT uuid_v7(), territory_id, 'voucher_call.closed', id, '{}' FROM closed \
         ) \
         INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_role) \
         SELECT uuid_v7(), territory_id, 'voucher_call', id, 'open', 'closed', 'system' FROM closed",
    ))
    .execute(connection)
    .await
}
