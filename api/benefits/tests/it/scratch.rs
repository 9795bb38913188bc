//! A throw-away territory with a lead, two employers and families, and the handlers of this context.

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use concilia_benefits::{applications, rankings, voucher_calls};
use concilia_eligibility::{
    HouseholdFacts, HouseholdPerson, Relationship, SchoolLevel, insert_household, insert_member,
};
use concilia_embedded::{Cluster, ClusterConfig};
use concilia_kernel::auth::{AccessClaims, RoleClaim};
use concilia_kernel::db::PoolSettings;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Role, new_id};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// What the tests stand on.
pub struct Scratch {
    url: String,
    db: Db,
    pub vault: Vault,
    pub territory_id: Uuid,
    pub other_territory_id: Uuid,
    pub lead_id: Uuid,
    pub project_id: Uuid,
    pub employer_id: Uuid,
    pub other_employer_id: Uuid,
}

/// A worker with children, employed by one employer.
pub struct Family {
    pub actor: Actor,
    pub children: Vec<Uuid>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Value,
}

impl Answer {
    pub fn id(&self) -> Uuid {
        self.body["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no id in {}", self.body))
    }

    /// The refusal's code and, of its first error, pointer and code.
    pub fn refusal(&self) -> (u16, &str, &str, &str) {
        let text = |value: &'static str| self.body.pointer(value).and_then(Value::as_str).unwrap_or("-");
        (self.status, text("/code"), text("/errors/0/pointer"), text("/errors/0/code"))
    }
}

/// Runs a test over a database of its own. The cluster lives on threads of its own, as migrations block theirs.
pub fn with_scratch<F: Future<Output = ()>>(test: impl FnOnce(Scratch) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    let (cluster, scratch) = runtime.block_on(async {
        let cluster = Cluster::start(ClusterConfig::ephemeral()).await.expect("cluster");
        cluster.ensure_database("benefits").await.expect("database");
        let url = cluster.url("benefits");
        concilia_kernel::db::migrate(&url).await.expect("migrations");
        (cluster, Scratch::fill(url).await)
    });
    actix_web::rt::System::new().block_on(test(scratch));
    runtime.block_on(cluster.stop()).expect("stopped");
}

impl Scratch {
    async fn fill(url: String) -> Self {
        let statement_timeout = Duration::from_mins(1);
        let db = Db::new(PoolSettings { url: url.clone(), per_worker: 16, statement_timeout }).expect("pool");
        let scratch = Self {
            url,
            db,
            vault: Vault::new(&[7; 32]).expect("vault"),
            territory_id: new_id(),
            other_territory_id: new_id(),
            lead_id: new_id(),
            project_id: new_id(),
            employer_id: new_id(),
            other_employer_id: new_id(),
        };
        let (here, there) = (scratch.territory_id, scratch.other_territory_id);
        let (lead, one, two) = (scratch.lead_id, scratch.employer_id, scratch.other_employer_id);
        let setup = format!(
            "INSERT INTO territories (id, code, name) VALUES ('{here}', 'HERE', 'Here'), ('{there}', 'THERE', 'There'); \
             INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES \
               ('{lead}', '{here}', 'Lead', 'public_body', '00000000001'), \
               ('{one}', '{here}', 'One', 'company', '00000000002'), \
               ('{two}', '{here}', 'Two', 'company', '00000000003'); \
             INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state) \
               VALUES ('{}', '{here}', '2.5', 'Project', '{lead}', '2026-01-01', '2099-12-31', 'running');",
            scratch.project_id
        );
        scratch.connect().await.batch_execute(&setup).await.expect("setup");
        scratch
    }

    pub async fn connect(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.url).await.expect("connection")
    }

    pub async fn run_sql(&self, sql: &str) {
        self.connect().await.batch_execute(sql).await.expect("statement");
    }

    pub fn actor(&self, role: Role, organisation: Uuid) -> Actor {
        actor(self.territory_id, new_id(), role, organisation)
    }

    pub fn lead(&self) -> Actor {
        self.actor(Role::AllianceLead, self.lead_id)
    }

    pub fn ats(&self) -> Actor {
        self.actor(Role::Ats, new_id())
    }

    /// An officer of the same organisation's name in the other territory.
    pub fn stranger(&self, role: Role) -> Actor {
        actor(self.other_territory_id, new_id(), role, self.lead_id)
    }

    /// A worker of `employer` whose children have these birth dates; each child's tax code is recognised by its
    /// number, so that two families can name the same child.
    pub async fn family(&self, employer: Uuid, children: &[(&str, Option<u128>)]) -> Family {
        let mut conn = self.connect().await;
        let (territory_id, worker_id, account_id, household_id) =
            (self.territory_id, new_id(), new_id(), new_id());
        let index = worker_id.simple();
        let setup = format!(
            "INSERT INTO accounts (id, territory_id, email, password_hash, display_name) \
               VALUES ('{account_id}', '{territory_id}', '{account_id}@example.test', 'x', 'Worker'); \
             INSERT INTO workers (id, territory_id, account_id, tax_code_index, tax_code_sealed, given_name, family_name) \
               VALUES ('{worker_id}', '{territory_id}', '{account_id}', '\\x{index}', '\\x00', 'A', 'B'); \
             INSERT INTO employees (id, territory_id, employer_id, external_id, tax_code_index, tax_code_sealed, given_name, \
               family_name, employed_from, contract_type, shift_worker) \
               VALUES ('{}', '{territory_id}', '{employer}', '{worker_id}', '\\x{index}', '\\x00', 'A', 'B', '2020-01-01', \
               'permanent', false);",
            new_id()
        );
        conn.batch_execute(&setup).await.expect("worker");
        let facts = HouseholdFacts {
            both_parents_working: true,
            isee: Some("12000.00".parse().unwrap()),
            ..HouseholdFacts::default()
        };
        insert_household(&mut conn, &self.vault, territory_id, household_id, worker_id, &facts)
            .await
            .expect("household");
        let mut members = vec![];
        for (birth_date, number) in children {
            let id = new_id();
            insert_member(&mut conn, &self.vault, territory_id, household_id, id, &child(birth_date))
                .await
                .expect("member");
            if let Some(number) = number {
                let index = Uuid::from_u128(*number).simple().to_string();
                conn.batch_execute(&format!(
                    "UPDATE household_members SET tax_code_index = '\\x{index}' WHERE id = '{id}'"
                ))
                .await
                .expect("index");
            }
            members.push(id);
        }
        Family { actor: actor(territory_id, account_id, Role::Worker, employer), children: members }
    }

    /// Calls an operation as `actor`.
    pub async fn call(
        &self,
        actor: Option<&Actor>,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&'static str, String)],
    ) -> Answer {
        let app = init_service(
            App::new()
                .app_data(Data::new(self.db.clone()))
                .app_data(Data::new(self.vault.clone()))
                .service(voucher_calls::create_voucher_call::create_voucher_call)
                .service(voucher_calls::list_voucher_calls::list_voucher_calls)
                .service(voucher_calls::get_voucher_call::get_voucher_call)
                .service(voucher_calls::update_voucher_call::update_voucher_call)
                .service(voucher_calls::open_voucher_call::open_voucher_call)
                .service(voucher_calls::close_voucher_call::close_voucher_call)
                .service(applications::create_application::create_application)
                .service(applications::list_applications::list_applications)
                .service(applications::get_application::get_application)
                .service(applications::update_application::update_application)
                .service(applications::submit_application::submit_application)
                .service(applications::withdraw_application::withdraw_application)
                .service(applications::get_application_explanation::get_application_explanation)
                .service(rankings::create_ranking::create_ranking)
                .service(rankings::list_rankings::list_rankings)
                .service(rankings::get_ranking::get_ranking)
                .service(rankings::approve_ranking::approve_ranking),
        )
        .await;
        let mut request = TestRequest::with_uri(path).method(method);
        if let Some(body) = body {
            request = request.set_json(body);
        }
        for (name, value) in headers {
            request = request.insert_header((*name, value.as_str()));
        }
        let request = request.to_request();
        if let Some(actor) = actor {
            request.extensions_mut().insert(actor.clone());
        }
        let response = call_service(&app, request).await;
        let status = response.status().as_u16();
        let etag = response.headers().get("etag").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let body = to_bytes(response.into_body()).await.ok();
        let body = body.and_then(|body| serde_json::from_slice(&body).ok()).unwrap_or(Value::Null);
        Answer { status, etag, body }
    }

    pub async fn get(&self, actor: Option<&Actor>, path: &str) -> Answer {
        self.call(actor, Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, actor: &Actor, path: &str, body: Option<Value>) -> Answer {
        self.call(Some(actor), Method::POST, path, body, &[]).await
    }

    /// Creates and opens a call of 1000.00, 300.00 a child up to 500.00 a household, ages 0 to 16.
    pub async fn open_call(&self, change: impl FnOnce(&mut Value)) -> Uuid {
        let mut content = call_content(self.project_id);
        change(&mut content);
        let made = self.post(&self.lead(), "/v1/voucher-calls", Some(content)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let opened = self.post(&self.lead(), &format!("/v1/voucher-calls/{}/open", made.id()), None).await;
        assert_eq!(opened.status, 200, "{}", opened.body);
        made.id()
    }

    /// A submitted application of all the family's children.
    pub async fn submit(&self, family: &Family, call: Uuid) -> Uuid {
        let body = json!({"voucher_call_id": call, "household_member_ids": family.children});
        let made = self.post(&family.actor, "/v1/applications", Some(body)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let submitted = self.post(&family.actor, &format!("/v1/applications/{}/submit", made.id()), None).await;
        assert_eq!(submitted.status, 200, "{}", submitted.body);
        made.id()
    }

    pub async fn close(&self, call: Uuid) {
        let reason = json!({"reason": "Fine"});
        let closed = self.post(&self.ats(), &format!("/v1/voucher-calls/{call}/close"), Some(reason)).await;
        assert_eq!(closed.status, 200, "{}", closed.body);
    }
}

fn actor(territory: Uuid, sub: Uuid, role: Role, organisation: Uuid) -> Actor {
    Actor::from_claims(&AccessClaims {
        iss: String::new(),
        aud: String::new(),
        sub,
        client_id: String::new(),
        iat: 0,
        exp: i64::MAX,
        jti: new_id(),
        sid: None,
        territory,
        roles: vec![RoleClaim { role, organisation }],
    })
}

pub fn call_content(project_id: Uuid) -> Value {
    json!({
        "project_id": project_id, "title_it": "Avviso", "title_en": "Call", "budget": "1000.00",
        "value_per_child": "300.00", "household_cap": "500.00", "minimum_age": 0, "maximum_age": 16,
        "criteria": [{"criterion": "child_disability", "points": 40}, {"criterion": "both_parents_working", "points": 5},
                     {"criterion": "isee_up_to", "threshold": "15000.00", "points": 10}],
        "tie_breaks": ["isee_ascending", "submitted_at_ascending"],
        "opens_at": "2020-01-01T00:00:00Z", "closes_at": "2098-06-30T10:00:00Z", "spend_by": "2099-12-31",
    })
}

fn child(birth_date: &str) -> HouseholdPerson {
    HouseholdPerson {
        given_name: "C".into(),
        family_name: "B".into(),
        birth_date: birth_date.parse().expect("a day"),
        relationship: Relationship::Child,
        disability: false,
        learning_disorder: false,
        other_fragility: false,
        school_level: SchoolLevel::Primary,
        tax_code: None,
    }
}
