use super::{Questionnaire, StoredQuestionnaire, advance, hold_for_author};
use crate::rules::states::QuestionnaireState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Open a questionnaire
///
/// Freezes its questions and takes answers from now on.
#[utoipa::path(
    tag = "actions",
    params(("questionnaire_id" = Uuid, Path, description = "The questionnaire."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The opened questionnaire.", body = Questionnaire,
                headers(("ETag" = String, description = "Version of the questionnaire."))),
              (status = 409, description = "It is no draft: `transition_not_allowed`.")),
)]
#[post("/v1/questionnaires/{questionnaire_id}/open")]
pub async fn open_questionnaire(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "open_questionnaire", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let moved = open(conn, &actor, id.0).await?;
        let tag = etag_of(moved.version);
        Ok(Reply::ok(&moved.for_author(&vault))?.etag(tag))
    })
    .await
}

/// Opens a questionnaire, as its author.
pub async fn open(conn: &mut AsyncPgConnection, actor: &Actor, id: Uuid) -> Result<StoredQuestionnaire, Problem> {
    let (found, role) = hold_for_author(conn, actor, id).await?;
    advance(conn, actor, (&found, role), QuestionnaireState::Open).await
}
