use super::report::{ExpenseItemStanding, ExpenseReport, ExpenseTotal};
use crate::grant::GrantCostItem;
use crate::rules::cost_item::{ExpenseSource, PerItem};
use crate::rules::states::{ExpenseReportState, REPORT};
use crate::schema::{expense_reports, expenses};
use crate::stance::Author;
use concilia_kernel::db::cached;
use concilia_kernel::transition::record;
use concilia_kernel::{Money, Problem, outbox};
use diesel::dsl::sum;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Numeric, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde_json::json;
use uuid::Uuid;

/// A report of the territory.
pub(crate) async fn find_report<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> Result<ExpenseReport, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let found = expense_reports::table
        .filter(expense_reports::territory_id.eq(territory_id))
        .filter(expense_reports::id.eq(id))
        .select(ExpenseReport::as_select())
        .get_result(conn)
        .await;
    Ok(found?)
}

/// As [`find_report`], locked until the transaction ends. Who holds the grant too holds it first.
pub(crate) async fn hold_report(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> Result<ExpenseReport, Problem> {
    let found = expense_reports::table
        .filter(expense_reports::territory_id.eq(territory_id))
        .filter(expense_reports::id.eq(id))
        .select(ExpenseReport::as_select())
        .for_no_key_update()
        .get_result(conn)
        .await;
    Ok(found?)
}

/// Accepted amounts of a project's validated reports, by who bears them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ValidatedTotals {
    pub grant: Money,
    pub monetary: Money,
    pub in_kind: Money,
}

impl ValidatedTotals {
    pub(crate) fn cofinancing(self) -> Money {
        self.monetary + self.in_kind
    }
}

pub(crate) async fn validated_totals<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<ValidatedTotals>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<(ExpenseSource, Option<Money>)> = expenses::table
        .inner_join(expense_reports::table.on(expense_reports::id.eq(expenses::expense_report_id)))
        .filter(expenses::territory_id.eq(territory_id))
        .filter(expenses::project_id.eq(project_id))
        .filter(expense_reports::state.eq(ExpenseReportState::Validated))
        .group_by(expenses::source)
        .select((expenses::source, sum(expenses::accepted)))
        .load(conn)
        .await?;
    let mut totals = ValidatedTotals::default();
    for (source, amount) in rows {
        let amount = amount.unwrap_or_default();
        match source {
            ExpenseSource::Grant => totals.grant = amount,
            ExpenseSource::Monetary => totals.monetary = amount,
            ExpenseSource::InKind => totals.in_kind = amount,
        }
    }
    Ok(totals)
}

/// The sums of a report, of the partners in `only` where it is given.
pub(super) async fn totals<C>(
    conn: &mut C,
    territory_id: Uuid,
    report_id: Uuid,
    only: Option<&[Uuid]>,
) -> QueryResult<Vec<ExpenseTotal>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(
            "SELECT organisation_id, cost_item, source, count(*) AS expenses, \
             count(*) FILTER (WHERE decision IS NULL) AS undecided, sum(amount) AS amount, \
             coalesce(sum(accepted), 0) AS accepted \
             FROM expenses WHERE territory_id = $1 AND expense_report_id = $2 AND ($3 OR organisation_id = ANY ($4)) \
             GROUP BY organisation_id, cost_item, source ORDER BY organisation_id, cost_item, source",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(report_id)
        .bind::<Bool, _>(only.is_none())
        .bind::<Array<SqlUuid>, _>(only.unwrap_or_default()),
    )
    .load(conn)
    .await
}

#[derive(QueryableByName)]
struct Charged {
    #[diesel(sql_type = diesel::sql_types::Text)]
    cost_item: crate::rules::cost_item::CostItem,
    #[diesel(sql_type = Numeric)]
    amount: Money,
}

/// What a report that is not validated yet adds to each cost item: as accepted where decided, else as reported.
pub(super) async fn charged<C>(conn: &mut C, territory_id: Uuid, report_id: Uuid) -> QueryResult<PerItem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<Charged> = cached(
        sql_query(
            "SELECT cost_item, sum(coalesce(accepted, amount)) AS amount FROM expenses \
             WHERE territory_id = $1 AND expense_report_id = $2 GROUP BY cost_item",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(report_id),
    )
    .load(conn)
    .await?;
    let mut charged = PerItem::default();
    for row in rows {
        charged[row.cost_item] = row.amount;
    }
    Ok(charged)
}

/// What `charged` does to each cost item.
pub(super) fn standings(items: &[GrantCostItem], charged: &PerItem) -> Vec<ExpenseItemStanding> {
    items
        .iter()
        .map(|item| {
            let reported = charged[item.item];
            let over = (item.validated + reported - item.budget).max(Money::ZERO);
            ExpenseItemStanding { item: item.item, budget: item.budget, validated: item.validated, reported, over }
        })
        .collect()
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = Numeric)]
    amount: Money,
}

/// What the portal spent on vouchers up to the end of the report's period, and is in no report.
pub(super) async fn vouchers_to_report<C>(
    conn: &mut C,
    territory_id: Uuid,
    report: &ExpenseReport,
) -> QueryResult<Money>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let sum: Sum = cached(
        sql_query(
            "SELECT coalesce(sum(s.amount), 0) AS amount FROM project_voucher_spendings s \
             WHERE s.territory_id = $1 AND s.project_id = $2 AND italian_day(s.occurred_at) <= $3 \
               AND NOT EXISTS (SELECT FROM reported_spendings r WHERE r.ledger_entry_id = s.ledger_entry_id)",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(report.project_id)
        .bind::<diesel::sql_types::Date, _>(report.period_to),
    )
    .get_result(conn)
    .await?;
    Ok(sum.amount)
}

/// Makes the lines of a draft report that nobody types in: what the portal spent on vouchers.
pub(super) async fn take_voucher_spendings(
    conn: &mut AsyncPgConnection,
    report_id: Uuid,
    lead: Uuid,
    from_grant: Money,
) -> QueryResult<()> {
    cached(
        sql_query("SELECT take_voucher_spendings(r, $2, $3) FROM expense_reports r WHERE r.id = $1")
            .bind::<SqlUuid, _>(report_id)
            .bind::<SqlUuid, _>(lead)
            .bind::<Numeric, _>(from_grant),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a report's move into the history and the outbox.
pub(super) async fn announce(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    report: &ExpenseReport,
    from: Option<ExpenseReportState>,
    author: Author,
    reason: Option<&str>,
) -> QueryResult<()> {
    let moved = (from.map(ExpenseReportState::as_str), report.state.as_str());
    record(conn, territory_id, (REPORT.aggregate, report.id), moved, author.agent(), reason).await?;
    let event = match (from, report.state) {
        (None, _) => "expense_report.created",
        (_, ExpenseReportState::Draft) => "expense_report.returned",
        (_, ExpenseReportState::Submitted) => "expense_report.submitted",
        (_, ExpenseReportState::Validated) => "expense_report.validated",
    };
    let told = json!({ "project_id": report.project_id, "number": report.number });
    outbox::publish(conn, territory_id, event, report.id, told).await
}
