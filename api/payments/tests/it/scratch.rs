//! A throw-away database with a store, two providers and orders in the states that settlement meets.

use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use concilia_embedded::{Cluster, ClusterConfig};
use concilia_kernel::auth::{AccessClaims, RoleClaim};
use concilia_kernel::db::PoolSettings;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Db, Money, Role, new_id};
use concilia_ledger::{AwardTerms, CallAccount, NewVoucher, OrderMove, award, fund_call, hold, spend};
use concilia_payments as payments;
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

pub struct Scratch {
    cluster: Cluster,
    pub db: Db,
    pub territory_id: Uuid,
    pub lead_id: Uuid,
    pub provider_id: Uuid,
    pub other_provider_id: Uuid,
    pub store_id: Uuid,
    pub voucher_id: Uuid,
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime")
}

impl Scratch {
    /// References of vouchers and orders to other contexts are dropped: those have tests of their own.
    pub async fn start() -> Self {
        let cluster = Cluster::start(ClusterConfig::ephemeral()).await.expect("cluster");
        cluster.ensure_database("payments").await.expect("database");
        let url = cluster.url("payments");
        concilia_kernel::db::migrate(&url).await.expect("migrations");
        let pool = PoolSettings { url, per_worker: 8, statement_timeout: Duration::from_secs(30) };
        let mut scratch = Self {
            cluster,
            db: Db::new(pool).expect("pool"),
            territory_id: new_id(),
            lead_id: new_id(),
            provider_id: new_id(),
            other_provider_id: new_id(),
            store_id: new_id(),
            voucher_id: Uuid::nil(),
        };
        let mut conn = scratch.connect().await;
        conn.batch_execute(&scratch.setup()).await.expect("setup");
        scratch.voucher_id = scratch.award(&mut conn).await;
        scratch
    }

    fn setup(&self) -> String {
        let Self { territory_id, lead_id, provider_id, other_provider_id, store_id, .. } = self;
        format!(
            "DO $$ DECLARE reference record; BEGIN \
               FOR reference IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint WHERE contype = 'f' \
                 AND conrelid IN ('vouchers'::regclass, 'call_balances'::regclass, 'orders'::regclass, 'stores'::regclass) LOOP \
                 EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', reference.owner, reference.conname); \
               END LOOP; END $$; \
             INSERT INTO territories (id, code, name) VALUES ('{territory_id}', 'TEST', 'Test'); \
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

    pub async fn connect(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.cluster.url("payments")).await.expect("connection")
    }

    pub fn actor(&self, roles: &[(Role, Uuid)]) -> Actor {
        Actor::from_claims(&AccessClaims {
            iss: String::new(),
            aud: String::new(),
            sub: new_id(),
            client_id: String::new(),
            iat: 0,
            exp: 0,
            jti: new_id(),
            sid: None,
            territory: self.territory_id,
            roles: roles
                .iter()
                .map(|(role, organisation)| RoleClaim { role: *role, organisation: *organisation })
                .collect(),
        })
    }

    /// Status, entity tag and body of an operation called as `actor`.
    pub async fn call(
        &self,
        actor: &Actor,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&'static str, &str)],
    ) -> (u16, Option<String>, Value) {
        let app = App::new()
            .app_data(Data::new(self.db.clone()))
            .service(payments::create_provider_statement::create_provider_statement)
            .service(payments::list_provider_statements::list_provider_statements)
            .service(payments::get_provider_statement::get_provider_statement)
            .service(payments::approve_provider_statement::approve_provider_statement)
            .service(payments::mark_provider_statement_paid::mark_provider_statement_paid);
        let app = init_service(app).await;
        let mut request = TestRequest::with_uri(path).method(method);
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        if let Some(body) = body {
            request = request.set_json(body);
        }
        let request = request.to_request();
        request.extensions_mut().insert(actor.clone());
        let response = call_service(&app, request).await;
        let tag = response.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        (response.status().as_u16(), tag, read_body_json(response).await)
    }

    pub async fn stop(self) {
        drop(self.db);
        self.cluster.stop().await.expect("stopped");
    }
}
