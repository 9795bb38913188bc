//! A family with a voucher and a provider with a service of its own, in the demo's store.

use chrono::{Duration, Utc};
use concilia_tests::{Answer, Caller, TestServer};
use serde_json::{Value, json};

pub struct Market {
    pub server: TestServer,
    pub worker: Caller,
    pub provider: Caller,
    pub store_id: String,
    pub provider_id: String,
    pub child: String,
    pub voucher: String,
}

/// A published service with its sessions.
pub struct Offer {
    pub service: String,
    pub sessions: Vec<String>,
}

impl Market {
    pub async fn open() -> Self {
        let server = TestServer::start().await;
        let (worker, voucher) = family_with_voucher(&server).await;
        let provider = server.role("provider").await;
        let territory = server.territories()[0].clone();
        let account =
            server.accounts().iter().find(|a| a["role"] == "provider" && a["territory"] == territory.as_str());
        let provider_id = text(&account.expect("a provider")["organisation_id"]);
        let stores = server.anyone().get("/v1/stores").await.expect(200);
        let store = stores["items"].as_array().expect("stores").iter().find(|s| s["slug"] == "periltuotempo");
        Self {
            store_id: text(&store.expect("the demo's store")["id"]),
            child: text(&voucher["household_member_id"]),
            voucher: text(&voucher["id"]),
            server,
            worker,
            provider,
            provider_id,
        }
    }

    /// A service for all ages with `sessions` sessions of `capacity` places, the first `hours` from now.
    pub async fn offer(&self, price: &str, sessions: i64, capacity: i64, hours: i64) -> Offer {
        let input = self.service(price);
        let service = text(&self.provider.post("/v1/services", &input).await.expect(201)["id"]);
        self.provider.act(&format!("/v1/services/{service}/publish")).await.expect(200);
        let mut offer = Offer { service: service.clone(), sessions: vec![] };
        for index in 0..sessions {
            let starts_at = Utc::now() + Duration::hours(hours + 24 * index);
            let session =
                json!({"starts_at": starts_at, "ends_at": starts_at + Duration::hours(2), "capacity": capacity});
            let session =
                self.provider.post(&format!("/v1/services/{service}/sessions"), &session).await.expect(201);
            offer.sessions.push(text(&session["id"]));
        }
        offer
    }

    /// What a provider writes of a service for all ages.
    pub fn service(&self, price: &str) -> Value {
        json!({"store_id": self.store_id, "provider_id": self.provider_id, "category": "after_school",
            "title_it": "Prova", "title_en": "Trial", "description_it": "Prova.", "description_en": "Trial.",
            "intervention_type": "b", "minimum_age": 0, "maximum_age": 120, "place": "online", "municipality": null,
            "address": null, "unit": "hour", "price": price, "vat_rate": "5", "inclusion": []})
    }

    /// One unit of the first session, paid by the voucher.
    pub fn item(&self, offer: &Offer) -> Value {
        json!({"service_id": offer.service, "service_session_id": offer.sessions.first(),
            "household_member_id": self.child, "voucher_id": self.voucher, "quantity": 1})
    }

    pub async fn draft(&self, items: &[Value]) -> Value {
        self.worker.post("/v1/family-plans", &json!({"store_id": self.store_id, "items": items})).await.expect(201)
    }

    pub async fn submit(&self, plan: &Value) -> Answer {
        self.worker.act(&format!("/v1/family-plans/{}/submit", text(&plan["id"]))).await
    }

    /// An order of one item, and its id.
    pub async fn order(&self, item: Value) -> String {
        let plan = self.draft(&[item]).await;
        text(&self.submit(&plan).await.expect(200)["items"][0]["order_id"])
    }

    /// Available, held and spent on the voucher, in cents.
    pub async fn money(&self) -> (i64, i64, i64) {
        let voucher = self.worker.get(&format!("/v1/vouchers/{}", self.voucher)).await.expect(200);
        (cents(&voucher["available"]), cents(&voucher["held"]), cents(&voucher["spent"]))
    }

    /// Free places of the sessions of a service, in their order.
    pub async fn free_places(&self, offer: &Offer) -> Vec<i64> {
        let sessions = self.provider.get(&format!("/v1/services/{}/sessions", offer.service)).await.expect(200);
        let sessions = sessions["items"].as_array().expect("sessions").clone();
        let free = |id: &String| {
            sessions.iter().find(|s| s["id"] == id.as_str()).expect("the session")["free_places"].clone()
        };
        offer.sessions.iter().map(|id| free(id).as_i64().expect("a number")).collect()
    }
}

/// The first worker of the demo's first territory whose voucher still has EUR 150, and that voucher.
async fn family_with_voucher(server: &TestServer) -> (Caller, Value) {
    for nth in 0..7 {
        let worker = server.nth("worker", 0, nth).await;
        let vouchers = worker.get("/v1/vouchers").await.expect(200);
        let rich = |v: &&Value| v["state"] == "active" && cents(&v["available"]) >= 15_000;
        if let Some(voucher) = vouchers["items"].as_array().expect("vouchers").iter().find(rich) {
            return (worker, voucher.clone());
        }
    }
    panic!("no family with a voucher in the demo")
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

pub fn cents(value: &Value) -> i64 {
    text(value).replace('.', "").parse().expect("an amount")
}
