//! A territory with an agency, organisations, a project and a committee of five seats, and the handlers of this context.

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use chrono::{DateTime, Duration as Span, Utc};
use concilia_embedded::{Cluster, ClusterConfig};
use concilia_governance::{agenda, bodies, duties, meetings, minutes, motions, opinions, settings};
use concilia_kernel::auth::{AccessClaims, RoleClaim};
use concilia_kernel::db::PoolSettings;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Role, new_id, now};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// Addresses of the one cluster of this process.
struct Shared {
    admin: String,
    prefix: String,
}

static SHARED: OnceLock<Shared> = OnceLock::new();
static NEXT: AtomicUsize = AtomicUsize::new(0);

/// Starts the cluster on a thread that lives as long as the process, as the cluster does.
fn shared() -> &'static Shared {
    SHARED.get_or_init(|| {
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let mut config = ClusterConfig::ephemeral();
                config.settings.push(("max_connections".into(), "300".into()));
                let cluster = Cluster::start(config).await.expect("cluster");
                cluster.ensure_database("template").await.expect("database");
                concilia_kernel::db::migrate(&cluster.url("template")).await.expect("migrations");
                send.send(Shared { admin: cluster.url("postgres"), prefix: cluster.url("placeholder") }).unwrap();
                std::future::pending::<()>().await;
            });
        });
        receive.recv().expect("the cluster starts")
    })
}

pub struct Scratch {
    url: String,
    db: Db,
    pub territory_id: Uuid,
    pub agency: Uuid,
    /// Members of the network, the agency not among them.
    pub members: Vec<Uuid>,
    /// Led by the first member, joined by the second.
    pub project: Uuid,
}

/// A committee: the agency in the chair, then the members.
pub struct Committee {
    pub id: Uuid,
    /// Titular and substitute of each seat, the chair's first.
    pub people: Vec<(Actor, Actor)>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub text: String,
    pub body: Value,
}

impl Answer {
    pub fn id(&self) -> Uuid {
        self.body["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no id in {}", self.text))
    }

    /// Status and code of a refusal.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("-"))
    }

    /// The body, after asserting the status.
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }
}

pub fn with_scratch<F: Future<Output = ()>>(test: impl FnOnce(Scratch) -> F) {
    let shared = shared();
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    actix_web::rt::System::new().block_on(async {
        let mut admin = AsyncPgConnection::establish(&shared.admin).await.expect("admin");
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template")).await.expect("clone");
        test(Scratch::fill(shared.prefix.replace("placeholder", &name)).await).await;
    });
}

/// Runs one request through a fresh application of these handlers.
macro_rules! application {
    ($scratch:expr; $($module:ident: $($handler:ident),+;)+) => {
        init_service(App::new()
            .app_data(Data::new($scratch.db.clone()))
            .app_data(Data::new(Vault::new(&[7; 32]).expect("vault")))
            $($(.service($module::$handler::$handler))+)+)
        .await
    };
}

impl Scratch {
    async fn fill(url: String) -> Self {
        let statement_timeout = Duration::from_mins(1);
        let db = Db::new(PoolSettings { url: url.clone(), per_worker: 12, statement_timeout }).expect("pool");
        let members: Vec<Uuid> = (0..4).map(|_| new_id()).collect();
        let scratch = Self { url, db, territory_id: new_id(), agency: new_id(), members, project: new_id() };
        let (territory, agency, project) = (scratch.territory_id, scratch.agency, scratch.project);
        let mut sql =
            vec![format!("INSERT INTO territories (id, code, name) VALUES ('{territory}', 'HERE', 'Here');")];
        for (serial, id) in [agency].iter().chain(&scratch.members).enumerate() {
            sql.push(format!(
                "INSERT INTO organisations (id, territory_id, name, kind, tax_code) \
                 VALUES ('{id}', '{territory}', 'Ente {serial}', 'public_body', '{serial:011}'); \
                 INSERT INTO memberships (id, territory_id, organisation_id, state, requested_at, decided_at) \
                 VALUES (uuid_v7(), '{territory}', '{id}', 'admitted', now(), now());"
            ));
        }
        let (lead, partner) = (scratch.members[0], scratch.members[1]);
        sql.push(format!(
            "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state, \
               submitted_at) VALUES ('{project}', '{territory}', '2.5', 'Project', '{lead}', '2026-01-01', '2099-12-31', \
               'submitted', now()); \
             INSERT INTO project_partners (territory_id, project_id, organisation_id, role) VALUES \
               ('{territory}', '{project}', '{lead}', 'lead'), ('{territory}', '{project}', '{partner}', 'institutional');"
        ));
        scratch.run_sql(&sql.concat()).await;
        scratch
    }

    pub async fn connect(&self) -> AsyncPgConnection {
        AsyncPgConnection::establish(&self.url).await.expect("connection")
    }

    pub async fn run_sql(&self, sql: &str) {
        self.connect().await.batch_execute(sql).await.expect("statement");
    }

    /// Whether the database itself refuses a statement.
    pub async fn refuses(&self, sql: &str) -> bool {
        self.connect().await.batch_execute(sql).await.is_err()
    }

    pub async fn count(&self, from: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let sql = format!("SELECT count(*) AS count FROM {from}");
        let found: Count = diesel::sql_query(sql).get_result(&mut self.connect().await).await.expect("count");
        found.count
    }

    /// An account with a role.
    pub async fn person(&self, role: Role, organisation: Uuid) -> Actor {
        let (id, territory) = (new_id(), self.territory_id);
        self.run_sql(&format!(
            "INSERT INTO accounts (id, territory_id, email, password_hash, display_name) \
             VALUES ('{id}', '{territory}', '{id}@example.test', 'x', 'Person'); \
             INSERT INTO role_bindings (territory_id, account_id, organisation_id, role) \
             VALUES ('{territory}', '{id}', '{organisation}', '{role}');"
        ))
        .await;
        Actor::from_claims(&AccessClaims {
            iss: String::new(),
            aud: String::new(),
            sub: id,
            client_id: String::new(),
            iat: 0,
            exp: i64::MAX,
            jti: new_id(),
            sid: Some(new_id()),
            territory,
            roles: vec![RoleClaim { role, organisation }],
        })
    }

    pub async fn ats(&self) -> Actor {
        self.person(Role::Ats, self.agency).await
    }

    /// A committee whose seats are the agency's and those of the members.
    pub async fn committee(&self) -> Committee {
        let ats = self.ats().await;
        let body = json!({"kind": "committee", "name": "Comitato"});
        let id = self.post(&ats, "/v1/bodies", Some(body)).await;
        assert_eq!(id.status, 201, "{}", id.text);
        let id = id.id();
        let mut people = vec![];
        for (serial, organisation) in [self.agency].iter().chain(&self.members).enumerate() {
            let role = if serial == 0 { Role::Ats } else { Role::Evaluator };
            let pair = (self.person(role, *organisation).await, self.person(role, *organisation).await);
            let seat = json!({
                "name": format!("Seggio {serial}"), "organisation_id": organisation, "chair": serial == 0,
                "titular_id": pair.0.id, "substitute_id": pair.1.id,
            });
            self.post(&ats, &format!("/v1/bodies/{id}/seats"), Some(seat)).await.expect(201);
            people.push(pair);
        }
        Committee { id, people }
    }

    /// Lets meetings be convened for at once.
    pub async fn without_notice(&self) {
        self.run_sql(&format!(
            "INSERT INTO governance_settings (territory_id, committee_notice_days, assembly_notice_days, minutes_days) \
             VALUES ('{}', 0, 0, 0)",
            self.territory_id
        ))
        .await;
    }

    /// A meeting of a body half an hour from now, so that its doors are open.
    pub async fn session(&self, body: Uuid, project: Option<Uuid>) -> Value {
        let ats = self.ats().await;
        let content = convening(now() + Span::minutes(30), project);
        self.post(&ats, &format!("/v1/bodies/{body}/meetings"), Some(content)).await.expect(201)
    }

    /// Records who is there for the `nth` invitation.
    pub async fn attend(&self, meeting: &Value, nth: usize, attendee: &str, present: bool) -> Answer {
        let body = json!({
            "invitation_id": meeting["invitations"][nth]["id"], "attendee": attendee, "present": present,
        });
        let path = format!("/v1/meetings/{}/attendance", meeting["id"].as_str().unwrap());
        self.post(&self.ats().await, &path, Some(body)).await
    }

    /// Calls an operation as `actor`.
    pub async fn call(&self, actor: Option<&Actor>, request: TestRequest) -> Answer {
        let app = application! { self;
            settings: get_governance_settings, update_governance_settings;
            bodies: create_body, list_bodies, get_body, list_committee_candidates, create_committee_seat,
                replace_seat_holders, end_committee_seat, add_working_group_member, end_working_group_member;
            meetings: convene_meeting, list_meetings, get_meeting, reschedule_meeting, cancel_meeting, record_attendance,
                close_meeting;
            motions: create_motion, list_motions, get_motion, cast_vote, close_motion;
            minutes: generate_minutes, list_minutes, get_minutes, validate_minutes, close_minutes;
            duties: get_governance_calendar;
            opinions: request_opinion, list_opinion_requests, get_opinion_request, sign_opinion_request,
                answer_opinion_request;
            agenda: get_agenda_ics, create_agenda_feed, list_agenda_feeds, revoke_agenda_feed, get_agenda_feed_ics;
        };
        let request = request.to_request();
        if let Some(actor) = actor {
            request.extensions_mut().insert(actor.clone());
        }
        let response = call_service(&app, request).await;
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body()).await.ok().unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, text, body }
    }

    pub async fn get(&self, actor: &Actor, path: &str) -> Answer {
        self.call(Some(actor), TestRequest::with_uri(path)).await
    }

    pub async fn send(&self, actor: &Actor, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = TestRequest::with_uri(path).method(method);
        let request = match body {
            Some(body) => request.set_json(body),
            None => request,
        };
        self.call(Some(actor), request).await
    }

    pub async fn post(&self, actor: &Actor, path: &str, body: Option<Value>) -> Answer {
        self.send(actor, Method::POST, path, body).await
    }
}

pub fn convening(starts_at: DateTime<Utc>, project: Option<Uuid>) -> Value {
    json!({
        "starts_at": starts_at, "place": "Mantova",
        "agenda": [{"title": "Valutazione", "project_id": project}, {"title": "Varie"}],
    })
}
