use crate::queries;
use crate::stores::{Store, StoreInput};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::{Actor, Db, Problem, Role};
use uuid::Uuid;

/// Change a store
///
/// Replaces the slug, the texts and the terms of a store. New terms hold for orders placed from then on. The project
/// is fixed.
#[utoipa::path(
    tag = "catalogue",
    params(
        ("store_id" = Uuid, Path, description = "The store."),
        ("If-Match" = String, Header, description = "Version that the change is based on.", min_length = 1, max_length = 255),
    ),
    request_body(content = StoreInput, example = json!({
        "project_id": "01980000-0000-7000-8000-000000000010", "slug": "periltuotempo",
        "name_it": "Per il tuo tempo", "name_en": "For your time",
        "description_it": "Servizi per le famiglie di chi lavora.", "description_en": "Services for working families.",
        "answer_days": 5, "silent_acceptance_days": 14, "free_cancellation_hours": 24})),
    responses(
        (status = 200, description = "The store as changed.", body = Store,
         headers(("ETag" = String, description = "Version of the store."))),
        (status = 409, description = "The slug is taken."),
        (status = 412, description = "The store has changed since."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[put("/v1/stores/{store_id}")]
pub async fn update_store(
    actor: Actor,
    db: Data<Db>,
    store_id: Path<Uuid>,
    version: IfMatch,
    body: Json<StoreInput>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let store = transaction(&mut conn, async |conn| {
        let present = queries::stores::lock(conn, actor.territory_id, store_id.into_inner()).await?;
        actor.require(Role::AllianceLead, present.lead_organisation_id)?;
        version.check(present.version)?;
        if body.project_id != present.project_id {
            return Err(Problem::invalid("/project_id", "immutable"));
        }
        Ok(queries::stores::update(conn, present.id, &body).await?)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(store.version))).json(store))
}
