use super::{ActionPayment, NewActionPayment, NewActionReversal, enter, hold};
use crate::queries;
use crate::rules::states::ActionPaymentState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem};
use uuid::Uuid;

/// Take a payment back
///
/// Records an entry against an approved payment, for all of it or a part: nothing recorded is ever changed. The money
/// is the action's again when another officer approves the entry.
#[utoipa::path(
    tag = "actions",
    params(("action_payment_id" = Uuid, Path, description = "The payment."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = NewActionReversal,
    responses((status = 201, description = "The entry, to be decided.", body = ActionPayment,
                headers(("Location" = String, description = "Address of the action's payments."))),
              (status = 409, description = "It is no approved payment (`conflict`), or less is left of it \
                                            (`insufficient_balance`).")),
)]
#[post("/v1/action-payments/{action_payment_id}/reverse")]
pub async fn reverse_action_payment(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<NewActionReversal>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "reverse_action_payment", body.hash()).with_path(id.0);
    let body = body.into_inner();
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let (action, payment) = hold(conn, actor.territory_id, id.0).await?;
        let entry = NewActionPayment {
            payee: payment.payee.clone(),
            document: body.document.clone(),
            document_date: body.document_date,
            paid_on: body.paid_on,
            amount: body.amount,
            note: Some(body.note.clone()),
        };
        if payment.reverses.is_some() || payment.state != ActionPaymentState::Approved {
            return Err(Problem::new(Code::Conflict)
                .explain("Si storna solo un pagamento approvato.", "Only an approved payment is taken back."));
        }
        let left = payment.amount - queries::payments::claimed_back(conn, actor.territory_id, payment.id).await?;
        if body.amount > left {
            return Err(Problem::new(Code::InsufficientBalance)
                .explain(format!("Del pagamento restano {left}."), format!("{left} is left of the payment."))
                .with_error(FieldError::pointer("/amount", "range").value(body.amount.to_string())));
        }
        let entry = enter(conn, &actor, action.id, Some(payment.id), &entry).await?;
        Reply::created(format!("/v1/actions/{}/payments", action.id), &entry)
    })
    .await
}
