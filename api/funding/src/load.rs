//! What officers do of a grant, entered without a request, such as a year that is loaded. Each function judges as its
//! operation does, by the caller's role too; run within [`concilia_kernel::clock::as_of`], by the day of the act.

use crate::agreements::create_agreement::make;
use crate::agreements::sign_agreement::{AgreementSignature, sign};
use crate::agreements::{Agreement, agreement_of};
use crate::budget::ExecutiveBudgetInput;
use crate::expenses::create_expense::add;
use crate::expenses::decide_expense::{DecideExpense, decide};
use crate::expenses::upload_expense_attachment::attach;
use crate::expenses::{Expense, ExpenseInput, accept_remaining_expenses, expense_of};
use crate::grant::{accept_grant as grants, hold_grant, set_project_cup};
use crate::input::Act;
use crate::payments::create_grant_payment::{CreateGrantPayment, order};
use crate::payments::mark_grant_payment_paid::{GrantPaymentPaid, mark_paid};
use crate::payments::{GrantPayment, approve_grant_payment, payment_of};
use crate::reports::create_expense_report::{CreateExpenseReport, begin};
use crate::reports::{ExpenseReport, find_report, hold_report, submit_expense_report, validate_expense_report};
use crate::shifts::create_budget_shift::{CreateBudgetShift, ask};
use crate::shifts::{BudgetShift, approve_budget_shift, shift_of};
use crate::stance::{Author, Stance, agency, require_lead};
use crate::tranches::set_grant_tranches::{GrantTranches, schedule};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Problem, Role};
use concilia_planning::{find_project, hold_project};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

pub use crate::grant::set_project_cup::ProjectCup;
pub use crate::start_project::start as start_project;

/// The lead accepts what was assigned.
pub async fn accept_grant(conn: &mut AsyncPgConnection, actor: &Actor, project_id: Uuid) -> Result<(), Problem> {
    let project = hold_project(conn, actor.territory_id, project_id).await?.ok_or_else(Problem::not_found)?;
    let author = require_lead(actor, &project)?;
    grants::accept(conn, actor.territory_id, &project, author).await
}

/// The lead records the budget fitted to the grant.
pub async fn record_executive_budget(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    budget: &ExecutiveBudgetInput,
) -> Result<(), Problem> {
    let held = hold_grant(conn, actor.territory_id, project_id).await?;
    let author = require_lead(actor, &held.project)?;
    crate::budget::record_executive_budget::record(conn, actor.territory_id, &held, budget, author).await
}

/// The lead or the agency sets the CUP.
pub async fn set_cup(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    cup: &ProjectCup,
) -> Result<(), Problem> {
    let held = hold_grant(conn, actor.territory_id, project_id).await?;
    set_project_cup::set(conn, actor, &held, cup).await
}

/// The agency schedules the payments.
pub async fn set_tranches(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    tranches: &GrantTranches,
) -> Result<(), Problem> {
    let author = require_agency(actor)?;
    let held = hold_grant(conn, actor.territory_id, project_id).await?;
    schedule(conn, actor.territory_id, &held, &tranches.tranches, author).await
}

/// The agency makes the agreement, with its document.
pub async fn create_agreement(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    act: &Act,
) -> Result<Agreement, Problem> {
    let author = require_agency(actor)?;
    let held = hold_grant(conn, actor.territory_id, project_id).await?;
    make(conn, actor.territory_id, &held, act, author).await
}

/// A party signs the agreement.
pub async fn sign_agreement(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    agreement_id: Uuid,
    signature: &AgreementSignature,
) -> Result<Agreement, Problem> {
    let agreement = agreement_of(conn, actor.territory_id, agreement_id).await?;
    let held = hold_grant(conn, actor.territory_id, agreement.project_id).await?;
    let author = signature.signer(actor, &held.project)?;
    sign(conn, actor.territory_id, &held, agreement.id, signature, author).await
}

/// An officer of the agency asks for a payment.
pub async fn create_grant_payment(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    asked: &CreateGrantPayment,
) -> Result<GrantPayment, Problem> {
    let author = require_agency(actor)?;
    let held = hold_grant(conn, actor.territory_id, asked.project_id).await?;
    order(conn, actor.territory_id, &held, asked, author).await
}

/// Another one approves it.
pub async fn approve_grant_payment(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    payment_id: Uuid,
) -> Result<GrantPayment, Problem> {
    let author = require_agency(actor)?;
    let payment = payment_of(conn, actor.territory_id, payment_id).await?;
    approve_grant_payment::approve(conn, actor.territory_id, &payment, author).await
}

/// The bank has paid it.
pub async fn mark_grant_payment_paid(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    payment_id: Uuid,
    paid: &GrantPaymentPaid,
) -> Result<GrantPayment, Problem> {
    let author = require_agency(actor)?;
    let payment = payment_of(conn, actor.territory_id, payment_id).await?;
    mark_paid(conn, actor.territory_id, &payment, paid, author).await
}

/// The lead begins a report.
pub async fn create_expense_report(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    period: CreateExpenseReport,
) -> Result<ExpenseReport, Problem> {
    let held = hold_grant(conn, actor.territory_id, project_id).await?;
    let author = require_lead(actor, &held.project)?;
    begin(conn, actor.territory_id, &held, period, author).await
}

/// The lead, or the partner that bore it, adds an expense with its document, a PDF.
pub async fn add_expense(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    actor: &Actor,
    report_id: Uuid,
    (expense, document): (&ExpenseInput, &[u8]),
) -> Result<Expense, Problem> {
    let report = find_report(conn, actor.territory_id, report_id).await?;
    let project = find_project(conn, actor.territory_id, report.project_id).await?;
    let project = project.ok_or_else(Problem::not_found)?;
    let author = Stance::of(conn, actor, &project).await?.writer(actor, expense.organisation_id)?;
    let added = add(conn, actor.territory_id, &project, report.id, expense, author.id).await?;
    attach(conn, vault, actor.territory_id, added.id, document, author.id).await
}

/// The lead submits a report.
pub async fn submit_expense_report(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    report_id: Uuid,
) -> Result<ExpenseReport, Problem> {
    let found = find_report(conn, actor.territory_id, report_id).await?;
    let held = hold_grant(conn, actor.territory_id, found.project_id).await?;
    let author = require_lead(actor, &held.project)?;
    let report = hold_report(conn, actor.territory_id, report_id).await?;
    submit_expense_report::submit(conn, actor.territory_id, &held, &report, author).await
}

/// The agency decides an expense.
pub async fn decide_expense(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    expense_id: Uuid,
    decision: &DecideExpense,
) -> Result<Expense, Problem> {
    let author = require_agency(actor)?;
    let expense = expense_of(conn, actor.territory_id, expense_id).await?;
    let report = hold_report(conn, actor.territory_id, expense.expense_report_id).await?;
    decide(conn, actor.territory_id, &report, &expense, decision, author).await
}

/// The agency accepts what is left of a report, and validates it.
pub async fn validate_expense_report(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    report_id: Uuid,
) -> Result<ExpenseReport, Problem> {
    let author = require_agency(actor)?;
    let found = find_report(conn, actor.territory_id, report_id).await?;
    let held = hold_grant(conn, actor.territory_id, found.project_id).await?;
    let report = hold_report(conn, actor.territory_id, report_id).await?;
    let by = (author.id, author.role.as_str());
    accept_remaining_expenses::accept_all(conn, actor.territory_id, report.id, by).await?;
    validate_expense_report::validate(conn, actor.territory_id, &held, &report, author).await
}

/// The lead shifts between cost items: at once within the threshold, else for the agency to approve.
pub async fn create_budget_shift(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    shift: &CreateBudgetShift,
) -> Result<BudgetShift, Problem> {
    let held = hold_grant(conn, actor.territory_id, project_id).await?;
    let author = require_lead(actor, &held.project)?;
    ask(conn, actor.territory_id, &held, shift, author).await
}

/// The agency approves a shift above the threshold.
pub async fn approve_budget_shift(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    shift_id: Uuid,
) -> Result<BudgetShift, Problem> {
    let author = require_agency(actor)?;
    let shift = shift_of(conn, actor.territory_id, shift_id).await?;
    let held = hold_grant(conn, actor.territory_id, shift.project_id).await?;
    approve_budget_shift::approve(conn, actor.territory_id, &held, &shift, author).await
}

/// What the policy asks of a request, asked here.
fn require_agency(actor: &Actor) -> Result<Author, Problem> {
    if actor.has(Role::Ats) { Ok(agency(actor)) } else { Err(Problem::new(Code::Forbidden)) }
}
