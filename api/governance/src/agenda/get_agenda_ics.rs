use super::entries::entries;
use super::render::answer;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::extract::Query;
use concilia_kernel::{Db, Problem};
use concilia_network::territory_of_request;
use serde::Deserialize;
use utoipa::IntoParams;
use validator::Validate;

/// Whose agenda.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AgendaQuery {
    /// Code of the territory; unless told, the caller's own or, without a login, the installation's first.
    #[validate(length(min = 2, max = 40))]
    #[param(min_length = 2, max_length = 40, pattern = "^[A-Z0-9-]+$", example = "ATS-VALPADANA")]
    pub territory: Option<String>,
}

/// Read the agenda as a calendar
///
/// An iCalendar (RFC 5545) of the last 180 days and what is to come. Open to all with the public deadlines: when calls for
/// projects (as extended) and voucher calls open and close. Officers of the territory also see the meetings of the bodies
/// they may see, and the answers that a project's lead owes to the committee.
#[utoipa::path(
    tag = "governance",
    params(AgendaQuery),
    responses((status = 200, description = "The calendar.", body = concilia_kernel::extract::Upload, content_type = "text/calendar",
               example = json!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")),
              (status = 404, description = "There is no such territory.")),
)]
#[get("/v1/agenda.ics")]
pub async fn get_agenda_ics(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    query: Query<AgendaQuery>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let territory = territory_of_request(&mut &**reader, query.territory.as_deref(), actor.as_ref()).await?;
    let insider = actor.as_ref().filter(|actor| actor.territory_id == territory.id);
    let found = entries(&mut &**reader, territory.id, insider).await?;
    Ok(answer(&territory.code, &found))
}
