use super::notices::{self, NewNotice, Notice};
use crate::Audience;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Db, Problem};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A notice to publish.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Manifestazione di interesse", "body": "È aperto il bando per i progetti delle alleanze locali.",
    "audience": "members", "document_ids": []
}))]
pub struct CreateNotice {
    /// Title.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub title: String,
    /// Text, of one or more lines.
    #[schema(
        min_length = 1,
        max_length = 10000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 10000), custom(function = "checks::text"))]
    pub body: String,
    /// For whom it is.
    pub audience: Audience,
    /// Documents that go with it; those of a notice for members are for members too.
    #[serde(default)]
    #[schema(value_type = std::collections::HashSet<Uuid>, min_items = 0, max_items = 20)]
    #[validate(length(max = 20), custom(function = "distinct_documents"))]
    pub document_ids: Vec<Uuid>,
}

fn distinct_documents(ids: &[Uuid]) -> Result<(), validator::ValidationError> {
    checks::distinct(ids)
}

/// Publish a notice
///
/// Tells the network's members, or the committee alone, something. A notice stays as it was published.
#[utoipa::path(
    tag = "network",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CreateNotice,
    responses((status = 201, description = "The notice.", body = Notice)),
)]
#[post("/v1/notices")]
pub async fn create_notice(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<CreateNotice>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_notice", body.hash());
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let CreateNotice { title, body, audience, document_ids } = &*body;
        let (title, body) = (title.trim(), body.trim());
        let notice = NewNotice { title, body, audience: *audience, document_ids };
        let notice = notices::insert(conn, (actor.territory_id, actor.id), notice).await?;
        let told = json!({"audience": notice.audience});
        publish(conn, actor.territory_id, "notice.published", notice.id, told).await?;
        Reply::json(StatusCode::CREATED, &notice)
    })
    .await
}
