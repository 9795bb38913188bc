//! A throw-away territory whose records are few enough to count by hand.

use concilia_kernel::{Actor, Role, new_id};
pub use concilia_scratch::Answer;
use concilia_scratch::Frame;
use serde_json::{Value, json};
use std::ops::Deref;
use uuid::Uuid;

pub struct Scratch {
    frame: Frame,
    agency_id: Uuid,
    lead_id: Uuid,
    pub plan_id: Uuid,
    /// Expects 40 people and no company.
    pub activity_id: Uuid,
    /// Expects nothing that is counted.
    pub other_activity_id: Uuid,
    pub project_id: Uuid,
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
            frame: Frame::new(concilia_indicators::routes).await,
            agency_id: new_id(),
            lead_id: new_id(),
            plan_id: new_id(),
            activity_id: new_id(),
            other_activity_id: new_id(),
            project_id: new_id(),
        };
        scratch.run_sql(&scratch.setup()).await;
        scratch
    }

    /// Four members, one of which came in 2021; a plan that expects 100 people and no company; a project of a public lead
    /// and two private partners, with a grant of EUR 1,000.00.
    fn setup(&self) -> String {
        let Self { agency_id, lead_id, plan_id, project_id, .. } = self;
        let t = self.territory_id;
        let (activity_id, other_activity_id) = (self.activity_id, self.other_activity_id);
        let (coop, company, call) = (new_id(), new_id(), new_id());
        let (report, group) = (new_id(), new_id());
        let expense = |organisation: Uuid, source: &str, hours: &str, amount: &str| {
            let item = if source == "in_kind" { "staff" } else { "services" };
            format!(
                "('{}', '{t}', '{project_id}', '{report}', '{organisation}', '{item}', '{source}', 'Spesa', '2020-10-01', \
                 {amount}, {hours}, 'invoice', '{}', 'Ditta', '2020-10-01', 'accepted', {amount}, uuid_v7(), now(), uuid_v7())",
                new_id(),
                new_id(),
            )
        };
        let expenses = [
            expense(*lead_id, "in_kind", "10, 20", "200.00"),
            expense(*lead_id, "grant", "NULL, NULL", "500.00"),
            expense(coop, "monetary", "NULL, NULL", "60.00"),
            expense(company, "in_kind", "2, 20", "40.00"),
        ]
        .join(", ");
        let meeting = |day: &str, state: &str, quorate: &str| {
            let held = if state == "held" { format!("'{day}T10:00:00Z'") } else { "NULL".to_owned() };
            format!(
                "(uuid_v7(), '{t}', '{group}', '{state}', '{day}T09:00:00Z', 60, 'Mantova', 1, '2020-07-08', 0, {quorate}, {held})"
            )
        };
        let meetings = [
            meeting("2020-09-22", "held", "true"),
            meeting("2020-10-22", "cancelled", "NULL"),
            meeting("2021-02-16", "held", "true"),
        ]
        .join(", ");
        format!(
            "INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES \
               ('{agency_id}', '{t}', 'ATS di prova', 'territorial_area_or_agency', '00000000001'), \
               ('{lead_id}', '{t}', 'Comune', 'public_body', '00000000002'), \
               ('{coop}', '{t}', 'Cooperativa', 'nonprofit', '00000000003'), \
               ('{company}', '{t}', 'Ditta', 'company', '00000000004'); \
             INSERT INTO memberships (id, territory_id, organisation_id, state, requested_at, decided_at) \
               SELECT uuid_v7(), '{t}', o.id, 'admitted', d.day, d.day FROM organisations o, \
                 LATERAL (SELECT CASE o.kind WHEN 'company' THEN '2021-02-15' ELSE '2020-03-02' END::timestamptz AS day) d; \
             INSERT INTO plans (id, territory_id, title, from_year, to_year, resources, local_alliances, system_actions, \
               address_document_act, address_document_date, expected_people, expected_companies) VALUES \
               ('{plan_id}', '{t}', 'Piano', 2020, 2023, 1250, 1000, 250, 'Decreto n. 103', '2020-02-28', 100, 0); \
             INSERT INTO project_calls (id, territory_id, plan_id, number, title, state, address_document_act, \
               address_document_date, budget, opens_at, closes_at, intervention_types, lead_kinds) VALUES \
               ('{call}', '{t}', '{plan_id}', 1, 'Avviso', 'awarded', 'Decreto n. 103', '2020-02-28', 1000, '2020-03-01', \
                '2020-05-15', '{{a}}', 'public_or_nonprofit'); \
             INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state, \
               project_call_id, submitted_at, requested_grant, cost_services) VALUES \
               ('{project_id}', '{t}', '1.1', 'ALICE', '{lead_id}', '2020-07-01', '2022-06-30', 'running', '{call}', \
                '2020-05-10', 1000, 1500); \
             INSERT INTO project_partners (territory_id, project_id, organisation_id, role) VALUES \
               ('{t}', '{project_id}', '{lead_id}', 'lead'), ('{t}', '{project_id}', '{coop}', 'implementing'), \
               ('{t}', '{project_id}', '{company}', 'implementing'); \
             INSERT INTO project_activities (id, territory_id, project_id, number, title) VALUES \
               ('{activity_id}', '{t}', '{project_id}', 1, 'Servizi'), \
               ('{other_activity_id}', '{t}', '{project_id}', 2, 'Governance'); \
             INSERT INTO activity_targets (territory_id, activity_id, year, measure, expected) VALUES \
               ('{t}', '{activity_id}', 2020, 'people', 25), ('{t}', '{activity_id}', 2021, 'people', 15), \
               ('{t}', '{other_activity_id}', 2020, 'events', 2); \
             ALTER TABLE grants DISABLE TRIGGER ALL; ALTER TABLE grant_payments DISABLE TRIGGER ALL; \
             ALTER TABLE expense_reports DISABLE TRIGGER ALL; ALTER TABLE expenses DISABLE TRIGGER ALL; \
             INSERT INTO grants (project_id, territory_id, assigned, coordination_limit, cofinancing_minimum, shift_threshold, \
               accepted_by, accepted_at) VALUES ('{project_id}', '{t}', 1000, 0.15, 0.30, 0.10, uuid_v7(), '2020-06-04'); \
             INSERT INTO grant_payments (id, territory_id, project_id, tranche_number, amount, state, validated, act, act_date, \
               created_by, approved_by, approved_at, payment_reference, paid_on, paid_by) VALUES \
               (uuid_v7(), '{t}', '{project_id}', 1, 400, 'paid', 0, 'Decreto n. 1', '2020-07-06', uuid_v7(), uuid_v7(), now(), \
                'Mandato 1', '2020-07-15', uuid_v7()), \
               (uuid_v7(), '{t}', '{project_id}', 2, 250.50, 'paid', 500, 'Decreto n. 2', '2021-01-06', uuid_v7(), uuid_v7(), \
                now(), 'Mandato 2', '2021-01-15', uuid_v7()); \
             INSERT INTO expense_reports (id, territory_id, project_id, number, period_from, period_to, state, created_by, \
               submitted_by, submitted_at, validated_by, validated_at) VALUES \
               ('{report}', '{t}', '{project_id}', 1, '2020-07-01', '2020-10-31', 'validated', uuid_v7(), uuid_v7(), now(), \
                uuid_v7(), '2020-12-11'); \
             INSERT INTO expenses (id, territory_id, project_id, expense_report_id, organisation_id, cost_item, source, \
               description, incurred_on, amount, hours, hourly_rate, document_type, document_number, document_issuer, \
               document_date, decision, accepted, decided_by, decided_at, created_by) VALUES {expenses}; \
             ALTER TABLE bodies DISABLE TRIGGER ALL; \
             INSERT INTO bodies (id, territory_id, kind, name, referent_id, created_at) VALUES \
               ('{group}', '{t}', 'working_group', 'Lavoro agile', uuid_v7(), '2020-07-07'); \
             ALTER TABLE bodies ENABLE TRIGGER ALL; \
             INSERT INTO meetings (id, territory_id, body_id, state, starts_at, duration_minutes, place, notice, sent_at, \
               required_days, quorate, held_at) VALUES {meetings};"
        )
    }

    pub fn officer(&self) -> Actor {
        self.actor(Role::Ats, self.agency_id)
    }

    pub fn lead(&self) -> Actor {
        self.actor(Role::AllianceLead, self.lead_id)
    }

    /// Records what an activity reached, as the lead.
    pub async fn reach(&self, activity_id: Uuid, day: &str, people: i32, companies: i32) -> Value {
        let body = json!({"reached_on": day, "people": people, "companies": companies});
        let path = format!("/v1/activities/{activity_id}/results");
        self.post(&self.lead(), &path, body).await.expect(201)
    }

    pub async fn freeze(&self, half: &str) -> Answer {
        let path = format!("/v1/plans/{}/indicator-freezes", self.plan_id);
        self.post(&self.officer(), &path, json!({"half": half})).await
    }

    /// Every figure: as frozen for a half-year, or live.
    pub async fn figures(&self, half: Option<&str>) -> Figures {
        let half = half.map_or_else(String::new, |half| format!("&half={half}"));
        let path = format!("/v1/plans/{}/indicators?limit=200{half}", self.plan_id);
        let page = self.get(&self.officer(), &path).await.expect(200);
        assert!(page["next"].is_null(), "all figures fit a page");
        Figures(page["items"].as_array().unwrap().clone())
    }
}

#[derive(Debug, PartialEq)]
pub struct Figures(pub Vec<Value>);

impl Figures {
    /// Numerator, denominator and share of a figure; `-` for none.
    #[track_caller]
    pub fn of(&self, indicator: &str, dimension: &str) -> [String; 3] {
        let found: Vec<_> =
            self.0.iter().filter(|f| f["indicator"] == indicator && f["dimension"] == dimension).collect();
        assert_eq!(found.len(), 1, "{indicator}/{dimension}: {found:?}");
        ["numerator", "denominator", "share"].map(|name| found[0][name].as_str().unwrap_or("-").to_owned())
    }
}
