use crate::schema::provider_statements;
use chrono::{DateTime, Utc};
use concilia_kernel::extract::{IfMatch, etag_of};
use concilia_kernel::idempotency::Reply;
use concilia_kernel::transition::{Agent, StateMachine};
use concilia_kernel::{Actor, Money, Problem, Role, text_enum};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// State of a provider's statement.
    pub enum ProviderStatementState {
        /// Waits for the lead.
        Submitted = "submitted",
        /// May be paid.
        Approved = "approved",
        /// The bank has paid it.
        Paid = "paid",
    }
}

/// The moves of a statement.
pub(crate) const MOVES: StateMachine<ProviderStatementState> = StateMachine {
    aggregate: "provider_statement",
    moves: &[
        (ProviderStatementState::Submitted, ProviderStatementState::Approved),
        (ProviderStatementState::Approved, ProviderStatementState::Paid),
    ],
};

/// Orders of one provider in one store, accepted by the families and charged to the store's lead.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = provider_statements)]
pub struct ProviderStatement {
    pub id: Uuid,
    pub store_id: Uuid,
    /// Organisation that owes it.
    pub lead_organisation_id: Uuid,
    /// Organisation it is owed to.
    pub provider_id: Uuid,
    pub state: ProviderStatementState,
    /// Orders on it.
    #[schema(minimum = 1, maximum = 500)]
    pub orders: i32,
    /// Owed by the lead: what vouchers cover.
    pub covered: Money,
    /// For information: what families pay to the provider themselves.
    pub family_share: Money,
    /// Reference of the bank transfer; null until paid.
    #[schema(required, max_length = 140)]
    pub payment_reference: Option<String>,
    pub created_at: DateTime<Utc>,
    #[schema(required)]
    pub approved_at: Option<DateTime<Utc>>,
    #[schema(required)]
    pub paid_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub version: i64,
    #[serde(skip)]
    pub created_by: Uuid,
}

/// One order of a statement, with its amounts as they were when it was invoiced.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProviderStatementLine {
    pub order_id: Uuid,
    /// Price of the order.
    pub total: Money,
    /// Part owed by the lead; zero when no voucher covers the order.
    pub covered: Money,
    /// Part paid by the family to the provider.
    pub family_share: Money,
}

/// Who may decide on statements, and under which role the decision is recorded.
pub(crate) const DECIDERS: [Role; 2] = [Role::AllianceLead, Role::Ats];

impl ProviderStatement {
    /// The decider's part in the history, or 404 for whoever is neither of the lead nor of the agency.
    pub(crate) fn decided_by(&self, actor: &Actor) -> Result<Agent, Problem> {
        actor.require_any(&DECIDERS, self.lead_organisation_id)?;
        let lead = actor.holds(Role::AllianceLead, self.lead_organisation_id);
        Ok(Agent::of(actor, if lead { Role::AllianceLead } else { Role::Ats }))
    }

    /// Refuses a move that the state does not allow, or that was asked for on another version.
    pub(crate) fn check_move(&self, to: ProviderStatementState, seen: Option<&IfMatch>) -> Result<(), Problem> {
        if let Some(seen) = seen {
            seen.check(self.version)?;
        }
        MOVES.check(self.state, to)
    }

    pub(crate) fn reply(&self) -> Result<Reply, Problem> {
        Ok(Reply::ok(self)?.etag(etag_of(self.version)))
    }
}
