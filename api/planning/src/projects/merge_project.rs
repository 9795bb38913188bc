use super::detail::{ProjectDetail, load_detail};
use super::moves::move_project;
use super::summary::{ProjectSummary, hold_project};
use super::versions::{VersionReason, keep_project_version};
use super::visibility::{require_visible, wrong_state};
use crate::rules::project_state::{PROJECT, ProjectState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Db, Problem, Role, checks, today};
use diesel::sql_query;
use diesel::sql_types::{Date, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Into which project another is merged, and why.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "into_project_id": "0193a5d0-4444-7000-8000-000000000011", "reason": "Progetti complementari sullo stesso ambito"
}))]
pub struct MergeProject {
    /// The project that absorbs it, of the same call.
    pub into_project_id: Uuid,
    /// The reason, kept in the project's history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// Merge a project into another
///
/// A project that was submitted and has no score yet is absorbed by another of the same call. It keeps its history and
/// content; its lead and partners join the other, the lead as an implementing partner, with mandates to be signed to
/// the new lead before the project is found admissible: one that was becomes `submitted` again. The other's budget and
/// activities are left to it: ask it for integrations. An act of the agency.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project that is absorbed."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = MergeProject,
    responses((status = 200, description = "The project that absorbed it.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "One of the two is not submitted, or has a score: `transition_not_allowed`.")),
)]
#[post("/v1/projects/{project_id}/merge")]
pub async fn merge_project(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<MergeProject>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "merge_project", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        require_visible(conn, &actor, id.0).await?;
        let (absorbed, into) = hold_both(conn, actor.territory_id, id.0, body.into_project_id).await?;
        PROJECT.check(absorbed.state, ProjectState::Merged)?;
        if PROJECT.check(into.state, ProjectState::Merged).is_err() {
            return Err(wrong_state(
                &into,
                "Un progetto nello stato «{}» non ne assorbe altri.",
                "A project in state '{}' does not absorb others.",
            ));
        }
        merge(conn, &actor, &absorbed, &into, &body.reason).await?;
        let detail = load_detail(conn, actor.territory_id, into.id).await?;
        Ok(Reply::ok(&detail)?.etag(etag_of(detail.version)))
    })
    .await
}

/// Both projects, held in the order of their identifiers, so that two mergers cannot wait for each other.
async fn hold_both(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    absorbed: Uuid,
    into: Uuid,
) -> Result<(ProjectSummary, ProjectSummary), Problem> {
    let unknown = || Problem::invalid("/into_project_id", "not_found");
    if absorbed == into {
        return Err(unknown());
    }
    let first = hold_project(conn, territory_id, absorbed.min(into)).await?;
    let second = hold_project(conn, territory_id, absorbed.max(into)).await?;
    let (one, other) = if absorbed < into { (first, second) } else { (second, first) };
    let one = one.ok_or_else(Problem::not_found)?;
    let other = other.filter(|other| other.project_call_id == one.project_call_id).ok_or_else(unknown)?;
    Ok((one, other))
}

async fn merge(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    absorbed: &ProjectSummary,
    into: &ProjectSummary,
    reason: &str,
) -> Result<(), Problem> {
    let territory_id = actor.territory_id;
    keep_project_version(conn, territory_id, absorbed.id, VersionReason::Merged, Some(actor.id)).await?;
    cached(
        sql_query(
            "WITH joined AS ( \
               INSERT INTO project_partners (territory_id, project_id, organisation_id, role, joined_on) \
               SELECT territory_id, $3, organisation_id, CASE role WHEN 'lead' THEN 'implementing' ELSE role END, $4 \
               FROM project_partners WHERE territory_id = $1 AND project_id = $2 AND left_on IS NULL \
               ON CONFLICT (project_id, organisation_id) DO UPDATE SET role = EXCLUDED.role, \
                 joined_on = EXCLUDED.joined_on, mandate_on = NULL, left_on = NULL, leave_reason = NULL \
                 WHERE project_partners.left_on IS NOT NULL \
             ), absorbed AS ( \
               UPDATE projects SET state = 'merged', merged_into = $3, version = version + 1 \
               WHERE territory_id = $1 AND id = $2 \
             ) \
             UPDATE projects SET version = version + 1 WHERE territory_id = $1 AND id = $3",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(absorbed.id)
        .bind::<SqlUuid, _>(into.id)
        .bind::<Date, _>(today()),
    )
    .execute(conn)
    .await?;
    let moved = (Some(absorbed.state.as_str()), ProjectState::Merged.as_str());
    let agent = Agent::of(actor, Role::Ats);
    record(conn, territory_id, (PROJECT.aggregate, absorbed.id), moved, agent, Some(reason)).await?;
    if into.state == ProjectState::Admissible {
        let again = (into.state, ProjectState::Submitted);
        move_project(conn, territory_id, into.id, again, agent, Some(reason)).await?;
    }
    publish(conn, territory_id, "project.merged", absorbed.id, json!({"into_project_id": into.id})).await?;
    keep_project_version(conn, territory_id, into.id, VersionReason::Merged, Some(actor.id)).await
}
