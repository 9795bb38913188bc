use crate::scratch::{Answer, Scratch, with_scratch};
use actix_web::http::Method;
use concilia_kernel::{Actor, Money, Role, new_id};
use concilia_ledger::check_ledger;
use concilia_ledger::schema::voucher_balances;
use concilia_marketplace::schema::orders;
use concilia_payments::schema::provider_statement_lines;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

const STATEMENTS: &str = "/v1/provider-statements";

async fn submit(scratch: &Scratch, provider: &Actor, key: &str) -> Answer {
    let body = json!({ "store_id": scratch.store_id });
    scratch.call(provider, Method::POST, STATEMENTS, body, &[("Idempotency-Key", key)]).await
}

async fn state_of(scratch: &Scratch, order_id: Uuid) -> String {
    let mut conn = scratch.connect().await;
    orders::table.find(order_id).select(orders::state).first(&mut conn).await.unwrap()
}

#[test]
fn accepted_orders_are_charged_approved_and_paid() {
    with_scratch(async |scratch| {
        let covered = scratch.order(scratch.provider_id, "accepted", 80_00).await;
        let whole = scratch.order(scratch.provider_id, "accepted", 100_00).await;
        let uncovered = scratch.order(scratch.provider_id, "accepted", 0).await;
        let delivered = scratch.order(scratch.provider_id, "delivered", 50_00).await;
        let of_other = scratch.order(scratch.other_provider_id, "accepted", 60_00).await;
        let provider = scratch.actor(Role::Provider, scratch.provider_id);
        let lead = scratch.actor(Role::AllianceLead, scratch.lead_id);

        let statement = submit(&scratch, &provider, "first").await.expect(201);
        let summary =
            |s: &Value| json!([s["state"], s["orders"], s["covered"], s["family_share"], s["payment_reference"]]);
        assert_eq!(summary(&statement), json!(["submitted", 3, "180.00", "120.00", null]));
        assert_eq!(submit(&scratch, &provider, "first").await.expect(201), statement);
        assert_eq!(submit(&scratch, &provider, "second").await.code(), (409, "nothing_to_settle"));
        for order in [covered, whole, uncovered] {
            assert_eq!(state_of(&scratch, order).await, "invoiced");
        }

        let path = format!("{STATEMENTS}/{}", statement["id"].as_str().unwrap());
        let detail = scratch.get(&provider, &path).await;
        assert_eq!(detail.body["statement"], statement);
        let lines: Vec<Value> = detail.body["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|l| json!([l["order_id"], l["covered"], l["family_share"]]))
            .collect();
        let expected = [
            json!([covered, "80.00", "20.00"]),
            json!([whole, "100.00", "0.00"]),
            json!([uncovered, "0.00", "100.00"]),
        ];
        assert_eq!(lines, expected);

        let pay = format!("{path}/pay");
        let reference = json!({"payment_reference": "CRO 12345678901"});
        let early = scratch.post(&lead, &pay, reference.clone()).await;
        assert_eq!(early.code(), (409, "transition_not_allowed"));
        let seen = [("If-Match", detail.etag.as_deref().unwrap())];
        let approved =
            scratch.call(&lead, Method::POST, &format!("{path}/approve"), None, &seen).await.expect(200);
        assert_eq!(approved["state"], "approved");
        assert_eq!(scratch.call(&lead, Method::POST, &pay, reference.clone(), &seen).await.status, 412);
        let keyed = [("Idempotency-Key", "pay")];
        let paid = scratch.call(&lead, Method::POST, &pay, reference.clone(), &keyed).await.expect(200);
        assert_eq!(summary(&paid), json!(["paid", 3, "180.00", "120.00", "CRO 12345678901"]));
        let again = scratch.call(&lead, Method::POST, &pay, reference, &keyed).await.expect(200);
        assert_eq!(again, paid);

        for (order, state) in
            [(covered, "paid"), (uncovered, "paid"), (delivered, "delivered"), (of_other, "accepted")]
        {
            assert_eq!(state_of(&scratch, order).await, state);
        }
        let mut conn = scratch.connect().await;
        let money: (Money, Money, Money) = voucher_balances::table
            .find(scratch.voucher_id)
            .select((voucher_balances::held, voucher_balances::spent, voucher_balances::paid))
            .first(&mut conn)
            .await
            .unwrap();
        assert_eq!(money, (Money::from_cents(50_00), Money::from_cents(60_00), Money::from_cents(180_00)));
        assert_eq!(check_ledger(&mut conn, None).await.unwrap().violations, []);
    });
}

#[test]
fn orders_are_charged_once_whoever_asks_together() {
    with_scratch(async |scratch| {
        for _ in 0..8 {
            scratch.order(scratch.provider_id, "accepted", 10_00).await;
        }
        let officers: Vec<Actor> = (0..6).map(|_| scratch.actor(Role::Provider, scratch.provider_id)).collect();
        let answers = join_all(officers.iter().map(|officer| submit(&scratch, officer, "key"))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
        let mut conn = scratch.connect().await;
        let lines: i64 = provider_statement_lines::table.count().get_result(&mut conn).await.unwrap();
        assert_eq!(lines, 8);
    });
}

#[test]
fn nobody_decides_on_what_is_not_theirs() {
    with_scratch(async |scratch| {
        scratch.order(scratch.provider_id, "accepted", 10_00).await;
        // The author is an officer of the lead as well.
        let author =
            scratch.holder(&[(Role::Provider, scratch.provider_id), (Role::AllianceLead, scratch.lead_id)]);
        let statement = submit(&scratch, &author, "key").await;
        let path = format!("{STATEMENTS}/{}", statement.id());
        let approve = format!("{path}/approve");
        assert_eq!(scratch.post(&author, &approve, None).await.code(), (409, "approver_is_author"));

        let other_provider = scratch.actor(Role::Provider, scratch.other_provider_id);
        let other_lead = scratch.actor(Role::AllianceLead, new_id());
        let provider = scratch.actor(Role::Provider, scratch.provider_id);
        let ats = scratch.ats();
        for (reader, seen) in [(&other_provider, 0), (&other_lead, 0), (&provider, 1), (&ats, 1), (&author, 1)] {
            let list = scratch.get(reader, STATEMENTS).await.expect(200);
            assert_eq!(list["items"].as_array().unwrap().len(), seen);
            assert_eq!(scratch.get(reader, &path).await.status, if seen == 1 { 200 } else { 404 });
        }
        for decider in [&other_provider, &other_lead, &provider] {
            assert_eq!(scratch.post(decider, &approve, None).await.status, 404);
        }
        assert_eq!(scratch.post(&ats, &approve, None).await.status, 200);

        let two =
            scratch.holder(&[(Role::Provider, scratch.provider_id), (Role::Provider, scratch.other_provider_id)]);
        for (body, pointer) in [
            (json!({ "store_id": scratch.store_id }), "/provider_id"),
            (json!({ "store_id": scratch.store_id, "provider_id": new_id() }), "/provider_id"),
            (json!({ "store_id": new_id(), "provider_id": scratch.provider_id }), "/store_id"),
        ] {
            let refused = scratch.post(&two, STATEMENTS, body).await;
            assert_eq!((refused.status, refused.fault().0), (422, pointer));
        }
    });
}
