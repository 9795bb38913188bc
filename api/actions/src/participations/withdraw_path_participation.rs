use super::{PathParticipation, role_for};
use crate::queries;
use crate::reason::Reason;
use crate::rules::states::{PARTICIPATION, ParticipationState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem};
use serde_json::json;
use uuid::Uuid;

/// Leave a company path
///
/// With a reason. The steps done stay on record; the company may join again.
#[utoipa::path(
    tag = "actions",
    params(("path_participation_id" = Uuid, Path, description = "The company on its path."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The company that left.", body = PathParticipation),
              (status = 409, description = "It is no longer on its path: `transition_not_allowed`.")),
)]
#[post("/v1/path-participations/{path_participation_id}/withdraw")]
pub async fn withdraw_path_participation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "withdraw_path_participation", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let territory_id = actor.territory_id;
        let found = queries::participations::hold(conn, territory_id, id.0).await?;
        let found = found.ok_or_else(Problem::not_found)?;
        let role = role_for(&actor, found.organisation_id)?;
        let (from, to) = (found.state, ParticipationState::Withdrawn);
        PARTICIPATION.check(from, to)?;
        queries::participations::set_state(conn, territory_id, id.0, to).await?;
        let (agent, moved) = (Agent::of(&actor, role), (Some(from.as_str()), to.as_str()));
        record(conn, territory_id, (PARTICIPATION.aggregate, id.0), moved, agent, Some(&body.reason)).await?;
        let told = json!({"company_path_id": found.company_path_id, "organisation_id": found.organisation_id});
        publish(conn, territory_id, "path_participation.withdrawn", id.0, told).await?;
        let found = queries::participations::hold(conn, territory_id, id.0).await?;
        Reply::ok(&found.ok_or_else(Problem::not_found)?)
    })
    .await
}
