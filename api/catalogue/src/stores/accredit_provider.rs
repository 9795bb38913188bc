use crate::queries;
use crate::rules::ACCREDITATION;
use crate::stores::StoreProvider;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role};
use concilia_network::is_admitted_member;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// The organisation to accredit.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccreditProvider {
    /// An admitted member of the territory's network.
    pub organisation_id: Uuid,
}

/// Accredit a provider
///
/// Lets an admitted member of the network sell services in a store of the caller's. An organisation that is no
/// admitted member of the territory's network answers 404.
#[utoipa::path(
    tag = "catalogue",
    params(("store_id" = Uuid, Path, description = "The store.")),
    request_body(content = AccreditProvider,
                 example = json!({"organisation_id": "01980000-0000-7000-8000-000000000020"})),
    responses(
        (status = 201, description = "The provider, accredited.", body = StoreProvider,
         headers(("Location" = String, description = "Address of the store's providers."))),
        (status = 409, description = "The organisation is accredited already."),
    ),
)]
#[post("/v1/stores/{store_id}/providers")]
pub async fn accredit_provider(
    actor: Actor,
    db: Data<Db>,
    store_id: Path<Uuid>,
    body: Json<AccreditProvider>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let store_id = store_id.into_inner();
    let (territory_id, organisation_id) = (actor.territory_id, body.organisation_id);
    let provider = transaction(&mut conn, async |conn| {
        let store = queries::stores::lock(conn, territory_id, store_id).await?;
        actor.require(Role::AllianceLead, store.lead_organisation_id)?;
        if !is_admitted_member(conn, territory_id, organisation_id).await? {
            return Err(Problem::not_found().with_error(FieldError::pointer("/organisation_id", "not_found")));
        }
        if !queries::providers::accredit(conn, territory_id, store_id, organisation_id).await? {
            return Err(Problem::new(Code::AlreadyExists));
        }
        let agent = Agent::of(&actor, Role::AllianceLead);
        record(conn, territory_id, (ACCREDITATION, organisation_id), (None, "accredited"), agent, None).await?;
        Ok(queries::providers::find(conn, store_id, organisation_id).await?)
    })
    .await?;
    let address = format!("/v1/stores/{store_id}/providers");
    Ok(HttpResponse::Created().insert_header((header::LOCATION, address)).json(provider))
}
