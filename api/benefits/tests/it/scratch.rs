//! A throw-away territory with a lead, two employers and families, and the handlers of this context.

use concilia_eligibility::{
    HouseholdFacts, HouseholdPerson, Relationship, SchoolLevel, insert_household, insert_member,
};
use concilia_kernel::{Actor, Role, new_id};
use concilia_scratch::Frame;
use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use std::ops::Deref;
use uuid::Uuid;

/// What the tests stand on.
pub struct Scratch {
    frame: Frame,
    pub lead_id: Uuid,
    pub project_id: Uuid,
    pub employer_id: Uuid,
    pub other_employer_id: Uuid,
}

/// A worker with children, employed by one employer.
pub struct Family {
    pub actor: Actor,
    pub children: Vec<Uuid>,
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
            frame: Frame::new(concilia_benefits::routes).await,
            lead_id: new_id(),
            project_id: new_id(),
            employer_id: new_id(),
            other_employer_id: new_id(),
        };
        let here = scratch.territory_id;
        let (lead, one, two) = (scratch.lead_id, scratch.employer_id, scratch.other_employer_id);
        let setup = format!(
            "INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES \
               ('{lead}', '{here}', 'Lead', 'public_body', '00000000001'), \
               ('{one}', '{here}', 'One', 'company', '00000000002'), \
               ('{two}', '{here}', 'Two', 'company', '00000000003'); \
             INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state) \
               VALUES ('{}', '{here}', '2.5', 'Project', '{lead}', '2026-01-01', '2099-12-31', 'running');",
            scratch.project_id
        );
        scratch.run_sql(&setup).await;
        scratch
    }

    pub fn lead(&self) -> Actor {
        self.actor(Role::AllianceLead, self.lead_id)
    }

    /// An officer of the same organisation's name in the other territory.
    pub fn stranger(&self, role: Role) -> Actor {
        self.frame.stranger(role, self.lead_id)
    }

    /// A worker of `employer` whose children have these birth dates; each child's tax code is recognised by its
    /// number, so that two families can name the same child.
    pub async fn family(&self, employer: Uuid, children: &[(&str, Option<u128>)]) -> Family {
        let mut conn = self.connect().await;
        let (territory_id, worker_id, account_id, household_id) =
            (self.territory_id, new_id(), new_id(), new_id());
        let index = worker_id.simple();
        let setup = format!(
            "INSERT INTO accounts (id, territory_id, email, password_hash, display_name) \
               VALUES ('{account_id}', '{territory_id}', '{account_id}@example.test', 'x', 'Worker'); \
             INSERT INTO workers (id, territory_id, account_id, tax_code_index, tax_code_sealed, given_name, family_name) \
               VALUES ('{worker_id}', '{territory_id}', '{account_id}', '\\x{index}', '\\x00', 'A', 'B'); \
             INSERT INTO employees (id, territory_id, employer_id, external_id, tax_code_index, tax_code_sealed, given_name, \
               family_name, employed_from, contract_type, shift_worker) \
               VALUES ('{}', '{territory_id}', '{employer}', '{worker_id}', '\\x{index}', '\\x00', 'A', 'B', '2020-01-01', \
               'permanent', false);",
            new_id()
        );
        conn.batch_execute(&setup).await.expect("worker");
        let facts = HouseholdFacts {
            both_parents_working: true,
            isee: Some("12000.00".parse().unwrap()),
            ..HouseholdFacts::default()
        };
        insert_household(&mut conn, &self.vault, territory_id, household_id, worker_id, &facts)
            .await
            .expect("household");
        let mut members = vec![];
        for (birth_date, number) in children {
            let id = new_id();
            insert_member(&mut conn, &self.vault, territory_id, household_id, id, &child(birth_date))
                .await
                .expect("member");
            if let Some(number) = number {
                let index = Uuid::from_u128(*number).simple().to_string();
                conn.batch_execute(&format!(
                    "UPDATE household_members SET tax_code_index = '\\x{index}' WHERE id = '{id}'"
                ))
                .await
                .expect("index");
            }
            members.push(id);
        }
        Family { actor: self.account(account_id, Role::Worker, employer), children: members }
    }

    /// Creates and opens a call of 1000.00, 300.00 a child up to 500.00 a household, ages 0 to 16.
    pub async fn open_call(&self, change: impl FnOnce(&mut Value)) -> Uuid {
        let mut content = call_content(self.project_id);
        change(&mut content);
        let call = self.post(&self.lead(), "/v1/voucher-calls", content).await.created();
        self.post(&self.lead(), &format!("/v1/voucher-calls/{call}/open"), None).await.expect(200);
        call
    }

    /// A submitted application of all the family's children.
    pub async fn submit(&self, family: &Family, call: Uuid) -> Uuid {
        let body = json!({"voucher_call_id": call, "household_member_ids": family.children});
        let id = self.post(&family.actor, "/v1/applications", body).await.created();
        self.post(&family.actor, &format!("/v1/applications/{id}/submit"), None).await.expect(200);
        id
    }

    pub async fn close(&self, call: Uuid) {
        let reason = json!({"reason": "Fine"});
        self.post(&self.ats(), &format!("/v1/voucher-calls/{call}/close"), reason).await.expect(200);
    }
}

pub fn call_content(project_id: Uuid) -> Value {
    json!({
        "project_id": project_id, "title_it": "Avviso", "title_en": "Call", "budget": "1000.00",
        "value_per_child": "300.00", "household_cap": "500.00", "minimum_age": 0, "maximum_age": 16,
        "criteria": [{"criterion": "child_disability", "points": 40}, {"criterion": "both_parents_working", "points": 5},
                     {"criterion": "isee_up_to", "threshold": "15000.00", "points": 10}],
        "tie_breaks": ["isee_ascending", "submitted_at_ascending"],
        "opens_at": "2020-01-01T00:00:00Z", "closes_at": "2098-06-30T10:00:00Z", "spend_by": "2099-12-31",
    })
}

fn child(birth_date: &str) -> HouseholdPerson {
    HouseholdPerson {
        given_name: "C".into(),
        family_name: "B".into(),
        birth_date: birth_date.parse().expect("a day"),
        relationship: Relationship::Child,
        disability: false,
        learning_disorder: false,
        other_fragility: false,
        school_level: SchoolLevel::Primary,
        tax_code: None,
    }
}
