//! A throw-away territory with a plan, projects and organisations, and the handlers of this context.

use concilia_kernel::{Actor, Role, new_id};
pub use concilia_scratch::Answer;
use concilia_scratch::Frame;
use serde_json::{Value, json};
use std::ops::Deref;
use uuid::Uuid;

/// What the tests stand on.
pub struct Scratch {
    frame: Frame,
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
            frame: Frame::new(concilia_actions::routes).await,
            plan_id: new_id(),
            agency_id: new_id(),
            lead_id: new_id(),
            company_id: new_id(),
            outsider_id: new_id(),
            project_ids: [new_id(), new_id()],
        };
        let (here, plan) = (scratch.territory_id, scratch.plan_id);
        let (agency, lead) = (scratch.agency_id, scratch.lead_id);
        let (company, outsider) = (scratch.company_id, scratch.outsider_id);
        let [one, two] = scratch.project_ids;
        let setup = format!(
            "INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES \
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
        scratch.run_sql(&setup).await;
        let mut conn = scratch.connect().await;
        concilia_network::insert_membership(&mut conn, here, company, concilia_network::MembershipState::Admitted)
            .await
            .expect("membership");
        scratch
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
        self.frame.stranger(role, self.agency_id)
    }

    /// POST without a body.
    pub async fn act(&self, actor: &Actor, path: &str) -> Answer {
        self.post(actor, path, None).await
    }

    /// A system action of this budget.
    pub async fn action(&self, budget: &str) -> Uuid {
        self.post(&self.ats(), "/v1/actions", action_content(self.plan_id, budget)).await.created()
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
        let id = self.post(&self.ats(), "/v1/events", content).await.created();
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
        self.run_sql(&sql).await;
    }

    /// Signs somebody up for themselves.
    pub async fn sign_up(&self, actor: &Actor, event: Uuid) -> Answer {
        let email = format!("{}@example.it", actor.id.simple());
        let body = json!({"participants": [{"name": "Anna Bianchi", "email": email}]});
        self.post(actor, &format!("/v1/events/{event}/sign-ups"), body).await
    }
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
