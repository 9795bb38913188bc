use super::{Action, ActionContent, check_references};
use crate::queries;
use crate::rules::states::{ACTION, ActionState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, Role};
use diesel_async::AsyncPgConnection;

/// Create an action
///
/// Plans a system or cross-cutting action with a budget of its own out of what the plan keeps for them: 20% of the
/// territory's resources, as the plan states it. What the plan's actions have together is never above that.
#[utoipa::path(
    tag = "actions",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = ActionContent,
    responses((status = 201, description = "The planned action.", body = Action,
                headers(("Location" = String, description = "Address of the action."),
                        ("ETag" = String, description = "Version of the action."))),
              (status = 409, description = "The plan has less left for its actions: `insufficient_balance`.")),
)]
#[post("/v1/actions")]
pub async fn create_action(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<ActionContent>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_action", body.hash());
    let content = body.into_inner();
    content.check_together()?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let action = create(conn, &actor, &content).await?;
        Ok(Reply::created(format!("/v1/actions/{}", action.id), &action)?.etag(etag_of(action.version)))
    })
    .await
}

/// Plans an action, as an officer of the agency.
pub async fn create(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    content: &ActionContent,
) -> Result<Action, Problem> {
    content.check_together()?;
    check_references(conn, actor.territory_id, content).await?;
    let plan = queries::actions::hold_plan(conn, actor.territory_id, content.plan_id, None).await?;
    content.check_against_plan(&plan.ok_or_else(|| Problem::invalid("/plan_id", "not_found"))?)?;
    let action = queries::actions::insert(conn, actor.territory_id, actor.id, content).await?;
    let made = (None, ActionState::Planned.as_str());
    let agent = Agent::of(actor, Role::Ats);
    record(conn, actor.territory_id, (ACTION.aggregate, action.id), made, agent, None).await?;
    Ok(action)
}
