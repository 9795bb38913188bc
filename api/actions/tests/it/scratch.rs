//! A throw-away territory with a plan, projects and organisations, and the handlers of this context.

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use concilia_actions::{
    actions, attendance, certificates, company_paths, events, meetings, participations, payments, questionnaires,
    sign_ups,
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
    vault: Vault,
    pub territory_id: Uuid,
    other_territory_id: Uuid,
    /// 2020 to 2023, with EUR 42,929.60 for its system actions.
    pub plan_id: Uuid,
    pub agency_id: Uuid,
    pub lead_id: Uuid,
    /// A company, member of the network.
    pub company_id: Uuid,
    /// A company that never joined.
    pub outsider_id: Uuid,
    pub project_ids: [Uuid; 2],
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

    /// The body, after asserting the status.
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Status and code of a refusal.
    pub fn code(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("-"))
    }

    /// Pointer and code of a refusal's first error.
    pub fn fault(&self) -> (&str, &str) {
        let text = |pointer: &'static str| self.body.pointer(pointer).and_then(Value::as_str).unwrap_or("-");
        (text("/errors/0/pointer"), text("/errors/0/code"))
    }
}

/// Runs a test over a database of its own. The cluster lives on threads of its own, as migrations block theirs.
pub fn with_scratch<F: Future<Output = ()>>(test: impl FnOnce(Scratch) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    let (cluster, scratch) = runtime.block_on(async {
        let cluster = Cluster::start(ClusterConfig::ephemeral()).await.expect("cluster");
        cluster.ensure_database("actions").await.expect("database");
        let url = cluster.url("actions");
        concilia_kernel::db::migrate(&url).await.expect("migrations");
        (cluster, Scratch::fill(url).await)
    });
    actix_web::rt::System::new().block_on(test(scratch));
    runtime.block_on(cluster.stop()).expect("stopped");
}

impl Scratch {
    async fn fill(url: String) -> Self {
        let statement_timeout = Duration::from_mins(1);
        let db = Db::new(PoolSettings { url: url.clone(), per_worker: 24, statement_timeout }).expect("pool");
        let scratch = Self {
            url,
            db,
            vault: Vault::new(&[7; 32]).expect("vault"),
            territory_id: new_id(),
            other_territory_id: new_id(),
            plan_id: new_id(),
            agency_id: new_id(),
            lead_id: new_id(),
            company_id: new_id(),
            outsider_id: new_id(),
            project_ids: [new_id(), new_id()],
        };
        let (here, there, plan) = (scratch.territory_id, scratch.other_territory_id, scratch.plan_id);
        let (agency, lead) = (scratch.agency_id, scratch.lead_id);
        let (company, outsider) = (scratch.company_id, scratch.outsider_id);
        let [one, two] = scratch.project_ids;
        let setup = format!(
            "INSERT INTO territories (id, code, name) VALUES ('{here}', 'HERE', 'Here'), ('{there}', 'THERE', 'There'); \
             INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES \
               ('{agency}', '{here}', 'Agency', 'public_body', '00000000001'), \
               ('{lead}', '{here}', 'Lead', 'nonprofit', '00000000002'), \
               ('{company}', '{here}', 'Company', 'company', '00000000003'), \
               ('{outsider}', '{here}', 'Outsider', 'company', '00000000004'); \
             INSERT INTO plans (id, territory_id, title, from_year, to_year, resources, local_alliances, system_actions, \
               address_document_act, address_document_date, expected_people, expected_companies) \
               VALUES ('{plan}', '{here}', 'Plan', 2020, 2023, 214648.00, 171718.40, 42929.60, 'Decreto n. 103', \
               '2020-02-28', 3000, 30); \
             INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state) VALUES \
               ('{one}', '{here}', '2.1', 'One', '{lead}', '2020-06-03', '2023-05-31', 'running'), \
               ('{two}', '{here}', '2.2', 'Two', '{lead}', '2020-06-03', '2023-05-31', 'running');"
        );
        let mut conn = scratch.connect().await;
        conn.batch_execute(&setup).await.expect("setup");
        concilia_network::insert_membership(&mut conn, here, company, concilia_network::MembershipState::Admitted)
            .await
            .expect("membership");
        scratch
    }

    pub async fn connect(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.url).await.expect("connection")
    }

    /// Whether the database takes the statements.
    pub async fn run_sql(&self, sql: &str) -> Result<(), String> {
        self.connect().await.batch_execute(sql).await.map_err(|error| error.to_string())
    }

    /// Somebody new with a role for an organisation.
    pub fn actor(&self, role: Role, organisation: Uuid) -> Actor {
        actor(self.territory_id, role, organisation)
    }

    /// An officer of the agency; each call another one.
    pub fn ats(&self) -> Actor {
        self.actor(Role::Ats, self.agency_id)
    }

    pub fn worker(&self) -> Actor {
        self.actor(Role::Worker, self.company_id)
    }

    /// Somebody with this role in the other territory.
    pub fn stranger(&self, role: Role) -> Actor {
        actor(self.other_territory_id, role, self.agency_id)
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
                .configure(routes),
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
        self.call(actor, Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, actor: &Actor, path: &str, body: Value) -> Answer {
        self.call(Some(actor), Method::POST, path, Some(body), &[]).await
    }

    /// POST without a body.
    pub async fn act(&self, actor: &Actor, path: &str) -> Answer {
        self.call(Some(actor), Method::POST, path, None, &[]).await
    }

    pub async fn put(&self, actor: &Actor, path: &str, seen: &str, body: Value) -> Answer {
        self.call(Some(actor), Method::PUT, path, Some(body), &[("if-match", seen.to_owned())]).await
    }

    /// A system action of this budget.
    pub async fn action(&self, budget: &str) -> Uuid {
        let made = self.post(&self.ats(), "/v1/actions", action_content(self.plan_id, budget)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        made.id()
    }

    pub async fn running_action(&self, budget: &str) -> Uuid {
        let id = self.action(budget).await;
        self.act(&self.ats(), &format!("/v1/actions/{id}/start")).await.expect(200);
        id
    }

    /// A published event; sign-up is open, and its one session is still to come.
    pub async fn published_event(&self, change: impl FnOnce(&mut Value)) -> Uuid {
        let mut content = event_content();
        change(&mut content);
        let made = self.post(&self.ats(), "/v1/events", content).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let id = made.id();
        self.act(&self.ats(), &format!("/v1/events/{id}/publish")).await.expect(200);
        id
    }

    /// Moves an event and its sessions into the past.
    pub async fn let_it_pass(&self, event: Uuid) {
        let sql = format!(
            "UPDATE events SET sign_up_opens_at = sign_up_opens_at - interval '2 years', \
               sign_up_closes_at = now() - interval '3 years', starts_at = starts_at - interval '80 years', \
               ends_at = ends_at - interval '80 years' WHERE id = '{event}'; \
             UPDATE event_sessions SET starts_at = starts_at - interval '80 years', \
               ends_at = ends_at - interval '80 years' WHERE event_id = '{event}'"
        );
        self.run_sql(&sql).await.expect("moved");
    }

    /// Signs somebody up for themselves.
    pub async fn sign_up(&self, actor: &Actor, event: Uuid) -> Answer {
        let email = format!("{}@example.it", actor.id.simple());
        let body = json!({"participants": [{"name": "Anna Bianchi", "email": email}]});
        self.post(actor, &format!("/v1/events/{event}/sign-ups"), body).await
    }
}

fn routes(config: &mut actix_web::web::ServiceConfig) {
    config
        .service(actions::create_action::create_action)
        .service(actions::update_action::update_action)
        .service(actions::list_actions::list_actions)
        .service(actions::get_action::get_action)
        .service(actions::start_action::start_action)
        .service(actions::conclude_action::conclude_action)
        .service(actions::cancel_action::cancel_action)
        .service(payments::create_action_payment::create_action_payment)
        .service(payments::reverse_action_payment::reverse_action_payment)
        .service(payments::approve_action_payment::approve_action_payment)
        .service(payments::refuse_action_payment::refuse_action_payment)
        .service(payments::list_action_payments::list_action_payments)
        .service(meetings::create_action_meeting::create_action_meeting)
        .service(meetings::hold_action_meeting::hold_action_meeting)
        .service(meetings::cancel_action_meeting::cancel_action_meeting)
        .service(meetings::list_action_meetings::list_action_meetings)
        .service(events::create_event::create_event)
        .service(events::update_event::update_event)
        .service(events::publish_event::publish_event)
        .service(events::conclude_event::conclude_event)
        .service(events::cancel_event::cancel_event)
        .service(events::list_events::list_events)
        .service(events::get_event::get_event)
        .service(sign_ups::create_event_sign_ups::create_event_sign_ups)
        .service(sign_ups::list_event_sign_ups::list_event_sign_ups)
        .service(sign_ups::get_event_sign_up::get_event_sign_up)
        .service(sign_ups::cancel_event_sign_up::cancel_event_sign_up)
        .service(certificates::get_event_certificate::get_event_certificate)
        .service(attendance::get_event_attendance::get_event_attendance)
        .service(attendance::update_event_attendance::update_event_attendance)
        .service(company_paths::create_company_path::create_company_path)
        .service(company_paths::list_company_paths::list_company_paths)
        .service(company_paths::get_company_path::get_company_path)
        .service(company_paths::close_company_path::close_company_path)
        .service(participations::join_company_path::join_company_path)
        .service(participations::list_path_participations::list_path_participations)
        .service(participations::get_path_participation::get_path_participation)
        .service(participations::record_path_step::record_path_step)
        .service(participations::withdraw_path_participation::withdraw_path_participation)
        .service(questionnaires::create_questionnaire::create_questionnaire)
        .service(questionnaires::update_questionnaire::update_questionnaire)
        .service(questionnaires::list_questionnaires::list_questionnaires)
        .service(questionnaires::get_questionnaire::get_questionnaire)
        .service(questionnaires::open_questionnaire::open_questionnaire)
        .service(questionnaires::close_questionnaire::close_questionnaire)
        .service(questionnaires::create_questionnaire_token::create_questionnaire_token)
        .service(questionnaires::answer_questionnaire::answer_questionnaire)
        .service(questionnaires::get_questionnaire_results::get_questionnaire_results);
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

pub fn action_content(plan_id: Uuid, budget: &str) -> Value {
    json!({
        "plan_id": plan_id, "kind": "system", "title": "Formazione alle imprese", "description": "Seminari.",
        "intervention_types": ["d", "a"], "budget": budget, "years": [], "cofinancing": [], "project_ids": [],
    })
}

/// Two places, one session of two hours in 2097, sign-up open.
pub fn event_content() -> Value {
    json!({
        "kind": "course", "title": "Smart working", "description": "Per le imprese.", "place": "online",
        "online_url": "https://meet.example/abc", "capacity": 2, "sign_up_opens_at": "2020-01-01T00:00:00Z",
        "sign_up_closes_at": "2097-03-01T00:00:00Z", "certificate_share": "0.75",
        "sessions": [{"starts_at": "2097-03-03T13:00:00Z", "ends_at": "2097-03-03T15:00:00Z"}],
    })
}
