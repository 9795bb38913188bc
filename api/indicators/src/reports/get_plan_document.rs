use super::plan;
use crate::queries::figures::figures;
use crate::source::Source;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_allocation::allocation_in_force;
use concilia_documents::pdf_file;
use concilia_kernel::extract::{IfNoneMatch, Path, Upload};
use concilia_kernel::{Actor, Db, Problem, today};
use concilia_network::{find_territory, live_composition};
use concilia_planning::{ProjectState, calls_of_plan, find_plan, list_call_projects, project_details};
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use uuid::Uuid;

/// States of a project that has, or had, a grant.
const AWARDED: &[ProjectState] = &[
    ProjectState::Funded,
    ProjectState::Accepted,
    ProjectState::Signed,
    ProjectState::Running,
    ProjectState::Variation,
    ProjectState::Settled,
    ProjectState::Closed,
];

/// Print a plan
///
/// The whole plan as a PDF to be signed: resources, network, calls with their grids, allocation, each funded project with
/// partners, budget, co-financing, calendar and expected beneficiaries, then what was spent and who was reached by today.
/// In Italian, as the act that it is. What the plan does not have yet is left out.
#[utoipa::path(
    tag = "indicators",
    params(("plan_id" = Uuid, Path, description = "The plan."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The plan.", body = inline(Upload), content_type = "application/pdf",
        headers(("ETag" = String, description = "Tag of the file."),
                ("Content-Disposition" = String, description = "Name for the downloaded file.")))),
)]
#[get("/v1/plans/{plan_id}/document")]
pub async fn get_plan_document(
    actor: Actor,
    db: Data<Db>,
    plan_id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let data = gather(&mut &**reader, actor.territory_id, *plan_id).await?;
    let name = format!("piano-{}-{}.pdf", data.plan.from_year, data.plan.to_year);
    Ok(pdf_file(&name, plan::document(&data)).await?.answer(&held))
}

/// What the plan is made of, as it stands now.
async fn gather<C>(conn: &mut C, territory_id: Uuid, plan_id: Uuid) -> Result<plan::Data, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let plan = find_plan(conn, territory_id, plan_id).await?.ok_or_else(Problem::not_found)?;
    let territory = find_territory(conn, territory_id).await?.ok_or_else(Problem::not_found)?;
    let today = today();
    let composition = live_composition(conn, &territory).await?;
    let figures = figures(conn, &plan, Source::Live { until: today }).await?;
    let mut calls = vec![];
    let mut awarded = vec![];
    for call in calls_of_plan(conn, territory_id, plan.id).await? {
        awarded.extend(list_call_projects(conn, territory_id, call.id, AWARDED).await?);
        let allocation = allocation_in_force(conn, territory_id, call.id).await?;
        calls.push(plan::Call { call, allocation });
    }
    awarded.sort_by_cached_key(|project| plan::place(&project.reference));
    let ids: Vec<Uuid> = awarded.iter().map(|project| project.id).collect();
    let projects = project_details(conn, territory_id, &ids).await?;
    Ok(plan::Data { plan, territory, today, composition, calls, projects, figures })
}
