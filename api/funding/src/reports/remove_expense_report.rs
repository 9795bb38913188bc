use super::queries;
use crate::grant::hold_grant;
use crate::rules::states::ExpenseReportState;
use crate::schema::{expense_reports, expenses};
use crate::stance::require_lead;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Path};
use concilia_kernel::{Actor, Code, Db, Problem};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Remove a draft expense report
///
/// By an officer of the lead, with the expenses on it. What the portal spent goes on the next report.
#[utoipa::path(
    tag = "funding",
    params(("expense_report_id" = Uuid, Path, description = "The report."),
           ("If-Match" = String, Header, description = "Version that is removed.")),
    responses((status = 204, description = "It is no more."),
              (status = 409, description = "It is no draft: `transition_not_allowed`.")),
)]
#[delete("/v1/expense-reports/{expense_report_id}")]
pub async fn remove_expense_report(
    actor: Actor,
    db: Data<Db>,
    expense_report_id: Path<Uuid>,
    seen: IfMatch,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        let found = queries::find_report(conn, actor.territory_id, *expense_report_id).await?;
        let held = hold_grant(conn, actor.territory_id, found.project_id).await?;
        require_lead(&actor, &held.project)?;
        let report = queries::hold_report(conn, actor.territory_id, found.id).await?;
        seen.check(report.version)?;
        if report.state != ExpenseReportState::Draft {
            return Err(Problem::new(Code::TransitionNotAllowed).explain(
                format!("Un rendiconto nello stato «{}» non si rimuove.", report.state),
                format!("A report in state '{}' is not removed.", report.state),
            ));
        }
        sql_query("DELETE FROM reported_spendings WHERE expense_report_id = $1")
            .bind::<SqlUuid, _>(report.id)
            .execute(conn)
            .await?;
        diesel::delete(expenses::table.filter(expenses::expense_report_id.eq(report.id))).execute(conn).await?;
        diesel::delete(expense_reports::table.find(report.id)).execute(conn).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
