use super::{Application, people, reread};
use crate::queries::voucher_calls::{self, Hold};
use crate::queries::{application_lines, applications};
use crate::rules::states::{APPLICATION, ApplicationState, VoucherCallState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem, Role, new_id, now};
use diesel::result::{DatabaseErrorKind, Error};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// An application to make.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "voucher_call_id": "0193a5d0-1111-7000-8000-000000000001",
    "household_member_ids": ["0193a5d0-2222-7000-8000-000000000004"]
}))]
pub struct CreateApplication {
    /// The call to answer.
    pub voucher_call_id: Uuid,
    /// Members of the caller's household to ask a voucher for, none twice.
    #[schema(value_type = std::collections::HashSet<Uuid>, min_items = 1, max_items = 20)]
    #[validate(length(min = 1, max = 20), custom(function = "distinct_members"))]
    pub household_member_ids: Vec<Uuid>,
}

pub(super) fn distinct_members(ids: &[Uuid]) -> Result<(), ValidationError> {
    checks::distinct(ids)
}

/// Create an application
///
/// Makes a draft for some members of the caller's household. The call must take applications now, and
/// the caller be employed today by an employer that it admits. Nothing counts until it is submitted.
#[utoipa::path(
    tag = "benefits",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CreateApplication,
    responses((status = 201, description = "The draft.", body = Application,
                headers(("Location" = String, description = "Address of the application."),
                        ("ETag" = String, description = "Version of the application."))),
              (status = 409, description = "The call takes no applications now (`call_not_open`), or the caller \
                                            already has one (`already_exists`).")),
)]
#[post("/v1/applications")]
pub async fn create_application(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    key: IdempotencyKey,
    body: Json<CreateApplication>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_application", body.hash()).sealed(&vault);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let call = voucher_calls::hold(conn, actor.territory_id, body.voucher_call_id, Hold::Share).await?;
        let call = call.filter(|call| call.state != VoucherCallState::Draft);
        let call = call.ok_or_else(|| Problem::invalid("/voucher_call_id", "not_found"))?;
        call.require_open(now())?;
        let worker_id = people::worker(conn, &actor).await?.ok_or_else(people::not_a_worker)?;
        let employer_id = people::admitted_employer(conn, &call, worker_id, None).await?;
        people::declared(conn, &vault, actor.territory_id, worker_id, &body.household_member_ids).await?;
        let id = new_id();
        let new = applications::NewApplication {
            id,
            territory_id: actor.territory_id,
            voucher_call_id: call.id,
            worker_id,
            employer_id,
        };
        applications::insert(conn, &new).await.map_err(already_applied)?;
        application_lines::replace(conn, actor.territory_id, id, call.id, &body.household_member_ids).await?;
        let made = (None, ApplicationState::Draft.as_str());
        let agent = Agent::of(&actor, Role::Worker);
        record(conn, actor.territory_id, (APPLICATION.aggregate, id), made, agent, None).await?;
        let application = reread(conn, &vault, actor.territory_id, id).await?;
        let etag = etag_of(application.version);
        Ok(Reply::created(format!("/v1/applications/{id}"), &application)?.etag(etag))
    })
    .await
}

fn already_applied(error: Error) -> Problem {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Problem::new(Code::AlreadyExists).explain(
            "C'è già una domanda per questo avviso: modificarla, o ritirarla prima di farne un'altra.",
            "There already is an application to this call: change it, or withdraw it before making another.",
        ),
        other => other.into(),
    }
}
