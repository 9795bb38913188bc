//! What a shift is judged by, and the budget that it makes.

use crate::budget::{BudgetReason, ExecutiveBudget, NewBudget, base_of, current_budget, insert_budget};
use crate::grant::{HeldGrant, cost_items};
use crate::rules::cost_item::{CostItem, PerItem};
use crate::rules::executive::Executive;
use crate::rules::shifts::{Ground, Refusal, Shift, apply};
use crate::rules::states::BudgetShiftState;
use crate::schema::budget_shifts;
use crate::spending::vouchers_promised;
use crate::stance::Author;
use concilia_kernel::db::cached;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Money, Problem};
use concilia_planning::CostItems;
use diesel::dsl::sum;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Numeric, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The ground on which a shift is judged, and the budget in force. The transaction holds the grant.
pub(super) async fn ground(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { grant, project }: &HeldGrant,
    from: CostItem,
) -> Result<(Ground, ExecutiveBudget), Problem> {
    let budget = current_budget(conn, territory_id, project.id).await?.ok_or_else(Problem::not_found)?;
    let (base, approved) = base_of(conn, territory_id, project.id).await?.ok_or_else(Problem::not_found)?;
    let freely_given: Option<Money> = budget_shifts::table
        .filter(budget_shifts::territory_id.eq(territory_id))
        .filter(budget_shifts::project_id.eq(project.id))
        .filter(budget_shifts::state.eq(BudgetShiftState::Free))
        .filter(budget_shifts::from_item.eq(from))
        .filter(budget_shifts::budget_number.gt(base))
        .select(sum(budget_shifts::amount))
        .get_result(conn)
        .await?;
    let mut used = PerItem::default();
    for item in cost_items(conn, territory_id, project.id).await? {
        used[item.item] = item.validated;
    }
    for claim in claims(conn, territory_id, project.id).await? {
        used[claim.item] += claim.claimed;
    }
    let promised = vouchers_promised(conn, territory_id, project.id).await?;
    used[CostItem::Vouchers] = used[CostItem::Vouchers].max(promised);
    let ground = Ground {
        current: PerItem::from(CostItems::from(budget.costs)),
        used,
        approved: PerItem::from(approved)[from],
        freely_given: freely_given.unwrap_or_default(),
        threshold: grant.shift_threshold,
        coordination_limit: grant.coordination_limit,
    };
    Ok((ground, budget))
}

#[derive(QueryableByName)]
struct Claim {
    #[diesel(sql_type = diesel::sql_types::Text)]
    item: CostItem,
    #[diesel(sql_type = Numeric)]
    claimed: Money,
}

/// What submitted reports that are not validated yet claim of each item: accepted, or not decided.
async fn claims(conn: &mut AsyncPgConnection, territory_id: Uuid, project_id: Uuid) -> QueryResult<Vec<Claim>> {
    cached(
        sql_query(
            "SELECT item, cost_item_claimed(project_id, item) AS claimed FROM grant_cost_items \
             WHERE territory_id = $1 AND project_id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(project_id),
    )
    .load(conn)
    .await
}

/// A shift that cannot be made, as the caller is told.
pub(super) fn refusal(refusal: Refusal) -> Problem {
    let (pointer, code, text) = match refusal {
        Refusal::SameItem => {
            ("/to_item", "duplicate", Text::new("la voce cede a sé stessa", "the item gives to itself"))
        }
        Refusal::NotLeft(left) => (
            "/amount",
            "range",
            Text::new(
                format!(
                    "la voce può cedere al massimo {left}, quanto non è già speso, chiesto in un rendiconto o \
                     destinato ad avvisi voucher"
                ),
                format!(
                    "the item can give {left} at most, what is neither spent already nor claimed in a report, nor \
                     handed out by voucher calls"
                ),
            ),
        ),
        Refusal::CoordinationLimit(limit) => (
            "/amount",
            "coordination_limit",
            Text::new(
                format!("il coordinamento non può superare {limit}"),
                format!("coordination may not exceed {limit}"),
            ),
        ),
    };
    Problem::new(Code::ValidationFailed).with_error(FieldError::pointer(pointer, code).explain(&text))
}

/// Puts in force the budget that a shift makes, and answers its number.
pub(super) async fn put_in_force(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    (budget, shift): (&ExecutiveBudget, Shift),
    reason: BudgetReason,
    author: Author,
) -> Result<i32, Problem> {
    let costs: CostItems = apply(PerItem::from(CostItems::from(budget.costs)), shift).into();
    let monetary: Money = budget.partners.iter().map(|part| part.monetary).sum();
    // Item D that shrinks is first borne less by the partners, then by the grant.
    let vouchers_from_grant = budget.vouchers_from_grant.min(costs.vouchers);
    if costs.vouchers - vouchers_from_grant > monetary {
        let text = Text::new(
            format!(
                "la voce D oltre il contributo supererebbe il cofinanziamento monetario, {monetary}: serve una variazione"
            ),
            format!(
                "item D beyond the grant would exceed the monetary co-financing, {monetary}: a variation is needed"
            ),
        );
        let error = FieldError::pointer("/amount", "range").explain(&text);
        return Err(Problem::new(Code::ValidationFailed).with_error(error));
    }
    let number = budget.number + 1;
    let new = NewBudget {
        territory_id,
        project_id,
        number,
        reason,
        budget: Executive {
            costs,
            grant: budget.assigned,
            cofinancing: budget.cofinancing,
            monetary,
            vouchers_from_grant,
        },
        partners: &budget.partners,
        note: None,
        recorded_by: author.id,
    };
    insert_budget(conn, &new).await?;
    Ok(number)
}
