use super::request::OpinionRequest;
use super::{queries, require_member};
use crate::rules::opinion::needed;
use crate::rules::states::{OPINION, OpinionState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, Role};
use concilia_network::{admitted_among, count_admitted_members};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// For whom one signs.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"organisation_id": "0193a5d0-4444-7000-8000-000000000003"}))]
pub struct SignOpinionRequest {
    /// The member that the caller is an officer of.
    pub organisation_id: Uuid,
}

/// Sign a request for an opinion
///
/// An officer signs for a member of the network, once for each. With the signatures of a quarter of the members, rounded
/// up, it is filed; only those of present members count.
#[utoipa::path(
    tag = "governance",
    params(("opinion_request_id" = Uuid, Path, description = "The request."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = SignOpinionRequest,
    responses((status = 200, description = "The request.", body = OpinionRequest,
                headers(("ETag" = String, description = "Version of the request."))),
              (status = 409, description = "The member has signed (`already_exists`), or the request is filed \
                                            (`transition_not_allowed`).")),
)]
#[post("/v1/opinion-requests/{opinion_request_id}/sign")]
pub async fn sign_opinion_request(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<SignOpinionRequest>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "sign_opinion_request", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = queries::hold(conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        let role = require_member(conn, &actor, body.organisation_id).await?;
        OPINION.check(held.state, OpinionState::Filed)?;
        sign(conn, &actor, role, id.0, body.organisation_id).await?;
        let signed = queries::find(conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
        Ok(Reply::ok(&signed)?.etag(etag_of(signed.version)))
    })
    .await
}

/// Signs a request that the transaction holds, and files it when a quarter of the members have signed.
pub(super) async fn sign(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    role: Role,
    id: Uuid,
    organisation_id: Uuid,
) -> Result<(), Problem> {
    let territory_id = actor.territory_id;
    let signed = queries::sign(connection, (territory_id, id), organisation_id, actor.id).await?;
    let valid = admitted_among(connection, territory_id, &signed).await?.len();
    let needed = needed(count_admitted_members(connection, territory_id).await?);
    if i64::try_from(valid).unwrap_or(i64::MAX) < needed {
        return Ok(());
    }
    queries::file(connection, territory_id, id, needed).await?;
    let moved = (Some(OpinionState::Collecting.as_str()), OpinionState::Filed.as_str());
    record(connection, territory_id, (OPINION.aggregate, id), moved, Agent::of(actor, role), None).await?;
    publish(connection, territory_id, "opinion_request.filed", id, json!({"needed": needed})).await?;
    Ok(())
}
