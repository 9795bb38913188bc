use super::Event;
use crate::queries;
use crate::rules::states::EventState;
use crate::visibility::Viewer;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::conditional::answer;
use concilia_kernel::extract::{IfNoneMatch, Path, etag_of};
use concilia_kernel::{Db, Problem};
use uuid::Uuid;

/// Get a training event
///
/// What it offers, when and where, and the places left; open to all once it is published. The agency also sees its
/// drafts and the links.
#[utoipa::path(
    tag = "actions",
    params(("event_id" = Uuid, Path, description = "The event."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The event.", body = Event,
        headers(("ETag" = String, description = "Version of the event.")))),
)]
#[get("/v1/events/{event_id}")]
pub async fn get_event(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let event = queries::events::find_of_any_territory(&mut &**reader, id.0).await?;
    let event = event.ok_or_else(Problem::not_found)?;
    if Viewer::of(actor.as_ref()).runs(event.territory_id) {
        return answer(&held, &etag_of(event.version), &event);
    }
    if event.state == EventState::Draft {
        return Err(Problem::not_found());
    }
    // Without the link it is another representation, so another tag.
    answer(&held, &format!("\"{}-public\"", event.version), &event.without_link())
}
