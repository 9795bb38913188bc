//! A throw-away territory with a call under evaluation and a committee, and the handlers of this context.

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use concilia_embedded::{Cluster, ClusterConfig};
use concilia_evaluation::{call_evaluation, final_scores, scorecards};
use concilia_kernel::auth::{AccessClaims, RoleClaim};
use concilia_kernel::db::PoolSettings;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Db, Ratio, Role, new_id};
use concilia_planning::{
    AddressDocumentInput, CriterionInput, InterventionType, LeadKinds, NewPlan, NewProjectCall, ProjectCallState,
    insert_plan, insert_project_call,
};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// What the tests stand on.
pub struct Scratch {
    url: String,
    db: Db,
    pub territory_id: Uuid,
    pub other_territory_id: Uuid,
    /// A call under evaluation: `innovation` gives up to 10 points, `sustainability` up to 12.50.
    pub call_id: Uuid,
    /// Leads of projects.
    pub leads: [Uuid; 2],
    /// Organisations with a seat in the committee, and in no project.
    pub seats: [Uuid; 3],
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

    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().map_or(&[], Vec::as_slice)
    }
}

/// Runs a test over a database of its own. The cluster lives on threads of its own, as migrations block theirs.
pub fn with_scratch<F: Future<Output = ()>>(test: impl FnOnce(Scratch) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    let (cluster, scratch) = runtime.block_on(async {
        let cluster = Cluster::start(ClusterConfig::ephemeral()).await.expect("cluster");
        cluster.ensure_database("evaluation").await.expect("database");
        let url = cluster.url("evaluation");
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
            call_id: new_id(),
            leads: [new_id(), new_id()],
            seats: [new_id(), new_id(), new_id()],
        };
        let (here, there) = (scratch.territory_id, scratch.other_territory_id);
        let organisations = scratch.leads.iter().chain(&scratch.seats).zip(1..).map(|(id, number)| {
            format!("('{id}', '{here}', 'Organisation {number}', 'public_body', '{number:011}')")
        });
        scratch
            .run_sql(&format!(
                "INSERT INTO territories (id, code, name) VALUES ('{here}', 'HERE', 'Here'), ('{there}', 'THERE', 'There'); \
                 INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES {}",
                organisations.collect::<Vec<_>>().join(", ")
            ))
            .await;
        scratch.insert_call().await;
        scratch
    }

    async fn insert_call(&self) {
        let mut conn = self.connect().await;
        let address_document =
            AddressDocumentInput { act: "Decreto n. 103".into(), date: "2020-02-28".parse().unwrap() };
        let plan = NewPlan {
            id: new_id(),
            territory_id: self.territory_id,
            title: "Piano 2020-2023",
            from_year: 2020,
            to_year: 2023,
            address_document: &address_document,
            local_alliances: "171718.40".parse().unwrap(),
            system_actions: "42929.60".parse().unwrap(),
            expected_people: 3000,
            expected_companies: 30,
        };
        insert_plan(&mut conn, &plan).await.unwrap();
        let criterion = |code: &str, maximum: &str| CriterionInput {
            code: code.into(),
            title: code.into(),
            maximum: maximum.parse().unwrap(),
        };
        let call = NewProjectCall {
            id: self.call_id,
            territory_id: self.territory_id,
            plan_id: plan.id,
            number: 2,
            title: "Manifestazione d'interesse",
            state: ProjectCallState::Evaluating,
            address_document: &address_document,
            budget: "171718.40".parse().unwrap(),
            opens_at: "2020-03-02T08:00:00Z".parse().unwrap(),
            closes_at: "2020-05-15T10:00:00Z".parse().unwrap(),
            intervention_types: &[InterventionType::A],
            lead_kinds: LeadKinds::PublicOrNonprofit,
            coordination_limit: Ratio::hundredths(15).unwrap(),
            cofinancing_minimum: Ratio::hundredths(30).unwrap(),
            shift_threshold: Ratio::hundredths(10).unwrap(),
            maximum_grant: None,
            minimum_score: None,
            criteria: &[criterion("innovation", "10.00"), criterion("sustainability", "12.50")],
            agent: Agent::SYSTEM,
        };
        insert_project_call(&mut conn, &call).await.unwrap();
    }

    pub async fn connect(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.url).await.expect("connection")
    }

    pub async fn run_sql(&self, sql: &str) {
        self.try_sql(sql).await.expect("statement");
    }

    pub async fn try_sql(&self, sql: &str) -> diesel::QueryResult<()> {
        self.connect().await.batch_execute(sql).await
    }

    pub fn ats(&self) -> Actor {
        actor(self.territory_id, new_id(), Role::Ats, new_id())
    }

    /// An evaluator of the other territory, with a token for the same organisation.
    pub fn stranger(&self, role: Role) -> Actor {
        actor(self.other_territory_id, new_id(), role, self.seats[0])
    }

    /// An evaluator who fills the seat of an organisation.
    pub async fn evaluator(&self, organisation: Uuid) -> Actor {
        let (id, territory) = (new_id(), self.territory_id);
        self.run_sql(&format!(
            "INSERT INTO accounts (id, territory_id, email, password_hash, display_name) \
               VALUES ('{id}', '{territory}', '{id}@example.test', 'x', 'Evaluator'); \
             INSERT INTO role_bindings (territory_id, account_id, organisation_id, role) \
               VALUES ('{territory}', '{id}', '{organisation}', 'evaluator')"
        ))
        .await;
        actor(territory, id, Role::Evaluator, organisation)
    }

    /// An admissible project of the call.
    pub async fn project(&self, reference: &str, lead: Uuid) -> Uuid {
        let (id, territory, call) = (new_id(), self.territory_id, self.call_id);
        self.run_sql(&format!(
            "INSERT INTO projects (id, territory_id, project_call_id, reference, title, lead_organisation_id, starts_on, \
               ends_on, state, submitted_at) VALUES ('{id}', '{territory}', '{call}', '{reference}', 'P', '{lead}', \
               '2020-07-01', '2023-12-31', 'admissible', now()); \
             INSERT INTO project_partners (territory_id, project_id, organisation_id, role) \
               VALUES ('{territory}', '{id}', '{lead}', 'lead')"
        ))
        .await;
        id
    }

    pub async fn join(&self, project: Uuid, organisation: Uuid) {
        let territory = self.territory_id;
        self.run_sql(&format!(
            "INSERT INTO project_partners (territory_id, project_id, organisation_id, role, joined_on) \
             VALUES ('{territory}', '{project}', '{organisation}', 'network', '2020-06-01')"
        ))
        .await;
    }

    /// Calls an operation as `actor`.
    pub async fn call(
        &self,
        actor: &Actor,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&'static str, String)],
    ) -> Answer {
        let app = init_service(
            App::new()
                .app_data(Data::new(self.db.clone()))
                .service(scorecards::put_scorecard::put_scorecard)
                .service(scorecards::submit_scorecard::submit_scorecard)
                .service(scorecards::get_scorecard::get_scorecard)
                .service(scorecards::list_scorecards::list_scorecards)
                .service(call_evaluation::get_call_evaluation::get_call_evaluation)
                .service(call_evaluation::close_evaluation::close_evaluation)
                .service(final_scores::record_final_scores::record_final_scores)
                .service(final_scores::list_final_scores::list_final_scores),
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
        request.extensions_mut().insert(actor.clone());
        let response = call_service(&app, request).await;
        let status = response.status().as_u16();
        let etag = response.headers().get("etag").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let body = to_bytes(response.into_body()).await.ok();
        let body = body.and_then(|body| serde_json::from_slice(&body).ok()).unwrap_or(Value::Null);
        Answer { status, etag, body }
    }

    pub async fn get(&self, actor: &Actor, path: &str) -> Answer {
        self.call(actor, Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, actor: &Actor, path: &str, body: Option<Value>) -> Answer {
        self.call(actor, Method::POST, path, body, &[]).await
    }

    /// Writes a card that does not exist yet.
    pub async fn put(&self, actor: &Actor, project: Uuid, scores: Value) -> Answer {
        let path = format!("/v1/projects/{project}/scorecard");
        self.call(actor, Method::PUT, &path, Some(json!({"scores": scores})), &[]).await
    }

    pub async fn submit(&self, actor: &Actor, card: Uuid) -> Answer {
        self.post(actor, &format!("/v1/scorecards/{card}/submit"), None).await
    }

    /// A card written and submitted.
    pub async fn score(&self, actor: &Actor, project: Uuid, innovation: &str, sustainability: &str) -> Uuid {
        let card = self.put(actor, project, scores(innovation, sustainability)).await.expect(201).id();
        let _ = self.submit(actor, card).await.expect(200);
        card
    }

    pub async fn cards(&self, actor: &Actor) -> Answer {
        self.get(actor, &format!("/v1/project-calls/{}/scorecards", self.call_id)).await.expect(200)
    }

    pub async fn evaluation(&self, actor: &Actor) -> Answer {
        self.get(actor, &format!("/v1/project-calls/{}/evaluation", self.call_id)).await
    }

    pub async fn close(&self, actor: &Actor, reason: Option<&str>) -> Answer {
        let body = json!({"accept_incomplete": reason});
        self.post(actor, &format!("/v1/project-calls/{}/close-evaluation", self.call_id), Some(body)).await
    }
}

pub fn scores(innovation: &str, sustainability: &str) -> Value {
    json!([{"criterion": "innovation", "points": innovation, "comment": "Rete nuova.\nBuone premesse."},
           {"criterion": "sustainability", "points": sustainability}])
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
