use crate::rules::{SESSION_STATES, ServiceState, SessionState};
use crate::service_sessions::ServiceSession;
use crate::{days, queries};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, SubsecRound, Utc};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{self, Reply, RequestIdentity};
use concilia_kernel::transition::{self, Agent};
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role, now};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A session to offer.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateServiceSession {
    /// When it starts, in the future.
    #[validate(custom(function = "days::instant_in_contract"))]
    pub starts_at: DateTime<Utc>,
    /// When it ends, after it starts.
    #[validate(custom(function = "days::instant_in_contract"))]
    pub ends_at: DateTime<Utc>,
    /// Places; small groups have 8.
    #[serde(default = "small_group")]
    #[schema(minimum = 1, maximum = 10000, format = Int32, default = 8)]
    #[validate(range(min = 1, max = 10000))]
    pub capacity: i32,
}

fn small_group() -> i32 {
    8
}

impl CreateServiceSession {
    fn faults(&self, now: DateTime<Utc>) -> Vec<FieldError> {
        let mut faults = vec![];
        if self.starts_at <= now {
            faults.push(FieldError::pointer("/starts_at", "in_past"));
        }
        if self.ends_at <= self.starts_at {
            faults.push(FieldError::pointer("/ends_at", "date_order"));
        }
        faults
    }
}

/// Offer a session
///
/// Adds a dated session with places to a service of the caller's organisation, unless the service is withdrawn.
#[utoipa::path(
    tag = "catalogue",
    params(
        ("service_id" = Uuid, Path, description = "The service."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
         min_length = 1, max_length = 255),
    ),
    request_body(content = CreateServiceSession, example = json!({
        "starts_at": "2027-02-03T14:00:00Z", "ends_at": "2027-02-03T16:00:00Z", "capacity": 8})),
    responses(
        (status = 201, description = "The session, open.", body = ServiceSession,
         headers(("Location" = String, description = "Address of the service's sessions."))),
        (status = 409, description = "The service is withdrawn."),
    ),
)]
#[post("/v1/services/{service_id}/sessions")]
pub async fn create_service_session(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    service_id: Path<Uuid>,
    body: Json<CreateServiceSession>,
) -> Result<HttpResponse, Problem> {
    let service_id = service_id.into_inner();
    let territory_id = actor.territory_id;
    let request = RequestIdentity::new(key, "create_service_session", body.hash()).with_path(service_id);
    let mut conn = db.conn().await?;
    idempotency::once(&mut conn, &actor, request, async |conn| {
        let service = queries::services::lock(conn, territory_id, service_id).await?;
        actor.require(Role::Provider, service.provider_id)?;
        if service.state == ServiceState::Withdrawn {
            return Err(Problem::new(Code::Conflict)
                .explain("Il servizio è stato ritirato.", "The service has been withdrawn."));
        }
        let faults = body.faults(now());
        if !faults.is_empty() {
            return Err(Problem::new(Code::ValidationFailed).with_errors(faults));
        }
        let times = (body.starts_at.trunc_subsecs(6), body.ends_at.trunc_subsecs(6));
        let session =
            queries::service_sessions::insert(conn, territory_id, service_id, times, body.capacity).await?;
        let aggregate = (SESSION_STATES.aggregate, session.id);
        let agent = Agent::of(&actor, Role::Provider);
        let first = (None, SessionState::Open.as_str());
        transition::record(conn, territory_id, aggregate, first, agent, None).await?;
        Reply::created(format!("/v1/services/{service_id}/sessions"), &session)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_lies_ahead_and_ends_after_it_starts() {
        let instant = |hour: u32| format!("2027-02-03T{hour:02}:00:00Z").parse::<DateTime<Utc>>().unwrap();
        let session =
            |from, to| CreateServiceSession { starts_at: instant(from), ends_at: instant(to), capacity: 8 };
        assert!(session(14, 16).faults(instant(10)).is_empty());
        assert_eq!(session(14, 14).faults(instant(10)).len(), 1);
        assert_eq!(session(10, 9).faults(instant(10)).len(), 2);
    }
}
