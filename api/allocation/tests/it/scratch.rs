//! A throw-away territory with a call under evaluation, its scored projects, and the handlers of this context.

use actix_web::http::Method;
use concilia_kernel::{Actor, Role, new_id};
pub use concilia_scratch::Answer;
use concilia_scratch::Frame;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::ops::Deref;
use uuid::Uuid;

/// Requested grant and score of each project of 2020, and what it was assigned.
pub const REAL: [(&str, &str, &str); 7] = [
    ("20000.00", "60.00", "17400.00"),
    ("40000.00", "59.00", "34800.00"),
    ("40000.00", "57.00", "34800.00"),
    ("35000.00", "50.00", "23100.00"),
    ("40000.00", "47.00", "26400.00"),
    ("23000.00", "44.00", "15180.00"),
    ("40000.00", "29.00", "20038.40"),
];

pub const REAL_BUDGET: &str = "171718.40";

/// What the tests stand on.
pub struct Scratch {
    frame: Frame,
    lead_id: Uuid,
    plan_id: Uuid,
}

/// A call under evaluation and its projects, in the order in which they were given.
pub struct Call {
    pub id: Uuid,
    pub projects: Vec<Uuid>,
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
        let frame = Frame::new(concilia_allocation::routes).await;
        let scratch = Self { frame, lead_id: new_id(), plan_id: new_id() };
        let here = scratch.territory_id;
        let setup = format!(
            "INSERT INTO organisations (id, territory_id, name, kind, tax_code) \
               VALUES ('{}', '{here}', 'Lead', 'public_body', '00000000001'); \
             INSERT INTO plans (id, territory_id, title, from_year, to_year, resources, local_alliances, system_actions, \
               address_document_act, address_document_date, expected_people, expected_companies) \
               VALUES ('{}', '{here}', 'Plan', 2020, 2023, 214648.00, 171718.40, 42929.60, 'Act', '2020-01-01', 0, 0);",
            scratch.lead_id, scratch.plan_id
        );
        scratch.run_sql(&setup).await;
        scratch
    }

    /// An officer of the agency.
    pub fn ats(&self) -> Actor {
        self.actor(Role::Ats)
    }

    pub fn actor(&self, role: Role) -> Actor {
        self.frame.actor(role, self.lead_id)
    }

    /// The same officer in the other territory.
    pub fn stranger(&self) -> Actor {
        self.frame.stranger(Role::Ats, self.lead_id)
    }

    /// A call under evaluation, with a scored project for each (request, score).
    pub async fn project_call(&self, number: i16, budget: &str, projects: &[(String, String)]) -> Call {
        let (territory, call, plan, lead) = (self.territory_id, new_id(), self.plan_id, self.lead_id);
        let ids: Vec<Uuid> = projects.iter().map(|_| new_id()).collect();
        let mut sql = format!(
            "INSERT INTO project_calls (id, territory_id, plan_id, number, title, state, address_document_act, \
               address_document_date, budget, opens_at, closes_at, intervention_types, lead_kinds) \
             VALUES ('{call}', '{territory}', '{plan}', {number}, 'Call', 'draft', 'Act', '2020-01-01', {budget}, \
               '2020-02-01T00:00:00Z', '2020-05-01T00:00:00Z', ARRAY['a'], 'public_or_nonprofit'); \
             INSERT INTO evaluation_criteria (territory_id, project_call_id, position, code, title, maximum) \
             VALUES ('{territory}', '{call}', 1, 'innovation', 'Innovation', 1000); \
             UPDATE project_calls SET state = 'evaluating' WHERE id = '{call}';"
        );
        for (at, (id, (requested, score))) in ids.iter().zip(projects).enumerate() {
            let reference = format!("{number}.{}", at + 1);
            let _ = write!(
                sql,
                "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, \
                   state, project_call_id, requested_grant, cost_staff, submitted_at) \
                 VALUES ('{id}', '{territory}', '{reference}', 'Project {reference}', '{lead}', '2020-09-01', \
                   '2022-12-31', 'scored', '{call}', {requested}, {requested}, '2020-04-01T00:00:00Z'); \
                 INSERT INTO final_scores (id, territory_id, project_call_id, project_id, number, score, minutes_act, \
                   minutes_date) \
                 VALUES (uuid_v7(), '{territory}', '{call}', '{id}', 1, {score}, 'Minutes', '2020-07-01');"
            );
        }
        self.run_sql(&sql).await;
        Call { id: call, projects: ids }
    }

    /// The call of 2020.
    pub async fn real_call(&self) -> Call {
        let projects = REAL.map(|(requested, score, _)| (requested.to_owned(), score.to_owned()));
        self.project_call(2, REAL_BUDGET, &projects).await
    }

    /// Sets what is unversioned.
    pub async fn put(&self, actor: &Actor, path: &str, body: Value) -> Answer {
        self.call(actor, Method::PUT, path, body, &[]).await
    }

    pub async fn allocate(&self, actor: &Actor, call: &Call, terms: Value) -> Answer {
        self.post(actor, &format!("/v1/project-calls/{}/allocations", call.id), terms).await
    }

    pub async fn approve(&self, actor: &Actor, allocation: Uuid) -> Answer {
        let act = json!({"act": "Decreto n. 452", "act_date": "2020-07-24"});
        self.post(actor, &format!("/v1/allocations/{allocation}/approve"), act).await
    }
}

/// Three bands with these percentages, the residue to the last.
pub fn bands(percentages: [&str; 3]) -> Value {
    let band =
        |minimum_score: &str, percentage: &str| json!({"minimum_score": minimum_score, "percentage": percentage});
    let bands = [band("55.00", percentages[0]), band("40.00", percentages[1]), band("0.00", percentages[2])];
    json!({"method": "bands", "bands": bands, "residue": "last_band"})
}

/// The percentages of 2020.
pub fn real_terms() -> Value {
    bands(["0.87", "0.66", "0.50"])
}
