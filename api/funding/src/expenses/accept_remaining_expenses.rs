use super::decide_expense::require_submitted;
use crate::reports::hold_report;
use crate::rules::states::ExpenseDecision;
use crate::stance::agency;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem, now};
use diesel::sql_query;
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What was accepted at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct AcceptedExpenses {
    /// How many expenses were undecided and are accepted now.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub accepted: usize,
}

/// Accept the remaining expenses of a report
///
/// By the agency, while the report is submitted: accepts in full every expense that is not decided yet.
#[utoipa::path(
    tag = "funding",
    params(("expense_report_id" = Uuid, Path, description = "The report."),
           ("If-Match" = Option<String>, Header, description = "Version of the report that was read.", max_length = 255),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "How many were accepted.", body = AcceptedExpenses),
              (status = 409, description = "The report is not `submitted`: `transition_not_allowed`.")),
)]
#[post("/v1/expense-reports/{expense_report_id}/accept-remaining")]
pub async fn accept_remaining_expenses(
    actor: Actor,
    db: Data<Db>,
    expense_report_id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "accept_remaining_expenses", [0; 32]).with_path(*expense_report_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let report = hold_report(conn, actor.territory_id, *expense_report_id).await?;
        if let Some(seen) = seen {
            seen.check(report.version)?;
        }
        require_submitted(&report)?;
        let author = agency(&actor);
        let accepted = accept_all(conn, actor.territory_id, report.id, (author.id, author.role.as_str())).await?;
        Reply::ok(&AcceptedExpenses { accepted })
    })
    .await
}

/// Accepts in full what of a report is not decided, and records it.
pub(crate) async fn accept_all(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    report_id: Uuid,
    (by, role): (Uuid, &str),
) -> Result<usize, Problem> {
    let accepted = cached(
        sql_query(
            "WITH accepted AS ( \
               UPDATE expenses SET decision = $5, accepted = amount, decided_by = $3, decided_at = $6, \
                 version = version + 1 \
               WHERE territory_id = $1 AND expense_report_id = $2 AND decision IS NULL RETURNING id \
             ) \
             INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, to_state, actor_id, actor_role, occurred_at) \
             SELECT uuid_v7(), $1, 'expense', id, $5, $3, $4, $6 FROM accepted",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(report_id)
        .bind::<SqlUuid, _>(by)
        .bind::<Text, _>(role)
        .bind::<Text, _>(ExpenseDecision::Accepted.as_str())
        .bind::<Timestamptz, _>(now()),
    )
    .execute(conn)
    .await?;
    Ok(accepted)
}
