use crate::cluster::{MASTER_KEY, TestDb};
use crate::{Answer, Caller};
use concilia_server::demo;
use concilia_server::runtime::{Server, ServerConfig};
use serde_json::json;

/// A real server on a free port over a database of its own.
pub struct TestServer {
    pub base_url: String,
    pub db: TestDb,
    pub http: reqwest::Client,
    credentials: serde_json::Value,
    server: Server,
}

impl TestServer {
    /// A server over a clone of the demo.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(adjust: impl FnOnce(&mut ServerConfig)) -> Self {
        let db = TestDb::demo().await;
        let mut config = Self::config(&db);
        adjust(&mut config);
        Self::start_on(db, config).await
    }

    async fn start_on(db: TestDb, config: ServerConfig) -> Self {
        let server = Server::start(config).await.expect("the server starts");
        let base_url = format!("http://{}", server.addr);
        let credentials = demo::credentials(&MASTER_KEY, base_url.clone()).expect("credentials");
        let credentials = serde_json::to_value(credentials).expect("credentials are JSON");
        Self { base_url, db, http: reqwest::Client::new(), credentials, server }
    }

    pub fn config(db: &TestDb) -> ServerConfig {
        ServerConfig {
            addr: "127.0.0.1:0".parse().expect("an address"),
            public_url: "http://concilia.test".into(),
            database_url: db.url.clone(),
            master_key: MASTER_KEY,
            workers: 2,
            pool_per_worker: 6,
            rate_limit: 1_000_000,
            trust_proxy: false,
            cors_origins: vec!["*".into()],
        }
    }

    /// What `concilia demo-credentials` prints.
    pub fn credentials(&self) -> &serde_json::Value {
        &self.credentials
    }

    /// The demo's accounts: role, organisation, territory, e-mail, password.
    pub fn accounts(&self) -> &[serde_json::Value] {
        self.credentials["accounts"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The demo's machine clients.
    pub fn machine_clients(&self) -> &[serde_json::Value] {
        self.credentials["machine_clients"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Territories in the order of the demo: the real one, then the invented one.
    pub fn territories(&self) -> Vec<String> {
        let mut names: Vec<String> = vec![];
        for account in self.accounts() {
            let name = account["territory"].as_str().unwrap_or_default().to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Someone without a login.
    pub fn anyone(&self) -> Caller {
        Caller::new(self.http.clone(), self.base_url.clone(), None)
    }

    /// The `nth` account with a role in a territory (0: the real one, 1: the invented one), logged in.
    pub async fn nth(&self, role: &str, territory: usize, nth: usize) -> Caller {
        let territory = &self.territories()[territory];
        let account = self
            .accounts()
            .iter()
            .filter(|a| a["role"] == role && a["territory"] == territory.as_str())
            .nth(nth)
            .unwrap_or_else(|| panic!("no {role} number {nth} in {territory}"));
        self.login(account["email"].as_str().unwrap(), account["password"].as_str().unwrap()).await
    }

    /// The first account with a role in the real territory, logged in.
    pub async fn role(&self, role: &str) -> Caller {
        self.nth(role, 0, 0).await
    }

    pub async fn login(&self, email: &str, password: &str) -> Caller {
        let answer: Answer =
            self.anyone().post("/v1/sessions", &json!({"email": email, "password": password})).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        let token = answer.body["access_token"].as_str().expect("a token").to_owned();
        Caller::new(self.http.clone(), self.base_url.clone(), Some(token))
    }

    /// Stops it, and starts another over the same database.
    pub async fn restart(self) -> Self {
        self.server.stop().await;
        let config = Self::config(&self.db);
        Self::start_on(self.db, config).await
    }

    pub async fn stop(self) {
        self.server.stop().await;
    }
}
