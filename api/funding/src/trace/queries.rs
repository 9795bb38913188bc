use super::node::FundingTraceNode;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::sql_types::{Array, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel::{OptionalExtension, QueryResult, QueryableByName, sql_query};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use uuid::Uuid;

/// What is connected to the thing in focus; a list that is absent sets no limit.
#[derive(Debug, Clone, QueryableByName)]
#[allow(clippy::struct_field_names, reason = "each is the id of another thing")]
pub(super) struct Scope {
    #[diesel(sql_type = Array<SqlUuid>)]
    pub plan_ids: Vec<Uuid>,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub project_call_ids: Vec<Uuid>,
    #[diesel(sql_type = Array<SqlUuid>)]
    pub project_ids: Vec<Uuid>,
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    pub voucher_call_ids: Option<Vec<Uuid>>,
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    pub voucher_ids: Option<Vec<Uuid>>,
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    pub order_ids: Option<Vec<Uuid>>,
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    pub provider_statement_ids: Option<Vec<Uuid>>,
}

/// The scope of a thing of the territory, for whoever leads one of `leads`, or for the agency where that is absent.
pub(super) async fn scope<C>(
    conn: &mut C,
    territory_id: Uuid,
    (kind, id): (&str, Uuid),
    leads: Option<Vec<Uuid>>,
) -> QueryResult<Option<Scope>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query("SELECT * FROM funding_trace_scope($1, $2, $3, $4)")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Text, _>(kind)
            .bind::<SqlUuid, _>(id)
            .bind::<Nullable<Array<SqlUuid>>, _>(leads),
    )
    .get_result(conn)
    .await
    .optional()
}

/// At most `limit` nodes of a scope, by level and key, after a key of a level.
pub(super) async fn nodes<C>(
    conn: &mut C,
    territory_id: Uuid,
    scope: Scope,
    (level, after): (i32, &str),
    limit: i64,
) -> QueryResult<Vec<FundingTraceNode>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query("SELECT * FROM funding_trace_nodes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<Array<SqlUuid>, _>(scope.plan_ids)
            .bind::<Array<SqlUuid>, _>(scope.project_call_ids)
            .bind::<Array<SqlUuid>, _>(scope.project_ids)
            .bind::<Nullable<Array<SqlUuid>>, _>(scope.voucher_call_ids)
            .bind::<Nullable<Array<SqlUuid>>, _>(scope.voucher_ids)
            .bind::<Nullable<Array<SqlUuid>>, _>(scope.order_ids)
            .bind::<Integer, _>(level)
            .bind::<Text, _>(after)
            .bind::<Integer, _>(i32::try_from(limit).unwrap_or(i32::MAX)),
    )
    .load(conn)
    .await
}
