use super::feed::{self, AgendaFeed};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::{Actor, Code, Db, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// A new feed with its address, told this once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0193a5d0-4444-7000-8000-000000000060", "created_at": "2026-03-02T10:15:00Z",
    "path": "/v1/agenda-feeds/0123456789abcdefghijklmnopqrstuvwxyzABCDEFG/agenda.ics"
}))]
pub struct NewAgendaFeed {
    #[serde(flatten)]
    pub feed: AgendaFeed,
    /// Path to subscribe to, at this server: whoever has it reads the agenda.
    #[schema(min_length = 71, max_length = 71, pattern = "^/v1/agenda-feeds/[A-Za-z0-9_-]{43}/agenda\\.ics$")]
    pub path: String,
}

/// Make a feed of one's agenda
///
/// For calendar programs, which send no token: an address with a secret in it, told this once. It shows what the person
/// may see each time it is read, and nothing once it is revoked. A person must: an API client is refused with 403.
#[utoipa::path(
    tag = "governance",
    responses((status = 201, description = "The feed.", body = NewAgendaFeed)),
)]
#[post("/v1/agenda-feeds")]
pub async fn create_agenda_feed(actor: Actor, db: Data<Db>) -> Result<HttpResponse, Problem> {
    if actor.login_session_id.is_none() {
        return Err(Problem::new(Code::Forbidden));
    }
    let mut conn = db.conn().await?;
    let (feed, token) = feed::insert(&mut conn, actor.territory_id, actor.id).await?;
    let path = format!("/v1/agenda-feeds/{token}/agenda.ics");
    Ok(HttpResponse::Created().json(NewAgendaFeed { feed, path }))
}
