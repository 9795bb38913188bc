use super::queries;
use super::report::ExpenseReport;
use crate::budget::current_budget;
use crate::grant::{HeldGrant, hold_grant};
use crate::rules::states::ExpenseReportState;
use crate::schema::expense_reports;
use crate::stance::{Author, require_lead};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, checks, new_id, now};
use concilia_planning::ProjectSummary;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The period of a report.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"period_from": "2026-07-01", "period_to": "2026-12-31"}))]
pub struct CreateExpenseReport {
    /// First day, within the project.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub period_from: NaiveDate,
    /// Last day, within the project.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::day_of_the_century"))]
    pub period_to: NaiveDate,
}

/// Begin an expense report
///
/// By an officer of the lead, while the project is under way. Its period lies within the project and touches no other
/// report's. What the portal spent on vouchers of the project up to the end of the period is on it from the start, as
/// lines of cost item D that nobody types in; it is brought up to date when the report is submitted.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CreateExpenseReport,
    responses((status = 201, description = "The draft.", body = ExpenseReport,
                headers(("Location" = String, description = "Address of the report."),
                        ("ETag" = String, description = "Version of the report."))),
              (status = 409, description = "The project is not under way: `conflict`.")),
)]
#[post("/v1/projects/{project_id}/expense-reports")]
pub async fn create_expense_report(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<CreateExpenseReport>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_expense_report", body.hash()).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        let author = require_lead(&actor, &held.project)?;
        let report = begin(conn, actor.territory_id, &held, *body, author).await?;
        let location = format!("/v1/expense-reports/{}", report.id);
        Ok(Reply::created(location, &report)?.etag(etag_of(report.version)))
    })
    .await
}

/// Begins a report of a grant that the transaction holds.
pub(crate) async fn begin(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { project, .. }: &HeldGrant,
    period: CreateExpenseReport,
    author: Author,
) -> Result<ExpenseReport, Problem> {
    project.require_running()?;
    let others: Vec<(i16, NaiveDate, NaiveDate)> = expense_reports::table
        .filter(expense_reports::territory_id.eq(territory_id))
        .filter(expense_reports::project_id.eq(project.id))
        .select((expense_reports::number, expense_reports::period_from, expense_reports::period_to))
        .load(conn)
        .await?;
    check_period(period, project, &others)?;
    let number = others.iter().map(|(number, ..)| *number).max().unwrap_or(0) + 1;
    let report: ExpenseReport = diesel::insert_into(expense_reports::table)
        .values((
            expense_reports::id.eq(new_id()),
            expense_reports::territory_id.eq(territory_id),
            expense_reports::project_id.eq(project.id),
            expense_reports::number.eq(number),
            expense_reports::period_from.eq(period.period_from),
            expense_reports::period_to.eq(period.period_to),
            expense_reports::state.eq(ExpenseReportState::Draft),
            expense_reports::created_by.eq(author.id),
            expense_reports::created_at.eq(now()),
        ))
        .returning(ExpenseReport::as_returning())
        .get_result(conn)
        .await?;
    let budget = current_budget(conn, territory_id, project.id).await?.ok_or_else(Problem::not_found)?;
    let lead = project.lead_organisation_id;
    queries::take_voucher_spendings(conn, report.id, lead, budget.vouchers_from_grant).await?;
    queries::announce(conn, territory_id, &report, None, author, None).await?;
    Ok(report)
}

fn check_period(
    period: CreateExpenseReport,
    project: &ProjectSummary,
    others: &[(i16, NaiveDate, NaiveDate)],
) -> Result<(), Problem> {
    let CreateExpenseReport { period_from, period_to } = period;
    if period_to < period_from {
        return Err(Problem::invalid("/period_to", "date_order"));
    }
    let within = project.starts_on..=project.ends_on;
    for (pointer, day) in [("/period_from", period_from), ("/period_to", period_to)] {
        if !within.contains(&day) {
            let text = Text::new(
                format!("il progetto va dal {} al {}", project.starts_on, project.ends_on),
                format!("the project lasts from {} to {}", project.starts_on, project.ends_on),
            );
            let error = FieldError::pointer(pointer, "range").value(day.to_string()).explain(&text);
            return Err(Problem::new(Code::ValidationFailed).with_error(error));
        }
    }
    let touched = others.iter().find(|(_, from, to)| period_from <= *to && *from <= period_to);
    if let Some((number, from, to)) = touched {
        let text = Text::new(
            format!("il periodo tocca quello del rendiconto {number}, dal {from} al {to}"),
            format!("the period touches that of report {number}, from {from} to {to}"),
        );
        let error = FieldError::pointer("/period_from", "range").value(period_from.to_string()).explain(&text);
        return Err(Problem::new(Code::ValidationFailed).with_error(error));
    }
    Ok(())
}
