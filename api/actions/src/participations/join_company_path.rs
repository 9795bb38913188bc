use super::{PathParticipation, role_for};
use crate::queries;
use crate::rules::states::{ActionState, CompanyPathState, PARTICIPATION, ParticipationState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem};
use concilia_network::OrganisationKind;
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Which company joins.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"organisation_id": "0193a5d0-6001-7000-8000-000000000003"}))]
pub struct JoinCompanyPath {
    /// A company that is a member of the network; the caller is its officer, or the agency's.
    pub organisation_id: Uuid,
}

/// Join a company path
///
/// A company that is a member of the network joins an open path of a running action, once at a time.
#[utoipa::path(
    tag = "actions",
    params(("company_path_id" = Uuid, Path, description = "The path."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = JoinCompanyPath,
    responses((status = 201, description = "The company on its path.", body = PathParticipation,
                headers(("Location" = String, description = "Address of the participation."))),
              (status = 409, description = "The path takes nobody (`conflict`), or the company is on it already \
                                            (`already_exists`).")),
)]
#[post("/v1/company-paths/{company_path_id}/join")]
pub async fn join_company_path(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<JoinCompanyPath>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "join_company_path", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let joined = join(conn, &actor, id.0, body.organisation_id).await?;
        Reply::created(format!("/v1/path-participations/{}", joined.id), &joined)
    })
    .await
}

/// Puts a company on a path, as its officer or the agency's.
pub async fn join(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    path_id: Uuid,
    organisation_id: Uuid,
) -> Result<PathParticipation, Problem> {
    let unknown = || Problem::invalid("/organisation_id", "not_found");
    let role = role_for(actor, organisation_id).map_err(|_| unknown())?;
    let territory_id = actor.territory_id;
    let path = queries::company_paths::hold(conn, territory_id, path_id).await?.ok_or_else(Problem::not_found)?;
    check_company(conn, territory_id, organisation_id).await?;
    let action = queries::actions::find(conn, territory_id, path.action_id).await?;
    let running = action.is_some_and(|action| action.state == ActionState::Running);
    if path.state != CompanyPathState::Open || !running {
        return Err(Problem::new(Code::Conflict).explain(
            "Il percorso non accoglie imprese: è chiuso, o la sua azione non è in corso.",
            "The path takes no companies: it is closed, or its action is not running.",
        ));
    }
    let joined = queries::participations::insert(conn, territory_id, path.id, organisation_id, actor.id).await?;
    let (agent, made) = (Agent::of(actor, role), (None, ParticipationState::Running.as_str()));
    record(conn, territory_id, (PARTICIPATION.aggregate, joined.id), made, agent, None).await?;
    let told = json!({"company_path_id": path.id, "organisation_id": organisation_id});
    publish(conn, territory_id, "path_participation.running", joined.id, told).await?;
    Ok(joined)
}

/// Refuses what is no company, or no member of the network.
async fn check_company(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    organisation_id: Uuid,
) -> Result<(), Problem> {
    let found = concilia_network::find_organisation(connection, territory_id, organisation_id).await?;
    let found = found.ok_or_else(|| Problem::invalid("/organisation_id", "not_found"))?;
    let member = concilia_network::is_admitted_member(connection, territory_id, organisation_id).await?;
    if found.kind == OrganisationKind::Company && member {
        return Ok(());
    }
    Err(Problem::new(Code::NotEligible)
        .explain(
            "Solo le imprese aderenti alla rete seguono un percorso aziendale.",
            "Only companies that are members of the network follow a company path.",
        )
        .with_error(FieldError::pointer("/organisation_id", "not_a_member_company")))
}
