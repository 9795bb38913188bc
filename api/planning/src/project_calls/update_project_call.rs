use super::writes::update_draft;
use super::{ProjectCall, ProjectCallContent, ProjectCallState, held};
use crate::plans;
use crate::settings::lead_kinds_of;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem};
use uuid::Uuid;

/// Change a draft project call
///
/// Rewrites the whole of a draft. Once open, a call is frozen: alliances propose under its terms.
#[utoipa::path(
    tag = "planning",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = ProjectCallContent,
    responses((status = 200, description = "The changed draft.", body = ProjectCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is no longer a draft (`transition_not_allowed`), or another \
                                            call has that number (`already_exists`).")),
)]
#[put("/v1/project-calls/{project_call_id}")]
pub async fn update_project_call(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<ProjectCallContent>,
) -> Result<HttpResponse, Problem> {
    let mut content = body.into_inner();
    content.cut_instants();
    content.check_together()?;
    let mut conn = db.conn().await?;
    let call = transaction(&mut conn, async |conn| {
        let call = held(conn, &actor, id.0).await?;
        seen.check(call.version)?;
        if call.state != ProjectCallState::Draft {
            return Err(Problem::new(Code::TransitionNotAllowed)
                .explain(
                    format!("Un avviso nello stato «{}» non si modifica più.", call.state),
                    format!("A call in state '{}' can no longer be changed.", call.state),
                )
                .with_error(FieldError::pointer("/state", "transition_not_allowed").value(call.state.as_str())));
        }
        plans::check_budget(conn, actor.territory_id, &content).await?;
        let lead_kinds = match content.lead_kinds {
            Some(kinds) => kinds,
            None => lead_kinds_of(conn, actor.territory_id).await?,
        };
        let number = content.number.unwrap_or(call.number);
        update_draft(conn, actor.territory_id, call.id, &content, (number, lead_kinds)).await?;
        held(conn, &actor, id.0).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(call.version))).json(call))
}
