use crate::login_sessions;
use actix_web::{HttpResponse, delete, web::Data};
use concilia_kernel::{Actor, Db, Problem};

/// Log out
///
/// Ends the login session of the access token: its refresh token is no longer good. The access token itself lives to
/// its end, a few minutes at most. Once more changes nothing, nor does the call of a machine, which has no session.
#[utoipa::path(
    tag = "identity",
    responses((status = 204, description = "The session has ended.")),
)]
#[delete("/v1/sessions/current")]
pub async fn delete_session(actor: Actor, db: Data<Db>) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    login_sessions::log_out(&mut conn, &actor).await?;
    Ok(HttpResponse::NoContent().finish())
}
