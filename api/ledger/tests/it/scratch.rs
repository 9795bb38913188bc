//! A throw-away database where the ledger stands alone.

use chrono::NaiveDate;
use concilia_embedded::{Cluster, ClusterConfig};
use concilia_kernel::db::PoolSettings;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Db, Money, new_id};
use concilia_ledger::{AwardTerms, CallAccount, NewVoucher, OrderMove, award, fund_call};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use std::time::Duration;
use uuid::Uuid;

pub const SPEND_BY: NaiveDate = NaiveDate::from_ymd_opt(2027, 6, 30).unwrap();

pub struct Scratch {
    cluster: Cluster,
    pub territory_id: Uuid,
    pub lead_organisation_id: Uuid,
}

impl Scratch {
    /// References to other contexts are dropped: orders and applications are theirs to test.
    pub async fn start() -> Self {
        let cluster = Cluster::start(ClusterConfig::ephemeral()).await.expect("cluster");
        cluster.ensure_database("ledger").await.expect("database");
        concilia_kernel::db::migrate(&cluster.url("ledger")).await.expect("migrations");
        let scratch = Self { cluster, territory_id: new_id(), lead_organisation_id: new_id() };
        let setup = format!(
            "INSERT INTO territories (id, code, name) VALUES ('{}', 'TEST', 'Test'); \
             DO $$ DECLARE reference record; BEGIN \
               FOR reference IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint WHERE contype = 'f' \
                 AND conrelid IN ('vouchers'::regclass, 'call_balances'::regclass, 'ledger_entries'::regclass) \
                 AND confrelid NOT IN ('vouchers'::regclass, 'voucher_balances'::regclass) LOOP \
                 EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', reference.owner, reference.conname); \
               END LOOP; END $$",
            scratch.territory_id
        );
        scratch.connect().await.batch_execute(&setup).await.expect("setup");
        scratch
    }

    pub async fn connect(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.cluster.url("ledger")).await.expect("connection")
    }

    pub fn db(&self) -> Db {
        let url = self.cluster.url("ledger");
        Db::new(PoolSettings { url, per_worker: 4, statement_timeout: Duration::from_secs(30) }).expect("pool")
    }

    /// A copy of the database, to spoil. Nobody may be connected to the original.
    pub async fn copy(&self, number: usize) -> AsyncPgConnection {
        let mut conn = AsyncPgConnection::establish(&self.cluster.url("postgres")).await.expect("connection");
        let create = format!("CREATE DATABASE copy_{number} TEMPLATE ledger");
        conn.batch_execute(&create).await.expect("copied");
        AsyncPgConnection::establish(&self.cluster.url(&format!("copy_{number}"))).await.expect("connection")
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

    pub async fn stop(self) {
        self.cluster.stop().await.expect("stopped");
    }
}

pub fn new_voucher(value: Money) -> NewVoucher {
    NewVoucher { application_line_id: new_id(), worker_id: new_id(), household_member_id: new_id(), value }
}

/// The migrations block their thread, so there must be another.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime")
}
