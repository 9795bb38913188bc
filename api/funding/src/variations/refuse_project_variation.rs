use super::variation::{ProjectVariation, announce, find};
use crate::grant::hold_grant;
use crate::input::Reason;
use crate::rules::states::{ProjectVariationState, VARIATION};
use crate::schema::project_variations;
use crate::stance::agency;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use concilia_planning::{ProjectState, move_project};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Refuse a variation of a project
///
/// By an officer of the agency other than the one who asked for it, with the reason. Nothing changes; the project is
/// `running` again.
#[utoipa::path(
    tag = "funding",
    params(("project_variation_id" = Uuid, Path, description = "The request."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Reason,
    responses((status = 200, description = "The request, refused.", body = ProjectVariation,
                headers(("ETag" = String, description = "Version of the request."))),
              (status = 409, description = "The caller asked for it (`approver_is_author`), or it was decided: \
                                            `transition_not_allowed`.")),
)]
#[post("/v1/project-variations/{project_variation_id}/refuse")]
pub async fn refuse_project_variation(
    actor: Actor,
    db: Data<Db>,
    project_variation_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Reason>,
) -> Result<HttpResponse, Problem> {
    let request =
        RequestIdentity::new(key, "refuse_project_variation", body.hash()).with_path(*project_variation_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = find(conn, actor.territory_id, *project_variation_id).await?;
        let held = hold_grant(conn, actor.territory_id, found.project_id).await?;
        let variation = find(conn, actor.territory_id, *project_variation_id).await?;
        VARIATION.check(variation.state, ProjectVariationState::Refused)?;
        if variation.requested_by == actor.id {
            return Err(Problem::new(Code::ApproverIsAuthor));
        }
        let change = (
            project_variations::state.eq(ProjectVariationState::Refused),
            project_variations::decided_by.eq(actor.id),
            project_variations::decided_at.eq(now()),
            project_variations::decision_reason.eq(&body.reason),
            project_variations::version.eq(project_variations::version + 1),
        );
        let refused: ProjectVariation = cached(
            diesel::update(project_variations::table.find(variation.id))
                .set(change)
                .returning(ProjectVariation::as_returning()),
        )
        .get_result(conn)
        .await?;
        let (author, reason) = (agency(&actor), Some(body.reason.as_str()));
        announce(conn, actor.territory_id, &refused, Some(variation.state), author, reason).await?;
        let moved = (ProjectState::Variation, ProjectState::Running);
        move_project(conn, actor.territory_id, held.project.id, moved, author.agent(), reason).await?;
        Ok(Reply::ok(&refused)?.etag(etag_of(refused.version)))
    })
    .await
}
