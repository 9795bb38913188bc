use crate::life::order;
use crate::scratch::with_scratch;
use concilia_kernel::{Actor, Money};
use futures_util::future::join_all;
use serde_json::json;

#[test]
fn payments_at_once_never_exceed_the_tranche_or_the_grant() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        // 10,019.20 in parts of 3,000: three fit.
        let answers = join_all((0..8).map(|_| order(&scratch, 1, Some("3000.00")))).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 3);
        assert!(
            answers.iter().filter_map(|a| a.as_ref().err()).all(|refused| refused["code"] == "grant_exceeded")
        );
        let grant = scratch.get(&lead, &scratch.project("/grant")).await.expect(200);
        assert_eq!(json!([grant["ordered"], grant["tranches"][0]["ordered"]]), json!(["9000.00", "9000.00"]));
    });
}

#[test]
fn one_of_two_officers_validates_and_the_other_is_told() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let report = scratch.report(&lead, "2020-06-01", "2020-12-31").await;
        scratch.expense(&lead, &report, scratch.invoice("1", "services", "grant", "1000.00")).await;
        let path = format!("/v1/expense-reports/{report}");
        scratch.post(&lead, &format!("{path}/submit"), None).await.expect(200);
        scratch.post(&officer, &format!("{path}/accept-remaining"), None).await.expect(200);
        let officers: Vec<Actor> = (0..4).map(|_| scratch.officer()).collect();
        let validate = format!("{path}/validate");
        let answers = join_all(officers.iter().map(|officer| scratch.post(officer, &validate, None))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409]);
        let grant = scratch.get(&lead, &scratch.project("/grant")).await.expect(200);
        let services =
            grant["items"].as_array().unwrap().iter().find(|i| i["item"] == "services").unwrap().clone();
        assert_eq!(services["validated"], "1000.00");
    });
}

#[test]
fn the_same_document_at_once_is_written_once() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let reports = [
            scratch.report(&lead, "2020-06-01", "2020-12-31").await,
            scratch.report(&lead, "2021-01-01", "2021-06-30").await,
        ];
        let asked = (0..6).map(|nth| {
            let path = format!("/v1/expense-reports/{}/expenses", reports[nth % 2]);
            let (scratch, lead) = (&scratch, &lead);
            async move { scratch.post(lead, &path, scratch.invoice("7", "services", "grant", "10.00")).await }
        });
        let answers = join_all(asked).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        let refused = answers.iter().filter(|answer| answer.status == 409);
        assert!(refused.clone().all(|answer| answer.body["code"] == "document_already_reported"));
        assert_eq!(refused.count(), 5);
    });
}

#[test]
fn shifts_at_once_stay_within_the_threshold_together() {
    with_scratch(async |scratch| {
        let (lead, officer) = (scratch.lead(), scratch.officer());
        scratch.running(&lead, &officer).await;
        let path = scratch.project("/budget-shifts");
        let body = json!({"from_item": "services", "to_item": "goods", "amount": "1000.00", "reason": "Insieme"});
        let answers = join_all((0..5).map(|_| scratch.post(&lead, &path, body.clone()))).await;
        let free = answers.iter().filter(|answer| answer.body["state"] == "free").count();
        let waiting = answers.iter().filter(|answer| answer.body["state"] == "requested").count();
        assert_eq!((free, waiting), (2, 3));
        let grant = scratch.get(&lead, &scratch.project("/grant")).await.expect(200);
        let given: Money = grant["budget"]["costs"]["goods"].as_str().unwrap().parse().unwrap();
        assert_eq!(given, Money::from_cents(2_000_00));
    });
}

#[test]
fn a_grant_is_accepted_or_declined_once() {
    with_scratch(async |scratch| {
        let (one, two) = (scratch.lead(), scratch.lead());
        let (accept, decline) = (scratch.project("/grant/accept"), scratch.project("/grant/decline"));
        let (accepted, declined) = futures_util::future::join(
            scratch.post(&one, &accept, None),
            scratch.post(&two, &decline, json!({"reason": "Troppo poco"})),
        )
        .await;
        let mut statuses = [accepted.status, declined.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    });
}
