//! A grant as its readers see it.

use super::hold::find_grant;
use crate::budget::{ExecutiveBudget, current_budget};
use crate::rules::cost_item::CostItem;
use crate::schema::grant_cost_items;
use crate::tranches::{GrantTranche, tranches_of};
use chrono::{DateTime, Utc};
use concilia_kernel::{Money, Problem, Ratio};
use concilia_planning::ProjectState;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The grant of a project: what was assigned, and what has become of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProjectGrant {
    /// The project.
    pub project_id: Uuid,
    /// Its number, unique in the territory.
    #[schema(min_length = 1, max_length = 40, example = "2.5")]
    pub reference: String,
    /// What it is called.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
    /// State of the project.
    pub state: ProjectState,
    /// The organisation that answers for it, and is paid.
    pub lead_organisation_id: Uuid,
    /// EUR assigned by the allocation.
    pub assigned: Money,
    /// EUR of the payments that were not cancelled.
    pub ordered: Money,
    /// EUR paid to the lead.
    pub paid: Money,
    /// EUR that may still be ordered: of what was assigned, or of what the settlement admitted.
    pub left: Money,
    /// EUR that the alliance is due in the end, from the settlement or the revocation; null before.
    #[schema(required)]
    pub admissible: Option<Money>,
    /// EUR that the lead has given back.
    pub recovered: Money,
    /// EUR that the lead still has to give back.
    pub to_give_back: Money,
    /// Code of the public investment project; null until set.
    #[schema(required, min_length = 15, max_length = 15, pattern = "^[A-Z][0-9A-Z]{2}[A-Z][0-9]{11}$")]
    pub cup: Option<String>,
    /// Least share of what is spent that co-financing must reach; the amount it makes is cut to the cent.
    pub cofinancing_minimum: Ratio,
    /// Greatest share of the total that coordination may take.
    pub coordination_limit: Ratio,
    /// Share of a cost item that may be shifted to others without approval.
    pub shift_threshold: Ratio,
    /// When the lead accepted.
    pub accepted_at: DateTime<Utc>,
    /// When both parties had signed the agreement; null before.
    #[schema(required)]
    pub signed_at: Option<DateTime<Utc>>,
    /// When the grant was taken back; null unless it was.
    #[schema(required)]
    pub revoked_at: Option<DateTime<Utc>>,
    /// The budget in force; null until the executive one is recorded.
    #[schema(required)]
    pub budget: Option<ExecutiveBudget>,
    /// What each cost item has and has used; empty until the executive budget is recorded.
    #[schema(min_items = 0, max_items = 6)]
    pub items: Vec<GrantCostItem>,
    /// When the grant is paid; empty until scheduled.
    #[schema(min_items = 0, max_items = 20)]
    pub tranches: Vec<GrantTranche>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// A cost item of the budget in force. Coordination is told apart from the rest of staff, so that items add up.
#[derive(Debug, Clone, Copy, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = grant_cost_items)]
pub struct GrantCostItem {
    /// The cost item.
    pub item: CostItem,
    /// EUR it has.
    pub budget: Money,
    /// EUR of it used by validated expense reports; never above `budget`.
    pub validated: Money,
}

/// The grant of a project with its budget and its tranches, in a fixed number of statements.
pub(crate) async fn load_view<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
) -> Result<ProjectGrant, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let held = find_grant(conn, territory_id, project_id).await?;
    let budget = current_budget(conn, territory_id, project_id).await?;
    let items = cost_items(conn, territory_id, project_id).await?;
    let tranches = tranches_of(conn, territory_id, project_id).await?;
    let (left, to_give_back) = (held.grant.left(), held.grant.to_give_back());
    let (grant, project) = (held.grant, held.project);
    Ok(ProjectGrant {
        project_id,
        reference: project.reference,
        title: project.title,
        state: project.state,
        lead_organisation_id: project.lead_organisation_id,
        assigned: grant.assigned,
        ordered: grant.ordered,
        paid: grant.paid,
        left,
        admissible: grant.admissible,
        recovered: grant.recovered,
        to_give_back,
        cup: grant.cup,
        cofinancing_minimum: grant.cofinancing_minimum,
        coordination_limit: grant.coordination_limit,
        shift_threshold: grant.shift_threshold,
        accepted_at: grant.accepted_at,
        signed_at: grant.signed_at,
        revoked_at: grant.revoked_at,
        budget,
        items,
        tranches: tranches.into_iter().map(GrantTranche::from).collect(),
        version: grant.version,
    })
}

/// What each cost item has and has used, in the order of the budget.
pub(crate) async fn cost_items<C>(
    conn: &mut C,
    territory_id: Uuid,
    project_id: Uuid,
) -> QueryResult<Vec<GrantCostItem>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let mut items: Vec<GrantCostItem> = grant_cost_items::table
        .filter(grant_cost_items::territory_id.eq(territory_id))
        .filter(grant_cost_items::project_id.eq(project_id))
        .select(GrantCostItem::as_select())
        .load(conn)
        .await?;
    items.sort_by_key(|item| item.item);
    Ok(items)
}
