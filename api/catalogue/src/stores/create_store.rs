use crate::queries;
use crate::stores::{Store, StoreInput};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{self, Reply, RequestIdentity};
use concilia_kernel::{Actor, Db, FieldError, Problem, Role};
use concilia_planning::find_project;

/// Open a store
///
/// Opens a store of a funded project on the shared portal. Only officers of the project's lead may; a project that is
/// not theirs answers 404.
#[utoipa::path(
    tag = "catalogue",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body(content = StoreInput, example = json!({
        "project_id": "01980000-0000-7000-8000-000000000010", "slug": "periltuotempo",
        "name_it": "Per il tuo tempo", "name_en": "For your time",
        "description_it": "Servizi per le famiglie di chi lavora.", "description_en": "Services for working families.",
        "answer_days": 7, "silent_acceptance_days": 14, "free_cancellation_hours": 48})),
    responses(
        (status = 201, description = "The store.", body = Store,
         headers(("Location" = String, description = "Address of the store."),
                 ("ETag" = String, description = "Version of the store."))),
        (status = 404, description = "There is no such project."),
        (status = 409, description = "The slug is taken (`already_exists`), or the project is not under way (`conflict`)."),
    ),
)]
#[post("/v1/stores")]
pub async fn create_store(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<StoreInput>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_store", body.hash());
    let mut conn = db.conn().await?;
    idempotency::once(&mut conn, &actor, request, async |conn| {
        let unknown = || Problem::not_found().with_error(FieldError::pointer("/project_id", "not_found"));
        let project = find_project(conn, actor.territory_id, body.project_id).await?.ok_or_else(unknown)?;
        actor.require(Role::AllianceLead, project.lead_organisation_id).map_err(|_| unknown())?;
        project.require_running()?;
        let store = queries::stores::insert(conn, actor.territory_id, project.lead_organisation_id, &body).await?;
        Ok(Reply::created(format!("/v1/stores/{}", store.id), &store)?.etag(etag_of(store.version)))
    })
    .await
}
