//! Two throw-away territories with a few organisations, and the handlers of this context.

use concilia_kernel::{Actor, Role, new_id};
pub use concilia_scratch::Answer;
use concilia_scratch::Frame;
use serde_json::{Value, json};
use std::ops::Deref;
use uuid::Uuid;

/// What the tests stand on.
pub struct Scratch {
    frame: Frame,
    /// A public body.
    pub lead_id: Uuid,
    /// A company and a non-profit.
    pub partner_ids: [Uuid; 2],
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
            frame: Frame::new(concilia_planning::routes).await,
            lead_id: new_id(),
            partner_ids: [new_id(), new_id()],
        };
        let (here, lead) = (scratch.territory_id, scratch.lead_id);
        let [one, two] = scratch.partner_ids;
        scratch
            .run_sql(&format!(
                "INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES \
                   ('{lead}', '{here}', 'Lead', 'public_body', '00000000001'), \
                   ('{one}', '{here}', 'One', 'company', '00000000002'), \
                   ('{two}', '{here}', 'Two', 'nonprofit', '00000000003')"
            ))
            .await;
        scratch
    }

    /// An officer of the other territory's agency.
    pub fn stranger(&self) -> Actor {
        self.frame.stranger(Role::Ats, new_id())
    }

    /// A plan with EUR 171,718.40 for local alliances.
    pub async fn plan(&self) -> Uuid {
        self.post(&self.ats(), "/v1/plans", plan_content()).await.created()
    }

    /// A draft call of a new plan.
    pub async fn draft(&self, change: impl FnOnce(&mut Value)) -> Answer {
        let mut content = call_content(self.plan().await);
        change(&mut content);
        self.post(&self.ats(), "/v1/project-calls", content).await.with_status(201)
    }

    /// An open call of a new plan.
    pub async fn open_call(&self) -> Uuid {
        let call = self.draft(|_| ()).await.id();
        self.post(&self.ats(), &format!("/v1/project-calls/{call}/open"), None).await.expect(200);
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
