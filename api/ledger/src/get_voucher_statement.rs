use crate::visibility::Visibility;
use crate::{Account, EntryKind};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::{PageQuery, page};
use concilia_kernel::{Actor, Db, Money, Problem};
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A voucher's account, entry by entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherStatement {
    pub voucher_id: Uuid,
    /// Available before the first entry of this page; zero on the first page.
    pub opening: Money,
    /// The entries of this page, oldest first.
    #[schema(min_items = 0, max_items = 200)]
    pub items: Vec<StatementEntry>,
    /// Cursor of the next page; null on the last one.
    #[schema(required, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub next: Option<String>,
    /// Over all entries, whatever the page.
    pub totals: StatementTotals,
}

/// One move of a voucher's money.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementEntry {
    pub id: Uuid,
    pub kind: EntryKind,
    /// Account whose balance went down.
    pub credit_account: Account,
    /// Account whose balance went up.
    pub debit_account: Account,
    pub amount: Money,
    /// Available after the entry.
    pub balance: Money,
    /// The order it was made for; null where there is none.
    #[schema(required)]
    pub order_id: Option<Uuid>,
    /// Role under which it was made; `system` when time made it.
    #[schema(max_length = 40, pattern = "^[a-z_]+$", example = "worker")]
    pub actor_role: String,
    /// Why.
    #[schema(max_length = 1000)]
    pub reason: String,
    pub occurred_at: DateTime<Utc>,
}

/// Where the voucher's money is. `awarded` = `available` + `held` + `spent` + `paid` + `returned`.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatementTotals {
    pub awarded: Money,
    /// May still be ordered with.
    pub available: Money,
    /// Reserved by orders in course.
    pub held: Money,
    /// Owed to providers for accepted deliveries.
    pub spent: Money,
    /// Paid to providers.
    pub paid: Money,
    /// Gone back to the call.
    pub returned: Money,
}

/// Read a voucher's statement
///
/// Every move of the voucher's money with what is available after it, oldest first, and where the money is now. Who
/// may read the voucher may read its statement.
#[utoipa::path(
    tag = "benefits",
    params(("voucher_id" = Uuid, Path, description = "The voucher."), PageQuery),
    responses((status = 200, description = "The statement.", body = VoucherStatement)),
)]
#[get("/v1/vouchers/{voucher_id}/statement")]
pub async fn get_voucher_statement(
    actor: Actor,
    db: Data<Db>,
    voucher_id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = query.after()?;
    let limit = query.limit();
    let visibility = Visibility::of(&actor, &db).await?;
    let reader = db.reader().await?;
    let rows: Vec<Row> = cached(
        sql_query(STATEMENT)
            .bind::<SqlUuid, _>(actor.territory_id)
            .bind::<SqlUuid, _>(*voucher_id)
            .bind::<Bool, _>(visibility.all)
            .bind::<Array<SqlUuid>, _>(&visibility.leads)
            .bind::<Nullable<SqlUuid>, _>(visibility.worker_id)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit + 1),
    )
    .load(&mut &**reader)
    .await?;
    Ok(HttpResponse::Ok().json(statement(*voucher_id, rows, limit)?))
}

fn statement(voucher_id: Uuid, rows: Vec<Row>, limit: i64) -> Result<VoucherStatement, Problem> {
    let [first, ..] = rows.as_slice() else { return Err(Problem::not_found()) };
    let totals = first.totals();
    let entries: Vec<StatementEntry> =
        rows.into_iter().filter_map(|row| row.entry).map(Posting::into_view).collect();
    let opening = match entries.as_slice() {
        [first, ..] => first.balance - first.kind.effect_on(Account::Available, first.amount),
        [] => totals.available,
    };
    let entries = page(entries, limit, |entry| entry.id);
    Ok(VoucherStatement { voucher_id, opening, items: entries.items, next: entries.next, totals })
}

/// The voucher's balances, repeated on each of its entries; once without an entry when the page is empty.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Numeric)]
    value: Money,
    #[diesel(sql_type = Numeric)]
    available: Money,
    #[diesel(sql_type = Numeric)]
    held: Money,
    #[diesel(sql_type = Numeric)]
    spent: Money,
    #[diesel(sql_type = Numeric)]
    paid: Money,
    #[diesel(embed)]
    entry: Option<Posting>,
}

#[derive(QueryableByName)]
struct Posting {
    #[diesel(sql_type = SqlUuid)]
    entry_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: EntryKind,
    #[diesel(sql_type = Text)]
    credit_account: Account,
    #[diesel(sql_type = Text)]
    debit_account: Account,
    #[diesel(sql_type = Numeric)]
    amount: Money,
    #[diesel(sql_type = Numeric)]
    balance: Money,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    order_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    actor_role: String,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Timestamptz)]
    occurred_at: DateTime<Utc>,
}

impl Row {
    fn totals(&self) -> StatementTotals {
        StatementTotals {
            awarded: self.value,
            available: self.available,
            held: self.held,
            spent: self.spent,
            paid: self.paid,
            returned: self.value - self.available - self.held - self.spent - self.paid,
        }
    }
}

impl Posting {
    fn into_view(self) -> StatementEntry {
        StatementEntry {
            id: self.entry_id,
            kind: self.kind,
            credit_account: self.credit_account,
            debit_account: self.debit_account,
            amount: self.amount,
            balance: self.balance,
            order_id: self.order_id,
            actor_role: self.actor_role,
            reason: self.reason,
            occurred_at: self.occurred_at,
        }
    }
}

// One statement, so that entries and totals are of the same instant.
const STATEMENT: &str = "\
SELECT v.value, b.available, b.held, b.spent, b.paid, e.id AS entry_id, e.kind, e.credit_account, e.debit_account,
       e.amount, e.balance, e.order_id, e.actor_role, e.reason, e.occurred_at
  FROM vouchers v
  JOIN voucher_balances b ON b.voucher_id = v.id
  LEFT JOIN LATERAL (
    SELECT entries.*, sum(CASE WHEN debit_account = 'available' THEN amount WHEN credit_account = 'available' THEN -amount ELSE 0 END)
                        OVER (ORDER BY id) AS balance
      FROM ledger_entries entries WHERE voucher_id = v.id) e ON $6 IS NULL OR e.id > $6
 WHERE v.territory_id = $1 AND v.id = $2 AND ($3 OR v.lead_organisation_id = ANY ($4) OR v.worker_id = $5)
 ORDER BY e.id LIMIT $7";
