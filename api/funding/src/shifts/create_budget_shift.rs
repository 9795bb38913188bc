use super::effect::{ground, put_in_force, refusal};
use super::queries::{BudgetShift, announce};
use crate::budget::BudgetReason;
use crate::grant::{HeldGrant, hold_grant, touch};
use crate::rules::cost_item::CostItem;
use crate::rules::shifts::{Judgement, Shift, free_amount, judge};
use crate::rules::states::BudgetShiftState;
use crate::schema::budget_shifts;
use crate::stance::{Author, require_lead};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Db, Money, Problem, checks, new_id, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A shift that is asked for.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from_item": "services", "to_item": "goods", "amount": "1200.00",
                          "reason": "Acquisto di materiali al posto del noleggio"}))]
pub struct CreateBudgetShift {
    /// The item that gives.
    pub from_item: CostItem,
    /// The item that receives.
    pub to_item: CostItem,
    /// EUR.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13,
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub amount: Money,
    /// Why.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// Shift between cost items
///
/// By an officer of the lead, while the project is under way. The threshold is a share, set by the call, of what the
/// giving item has in the last budget that was approved (executive, variation or approved shift), cut to the cent;
/// against it counts all that the item has given since without approval. Within the threshold the shift is in force at
/// once (`free`), above it the agency approves it first (`requested`). An item never gives what validated reports, or
/// the vouchers spent, have used, nor what submitted reports claim of it; coordination keeps its limit.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CreateBudgetShift,
    responses((status = 201, description = "The shift, in force or waiting for approval.", body = BudgetShift,
                headers(("ETag" = String, description = "Version of the shift."))),
              (status = 409, description = "The project is not under way: `conflict`.")),
)]
#[post("/v1/projects/{project_id}/budget-shifts")]
pub async fn create_budget_shift(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<CreateBudgetShift>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_budget_shift", body.hash()).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        let author = require_lead(&actor, &held.project)?;
        let shift = ask(conn, actor.territory_id, &held, &body, author).await?;
        let location = format!("/v1/projects/{}/budget-shifts", held.project.id);
        Ok(Reply::created(location, &shift)?.etag(etag_of(shift.version)))
    })
    .await
}

/// Judges a shift of a grant that the transaction holds, and makes it where it is free.
pub(crate) async fn ask(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    held: &HeldGrant,
    asked: &CreateBudgetShift,
    author: Author,
) -> Result<BudgetShift, Problem> {
    held.project.require_running()?;
    let shift = Shift { from: asked.from_item, to: asked.to_item, amount: asked.amount };
    let (ground, budget) = ground(conn, territory_id, held, shift.from).await?;
    let judgement = judge(shift, &ground).map_err(refusal)?;
    let (state, budget_number) = match judgement {
        Judgement::Free => {
            let reason = BudgetReason::FreeShift;
            let number =
                put_in_force(conn, territory_id, held.project.id, (&budget, shift), reason, author).await?;
            touch(conn, &held.grant).await?;
            (BudgetShiftState::Free, Some(number))
        }
        Judgement::NeedsApproval => (BudgetShiftState::Requested, None),
    };
    let made: BudgetShift = diesel::insert_into(budget_shifts::table)
        .values((
            budget_shifts::id.eq(new_id()),
            budget_shifts::territory_id.eq(territory_id),
            budget_shifts::project_id.eq(held.project.id),
            budget_shifts::from_item.eq(shift.from),
            budget_shifts::to_item.eq(shift.to),
            budget_shifts::amount.eq(shift.amount),
            budget_shifts::reason.eq(&asked.reason),
            budget_shifts::free_amount.eq(free_amount(&ground)),
            budget_shifts::freely_given.eq(ground.freely_given),
            budget_shifts::state.eq(state),
            budget_shifts::budget_number.eq(budget_number),
            budget_shifts::requested_by.eq(author.id),
            budget_shifts::requested_at.eq(now()),
        ))
        .returning(BudgetShift::as_returning())
        .get_result(conn)
        .await?;
    announce(conn, territory_id, &made, None, author, Some(&asked.reason)).await?;
    Ok(made)
}
