//! A throw-away database with a store, two providers and orders in the states that settlement meets.

use concilia_kernel::auth::RoleBinding;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Money, Role, new_id};
use concilia_ledger::{AwardTerms, CallAccount, NewVoucher, OrderMove, award, fund_call, hold, spend};
pub use concilia_scratch::Answer;
use concilia_scratch::Frame;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use std::ops::Deref;
use uuid::Uuid;

pub struct Scratch {
    frame: Frame,
    pub lead_id: Uuid,
    pub provider_id: Uuid,
    pub other_provider_id: Uuid,
    pub store_id: Uuid,
    pub voucher_id: Uuid,
}

/// Runs a test over a database of its own.
pub fn with_scratch<F: Future<Output = ()>>(test: impl FnOnce(Scratch) -> F) {
    concilia_scratch::run(async { test(Scratch::new().await).await });
}

impl Deref for Scratch {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.frame
    }
}

impl Scratch {
    /// References of vouchers and orders to other contexts are dropped: those have tests of their own.
    async fn new() -> Self {
        let mut scratch = Self {
            frame: Frame::new(concilia_payments::routes).await,
            lead_id: new_id(),
            provider_id: new_id(),
            other_provider_id: new_id(),
            store_id: new_id(),
            voucher_id: Uuid::nil(),
        };
        scratch.run_sql(&scratch.setup()).await;
        scratch.voucher_id = scratch.award(&mut scratch.connect().await).await;
        scratch
    }

    fn setup(&self) -> String {
        let territory_id = self.territory_id;
        let Self { lead_id, provider_id, other_provider_id, store_id, .. } = self;
        format!(
            "DO $$ DECLARE reference record; BEGIN \
               FOR reference IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint WHERE contype = 'f' \
                 AND conrelid IN ('vouchers'::regclass, 'call_balances'::regclass, 'orders'::regclass, 'stores'::regclass) LOOP \
                 EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', reference.owner, reference.conname); \
               END LOOP; END $$; \
             INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES \
               ('{lead_id}', '{territory_id}', 'Lead', 'public_body', '00000000001'), \
               ('{provider_id}', '{territory_id}', 'One', 'nonprofit', '00000000002'), \
               ('{other_provider_id}', '{territory_id}', 'Two', 'nonprofit', '00000000003'); \
             INSERT INTO stores (id, territory_id, project_id, lead_organisation_id, slug, name_it, name_en, description_it, \
               description_en) VALUES ('{store_id}', '{territory_id}', uuid_v7(), '{lead_id}', 'store', 'S', 'S', 'S', 'S');"
        )
    }

    async fn award(&self, conn: &mut AsyncPgConnection) -> Uuid {
        let (territory_id, voucher_call_id, lead_organisation_id) = (self.territory_id, new_id(), self.lead_id);
        let account = CallAccount { territory_id, voucher_call_id, lead_organisation_id };
        fund_call(conn, account, Money::from_cents(1000_00), Agent::SYSTEM, "opened").await.expect("funded");
        let terms = AwardTerms {
            territory_id,
            voucher_call_id,
            ranking_id: new_id(),
            lead_organisation_id,
            project_id: new_id(),
            spendable_categories: None,
            spend_by: "2099-12-31".parse().expect("day"),
        };
        let voucher = NewVoucher {
            application_line_id: new_id(),
            worker_id: new_id(),
            household_member_id: new_id(),
            value: Money::from_cents(900_00),
        };
        award(conn, &terms, &[voucher], Agent::SYSTEM, "ranking").await.expect("awarded")[0]
    }

    /// An order of 100.00, of which the voucher covers `cents`; accepted orders have spent it.
    pub async fn order(&self, provider_id: Uuid, state: &str, cents: i64) -> Uuid {
        let mut conn = self.connect().await;
        let (id, covered) = (new_id(), Money::from_cents(cents));
        let share = Money::from_cents(100_00 - cents);
        let voucher = if cents > 0 { format!("'{}'", self.voucher_id) } else { "NULL".into() };
        conn.batch_execute(&format!(
            "INSERT INTO orders (id, territory_id, store_id, family_plan_id, line, provider_id, worker_id, \
               household_member_id, child_age, service_id, voucher_id, quantity, unit_price, total, covered, family_share, state, \
               service_title_it, service_title_en, provider_name) \
             VALUES ('{id}', '{}', '{}', uuid_v7(), 1, '{provider_id}', uuid_v7(), uuid_v7(), 5, uuid_v7(), {voucher}, 1, 100, \
               100, {covered}, {share}, '{state}', 'Nido', 'Nursery', 'Cooperativa')",
            self.territory_id, self.store_id
        ))
        .await
        .expect("order");
        if cents > 0 {
            let part = OrderMove {
                territory_id: self.territory_id,
                voucher_id: self.voucher_id,
                order_id: id,
                amount: covered,
                agent: Agent::SYSTEM,
                reason: "test",
            };
            hold(&mut conn, part).await.expect("held");
            if state == "accepted" {
                spend(&mut conn, part).await.expect("spent");
            }
        }
        id
    }

    /// Somebody new with several roles.
    pub fn holder(&self, roles: &[(Role, Uuid)]) -> Actor {
        let bind = |&(role, organisation_id)| RoleBinding { role, organisation_id };
        Actor::of_person(new_id(), self.territory_id, roles.iter().map(bind).collect())
    }
}
