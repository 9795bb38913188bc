use super::{Questionnaire, QuestionnaireContent, StoredQuestionnaire};
use crate::queries;
use crate::rules::states::{QUESTIONNAIRE, QuestionnaireState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use diesel_async::AsyncPgConnection;

/// Create a questionnaire
///
/// Makes a draft of the agency or of an alliance's lead.
#[utoipa::path(
    tag = "actions",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = QuestionnaireContent,
    responses((status = 201, description = "The draft.", body = Questionnaire,
        headers(("Location" = String, description = "Address of the questionnaire."),
                ("ETag" = String, description = "Version of the questionnaire.")))),
)]
#[post("/v1/questionnaires")]
pub async fn create_questionnaire(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    key: IdempotencyKey,
    body: Json<QuestionnaireContent>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_questionnaire", body.hash());
    body.check_together()?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let made = create(conn, &actor, &body).await?;
        let (id, version) = (made.id, made.version);
        let shown = made.for_author(&vault);
        Ok(Reply::created(format!("/v1/questionnaires/{id}"), &shown)?.etag(etag_of(version)))
    })
    .await
}

/// Makes a draft, as the agency or a lead.
pub async fn create(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    body: &QuestionnaireContent,
) -> Result<StoredQuestionnaire, Problem> {
    body.check_together()?;
    let role = body.check_references(conn, actor).await?;
    let made = queries::questionnaires::insert(conn, actor.territory_id, actor.id, body).await?;
    let id = made.id;
    let (agent, moved) = (Agent::of(actor, role), (None, QuestionnaireState::Draft.as_str()));
    record(conn, actor.territory_id, (QUESTIONNAIRE.aggregate, id), moved, agent, None).await?;
    Ok(made)
}
