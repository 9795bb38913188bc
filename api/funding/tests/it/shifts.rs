use crate::scratch::with_scratch;
use serde_json::{Value, json};

fn shift(from: &str, to: &str, amount: &str) -> Value {
    json!({"from_item": from, "to_item": to, "amount": amount, "reason": "Serve altrove"})
}

#[test]
fn shifts_within_the_threshold_are_free_and_above_it_approved_by_another() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let path = scratch.project("/budget-shifts");
        // A tenth of the 27,000 of item C.
        let free = scratch.post(&lead, &path, shift("services", "goods", "2000.00")).await.expect(201);
        assert_eq!(
            json!([free["state"], free["free_amount"], free["budget_number"]]),
            json!(["free", "2700.00", 2])
        );
        let rest = scratch.post(&lead, &path, shift("services", "goods", "700.00")).await.expect(201);
        assert_eq!(json!([rest["state"], rest["freely_given"]]), json!(["free", "2000.00"]));
        let above = scratch.post(&lead, &path, shift("services", "goods", "0.01")).await.expect(201);
        assert_eq!(json!([above["state"], above["budget_number"]]), json!(["requested", null]));
        let decide =
            |shift: &Value, how: &str| format!("/v1/budget-shifts/{}/{how}", shift["id"].as_str().unwrap());
        let approved = scratch.post(&officer, &decide(&above, "approve"), None).await.expect(200);
        assert_eq!(json!([approved["state"], approved["budget_number"]]), json!(["approved", 4]));
        scratch.post(&officer, &decide(&above, "approve"), None).await.refuses(409, "transition_not_allowed");
        // From an approved budget the threshold counts anew.
        let anew = scratch.post(&lead, &path, shift("services", "goods", "2429.99")).await.expect(201);
        assert_eq!(
            json!([anew["state"], anew["free_amount"], anew["freely_given"]]),
            json!(["free", "2429.99", "0.00"])
        );
        // Coordination keeps its 15%: 5,577.18 of 37,181.25, of which it has 4,000.
        let refused = scratch.post(&lead, &path, shift("services", "coordination", "1577.19")).await;
        assert_eq!(refused.refuses(422, "validation_failed")["errors"][0]["code"], "coordination_limit");
        let asked = scratch.post(&lead, &path, shift("services", "coordination", "1577.18")).await.expect(201);
        assert_eq!(asked["state"], "requested");
        let reason = json!({"reason": "Coordinamento già alto"});
        scratch.post(&officer, &decide(&asked, "refuse"), reason).await.expect(200);
        let grant = scratch.get(&lead, &scratch.project("/grant")).await.expect(200);
        assert_eq!(
            json!([grant["budget"]["costs"]["goods"], grant["budget"]["total"]]),
            json!(["5130.00", "37181.25"])
        );
    });
}

#[test]
fn what_was_validated_is_not_given_away() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        scratch.expense(&lead, &report, scratch.invoice("1", "services", "grant", "26000.00")).await;
        scratch.validated(&lead, &officer, &report).await;
        let path = scratch.project("/budget-shifts");
        scratch.post(&lead, &path, shift("services", "goods", "1000.01")).await.refuses(422, "validation_failed");
        scratch.post(&lead, &path, shift("services", "goods", "1000.00")).await.expect(201);
    });
}

#[test]
fn what_is_claimed_and_not_decided_is_not_given_away() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let path = scratch.project("/budget-shifts");
        // Asked before the report: it is judged again when it is approved.
        let early = scratch.post(&lead, &path, shift("services", "goods", "3000.00")).await.expect(201);
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        let invoice = |number, amount| scratch.invoice(number, "services", "grant", amount);
        let first = scratch.expense(&lead, &report, invoice("1", "20000.00")).await;
        let second = scratch.expense(&lead, &report, invoice("2", "6000.00")).await;
        let submit = format!("/v1/expense-reports/{report}/submit");
        scratch.post(&lead, &submit, None).await.expect(200);
        let too_much = async |amount: &str| {
            let refused = scratch.post(&lead, &path, shift("services", "goods", amount)).await;
            let refused = refused.refuses(422, "validation_failed");
            assert_eq!(
                json!([refused["errors"][0]["pointer"], refused["errors"][0]["code"]]),
                json!(["/amount", "range"])
            );
        };
        too_much("1000.01").await;
        let approve = format!("/v1/budget-shifts/{}/approve", early["id"].as_str().unwrap());
        scratch.post(&officer, &approve, None).await.refuses(422, "validation_failed");
        // What is accepted counts as accepted, what is refused counts no more.
        let reduced = json!({"decision": "reduced", "accepted": "19500.00", "reason": "IVA"});
        scratch.post(&officer, &format!("/v1/expenses/{first}/decide"), reduced).await.expect(200);
        too_much("1500.01").await;
        let refused = json!({"decision": "refused", "reason": "Fuori progetto"});
        scratch.post(&officer, &format!("/v1/expenses/{second}/decide"), refused).await.expect(200);
        scratch.post(&officer, &approve, None).await.expect(200);
        // 27,000 less the 3,000 that were given and the 19,500 that are claimed.
        too_much("4500.01").await;
        let forced = "INSERT INTO executive_budgets (territory_id, project_id, number, reason, cost_staff, cost_coordination, \
            cost_goods, cost_services, cost_vouchers, cost_general, assigned, cofinancing, vouchers_from_grant, recorded_by) \
            SELECT territory_id, project_id, 3, 'free_shift', cost_staff, cost_coordination, cost_goods + 4500.01, \
              cost_services - 4500.01, cost_vouchers, cost_general, assigned, cofinancing, vouchers_from_grant, recorded_by \
            FROM executive_budgets WHERE number = 2";
        assert!(scratch.try_sql(forced).await.unwrap_err().contains("claimed"), "the database has the last word");
    });
}

#[test]
fn a_variation_is_decided_by_the_agency_and_lets_the_project_go_on() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let path = scratch.project("/variations");
        let mut budget = scratch.executive();
        budget["costs"]["services"] = json!("20000.00");
        budget["costs"]["goods"] = json!("7000.01");
        let body = |budget: &Value| json!({"reason": "Più materiali", "budget": budget, "ends_on": "2026-10-31"});
        // It began in June 2020: 120 calendar months later it is over.
        let last = |day: &str| json!({"reason": "Proroga", "ends_on": day});
        // Its plan ends in 2028.
        for day in ["2030-06-01", "2099-06-30", "2026-08-30", "2029-01-01"] {
            let refused = scratch.post(&lead, &path, last(day)).await.refuses(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], "/ends_on", "{day}");
        }
        let forced = scratch.try_sql("UPDATE projects SET ends_on = '2029-01-01'").await;
        assert!(forced.unwrap_err().contains("years of its plan"));
        scratch.post(&lead, &path, body(&budget)).await.refuses(422, "validation_failed");
        budget["costs"]["goods"] = json!("7000.00");
        let asked = scratch.post(&lead, &path, body(&budget)).await.expect(201);
        scratch.post(&lead, &path, body(&budget)).await.refuses(409, "transition_not_allowed");
        let grant = scratch.get(&lead, &scratch.project("/grant")).await.expect(200);
        assert_eq!(grant["state"], "variation");
        let decide = |how: &str| format!("/v1/project-variations/{}/{how}", asked["id"].as_str().unwrap());
        let act = json!({"act": "Decreto n. 600", "act_date": "2021-02-01"});
        let approved = scratch.post(&officer, &decide("approve"), act.clone()).await.expect(200);
        assert_eq!(json!([approved["state"], approved["budget_number"]]), json!(["approved", 2]));
        scratch.post(&officer, &decide("approve"), act).await.refuses(409, "transition_not_allowed");
        let grant = scratch.get(&lead, &scratch.project("/grant")).await.expect(200);
        assert_eq!(json!([grant["state"], grant["budget"]["costs"]["goods"]]), json!(["running", "7000.00"]));
        // The later end is the project's.
        scratch.report(&lead, "2026-09-01", "2026-10-31").await;

        let empty = scratch.post(&lead, &path, json!({"reason": "Altro"})).await.refuses(422, "validation_failed");
        assert_eq!(
            json!([empty["errors"][0]["pointer"], empty["errors"][0]["code"]]),
            json!(["/budget", "required"])
        );
        let hollow = "UPDATE project_variations SET ends_on = NULL, proposal = NULL, budget_number = NULL";
        assert!(scratch.try_sql(hollow).await.unwrap_err().contains("project_variations_vary"));
        let again = scratch.post(&lead, &path, last("2026-12-31")).await.expect(201);
        let refuse = format!("/v1/project-variations/{}/refuse", again["id"].as_str().unwrap());
        scratch.post(&officer, &refuse, json!({"reason": "Non serve"})).await.expect(200);
        let list = scratch.get(&scratch.partner(), &path).await.expect(200);
        let states: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|v| &v["state"]).collect();
        assert_eq!(states, [&json!("refused"), &json!("approved")]);
    });
}
