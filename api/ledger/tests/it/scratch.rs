//! A throw-away database where the ledger stands alone.

use chrono::NaiveDate;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Money, new_id};
use concilia_ledger::{AwardTerms, CallAccount, NewVoucher, OrderMove, award, fund_call};
use concilia_scratch::Frame;
use diesel_async::AsyncPgConnection;
use std::ops::Deref;
use uuid::Uuid;

pub const SPEND_BY: NaiveDate = NaiveDate::from_ymd_opt(2027, 6, 30).unwrap();

pub struct Scratch {
    frame: Frame,
    pub lead_organisation_id: Uuid,
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
    /// References to other contexts are dropped: orders and applications are theirs to test.
    pub async fn new() -> Self {
        let frame = Frame::new(concilia_ledger::routes).await;
        let scratch = Self { frame, lead_organisation_id: new_id() };
        let setup = "DO $$ DECLARE reference record; BEGIN \
               FOR reference IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint WHERE contype = 'f' \
                 AND conrelid IN ('vouchers'::regclass, 'call_balances'::regclass, 'ledger_entries'::regclass) \
                 AND confrelid NOT IN ('vouchers'::regclass, 'voucher_balances'::regclass) LOOP \
                 EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', reference.owner, reference.conname); \
               END LOOP; END $$";
        scratch.run_sql(setup).await;
        scratch
    }

    /// A call with `budget` that has awarded a voucher of each of `values`.
    pub async fn call(&self, conn: &mut AsyncPgConnection, budget: Money, values: &[Money]) -> (Uuid, Vec<Uuid>) {
        let account = CallAccount {
            territory_id: self.territory_id,
            voucher_call_id: new_id(),
            lead_organisation_id: self.lead_organisation_id,
        };
        fund_call(conn, account, budget, Agent::SYSTEM, "the call opens").await.expect("funded");
        let terms = self.terms(account.voucher_call_id);
        let vouchers: Vec<NewVoucher> = values.iter().map(|value| new_voucher(*value)).collect();
        let ids = award(conn, &terms, &vouchers, Agent::SYSTEM, "ranking approved").await.expect("awarded");
        (account.voucher_call_id, ids)
    }

    pub fn terms(&self, voucher_call_id: Uuid) -> AwardTerms {
        AwardTerms {
            territory_id: self.territory_id,
            voucher_call_id,
            ranking_id: new_id(),
            lead_organisation_id: self.lead_organisation_id,
            project_id: new_id(),
            spendable_categories: Some(vec!["after_school".into()]),
            spend_by: SPEND_BY,
        }
    }

    pub fn order_move(&self, voucher_id: Uuid, order_id: Uuid, cents: i64) -> OrderMove<'static> {
        OrderMove {
            territory_id: self.territory_id,
            voucher_id,
            order_id,
            amount: Money::from_cents(cents),
            agent: Agent::SYSTEM,
            reason: "test",
        }
    }
}

pub fn new_voucher(value: Money) -> NewVoucher {
    NewVoucher { application_line_id: new_id(), worker_id: new_id(), household_member_id: new_id(), value }
}
