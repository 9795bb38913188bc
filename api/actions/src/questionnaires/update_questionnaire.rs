use super::{Questionnaire, QuestionnaireContent, hold_for_author};
use crate::queries;
use crate::rules::states::QuestionnaireState;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem};
use uuid::Uuid;

/// Change a questionnaire
///
/// Rewrites the whole of a draft. Once open it is frozen: all are asked the same.
#[utoipa::path(
    tag = "actions",
    params(("questionnaire_id" = Uuid, Path, description = "The questionnaire."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = QuestionnaireContent,
    responses((status = 200, description = "The changed draft.", body = Questionnaire,
                headers(("ETag" = String, description = "Version of the questionnaire."))),
              (status = 409, description = "It is no longer a draft: `transition_not_allowed`.")),
)]
#[put("/v1/questionnaires/{questionnaire_id}")]
pub async fn update_questionnaire(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<QuestionnaireContent>,
) -> Result<HttpResponse, Problem> {
    body.check_together()?;
    let mut conn = db.conn().await?;
    let changed = transaction(&mut conn, async |conn| {
        let (found, _) = hold_for_author(conn, &actor, id.0).await?;
        seen.check(found.version)?;
        if found.state != QuestionnaireState::Draft {
            return Err(Problem::new(Code::TransitionNotAllowed)
                .explain(
                    format!("Un questionario nello stato «{}» non si modifica più.", found.state),
                    format!("A questionnaire in state '{}' can no longer be changed.", found.state),
                )
                .with_error(FieldError::pointer("/state", "transition_not_allowed").value(found.state.as_str())));
        }
        body.check_against(&found)?;
        body.check_references(conn, &actor).await?;
        queries::questionnaires::update(conn, actor.territory_id, found.id, &body).await
    })
    .await?;
    let tag = etag_of(changed.version);
    Ok(HttpResponse::Ok().insert_header(("ETag", tag)).json(changed.for_author(&vault)))
}
