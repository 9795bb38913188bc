use super::entries::entries;
use super::feed::owner;
use super::render::answer;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_identity::accounts::acting_person;
use concilia_kernel::extract::Path;
use concilia_kernel::{Db, Problem};
use concilia_network::find_territory;

/// Read an agenda by its feed
///
/// For calendar programs: the secret in the address stands for the person, who sees what `get_agenda_ics` would show
/// them now. 404 once the feed is revoked or the person may no longer log in.
#[utoipa::path(
    tag = "governance",
    params(("feed_id" = String, Path, description = "The feed's secret, from `create_agenda_feed`.",
            min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]+$")),
    responses((status = 200, description = "The calendar.", body = concilia_kernel::extract::Upload, content_type = "text/calendar",
               example = json!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"))),
)]
#[get("/v1/agenda-feeds/{feed_id}/agenda.ics")]
pub async fn get_agenda_feed_ics(db: Data<Db>, token: Path<String>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let owner = owner(&mut &**reader, &token).await?.ok_or_else(Problem::not_found)?;
    let person = acting_person(&mut &**reader, owner.territory_id, owner.account_id).await?;
    let person = person.ok_or_else(Problem::not_found)?;
    let territory = find_territory(&mut &**reader, owner.territory_id).await?.ok_or_else(Problem::not_found)?;
    let found = entries(&mut &**reader, territory.id, Some(&person)).await?;
    Ok(answer(&territory.code, &found))
}
