use super::{NewPlan, Plan, PlanContent, find_plan, insert_plan};
use crate::settings::system_actions_share_of;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Problem, new_id};

/// Create a plan
///
/// Enters the multi-year plan of the caller's territory: its address document, its resources and how they are split
/// between the projects of local alliances and the agency's own system actions, which are a share of the resources that
/// the territory's settings say: 20% unless it chose another.
#[utoipa::path(
    tag = "planning",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = PlanContent,
    responses((status = 201, description = "The plan.", body = Plan,
                headers(("Location" = String, description = "Address of the plan."),
                        ("ETag" = String, description = "Version of the plan."))),
              (status = 409, description = "The territory has a plan for these years: `already_exists`.")),
)]
#[post("/v1/plans")]
pub async fn create_plan(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<PlanContent>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_plan", body.hash());
    body.check_together()?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        body.check_share(system_actions_share_of(conn, actor.territory_id).await?)?;
        let new = NewPlan {
            id: new_id(),
            territory_id: actor.territory_id,
            title: &body.title,
            from_year: body.from_year,
            to_year: body.to_year,
            address_document: &body.address_document,
            local_alliances: body.local_alliances,
            system_actions: body.system_actions,
            expected_people: body.expected_people,
            expected_companies: body.expected_companies,
        };
        insert_plan(conn, &new).await?;
        let plan: Plan = find_plan(conn, actor.territory_id, new.id).await?.ok_or_else(Problem::not_found)?;
        Ok(Reply::created(format!("/v1/plans/{}", plan.id), &plan)?.etag(etag_of(plan.version)))
    })
    .await
}
