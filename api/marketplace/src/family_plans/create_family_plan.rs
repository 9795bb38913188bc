use super::queries::{insert_plan, show_draft, write_items};
use super::{FamilyPlan, FamilyPlanInput};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_eligibility::find_worker_id;
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem, new_id};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

/// Write a family plan
///
/// A draft of services for the children and dependants of the household, with a preview of its cost: what vouchers
/// cover, walking the items in order against what each voucher has available, and what the family adds. `warnings` name
/// the rules that would refuse an item if the plan were submitted now. Nothing is held yet.
#[utoipa::path(
    tag = "marketplace",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body(content = FamilyPlanInput, example = json!({
        "store_id": "01980000-0000-7000-8000-000000000030",
        "items": [{"service_id": "01980000-0000-7000-8000-000000000040",
                   "service_session_id": "01980000-0000-7000-8000-000000000050",
                   "household_member_id": "01980000-0000-7000-8000-000000000060",
                   "voucher_id": "01980000-0000-7000-8000-000000000070", "quantity": 10, "note": null}]})),
    responses((status = 201, description = "The draft, with its preview.", body = FamilyPlan,
        headers(("Location" = String, description = "Address of the plan."),
                ("ETag" = String, description = "Version of the plan.")))),
)]
#[post("/v1/family-plans")]
pub async fn create_family_plan(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    key: IdempotencyKey,
    body: Json<FamilyPlanInput>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_family_plan", body.hash()).sealed(&vault);
    let territory_id = actor.territory_id;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let worker_id = find_worker_id(conn, territory_id, actor.id).await?;
        let id = write_draft(conn, &vault, territory_id, worker_id, &body).await?;
        let plan = show_draft(conn, &vault, territory_id, worker_id, id).await?;
        Ok(Reply::created(format!("/v1/family-plans/{id}"), &plan)?.etag(etag_of(plan.version)))
    })
    .await
}

/// Writes a draft of the worker and returns its id.
pub(super) async fn write_draft(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    worker_id: Uuid,
    input: &FamilyPlanInput,
) -> Result<Uuid, Problem> {
    let items = input.check(conn, vault, territory_id, worker_id).await?;
    let id = new_id();
    insert_plan(conn, territory_id, worker_id, input.store_id, id).await?;
    write_items(conn, id, &items).await?;
    Ok(id)
}
