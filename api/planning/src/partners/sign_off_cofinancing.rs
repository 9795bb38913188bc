use super::line::{CofinancingLineView, answered_line, hold_for_line, load_line};
use super::queries::{find_present, sign_line};
use crate::projects::touch;
use crate::projects::visibility::wrong_state;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Path};
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Sign off a co-financing line
///
/// An officer of the organisation itself confirms what it puts in, as it was when last read: in a draft, in a project of
/// which integrations are asked, or, for a partner that took another's place, until the project is over. Signing off
/// what is signed off changes nothing.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("organisation_id" = Uuid, Path, description = "The lead or a partner."),
           ("If-Match" = String, Header, description = "Version of the line that is signed off.")),
    responses((status = 200, description = "The line.", body = CofinancingLineView,
                headers(("ETag" = String, description = "Version of the line."))),
              (status = 409, description = "The project is being examined or is over: `transition_not_allowed`."),
              (status = 412, description = "The line has changed since."),
              (status = 428, description = "`If-Match` is missing.")),
)]
#[post("/v1/projects/{project_id}/cofinancing-lines/{organisation_id}/sign-off")]
pub async fn sign_off_cofinancing(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
    seen: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (project_id, organisation_id) = path.into_inner();
    let of = (actor.territory_id, project_id, organisation_id);
    let mut conn = db.conn().await?;
    let line = transaction(&mut conn, async |conn| {
        let project = hold_for_line(conn, &actor, project_id, organisation_id, false).await?;
        find_present(conn, actor.territory_id, project_id, organisation_id).await?;
        let line = load_line(conn, of).await?;
        if line.version == 0 {
            return Err(Problem::not_found());
        }
        seen.check(line.version)?;
        if line.signed_off_at.is_some() {
            return Ok(line);
        }
        if !project.state.is_editable() && !project.state.is_under_award() {
            return Err(wrong_state(
                &project,
                "In un progetto nello stato «{}» non si conferma il cofinanziamento.",
                "In a project in state '{}' co-financing is not signed off.",
            ));
        }
        sign_line(conn, of, actor.id).await?;
        touch(conn, actor.territory_id, project_id).await?;
        Ok(load_line(conn, of).await?)
    })
    .await?;
    Ok(answered_line(&line))
}
