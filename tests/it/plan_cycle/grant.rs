//! A project that was awarded the grant of project 2.5: 20,038.40 EUR, as far as a test needs it.

use super::table::{Table, bands};
use super::world::{World, put, text};
use concilia_tests::{Answer, Caller};
use reqwest::Method;
use serde_json::{Value, json};

pub struct Grant<'w> {
    pub world: &'w World,
    /// The project's address.
    pub project: String,
    pub lead: String,
    pub partner: String,
    /// An officer of the implementing partner alone.
    pub partners_officer: Caller,
}

impl<'w> Grant<'w> {
    /// Awarded, and not accepted yet.
    pub async fn of(world: &'w World) -> Self {
        let table = Table::of_figures(world, "20038.40", &[("40000.00", "50.00")]).await;
        let partner = world.organisation("COSPER Società Cooperativa Sociale").await;
        let (project, lead) = (table.projects[0].clone(), world.organisation("Comune di Crema").await);
        let (territory, id) = (&world.territory, super::world::id_of(&project));
        world
            .run(&format!(
                "INSERT INTO project_partners (territory_id, project_id, organisation_id, role, mandate_on) \
                 VALUES ('{territory}', '{id}', '{partner}', 'implementing', '2020-05-20')"
            ))
            .await;
        let run = table.run(&bands(&[("0.00", "0.50")], "last_band")).await;
        table.approve(&run).await.expect(200);
        let partners_officer = world.server.role("provider").await;
        Self { world, project, lead, partner, partners_officer }
    }

    /// Its activities have begun.
    pub async fn running(world: &'w World) -> Self {
        let grant = Self::of(world).await;
        grant.accept().await;
        grant.prepare().await;
        let agreement = grant.agreement().await;
        grant.sign(&world.alliances, &agreement, "lead").await.expect(200);
        grant.sign(&world.ats, &agreement, "agency").await.expect(200);
        grant.act(&world.alliances, "start").await.expect(200);
        grant
    }

    pub fn path(&self, rest: &str) -> String {
        format!("{}/{rest}", self.project)
    }

    pub async fn act(&self, caller: &Caller, rest: &str) -> Answer {
        caller.act(&self.path(rest)).await
    }

    pub async fn accept(&self) -> Value {
        self.act(&self.world.alliances, "grant/accept").await.expect(200)
    }

    /// The budget of project 2.5 fitted to its 20,038.40.
    pub fn budget(&self) -> Value {
        json!({
            "costs": {"staff": "9142.85", "coordination": "4000.00", "goods": "0.00", "services": "27000.00",
                      "vouchers": "0.00", "general": "1038.40"},
            "cofinancing": [{"organisation_id": self.lead, "monetary": "8571.43", "in_kind": "0.00"},
                            {"organisation_id": self.partner, "monetary": "4000.00", "in_kind": "4571.42"}]
        })
    }

    /// Writes a part of the grant from the version that is there.
    pub async fn put(&self, caller: &Caller, rest: &str, body: &Value) -> Answer {
        put(caller, &self.path("grant"), &self.path(rest), body).await
    }

    /// The budget, the CUP and tranches of 50, 30 and 20 percent.
    pub async fn prepare(&self) {
        self.put(&self.world.alliances, "executive-budget", &self.budget()).await.expect(200);
        self.put(&self.world.ats, "grant/cup", &json!({"cup": "J41B20000000001"})).await.expect(200);
        let tranches = json!({"tranches": [{"kind": "advance", "share": "0.50"}, {"kind": "interim", "share": "0.30"},
                                           {"kind": "balance", "share": "0.20"}]});
        self.put(&self.world.ats, "grant/tranches", &tranches).await.expect(200);
    }

    /// Makes the agreement, and answers its address.
    pub async fn agreement(&self) -> String {
        let act = json!({"act": "Decreto n. 300", "act_date": "2020-08-20"});
        let agreement = self.world.ats.post(&self.path("agreements"), &act).await.expect(201);
        format!("/v1/agreements/{}", text(&agreement["id"]))
    }

    pub async fn sign(&self, caller: &Caller, agreement: &str, party: &str) -> Answer {
        caller.post(&format!("{agreement}/sign"), &json!({"party": party, "signed_on": "2020-08-25"})).await
    }

    /// Asks for a payment of a tranche.
    pub async fn order(&self, caller: &Caller, tranche: i64, amount: Option<&str>) -> Answer {
        let id = super::world::id_of(&self.project);
        let body = json!({"project_id": id, "tranche_number": tranche, "amount": amount, "act": "Decreto n. 420",
            "act_date": "2020-09-06"});
        caller.post("/v1/grant-payments", &body).await
    }

    /// Pays what was asked for: approved by the colleague, and paid by the treasury.
    pub async fn pay(&self, payment: &Value) {
        let path = format!("/v1/grant-payments/{}", text(&payment["id"]));
        self.world.colleague.act(&format!("{path}/approve")).await.expect(200);
        let paid = json!({"payment_reference": "Mandato n. 1834", "paid_on": "2020-09-15"});
        self.world.ats.post(&format!("{path}/pay"), &paid).await.expect(200);
    }

    /// Begins a report of a period, and answers its address.
    pub async fn report(&self, from: &str, to: &str) -> String {
        let period = json!({"period_from": from, "period_to": to});
        let report = self.world.alliances.post(&self.path("expense-reports"), &period).await.expect(201);
        format!("/v1/expense-reports/{}", text(&report["id"]))
    }

    pub fn invoice(&self, number: &str, item: &str, source: &str, amount: &str) -> Value {
        json!({"organisation_id": self.lead, "cost_item": item, "source": source, "description": "Spesa",
            "incurred_on": "2020-10-30", "amount": amount,
            "document": {"type": "invoice", "number": number, "issuer": "Fornitore S.r.l.", "date": "2020-10-30"}})
    }

    pub fn hours(&self, number: &str, hours: &str, rate: &str) -> Value {
        json!({"organisation_id": self.partner, "cost_item": "staff", "source": "in_kind", "description": "Ore",
            "incurred_on": "2020-10-30", "hours": hours, "hourly_rate": rate,
            "document": {"type": "timesheet", "number": number, "issuer": "COSPER", "date": "2020-10-30"}})
    }

    /// An expense with its file; its address.
    pub async fn expense(&self, caller: &Caller, report: &str, body: &Value) -> String {
        let expense = caller.post(&format!("{report}/expenses"), body).await.expect(201);
        let expense = format!("/v1/expenses/{}", text(&expense["id"]));
        attach(caller, &expense, &expense).await.expect(200);
        expense
    }

    /// Submits a report, accepts all that is on it and validates it.
    pub async fn validate(&self, report: &str) {
        self.world.alliances.act(&format!("{report}/submit")).await.expect(200);
        self.world.ats.act(&format!("{report}/accept-remaining")).await.expect(200);
        self.world.ats.act(&format!("{report}/validate")).await.expect(200);
    }

    pub async fn shown(&self) -> Value {
        self.world.ats.get(&self.path("grant")).await.expect(200)
    }
}

/// Attaches a document to an expense.
pub async fn attach(caller: &Caller, expense: &str, content: &str) -> Answer {
    let seen = caller.get(expense).await.etag().to_owned();
    let request = caller.request(Method::PUT, &format!("{expense}/attachment")).header("if-match", seen);
    let request = request.header("content-type", "application/pdf").body(format!("%PDF-1.4 {content}"));
    Answer::of(request.send().await.expect("an answer")).await
}
