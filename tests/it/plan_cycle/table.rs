//! A call under evaluation whose projects are scored already: what a budget is shared out among.

use super::world::{World, text};
use concilia_kernel::new_id;
use concilia_tests::Answer;
use serde_json::{Value, json};
use std::fmt::Write as _;

pub struct Table<'w> {
    pub world: &'w World,
    /// The call's address.
    pub call: String,
    /// The projects' addresses, in the order of the rows.
    pub projects: Vec<String>,
}

impl<'w> Table<'w> {
    /// Rows of requested grant and score; each was submitted an hour after the one before.
    pub async fn of(world: &'w World, budget: &str, rows: &[(String, String)]) -> Self {
        let lead = world.organisation("Comune di Crema").await;
        let (territory, plan, call) = (&world.territory, new_id(), new_id());
        let mut sql = format!(
            "INSERT INTO plans (id, territory_id, title, from_year, to_year, resources, local_alliances, system_actions, \
               address_document_act, address_document_date, expected_people, expected_companies) \
               VALUES ('{plan}', '{territory}', 'Piano', 2080, 2083, round({budget} * 1.25, 2), {budget}, \
               round({budget} * 1.25, 2) - {budget}, 'Atto', '2020-01-01', 0, 0); \
             INSERT INTO project_calls (id, territory_id, plan_id, number, title, state, address_document_act, \
               address_document_date, budget, opens_at, closes_at, intervention_types, lead_kinds) \
               VALUES ('{call}', '{territory}', '{plan}', 900, 'Avviso', 'draft', 'Atto', '2020-01-01', {budget}, \
               '2020-02-01T00:00:00Z', '2020-05-01T00:00:00Z', ARRAY['a'], 'public_or_nonprofit'); \
             INSERT INTO evaluation_criteria (territory_id, project_call_id, position, code, title, maximum) \
               VALUES ('{territory}', '{call}', 1, 'innovation', 'Innovatività', 100); \
             UPDATE project_calls SET state = 'evaluating' WHERE id = '{call}';"
        );
        let ids: Vec<_> = rows.iter().map(|_| new_id()).collect();
        for (at, ((requested, score), id)) in rows.iter().zip(&ids).enumerate() {
            let reference = format!("900.{:04}", at + 1);
            let _ = write!(
                sql,
                "INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state, \
                   project_call_id, requested_grant, cost_staff, submitted_at) \
                   VALUES ('{id}', '{territory}', '{reference}', 'Progetto', '{lead}', '2020-09-01', '2022-12-31', \
                   'scored', '{call}', {requested}, {requested}, timestamptz '2020-04-01Z' + interval '1 hour' * {at}); \
                 INSERT INTO project_partners (territory_id, project_id, organisation_id, role) \
                   VALUES ('{territory}', '{id}', '{lead}', 'lead'); \
                 INSERT INTO final_scores (id, territory_id, project_call_id, project_id, number, score, minutes_act, \
                   minutes_date) VALUES (uuid_v7(), '{territory}', '{call}', '{id}', 1, {score}, 'Verbale', '2020-07-01');"
            );
        }
        world.run(&sql).await;
        let projects = ids.iter().map(|id| format!("/v1/projects/{id}")).collect();
        Self { world, call: format!("/v1/project-calls/{call}"), projects }
    }

    pub async fn of_figures(world: &'w World, budget: &str, rows: &[(&str, &str)]) -> Self {
        let rows: Vec<_> = rows.iter().map(|(requested, score)| ((*requested).into(), (*score).into())).collect();
        Self::of(world, budget, &rows).await
    }

    pub async fn try_create(&self, terms: &Value) -> Answer {
        self.world.ats.post(&format!("{}/allocations", self.call), terms).await
    }

    /// Computes a run with those terms, and answers it with all its rows.
    pub async fn run(&self, terms: &Value) -> Value {
        let run = self.try_create(terms).await.expect(201);
        let path = format!("/v1/allocations/{}?limit=200", text(&run["id"]));
        self.world.ats.get(&path).await.expect(200)
    }

    /// As [`Table::run`], and nothing is kept of it.
    pub async fn simulate(&self, terms: &Value) -> Value {
        self.world.ats.post(&format!("{}/allocations/simulate", self.call), terms).await.expect(200)
    }

    /// What each project is assigned in a simulation, in the order of the rows.
    pub fn assigned(&self, simulation: &Value) -> Vec<String> {
        let rows = simulation["rows"].as_array().or(simulation["items"].as_array()).expect("rows");
        let of = |project: &String| {
            let row = rows.iter().find(|row| project.ends_with(row["project"]["id"].as_str().unwrap_or("?")));
            text(&row.expect("a row")["assigned_grant"])
        };
        self.projects.iter().map(of).collect()
    }

    pub async fn approve(&self, run: &Value) -> Answer {
        let path = format!("/v1/allocations/{}/approve", text(&run["id"]));
        self.world.colleague.post(&path, &act()).await
    }
}

pub fn act() -> Value {
    json!({"act": "Decreto n. 452", "act_date": "2020-07-24"})
}

/// Terms by bands of minimum score and percentage.
pub fn bands(bands: &[(&str, &str)], residue: &str) -> Value {
    let bands: Vec<Value> =
        bands.iter().map(|(score, share)| json!({"minimum_score": score, "percentage": share})).collect();
    json!({"method": "bands", "bands": bands, "residue": residue})
}

/// Cents of amounts.
pub fn cents<'a>(amounts: impl IntoIterator<Item = &'a String>) -> i64 {
    amounts.into_iter().map(|amount| amount.replace('.', "").parse::<i64>().expect("an amount")).sum()
}
