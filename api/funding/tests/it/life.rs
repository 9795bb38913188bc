use crate::scratch::{Scratch, with_scratch};
use crate::trace::{assert_adds_up, trace};
use serde_json::{Value, json};

/// From the award to the closing, with the sums of each step.
#[test]
fn a_grant_is_accepted_paid_reported_settled_and_closed() {
    with_scratch(async |scratch| {
        let (lead, officer, second) = (scratch.lead(), scratch.officer(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let grant = scratch.get(&lead, &scratch.project("/grant")).await.expect(200);
        assert_eq!((&grant["state"], &grant["assigned"]), (&json!("running"), &json!("20038.40")));
        let amounts: Vec<&Value> = grant["tranches"].as_array().unwrap().iter().map(|t| &t["amount"]).collect();
        assert_eq!(amounts, [&json!("10019.20"), &json!("6011.52"), &json!("4007.68")]);

        // The advance, by two officers.
        pay(&scratch, 1, None).await.expect("paid");

        // A report: 16,000 of the grant, 8,000 in money, 9,142.85 in kind.
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        scratch.expense(&lead, &report, scratch.invoice("1", "services", "grant", "16000.00")).await;
        scratch.expense(&lead, &report, scratch.invoice("2", "services", "monetary", "8000.00")).await;
        scratch.expense(&scratch.partner(), &report, scratch.timesheet("T1", "428.97", "11.98")).await;
        scratch.validated(&lead, &officer, &report).await;
        let position = scratch.get(&lead, &scratch.project("/cofinancing-position")).await.expect(200);
        // 428.97 hours at 11.98 are 5,139.0606: 5,139.06.
        assert_eq!(position["validated"]["in_kind"], "5139.06");
        assert_eq!(position["validated"]["total"], "29139.06");
        assert_eq!(position["validated"]["minimum"], "8741.71");
        assert_eq!(position["validated"]["missing"], "0.00");

        // The interim tranche refunds what was validated; the balance waits.
        pay(&scratch, 2, Some("6011.52")).await.expect("paid");
        let refused = order(&scratch, 3, None).await.unwrap_err();
        assert_eq!(refused["code"], "grant_exceeded");

        let settlement = scratch.post(&officer, &scratch.project("/settlement"), None).await.expect(201);
        let figures =
            |s: &Value| json!([s["grant_expenses"], s["admissible"], s["paid"], s["to_pay"], s["give_back"]]);
        assert_eq!(figures(&settlement), json!(["16000.00", "16000.00", "16030.72", "0.00", "30.72"]));
        let act = json!({"act": "Decreto n. 900", "act_date": "2021-03-01"});
        let approve = scratch.project("/settlement/approve");
        scratch.post(&officer, &approve, act.clone()).await.refuses(409, "approver_is_author");
        scratch.post(&second, &approve, act.clone()).await.expect(200);
        scratch.post(&second, &approve, act).await.refuses(409, "transition_not_allowed");

        // 30.72 was paid too much: given back to the cent before the closing.
        scratch.post(&officer, &scratch.project("/close"), None).await.refuses(409, "conflict");
        let recoveries = scratch.project("/grant/recoveries");
        let give = |amount: &str| json!({"amount": amount, "received_on": "2021-04-01", "reference": format!("R {amount}")});
        scratch.post(&officer, &recoveries, give("30.73")).await.refuses(409, "grant_exceeded");
        scratch.post(&officer, &recoveries, give("30.00")).await.expect(200);
        let grant = scratch.post(&officer, &recoveries, give("0.72")).await.expect(200);
        assert_eq!(json!([grant["recovered"], grant["to_give_back"]]), json!(["30.72", "0.00"]));
        let closed = scratch.post(&officer, &scratch.project("/close"), None).await.expect(200);
        assert_eq!(closed["state"], "closed");

        // The trace tells what was spent in the end, and who bore it.
        let nodes = trace(&scratch, &format!("project_id={}", scratch.project_id), 200).await;
        assert_adds_up(&nodes);
        let project = nodes.iter().find(|node| node["kind"] == "project").unwrap();
        let amounts = ["in", "added", "back", "out"].map(|name| &project[format!("amount_{name}")]);
        assert_eq!(json!(amounts), json!(["20038.40", "13139.06", "4038.40", "29139.06"]));
        assert_eq!(project["grant_paid"], "16000.00");
    });
}

/// Asks for a payment of a tranche.
pub async fn order(scratch: &Scratch, tranche: i32, amount: Option<&str>) -> Result<Value, Value> {
    let body = json!({"project_id": scratch.project_id, "tranche_number": tranche, "amount": amount,
                      "act": "Decreto n. 400", "act_date": "2020-07-10"});
    let answer = scratch.post(&scratch.officer(), "/v1/grant-payments", body).await;
    if answer.status == 201 { Ok(answer.body) } else { Err(answer.body) }
}

/// Asks for a payment, has it approved by another and marks it paid.
pub async fn pay(scratch: &Scratch, tranche: i32, amount: Option<&str>) -> Result<Value, Value> {
    let payment = order(scratch, tranche, amount).await?;
    let path = format!("/v1/grant-payments/{}", payment["id"].as_str().unwrap());
    scratch.post(&scratch.officer(), &format!("{path}/approve"), None).await.expect(200);
    let paid = json!({"payment_reference": "Mandato n. 1", "paid_on": "2020-07-15"});
    Ok(scratch.post(&scratch.officer(), &format!("{path}/pay"), paid).await.expect(200))
}

#[test]
fn a_lead_may_decline_and_strangers_may_nothing() {
    with_scratch(async |scratch| {
        let stranger = scratch.actor(concilia_kernel::Role::AllianceLead, scratch.outsider_id);
        let reason = json!({"reason": "Troppo poco"});
        let decline = scratch.project("/grant/decline");
        scratch.post(&stranger, &decline, reason.clone()).await.refuses(404, "not_found");
        scratch.post(&scratch.partner(), &decline, reason.clone()).await.refuses(404, "not_found");
        scratch.get(&scratch.lead(), &scratch.project("/grant")).await.refuses(404, "not_found");
        let declined = scratch.post(&scratch.lead(), &decline, reason.clone()).await.expect(200);
        assert_eq!(declined["state"], "declined");
        let accept = scratch.project("/grant/accept");
        scratch.post(&scratch.lead(), &accept, None).await.refuses(409, "transition_not_allowed");
    });
}

#[test]
fn the_executive_budget_is_fitted_to_the_grant() {
    with_scratch(async |scratch| {
        let lead = scratch.lead();
        scratch.post(&lead, &scratch.project("/grant/accept"), None).await.expect(200);
        let path = scratch.project("/executive-budget");
        let codes = |body: &Value| -> Vec<String> {
            body["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap().to_owned()).collect()
        };
        let mut wrong = scratch.executive();
        wrong["costs"]["general"] = json!("1038.41");
        let refused = scratch.put(&lead, &path, "*", wrong).await.refuses(422, "validation_failed");
        assert_eq!(codes(&refused), ["budget_total"]);
        let mut wrong = scratch.executive();
        wrong["cofinancing"] =
            json!([{"organisation_id": scratch.outsider_id, "monetary": "1.00", "in_kind": "0.00"}]);
        let refused = scratch.put(&lead, &path, "*", wrong).await.refuses(422, "validation_failed");
        assert_eq!(codes(&refused), ["not_found", "budget_total", "cofinancing_minimum"]);
        let answer = scratch.put(&lead, &path, "\"1\"", scratch.executive()).await;
        let tag = answer.etag.clone().unwrap();
        let grant = answer.expect(200);
        assert_eq!(grant["budget"]["total"], "37181.25");
        let total: concilia_kernel::Money = grant["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["budget"].as_str().unwrap().parse().unwrap())
            .sum();
        assert_eq!(total.to_string(), "37181.25");
        scratch.put(&lead, &path, "\"1\"", scratch.executive()).await.refuses(412, "precondition_failed");
        scratch.put(&lead, &path, &tag, scratch.executive()).await.expect(200);
        let list = scratch.get(&lead, &scratch.project("/executive-budgets")).await.expect(200);
        let numbers: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|b| &b["number"]).collect();
        assert_eq!(numbers, [&json!(2), &json!(1)]);
    });
}

#[test]
fn the_agreement_needs_everything_and_both_parties() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        let act = json!({"act": "Decreto n. 300", "act_date": "2020-06-20"});
        let agreements = scratch.project("/agreements");
        scratch.post(&lead, &scratch.project("/grant/accept"), None).await.expect(200);
        scratch.post(&officer, &agreements, act.clone()).await.refuses(409, "conflict");
        let cup = json!({"cup": "J41B2000000001"});
        scratch.put(&officer, &scratch.project("/grant/cup"), "*", cup).await.refuses(422, "validation_failed");
        scratch.run_sql("DELETE FROM grants").await;
        scratch.run_sql("UPDATE projects SET state = 'funded'").await;
        scratch.accepted(&lead, &officer, scratch.executive()).await;

        // A draft that nobody signed is replaced, and can be signed no more.
        let first = scratch.post(&officer, &agreements, act.clone()).await.expect(201);
        let second = scratch.post(&officer, &agreements, act.clone()).await.expect(201);
        assert_eq!((&first["number"], &second["number"]), (&json!(1), &json!(2)));
        let sign = |id: &Value| format!("/v1/agreements/{}/sign", id.as_str().unwrap());
        let body = |party: &str, day: &str| json!({"party": party, "signed_on": day});
        let (old, new) = (sign(&first["id"]), sign(&second["id"]));
        scratch.post(&lead, &old, body("lead", "2020-07-01")).await.refuses(409, "conflict");
        scratch.post(&lead, &new, body("lead", "2020-06-19")).await.refuses(422, "validation_failed");
        scratch.post(&lead, &new, body("agency", "2020-07-01")).await.refuses(403, "forbidden");
        scratch.post(&scratch.partner(), &new, body("lead", "2020-07-01")).await.refuses(404, "not_found");
        scratch.post(&lead, &new, body("lead", "2020-07-01")).await.expect(200);
        scratch.post(&lead, &new, body("lead", "2020-07-01")).await.refuses(409, "conflict");
        // What was signed is not changed behind the signature.
        let path = scratch.project("/executive-budget");
        scratch.put(&lead, &path, "*", scratch.executive()).await.refuses(409, "conflict");
        scratch.post(&officer, &agreements, act).await.refuses(409, "conflict");
        let start = scratch.project("/start");
        scratch.post(&lead, &start, None).await.refuses(409, "transition_not_allowed");
        scratch.post(&officer, &new, body("agency", "2020-07-02")).await.expect(200);
        scratch.post(&lead, &start, None).await.expect(200);
        let document =
            scratch.get(&lead, &format!("/v1/agreements/{}/document", second["id"].as_str().unwrap())).await;
        assert!(document.with_status(200).bytes.starts_with(b"%PDF-"));
    });
}

/// Both parties sign what the grant says, and it stays so.
#[test]
fn what_the_agreement_prints_does_not_change_behind_a_signature() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.accepted(&lead, &officer, scratch.executive()).await;
        let act = json!({"act": "Decreto n. 300", "act_date": "2020-06-20"});
        let (cup, tranches) = (scratch.project("/grant/cup"), scratch.project("/grant/tranches"));
        let code = |last: u8| json!({"cup": format!("J41B2000000000{last}")});
        let two = |advance: &str, balance: &str| json!({"tranches": [{"kind": "advance", "amount": advance}, {"kind": "balance", "amount": balance}]});
        let made = async || {
            let made = scratch.post(&officer, &scratch.project("/agreements"), act.clone()).await.expect(201);
            format!("/v1/agreements/{}/sign", made["id"].as_str().unwrap())
        };
        let body = |party: &str| json!({"party": party, "signed_on": "2020-07-01"});

        // Changed before anybody signed: what was made before is signed no more, a new one is.
        let first = made().await;
        scratch.put(&officer, &cup, "*", code(2)).await.expect(200);
        scratch.post(&lead, &first, body("lead")).await.refuses(409, "conflict");
        let forced = "UPDATE agreements SET lead_signed_on = '2020-07-01', lead_signed_by = uuid_v7()";
        assert!(scratch.try_sql(forced).await.unwrap_err().contains("changed after agreement"));
        assert!(scratch.try_sql("UPDATE agreements SET terms = '{}'").await.unwrap_err().contains("append-only"));
        let second = made().await;
        scratch.put(&officer, &tranches, "*", two("10000.00", "10038.40")).await.expect(200);
        scratch.post(&officer, &second, body("agency")).await.refuses(409, "conflict");
        // A schedule that pays the same on the same days prints the same.
        let third = made().await;
        scratch.put(&officer, &tranches, "*", two("10000.00", "10038.40")).await.expect(200);
        scratch.post(&officer, &third, body("agency")).await.expect(200);

        // From one signature on neither changes.
        let refused = scratch.put(&lead, &cup, "*", code(3)).await.refuses(409, "conflict");
        let error = &refused["errors"][0];
        assert_eq!(json!([error["pointer"], error["value"]]), json!(["/cup", "J41B20000000003"]));
        scratch.put(&officer, &tranches, "*", two("9000.00", "11038.40")).await.refuses(409, "conflict");
        for forced in [
            "UPDATE grants SET cup = 'J41B20000000003'",
            "UPDATE grant_tranches SET amount = amount - 1",
            "UPDATE grant_tranches SET due_on = '2021-01-01'",
            "DELETE FROM grant_tranches WHERE number = 2",
        ] {
            let refused = scratch.try_sql(forced).await.expect_err(forced);
            assert!(refused.contains("bears a signature"), "{forced}: {refused}");
        }
        scratch.post(&lead, &third, body("lead")).await.expect(200);
        scratch.post(&lead, &scratch.project("/start"), None).await.expect(200);
        scratch.put(&officer, &tranches, "*", two("9000.00", "11038.40")).await.refuses(409, "conflict");

        // With a variation the schedule may change, the code may not.
        let later = json!({"reason": "Proroga", "ends_on": "2026-10-31"});
        scratch.post(&lead, &scratch.project("/variations"), later).await.expect(201);
        scratch.put(&officer, &tranches, "*", two("9000.00", "11038.40")).await.expect(200);
        scratch.put(&officer, &cup, "*", code(3)).await.refuses(409, "conflict");
    });
}

#[test]
fn a_revocation_cancels_what_is_not_paid_and_asks_back_what_is() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        pay(&scratch, 1, Some("4000.00")).await.expect("paid");
        let open = order(&scratch, 1, Some("1000.00")).await.expect("ordered");
        let body = |left: &str| {
            json!({"reason": "Mai avviato", "act": "Decreto n. 511", "act_date": "2021-01-20",
                                       "left_to_lead": left})
        };
        let revoke = scratch.project("/revoke");
        scratch.post(&officer, &revoke, body("4000.01")).await.refuses(422, "validation_failed");
        let revoked = scratch.post(&officer, &revoke, body("1500.00")).await.expect(200);
        assert_eq!(json!([revoked["state"], revoked["to_give_back"]]), json!(["revoked", "2500.00"]));
        let payment =
            scratch.get(&lead, &format!("/v1/grant-payments/{}", open["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(payment["payment"]["state"], "cancelled");
        assert_eq!(order(&scratch, 1, Some("1.00")).await.unwrap_err()["code"], "conflict");
        scratch.post(&officer, &revoke, body("0.00")).await.refuses(409, "transition_not_allowed");
        // It was paid on 15 July: nothing of it came back before.
        let give = |day: &str| json!({"amount": "2500.00", "received_on": day, "reference": "R 1"});
        let recoveries = scratch.project("/grant/recoveries");
        let early =
            scratch.post(&officer, &recoveries, give("2020-07-14")).await.refuses(422, "validation_failed");
        let error = &early["errors"][0];
        assert_eq!(
            json!([error["pointer"], error["code"], error["value"]]),
            json!(["/received_on", "date_order", "2020-07-14"])
        );
        let forced = "INSERT INTO grant_recoveries (id, territory_id, project_id, amount, received_on, reference, recorded_by) \
            SELECT uuid_v7(), territory_id, project_id, 1, '2020-07-14', 'R 0', uuid_v7() FROM grants";
        assert!(scratch.try_sql(forced).await.unwrap_err().contains("not paid yet"));
        let grant = scratch.post(&officer, &recoveries, give("2020-07-15")).await.expect(200);
        assert_eq!(
            json!([grant["paid"], grant["recovered"], grant["to_give_back"]]),
            json!(["4000.00", "2500.00", "0.00"])
        );
    });
}
