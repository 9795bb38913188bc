use super::queries::delete;
use super::visibility::{hold_for_lead, wrong_state};
use crate::rules::project_state::ProjectState;
use actix_web::web::Data;
use actix_web::{HttpResponse, delete};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Path};
use concilia_kernel::{Actor, Code, Db, Problem};
use diesel::result::{DatabaseErrorKind, Error};
use uuid::Uuid;

/// Remove a project
///
/// The lead removes a draft, with all that its alliance wrote of it. What was submitted once is kept. Its reference is not
/// given again.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = String, Header, description = "Version that is removed.")),
    responses((status = 204, description = "Removed."),
              (status = 409, description = "The project is no draft (`transition_not_allowed`), or a meeting has it on its \
                  agenda (`conflict`).")),
)]
#[delete("/v1/projects/{project_id}")]
pub async fn remove_project(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: IfMatch,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        let held = hold_for_lead(conn, &actor, id.0).await?;
        seen.check(held.version)?;
        if held.state != ProjectState::Draft || held.submitted_at.is_some() {
            return Err(wrong_state(
                &held,
                "Si elimina solo una bozza mai presentata: il progetto è nello stato «{}».",
                "Only a draft that was never submitted is removed: the project is in state '{}'.",
            ));
        }
        delete(conn, actor.territory_id, held.id).await.map_err(referred_to)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Says of a project that others refer to what the database only calls a broken reference.
fn referred_to(error: Error) -> Problem {
    match error {
        Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _) => Problem::new(Code::Conflict).explain(
            "Il progetto è all'ordine del giorno di una riunione.",
            "The project is on the agenda of a meeting.",
        ),
        error => error.into(),
    }
}
