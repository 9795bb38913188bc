//! An alliance of a public lead, a company and a non-profit, all members of the network, and its projects.

use crate::scratch::{Answer, Scratch};
use actix_web::http::Method;
use concilia_kernel::{Actor, Role, new_id};
use concilia_network::{MembershipState, insert_membership};
use serde_json::{Value, json};
use uuid::Uuid;

/// The figures of project 2.5 of the 2020-2023 plan.
pub const BUDGET: [(&str, &str); 7] = [
    ("staff", "14142.85"),
    ("coordination", "8550.00"),
    ("goods", "0.00"),
    ("services", "42000.00"),
    ("vouchers", "0.00"),
    ("general", "1000.00"),
    ("requested_grant", "40000.00"),
];

pub fn budget(change: &[(&str, &str)]) -> Value {
    let mut budget: serde_json::Map<String, Value> =
        BUDGET.iter().map(|(item, amount)| ((*item).to_owned(), json!(amount))).collect();
    for (item, amount) in change {
        budget[*item] = json!(amount);
    }
    Value::Object(budget)
}

pub fn content(title: &str) -> Value {
    json!({"title": title, "alliance": "Ambito di Cremona", "summary": null, "starts_on": "2020-06-01",
           "ends_on": "2021-08-31", "intervention_types": ["a", "b"], "open_alliance": true, "whp_link": false,
           "zone_plan_link": true})
}

pub fn activities() -> Value {
    json!({"activities": [
        {"title": "Governance del progetto", "months": ["2020-07", "2020-06"]},
        {"title": "Servizi estivi", "months": ["2020-06", "2020-09"],
         "targets": [{"year": 2020, "measure": "people", "expected": 120}]},
    ]})
}

impl Scratch {
    pub fn lead(&self) -> Actor {
        self.actor(Role::AllianceLead, self.lead_id)
    }

    /// Officers of the company and of the non-profit.
    pub fn officers(&self) -> [Actor; 2] {
        [self.actor(Role::Employer, self.partner_ids[0]), self.actor(Role::Provider, self.partner_ids[1])]
    }

    /// Makes organisations members of the network.
    pub async fn admit(&self, organisations: &[Uuid]) {
        let mut conn = self.connect().await;
        for id in organisations {
            insert_membership(&mut conn, self.territory_id, *id, MembershipState::Admitted).await.unwrap();
        }
    }

    /// One more organisation, a member of the network.
    pub async fn member(&self, name: &str, kind: &str) -> Uuid {
        let id = new_id();
        let serial = &id.simple().to_string()[21..];
        let tax_code = u128::from_str_radix(serial, 16).unwrap() % 90_000_000_000 + 10_000_000_000;
        self.run_sql(&format!(
            "INSERT INTO organisations (id, territory_id, name, kind, tax_code) \
             VALUES ('{id}', '{}', '{name}', '{kind}', '{tax_code}')",
            self.territory_id
        ))
        .await;
        self.admit(&[id]).await;
        id
    }

    /// A draft with nothing but its content.
    pub async fn draft_project(&self, call: Uuid, title: &str) -> Answer {
        let body =
            json!({"project_call_id": call, "lead_organisation_id": self.lead_id, "content": content(title)});
        self.post(&self.lead(), "/v1/projects", Some(body)).await
    }

    pub async fn project(&self, id: Uuid) -> Answer {
        self.get(Some(&self.ats()), &format!("/v1/projects/{id}")).await.with_status(200)
    }

    /// Changes a part of the project as its lead, from its present version.
    pub async fn put_part(&self, id: Uuid, part: &str, body: Value) -> Answer {
        let seen = self.project(id).await.etag.unwrap();
        self.put(&self.lead(), &format!("/v1/projects/{id}{part}"), &seen, body).await
    }

    pub async fn add_partner(&self, id: Uuid, organisation: Uuid, role: &str, mandate: Option<&str>) -> Answer {
        let body = json!({"organisation_id": organisation, "role": role, "mandate_on": mandate});
        self.post(&self.lead(), &format!("/v1/projects/{id}/partners"), Some(body)).await
    }

    /// Writes a line as `actor`.
    pub async fn put_line(&self, actor: &Actor, id: Uuid, organisation: Uuid, amounts: (&str, &str)) -> Answer {
        let path = format!("/v1/projects/{id}/cofinancing-lines/{organisation}");
        let seen = self.get(Some(actor), &path).await.etag.unwrap_or_else(|| "\"0\"".to_owned());
        self.put(actor, &path, &seen, json!({"monetary": amounts.0, "in_kind": amounts.1})).await
    }

    pub async fn sign_off(&self, actor: &Actor, id: Uuid, organisation: Uuid) -> Answer {
        let path = format!("/v1/projects/{id}/cofinancing-lines/{organisation}");
        let seen = self.get(Some(actor), &path).await.etag.unwrap_or_else(|| "\"0\"".to_owned());
        self.call(Some(actor), Method::POST, &format!("{path}/sign-off"), None, &[("if-match", &seen)]).await
    }

    /// A draft by the figures of project 2.5 that passes every rule: lead, company and non-profit put in
    /// EUR 17,142.85. The organisations must be members.
    pub async fn ready_project(&self, call: Uuid, title: &str) -> Uuid {
        let id = self.draft_project(call, title).await.created();
        let [company, nonprofit] = self.partner_ids;
        for (partner, role) in [(company, "implementing"), (nonprofit, "network")] {
            self.add_partner(id, partner, role, Some("2020-05-20")).await.expect(201);
        }
        self.put_part(id, "/budget", budget(&[])).await.expect(200);
        self.put_part(id, "/activities", activities()).await.expect(200);
        let [employer, provider] = self.officers();
        let lead = self.lead();
        for (officer, organisation, amounts) in [
            (&lead, self.lead_id, ("4000.00", "4571.43")),
            (&employer, company, ("4000.00", "4071.42")),
            (&provider, nonprofit, ("0.00", "500.00")),
        ] {
            self.put_line(officer, id, organisation, amounts).await.expect(200);
            self.sign_off(officer, id, organisation).await.expect(200);
        }
        id
    }

    /// Ends an organisation's membership of the network.
    pub async fn withdraw(&self, organisation: Uuid) {
        self.run_sql(&format!(
            "UPDATE memberships SET state = 'withdrawn', ended_at = now(), reason = 'Uscita dalla rete' \
             WHERE organisation_id = '{organisation}' AND state = 'admitted'"
        ))
        .await;
    }

    pub async fn admit_alliance(&self) {
        self.admit(&[self.lead_id, self.partner_ids[0], self.partner_ids[1]]).await;
    }

    pub async fn submit(&self, id: Uuid, answer: Option<&str>) -> Answer {
        let body = answer.map(|answer| json!({"answer": answer}));
        self.post(&self.lead(), &format!("/v1/projects/{id}/submit"), body).await
    }

    /// A submitted project.
    pub async fn submitted(&self, call: Uuid, title: &str) -> Uuid {
        let id = self.ready_project(call, title).await;
        self.submit(id, None).await.expect(200);
        id
    }

    /// The agency acts on a project.
    pub async fn act(&self, id: Uuid, act: &str, body: Option<Value>) -> Answer {
        self.post(&self.ats(), &format!("/v1/projects/{id}/{act}"), body).await
    }

    /// Rules that a project breaks, with where.
    pub async fn broken_rules(&self, id: Uuid) -> Vec<(String, String)> {
        let check = self.get(Some(&self.ats()), &format!("/v1/projects/{id}/check")).await.expect(200);
        let rules = check["rules"].as_array().unwrap().clone();
        let broken = rules.iter().filter(|rule| rule["ok"] == false);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let broken: Vec<_> = broken.map(|rule| (text(&rule["rule"]), text(&rule["pointer"]))).collect();
        assert_eq!(check["passes"], broken.is_empty());
        broken
    }
}
