use super::counts::Composition;
use super::half::Half;
use super::queries::{frozen_composition, live_composition};
use crate::territories::territory_of_request;
use actix_web::get;
use actix_web::web::{self, Data};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::Query;
use concilia_kernel::{Db, Problem};
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

/// Which composition.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GetNetworkCompositionQuery {
    /// Code of the territory; unless told, the caller's own or, without a login, the installation's first.
    #[validate(length(min = 2, max = 40))]
    #[param(min_length = 2, max_length = 40, pattern = "^[A-Z0-9-]+$", example = "ATS-VALPADANA")]
    pub territory: Option<String>,
    /// The half-year as frozen; the present composition unless told.
    #[param(value_type = Option<String>, min_length = 7, max_length = 7, pattern = r"^20\d{2}-H[12]$", example = "2026-H1")]
    pub half: Option<Half>,
}

/// Read the composition of a network
///
/// Members in all, of each of the seven kinds, companies by size, and how many of each are in alliances: now, or as
/// frozen for a half-year. Open to all. An organisation is in an alliance while it is a partner (and has not left) of a
/// project that was submitted and has not fallen: not a draft, and neither inadmissible, not funded, declined, merged
/// into another nor revoked.
#[utoipa::path(
    tag = "network",
    params(GetNetworkCompositionQuery),
    responses((status = 200, description = "The composition.", body = Composition),
              (status = 404, description = "There is no such territory, or the half-year was not frozen.")),
)]
#[get("/v1/network-composition")]
pub async fn get_network_composition(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    query: Query<GetNetworkCompositionQuery>,
) -> Result<web::Json<Composition>, Problem> {
    let reader = db.reader().await?;
    let territory = territory_of_request(&mut &**reader, query.territory.as_deref(), actor.as_ref()).await?;
    let found = match query.half {
        Some(half) => frozen_composition(&mut &**reader, &territory, half).await?,
        None => Some(live_composition(&mut &**reader, &territory).await?),
    };
    found.map(web::Json).ok_or_else(Problem::not_found)
}
