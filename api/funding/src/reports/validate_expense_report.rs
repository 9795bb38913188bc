use super::queries;
use super::report::ExpenseReport;
use crate::grant::{HeldGrant, cost_items, hold_grant};
use crate::rules::states::{ExpenseReportState, REPORT};
use crate::schema::{expense_reports, expenses};
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, now};
use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Validate an expense report
///
/// By an officer of the agency who did not submit it, once every expense is decided. The accepted amounts use up the
/// cost items; a report that would take one beyond its budget is refused (409 `cost_item_exceeded`): reduce expenses,
/// or shift between cost items first. From now on the report counts, and stays as it is.
#[utoipa::path(
    tag = "funding",
    params(("expense_report_id" = Uuid, Path, description = "The report."),
           ("If-Match" = Option<String>, Header, description = "Version that is validated.", max_length = 255),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The report, validated.", body = ExpenseReport,
                headers(("ETag" = String, description = "Version of the report."))),
              (status = 409, description = "It is not `submitted` (`transition_not_allowed`), the caller submitted it \
                                            (`approver_is_author`), expenses are undecided (`conflict`), or a cost item \
                                            would be exceeded (`cost_item_exceeded`).")),
)]
#[post("/v1/expense-reports/{expense_report_id}/validate")]
pub async fn validate_expense_report(
    actor: Actor,
    db: Data<Db>,
    expense_report_id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "validate_expense_report", [0; 32]).with_path(*expense_report_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = queries::find_report(conn, actor.territory_id, *expense_report_id).await?;
        let held = hold_grant(conn, actor.territory_id, found.project_id).await?;
        let report = queries::hold_report(conn, actor.territory_id, found.id).await?;
        if let Some(seen) = seen {
            seen.check(report.version)?;
        }
        let report = validate(conn, actor.territory_id, &held, &report, agency(&actor)).await?;
        Ok(Reply::ok(&report)?.etag(etag_of(report.version)))
    })
    .await
}

/// Validates a report that the transaction holds with its grant.
pub(crate) async fn validate(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { project, .. }: &HeldGrant,
    report: &ExpenseReport,
    author: Author,
) -> Result<ExpenseReport, Problem> {
    REPORT.check(report.state, ExpenseReportState::Validated)?;
    project.require_running()?;
    if report.submitted_by == Some(author.id) {
        return Err(Problem::new(Code::ApproverIsAuthor));
    }
    let undecided: i64 = expenses::table
        .filter(expenses::territory_id.eq(territory_id))
        .filter(expenses::expense_report_id.eq(report.id))
        .filter(expenses::decision.is_null())
        .select(count_star())
        .get_result(conn)
        .await?;
    if undecided > 0 {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Spese ancora da decidere: {undecided}."),
            format!("Expenses still to be decided: {undecided}."),
        ));
    }
    check_items(conn, territory_id, report).await?;
    let change = (
        expense_reports::state.eq(ExpenseReportState::Validated),
        expense_reports::validated_by.eq(author.id),
        expense_reports::validated_at.eq(now()),
        expense_reports::version.eq(expense_reports::version + 1),
    );
    let validated: ExpenseReport = cached(
        diesel::update(expense_reports::table.find(report.id))
            .set(change)
            .returning(ExpenseReport::as_returning()),
    )
    .get_result(conn)
    .await?;
    queries::announce(conn, territory_id, &validated, Some(report.state), author, None).await?;
    Ok(validated)
}

/// Refuses a report that takes a cost item beyond its budget, naming each.
async fn check_items(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    report: &ExpenseReport,
) -> Result<(), Problem> {
    let items = cost_items(conn, territory_id, report.project_id).await?;
    let charged = queries::charged(conn, territory_id, report.id).await?;
    let standings = queries::standings(&items, &charged);
    let errors: Vec<FieldError> = standings
        .iter()
        .filter(|item| item.over.is_positive())
        .map(|item| {
            let text = Text::new(
                format!(
                    "la voce ha {}, già validati {}, il rendiconto aggiunge {}",
                    item.budget, item.validated, item.reported
                ),
                format!(
                    "the item has {}, {} validated already, the report adds {}",
                    item.budget, item.validated, item.reported
                ),
            );
            FieldError::pointer(format!("/items/{}", item.item), "cost_item_exceeded")
                .value(item.over.to_string())
                .explain(&text)
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::CostItemExceeded).with_errors(errors)) }
}
