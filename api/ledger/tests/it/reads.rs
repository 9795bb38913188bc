//! What each role reads of vouchers and statements, and that the sums are right.

use crate::scratch::{Scratch, with_scratch};
use actix_web::test::TestRequest;
use concilia_kernel::jobs::{JobContext, JobHandler};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Money, Role, new_id};
use concilia_ledger::{LedgerCheck, Payment, VoucherState, hold, pay, release, return_unspent, spend};
use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use uuid::Uuid;

/// A call with two vouchers. The first: 120.00 held, of it 70.00 spent, of it 70.00 paid, 20.00 released. The second
/// revoked.
struct Story {
    call: Uuid,
    vouchers: Vec<Uuid>,
    worker: Actor,
}

async fn story(scratch: &Scratch) -> Story {
    let mut conn = scratch.connect().await;
    let value = Money::from_cents(300_00);
    let (call, vouchers) = scratch.call(&mut conn, Money::from_cents(1000_00), &[value, value]).await;
    let order = new_id();
    hold(&mut conn, scratch.order_move(vouchers[0], order, 120_00)).await.unwrap();
    spend(&mut conn, scratch.order_move(vouchers[0], order, 70_00)).await.unwrap();
    release(&mut conn, scratch.order_move(vouchers[0], order, 20_00)).await.unwrap();
    let payment = Payment { voucher_id: vouchers[0], order_id: order, amount: Money::from_cents(70_00) };
    pay(&mut conn, scratch.territory_id, &[payment], Agent::SYSTEM, "paid").await.unwrap();
    let (territory, revoked) = (scratch.territory_id, VoucherState::Revoked);
    return_unspent(&mut conn, territory, &vouchers[1..], revoked, Agent::SYSTEM, "renounced").await.unwrap();
    let account = new_id();
    conn.batch_execute(&format!(
        "SET session_replication_role = replica; \
         INSERT INTO workers (id, territory_id, account_id, tax_code_index, tax_code_sealed, given_name, family_name) \
         SELECT worker_id, territory_id, '{account}', '0123456789abcdef', 'x', 'Ada', 'Neri' FROM vouchers WHERE id = '{}'",
        vouchers[0]
    ))
    .await
    .unwrap();
    Story { call, vouchers, worker: scratch.account(account, Role::Worker, new_id()) }
}

#[test]
fn each_role_reads_its_own() {
    with_scratch(async |scratch| {
        let Story { call, vouchers, worker } = story(&scratch).await;
        let lead = scratch.actor(Role::AllianceLead, scratch.lead_organisation_id);
        let other_lead = scratch.actor(Role::AllianceLead, new_id());
        let ats = scratch.ats();
        let foreign = scratch.stranger(Role::Ats, new_id());
        let first = format!("/v1/vouchers/{}", vouchers[0]);
        let second = format!("/v1/vouchers/{}", vouchers[1]);
        for (reader, seen, statuses) in [
            (&worker, 1, [200, 404]),
            (&lead, 2, [200, 200]),
            (&other_lead, 0, [404, 404]),
            (&ats, 2, [200, 200]),
            (&foreign, 0, [404, 404]),
        ] {
            let list = scratch.get(reader, "/v1/vouchers").await.expect(200);
            assert_eq!(list["items"].as_array().unwrap().len(), seen);
            for (path, expected) in [&first, &second].into_iter().zip(statuses) {
                assert_eq!(scratch.get(reader, path).await.status, expected);
                assert_eq!(scratch.get(reader, &format!("{path}/statement")).await.status, expected);
            }
        }
        for (reader, expected) in [(&lead, 200), (&ats, 200), (&other_lead, 404), (&foreign, 404)] {
            assert_eq!(scratch.get(reader, &format!("/v1/voucher-calls/{call}/statement")).await.status, expected);
        }
        assert!(scratch.get(&worker, &first).await.body["household_member_id"].is_string());
        assert!(scratch.get(&lead, &first).await.body["household_member_id"].is_null());
        let revoked =
            scratch.get(&ats, &format!("/v1/vouchers?state=revoked&voucher_call_id={call}")).await.expect(200);
        assert_eq!(revoked["items"].as_array().unwrap().len(), 1);
        assert_eq!(revoked["items"][0]["returned"], "300.00");
    });
}

#[test]
fn statements_tell_where_the_money_is() {
    with_scratch(async |scratch| {
        let Story { call, vouchers, worker } = story(&scratch).await;
        let path = format!("/v1/vouchers/{}/statement", vouchers[0]);
        let whole = scratch.get(&worker, &path).await.expect(200);
        let shown: Vec<Value> = whole["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| json!([e["kind"], e["amount"], e["balance"]]))
            .collect();
        assert_eq!(
            shown,
            [
                json!(["award", "300.00", "300.00"]),
                json!(["hold", "120.00", "180.00"]),
                json!(["spend", "70.00", "180.00"]),
                json!(["release", "20.00", "200.00"]),
                json!(["pay", "70.00", "200.00"]),
            ]
        );
        assert_eq!(whole["opening"], "0.00");
        let totals = json!({"awarded": "300.00", "available": "200.00", "held": "30.00", "spent": "0.00",
                            "paid": "70.00", "returned": "0.00"});
        assert_eq!(whole["totals"], totals);

        let page = scratch.get(&worker, &format!("{path}?limit=3")).await.expect(200);
        let next = page["next"].as_str().unwrap();
        let page = scratch.get(&worker, &format!("{path}?limit=3&cursor={next}")).await.expect(200);
        assert_eq!((&page["opening"], &page["next"]), (&json!("180.00"), &Value::Null));
        assert_eq!((page["items"].as_array().unwrap().len(), &page["totals"]), (2, &totals));

        let lead = scratch.actor(Role::AllianceLead, scratch.lead_organisation_id);
        let sums = scratch.get(&lead, &format!("/v1/voucher-calls/{call}/statement")).await.expect(200);
        let expected = json!({"voucher_call_id": call, "funded": "1000.00", "budget": "700.00", "vouchers": 2,
            "awarded": "600.00", "returned": "300.00", "available": "200.00", "held": "30.00", "spent": "0.00",
            "paid": "70.00"});
        assert_eq!(sums, expected);
    });
}

#[test]
fn a_check_runs_as_a_job() {
    with_scratch(async |scratch| {
        story(&scratch).await;
        let ats = scratch.ats();
        let request = || TestRequest::post().uri("/v1/ledger-checks").insert_header(("Idempotency-Key", "one"));
        let job = scratch.send(&ats, request()).await;
        assert_eq!((job.status, &job.body["kind"]), (202, &json!("ledger_check")));
        assert_eq!(job.body["state"], "queued");
        assert_eq!(scratch.send(&ats, request()).await.body["id"], job.body["id"]);
        let context = JobContext {
            id: job.id(),
            territory_id: scratch.territory_id,
            organisation_id: None,
            parameters: json!({}),
            resume_point: None,
        };
        let result = LedgerCheck.run(&scratch.db, context.clone()).await.unwrap();
        assert_eq!(result, json!({"entries": 8, "vouchers": 2, "calls": 1, "violations": 0}));
        scratch.run_sql("UPDATE voucher_balances SET paid = paid + 1").await;
        assert!(LedgerCheck.run(&scratch.db, context).await.is_err());
    });
}
