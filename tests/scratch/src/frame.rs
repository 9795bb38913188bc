use crate::Answer;
use crate::cluster::{copy_of, fresh_database};
use actix_web::body::to_bytes;
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use concilia_kernel::auth::RoleBinding;
use concilia_kernel::db::PoolSettings;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Role, new_id};
use diesel::QueryableByName;
use diesel::sql_types::BigInt;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde_json::Value;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use utoipa_actix_web::AppExt;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The operations of a context, as it exports them.
pub type Routes = fn(&mut ServiceConfig<'_>);

type Application = Box<dyn Fn(TestRequest, Option<Actor>) -> Pin<Box<dyn Future<Output = ServiceResponse>>>>;

/// Two territories in a database of their own, and the operations of one context over them.
pub struct Frame {
    url: String,
    pub db: Db,
    pub vault: Vault,
    application: Application,
    /// `HERE`, where the tests take place.
    pub territory_id: Uuid,
    /// `THERE`, whose people may see nothing of it.
    pub other_territory_id: Uuid,
}

impl Frame {
    pub async fn new(routes: Routes) -> Self {
        let url = fresh_database().await;
        let statement_timeout = Duration::from_mins(1);
        let db = Db::new(PoolSettings { url: url.clone(), per_worker: 24, statement_timeout }).expect("pool");
        let vault = Vault::new(&[7; 32]).expect("vault");
        let application = application(routes, &db, &vault).await;
        let (territory_id, other_territory_id) = (new_id(), new_id());
        let frame = Self { url, db, vault, application, territory_id, other_territory_id };
        frame
            .run_sql(&format!(
                "INSERT INTO territories (id, code, name) \
                 VALUES ('{territory_id}', 'HERE', 'Here'), ('{other_territory_id}', 'THERE', 'There')"
            ))
            .await;
        frame
    }

    /// A connection to the database beside those of the operations.
    pub async fn connect(&self) -> AsyncPgConnection {
        connect(&self.url).await
    }

    /// A copy of the database, to spoil. Nobody may be connected to the original.
    pub async fn copy(&self) -> AsyncPgConnection {
        connect(&copy_of(&self.url).await).await
    }

    pub async fn run_sql(&self, sql: &str) {
        self.try_sql(sql).await.expect("statement");
    }

    /// Whether the database takes the statements, or why not.
    pub async fn try_sql(&self, sql: &str) -> Result<(), String> {
        self.connect().await.batch_execute(sql).await.map_err(|error| error.to_string())
    }

    /// How many rows there are of a table, perhaps with a condition.
    pub async fn count(&self, rows: &str) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let count = diesel::sql_query(format!("SELECT count(*) FROM {rows}"));
        count.get_result::<Count>(&mut self.connect().await).await.expect("count").count
    }

    /// Somebody new, logged in, with a role for an organisation.
    pub fn actor(&self, role: Role, organisation: Uuid) -> Actor {
        self.account(new_id(), role, organisation)
    }

    /// The holder of an account, logged in, with a role for an organisation.
    pub fn account(&self, id: Uuid, role: Role, organisation_id: Uuid) -> Actor {
        let mut actor = Actor::of_person(id, self.territory_id, vec![RoleBinding { role, organisation_id }]);
        actor.login_session_id = Some(new_id());
        actor
    }

    /// An officer of an agency; each call another one.
    pub fn ats(&self) -> Actor {
        self.actor(Role::Ats, new_id())
    }

    /// Somebody of the other territory, though their role is for the same organisation.
    pub fn stranger(&self, role: Role, organisation: Uuid) -> Actor {
        let mut actor = self.actor(role, organisation);
        actor.territory_id = self.other_territory_id;
        actor
    }

    /// Sends a request as `actor`, or without a login.
    pub async fn send<'a>(&self, actor: impl Into<Option<&'a Actor>>, request: TestRequest) -> Answer {
        let response = (self.application)(request, actor.into().cloned()).await;
        let status = response.status().as_u16();
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (etag, media_type) = (header("etag"), header("content-type"));
        let bytes = to_bytes(response.into_body()).await.map(|bytes| bytes.to_vec()).unwrap_or_default();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, etag, media_type, body, bytes }
    }

    /// Calls an operation as `actor`, or without a login.
    pub async fn call<'a>(
        &self,
        actor: impl Into<Option<&'a Actor>>,
        method: Method,
        path: &str,
        body: impl Into<Option<Value>>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let request = TestRequest::with_uri(path).method(method);
        let request = headers.iter().fold(request, |request, header| request.insert_header(*header));
        let request = match body.into() {
            Some(body) => request.set_json(body),
            None => request,
        };
        self.send(actor, request).await
    }

    pub async fn get<'a>(&self, actor: impl Into<Option<&'a Actor>>, path: &str) -> Answer {
        self.call(actor, Method::GET, path, None, &[]).await
    }

    pub async fn post<'a>(
        &self,
        actor: impl Into<Option<&'a Actor>>,
        path: &str,
        body: impl Into<Option<Value>>,
    ) -> Answer {
        self.call(actor, Method::POST, path, body, &[]).await
    }

    /// Replaces what is at `path`, of which the caller saw the version `seen`.
    pub async fn put(&self, actor: &Actor, path: &str, seen: &str, body: Value) -> Answer {
        self.call(actor, Method::PUT, path, body, &[("if-match", seen)]).await
    }
}

async fn connect(url: &str) -> AsyncPgConnection {
    AsyncPgConnection::establish(url).await.expect("connection")
}

/// Built once for all requests of a test; boxed, as its type has no name.
async fn application(routes: Routes, db: &Db, vault: &Vault) -> Application {
    let app = App::new().app_data(Data::new(db.clone())).app_data(Data::new(vault.clone()));
    let service = Rc::new(init_service(app.into_utoipa_app().configure(routes).into_app()).await);
    Box::new(move |request, actor| {
        let service = Rc::clone(&service);
        let request = request.to_request();
        if let Some(actor) = actor {
            request.extensions_mut().insert(actor);
        }
        Box::pin(async move { call_service(&*service, request).await })
    })
}
