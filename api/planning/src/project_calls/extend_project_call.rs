use super::writes::insert_extension;
use super::{ProjectCall, ProjectCallState, held, move_project_call, wrong_state};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use concilia_kernel::checks;
use concilia_kernel::clock::italian_time;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::Text;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role, now};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// An act that extends a call.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"act": "Decreto n. 4978", "act_date": "2026-04-27", "closes_at": "2026-06-15T10:00:00Z"}))]
pub struct ExtendProjectCall {
    /// Number of the act; an act extends a call once.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub act: String,
    /// Date of the act; not in the future.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub act_date: NaiveDate,
    /// From when projects are no longer submitted; in the future, and later than the call closes now.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::instant_of_the_century"))]
    pub closes_at: DateTime<Utc>,
}

/// Most extensions of one call.
const MOST: usize = 100;

/// Extend a project call
///
/// Moves the closing instant of an open call, by an act with its own number and date. A call that has closed and is not
/// yet being evaluated opens again by it. Extensions are kept one after the other and never changed.
#[utoipa::path(
    tag = "planning",
    params(("project_call_id" = Uuid, Path, description = "The call."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = ExtendProjectCall,
    responses((status = 200, description = "The extended call.", body = ProjectCall,
                headers(("ETag" = String, description = "Version of the call."))),
              (status = 409, description = "The call is neither open nor closed (`transition_not_allowed`), that act \
                                            has extended it already (`already_exists`), or it has 100 extensions \
                                            (`conflict`).")),
)]
#[post("/v1/project-calls/{project_call_id}/extend")]
pub async fn extend_project_call(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<ExtendProjectCall>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "extend_project_call", body.hash()).with_path(id.0);
    let closes_at = body.closes_at.trunc_subsecs(6);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let call = held(conn, &actor, id.0).await?;
        if !matches!(call.state, ProjectCallState::Open | ProjectCallState::Closed) {
            return Err(wrong_state(&call));
        }
        check(&call, closes_at)?;
        let agent = Agent::of(&actor, Role::Ats);
        insert_extension(conn, &call, (body.act.trim_matches(' '), body.act_date), closes_at, actor.id).await?;
        if call.state == ProjectCallState::Closed {
            let moved = (call.state, ProjectCallState::Open);
            move_project_call(conn, call.territory_id, call.id, moved, agent, Some(body.act.trim_matches(' ')))
                .await?;
        }
        let told = json!({ "closes_at": closes_at });
        publish(conn, call.territory_id, "project_call.extended", call.id, told).await?;
        let call = held(conn, &actor, id.0).await?;
        Ok(Reply::ok(&call)?.etag(etag_of(call.version)))
    })
    .await
}

fn check(call: &ProjectCall, closes_at: DateTime<Utc>) -> Result<(), Problem> {
    if call.extensions.0.len() >= MOST {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Un avviso si proroga al massimo {MOST} volte."),
            format!("A call is extended {MOST} times at most."),
        ));
    }
    let fault = |code| FieldError::pointer("/closes_at", code).value(closes_at.to_rfc3339());
    let fault = if closes_at <= call.closes_at {
        fault("range").explain(&Text::new(
            format!("la proroga non supera la chiusura attuale, {}", italian_time(call.closes_at)),
            format!("the extension is not after the present closing, {:?}", call.closes_at),
        ))
    } else if closes_at <= now() {
        fault("in_past")
    } else {
        return Ok(());
    };
    Err(Problem::new(Code::ValidationFailed).with_error(fault))
}
