//! The proof that the ledger is sound: everything that its constraints and its trigger promise is computed anew from
//! the entries, so that a change made behind their back is found.

mod rules;

use concilia_kernel::Problem;
use concilia_kernel::db::transaction;
use diesel::QueryableByName;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use rules::RULES;
use serde::Serialize;
use uuid::Uuid;

/// What was checked, and what was found.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerReport {
    /// Entries read.
    pub entries: i64,
    /// Vouchers whose balances were recomputed.
    pub vouchers: i64,
    /// Calls whose balances were recomputed.
    pub calls: i64,
    /// Empty when the ledger is sound; at most 1,000 of each rule.
    pub violations: Vec<Violation>,
}

/// One broken promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Name of the rule.
    pub rule: &'static str,
    /// Entry, voucher, call or order.
    pub subject: Uuid,
    pub expected: String,
    pub found: String,
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = SqlUuid)]
    subject: Uuid,
    #[diesel(sql_type = Text)]
    expected: String,
    #[diesel(sql_type = Text)]
    found: String,
}

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    entries: i64,
    #[diesel(sql_type = BigInt)]
    vouchers: i64,
    #[diesel(sql_type = BigInt)]
    calls: i64,
}

/// Checks the ledger of a territory, or of all. Opens its own transaction: all rules look at one instant, so moves
/// made meanwhile cannot look like faults; nothing is locked.
pub async fn check_ledger(
    connection: &mut AsyncPgConnection,
    territory_id: Option<Uuid>,
) -> Result<LedgerReport, Problem> {
    transaction(connection, async |conn| {
        conn.batch_execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = 0",
        )
        .await?;
        let counts: Counts =
            sql_query(rules::COUNTS).bind::<Nullable<SqlUuid>, _>(territory_id).get_result(conn).await?;
        let mut violations = vec![];
        for rule in RULES {
            let found: Vec<Finding> = sql_query(format!("{} LIMIT 1000", rule.finds))
                .bind::<Nullable<SqlUuid>, _>(territory_id)
                .load(conn)
                .await?;
            violations.extend(found.into_iter().map(|finding| Violation {
                rule: rule.name,
                subject: finding.subject,
                expected: finding.expected,
                found: finding.found,
            }));
        }
        Ok(LedgerReport { entries: counts.entries, vouchers: counts.vouchers, calls: counts.calls, violations })
    })
    .await
}
