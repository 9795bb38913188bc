use super::{AllocatedProject, Allocation};
use crate::queries;
use crate::queries::allocation_rows::StoredRow;
use crate::rules::explain::{self, RowSteps, RunSteps};
use crate::rules::plan::{AllocationBasis, AllocationOutcome};
use crate::rules::portion::Portion;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query, etag_of};
use concilia_kernel::language::{self, Language};
use concilia_kernel::page::page;
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Db, Money, PageQuery, Problem, Ratio, Role};
use concilia_network::OrganisationName;
use concilia_planning::Points;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How an allocation came about, with a page of its projects.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllocationExplanation {
    /// The run: budget, method, sums.
    pub allocation: Allocation,
    /// The run in sentences, in the caller's language, from the budget to what stays unassigned.
    #[schema(min_items = 1, max_items = 20)]
    pub text: Vec<String>,
    /// Projects of this page, from the best score.
    #[schema(min_items = 0, max_items = 200)]
    pub items: Vec<ExplainedRow>,
    /// Cursor of the next page; null on the last one.
    #[schema(required, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub next: Option<String>,
}

/// How one project's grant came about.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainedRow {
    /// Place by score, from 1.
    #[schema(format = Int32, minimum = 1)]
    pub position: i32,
    /// The project.
    pub project: AllocatedProject,
    /// The organisation that led it when the run was computed.
    pub lead: OrganisationName,
    /// The committee's final score.
    pub score: Points,
    /// Band of its score, 1 for the highest; null in methods without bands, or below them.
    #[schema(required, format = Int32, minimum = 1, maximum = 12)]
    pub band: Option<i16>,
    /// Least score of the band; null without one.
    #[schema(required)]
    pub band_minimum_score: Option<Points>,
    /// EUR requested.
    pub requested_grant: Money,
    /// EUR admissible: the request, unless a lower amount was set.
    pub admissible_amount: Money,
    /// Why less than the request is admissible; null when all of it is.
    #[schema(required, min_length = 1, max_length = 1000)]
    pub admissible_reason: Option<String>,
    /// Share of the admissible amount that the method gives; null where it gives none.
    #[schema(required)]
    pub percentage: Option<Ratio>,
    /// How the method came to `base_amount`.
    pub basis: AllocationBasis,
    /// EUR that the method gives, cut to the cent.
    pub base_amount: Money,
    /// How it came to `residue_share`; null when it took no part in the residue.
    #[schema(required)]
    pub residue_portion: Option<Portion>,
    /// EUR of the residue.
    pub residue_share: Money,
    /// EUR assigned: `base_amount` and `residue_share` together.
    pub assigned_grant: Money,
    /// What became of it.
    pub outcome: AllocationOutcome,
    /// All of it in sentences, in the caller's language, from the score to the grant.
    #[schema(min_items = 1, max_items = 10)]
    pub text: Vec<String>,
}

/// Explain an allocation
///
/// Every step from the budget to each euro assigned: band and its least score, admissible amount and why, percentage,
/// product before it is cut to the cent, share of the residue with the weights it follows; as data and in sentences.
/// The agency sees every run; evaluators and leads those that are or were in force.
#[utoipa::path(
    tag = "allocation",
    params(("allocation_id" = Uuid, Path, description = "The allocation."), PageQuery),
    responses((status = 200, description = "The explanation.", body = AllocationExplanation,
        headers(("ETag" = String, description = "Version of the allocation.")))),
)]
#[get("/v1/allocations/{allocation_id}/explanation")]
pub async fn get_allocation_explanation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after: Option<i32> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    let (mut runs, mut listed) = (&**reader, &**reader);
    let (allocation, rows) = futures_util::try_join!(
        queries::allocations::find(&mut runs, actor.territory_id, actor.has(Role::Ats), id.0),
        queries::allocation_rows::list(&mut listed, actor.territory_id, id.0, after, Some(limit)),
    )?;
    let allocation = allocation.ok_or_else(Problem::not_found)?;
    let whole = run_steps(&allocation);
    let rows = page(rows, limit, |row| row.position).map(|row| explained(&whole, row));
    let text = in_language(explain::run(&whole));
    let tag = etag_of(allocation.version);
    let answer = AllocationExplanation { allocation, text, items: rows.items, next: rows.next };
    Ok(HttpResponse::Ok().insert_header(("ETag", tag)).json(answer))
}

/// What a stored run says of itself.
pub(crate) fn run_steps(run: &Allocation) -> RunSteps<'_> {
    RunSteps {
        terms: &run.terms.0,
        minimum_score: run.minimum_score,
        budget: run.budget,
        base_amount: run.base_amount,
        assigned: run.assigned_grant,
        residue: run.residue,
        bands: &run.bands.0,
    }
}

/// The sentences in the language of the request.
pub(crate) fn in_language(texts: Vec<Text>) -> Vec<String> {
    let italian = language::current().language == Language::Italian;
    texts.into_iter().map(|text| if italian { text.it } else { text.en }).collect()
}

fn explained(run: &RunSteps<'_>, row: StoredRow) -> ExplainedRow {
    let steps = RowSteps {
        position: row.position,
        score: row.score,
        band: row.band,
        percentage: row.percentage,
        requested: row.requested,
        admissible: row.admissible,
        admissible_reason: row.admissible_reason.as_deref(),
        basis: &row.basis.0,
        residue_portion: row.residue_portion.as_ref().map(|portion| &portion.0),
        assigned: row.assigned,
        outcome: row.outcome,
    };
    let text = in_language(explain::row(run, &steps));
    let band = run.bands.iter().find(|sum| Some(sum.band) == row.band);
    ExplainedRow {
        position: row.position,
        project: AllocatedProject { id: row.project_id, reference: row.reference, title: row.title },
        lead: OrganisationName { id: row.lead_organisation_id, name: row.lead_name },
        score: row.score,
        band: row.band,
        band_minimum_score: band.map(|sum| sum.minimum_score),
        requested_grant: row.requested,
        admissible_amount: row.admissible,
        admissible_reason: row.admissible_reason,
        percentage: row.percentage,
        basis: row.basis.0,
        base_amount: row.base_amount,
        residue_portion: row.residue_portion.map(|portion| portion.0),
        residue_share: row.residue_share,
        assigned_grant: row.assigned,
        outcome: row.outcome,
        text,
    }
}
