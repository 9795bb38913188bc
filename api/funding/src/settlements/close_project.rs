use crate::grant::{ProjectGrant, hold_grant, load_view};
use crate::stance::agency;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Money, Problem};
use concilia_planning::{PROJECT, ProjectState, move_project};
use uuid::Uuid;

/// Close a project
///
/// By the agency, once it is settled and nothing is left to pay or to give back.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    responses((status = 200, description = "The grant of the project, which is `closed`.", body = ProjectGrant,
                headers(("ETag" = String, description = "Version of the grant."))),
              (status = 409, description = "The project is not `settled` (`transition_not_allowed`), or something is \
                                            left to pay or to give back (`conflict`).")),
)]
#[post("/v1/projects/{project_id}/close")]
pub async fn close_project(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "close_project", [0; 32]).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        PROJECT.check(held.project.state, ProjectState::Closed)?;
        let to_pay = (held.grant.admissible.unwrap_or_default() - held.grant.paid).max(Money::ZERO);
        let to_give_back = held.grant.to_give_back();
        if to_pay.is_positive() || to_give_back.is_positive() {
            return Err(Problem::new(Code::Conflict).explain(
                format!("Restano da pagare {to_pay} e da restituire {to_give_back}."),
                format!("{to_pay} is left to pay and {to_give_back} to give back."),
            ));
        }
        let moved = (ProjectState::Settled, ProjectState::Closed);
        move_project(conn, actor.territory_id, held.project.id, moved, agency(&actor).agent(), None).await?;
        let view = load_view(conn, actor.territory_id, *project_id).await?;
        Ok(Reply::ok(&view)?.etag(etag_of(view.version)))
    })
    .await
}
