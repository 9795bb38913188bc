use crate::grant::HeldGrant;
use crate::reports::validated_totals;
use crate::rules::settlement::{Accounts, Outcome};
use crate::rules::states::{ExpenseReportState, GrantSettlementState, SETTLEMENT};
use crate::schema::{expense_reports, grant_settlements};
use crate::spending::vouchers_unreported;
use crate::stance::Author;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::transition::record;
use concilia_kernel::{Code, Money, Problem, outbox};
use diesel::dsl::count_star;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

/// The final account of a grant. It balances: `paid` + `to_pay` - `give_back` = `admissible`.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = grant_settlements)]
pub struct GrantSettlement {
    /// Identifier.
    pub id: Uuid,
    /// The project.
    pub project_id: Uuid,
    /// 1 for the first computed, then 2, 3...; the last one counts.
    #[schema(format = Int32, minimum = 1, maximum = 1000)]
    pub number: i32,
    /// State of the account.
    pub state: GrantSettlementState,
    /// EUR assigned.
    pub assigned: Money,
    /// EUR of validated expenses charged to the grant.
    pub grant_expenses: Money,
    /// EUR of validated expenses that partners bore in money.
    pub monetary: Money,
    /// EUR of validated hours that partners put in.
    pub in_kind: Money,
    /// EUR: the greatest grant beside which the co-financing reaches its minimum share, cut to the cent, of the two
    /// together; null where no co-financing is asked.
    #[schema(required)]
    pub within_share: Option<Money>,
    /// EUR due to the alliance: the least of `assigned`, `grant_expenses` and `within_share`.
    pub admissible: Money,
    /// EUR paid to the lead, less what it gave back.
    pub paid: Money,
    /// EUR still to be paid.
    pub to_pay: Money,
    /// EUR to be given back.
    pub give_back: Money,
    /// When it was computed.
    pub computed_at: DateTime<Utc>,
    /// Act that approves it; null before.
    #[schema(required, max_length = 200)]
    pub act: Option<String>,
    /// Date of the act.
    #[schema(required)]
    pub act_date: Option<NaiveDate>,
    /// When a second officer approved it; null before.
    #[schema(required)]
    pub approved_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
    #[serde(skip)]
    #[schema(ignore)]
    pub computed_by: Uuid,
}

/// The account as the books stand now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Computed {
    pub accounts: Accounts,
    pub monetary: Money,
    pub in_kind: Money,
    pub outcome: Outcome,
}

impl GrantSettlement {
    /// Whether it says what the books say now.
    pub(super) fn agrees_with(&self, now: &Computed) -> bool {
        (self.assigned, self.grant_expenses, self.monetary, self.in_kind, self.paid, self.admissible)
            == (
                now.accounts.assigned,
                now.accounts.grant_expenses,
                now.monetary,
                now.in_kind,
                now.accounts.paid,
                now.outcome.admissible,
            )
    }
}

/// Computes the account of a grant that the transaction holds. Refused with 409 while a report is not validated, a payment
/// that was ordered is not paid, or families may still spend vouchers or have spent what no report has taken up.
pub(super) async fn compute(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { grant, .. }: &HeldGrant,
) -> Result<Computed, Problem> {
    let open: i64 = expense_reports::table
        .filter(expense_reports::territory_id.eq(territory_id))
        .filter(expense_reports::project_id.eq(grant.project_id))
        .filter(expense_reports::state.ne(ExpenseReportState::Validated))
        .select(count_star())
        .get_result(conn)
        .await?;
    if open > 0 {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Rendiconti non ancora validati: {open}."),
            format!("Expense reports not validated yet: {open}."),
        ));
    }
    if grant.ordered != grant.paid {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Pagamenti ordinati e non ancora eseguiti: {}.", grant.ordered - grant.paid),
            format!("Payments ordered and not made yet: {}.", grant.ordered - grant.paid),
        ));
    }
    let unreported = vouchers_unreported(conn, territory_id, grant.project_id).await?;
    if unreported > Money::ZERO {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Voucher ancora da spendere o da rendicontare: {unreported}."),
            format!("Vouchers still to be spent or reported: {unreported}."),
        ));
    }
    let totals = validated_totals(conn, territory_id, grant.project_id).await?;
    let accounts = Accounts {
        assigned: grant.assigned,
        grant_expenses: totals.grant,
        cofinancing: totals.cofinancing(),
        cofinancing_minimum: grant.cofinancing_minimum,
        paid: grant.paid - grant.recovered,
    };
    Ok(Computed { accounts, monetary: totals.monetary, in_kind: totals.in_kind, outcome: accounts.settle() })
}

/// The account of a project that counts: the last one.
pub(super) async fn last_settlement<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Option<GrantSettlement>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    grant_settlements::table
        .filter(grant_settlements::territory_id.eq(territory_id))
        .filter(grant_settlements::project_id.eq(project_id))
        .order(grant_settlements::number.desc())
        .limit(1)
        .select(GrantSettlement::as_select())
        .get_result(conn)
        .await
        .optional()
}

/// Writes a settlement's move into the history and the outbox.
pub(super) async fn announce(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    settlement: &GrantSettlement,
    from: Option<GrantSettlementState>,
    author: Author,
) -> QueryResult<()> {
    let moved = (from.map(GrantSettlementState::as_str), settlement.state.as_str());
    record(conn, territory_id, (SETTLEMENT.aggregate, settlement.id), moved, author.agent(), None).await?;
    let event = format!("{}.{}", SETTLEMENT.aggregate, settlement.state);
    let told = json!({ "project_id": settlement.project_id, "admissible": settlement.admissible });
    outbox::publish(conn, territory_id, &event, settlement.id, told).await
}
