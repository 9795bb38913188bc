use super::writes::next_number;
use super::{NewProjectCall, ProjectCall, ProjectCallContent, ProjectCallState, insert_project_call};
use crate::plans;
use crate::settings::lead_kinds_of;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Db, Problem, Role, new_id};

/// Create a project call
///
/// Makes a draft call, seen by the agency only. It is changed with `update_project_call` until it is opened.
#[utoipa::path(
    tag = "planning",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = ProjectCallContent,
    responses((status = 201, description = "The draft.", body = ProjectCall,
                headers(("Location" = String, description = "Address of the call."),
                        ("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "Another call has that number: `already_exists`.")),
)]
#[post("/v1/project-calls")]
pub async fn create_project_call(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<ProjectCallContent>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_project_call", body.hash());
    let mut content = body.into_inner();
    content.cut_instants();
    content.check_together()?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        plans::check_budget(conn, actor.territory_id, &content).await?;
        let lead_kinds = match content.lead_kinds {
            Some(kinds) => kinds,
            None => lead_kinds_of(conn, actor.territory_id).await?,
        };
        let number = match content.number {
            Some(number) => number,
            None => next_number(conn, actor.territory_id).await?,
        };
        let new = NewProjectCall {
            id: new_id(),
            territory_id: actor.territory_id,
            plan_id: content.plan_id,
            number,
            title: &content.title,
            state: ProjectCallState::Draft,
            address_document: &content.address_document,
            budget: content.budget,
            opens_at: content.opens_at,
            closes_at: content.closes_at,
            intervention_types: &content.intervention_types,
            lead_kinds,
            coordination_limit: content.coordination_limit,
            cofinancing_minimum: content.cofinancing_minimum,
            shift_threshold: content.shift_threshold,
            maximum_grant: content.maximum_grant,
            minimum_score: content.minimum_score,
            criteria: &content.criteria,
            agent: Agent::of(&actor, Role::Ats),
        };
        let call = insert_project_call(conn, &new).await?;
        Ok(Reply::created(format!("/v1/project-calls/{}", call.id), &call)?.etag(etag_of(call.version)))
    })
    .await
}
