use crate::queries::results::{ActivityResult, NewActivityResult, insert_activity_result, is_result_of};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role, today};
use concilia_planning::{find_activity, find_project};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// People and companies that an activity reached since the record before.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reached_on": "2026-06-30", "people": 120, "companies": 0, "note": "Laboratori di giugno"}))]
pub struct RecordActivityResult {
    /// Day up to which they were reached: not in the future, nor before the project began.
    #[schema(pattern = r"^20\d{2}-")]
    pub reached_on: NaiveDate,
    /// People.
    #[schema(minimum = 0, maximum = 1_000_000)]
    #[validate(range(min = 0, max = 1_000_000))]
    pub people: i32,
    /// Companies.
    #[schema(minimum = 0, maximum = 1_000_000)]
    #[validate(range(min = 0, max = 1_000_000))]
    pub companies: i32,
    /// In words.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub note: Option<String>,
    /// A record of the same activity that was wrong, and no longer counts.
    #[serde(default)]
    pub supersedes: Option<Uuid>,
}

/// Record what an activity reached
///
/// Adds people and companies to the activity's indicators. Only the lead of the project may, and only what the portal
/// does not know by itself. A record is never changed: another one takes its place.
#[utoipa::path(
    tag = "indicators",
    params(("activity_id" = Uuid, Path, description = "The activity."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = RecordActivityResult,
    responses((status = 201, description = "The record.", body = ActivityResult),
              (status = 409, description = "The record it supersedes has been superseded already (`already_exists`).")),
)]
#[post("/v1/activities/{activity_id}/results")]
pub async fn record_activity_result(
    actor: Actor,
    db: Data<Db>,
    activity_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<RecordActivityResult>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "record_activity_result", body.hash()).with_path(*activity_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let result = record(conn, &actor, *activity_id, &body).await?;
        Reply::created(format!("/v1/activities/{}/results", result.activity_id), &result)
    })
    .await
}

/// Records what an activity reached, as an officer of its lead.
pub async fn record(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    activity_id: Uuid,
    body: &RecordActivityResult,
) -> Result<ActivityResult, Problem> {
    let activity = find_activity(conn, actor.territory_id, activity_id).await?;
    let activity = activity.ok_or_else(Problem::not_found)?;
    let project = find_project(conn, actor.territory_id, activity.project_id).await?;
    let project = project.ok_or_else(Problem::not_found)?;
    actor.require(Role::AllianceLead, project.lead_organisation_id)?;
    let day = body.reached_on;
    if day > today() || day < project.starts_on {
        let code = if day < project.starts_on { "date_order" } else { "in_future" };
        return Err(Problem::new(Code::ValidationFailed)
            .with_error(FieldError::pointer("/reached_on", code).value(day.to_string())));
    }
    if let Some(wrong) = body.supersedes
        && !is_result_of(conn, actor.territory_id, activity.id, wrong).await?
    {
        return Err(Problem::invalid("/supersedes", "not_found"));
    }
    let new = NewActivityResult {
        territory_id: actor.territory_id,
        activity_id: activity.id,
        reached_on: day,
        people: body.people,
        companies: body.companies,
        note: body.note.as_deref(),
        supersedes: body.supersedes,
        recorded_by: Some(actor.id),
    };
    Ok(insert_activity_result(conn, &new).await?)
}
