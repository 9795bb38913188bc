use crate::queries;
use crate::reason::Reason;
use crate::rules::{SESSION_STATES, SessionState};
use crate::service_sessions::ServiceSession;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::transition::{self, Agent};
use concilia_kernel::{Actor, Code, Db, Problem, Role};
use uuid::Uuid;

/// Cancel a session
///
/// Takes an open session off the calendar. Refused while orders hold places in it: end those first.
#[utoipa::path(
    tag = "catalogue",
    params(
        ("service_id" = Uuid, Path, description = "The service."),
        ("session_id" = Uuid, Path, description = "The session."),
    ),
    request_body(content = Reason, example = json!({"reason": "L'educatrice è assente."})),
    responses(
        (status = 200, description = "The session, cancelled.", body = ServiceSession),
        (status = 409, description = "Orders hold places in the session, or it is cancelled already."),
    ),
)]
#[post("/v1/services/{service_id}/sessions/{session_id}/cancel")]
pub async fn cancel_service_session(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let (service_id, session_id) = path.into_inner();
    let territory_id = actor.territory_id;
    let mut conn = db.conn().await?;
    let session = transaction(&mut conn, async |conn| {
        let service = queries::services::lock(conn, territory_id, service_id).await?;
        actor.require(Role::Provider, service.provider_id)?;
        let (state, taken) = queries::service_sessions::lock(conn, territory_id, service_id, session_id).await?;
        SESSION_STATES.check(state, SessionState::Cancelled)?;
        if taken > 0 {
            return Err(Problem::new(Code::Conflict).explain(
                format!("La sessione ha {taken} posti occupati da ordini."),
                format!("Orders hold {taken} places of the session."),
            ));
        }
        let session = queries::service_sessions::cancel(conn, session_id).await?;
        let aggregate = (SESSION_STATES.aggregate, session_id);
        let step = (Some(state.as_str()), SessionState::Cancelled.as_str());
        let agent = Agent::of(&actor, Role::Provider);
        transition::record(conn, territory_id, aggregate, step, agent, Some(&body.reason)).await?;
        Ok(session)
    })
    .await?;
    Ok(HttpResponse::Ok().json(session))
}
