//! A move of a membership: held, checked, made, recorded, told.

use super::membership::Membership;
use super::queries::{self, Row};
use super::states::MEMBERSHIP;
use crate::MembershipState;
use concilia_kernel::checks;
use concilia_kernel::extract::{IfMatch, etag_of};
use concilia_kernel::idempotency::Reply;
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Problem, Role};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Why a membership is refused or ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "La sede è fuori dal territorio"}))]
pub struct MembershipReason {
    /// The reason, kept in the membership's history.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// The membership of the caller's territory, held until the transaction ends and as the caller has seen it.
pub(super) async fn hold(
    connection: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
    seen: Option<&IfMatch>,
) -> Result<Row, Problem> {
    let row = queries::hold(connection, actor.territory_id, id).await?.ok_or_else(Problem::not_found)?;
    seen.map_or(Ok(()), |seen| seen.check(row.version))?;
    Ok(row)
}

/// Who decides did not ask.
pub(super) fn require_other_person(actor: &Actor, row: &Row) -> Result<(), Problem> {
    if row.requested_by != Some(actor.id) {
        return Ok(());
    }
    Err(Problem::new(Code::ApproverIsAuthor).explain(
        "Chi ha presentato la richiesta di adesione non può deciderla.",
        "Whoever made the request to join cannot decide it.",
    ))
}

/// Makes a move of a membership that the transaction holds.
pub(super) async fn decide(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    actor: &Actor,
    role: Role,
    row: &Row,
    (to, reason): (MembershipState, Option<&str>),
) -> Result<Membership, Problem> {
    MEMBERSHIP.check(row.state, to)?;
    let territory_id = actor.territory_id;
    queries::set_state(connection, territory_id, row.id, to, actor.id, reason).await?;
    if to == MembershipState::Admitted {
        queries::take_over_stated(connection, territory_id, row.id).await?;
    }
    let moved = (Some(row.state.as_str()), to.as_str());
    let agent = Agent::of(actor, role);
    record(connection, territory_id, (MEMBERSHIP.aggregate, row.id), moved, agent, reason).await?;
    let told = json!({ "organisation_id": row.organisation_id });
    publish(connection, territory_id, &format!("membership.{to}"), row.id, told).await?;
    queries::find(connection, vault, territory_id, row.id).await?.ok_or_else(Problem::not_found)
}

/// The answer to a move.
pub(super) fn answer(membership: &Membership) -> Result<Reply, Problem> {
    Ok(Reply::ok(membership)?.etag(etag_of(membership.version)))
}
