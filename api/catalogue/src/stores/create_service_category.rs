use crate::stores::ServiceCategory;
use crate::{checks, queries};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::{Actor, Code, Db, Problem, Role};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A category to add to a store.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateServiceCategory {
    /// Stable name within the store.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "after_school")]
    #[validate(length(min = 2, max = 60), custom(function = "checks::code"))]
    pub code: String,
    /// Name in Italian.
    #[schema(min_length = 1, max_length = 120, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 120), custom(function = "checks::line"))]
    pub name_it: String,
    /// Name in English.
    #[schema(min_length = 1, max_length = 120, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 120), custom(function = "checks::line"))]
    pub name_en: String,
    /// Place among the store's categories, lowest first.
    #[schema(minimum = 0, maximum = 1000, format = Int32)]
    #[validate(range(min = 0, max = 1000))]
    pub position: i16,
}

/// Add a category
///
/// Adds a category to a store of the caller's; a store has at most 100.
#[utoipa::path(
    tag = "catalogue",
    params(("store_id" = Uuid, Path, description = "The store.")),
    request_body(content = CreateServiceCategory, example = json!({
        "code": "after_school", "name_it": "Doposcuola", "name_en": "After-school", "position": 4})),
    responses(
        (status = 201, description = "The category.", body = ServiceCategory,
         headers(("Location" = String, description = "Address of the store's categories."))),
        (status = 409, description = "The code is taken, or the store has 100 categories."),
    ),
)]
#[post("/v1/stores/{store_id}/categories")]
pub async fn create_service_category(
    actor: Actor,
    db: Data<Db>,
    store_id: Path<Uuid>,
    body: Json<CreateServiceCategory>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let store_id = store_id.into_inner();
    let category = transaction(&mut conn, async |conn| {
        let store = queries::stores::lock(conn, actor.territory_id, store_id).await?;
        actor.require(Role::AllianceLead, store.lead_organisation_id)?;
        let maximum = queries::stores::CATEGORIES_MAXIMUM;
        if queries::stores::count_categories(conn, store_id).await? >= maximum {
            return Err(Problem::new(Code::Conflict).explain(
                format!("Il negozio ha già {maximum} categorie."),
                format!("The store already has {maximum} categories."),
            ));
        }
        let words = (body.code.as_str(), body.name_it.as_str(), body.name_en.as_str(), body.position);
        Ok(queries::stores::insert_category(conn, actor.territory_id, store_id, words).await?)
    })
    .await?;
    let address = format!("/v1/stores/{store_id}/categories");
    Ok(HttpResponse::Created().insert_header((header::LOCATION, address)).json(category))
}
