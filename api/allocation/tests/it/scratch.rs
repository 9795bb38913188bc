//! A throw-away territory with a call under evaluation, its scored projects, and the handlers of this context.

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use concilia_allocation::{admissible, allocations, awards, decree};
use concilia_embedded::{Cluster, ClusterConfig};
use concilia_kernel::auth::{AccessClaims, RoleClaim};
use concilia_kernel::db::PoolSettings;
use concilia_kernel::{Actor, Db, Role, new_id};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;
use uuid::Uuid;

/// Requested grant and score of each project of 2020, and what it was assigned.
pub const REAL: [(&str, &str, &str); 7] = [
    ("20000.00", "60.00", "17400.00"),
    ("40000.00", "59.00", "34800.00"),
    ("40000.00", "57.00", "34800.00"),
    ("35000.00", "50.00", "23100.00"),
    ("40000.00", "47.00", "26400.00"),
    ("23000.00", "44.00", "15180.00"),
    ("40000.00", "29.00", "20038.40"),
];

pub const REAL_BUDGET: &str = "171718.40";

/// What the tests stand on.
pub struct Scratch {
    url: String,
    db: Db,
    pub territory_id: Uuid,
    pub other_territory_id: Uuid,
    lead_id: Uuid,
    plan_id: Uuid,
}

/// A call under evaluation and its projects, in the order in which they were given.
pub struct Call {
    pub id: Uuid,
    pub projects: Vec<Uuid>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub body: Value,
    /// The body as it came, for what is no JSON.
    pub bytes: Vec<u8>,
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
        cluster.ensure_database("allocation").await.expect("database");
        let url = cluster.url("allocation");
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
            territory_id: new_id(),
            other_territory_id: new_id(),
            lead_id: new_id(),
            plan_id: new_id(),
        };
        let (here, there) = (scratch.territory_id, scratch.other_territory_id);
        let setup = format!(
            "INSERT INTO territories (id, code, name) VALUES ('{here}', 'HERE', 'Here'), ('{there}', 'THERE', 'There'); \
             INSERT INTO organisations (id, territory_id, name, kind, tax_code) \
               VALUES ('{}', '{here}', 'Lead', 'public_body', '00000000001'); \
             INSERT INTO plans (id, territory_id, title, from_year, to_year, resources, local_alliances, system_actions, \
               address_document_act, address_document_date, expected_people, expected_companies) \
               VALUES ('{}', '{here}', 'Plan', 2020, 2023, 214648.00, 171718.40, 42929.60, 'Act', '2020-01-01', 0, 0);",
            scratch.lead_id, scratch.plan_id
        );
        scratch.run_sql(&setup).await;
        scratch
    }

    pub async fn connect(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.url).await.expect("connection")
    }

    pub async fn run_sql(&self, sql: &str) {
        self.connect().await.batch_execute(sql).await.expect("statement");
    }

    /// What the database answers to a statement that it should refuse.
    pub async fn refused_sql(&self, sql: &str) -> String {
        self.connect().await.batch_execute(sql).await.expect_err("a refusal").to_string()
    }

    /// An officer of the agency.
    pub fn ats(&self) -> Actor {
        self.actor(Role::Ats)
    }

    pub fn actor(&self, role: Role) -> Actor {
        actor(self.territory_id, role, self.lead_id)
    }

    /// The same officer in the other territory.
    pub fn stranger(&self) -> Actor {
        actor(self.other_territory_id, Role::Ats, self.lead_id)
    }

    /// A call under evaluation, with a scored project for each (request, score).
    pub async fn call(&self, number: i16, budget: &str, projects: &[(String, String)]) -> Call {
        let (territory, call, plan, lead) = (self.territory_id, new_id(), self.plan_id, self.lead_id);
        let ids: Vec<Uuid> = projects.iter().map(|_| new_id()).collect();
        let mut sql = format!(
            "INSERT INTO project_calls (id, territory_id, plan_id, number, title, state, address_document_act, \
               address_document_date, budget, opens_at, closes_at, intervention_types, lead_kinds) \
             VALUES ('{call}', '{territory}', '{plan}', {number}, 'Call', 'draft', 'Act', '2020-01-01', {budget}, \
               '2020-02-01T00:00:00Z', '2020-05-01T00:00:00Z', ARRAY['a'], 'public_or_nonprofit'); \
             INSERT INTO evaluation_criteria (territory_id, project_call_id, position, code, title, maximum) \
             VALUES ('{territory}', '{call}', 1, 'innovation', 'Innovation', 1000); \
             UPDATE project_calls SET state = 'evaluating' WHERE id = '{call}';"
        );
        for (at, (id, (requested, score))) in ids.iter().zip(projects).enumerate() {
            let reference = format!("{number}.{}", at + 1);
            let _ = write!(
                sql,
                "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, \
                   state, project_call_id, requested_grant, cost_staff, submitted_at) \
                 VALUES ('{id}', '{territory}', '{reference}', 'Project {reference}', '{lead}', '2020-09-01', \
                   '2022-12-31', 'scored', '{call}', {requested}, {requested}, '2020-04-01T00:00:00Z'); \
                 INSERT INTO final_scores (id, territory_id, project_call_id, project_id, number, score, minutes_act, \
                   minutes_date) \
                 VALUES (uuid_v7(), '{territory}', '{call}', '{id}', 1, {score}, 'Minutes', '2020-07-01');"
            );
        }
        self.run_sql(&sql).await;
        Call { id: call, projects: ids }
    }

    /// The call of 2020.
    pub async fn real_call(&self) -> Call {
        let projects = REAL.map(|(requested, score, _)| (requested.to_owned(), score.to_owned()));
        self.call(2, REAL_BUDGET, &projects).await
    }

    /// Calls an operation as `actor`.
    pub async fn send(
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
                .service(admissible::set_admissible_amount::set_admissible_amount)
                .service(admissible::list_admissible_amounts::list_admissible_amounts)
                .service(allocations::create_allocation::create_allocation)
                .service(allocations::simulate_allocation::simulate_allocation)
                .service(allocations::suggest_allocation::suggest_allocation)
                .service(allocations::list_allocations::list_allocations)
                .service(allocations::get_allocation::get_allocation)
                .service(allocations::get_allocation_explanation::get_allocation_explanation)
                .service(allocations::approve_allocation::approve_allocation)
                .service(allocations::discard_allocation::discard_allocation)
                .service(awards::list_call_awards::list_call_awards)
                .service(decree::get_allocation_pdf::get_allocation_pdf)
                .service(decree::get_allocation_xlsx::get_allocation_xlsx),
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
        let bytes = to_bytes(response.into_body()).await.map(|bytes| bytes.to_vec()).unwrap_or_default();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, etag, body, bytes }
    }

    pub async fn get(&self, actor: Option<&Actor>, path: &str) -> Answer {
        self.send(actor, Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, actor: &Actor, path: &str, body: Value) -> Answer {
        self.send(Some(actor), Method::POST, path, Some(body), &[]).await
    }

    pub async fn put(&self, actor: &Actor, path: &str, body: Value) -> Answer {
        self.send(Some(actor), Method::PUT, path, Some(body), &[]).await
    }

    pub async fn allocate(&self, actor: &Actor, call: &Call, terms: Value) -> Answer {
        self.post(actor, &format!("/v1/project-calls/{}/allocations", call.id), terms).await
    }

    pub async fn approve(&self, actor: &Actor, allocation: Uuid) -> Answer {
        let act = json!({"act": "Decreto n. 452", "act_date": "2020-07-24"});
        self.post(actor, &format!("/v1/allocations/{allocation}/approve"), act).await
    }
}

fn actor(territory: Uuid, role: Role, organisation: Uuid) -> Actor {
    Actor::from_claims(&AccessClaims {
        iss: String::new(),
        aud: String::new(),
        sub: new_id(),
        client_id: String::new(),
        iat: 0,
        exp: i64::MAX,
        jti: new_id(),
        sid: None,
        territory,
        roles: vec![RoleClaim { role, organisation }],
    })
}

/// Three bands with these percentages, the residue to the last.
pub fn bands(percentages: [&str; 3]) -> Value {
    let band =
        |minimum_score: &str, percentage: &str| json!({"minimum_score": minimum_score, "percentage": percentage});
    let bands = [band("55.00", percentages[0]), band("40.00", percentages[1]), band("0.00", percentages[2])];
    json!({"method": "bands", "bands": bands, "residue": "last_band"})
}

/// The percentages of 2020.
pub fn real_terms() -> Value {
    bands(["0.87", "0.66", "0.50"])
}
