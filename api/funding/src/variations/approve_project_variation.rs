use super::variation::{ProjectVariation, announce, find};
use crate::budget::{
    BudgetReason, CofinancingPart, ExecutiveBudgetInput, NewBudget, checked, current_budget, insert_budget,
};
use crate::grant::{HeldGrant, cost_items, hold_grant, touch};
use crate::input::Act;
use crate::rules::cost_item::{CostItem, PerItem};
use crate::rules::states::{ProjectVariationState, VARIATION};
use crate::schema::project_variations;
use crate::spending::vouchers_promised;
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, now};
use concilia_planning::{
    CostItems, ProjectState, extend_project, move_project, partner_organisations, require_plan_years,
};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Approve a variation of a project
///
/// By an officer of the agency other than the one who asked for it, with the act. The budget that was asked for and the
/// later end, checked again, are in force at once; the project is `running` again. No cost item falls below what
/// validated reports have used, nor item D below what voucher calls hand out (409 `cost_item_exceeded`).
#[utoipa::path(
    tag = "funding",
    params(("project_variation_id" = Uuid, Path, description = "The request."),
           ("If-Match" = Option<String>, Header, description = "Version that is approved.", max_length = 255),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Act,
    responses((status = 200, description = "The variation, in force.", body = ProjectVariation,
                headers(("ETag" = String, description = "Version of the request."))),
              (status = 409, description = "The caller asked for it (`approver_is_author`), it was decided \
                                            (`transition_not_allowed`), or a cost item has used more than it would have \
                                            (`cost_item_exceeded`).")),
)]
#[post("/v1/project-variations/{project_variation_id}/approve")]
pub async fn approve_project_variation(
    actor: Actor,
    db: Data<Db>,
    project_variation_id: Path<Uuid>,
    seen: Option<IfMatch>,
    key: IdempotencyKey,
    body: Json<Act>,
) -> Result<HttpResponse, Problem> {
    let request =
        RequestIdentity::new(key, "approve_project_variation", body.hash()).with_path(*project_variation_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = find(conn, actor.territory_id, *project_variation_id).await?;
        let held = hold_grant(conn, actor.territory_id, found.project_id).await?;
        let variation = find(conn, actor.territory_id, *project_variation_id).await?;
        if let Some(seen) = seen {
            seen.check(variation.version)?;
        }
        let variation = approve(conn, actor.territory_id, &held, &variation, &body, agency(&actor)).await?;
        Ok(Reply::ok(&variation)?.etag(etag_of(variation.version)))
    })
    .await
}

/// Approves a variation of a project whose grant the transaction holds.
pub(crate) async fn approve(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    held: &HeldGrant,
    variation: &ProjectVariation,
    act: &Act,
    author: Author,
) -> Result<ProjectVariation, Problem> {
    VARIATION.check(variation.state, ProjectVariationState::Approved)?;
    if variation.requested_by == author.id {
        return Err(Problem::new(Code::ApproverIsAuthor));
    }
    let project_id = held.project.id;
    let budget_number = match variation.budget()? {
        Some(budget) => Some(put_in_force(conn, territory_id, held, &budget, author).await?),
        None => None,
    };
    if let Some(ends_on) = variation.ends_on {
        require_plan_years(conn, &held.project, ends_on, "/ends_on").await?;
        extend_project(conn, territory_id, project_id, ends_on).await?;
    }
    touch(conn, &held.grant).await?;
    let change = (
        project_variations::state.eq(ProjectVariationState::Approved),
        project_variations::budget_number.eq(budget_number),
        project_variations::act.eq(&act.act),
        project_variations::act_date.eq(act.act_date),
        project_variations::decided_by.eq(author.id),
        project_variations::decided_at.eq(now()),
        project_variations::version.eq(project_variations::version + 1),
    );
    let approved: ProjectVariation = cached(
        diesel::update(project_variations::table.find(variation.id))
            .set(change)
            .returning(ProjectVariation::as_returning()),
    )
    .get_result(conn)
    .await?;
    announce(conn, territory_id, &approved, Some(variation.state), author, None).await?;
    let moved = (ProjectState::Variation, ProjectState::Running);
    move_project(conn, territory_id, project_id, moved, author.agent(), Some(&act.act)).await?;
    Ok(approved)
}

async fn put_in_force(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { grant, project }: &HeldGrant,
    input: &ExecutiveBudgetInput,
    author: Author,
) -> Result<i32, Problem> {
    let partners = partner_organisations(conn, territory_id, &[project.id]).await?;
    let budget = checked(input, grant, &partners, "/proposal")?;
    let costs = PerItem::from(CostItems::from(input.costs));
    let items = cost_items(conn, territory_id, project.id).await?;
    let mut errors: Vec<FieldError> = items
        .iter()
        .filter(|item| costs[item.item] < item.validated)
        .map(|item| {
            let text = Text::new(
                format!("la voce ha già {} di spese validate", item.validated),
                format!("the item has {} of validated expenses already", item.validated),
            );
            FieldError::pointer(format!("/proposal/costs/{}", item.item), "cost_item_exceeded").explain(&text)
        })
        .collect();
    let promised = vouchers_promised(conn, territory_id, project.id).await?;
    if costs[CostItem::Vouchers] < promised {
        let text = Text::new(
            format!("gli avvisi voucher del progetto mettono a disposizione {promised}"),
            format!("the voucher calls of the project hand out {promised}"),
        );
        errors.push(FieldError::pointer("/proposal/costs/vouchers", "cost_item_exceeded").explain(&text));
    }
    if !errors.is_empty() {
        return Err(Problem::new(Code::CostItemExceeded).with_errors(errors));
    }
    let before = current_budget(conn, territory_id, project.id).await?;
    let number = before.map_or(1, |before| before.number + 1);
    let parts: Vec<CofinancingPart> = input.cofinancing.iter().map(CofinancingPart::from).collect();
    let new = NewBudget {
        territory_id,
        project_id: project.id,
        number,
        reason: BudgetReason::Variation,
        budget,
        partners: &parts,
        note: input.note.as_deref(),
        recorded_by: author.id,
    };
    insert_budget(conn, &new).await?;
    Ok(number)
}
