//! Two empty territories and the handlers of this context.

use concilia_kernel::{Actor, Role};
pub use concilia_scratch::Answer;
use concilia_scratch::Frame;
use serde_json::{Value, json};
use std::ops::Deref;
use uuid::Uuid;

pub struct Scratch {
    frame: Frame,
}

/// Names of the organisations listed.
pub fn names(answer: &Answer) -> Vec<&str> {
    let items = answer.body["items"].as_array().unwrap_or_else(|| panic!("no items in {}", answer.body));
    items.iter().map(|item| item["organisation"]["name"].as_str().unwrap()).collect()
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
        let scratch = Self { frame: Frame::new(concilia_network::routes).await };
        let older = "UPDATE territories SET created_at = now() - interval '1 day' WHERE code = 'HERE'";
        scratch.run_sql(older).await;
        scratch
    }

    /// An API client of the organisation.
    pub fn machine(&self, role: Role, organisation: Uuid) -> Actor {
        let mut machine = self.actor(role, organisation);
        machine.login_session_id = None;
        machine
    }

    /// Asks to join, without a login.
    pub async fn ask(&self, change: impl FnOnce(&mut Value)) -> Answer {
        let mut body = request();
        change(&mut body);
        self.post(None, "/v1/memberships", body).await
    }

    /// An organisation that asked to join and was admitted.
    pub async fn member(&self, name: &str, tax_code: &str) -> (Uuid, Uuid) {
        let asked = self
            .ask(|body| {
                body["legal_name"] = json!(name);
                body["tax_code"] = json!(tax_code);
            })
            .await;
        let id = asked.created();
        let admitted = self.post(&self.ats(), &format!("/v1/memberships/{id}/admit"), None).await.expect(200);
        (id, admitted["organisation"]["id"].as_str().unwrap().parse().unwrap())
    }
}

pub fn request() -> Value {
    json!({
        "territory": "HERE", "legal_name": "Il Girasole", "tax_code": "00743110157", "vat_number": null,
        "kind": "nonprofit", "company_size": null, "municipality": "Mantova", "address": "via Roma 1",
        "email": "info@example.it", "phone": "0376 334111", "legal_representative": "Anna Bianchi",
        "statement_version": "2026-11",
    })
}

/// A formally valid tax code of an organisation.
pub fn tax_code(serial: u32) -> String {
    let first = format!("{serial:07}020");
    let sum: u32 = first
        .bytes()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit - b'0') * if at % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{first}{}", (10 - sum % 10) % 10)
}
