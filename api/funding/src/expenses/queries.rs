use super::expense::{Expense, Row};
use super::input::{Bounds, ExpenseInput};
use crate::budget::current_budget;
use crate::reports::ExpenseReport;
use crate::rules::states::{ExpenseDecision, ExpenseReportState};
use crate::schema::expenses;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Code, FieldError, Money, Problem, new_id, now};
use concilia_planning::partner_organisations;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_query;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// An expense of the territory, with its project.
pub(super) async fn find<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> Result<(Uuid, Expense), Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let row: Row = expenses::table
        .filter(expenses::territory_id.eq(territory_id))
        .filter(expenses::id.eq(id))
        .select(Row::as_select())
        .get_result(conn)
        .await?;
    Ok((row.project_id, row.into()))
}

/// As [`find`], without its project.
pub(crate) async fn of_id(conn: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> Result<Expense, Problem> {
    Ok(find(conn, territory_id, id).await?.1)
}

/// Refuses with 409 a report whose expenses are no longer written.
pub(super) fn require_draft(report: &ExpenseReport) -> Result<(), Problem> {
    if report.state == ExpenseReportState::Draft {
        return Ok(());
    }
    Err(Problem::new(Code::TransitionNotAllowed).explain(
        format!("Le spese di un rendiconto nello stato «{}» non si modificano.", report.state),
        format!("Expenses of a report in state '{}' cannot be changed.", report.state),
    ))
}

#[derive(QueryableByName)]
struct Filled {
    #[diesel(sql_type = Bool)]
    filled: bool,
}

/// What the expenses of a project are checked against, as it stands now.
pub(super) async fn bounds(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
) -> Result<Bounds, Problem> {
    let partners = partner_organisations(conn, territory_id, &[project_id]).await?;
    let budget = current_budget(conn, territory_id, project_id).await?;
    let planned = budget.map(|budget| budget.partners).unwrap_or_default();
    let filled_by_portal = is_filled_by_portal(conn, territory_id, project_id).await?;
    Ok(Bounds { partners, planned, filled_by_portal })
}

/// Whether cost item D of the project is filled by the portal.
async fn is_filled_by_portal(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<bool> {
    let found: Filled = cached(
        sql_query("SELECT is_filled_by_portal($1, $2) AS filled")
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(project_id),
    )
    .get_result(conn)
    .await?;
    Ok(found.filled)
}

/// Says of a document or a file that pays already what the database only calls a duplicate.
pub(super) fn reported_twice(error: Error) -> Problem {
    let constraint = match &error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => info.constraint_name(),
        _ => None,
    };
    let (pointer, it, en) = match constraint {
        Some("expenses_one_document") => (
            "/document",
            "Il documento (emittente, numero e data) è già in un rendiconto.",
            "The document (issuer, number and date) is in a report already.",
        ),
        Some("expenses_one_attachment") => (
            "",
            "Lo stesso file è già allegato a un'altra spesa.",
            "The same file is attached to another expense already.",
        ),
        _ => return error.into(),
    };
    Problem::new(Code::DocumentAlreadyReported)
        .explain(it, en)
        .with_error(FieldError::pointer(pointer, "document_already_reported"))
}

pub(super) async fn insert(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    report: &ExpenseReport,
    (input, amount): (&ExpenseInput, Money),
    created_by: Uuid,
) -> Result<Expense, Problem> {
    let row: Result<Row, Error> = diesel::insert_into(expenses::table)
        .values((
            expenses::id.eq(new_id()),
            expenses::territory_id.eq(territory_id),
            expenses::project_id.eq(report.project_id),
            expenses::expense_report_id.eq(report.id),
            expenses::organisation_id.eq(input.organisation_id),
            expenses::cost_item.eq(input.cost_item),
            expenses::source.eq(input.source),
            expenses::description.eq(&input.description),
            expenses::incurred_on.eq(input.incurred_on),
            expenses::amount.eq(amount),
            expenses::hours.eq(input.hours),
            expenses::hourly_rate.eq(input.hourly_rate),
            expenses::document_type.eq(input.document.type_),
            expenses::document_number.eq(&input.document.number),
            expenses::document_issuer.eq(&input.document.issuer),
            expenses::document_date.eq(input.document.date),
            expenses::created_by.eq(created_by),
            expenses::created_at.eq(now()),
        ))
        .returning(Row::as_returning())
        .get_result(conn)
        .await;
    Ok(row.map_err(reported_twice)?.into())
}

/// Rewrites an expense of a draft; what was decided on it no longer holds.
pub(super) async fn update(
    conn: &mut AsyncPgConnection,
    id: Uuid,
    input: &ExpenseInput,
    amount: Money,
) -> Result<Expense, Problem> {
    let written = (
        expenses::organisation_id.eq(input.organisation_id),
        expenses::cost_item.eq(input.cost_item),
        expenses::source.eq(input.source),
        expenses::description.eq(&input.description),
        expenses::incurred_on.eq(input.incurred_on),
        expenses::amount.eq(amount),
        expenses::hours.eq(input.hours),
        expenses::hourly_rate.eq(input.hourly_rate),
        expenses::document_type.eq(input.document.type_),
        expenses::document_number.eq(&input.document.number),
        expenses::document_issuer.eq(&input.document.issuer),
        expenses::document_date.eq(input.document.date),
    );
    let undecided = (
        expenses::decision.eq(None::<ExpenseDecision>),
        expenses::accepted.eq(None::<Money>),
        expenses::decision_reason.eq(None::<String>),
        expenses::decided_by.eq(None::<Uuid>),
        expenses::decided_at.eq(None::<DateTime<Utc>>),
        expenses::version.eq(expenses::version + 1),
    );
    let change = diesel::update(expenses::table.find(id)).set((written, undecided));
    let row: Result<Row, Error> = cached(change.returning(Row::as_returning())).get_result(conn).await;
    Ok(row.map_err(reported_twice)?.into())
}

/// A decision on an expense.
#[derive(Debug, Clone)]
pub(super) struct Decided<'a> {
    pub decision: ExpenseDecision,
    pub accepted: Money,
    pub reason: Option<&'a str>,
    pub by: Uuid,
}

pub(super) async fn decide(
    conn: &mut AsyncPgConnection,
    id: Uuid,
    decided: &Decided<'_>,
) -> Result<Expense, Problem> {
    let change = (
        expenses::decision.eq(decided.decision),
        expenses::accepted.eq(decided.accepted),
        expenses::decision_reason.eq(decided.reason),
        expenses::decided_by.eq(decided.by),
        expenses::decided_at.eq(now()),
        expenses::version.eq(expenses::version + 1),
    );
    let change = diesel::update(expenses::table.find(id)).set(change);
    let row: Result<Row, Error> = cached(change.returning(Row::as_returning())).get_result(conn).await;
    Ok(row.map_err(reported_twice)?.into())
}

/// Refuses with 409 an expense that the portal made.
pub(super) fn require_typed(expense: &Expense) -> Result<(), Problem> {
    if expense.voucher_call_id.is_none() {
        return Ok(());
    }
    Err(Problem::new(Code::Conflict).explain(
        "È quanto il portale ha speso in voucher: non si modifica.",
        "It is what the portal spent on vouchers: it cannot be changed.",
    ))
}
