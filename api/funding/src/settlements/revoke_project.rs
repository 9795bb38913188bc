use crate::grant::{HeldGrant, hold_grant, touch};
use crate::payments::cancel_open;
use crate::schema::{grant_revocations, grants};
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Money, Problem, checks, now};
use concilia_planning::{PROJECT, ProjectState, move_project};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Why a grant is taken back, and by which act.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Attività mai avviate", "act": "Decreto n. 511", "act_date": "2026-01-20"}))]
pub struct RevokeProject {
    /// The reason, kept in the project's history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
    /// The act, with its number.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub act: String,
    /// Date of the act; not in the future.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub act_date: NaiveDate,
    /// EUR of what was paid that the lead keeps, for expenses already validated; left out, it gives all back.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "decimal", min_length = 4, max_length = 13,
             pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$")]
    #[validate(custom(function = "checks::not_negative"))]
    pub left_to_lead: Option<Money>,
}

/// A grant that was taken back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RevokedGrant {
    /// The project.
    pub project_id: Uuid,
    /// State of the project: `revoked`.
    pub state: ProjectState,
    /// EUR paid to the lead before.
    pub paid: Money,
    /// EUR of it that the lead keeps.
    pub left_to_lead: Money,
    /// EUR that the lead has to give back.
    pub to_give_back: Money,
    /// When.
    pub revoked_at: DateTime<Utc>,
}

/// Revoke the grant of a project
///
/// By the agency, with the reason and the act, until the project is settled. Payments that are not made yet are
/// cancelled and none may be ordered any more; of what was paid the lead gives back all but `left_to_lead`. The project
/// ends as `revoked`.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = RevokeProject,
    responses((status = 200, description = "What the revocation does.", body = RevokedGrant),
              (status = 409, description = "The project is settled, or has no grant: `transition_not_allowed`.")),
)]
#[post("/v1/projects/{project_id}/revoke")]
pub async fn revoke_project(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<RevokeProject>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "revoke_project", body.hash()).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let author = agency(&actor);
        let held = match hold_grant(conn, actor.territory_id, *project_id).await {
            Ok(held) => held,
            Err(problem) if problem.code() == Code::NotFound => {
                return revoke_unaccepted(conn, actor.territory_id, *project_id, &body, author).await;
            }
            Err(problem) => return Err(problem),
        };
        Reply::ok(&revoke(conn, actor.territory_id, &held, &body, author).await?)
    })
    .await
}

/// A grant that nobody accepted has no money to stop.
async fn revoke_unaccepted(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    asked: &RevokeProject,
    author: Author,
) -> Result<Reply, Problem> {
    let moved = (ProjectState::Funded, ProjectState::Revoked);
    let project = move_project(conn, territory_id, project_id, moved, author.agent(), Some(&asked.reason)).await?;
    Reply::ok(&RevokedGrant {
        project_id,
        state: project.state,
        paid: Money::ZERO,
        left_to_lead: Money::ZERO,
        to_give_back: Money::ZERO,
        revoked_at: now(),
    })
}

/// Revokes a grant that the transaction holds.
pub(crate) async fn revoke(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { grant, project }: &HeldGrant,
    asked: &RevokeProject,
    author: Author,
) -> Result<RevokedGrant, Problem> {
    PROJECT.check(project.state, ProjectState::Revoked)?;
    let left_to_lead = asked.left_to_lead.unwrap_or_default();
    if left_to_lead > grant.paid {
        let text = Text::new(
            format!("finora sono stati pagati {}", grant.paid),
            format!("{} was paid so far", grant.paid),
        );
        let error = FieldError::pointer("/left_to_lead", "range").value(left_to_lead.to_string()).explain(&text);
        return Err(Problem::new(Code::ValidationFailed).with_error(error));
    }
    cancel_open(conn, territory_id, project.id, author, &asked.reason).await?;
    let revoked_at = now();
    diesel::insert_into(grant_revocations::table)
        .values((
            grant_revocations::project_id.eq(project.id),
            grant_revocations::territory_id.eq(territory_id),
            grant_revocations::reason.eq(&asked.reason),
            grant_revocations::act.eq(&asked.act),
            grant_revocations::act_date.eq(asked.act_date),
            grant_revocations::paid.eq(grant.paid),
            grant_revocations::left_to_lead.eq(left_to_lead),
            grant_revocations::revoked_by.eq(author.id),
            grant_revocations::revoked_at.eq(revoked_at),
        ))
        .execute(conn)
        .await?;
    let change = (grants::admissible.eq(left_to_lead), grants::revoked_at.eq(revoked_at));
    cached(diesel::update(grants::table.find(project.id)).set(change)).execute(conn).await?;
    touch(conn, grant).await?;
    let moved = (project.state, ProjectState::Revoked);
    let project = move_project(conn, territory_id, project.id, moved, author.agent(), Some(&asked.reason)).await?;
    Ok(RevokedGrant {
        project_id: project.id,
        state: project.state,
        paid: grant.paid,
        left_to_lead,
        to_give_back: grant.paid - left_to_lead,
        revoked_at,
    })
}
