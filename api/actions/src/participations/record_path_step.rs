use super::PathParticipation;
use crate::queries;
use crate::rules::states::{PARTICIPATION, ParticipationState};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role, checks};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A step that a company has done.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "position": 1, "done_on": "2021-02-20", "outcome": "Raccolti 38 questionari su 52 dipendenti."
}))]
pub struct NewPathStep {
    /// Place of the step in the path: the one after those done.
    #[schema(format = Int32, minimum = 1, maximum = 20)]
    #[validate(range(min = 1, max = 20))]
    pub position: i16,
    /// Day on which it was done: not in the future, not before the step before or the day of joining (in Italy).
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub done_on: NaiveDate,
    /// What came of it.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub outcome: String,
}

/// Record a step of a company path
///
/// Steps are recorded in their order and do not change. The last one completes the path.
#[utoipa::path(
    tag = "actions",
    params(("path_participation_id" = Uuid, Path, description = "The company on its path."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = NewPathStep,
    responses((status = 201, description = "The company on its path.", body = PathParticipation),
              (status = 409, description = "It is no longer on its path (`transition_not_allowed`), or the step is not the \
                                            next one (`conflict`).")),
)]
#[post("/v1/path-participations/{path_participation_id}/steps")]
pub async fn record_path_step(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<NewPathStep>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "record_path_step", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let found = take_step(conn, &actor, id.0, &body).await?;
        Reply::json(StatusCode::CREATED, &found)
    })
    .await
}

/// Records the next step of a company, as an officer of the agency.
pub async fn take_step(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
    body: &NewPathStep,
) -> Result<PathParticipation, Problem> {
    let territory_id = actor.territory_id;
    let found = queries::participations::hold(conn, territory_id, id).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    // Every step leads towards completion, so only one who may complete takes one.
    PARTICIPATION.check(found.state, ParticipationState::Completed)?;
    check_next(&found, body)?;
    queries::participations::insert_step(conn, territory_id, &found, body, actor.id).await?;
    if body.position == found.steps_in_all {
        let (from, to) = (found.state, ParticipationState::Completed);
        queries::participations::set_state(conn, territory_id, id, to).await?;
        let moved = (Some(from.as_str()), to.as_str());
        let agent = Agent::of(actor, Role::Ats);
        record(conn, territory_id, (PARTICIPATION.aggregate, id), moved, agent, None).await?;
        let told = json!({"company_path_id": found.company_path_id, "organisation_id": found.organisation_id});
        publish(conn, territory_id, "path_participation.completed", id, told).await?;
    }
    let found = queries::participations::hold(conn, territory_id, id).await?;
    found.ok_or_else(Problem::not_found)
}

fn check_next(on_path: &PathParticipation, step: &NewPathStep) -> Result<(), Problem> {
    let done = &on_path.steps_done.0;
    let next = done.last().map_or(1, |last| last.position + 1);
    if step.position != next {
        return Err(Problem::new(Code::Conflict)
            .explain(format!("Il prossimo passo è il numero {next}."), format!("The next step is number {next}."))
            .with_error(FieldError::pointer("/position", "range").value(step.position)));
    }
    let earliest = done.last().map_or(on_path.joined_on, |last| last.done_on);
    if step.done_on < earliest {
        return Err(Problem::invalid("/done_on", "date_order"));
    }
    Ok(())
}
