use super::{CompanyPath, CompanyPathStep};
use crate::queries;
use crate::rules::states::{ActionState, COMPANY_PATH, CompanyPathState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, Problem, Role, checks};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A path to offer.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Verso il lavoro agile", "description": "Quattro passi per le piccole imprese.",
    "steps": [{"kind": "assessment", "title": "Analisi dei bisogni"}, {"kind": "training", "title": "Formazione"},
              {"kind": "regulation_support", "title": "Regolamento aziendale"}, {"kind": "survey", "title": "Verifica"}]
}))]
pub struct NewCompanyPath {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub title: String,
    /// What it is about, for whom.
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 4000), custom(function = "checks::text"))]
    pub description: String,
    /// Its steps, in order; they cannot change later, as companies join on these terms.
    #[schema(min_items = 1, max_items = 20)]
    #[validate(length(min = 1, max = 20), nested)]
    pub steps: Vec<CompanyPathStep>,
}

/// Offer a company path
///
/// The steps that companies take one after the other, as a part of an action that is planned or running.
#[utoipa::path(
    tag = "actions",
    params(("action_id" = Uuid, Path, description = "The action."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = NewCompanyPath,
    responses((status = 201, description = "The path, open.", body = CompanyPath,
                headers(("Location" = String, description = "Address of the path."))),
              (status = 409, description = "The action is over: `conflict`.")),
)]
#[post("/v1/actions/{action_id}/company-paths")]
pub async fn create_company_path(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<NewCompanyPath>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_company_path", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let path = offer(conn, &actor, id.0, &body).await?;
        Reply::created(format!("/v1/company-paths/{}", path.id), &path)
    })
    .await
}

/// Offers a path, as an officer of the agency.
pub async fn offer(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    action_id: Uuid,
    body: &NewCompanyPath,
) -> Result<CompanyPath, Problem> {
    let territory_id = actor.territory_id;
    let action = queries::actions::hold(conn, territory_id, action_id).await?.ok_or_else(Problem::not_found)?;
    if !matches!(action.state, ActionState::Planned | ActionState::Running) {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Un'azione nello stato «{}» non offre percorsi.", action.state),
            format!("An action in state '{}' offers no paths.", action.state),
        ));
    }
    let path = queries::company_paths::insert(conn, territory_id, action.id, body, actor.id).await?;
    let made = (None, CompanyPathState::Open.as_str());
    let agent = Agent::of(actor, Role::Ats);
    record(conn, territory_id, (COMPANY_PATH.aggregate, path.id), made, agent, None).await?;
    Ok(path)
}
