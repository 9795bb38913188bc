//! What these tests stand on: the agency's officers, one officer of many alliances, as many evaluators as are needed.

use chrono::{DateTime, Utc};
use concilia_kernel::new_id;
use concilia_tests::{Answer, Caller, TestServer};
use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::{Value, json};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    value: String,
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// Changes a resource from the version its reader sees.
pub async fn put(caller: &Caller, read: &str, write: &str, body: &Value) -> Answer {
    let seen = caller.get(read).await.etag().to_owned();
    caller.with("if-match", &seen).put(write, body).await
}

pub struct World {
    pub server: TestServer,
    /// Two officers of the agency.
    pub ats: Caller,
    pub colleague: Caller,
    /// An officer of every organisation of the territory, as the lead of alliances.
    pub alliances: Caller,
    pub territory: String,
}

impl World {
    pub async fn start() -> Self {
        let server = TestServer::start().await;
        let (ats, colleague) = (server.nth("ats", 0, 0).await, server.nth("ats", 0, 1).await);
        let territory = text(&ats.get("/v1/me").await.expect(200)["territory"]["id"]);
        let mut world = Self { alliances: server.anyone(), server, ats, colleague, territory };
        let account = world.account().await;
        world
            .run(&format!(
                "INSERT INTO role_bindings (territory_id, account_id, organisation_id, role) \
                 SELECT territory_id, '{account}', id, 'alliance_lead' FROM organisations \
                 WHERE territory_id = '{}' AND kind <> 'company'",
                world.territory
            ))
            .await;
        world.alliances = world.login(&account).await;
        world
    }

    pub async fn run(&self, sql: &str) {
        self.server.db.connect().await.batch_execute(sql).await.expect("a statement");
    }

    pub async fn value(&self, sql: &str) -> String {
        let found: Found = sql_query(format!("SELECT ({sql})::text AS value"))
            .get_result(&mut self.server.db.connect().await)
            .await
            .expect("a row");
        found.value
    }

    /// The identifier of the organisation of that name.
    pub async fn organisation(&self, name: &str) -> String {
        let territory = &self.territory;
        self.value(&format!("SELECT id FROM organisations WHERE name = '{name}' AND territory_id = '{territory}'"))
            .await
    }

    /// The identifier of something of another territory.
    pub async fn foreign(&self, table: &str) -> String {
        self.value(&format!("SELECT id FROM {table} WHERE territory_id <> '{}' LIMIT 1", self.territory)).await
    }

    /// An account without roles, with the password of the demo's evaluator.
    async fn account(&self) -> String {
        let id = new_id();
        self.run(&format!(
            "INSERT INTO accounts (id, territory_id, email, password_hash, display_name) \
             SELECT '{id}', '{}', '{id}@cycle.example', password_hash, 'Persona di prova' FROM accounts \
             WHERE email = '{}'",
            self.territory,
            text(&self.evaluators_login()["email"])
        ))
        .await;
        id.to_string()
    }

    fn evaluators_login(&self) -> &Value {
        self.server.accounts().iter().find(|account| account["role"] == "evaluator").expect("an evaluator")
    }

    async fn login(&self, account: &str) -> Caller {
        let password = text(&self.evaluators_login()["password"]);
        self.server.login(&format!("{account}@cycle.example"), &password).await
    }

    /// Gives a role to an account.
    pub async fn bind(&self, account: &str, role: &str, organisation: &str) {
        let territory = &self.territory;
        self.run(&format!(
            "INSERT INTO role_bindings (territory_id, account_id, organisation_id, role) \
             VALUES ('{territory}', '{account}', '{organisation}', '{role}')"
        ))
        .await;
    }

    /// Somebody with roles for organisations, logged in.
    pub async fn enrol(&self, roles: &[(&str, &str)]) -> Person {
        let id = self.account().await;
        for (role, organisation) in roles {
            self.bind(&id, role, organisation).await;
        }
        Person { caller: self.login(&id).await, id }
    }

    /// An evaluator for the organisation of that name.
    pub async fn evaluator(&self, organisation: &str) -> Person {
        let organisation = self.organisation(organisation).await;
        self.enrol(&[("evaluator", &organisation)]).await
    }

    /// Lets nobody but those who come later score: the demo's evaluators lose their seats.
    pub async fn empty_committee(&self) {
        let territory = &self.territory;
        self.run(&format!("DELETE FROM role_bindings WHERE territory_id = '{territory}' AND role = 'evaluator'"))
            .await;
    }

    /// The plan of every call here: two of the same years would be one too many.
    async fn plan(&self) -> String {
        let plan = json!({"title": "Piano di prova", "from_year": 2024, "to_year": 2026,
            "address_document": {"act": "Decreto n. 1", "date": "2020-02-28"}, "resources": "214648.00",
            "local_alliances": "171718.40", "system_actions": "42929.60", "expected_people": 3000,
            "expected_companies": 30});
        let made = self.ats.post("/v1/plans", &plan).await;
        if made.status == 201 {
            return text(&made.body["id"]);
        }
        assert_eq!(made.code(409), "already_exists");
        self.value(&format!("SELECT id FROM plans WHERE from_year = 2024 AND territory_id = '{}'", self.territory))
            .await
    }

    /// The address of the territory's only body of a kind, set up where it is not there yet.
    pub async fn body(&self, kind: &str) -> String {
        let made = self.ats.post("/v1/bodies", &json!({"kind": kind, "name": "Organo di prova"})).await;
        if made.status == 201 {
            return format!("/v1/bodies/{}", text(&made.body["id"]));
        }
        assert_eq!(made.code(409), "already_exists");
        let found = format!("SELECT id FROM bodies WHERE kind = '{kind}' AND territory_id = '{}'", self.territory);
        format!("/v1/bodies/{}", self.value(&found).await)
    }

    /// A call that takes proposals, by the terms of 2020 but for those that are told.
    pub async fn open_call(&self, terms: Value) -> String {
        let plan = self.plan().await;
        let mut call = json!({"plan_id": plan, "title": "Avviso di prova",
            "address_document": {"act": "Decreto n. 1", "date": "2020-02-28"}, "budget": "171718.40",
            "opens_at": "2020-03-02T08:00:00Z", "closes_at": "2098-05-15T10:00:00Z", "intervention_types": ["a", "b"],
            "maximum_grant": "40000.00", "minimum_score": null,
            "criteria": [{"code": "innovation", "title": "Innovatività", "maximum": "10.00"},
                         {"code": "sustainability", "title": "Sostenibilità", "maximum": "12.50"}]});
        for (name, value) in terms.as_object().into_iter().flatten() {
            call[name] = value.clone();
        }
        let call = text(&self.ats.post("/v1/project-calls", &call).await.expect(201)["id"]);
        let call = format!("/v1/project-calls/{call}");
        self.ats.act(&format!("{call}/open")).await.expect(200);
        call
    }

    /// A draft of that lead, with a budget of 7,000 EUR of grant and 3,000 EUR of the lead's own money.
    pub async fn draft(&self, call: &str, lead: &str, partners: &[(&str, &str)]) -> String {
        let content = json!({"title": "Progetto di prova", "alliance": "Alleanza di prova", "summary": "In breve.",
            "starts_on": "2024-01-01", "ends_on": "2025-12-31", "intervention_types": ["a"], "open_alliance": true,
            "whp_link": false, "zone_plan_link": false});
        let call = call.rsplit('/').next().expect("an identifier");
        let body = json!({"project_call_id": call, "lead_organisation_id": lead, "content": content});
        let project = self.alliances.post("/v1/projects", &body).await.expect(201);
        let project = format!("/v1/projects/{}", text(&project["id"]));
        for (organisation, role) in partners {
            let partner = json!({"organisation_id": organisation, "role": role, "mandate_on": "2020-05-20"});
            self.alliances.post(&format!("{project}/partners"), &partner).await.expect(201);
        }
        let activities = json!({"activities": [{"title": "Servizi estivi", "months": ["2024-06", "2024-07"],
            "targets": [{"year": 2024, "measure": "people", "expected": 120}]}]});
        put(&self.alliances, &project, &format!("{project}/activities"), &activities).await.expect(200);
        self.budget(&project, "7000.00", &[("services", "10000.00")]).await.expect(200);
        self.cofinance(&project, lead, "3000.00").await;
        project
    }

    /// Writes a budget of those items.
    pub async fn budget(&self, project: &str, grant: &str, items: &[(&str, &str)]) -> Answer {
        let mut budget = json!({"staff": "0.00", "coordination": "0.00", "goods": "0.00", "services": "0.00",
            "vouchers": "0.00", "general": "0.00", "requested_grant": grant});
        for (item, amount) in items {
            budget[item] = json!(amount);
        }
        put(&self.alliances, project, &format!("{project}/budget"), &budget).await
    }

    /// Writes and signs off the line of a partner.
    pub async fn cofinance(&self, project: &str, organisation: &str, monetary: &str) {
        let line = format!("{project}/cofinancing-lines/{organisation}");
        put(&self.alliances, &line, &line, &json!({"monetary": monetary, "in_kind": "0.00"})).await.expect(200);
        let seen = self.alliances.get(&line).await.etag().to_owned();
        self.alliances.with("if-match", &seen).act(&format!("{line}/sign-off")).await.expect(200);
    }

    pub async fn propose(&self, call: &str, lead: &str, partners: &[(&str, &str)]) -> String {
        let project = self.draft(call, lead, partners).await;
        self.alliances.act(&format!("{project}/submit")).await.expect(200);
        project
    }

    /// Closes the call, admits those projects and begins their evaluation.
    pub async fn evaluate(&self, call: &str, projects: &[&str]) {
        self.ats.post(&format!("{call}/close"), &json!({"reason": "Termine raggiunto"})).await.expect(200);
        for project in projects {
            self.ats.act(&format!("{project}/admit")).await.expect(200);
        }
        self.ats.act(&format!("{call}/start-evaluation")).await.expect(200);
    }

    /// Ends the scoring, complete or not, and records the committee's scores.
    pub async fn score(&self, call: &str, scores: &[(&str, &str)]) {
        let accepted = json!({"accept_incomplete": "Si decide in seduta"});
        self.ats.post(&format!("{call}/close-evaluation"), &accepted).await.expect(200);
        self.ats.post(&format!("{call}/final-scores"), &final_scores(scores)).await.expect(200);
    }

    pub async fn stop(self) {
        self.server.stop().await;
    }
}

/// Final scores of projects, with their minutes.
pub fn final_scores(scores: &[(&str, &str)]) -> Value {
    let scores: Vec<Value> =
        scores.iter().map(|(project, score)| json!({"project_id": id_of(project), "score": score})).collect();
    json!({"minutes": {"act": "Verbale n. 2", "date": "2020-06-10"}, "scores": scores})
}

/// The identifier at the end of an address.
pub fn id_of(path: &str) -> String {
    path.rsplit('/').next().expect("an identifier").to_owned()
}

/// The identifiers of a list, by that name.
pub fn listed(page: &Value, name: &str) -> Vec<String> {
    page["items"].as_array().expect("items").iter().map(|item| text(&item[name])).collect()
}

/// Somebody with an account of their own.
pub struct Person {
    pub id: String,
    pub caller: Caller,
}

impl Person {
    /// Writes a card that does not exist yet.
    pub async fn write(&self, project: &str, innovation: &str, sustainability: &str) -> Answer {
        let scores = json!([{"criterion": "innovation", "points": innovation, "comment": "Rete nuova."},
                            {"criterion": "sustainability", "points": sustainability}]);
        self.caller.put(&format!("{project}/scorecard"), &json!({"scores": scores})).await
    }

    /// Gives a card, and answers its address.
    pub async fn give(&self, project: &str, innovation: &str, sustainability: &str) -> String {
        let card = self.write(project, innovation, sustainability).await.expect(201);
        let card = format!("/v1/scorecards/{}", text(&card["id"]));
        self.caller.act(&format!("{card}/submit")).await.expect(200);
        card
    }
}

/// An instant as the contract spells it.
pub fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
