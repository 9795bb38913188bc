//! A throw-away territory with a call under evaluation and a committee, and the handlers of this context.

use actix_web::http::Method;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Ratio, Role, new_id};
use concilia_planning::{
    AddressDocumentInput, CriterionInput, InterventionType, LeadKinds, NewPlan, NewProjectCall, ProjectCallState,
    insert_plan, insert_project_call,
};
pub use concilia_scratch::Answer;
use concilia_scratch::Frame;
use serde_json::{Value, json};
use std::ops::Deref;
use uuid::Uuid;

/// What the tests stand on.
pub struct Scratch {
    frame: Frame,
    /// A call under evaluation: `innovation` gives up to 10 points, `sustainability` up to 12.50.
    pub call_id: Uuid,
    /// Leads of projects.
    pub leads: [Uuid; 2],
    /// Organisations with a seat in the committee, and in no project.
    pub seats: [Uuid; 3],
}

/// Runs a test over a database of its own.
pub fn with_scratch<F: Future<Output = ()>>(test: impl FnOnce(Scratch) -> F) {
    concilia_scratch::run(async { test(Scratch::new().await).await });
}

impl Deref for Scratch {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.frame
    }
}

impl Scratch {
    async fn new() -> Self {
        let scratch = Self {
            frame: Frame::new(concilia_evaluation::routes).await,
            call_id: new_id(),
            leads: [new_id(), new_id()],
            seats: [new_id(), new_id(), new_id()],
        };
        let here = scratch.territory_id;
        let organisations = scratch.leads.iter().chain(&scratch.seats).zip(1..).map(|(id, number)| {
            format!("('{id}', '{here}', 'Organisation {number}', 'public_body', '{number:011}')")
        });
        scratch
            .run_sql(&format!(
                "INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES {}",
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

    /// An evaluator of the other territory, with a token for the same organisation.
    pub fn stranger(&self, role: Role) -> Actor {
        self.frame.stranger(role, self.seats[0])
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
        self.account(id, Role::Evaluator, organisation)
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

    /// Writes a card that does not exist yet.
    pub async fn put(&self, actor: &Actor, project: Uuid, scores: Value) -> Answer {
        let path = format!("/v1/projects/{project}/scorecard");
        self.call(actor, Method::PUT, &path, json!({"scores": scores}), &[]).await
    }

    pub async fn submit(&self, actor: &Actor, card: Uuid) -> Answer {
        self.post(actor, &format!("/v1/scorecards/{card}/submit"), None).await
    }

    /// A card written and submitted.
    pub async fn score(&self, actor: &Actor, project: Uuid, innovation: &str, sustainability: &str) -> Uuid {
        let card = self.put(actor, project, scores(innovation, sustainability)).await.created();
        self.submit(actor, card).await.expect(200);
        card
    }

    pub async fn cards(&self, actor: &Actor) -> Answer {
        self.get(actor, &format!("/v1/project-calls/{}/scorecards", self.call_id)).await.with_status(200)
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
