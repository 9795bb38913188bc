use super::expense::Expense;
use super::queries::{self, Decided};
use crate::reports::{ExpenseReport, hold_report};
use crate::rules::states::{ExpenseDecision, ExpenseReportState};
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::problem::Text;
use concilia_kernel::transition::record;
use concilia_kernel::{Actor, Code, Db, FieldError, Money, Problem, checks};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What the agency decides on an expense.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "reduced", "accepted": "1500.00", "reason": "IVA detraibile"}))]
pub struct DecideExpense {
    /// The decision.
    pub decision: ExpenseDecision,
    /// EUR accepted, below the amount; where the expense is reduced, and only there.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 13,
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub accepted: Option<Money>,
    /// Why; where the expense is reduced or refused, and only there.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: Option<String>,
}

/// Decide on an expense
///
/// By the agency, while the report is submitted: accepted, reduced to an amount, or refused, with the reason. A decision
/// may be changed until the report is validated.
#[utoipa::path(
    tag = "funding",
    params(("expense_id" = Uuid, Path, description = "The expense."),
           ("If-Match" = Option<String>, Header, description = "Version that is decided on.", max_length = 255),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = DecideExpense,
    responses((status = 200, description = "The expense.", body = Expense,
                headers(("ETag" = String, description = "Version of the expense."))),
              (status = 409, description = "The report is not `submitted` (`transition_not_allowed`), or its document \
                                            was paid elsewhere since it was refused (`document_already_reported`).")),
)]
#[post("/v1/expenses/{expense_id}/decide")]
pub async fn decide_expense(
    actor: Actor,
    db: Data<Db>,
    expense_id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<DecideExpense>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "decide_expense", body.hash()).with_path(*expense_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let (_, found) = queries::find(conn, actor.territory_id, *expense_id).await?;
        let report = hold_report(conn, actor.territory_id, found.expense_report_id).await?;
        let (_, found) = queries::find(conn, actor.territory_id, *expense_id).await?;
        if let Some(seen) = seen {
            seen.check(found.version)?;
        }
        let expense = decide(conn, actor.territory_id, &report, &found, &body, agency(&actor)).await?;
        Ok(Reply::ok(&expense)?.etag(etag_of(expense.version)))
    })
    .await
}

/// Decides on an expense of a report that the transaction holds.
pub(crate) async fn decide(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    report: &ExpenseReport,
    expense: &Expense,
    asked: &DecideExpense,
    author: Author,
) -> Result<Expense, Problem> {
    require_submitted(report)?;
    let accepted = accepted(asked, expense.amount)?;
    let reason = asked.reason.as_deref();
    let decided = Decided { decision: asked.decision, accepted, reason, by: author.id };
    let after = queries::decide(conn, expense.id, &decided).await?;
    let moved = (expense.decision.map(ExpenseDecision::as_str), asked.decision.as_str());
    record(conn, territory_id, ("expense", expense.id), moved, author.agent(), reason).await?;
    Ok(after)
}

pub(super) fn require_submitted(report: &ExpenseReport) -> Result<(), Problem> {
    if report.state == ExpenseReportState::Submitted {
        return Ok(());
    }
    Err(Problem::new(Code::TransitionNotAllowed).explain(
        format!("Le spese si decidono su un rendiconto presentato: questo è nello stato «{}».", report.state),
        format!("Expenses are decided on a submitted report: this one is in state '{}'.", report.state),
    ))
}

/// The amount that a decision accepts.
fn accepted(asked: &DecideExpense, amount: Money) -> Result<Money, Problem> {
    let fault = |pointer: &str, code: &str, it: &str, en: &str| {
        let error = FieldError::pointer(pointer, code).explain(&Text::new(it, en));
        Err(Problem::new(Code::ValidationFailed).with_error(error))
    };
    match (asked.decision, asked.accepted, &asked.reason) {
        (ExpenseDecision::Accepted, None, None) => Ok(amount),
        (ExpenseDecision::Refused, None, Some(_)) => Ok(Money::ZERO),
        (ExpenseDecision::Reduced, Some(accepted), Some(_)) if accepted < amount => Ok(accepted),
        (ExpenseDecision::Reduced, Some(_), Some(_)) => fault(
            "/accepted",
            "range",
            "l'importo ridotto è inferiore a quello della spesa",
            "a reduced amount is below the expense's",
        ),
        (ExpenseDecision::Reduced, None, _) => fault(
            "/accepted",
            "required",
            "serve l'importo a cui la spesa è ridotta",
            "the amount it is reduced to is needed",
        ),
        (ExpenseDecision::Reduced | ExpenseDecision::Refused, _, None) => {
            fault("/reason", "required", "serve il motivo", "the reason is needed")
        }
        (ExpenseDecision::Accepted | ExpenseDecision::Refused, Some(_), _) => fault(
            "/accepted",
            "range",
            "l'importo si indica solo se la spesa è ridotta",
            "the amount is told of a reduced expense only",
        ),
        (ExpenseDecision::Accepted, None, Some(_)) => fault(
            "/reason",
            "range",
            "il motivo si indica solo se la spesa è ridotta o rifiutata",
            "the reason is told of reduced and refused expenses only",
        ),
    }
}
