use super::{ActionPayment, NewActionPayment, enter};
use crate::queries;
use crate::rules::states::ActionState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Record a payment of an action
///
/// Takes its amount of the action's budget at once, and counts as paid when another officer approves it. Recorded while
/// the action runs, or after its conclusion for what was invoiced late.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = NewActionPayment,
    responses((status = 201, description = "The payment, to be decided.", body = ActionPayment,
                headers(("Location" = String, description = "Address of the action's payments."))),
              (status = 409, description = "The action is not under way (`conflict`), has less left \
                                            (`insufficient_balance`), or paid this document already \
                                            (`already_exists`).")),
)]
#[post("/v1/actions/{action_id}/payments")]
pub async fn create_action_payment(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<NewActionPayment>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_action_payment", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let payment = record_payment(conn, &actor, id.0, &body).await?;
        Reply::created(format!("/v1/actions/{}/payments", payment.action_id), &payment)
    })
    .await
}

/// Records a payment of an action, as an officer of the agency; another one decides it.
pub async fn record_payment(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    action_id: Uuid,
    body: &NewActionPayment,
) -> Result<ActionPayment, Problem> {
    let action = queries::actions::hold(conn, actor.territory_id, action_id).await?;
    let action = action.ok_or_else(Problem::not_found)?;
    if !matches!(action.state, ActionState::Running | ActionState::Concluded) {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Un'azione nello stato «{}» non paga.", action.state),
            format!("An action in state '{}' does not pay.", action.state),
        ));
    }
    if body.amount > action.available {
        return Err(Problem::new(Code::InsufficientBalance)
            .explain(
                format!("All'azione restano {}.", action.available),
                format!("The action has {} left.", action.available),
            )
            .with_error(FieldError::pointer("/amount", "range").value(body.amount.to_string())));
    }
    if queries::payments::is_recorded(conn, actor.territory_id, action.id, body).await? {
        return Err(Problem::new(Code::AlreadyExists).explain(
            "L'azione ha già un pagamento con lo stesso documento.",
            "The action already has a payment with the same document.",
        ));
    }
    enter(conn, actor, action.id, None, body).await
}
