use super::{Ranking, RankingRow};
use crate::queries;
use crate::visibility::Viewer;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::conditional::answer;
use concilia_kernel::extract::{IfNoneMatch, Path, Query, etag_of};
use concilia_kernel::page::page;
use concilia_kernel::{Db, PageQuery, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A ranking with a page of its lines.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-3333-7000-8000-000000000001", "voucher_call_id": "0193a5d0-1111-7000-8000-000000000001",
    "number": 1, "state": "final", "inputs_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "computed_at": "2026-04-02T08:00:00Z", "approved_at": "2026-04-03T09:00:00Z",
    "totals": {"lines": 312, "awarded": 240, "wait_listed": 70, "excluded": 2, "available": "72000.00",
               "awarded_amount": "72000.00"},
    "items": [{"position": 1, "protocol_number": "2026/000123", "line": 1, "points": 70, "outcome": "awarded",
               "waiting_position": null, "amount": "300.00"}],
    "next": null
}))]
pub struct RankingWithRows {
    /// The run.
    #[serde(flatten)]
    pub ranking: Ranking,
    /// Lines of this page, by position.
    #[schema(min_items = 0, max_items = 200)]
    pub items: Vec<RankingRow>,
    /// Cursor of the next page; null on the last one.
    #[schema(required, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub next: Option<String>,
}

/// Get a ranking
///
/// The run and a page of its lines: protocol numbers, points and outcomes, no names and no reasons. Open to all
/// once final; before that, to officers of the lead and of the agency.
#[utoipa::path(
    tag = "benefits",
    params(("ranking_id" = Uuid, Path, description = "The ranking."), PageQuery,
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The ranking.", body = RankingWithRows,
        headers(("ETag" = String, description = "Version of the ranking.")))),
)]
#[get("/v1/rankings/{ranking_id}")]
pub async fn get_ranking(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let after: Option<i32> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    let viewer = Viewer::of(actor.as_ref());
    let ranking = queries::rankings::find(&mut &**reader, &viewer, id.0).await?.ok_or_else(Problem::not_found)?;
    let tag = etag_of(ranking.version);
    let rows = if held.holds(&tag) {
        vec![]
    } else {
        queries::ranking_rows::list(&mut &**reader, ranking.territory_id, ranking.id, after, limit).await?
    };
    let rows = page(rows, limit, |row| row.position);
    answer(&held, &tag, &RankingWithRows { ranking, items: rows.items, next: rows.next })
}
