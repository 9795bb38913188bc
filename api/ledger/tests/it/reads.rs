//! What each role reads of vouchers and statements, and that the sums are right.

use crate::scratch::{Scratch, runtime};
use actix_web::test::{TestRequest, call_service, init_service, read_body_json};
use actix_web::web::Data;
use actix_web::{App, HttpMessage};
use concilia_kernel::auth::{AccessClaims, RoleClaim};
use concilia_kernel::jobs::{JobContext, JobHandler};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Db, Money, Role, new_id};
use concilia_ledger::{
    LedgerCheck, Payment, VoucherState, create_ledger_check, get_call_statement, get_voucher,
    get_voucher_statement, hold, list_vouchers, pay, release, return_unspent, spend,
};
use diesel_async::SimpleAsyncConnection;
use serde_json::{Value, json};
use uuid::Uuid;

fn actor(territory_id: Uuid, account_id: Uuid, role: Role, organisation_id: Uuid) -> Actor {
    Actor::from_claims(&AccessClaims {
        iss: String::new(),
        aud: String::new(),
        sub: account_id,
        client_id: String::new(),
        iat: 0,
        exp: 0,
        jti: new_id(),
        sid: None,
        territory: territory_id,
        roles: vec![RoleClaim { role, organisation: organisation_id }],
    })
}

async fn ask(db: &Db, actor: &Actor, request: TestRequest) -> (u16, Value) {
    let app = App::new()
        .app_data(Data::new(db.clone()))
        .service(list_vouchers::list_vouchers)
        .service(get_voucher::get_voucher)
        .service(get_voucher_statement::get_voucher_statement)
        .service(get_call_statement::get_call_statement)
        .service(create_ledger_check::create_ledger_check);
    let app = init_service(app).await;
    let request = request.to_request();
    request.extensions_mut().insert(actor.clone());
    let response = call_service(&app, request).await;
    (response.status().as_u16(), read_body_json(response).await)
}

async fn get(db: &Db, actor: &Actor, path: &str) -> (u16, Value) {
    ask(db, actor, TestRequest::get().uri(path)).await
}

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
    Story { call, vouchers, worker: actor(scratch.territory_id, account, Role::Worker, new_id()) }
}

#[test]
fn each_role_reads_its_own() {
    runtime().block_on(async {
        let scratch = Scratch::start().await;
        let Story { call, vouchers, worker } = story(&scratch).await;
        let db = scratch.db();
        let lead = actor(scratch.territory_id, new_id(), Role::AllianceLead, scratch.lead_organisation_id);
        let other_lead = actor(scratch.territory_id, new_id(), Role::AllianceLead, new_id());
        let ats = actor(scratch.territory_id, new_id(), Role::Ats, new_id());
        let foreign = actor(new_id(), new_id(), Role::Ats, new_id());
        let first = format!("/v1/vouchers/{}", vouchers[0]);
        let second = format!("/v1/vouchers/{}", vouchers[1]);
        for (reader, seen, statuses) in [
            (&worker, 1, [200, 404]),
            (&lead, 2, [200, 200]),
            (&other_lead, 0, [404, 404]),
            (&ats, 2, [200, 200]),
            (&foreign, 0, [404, 404]),
        ] {
            let (status, list) = get(&db, reader, "/v1/vouchers").await;
            assert_eq!((status, list["items"].as_array().unwrap().len()), (200, seen));
            for (path, expected) in [&first, &second].into_iter().zip(statuses) {
                assert_eq!(get(&db, reader, path).await.0, expected);
                assert_eq!(get(&db, reader, &format!("{path}/statement")).await.0, expected);
            }
        }
        for (reader, expected) in [(&lead, 200), (&ats, 200), (&other_lead, 404), (&foreign, 404)] {
            assert_eq!(get(&db, reader, &format!("/v1/voucher-calls/{call}/statement")).await.0, expected);
        }
        assert!(get(&db, &worker, &first).await.1["household_member_id"].is_string());
        assert!(get(&db, &lead, &first).await.1["household_member_id"].is_null());
        let (_, revoked) = get(&db, &ats, &format!("/v1/vouchers?state=revoked&voucher_call_id={call}")).await;
        assert_eq!(revoked["items"].as_array().unwrap().len(), 1);
        assert_eq!(revoked["items"][0]["returned"], "300.00");
        scratch.stop().await;
    });
}

#[test]
fn statements_tell_where_the_money_is() {
    runtime().block_on(async {
        let scratch = Scratch::start().await;
        let Story { call, vouchers, worker } = story(&scratch).await;
        let db = scratch.db();
        let path = format!("/v1/vouchers/{}/statement", vouchers[0]);
        let (_, whole) = get(&db, &worker, &path).await;
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

        let (_, page) = get(&db, &worker, &format!("{path}?limit=3")).await;
        let next = page["next"].as_str().unwrap();
        let (_, page) = get(&db, &worker, &format!("{path}?limit=3&cursor={next}")).await;
        assert_eq!((&page["opening"], &page["next"]), (&json!("180.00"), &Value::Null));
        assert_eq!((page["items"].as_array().unwrap().len(), &page["totals"]), (2, &totals));

        let lead = actor(scratch.territory_id, new_id(), Role::AllianceLead, scratch.lead_organisation_id);
        let (_, sums) = get(&db, &lead, &format!("/v1/voucher-calls/{call}/statement")).await;
        let expected = json!({"voucher_call_id": call, "funded": "1000.00", "budget": "700.00", "vouchers": 2,
            "awarded": "600.00", "returned": "300.00", "available": "200.00", "held": "30.00", "spent": "0.00",
            "paid": "70.00"});
        assert_eq!(sums, expected);
        scratch.stop().await;
    });
}

#[test]
fn a_check_runs_as_a_job() {
    runtime().block_on(async {
        let scratch = Scratch::start().await;
        story(&scratch).await;
        let db = scratch.db();
        let ats = actor(scratch.territory_id, new_id(), Role::Ats, new_id());
        let request = || TestRequest::post().uri("/v1/ledger-checks").insert_header(("Idempotency-Key", "one"));
        let (status, job) = ask(&db, &ats, request()).await;
        assert_eq!((status, &job["kind"], &job["state"]), (202, &json!("ledger_check"), &json!("queued")));
        assert_eq!(ask(&db, &ats, request()).await.1["id"], job["id"]);
        let context = JobContext {
            id: job["id"].as_str().unwrap().parse().unwrap(),
            territory_id: scratch.territory_id,
            organisation_id: None,
            parameters: json!({}),
            resume_point: None,
        };
        let result = LedgerCheck.run(&db, context.clone()).await.unwrap();
        assert_eq!(result, json!({"entries": 8, "vouchers": 2, "calls": 1, "violations": 0}));
        let spoil = "UPDATE voucher_balances SET paid = paid + 1";
        scratch.connect().await.batch_execute(spoil).await.unwrap();
        assert!(LedgerCheck.run(&db, context).await.is_err());
        scratch.stop().await;
    });
}
