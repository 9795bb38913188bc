use super::order::{Order, OrderChild, OrderWorker};
use crate::rules::OrderState;
use crate::sealed_text::{FAMILY_NOTE, PROPOSAL_NOTE, REASON, SealedText};
use chrono::{DateTime, Utc};
use concilia_eligibility::open_member_name;
use concilia_kernel::db::cached;
use concilia_kernel::transition::Transition;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Money, Problem, Role};
use diesel::pg::Pg;
use diesel::sql_types::{
    Array, BigInt, Binary, Integer, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel::{OptionalExtension, QueryResult, QueryableByName, sql_query};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::Deserialize;
use uuid::Uuid;

/// An order as it is stored, with what decides who may see it and how much.
#[derive(Clone, QueryableByName)]
pub(super) struct StoredOrder {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    territory_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    store_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    family_plan_id: Uuid,
    #[diesel(sql_type = SmallInt)]
    line: i16,
    #[diesel(sql_type = SqlUuid)]
    provider_id: Uuid,
    #[diesel(sql_type = Text)]
    provider_name: String,
    #[diesel(sql_type = SqlUuid)]
    service_id: Uuid,
    #[diesel(sql_type = Text)]
    service_title_it: String,
    #[diesel(sql_type = Text)]
    service_title_en: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    service_session_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    starts_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ends_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Text)]
    worker_given_name: String,
    #[diesel(sql_type = Text)]
    worker_family_name: String,
    #[diesel(sql_type = SqlUuid)]
    household_member_id: Uuid,
    #[diesel(sql_type = SmallInt)]
    child_age: i16,
    #[diesel(sql_type = Binary)]
    person_sealed: Vec<u8>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    voucher_id: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    quantity: i32,
    #[diesel(sql_type = Numeric)]
    unit_price: Money,
    #[diesel(sql_type = Numeric)]
    total: Money,
    #[diesel(sql_type = Numeric)]
    covered: Money,
    #[diesel(sql_type = Numeric)]
    family_share: Money,
    #[diesel(sql_type = Text)]
    state: OrderState,
    #[diesel(sql_type = Nullable<Binary>)]
    note_sealed: Option<SealedText>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    proposed_session_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Binary>)]
    proposal_note_sealed: Option<SealedText>,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Timestamptz)]
    placed_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    due_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = SqlUuid)]
    account_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    lead_organisation_id: Uuid,
    #[diesel(sql_type = Text)]
    history: String,
}

/// A move of an order: its reason is sealed when one of the two sides made it.
#[derive(Deserialize)]
struct RecordedMove {
    from_state: Option<String>,
    to_state: String,
    actor_role: String,
    reason: Option<String>,
    reason_sealed: Option<SealedText>,
    occurred_at: DateTime<Utc>,
}

const STORED: &str = "\
SELECT o.id, o.territory_id, o.store_id, o.family_plan_id, o.line, o.provider_id, o.provider_name, o.service_id, \
       o.service_title_it, o.service_title_en, o.service_session_id, o.starts_at, o.ends_at, \
       w.given_name AS worker_given_name, w.family_name AS worker_family_name, o.household_member_id, o.child_age, \
       m.person_sealed, o.voucher_id, o.quantity, o.unit_price, o.total, o.covered, o.family_share, o.state::text AS state, \
       o.note_sealed, o.proposed_session_id, o.proposal_note_sealed, o.version, o.placed_at, o.due_at, w.account_id, \
       s.lead_organisation_id, \
       (SELECT json_agg(json_build_object('from_state', t.from_state, 'to_state', t.to_state, 'actor_role', t.actor_role, \
               'reason', t.reason, 'reason_sealed', replace(encode(t.reason_sealed, 'base64'), E'\\n', ''), \
               'occurred_at', t.occurred_at) ORDER BY t.id)::text \
          FROM transitions t WHERE t.aggregate_id = o.id) AS history \
  FROM orders o \
  JOIN stores s ON s.id = o.store_id \
  JOIN workers w ON w.id = o.worker_id \
  JOIN household_members m ON m.id = o.household_member_id";

/// Orders with their histories, in one statement; those that do not exist are left out.
pub(super) async fn load_orders<C>(conn: &mut C, ids: &[Uuid]) -> QueryResult<Vec<StoredOrder>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(sql_query(format!("{STORED} WHERE o.id = ANY ($1)")).bind::<Array<SqlUuid>, _>(ids)).load(conn).await
}

/// One order with its history.
pub(super) async fn load_order<C>(conn: &mut C, id: Uuid) -> QueryResult<Option<StoredOrder>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(sql_query(format!("{STORED} WHERE o.id = $1")).bind::<SqlUuid, _>(id)).get_result(conn).await.optional()
}

impl StoredOrder {
    /// The order as the caller may see it: its family, its provider, the lead of its store, the agency of its territory;
    /// 404 for all others.
    pub(super) fn seen_by(self, actor: &Actor, vault: &Vault) -> Result<Order, Problem> {
        let own = self.account_id == actor.id;
        let parties = own || actor.organisations(Role::Provider).contains(&self.provider_id);
        let looks_on =
            actor.has(Role::Ats) || actor.organisations(Role::AllianceLead).contains(&self.lead_organisation_id);
        if self.territory_id != actor.territory_id || !(parties || looks_on) {
            return Err(Problem::not_found());
        }
        let child = if parties {
            let given_name = open_member_name(vault, &self.person_sealed)?.given_name;
            Some(OrderChild { given_name, age: self.child_age })
        } else {
            None
        };
        let opened = |sealed: Option<SealedText>, purpose| {
            sealed.filter(|_| parties).map(|sealed| sealed.open(vault, purpose)).transpose()
        };
        let moves: Vec<RecordedMove> = serde_json::from_str(&self.history).map_err(Problem::internal)?;
        let history = moves.into_iter().map(|made| {
            Ok(Transition {
                from_state: made.from_state,
                to_state: made.to_state,
                actor_role: made.actor_role,
                reason: made.reason.filter(|_| parties).or(opened(made.reason_sealed, REASON)?),
                occurred_at: made.occurred_at,
            })
        });
        let history = history.collect::<Result<_, Problem>>()?;
        Ok(Order {
            id: self.id,
            store_id: self.store_id,
            family_plan_id: self.family_plan_id,
            line: self.line,
            provider_id: self.provider_id,
            provider_name: self.provider_name,
            service_id: self.service_id,
            service_title_it: self.service_title_it,
            service_title_en: self.service_title_en,
            service_session_id: self.service_session_id,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            worker: OrderWorker { given_name: self.worker_given_name, family_name: self.worker_family_name },
            child,
            household_member_id: own.then_some(self.household_member_id),
            voucher_id: self.voucher_id.filter(|_| own || !parties),
            quantity: self.quantity,
            unit_price: self.unit_price,
            total: self.total,
            covered: self.covered,
            family_share: self.family_share,
            state: self.state,
            note: opened(self.note_sealed, FAMILY_NOTE)?,
            proposed_session_id: self.proposed_session_id,
            proposal_note: opened(self.proposal_note_sealed, PROPOSAL_NOTE)?,
            placed_at: self.placed_at,
            due_at: self.due_at,
            history,
            version: self.version,
        })
    }
}
