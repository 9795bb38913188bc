use crate::rules::cost_item::ExpenseSource;
use concilia_kernel::Money;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Integer, Numeric, Text, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName, sql_query};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The money of one voucher call of a project.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct VoucherCallSpending {
    /// The voucher call.
    #[diesel(sql_type = SqlUuid)]
    pub voucher_call_id: Uuid,
    /// 1 for the project's first call, then 2, 3...
    #[diesel(sql_type = Integer)]
    #[schema(format = Int32, minimum = 1, maximum = 10_000)]
    pub edition: i32,
    /// EUR that the call may award in all.
    #[diesel(sql_type = Numeric)]
    pub funded: Money,
    /// Orders that families have accepted.
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub orders: i64,
    /// EUR of vouchers spent on them.
    #[diesel(sql_type = Numeric)]
    pub spent: Money,
    /// EUR of it on expense reports.
    #[diesel(sql_type = Numeric)]
    pub reported: Money,
    /// EUR of it on no report yet.
    #[diesel(sql_type = Numeric)]
    pub to_report: Money,
}

/// What each voucher call of a project spent, and how much of it reports have taken in.
pub(super) async fn voucher_spending<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Vec<VoucherCallSpending>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT c.id AS voucher_call_id, c.edition, coalesce(-b.funding, 0) AS funded, s.orders, s.spent, \
                    s.reported, s.spent - s.reported AS to_report \
               FROM voucher_calls c \
               LEFT JOIN call_balances b ON b.voucher_call_id = c.id \
               CROSS JOIN LATERAL ( \
                 SELECT count(DISTINCT e.order_id) AS orders, coalesce(sum(e.amount), 0) AS spent, \
                        coalesce(sum(e.amount) FILTER (WHERE r.ledger_entry_id IS NOT NULL), 0) AS reported \
                   FROM project_voucher_spendings e \
                   LEFT JOIN reported_spendings r ON r.ledger_entry_id = e.ledger_entry_id \
                  WHERE e.territory_id = c.territory_id AND e.voucher_call_id = c.id) s \
              WHERE c.territory_id = $1 AND c.project_id = $2 AND c.state <> 'draft' ORDER BY c.edition",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id),
    )
    .load(conn)
    .await
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = Numeric)]
    amount: Money,
}

/// What voucher calls of a project hand out, of item D.
pub(crate) async fn vouchers_promised(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Money> {
    sum_of(conn, "SELECT vouchers_promised($1, $2) AS amount", territory_id, project_id).await
}

/// Of what voucher calls of a project hand out, what families have not spent yet, and what no report has taken up.
pub(crate) async fn vouchers_unreported(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Money> {
    let query = "SELECT vouchers_promised($1, $2) - coalesce(sum(amount), 0) AS amount FROM reported_spendings \
                 WHERE territory_id = $1 AND project_id = $2";
    sum_of(conn, query, territory_id, project_id).await
}

async fn sum_of(
    conn: &mut AsyncPgConnection,
    query: &'static str,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Money> {
    let query = sql_query(query).bind::<SqlUuid, _>(territory_id).bind::<SqlUuid, _>(project_id);
    let sum: Sum = cached(query).get_result(conn).await?;
    Ok(sum.amount)
}

/// What a partner has put in so far.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct SourceSum {
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    pub source: ExpenseSource,
    /// In validated reports, as accepted.
    #[diesel(sql_type = Numeric)]
    pub validated: Money,
    /// In reports not validated yet: as accepted where decided, else as reported.
    #[diesel(sql_type = Numeric)]
    pub under_way: Money,
}

/// Expenses of a project by partner and source.
pub(super) async fn sums_by_partner<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Vec<SourceSum>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT e.organisation_id, e.source, \
                    coalesce(sum(e.accepted) FILTER (WHERE r.state = 'validated'), 0) AS validated, \
                    coalesce(sum(coalesce(e.accepted, e.amount)) FILTER (WHERE r.state <> 'validated'), 0) AS under_way \
               FROM expenses e JOIN expense_reports r ON r.id = e.expense_report_id \
              WHERE e.territory_id = $1 AND e.project_id = $2 \
              GROUP BY e.organisation_id, e.source ORDER BY e.organisation_id, e.source",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id),
    )
    .load(conn)
    .await
}
