//! Two throw-away territories with a few organisations, and the handlers of this context.

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use concilia_embedded::{Cluster, ClusterConfig};
use concilia_kernel::auth::{AccessClaims, RoleClaim};
use concilia_kernel::db::PoolSettings;
use concilia_kernel::{Actor, Db, Role, new_id};
use concilia_planning::{plans, project_calls, settings};
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
    /// A public body.
    pub lead_id: Uuid,
    /// A company and a non-profit.
    pub partner_ids: [Uuid; 2],
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
}

/// Runs a test over a database of its own. The cluster lives on threads of its own, as migrations block theirs.
pub fn with_scratch<F: Future<Output = ()>>(test: impl FnOnce(Scratch) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    let (cluster, scratch) = runtime.block_on(async {
        let cluster = Cluster::start(ClusterConfig::ephemeral()).await.expect("cluster");
        cluster.ensure_database("planning").await.expect("database");
        let url = cluster.url("planning");
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
            partner_ids: [new_id(), new_id()],
        };
        let (here, there, lead) = (scratch.territory_id, scratch.other_territory_id, scratch.lead_id);
        let [one, two] = scratch.partner_ids;
        scratch
            .run_sql(&format!(
                "INSERT INTO territories (id, code, name) VALUES ('{here}', 'HERE', 'Here'), ('{there}', 'THERE', 'There'); \
                 INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES \
                   ('{lead}', '{here}', 'Lead', 'public_body', '00000000001'), \
                   ('{one}', '{here}', 'One', 'company', '00000000002'), \
                   ('{two}', '{here}', 'Two', 'nonprofit', '00000000003')"
            ))
            .await;
        scratch
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

    pub fn actor(&self, role: Role, organisation: Uuid) -> Actor {
        actor(self.territory_id, new_id(), role, organisation)
    }

    pub fn ats(&self) -> Actor {
        self.actor(Role::Ats, new_id())
    }

    /// An officer of the other territory's agency.
    pub fn stranger(&self) -> Actor {
        actor(self.other_territory_id, new_id(), Role::Ats, new_id())
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
                .service(plans::create_plan::create_plan)
                .service(plans::update_plan::update_plan)
                .service(plans::list_plans::list_plans)
                .service(plans::get_plan::get_plan)
                .service(settings::get_planning_settings::get_planning_settings)
                .service(settings::update_planning_settings::update_planning_settings)
                .service(project_calls::create_project_call::create_project_call)
                .service(project_calls::update_project_call::update_project_call)
                .service(project_calls::list_project_calls::list_project_calls)
                .service(project_calls::get_project_call::get_project_call)
                .service(project_calls::open_project_call::open_project_call)
                .service(project_calls::extend_project_call::extend_project_call)
                .service(project_calls::close_project_call::close_project_call)
                .service(project_calls::cancel_project_call::cancel_project_call)
                .service(project_calls::start_evaluation::start_evaluation)
                .service(project_calls::archive_project_call::archive_project_call)
                .configure(crate::alliance::routes),
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

    pub async fn put(&self, actor: &Actor, path: &str, seen: &str, body: Value) -> Answer {
        self.call(Some(actor), Method::PUT, path, Some(body), &[("if-match", seen.to_owned())]).await
    }

    /// A plan with EUR 171,718.40 for local alliances.
    pub async fn plan(&self) -> Uuid {
        self.post(&self.ats(), "/v1/plans", Some(plan_content())).await.expect(201).id()
    }

    /// A draft call of a new plan.
    pub async fn draft(&self, change: impl FnOnce(&mut Value)) -> Answer {
        let mut content = call_content(self.plan().await);
        change(&mut content);
        self.post(&self.ats(), "/v1/project-calls", Some(content)).await.expect(201)
    }

    /// An open call of a new plan.
    pub async fn open_call(&self) -> Uuid {
        let call = self.draft(|_| ()).await.id();
        let _ = self.post(&self.ats(), &format!("/v1/project-calls/{call}/open"), None).await.expect(200);
        call
    }

    /// Turns the clock of an open call: it should have closed a second ago.
    pub async fn let_it_expire(&self, call: Uuid) {
        self.run_sql(&format!(
            "ALTER TABLE project_calls DISABLE TRIGGER project_calls_guarded; \
             UPDATE project_calls SET closes_at = now() - interval '1 second' WHERE id = '{call}'; \
             ALTER TABLE project_calls ENABLE TRIGGER project_calls_guarded"
        ))
        .await;
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

pub fn plan_content() -> Value {
    json!({
        "title": "Piano 2020-2023", "from_year": 2020, "to_year": 2023,
        "address_document": {"act": "Decreto n. 103", "date": "2020-02-28"}, "resources": "214648.00",
        "local_alliances": "171718.40", "system_actions": "42929.60", "expected_people": 3000,
        "expected_companies": 30,
    })
}

pub fn call_content(plan_id: Uuid) -> Value {
    json!({
        "plan_id": plan_id, "title": "Manifestazione d'interesse",
        "address_document": {"act": "Decreto n. 103", "date": "2020-02-28"}, "budget": "171718.40",
        "opens_at": "2020-03-02T08:00:00Z", "closes_at": "2098-05-15T10:00:00Z", "intervention_types": ["a", "b"],
        "maximum_grant": "40000.00", "minimum_score": "20.00",
        "criteria": [{"code": "innovation", "title": "Innovatività", "maximum": "10.00"},
                     {"code": "sustainability", "title": "Sostenibilità", "maximum": "12.50"}],
    })
}
