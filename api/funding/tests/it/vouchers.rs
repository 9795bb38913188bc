//! Cost item D fills itself from the ledger.

use crate::scratch::{Scratch, with_scratch};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Code, Money, new_id, today};
use concilia_ledger::{
    AwardTerms, CallAccount, NewVoucher, OrderMove, award, expire_vouchers, fund_call, hold, spend,
};
use diesel::sql_types::{BigInt, Numeric};
use diesel::{QueryableByName, sql_query};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use serde_json::{Value, json};
use uuid::Uuid;

/// The budget with 3,000 on item D, of which the grant bears 1,000.
pub fn executive(scratch: &Scratch) -> Value {
    let mut budget = scratch.executive();
    budget["costs"]["services"] = json!("24000.00");
    budget["costs"]["vouchers"] = json!("3000.00");
    budget["vouchers_from_grant"] = json!("1000.00");
    budget
}

/// A voucher call of the project with one voucher of all that item D has; references to other contexts are dropped.
pub async fn voucher_call(scratch: &Scratch) -> (Uuid, Uuid) {
    let Scratch { lead_id, project_id, .. } = *scratch;
    let (territory_id, voucher_call_id) = (scratch.territory_id, new_id());
    let mut conn = scratch.connect().await;
    conn.batch_execute(&format!(
        "DO $$ DECLARE reference record; BEGIN \
           FOR reference IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint WHERE contype = 'f' \
             AND conrelid IN ('vouchers'::regclass, 'orders'::regclass) LOOP \
             EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', reference.owner, reference.conname); \
           END LOOP; END $$; \
         INSERT INTO voucher_calls (id, territory_id, project_id, lead_organisation_id, edition, title_it, title_en, state, \
           budget, value_per_child, minimum_age, maximum_age, criteria, tie_breaks, opens_at, closes_at, spend_by) VALUES \
           ('{voucher_call_id}', '{territory_id}', '{project_id}', '{lead_id}', 1, 'A', 'A', 'spending', 3000, 300, 0, 16, \
            '[]', '[]', '2020-01-01', '2020-02-01', '2099-12-31');"
    ))
    .await
    .expect("call");
    let account = CallAccount { territory_id, voucher_call_id, lead_organisation_id: lead_id };
    fund_call(&mut conn, account, Money::from_cents(3000_00), Agent::SYSTEM, "opened").await.expect("funded");
    let terms = AwardTerms {
        territory_id,
        voucher_call_id,
        ranking_id: new_id(),
        lead_organisation_id: lead_id,
        project_id,
        spendable_categories: None,
        spend_by: "2099-12-31".parse().expect("day"),
    };
    let voucher = NewVoucher {
        application_line_id: new_id(),
        worker_id: new_id(),
        household_member_id: new_id(),
        value: Money::from_cents(3000_00),
    };
    let vouchers = award(&mut conn, &terms, &[voucher], Agent::SYSTEM, "ranking").await.expect("awarded");
    (voucher_call_id, vouchers[0])
}

/// An order that the family has accepted.
pub async fn accepted_order(scratch: &Scratch, voucher_id: Uuid, cents: i64) -> Uuid {
    let mut conn = scratch.connect().await;
    let (id, amount) = (new_id(), Money::from_cents(cents));
    conn.batch_execute(&format!(
        "INSERT INTO orders (id, territory_id, store_id, family_plan_id, line, provider_id, worker_id, household_member_id, \
           child_age, service_id, voucher_id, quantity, unit_price, total, covered, family_share, state, \
           service_title_it, service_title_en, provider_name) VALUES \
           ('{id}', '{}', uuid_v7(), uuid_v7(), 1, uuid_v7(), uuid_v7(), uuid_v7(), 5, uuid_v7(), '{voucher_id}', 1, \
            {amount}, {amount}, {amount}, 0, 'accepted', 'Nido', 'Nursery', 'Cooperativa')",
        scratch.territory_id
    ))
    .await
    .expect("order");
    let part = OrderMove {
        territory_id: scratch.territory_id,
        voucher_id,
        order_id: id,
        amount,
        agent: Agent::SYSTEM,
        reason: "test",
    };
    hold(&mut conn, part).await.expect("held");
    spend(&mut conn, part).await.expect("spent");
    id
}

async fn lines(scratch: &Scratch, report: &str) -> Value {
    let list =
        scratch.get(&scratch.lead(), &format!("/v1/expense-reports/{report}/expenses?cost_item=vouchers")).await;
    let list = list.expect(200);
    let lines = list["items"].as_array().unwrap().iter();
    lines.map(|e| json!([e["source"], e["amount"], e["document"]])).collect()
}

#[test]
fn item_d_is_what_the_portal_spent_each_order_once() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.run_sql("UPDATE plans SET to_year = 2099; UPDATE projects SET ends_on = '2099-12-31'").await;
        scratch.running_with(&lead, &officer, executive(&scratch)).await;
        let (call, voucher) = voucher_call(&scratch).await;
        accepted_order(&scratch, voucher, 700_10).await;
        accepted_order(&scratch, voucher, 200_05).await;
        // Nobody types it in.
        let yesterday = (chrono::Utc::now() - chrono::Duration::days(1)).date_naive().to_string();
        let tomorrow = (chrono::Utc::now() + chrono::Duration::days(1)).date_naive().to_string();
        let old = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        let typed = scratch.invoice("1", "vouchers", "grant", "10.00");
        let refused = scratch.post(&lead, &format!("/v1/expense-reports/{old}/expenses"), typed).await;
        assert_eq!(refused.refuses(422, "validation_failed")["errors"][0]["code"], "filled_by_portal");
        assert_eq!(lines(&scratch, &old).await, json!([]));

        let report = scratch.report(&lead, &yesterday, &tomorrow).await;
        assert_eq!(lines(&scratch, &report).await, json!([["grant", "900.15", null]]));
        // A line of the portal is nobody's to change, and an order accepted meanwhile comes in when it is submitted.
        accepted_order(&scratch, voucher, 400_00).await;
        let detail = scratch.get(&lead, &format!("/v1/expense-reports/{report}")).await.expect(200);
        assert_eq!(detail["vouchers_to_report"], "400.00");
        scratch
            .run_sql(&format!("UPDATE expense_reports SET period_to = '{yesterday}' WHERE id = '{report}'"))
            .await;
        scratch
            .run_sql(&format!(
                "ALTER TABLE ledger_entries DISABLE TRIGGER ledger_entries_append_only; \
                 UPDATE ledger_entries SET occurred_at = '{yesterday}'"
            ))
            .await;
        scratch.post(&lead, &format!("/v1/expense-reports/{report}/submit"), None).await.expect(200);
        // 1,300.15 in all: the grant bears the first 1,000, the lead's money the rest.
        assert_eq!(
            lines(&scratch, &report).await,
            json!([["grant", "1000.00", null], ["monetary", "300.15", null]])
        );
        for end in ["accept-remaining", "validate"] {
            scratch.post(&officer, &format!("/v1/expense-reports/{report}/{end}"), None).await.expect(200);
        }
        let spending = scratch.get(&lead, &scratch.project("/voucher-spending")).await.expect(200);
        assert_eq!(
            json!([spending["spent"], spending["reported"], spending["to_report"]]),
            json!(["1300.15", "1300.15", "0.00"])
        );
        assert_eq!(spending["calls"][0]["voucher_call_id"], json!(call));
        assert_eq!(spending["calls"][0]["orders"], 3);

        // What is reported agrees with the ledger to the cent, and goes on no other report.
        accepted_order(&scratch, voucher, 50_00).await;
        scratch.run_sql(&format!("UPDATE ledger_entries SET occurred_at = '{yesterday}'")).await;
        let today = chrono::Utc::now().date_naive().to_string();
        let next = scratch.report(&lead, &today, &tomorrow).await;
        assert_eq!(lines(&scratch, &next).await, json!([["monetary", "50.00", null]]));
        let sums = sums(&scratch).await;
        assert_eq!((sums.ledger, sums.reported, sums.expenses), (sums.ledger, sums.ledger, sums.ledger));
        assert_eq!((sums.ledger, sums.twice), (Money::from_cents(1350_15), 0));
    });
}

#[test]
fn no_euro_of_item_d_is_promised_twice() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.run_sql("UPDATE plans SET to_year = 2099; UPDATE projects SET ends_on = '2099-12-31'").await;
        scratch.running_with(&lead, &officer, executive(&scratch)).await;
        let (first, voucher) = voucher_call(&scratch).await;
        accepted_order(&scratch, voucher, 700_00).await;
        let second = new_id();
        let fund = async |cents: i64| {
            let lead_organisation_id = scratch.lead_id;
            let account =
                CallAccount { territory_id: scratch.territory_id, voucher_call_id: second, lead_organisation_id };
            let mut conn = scratch.connect().await;
            fund_call(&mut conn, account, Money::from_cents(cents), Agent::SYSTEM, "opened").await
        };
        scratch
            .run_sql(&format!(
                "INSERT INTO voucher_calls (id, territory_id, project_id, lead_organisation_id, edition, title_it, title_en, \
                   state, budget, value_per_child, minimum_age, maximum_age, criteria, tie_breaks, opens_at, closes_at, spend_by) \
                 SELECT '{second}', territory_id, project_id, lead_organisation_id, 2, 'B', 'B', 'open', budget, value_per_child, \
                   minimum_age, maximum_age, criteria, tie_breaks, opens_at, closes_at, spend_by FROM voucher_calls"
            ))
            .await;
        assert_eq!(fund(1).await.unwrap_err().code(), Code::CostItemExceeded);
        let shift = async |amount: &str| {
            let body = json!({"from_item": "vouchers", "to_item": "goods", "amount": amount, "reason": "Avanzo"});
            scratch.post(&lead, &scratch.project("/budget-shifts"), body).await
        };
        shift("0.01").await.refuses(422, "validation_failed");
        scratch.post(&officer, &scratch.project("/settlement"), None).await.refuses(409, "conflict");
        let lower = "INSERT INTO executive_budgets (territory_id, project_id, number, reason, cost_staff, cost_coordination, \
            cost_goods, cost_services, cost_vouchers, cost_general, assigned, cofinancing, vouchers_from_grant, recorded_by) \
            SELECT territory_id, project_id, number + 1, 'variation', cost_staff, cost_coordination, cost_goods + 1, cost_services, \
              cost_vouchers - 1, cost_general, assigned, cofinancing, vouchers_from_grant, recorded_by FROM executive_budgets";
        assert!(scratch.try_sql(lower).await.unwrap_err().contains("takes from item D"));

        // What families did not spend by the last day comes back to the call, and may be handed out again: once.
        scratch
            .run_sql(&format!(
                "ALTER TABLE voucher_calls DISABLE TRIGGER voucher_calls_frozen; \
                 UPDATE voucher_calls SET spend_by = '2020-12-31' WHERE id = '{first}'; \
                 UPDATE vouchers SET spend_by = '2020-12-31'"
            ))
            .await;
        assert_eq!(expire_vouchers(&mut scratch.connect().await, today()).await.unwrap(), 1);
        let funded = futures_util::future::join_all((0..4).map(|_| fund(1200_00))).await;
        assert_eq!(funded.iter().filter(|outcome| outcome.is_ok()).count(), 1, "of 2,300 left, 1,200 once");
        shift("1100.01").await.refuses(422, "validation_failed");
    });
}

#[derive(QueryableByName)]
struct Sums {
    #[diesel(sql_type = Numeric)]
    ledger: Money,
    #[diesel(sql_type = Numeric)]
    reported: Money,
    #[diesel(sql_type = Numeric)]
    expenses: Money,
    #[diesel(sql_type = BigInt)]
    twice: i64,
}

async fn sums(scratch: &Scratch) -> Sums {
    sql_query(
        "SELECT (SELECT sum(amount) FROM ledger_entries WHERE kind = 'spend') AS ledger, \
                (SELECT sum(amount) FROM reported_spendings) AS reported, \
                (SELECT sum(amount) FROM expenses WHERE voucher_call_id IS NOT NULL) AS expenses, \
                (SELECT count(*) - count(DISTINCT order_id) FROM reported_spendings) AS twice",
    )
    .get_result(&mut scratch.connect().await)
    .await
    .unwrap()
}

#[test]
fn a_removed_draft_lets_go_of_what_the_portal_spent() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.run_sql("UPDATE plans SET to_year = 2099; UPDATE projects SET ends_on = '2099-12-31'").await;
        scratch.running_with(&lead, &officer, executive(&scratch)).await;
        let (_, voucher) = voucher_call(&scratch).await;
        accepted_order(&scratch, voucher, 100_00).await;
        let tomorrow = (chrono::Utc::now() + chrono::Duration::days(1)).date_naive().to_string();
        let report = scratch.report(&lead, "2020-06-01", &tomorrow).await;
        let removed = actix_web::test::TestRequest::with_uri(&format!("/v1/expense-reports/{report}"))
            .method(actix_web::http::Method::DELETE)
            .insert_header(("If-Match", "*"));
        assert_eq!(scratch.send(&lead, removed).await.status, 204);
        let again = scratch.report(&lead, "2020-06-01", &tomorrow).await;
        assert_eq!(lines(&scratch, &again).await, json!([["grant", "100.00", null]]));
    });
}
