use super::inputs;
use super::suggest::{AllocationSuggestions, SuggestAllocation, Suggestion};
use crate::rules::inputs::Inputs;
use crate::rules::suggest::{self, BandBounds, Choices, PercentageSums, SuggestionOrder};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::{Actor, Db, Money, Problem};
use concilia_planning::{Points, find_project_call};
use uuid::Uuid;

/// Suggest percentages
///
/// Lists whole percentages that fit the budget of the call, for its projects as they are scored so far: those that leave
/// nothing to be raised by a point, by how little or how evenly they cut the starting ones. For one percentage for all, the
/// greatest that fits. Stores nothing. After the award it counts the projects whose grants were accepted as well.
#[utoipa::path(
    tag = "allocation",
    params(("project_call_id" = Uuid, Path, description = "The call.")),
    request_body(content = SuggestAllocation, example = json!({
        "method": "bands", "order": "closest", "limit": 10,
        "bands": [{"minimum_score": "55.00", "percentage": "0.90"}, {"minimum_score": "40.00", "percentage": "0.70"},
                  {"minimum_score": "0.00", "percentage": "0.50"}]
    })),
    responses((status = 200, description = "What fits.", body = AllocationSuggestions),
              (status = 409, description = "The call is not being evaluated: `conflict`.")),
)]
#[post("/v1/project-calls/{project_call_id}/allocations/suggest")]
pub async fn suggest_allocation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    body: Json<SuggestAllocation>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let call = find_project_call(&mut *conn, actor.territory_id, id.0).await?.ok_or_else(Problem::not_found)?;
    inputs::require_evaluated(&call)?;
    let read = inputs::read(&mut *conn, &call).await?;
    drop(conn);
    let search = Search::of(&body, &read.inputs);
    // Some tenths of a second of computing at the worst: not on the thread that serves others.
    let (found, starting_total) = actix_web::web::block(move || search.run()).await.map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().json(AllocationSuggestions {
        budget: call.budget,
        minimum_score: call.minimum_score,
        waiting: i32::try_from(read.waiting.len()).unwrap_or(i32::MAX),
        starting_total,
        over_by: (starting_total - call.budget).max(Money::ZERO),
        exhaustive: found.exhaustive,
        items: found.choices.iter().map(Suggestion::from).collect(),
    }))
}

/// One search, ready to run.
struct Search {
    budget: Money,
    bounds: Vec<BandBounds>,
    sums: Vec<PercentageSums>,
    order: SuggestionOrder,
    limit: usize,
}

impl Search {
    /// One percentage for all is one band of all scores, cut from 100%.
    fn of(asked: &SuggestAllocation, inputs: &Inputs) -> Self {
        let (bounds, minimum_scores, order, limit) = match asked {
            SuggestAllocation::Bands(asked) => (
                asked.bands.iter().filter_map(super::suggest::StartingBand::bounds).collect(),
                asked.bands.iter().map(|band| band.minimum_score).collect(),
                asked.order,
                usize::from(asked.limit),
            ),
            SuggestAllocation::FlatPercentage {} => (
                vec![BandBounds { start: 100, minimum: 0, maximum: 100 }],
                vec![Points::ZERO],
                SuggestionOrder::Closest,
                1,
            ),
        };
        let sums = suggest::band_sums(inputs.minimum_score, &minimum_scores, &inputs.proposals);
        Self { budget: inputs.budget, bounds, sums, order, limit }
    }

    fn run(self) -> (Choices, Money) {
        let at_start = self.bounds.iter().zip(&self.sums).map(|(band, sums)| sums[usize::from(band.start)]);
        let total = Money::from_cents(at_start.sum());
        (suggest::choose(self.budget, &self.bounds, &self.sums, self.order, self.limit), total)
    }
}
