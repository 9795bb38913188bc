use super::{PROJECT_CALL, ProjectCall, ProjectCallState, held, move_project_call, wrong_state};
use crate::plans::left_for_calls;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::clock::italian_time;
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Code, Db, Problem, Role, now};
use uuid::Uuid;

/// Open a project call
///
/// Publishes a draft and freezes it. Projects are submitted from its opening instant to its closing one.
#[utoipa::path(
    tag = "planning",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The open call.", body = ProjectCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is not a draft (`transition_not_allowed`), or its closing \
                                            instant has passed or its budget is above what its plan \
                                            has not promised to other calls (`conflict`).")),
)]
#[post("/v1/project-calls/{project_call_id}/open")]
pub async fn open_project_call(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "open_project_call", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let call = held(conn, &actor, id.0).await?;
        // A closed call opens again by an act only: `extend_project_call`.
        if call.state == ProjectCallState::Closed {
            return Err(wrong_state(&call));
        }
        PROJECT_CALL.check(call.state, ProjectCallState::Open)?;
        if call.closes_at <= now() {
            return Err(Problem::new(Code::Conflict).explain(
                format!("L'avviso chiude il {}, che è già passato.", italian_time(call.closes_at)),
                format!("The call closes at {:?}, which has passed.", call.closes_at),
            ));
        }
        let left = left_for_calls(conn, call.territory_id, call.plan_id).await?;
        if call.budget > left {
            return Err(Problem::new(Code::Conflict).explain(
                format!(
                    "Il budget dell'avviso, {}, supera quanto il piano non ha ancora promesso ad altri, {left}.",
                    call.budget
                ),
                format!(
                    "The call's budget, {}, is above what the plan has not promised to others yet, {left}.",
                    call.budget
                ),
            ));
        }
        let agent = Agent::of(&actor, Role::Ats);
        let moved = (call.state, ProjectCallState::Open);
        move_project_call(conn, call.territory_id, call.id, moved, agent, None).await?;
        let call = held(conn, &actor, id.0).await?;
        Ok(Reply::ok(&call)?.etag(etag_of(call.version)))
    })
    .await
}
