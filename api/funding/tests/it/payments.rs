use crate::life::{order, pay};
use crate::scratch::with_scratch;
use serde_json::{Value, json};

#[test]
fn nothing_is_paid_before_the_agreement_is_signed() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.accepted(&lead, &officer, scratch.executive()).await;
        assert_eq!(order(&scratch, 1, None).await.unwrap_err()["code"], "agreement_not_signed");
        scratch.signed(&lead, &officer).await;
        assert_eq!(order(&scratch, 1, None).await.unwrap()["amount"], "10019.20");
    });
}

#[test]
fn a_payment_takes_two_officers_and_goes_one_way() {
    with_scratch(async |scratch| {
        let (lead, officer, second) = (scratch.lead(), scratch.officer(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let body = json!({"project_id": scratch.project_id, "tranche_number": 1, "amount": "6000.00",
                          "act": "Decreto n. 400", "act_date": "2020-07-10"});
        let payment = scratch.post(&officer, "/v1/grant-payments", body.clone()).await.expect(201);
        let path = format!("/v1/grant-payments/{}", payment["id"].as_str().unwrap());
        let paid = json!({"payment_reference": "Mandato n. 1", "paid_on": "2020-07-15"});
        scratch.post(&officer, &format!("{path}/pay"), paid.clone()).await.refuses(409, "transition_not_allowed");
        scratch.post(&officer, &format!("{path}/approve"), None).await.refuses(409, "approver_is_author");
        scratch.post(&second, &format!("{path}/approve"), None).await.expect(200);
        let early = json!({"payment_reference": "Mandato n. 1", "paid_on": "2020-07-09"});
        scratch.post(&second, &format!("{path}/pay"), early).await.refuses(422, "validation_failed");
        scratch.post(&second, &format!("{path}/pay"), paid).await.expect(200);
        let cancel = json!({"reason": "Errore"});
        scratch
            .post(&second, &format!("{path}/cancel"), cancel.clone())
            .await
            .refuses(409, "transition_not_allowed");

        // The rest of the tranche, cancelled once and ordered again.
        assert_eq!(order(&scratch, 1, Some("4019.21")).await.unwrap_err()["code"], "grant_exceeded");
        let rest = order(&scratch, 1, None).await.unwrap();
        assert_eq!(rest["amount"], "4019.20");
        let path = format!("/v1/grant-payments/{}", rest["id"].as_str().unwrap());
        scratch.post(&second, &format!("{path}/cancel"), cancel).await.expect(200);
        assert_eq!(order(&scratch, 1, None).await.unwrap()["amount"], "4019.20");
        let detail = scratch.get(&lead, &path).await.expect(200);
        let moves: Vec<&Value> = detail["history"].as_array().unwrap().iter().map(|t| &t["to_state"]).collect();
        assert_eq!(moves, [&json!("requested"), &json!("cancelled")]);
        scratch
            .get(&scratch.actor(concilia_kernel::Role::Provider, scratch.outsider_id), &path)
            .await
            .refuses(404, "not_found");
    });
}

#[test]
fn interim_payments_never_exceed_validated_expenses() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        assert_eq!(order(&scratch, 2, Some("0.01")).await.unwrap_err()["code"], "grant_exceeded");
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        scratch.expense(&lead, &report, scratch.invoice("1", "services", "grant", "2500.00")).await;
        scratch.expense(&lead, &report, scratch.invoice("2", "services", "monetary", "9000.00")).await;
        // Submitted is not validated.
        scratch.post(&lead, &format!("/v1/expense-reports/{report}/submit"), None).await.expect(200);
        assert_eq!(order(&scratch, 2, Some("0.01")).await.unwrap_err()["code"], "grant_exceeded");
        for end in ["accept-remaining", "validate"] {
            scratch.post(&officer, &format!("/v1/expense-reports/{report}/{end}"), None).await.expect(200);
        }
        assert_eq!(order(&scratch, 2, Some("2500.01")).await.unwrap_err()["code"], "grant_exceeded");
        let payment = pay(&scratch, 2, None).await.unwrap();
        assert_eq!((&payment["amount"], &payment["validated"]), (&json!("2500.00"), &json!("2500.00")));
        assert_eq!(order(&scratch, 2, None).await.unwrap_err()["code"], "grant_exceeded");
    });
}

#[test]
fn a_schedule_stays_within_the_grant_and_the_agreement() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.accepted(&lead, &officer, scratch.executive()).await;
        let path = scratch.project("/grant/tranches");
        let amounts = |a: &str, b: &str| json!({"tranches": [{"kind": "advance", "amount": a}, {"kind": "balance", "amount": b}]});
        scratch.put(&officer, &path, "*", amounts("10000.00", "10038.41")).await.refuses(422, "validation_failed");
        let both = json!({"tranches": [{"kind": "advance", "amount": "1.00", "share": "0.10"}]});
        scratch.put(&officer, &path, "*", both).await.refuses(422, "validation_failed");
        scratch.put(&officer, &path, "*", amounts("10000.00", "10038.40")).await.expect(200);
        scratch.signed(&lead, &officer).await;
        scratch.put(&officer, &path, "*", amounts("9000.00", "11038.40")).await.refuses(409, "conflict");
    });
}
