//! A throw-away database with a call, a project that was awarded a grant, its partners, and people of each side.

use actix_web::http::Method;
use actix_web::test::TestRequest;
use concilia_kernel::{Actor, Role, new_id};
pub use concilia_scratch::Answer;
use concilia_scratch::Frame;
use serde_json::{Value, json};
use std::ops::Deref;
use uuid::Uuid;

pub struct Scratch {
    frame: Frame,
    pub agency_id: Uuid,
    pub lead_id: Uuid,
    pub partner_id: Uuid,
    pub outsider_id: Uuid,
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
    /// The real project 2.5: 57,142.85 in all, 40,000 asked, 20,038.40 assigned.
    async fn new() -> Self {
        let scratch = Self {
            frame: Frame::new(concilia_funding::routes).await,
            agency_id: new_id(),
            lead_id: new_id(),
            partner_id: new_id(),
            outsider_id: new_id(),
            project_id: new_id(),
        };
        scratch.run_sql(&scratch.setup()).await;
        scratch
    }

    fn setup(&self) -> String {
        let Self { agency_id, lead_id, partner_id, outsider_id, project_id, .. } = self;
        let (territory_id, plan_id) = (self.territory_id, new_id());
        let (call_id, allocation_id) = (new_id(), new_id());
        format!(
            "INSERT INTO organisations (id, territory_id, name, kind, tax_code) VALUES \
               ('{agency_id}', '{territory_id}', 'ATS di prova', 'territorial_area_or_agency', '00000000001'), \
               ('{lead_id}', '{territory_id}', 'Comune', 'public_body', '00000000002'), \
               ('{partner_id}', '{territory_id}', 'Cooperativa', 'nonprofit', '00000000003'), \
               ('{outsider_id}', '{territory_id}', 'Altra', 'nonprofit', '00000000004'); \
             INSERT INTO plans (id, territory_id, title, from_year, to_year, resources, local_alliances, system_actions, \
               address_document_act, address_document_date, expected_people, expected_companies) VALUES \
               ('{plan_id}', '{territory_id}', 'Piano', 2020, 2028, 214648, 171718.40, 42929.60, 'Decreto n. 103', \
                '2020-02-28', 3000, 30); \
             INSERT INTO project_calls (id, territory_id, plan_id, number, title, state, address_document_act, \
               address_document_date, budget, opens_at, closes_at, intervention_types, lead_kinds, maximum_grant) VALUES \
               ('{call_id}', '{territory_id}', '{plan_id}', 2, 'Avviso', 'awarded', 'Decreto n. 103', '2020-02-28', \
                171718.40, '2020-03-01', '2020-05-15', '{{a,b}}', 'public_or_nonprofit', 40000); \
             INSERT INTO projects (id, territory_id, reference, title, lead_organisation_id, starts_on, ends_on, state, \
               project_call_id, submitted_at, requested_grant, cost_staff, cost_coordination, cost_services, cost_general) \
               VALUES ('{project_id}', '{territory_id}', '2.5', 'ALICE', '{lead_id}', '2020-06-01', '2026-08-31', 'funded', \
                '{call_id}', '2020-05-10', 40000, 14142.85, 8550, 42000, 1000); \
             INSERT INTO project_partners (territory_id, project_id, organisation_id, role) VALUES \
               ('{territory_id}', '{project_id}', '{lead_id}', 'lead'), \
               ('{territory_id}', '{project_id}', '{partner_id}', 'implementing'); \
             INSERT INTO allocations (id, territory_id, project_call_id, number, state, method, terms, inputs_hash, budget, \
               requested, admissible, base_amount, assigned, residue, bands, projects, funded, computed_by, approved_by, \
               approved_at, act, act_date) VALUES \
               ('{allocation_id}', '{territory_id}', '{call_id}', 1, 'approved', 'bands', '{{}}', sha256('x'), 171718.40, \
                40000, 40000, 20000, 20038.40, 151680, '[]', 1, 1, uuid_v7(), uuid_v7(), now(), 'Decreto n. 250', \
                '2020-05-29'); \
             INSERT INTO allocation_rows (territory_id, allocation_id, position, project_id, lead_organisation_id, reference, \
               submitted_at, total_cost, score, requested, admissible, band, percentage, base_amount, residue_share, assigned, \
               outcome, basis) VALUES \
               ('{territory_id}', '{allocation_id}', 1, '{project_id}', '{lead_id}', '2.5', '2020-05-10', 57142.85, 29, 40000, \
                40000, 3, 0.5, 20000, 38.40, 20038.40, 'funded', '{{}}');"
        )
    }

    pub fn officer(&self) -> Actor {
        self.actor(Role::Ats, self.agency_id)
    }

    pub fn lead(&self) -> Actor {
        self.actor(Role::AllianceLead, self.lead_id)
    }

    pub fn partner(&self) -> Actor {
        self.actor(Role::Provider, self.partner_id)
    }

    pub async fn upload(&self, actor: &Actor, expense_id: &str, file: &str) -> Answer {
        let path = format!("/v1/expenses/{expense_id}/attachment");
        let request = TestRequest::with_uri(&path)
            .method(Method::PUT)
            .insert_header(("If-Match", "*"))
            .insert_header(("Content-Type", "application/pdf"));
        self.send(actor, request.set_payload(format!("%PDF-1.4 {file}"))).await
    }

    pub fn project(&self, rest: &str) -> String {
        format!("/v1/projects/{}{rest}", self.project_id)
    }

    /// The budget of project 2.5 fitted to its 20,038.40.
    pub fn executive(&self) -> Value {
        json!({
            "costs": {"staff": "9142.85", "coordination": "4000.00", "goods": "0.00", "services": "27000.00",
                      "vouchers": "0.00", "general": "1038.40"},
            "cofinancing": [
                {"organisation_id": self.lead_id, "monetary": "4000.00", "in_kind": "4571.43"},
                {"organisation_id": self.partner_id, "monetary": "4000.00", "in_kind": "4571.42"}
            ]
        })
    }

    /// Accepts, with the budget, the CUP and tranches of 50, 30 and 20 percent.
    pub async fn accepted(&self, lead: &Actor, officer: &Actor, executive: Value) {
        self.post(lead, &self.project("/grant/accept"), None).await.expect(200);
        self.put(lead, &self.project("/executive-budget"), "*", executive).await.expect(200);
        let cup = json!({"cup": "J41B20000000001"});
        self.put(officer, &self.project("/grant/cup"), "*", cup).await.expect(200);
        let tranches = json!({"tranches": [{"kind": "advance", "share": "0.50"}, {"kind": "interim", "share": "0.30"},
                                           {"kind": "balance", "share": "0.20"}]});
        self.put(officer, &self.project("/grant/tranches"), "*", tranches).await.expect(200);
    }

    /// Makes the agreement and signs it for both parties.
    pub async fn signed(&self, lead: &Actor, officer: &Actor) {
        let act = json!({"act": "Decreto n. 300", "act_date": "2020-06-20"});
        let agreement = self.post(officer, &self.project("/agreements"), act).await.expect(201);
        let sign = format!("/v1/agreements/{}/sign", agreement["id"].as_str().unwrap());
        for (actor, party) in [(lead, "lead"), (officer, "agency")] {
            let body = json!({"party": party, "signed_on": "2020-07-01"});
            self.post(actor, &sign, body).await.expect(200);
        }
    }

    /// A project under way.
    pub async fn running(&self, lead: &Actor, officer: &Actor) {
        self.running_with(lead, officer, self.executive()).await;
    }

    pub async fn running_with(&self, lead: &Actor, officer: &Actor, executive: Value) {
        self.accepted(lead, officer, executive).await;
        self.signed(lead, officer).await;
        self.post(lead, &self.project("/start"), None).await.expect(200);
    }

    /// A draft report of a period.
    pub async fn report(&self, lead: &Actor, from: &str, to: &str) -> String {
        let body = json!({"period_from": from, "period_to": to});
        let report = self.post(lead, &self.project("/expense-reports"), body).await.expect(201);
        report["id"].as_str().unwrap().to_owned()
    }

    /// An expense with its file.
    pub async fn expense(&self, actor: &Actor, report: &str, body: Value) -> String {
        let path = format!("/v1/expense-reports/{report}/expenses");
        let expense = self.post(actor, &path, body).await.expect(201);
        let id = expense["id"].as_str().unwrap().to_owned();
        self.upload(actor, &id, &id).await.expect(200);
        id
    }

    pub fn invoice(&self, number: &str, item: &str, source: &str, amount: &str) -> Value {
        json!({
            "organisation_id": self.lead_id, "cost_item": item, "source": source, "description": "Spesa",
            "incurred_on": "2020-09-30", "amount": amount,
            "document": {"type": "invoice", "number": number, "issuer": "Fornitore S.r.l.", "date": "2020-09-30"}
        })
    }

    pub fn timesheet(&self, number: &str, hours: &str, rate: &str) -> Value {
        json!({
            "organisation_id": self.partner_id, "cost_item": "staff", "source": "in_kind", "description": "Ore",
            "incurred_on": "2020-09-30", "hours": hours, "hourly_rate": rate,
            "document": {"type": "timesheet", "number": number, "issuer": "Cooperativa", "date": "2020-09-30"}
        })
    }

    /// Submits a report, accepts all that is on it and validates it.
    pub async fn validated(&self, lead: &Actor, officer: &Actor, report: &str) {
        let report = format!("/v1/expense-reports/{report}");
        self.post(lead, &format!("{report}/submit"), None).await.expect(200);
        self.post(officer, &format!("{report}/accept-remaining"), None).await.expect(200);
        self.post(officer, &format!("{report}/validate"), None).await.expect(200);
    }
}
