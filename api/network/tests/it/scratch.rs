//! Two empty territories and the handlers of this context.

use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use concilia_embedded::{Cluster, ClusterConfig};
use concilia_kernel::auth::{AccessClaims, RoleClaim};
use concilia_kernel::db::PoolSettings;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Role, new_id};
use concilia_network::{composition, memberships, reserved};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

pub struct Scratch {
    url: String,
    db: Db,
    vault: Vault,
    pub territory_id: Uuid,
    pub other_territory_id: Uuid,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub etag: Option<String>,
    pub media_type: Option<String>,
    pub bytes: Vec<u8>,
    pub body: Value,
}

impl Answer {
    pub fn id(&self) -> Uuid {
        self.body["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("no id in {}", self.body))
    }

    /// Status and code of a refusal.
    pub fn refusal(&self) -> (u16, &str) {
        (self.status, self.body["code"].as_str().unwrap_or("-"))
    }

    /// Pointers and codes of the errors.
    pub fn errors(&self) -> Vec<(&str, &str)> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap_or("-"), error["code"].as_str().unwrap_or("-")))
            .collect()
    }

    pub fn names(&self) -> Vec<&str> {
        let items = self.body["items"].as_array().unwrap_or_else(|| panic!("no items in {}", self.body));
        items.iter().map(|item| item["organisation"]["name"].as_str().unwrap()).collect()
    }
}

/// Runs a test over a database of its own. The cluster lives on threads of its own, as migrations block theirs.
pub fn with_scratch<F: Future<Output = ()>>(test: impl FnOnce(Scratch) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runtime");
    let (cluster, scratch) = runtime.block_on(async {
        let cluster = Cluster::start(ClusterConfig::ephemeral()).await.expect("cluster");
        cluster.ensure_database("network").await.expect("database");
        let url = cluster.url("network");
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
        let vault = Vault::new(&[7; 32]).expect("vault");
        let scratch = Self { url, db, vault, territory_id: new_id(), other_territory_id: new_id() };
        let (here, there) = (scratch.territory_id, scratch.other_territory_id);
        scratch
            .run_sql(&format!(
                "INSERT INTO territories (id, code, name, created_at) VALUES \
                 ('{here}', 'HERE', 'Here', now() - interval '1 day'), ('{there}', 'THERE', 'There', now())"
            ))
            .await;
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

    pub fn actor(&self, role: Role, organisation: Uuid) -> Actor {
        actor(self.territory_id, role, organisation, Some(new_id()))
    }

    /// An API client of the organisation.
    pub fn machine(&self, role: Role, organisation: Uuid) -> Actor {
        actor(self.territory_id, role, organisation, None)
    }

    pub fn ats(&self) -> Actor {
        self.actor(Role::Ats, new_id())
    }

    pub fn stranger(&self, role: Role, organisation: Uuid) -> Actor {
        actor(self.other_territory_id, role, organisation, Some(new_id()))
    }

    /// Calls an operation as `actor`.
    pub async fn call(
        &self,
        actor: Option<&Actor>,
        request: TestRequest,
        headers: &[(&'static str, String)],
    ) -> Answer {
        let app = init_service(
            App::new()
                .app_data(Data::new(self.db.clone()))
                .app_data(Data::new(self.vault.clone()))
                .service(memberships::get_membership_statement::get_membership_statement)
                .service(memberships::request_membership::request_membership)
                .service(memberships::list_memberships::list_memberships)
                .service(memberships::get_membership::get_membership)
                .service(memberships::admit_membership::admit_membership)
                .service(memberships::refuse_membership::refuse_membership)
                .service(memberships::withdraw_membership::withdraw_membership)
                .service(memberships::exclude_membership::exclude_membership)
                .service(composition::get_network_composition::get_network_composition)
                .service(composition::list_network_compositions::list_network_compositions)
                .service(composition::freeze_network_composition::freeze_network_composition)
                .service(concilia_network::list_organisations::list_organisations)
                .service(concilia_network::get_organisation::get_organisation)
                .service(reserved::list_notices::list_notices)
                .service(reserved::create_notice::create_notice)
                .service(reserved::list_network_documents::list_network_documents)
                .service(reserved::upload_network_document::upload_network_document)
                .service(reserved::get_network_document::get_network_document),
        )
        .await;
        let request = headers
            .iter()
            .fold(request, |request, (name, value)| request.insert_header((*name, value.as_str())))
            .to_request();
        if let Some(actor) = actor {
            request.extensions_mut().insert(actor.clone());
        }
        let response = call_service(&app, request).await;
        let status = response.status().as_u16();
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (etag, media_type) = (header("etag"), header("content-type"));
        let bytes = to_bytes(response.into_body()).await.ok().unwrap_or_default().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, etag, media_type, bytes, body }
    }

    pub async fn get(&self, actor: Option<&Actor>, path: &str) -> Answer {
        self.call(actor, TestRequest::with_uri(path), &[]).await
    }

    pub async fn post(&self, actor: Option<&Actor>, path: &str, body: Option<Value>) -> Answer {
        let request = TestRequest::with_uri(path).method(Method::POST);
        let request = match body {
            Some(body) => request.set_json(body),
            None => request,
        };
        self.call(actor, request, &[]).await
    }

    /// Asks to join, without a login.
    pub async fn ask(&self, change: impl FnOnce(&mut Value)) -> Answer {
        let mut body = request();
        change(&mut body);
        self.post(None, "/v1/memberships", Some(body)).await
    }

    /// An organisation that asked to join and was admitted.
    pub async fn member(&self, name: &str, tax_code: &str) -> (Uuid, Uuid) {
        let asked = self
            .ask(|body| {
                body["legal_name"] = json!(name);
                body["tax_code"] = json!(tax_code);
            })
            .await;
        assert_eq!(asked.status, 201, "{}", asked.body);
        let admitted = self.post(Some(&self.ats()), &format!("/v1/memberships/{}/admit", asked.id()), None).await;
        assert_eq!(admitted.status, 200, "{}", admitted.body);
        (asked.id(), admitted.body["organisation"]["id"].as_str().unwrap().parse().unwrap())
    }
}

pub fn request() -> Value {
    json!({
        "territory": "HERE", "legal_name": "Il Girasole", "tax_code": "00743110157", "vat_number": null,
        "kind": "nonprofit", "company_size": null, "municipality": "Mantova", "address": "via Roma 1",
        "email": "info@example.it", "phone": "0376 334111", "legal_representative": "Anna Bianchi",
        "statement_version": "2026-11",
    })
}

fn actor(territory: Uuid, role: Role, organisation: Uuid, sid: Option<Uuid>) -> Actor {
    Actor::from_claims(&AccessClaims {
        iss: String::new(),
        aud: String::new(),
        sub: new_id(),
        client_id: String::new(),
        iat: 0,
        exp: i64::MAX,
        jti: new_id(),
        sid,
        territory,
        roles: vec![RoleClaim { role, organisation }],
    })
}

/// A formally valid tax code of an organisation.
pub fn tax_code(serial: u32) -> String {
    let first = format!("{serial:07}020");
    let sum: u32 = first
        .bytes()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit - b'0') * if at % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{first}{}", (10 - sum % 10) % 10)
}
