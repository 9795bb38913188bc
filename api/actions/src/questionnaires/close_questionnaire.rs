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

/// Close a questionnaire
///
/// It takes no more answers, also for tokens that were not spent.
#[utoipa::path(
    tag = "actions",
    params(("questionnaire_id" = Uuid, Path, description = "The questionnaire."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The closed questionnaire.", body = Questionnaire,
                headers(("ETag" = String, description = "Version of the questionnaire."))),
              (status = 409, description = "It is not open: `transition_not_allowed`.")),
)]
#[post("/v1/questionnaires/{questionnaire_id}/close")]
pub async fn close_questionnaire(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "close_questionnaire", [0; 32]).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let moved = close(conn, &actor, id.0).await?;
        let tag = etag_of(moved.version);
        Ok(Reply::ok(&moved.for_author(&vault))?.etag(tag))
    })
    .await
}

/// Closes a questionnaire, as its author.
pub async fn close(conn: &mut AsyncPgConnection, actor: &Actor, id: Uuid) -> Result<StoredQuestionnaire, Problem> {
    let (found, role) = hold_for_author(conn, actor, id).await?;
    advance(conn, actor, (&found, role), QuestionnaireState::Closed).await
}
