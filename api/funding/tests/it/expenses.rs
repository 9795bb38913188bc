use crate::scratch::with_scratch;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

#[test]
fn each_expense_is_accepted_reduced_or_refused_with_a_reason() {
    with_scratch(async |scratch| {
        let (lead, officer, partner) = (scratch.lead(), scratch.officer(), scratch.partner());
        scratch.running(&lead, &officer).await;
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        let path = format!("/v1/expense-reports/{report}");
        let first = scratch.expense(&lead, &report, scratch.invoice("1", "services", "grant", "1000.00")).await;
        let second = scratch.expense(&lead, &report, scratch.invoice("2", "goods", "grant", "300.00")).await;
        let hours = scratch.expense(&partner, &report, scratch.timesheet("T1", "10.00", "21.33")).await;
        let decide = |id: &str| format!("/v1/expenses/{id}/decide");
        let accept = json!({"decision": "accepted"});
        scratch.post(&officer, &decide(&first), accept.clone()).await.refuses(409, "transition_not_allowed");
        scratch.post(&lead, &format!("{path}/submit"), None).await.expect(200);

        // From now on nobody of the alliance writes.
        let invoice = scratch.invoice("1", "services", "grant", "9.00");
        scratch
            .put(&lead, &format!("/v1/expenses/{first}"), "*", invoice)
            .await
            .refuses(409, "transition_not_allowed");
        scratch.upload(&lead, &first, "other").await.refuses(409, "transition_not_allowed");
        for wrong in [
            json!({"decision": "reduced", "accepted": "1000.00", "reason": "IVA"}),
            json!({"decision": "reduced", "reason": "IVA"}),
            json!({"decision": "refused"}),
            json!({"decision": "accepted", "accepted": "5.00"}),
        ] {
            scratch.post(&officer, &decide(&first), wrong).await.refuses(422, "validation_failed");
        }
        let reduced = json!({"decision": "reduced", "accepted": "819.67", "reason": "IVA detraibile"});
        let after = scratch.post(&officer, &decide(&first), reduced).await.expect(200);
        assert_eq!(json!([after["decision"], after["accepted"]]), json!(["reduced", "819.67"]));
        scratch.post(&officer, &format!("{path}/validate"), None).await.refuses(409, "conflict");
        let refused = json!({"decision": "refused", "reason": "Fuori progetto"});
        scratch.post(&officer, &decide(&second), refused).await.expect(200);
        scratch.post(&officer, &decide(&hours), accept.clone()).await.expect(200);

        // Item B has no budget, but nothing of it was accepted.
        scratch.post(&officer, &format!("{path}/validate"), None).await.expect(200);
        scratch.post(&officer, &decide(&hours), accept).await.refuses(409, "transition_not_allowed");
        let detail = scratch.get(&lead, &path).await.expect(200);
        assert_eq!(json!([detail["amount"], detail["accepted"]]), json!(["1513.30", "1032.97"]));
        let grant = scratch.get(&lead, &scratch.project("/grant")).await.expect(200);
        let validated: Vec<Value> =
            grant["items"].as_array().unwrap().iter().map(|i| i["validated"].clone()).collect();
        assert_eq!(json!(validated), json!(["213.30", "0.00", "0.00", "819.67", "0.00", "0.00"]));
        // Partners see their own only.
        let own = scratch.get(&partner, &format!("{path}/expenses")).await.expect(200);
        assert_eq!(own["items"].as_array().unwrap().len(), 1);
        scratch.get(&partner, &format!("/v1/expenses/{first}")).await.refuses(404, "not_found");
        scratch.get(&partner, &format!("/v1/expenses/{first}/attachment")).await.refuses(404, "not_found");
        let file = scratch.get(&partner, &format!("/v1/expenses/{hours}/attachment")).await.with_status(200);
        assert_eq!(file.text(), format!("%PDF-1.4 {hours}"));
    });
}

#[test]
fn a_document_pays_once() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        let path = format!("/v1/expense-reports/{report}/expenses");
        let first = scratch.expense(&lead, &report, scratch.invoice("12/A", "services", "grant", "100.00")).await;
        let mut again = scratch.invoice(" 12/a", "services", "monetary", "50.00");
        again["document"]["issuer"] = json!("FORNITORE srl");
        scratch.post(&lead, &path, again.clone()).await.refuses(409, "document_already_reported");
        let other =
            scratch.post(&lead, &path, scratch.invoice("13", "services", "grant", "100.00")).await.expect(201);
        let other = other["id"].as_str().unwrap();
        scratch.upload(&lead, other, &first).await.refuses(409, "document_already_reported");
        scratch.upload(&lead, other, "its own").await.expect(200);
        // In another report as well.
        let next = scratch.report(&lead, "2021-01-01", "2021-06-30").await;
        let next = format!("/v1/expense-reports/{next}/expenses");
        scratch.post(&lead, &next, again.clone()).await.refuses(409, "document_already_reported");
        // One that was refused may be shown again.
        scratch.post(&lead, &format!("/v1/expense-reports/{report}/submit"), None).await.expect(200);
        let refused = json!({"decision": "refused", "reason": "Voce errata"});
        scratch.post(&officer, &format!("/v1/expenses/{first}/decide"), refused).await.expect(200);
        scratch.post(&lead, &next, again).await.expect(201);
        let accepted = json!({"decision": "accepted"});
        scratch
            .post(&officer, &format!("/v1/expenses/{first}/decide"), accepted)
            .await
            .refuses(409, "document_already_reported");
    });
}

#[test]
fn what_an_expense_must_be() {
    with_scratch(async |scratch| {
        let (lead, officer, partner) = (scratch.lead(), scratch.officer(), scratch.partner());
        scratch.running(&lead, &officer).await;
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        let path = format!("/v1/expense-reports/{report}/expenses");
        let with = |change: &dyn Fn(&mut Value)| {
            let mut body = scratch.invoice("1", "services", "grant", "100.00");
            change(&mut body);
            body
        };
        #[allow(clippy::type_complexity, reason = "one list of one test")]
        let wrong: [(&dyn Fn(&mut Value), &str); 5] = [
            (&|b| b["incurred_on"] = json!("2020-05-31"), "/incurred_on"),
            (&|b| b["incurred_on"] = json!("2021-01-01"), "/incurred_on"),
            (&|b| b["organisation_id"] = json!(scratch.outsider_id), "/organisation_id"),
            (&|b| b["amount"] = Value::Null, "/amount"),
            (&|b| b["document"]["date"] = json!("2099-01-01"), "/document/date"),
        ];
        for (change, pointer) in wrong {
            let refused = scratch.post(&lead, &path, with(change)).await.refuses(422, "validation_failed");
            assert_eq!(refused["errors"][0]["pointer"], pointer);
        }
        // A partner writes for itself only, the agency for nobody.
        scratch.post(&partner, &path, with(&|_| ())).await.refuses(404, "not_found");
        scratch.post(&officer, &path, with(&|_| ())).await.refuses(403, "forbidden");
        // Without its file a report is not submitted, nor is an empty one, nor one whose period is not over.
        let submit = format!("/v1/expense-reports/{report}/submit");
        scratch.post(&lead, &submit, None).await.refuses(409, "conflict");
        let bare = scratch.post(&lead, &path, with(&|_| ())).await.expect(201);
        scratch.post(&lead, &submit, None).await.refuses(409, "conflict");
        let id = bare["id"].as_str().unwrap();
        let wrong = TestRequest::with_uri(&format!("/v1/expenses/{id}/attachment"))
            .method(Method::PUT)
            .insert_header(("If-Match", "*"))
            .insert_header(("Content-Type", "application/pdf"))
            .set_payload("no pdf");
        scratch.send(&lead, wrong).await.refuses(415, "unsupported_media_type");
        scratch.upload(&lead, id, "x").await.expect(200);
        scratch.post(&lead, &submit, None).await.expect(200);
        // Returned, mended, submitted again.
        let back = format!("/v1/expense-reports/{report}/return");
        scratch.post(&officer, &back, json!({"reason": "Manca il CUP in fattura"})).await.expect(200);
        let mended =
            scratch.put(&lead, &format!("/v1/expenses/{id}"), "*", with(&|b| b["amount"] = json!("90.00"))).await;
        assert_eq!(mended.expect(200)["amount"], "90.00");
        scratch.post(&lead, &submit, None).await.expect(200);
        let late = json!({"period_from": "2020-12-31", "period_to": "2021-01-31"});
        scratch.post(&lead, &scratch.project("/expense-reports"), late).await.refuses(422, "validation_failed");
        let open_end = scratch.report(&lead, "2026-01-01", "2026-08-31").await;
        scratch.run_sql("UPDATE plans SET to_year = 2099; UPDATE projects SET ends_on = '2099-12-31'").await;
        let removed = TestRequest::with_uri(&format!("/v1/expense-reports/{open_end}")).method(Method::DELETE);
        assert_eq!(scratch.send(&lead, removed.insert_header(("If-Match", "*"))).await.status, 204);
        let future = scratch.report(&lead, "2026-01-01", "2099-12-31").await;
        scratch.post(&lead, &format!("/v1/expense-reports/{future}/submit"), None).await.refuses(409, "conflict");
    });
}

#[test]
fn a_partner_of_the_network_co_finances_and_has_no_share_of_the_grant() {
    with_scratch(async |scratch| {
        let (lead, officer, partner) = (scratch.lead(), scratch.officer(), scratch.partner());
        let of = scratch.partner_id;
        scratch
            .run_sql(&format!("UPDATE project_partners SET role = 'network' WHERE organisation_id = '{of}'"))
            .await;
        let mut executive = scratch.executive();
        executive["cofinancing"][1] = json!({"organisation_id": of, "monetary": "0.00", "in_kind": "8571.42"});
        scratch.running_with(&lead, &officer, executive).await;
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        let path = format!("/v1/expense-reports/{report}/expenses");
        let hours = scratch.post(&partner, &path, scratch.timesheet("1", "10.00", "20.00")).await.expect(201);
        // Hours are of staff or of coordination: nothing else is put in kind.
        let of_item = |number: &str, item: &str| {
            let mut timesheet = scratch.timesheet(number, "10.00", "20.00");
            timesheet["cost_item"] = json!(item);
            timesheet
        };
        scratch.post(&partner, &path, of_item("C", "coordination")).await.expect(201);
        let own = format!("/v1/expenses/{}", hours["id"].as_str().unwrap());
        for item in ["goods", "services", "vouchers", "general"] {
            for answer in [
                scratch.post(&partner, &path, of_item("G", item)).await,
                scratch.put(&partner, &own, "*", of_item("1", item)).await,
            ] {
                let refused = answer.refuses(422, "validation_failed");
                let error = &refused["errors"][0];
                assert_eq!(
                    json!([error["pointer"], error["code"], error["value"]]),
                    json!(["/cost_item", "not_applicable", item])
                );
            }
        }
        let forced = scratch.try_sql("UPDATE expenses SET cost_item = 'goods'").await;
        assert!(forced.unwrap_err().contains("expenses_in_kind_is_work"));
        let mut granted = scratch.invoice("2", "services", "grant", "100.00");
        granted["organisation_id"] = json!(of);
        let refused = scratch.post(&partner, &path, granted).await.refuses(422, "validation_failed");
        assert_eq!(
            json!([refused["errors"][0]["pointer"], refused["errors"][0]["code"]]),
            json!(["/source", "not_planned"])
        );
    });
}

#[test]
fn a_partner_reports_what_the_budget_plans_of_it_while_it_takes_part() {
    with_scratch(async |scratch| {
        let (lead, officer, partner) = (scratch.lead(), scratch.officer(), scratch.partner());
        let mut executive = scratch.executive();
        executive["cofinancing"][1] = json!({"organisation_id": scratch.partner_id, "monetary": "8571.42",
            "in_kind": "0.00"});
        scratch.running_with(&lead, &officer, executive).await;
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        let path = format!("/v1/expense-reports/{report}/expenses");
        let hours = scratch.timesheet("1", "10.00", "20.00");
        let refused = scratch.post(&partner, &path, hours.clone()).await.refuses(422, "validation_failed");
        assert_eq!(
            json!([refused["errors"][0]["pointer"], refused["errors"][0]["code"]]),
            json!(["/source", "not_planned"])
        );
        let mut money = scratch.invoice("2", "services", "monetary", "100.00");
        money["organisation_id"] = json!(scratch.partner_id);
        scratch.post(&partner, &path, money.clone()).await.expect(201);

        // Since it left, only what it bore before; of whatever source, as nobody plans on it any more.
        scratch
            .run_sql(&format!(
                "UPDATE project_partners SET left_on = '2020-09-30', leave_reason = 'Cessa' WHERE organisation_id = '{}'",
                scratch.partner_id
            ))
            .await;
        scratch.post(&partner, &path, hours.clone()).await.expect(201);
        let mut late = scratch.timesheet("3", "10.00", "20.00");
        late["incurred_on"] = json!("2020-10-01");
        let refused = scratch.post(&partner, &path, late).await.refuses(422, "validation_failed");
        assert_eq!(refused["errors"][0]["pointer"], "/incurred_on");

        // Whoever takes its place bears what was planned of it.
        scratch
            .run_sql(&format!(
                "INSERT INTO project_partners (territory_id, project_id, organisation_id, role, mandate_on, joined_on, \
                   substitutes) VALUES ('{}', '{}', '{}', 'implementing', '2020-09-30', '2020-09-30', '{}')",
                scratch.territory_id, scratch.project_id, scratch.outsider_id, scratch.partner_id
            ))
            .await;
        let substitute = scratch.actor(concilia_kernel::Role::Provider, scratch.outsider_id);
        money["document"]["number"] = json!("4");
        money["organisation_id"] = json!(scratch.outsider_id);
        scratch.post(&substitute, &path, money).await.expect(201);

        // Who judges for the partner is no officer of it.
        let evaluator = scratch.actor(concilia_kernel::Role::Evaluator, scratch.partner_id);
        scratch.get(&evaluator, &scratch.project("/grant")).await.refuses(404, "not_found");
        scratch.get(&evaluator, &path).await.refuses(404, "not_found");
    });
}

#[test]
fn a_report_never_takes_a_cost_item_beyond_its_budget() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        let path = format!("/v1/expense-reports/{report}");
        let over = scratch.expense(&lead, &report, scratch.invoice("1", "general", "grant", "1038.41")).await;
        scratch.post(&lead, &format!("{path}/submit"), None).await.expect(200);
        let detail = scratch.get(&officer, &path).await.expect(200);
        let flagged = detail["items"].as_array().unwrap().iter().find(|i| i["item"] == "general").unwrap().clone();
        assert_eq!(json!([flagged["reported"], flagged["over"]]), json!(["1038.41", "0.01"]));
        scratch.post(&officer, &format!("{path}/accept-remaining"), None).await.expect(200);
        let validate = format!("{path}/validate");
        let refused = scratch.post(&officer, &validate, None).await.refuses(409, "cost_item_exceeded");
        assert_eq!(refused["errors"][0]["pointer"], "/items/general");
        let reduced = json!({"decision": "reduced", "accepted": "1038.40", "reason": "Oltre il massimale"});
        scratch.post(&officer, &format!("/v1/expenses/{over}/decide"), reduced).await.expect(200);
        scratch.post(&officer, &validate, None).await.expect(200);
    });
}
