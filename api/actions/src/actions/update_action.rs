use super::{Action, ActionContent, check_references};
use crate::queries;
use crate::rules::states::ActionState;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem};
use uuid::Uuid;

/// Change an action
///
/// Rewrites the whole of an action that is planned or running, within what the plan has left and not below what the
/// action has spent. Its plan and its kind stay.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = ActionContent,
    responses((status = 200, description = "The changed action.", body = Action,
                headers(("ETag" = String, description = "Version of the action."))),
              (status = 409, description = "The action is over (`transition_not_allowed`), or the money does not \
                                            suffice (`insufficient_balance`).")),
)]
#[put("/v1/actions/{action_id}")]
pub async fn update_action(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<ActionContent>,
) -> Result<HttpResponse, Problem> {
    let content = body.into_inner();
    content.check_together()?;
    let mut conn = db.conn().await?;
    let action = transaction(&mut conn, async |conn| {
        let territory_id = actor.territory_id;
        let found = queries::actions::find(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        // The plan before the action, as in creation: the order of locks is one everywhere.
        let plan = queries::actions::hold_plan(conn, territory_id, found.plan_id, Some(id.0)).await?;
        let plan = plan.ok_or_else(Problem::not_found)?;
        let action = queries::actions::hold(conn, territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        seen.check(action.version)?;
        if !matches!(action.state, ActionState::Planned | ActionState::Running) {
            return Err(Problem::new(Code::TransitionNotAllowed)
                .explain(
                    format!("Un'azione nello stato «{}» non si modifica più.", action.state),
                    format!("An action in state '{}' can no longer be changed.", action.state),
                )
                .with_error(
                    FieldError::pointer("/state", "transition_not_allowed").value(action.state.as_str()),
                ));
        }
        content.check_against(&action)?;
        content.check_against_plan(&plan)?;
        check_references(conn, territory_id, &content).await?;
        if action.state == ActionState::Running {
            super::start_action::check_ready(action.kind, content.project_ids.len())?;
        }
        queries::actions::update(conn, territory_id, action.id, &content).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(action.version))).json(action))
}
