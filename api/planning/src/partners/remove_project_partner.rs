use super::PartnerRole;
use super::queries::{find_present, leave, remove, remove_line};
use crate::projects::touch;
use crate::projects::visibility::{hold_for_lead, require_editable};
use actix_web::web::Data;
use actix_web::{HttpResponse, delete};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Path};
use concilia_kernel::{Actor, Code, Db, Problem, today};
use uuid::Uuid;

/// Remove a partner from a project
///
/// The lead takes a partner, with its co-financing line, out of a draft, or out of a project of which integrations are
/// asked: there it stays on record as one that left, since whoever took part in what was submitted had an interest in it.
/// Once a grant is assigned a partner leaves with `leave_project`.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("organisation_id" = Uuid, Path, description = "The partner."),
           ("If-Match" = String, Header, description = "Version of the project the change starts from.")),
    responses((status = 204, description = "Removed."),
              (status = 409, description = "It is the lead (`conflict`), or the project can no longer be changed \
                  (`transition_not_allowed`).")),
)]
#[delete("/v1/projects/{project_id}/partners/{organisation_id}")]
pub async fn remove_project_partner(
    actor: Actor,
    db: Data<Db>,
    path: Path<(Uuid, Uuid)>,
    seen: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (project_id, organisation_id) = path.into_inner();
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        let held = hold_for_lead(conn, &actor, project_id).await?;
        let partner = find_present(conn, actor.territory_id, project_id, organisation_id).await?;
        seen.check(held.version)?;
        require_editable(&held)?;
        if partner.role == PartnerRole::Lead {
            return Err(lead_stays());
        }
        let of = (actor.territory_id, project_id, organisation_id);
        remove_line(conn, of).await?;
        if held.submitted_at.is_some() {
            leave(conn, of, today(), None).await?;
        } else {
            remove(conn, of).await?;
        }
        touch(conn, actor.territory_id, project_id).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 409: a project without its lead is no project.
pub(super) fn lead_stays() -> Problem {
    Problem::new(Code::Conflict)
        .explain("Il capofila non lascia il progetto che guida.", "The lead does not leave the project it leads.")
}
