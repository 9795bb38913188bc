use super::{Scorecard, Viewer, queries, with_names};
use crate::conflicts::notice_recusals;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Get a scorecard
///
/// One's own card at any time; another's once the scoring is closed, unless one is in conflict of interest with its
/// project. The agency sees before then that a card was submitted, without its points.
#[utoipa::path(
    tag = "evaluation",
    params(("scorecard_id" = Uuid, Path, description = "The card.")),
    responses((status = 200, description = "The card.", body = Scorecard,
        headers(("ETag" = String, description = "Version of the card.")))),
)]
#[get("/v1/scorecards/{scorecard_id}")]
pub async fn get_scorecard(actor: Actor, db: Data<Db>, id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let viewer = Viewer::of(&actor);
    let reader = db.reader().await?;
    let seen = queries::find(&mut &**reader, viewer, id.0).await?.ok_or_else(Problem::not_found)?;
    notice_recusals(&db, actor.territory_id, seen.project_call_id).await?;
    let row = queries::find(&mut &**reader, viewer, id.0).await?.ok_or_else(Problem::not_found)?;
    let card = with_names(&mut &**reader, viewer, vec![row]).await?.pop().ok_or_else(Problem::not_found)?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(card.version))).json(card))
}
