use super::AllocationRow;
use super::inputs;
use crate::rules::plan::{BandSum, Plan};
use crate::rules::terms::AllocationTerms;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::{Actor, Db, Money, Problem};
use concilia_network::organisation_names;
use concilia_planning::{Points, find_project_call};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What an allocation would be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "fits": false, "over_by": "6881.60", "waiting": 0, "minimum_score": null, "budget": "171718.40",
    "requested_grant": "238000.00", "admissible_amount": "238000.00", "base_amount": "178600.00",
    "assigned_grant": "178600.00", "residue": "0.00", "funded": 7, "bands": [], "rows": []
}))]
pub struct AllocationSimulation {
    /// Whether it stays within the budget.
    pub fits: bool,
    /// EUR by which it exceeds the budget; 0.00 when it fits. Then no residue is placed.
    pub over_by: Money,
    /// Projects of the call that may still get a score, and are not counted: it is allocated once there are none.
    #[schema(format = Int32, minimum = 0)]
    pub waiting: i32,
    /// Least score with which a project is funded; null for none.
    #[schema(required)]
    pub minimum_score: Option<Points>,
    /// EUR to share out.
    pub budget: Money,
    /// EUR requested by all its projects.
    pub requested_grant: Money,
    /// EUR admissible of all its projects.
    pub admissible_amount: Money,
    /// EUR that the method gives, before the residue is placed.
    pub base_amount: Money,
    /// EUR assigned.
    pub assigned_grant: Money,
    /// EUR that stay unassigned.
    pub residue: Money,
    /// Projects that get something.
    #[schema(format = Int32, minimum = 0)]
    pub funded: i32,
    /// Sums by band, from the highest scores; none in methods without bands.
    #[schema(min_items = 0, max_items = 12)]
    pub bands: Vec<BandSum>,
    /// The projects, from the best score.
    #[schema(min_items = 0, max_items = 100_000)]
    pub rows: Vec<AllocationRow>,
}

/// Simulate an allocation
///
/// Computes an allocation of the call's projects as they are scored so far, and stores nothing. Takes what
/// `create_allocation` takes, and also says by how much percentages exceed the budget. After the award it tells what other
/// terms would have given, to the projects whose grants were accepted as well.
#[utoipa::path(
    tag = "allocation",
    params(("project_call_id" = Uuid, Path, description = "The call.")),
    request_body(content = AllocationTerms, example = json!({
        "method": "bands", "residue": "last_band", "tie_breaks": [],
        "bands": [{"minimum_score": "55.00", "percentage": "0.90"}, {"minimum_score": "40.00", "percentage": "0.70"},
                  {"minimum_score": "0.00", "percentage": "0.50"}]
    })),
    responses((status = 200, description = "What it would be.", body = AllocationSimulation),
              (status = 409, description = "The call is not being evaluated: `conflict`.")),
)]
#[post("/v1/project-calls/{project_call_id}/allocations/simulate")]
pub async fn simulate_allocation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    body: Json<AllocationTerms>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let call = find_project_call(&mut *conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    inputs::require_evaluated(&call)?;
    let mut read = inputs::read(&mut *conn, &call).await?;
    let plan = read.inputs.allocate(&body);
    let mut leads: Vec<Uuid> = read.projects.values().map(|project| project.lead_organisation_id).collect();
    leads.sort_unstable();
    leads.dedup();
    let names = organisation_names(&mut *conn, actor.territory_id, &leads).await?;
    let rows = plan.rows.iter().filter_map(|row| {
        let project = read.projects.remove(&row.project_id)?;
        Some(AllocationRow::of(row, project.title, names.get(&project.lead_organisation_id)?.clone()))
    });
    let rows = rows.collect();
    Ok(HttpResponse::Ok().json(AllocationSimulation::of(plan, call.minimum_score, read.waiting.len(), rows)))
}

impl AllocationSimulation {
    fn of(plan: Plan, minimum_score: Option<Points>, waiting: usize, rows: Vec<AllocationRow>) -> Self {
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        Self {
            fits: plan.fits(),
            over_by: plan.over_by,
            waiting: count(waiting),
            minimum_score,
            budget: plan.budget,
            requested_grant: plan.requested,
            admissible_amount: plan.admissible,
            base_amount: plan.base_amount,
            assigned_grant: plan.assigned,
            residue: plan.residue,
            funded: count(plan.funded()),
            bands: plan.bands,
            rows,
        }
    }
}
