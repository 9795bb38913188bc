use super::{VoucherCall, VoucherCallContent, check_employers, hold_for_officer};
use crate::queries;
use crate::rules::states::VoucherCallState;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role};
use uuid::Uuid;

/// Change a draft voucher call
///
/// Rewrites the whole of a draft. Once open, a call is frozen: families applied under its terms.
#[utoipa::path(
    tag = "benefits",
    params(("voucher_call_id" = Uuid, Path, description = "The call."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = VoucherCallContent,
    responses((status = 200, description = "The changed draft.", body = VoucherCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is no longer a draft: `transition_not_allowed`.")),
)]
#[put("/v1/voucher-calls/{voucher_call_id}")]
pub async fn update_voucher_call(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<VoucherCallContent>,
) -> Result<HttpResponse, Problem> {
    let mut content = body.into_inner();
    content.to_microseconds();
    content.check_together()?;
    let mut conn = db.conn().await?;
    let call = transaction(&mut conn, async |conn| {
        let call = hold_for_officer(conn, &actor, id.0, &[Role::AllianceLead]).await?;
        seen.check(call.version)?;
        if call.state != VoucherCallState::Draft {
            return Err(Problem::new(Code::TransitionNotAllowed)
                .explain(
                    format!("Un avviso nello stato «{}» non si modifica più.", call.state),
                    format!("A call in state '{}' can no longer be changed.", call.state),
                )
                .with_error(FieldError::pointer("/state", "transition_not_allowed").value(call.state.as_str())));
        }
        content.check_against(&call)?;
        check_employers(conn, actor.territory_id, &content).await?;
        queries::voucher_calls::update(conn, actor.territory_id, call.id, &content).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(call.version))).json(call))
}
