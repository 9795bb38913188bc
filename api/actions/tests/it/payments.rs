//! Payments: two persons, never above the budget, never changed.

use crate::scratch::{Scratch, with_scratch};
use concilia_kernel::{Actor, Role};
use serde_json::{Value, json};
use uuid::Uuid;

fn payment(document: &str, amount: &str) -> Value {
    json!({"payee": "Studio S.r.l.", "document": document, "document_date": "2021-03-01", "paid_on": "2021-03-31",
           "amount": amount})
}

fn reversal(amount: &str) -> Value {
    json!({"document": "Nota di credito 3", "document_date": "2021-04-10", "paid_on": "2021-04-15", "amount": amount,
           "note": "Ore non svolte"})
}

/// Pending, paid and available of an action.
async fn money(scratch: &Scratch, action: Uuid) -> [String; 3] {
    let action = scratch.get(Some(&scratch.ats()), &format!("/v1/actions/{action}")).await.expect(200);
    ["pending", "paid", "available"].map(|field| action[field].as_str().unwrap_or_default().to_owned())
}

async fn approved(scratch: &Scratch, author: &Actor, action: Uuid, document: &str, amount: &str) -> Uuid {
    let made = scratch.post(author, &format!("/v1/actions/{action}/payments"), payment(document, amount)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = made.id();
    scratch.act(&scratch.ats(), &format!("/v1/action-payments/{id}/approve")).await.expect(200);
    id
}

#[test]
fn a_payment_is_recorded_by_one_and_decided_by_another() {
    with_scratch(async |scratch| {
        let (author, other) = (scratch.ats(), scratch.ats());
        let action = scratch.action("1000.00").await;
        let payments = format!("/v1/actions/{action}/payments");
        let early = scratch.post(&author, &payments, payment("Fattura 1", "10.00")).await;
        assert_eq!(early.code(), (409, "conflict"), "a planned action does not pay");
        scratch.act(&author, &format!("/v1/actions/{action}/start")).await.expect(200);

        let made = scratch.post(&author, &payments, payment("Fattura 1", "600.00")).await;
        assert_eq!((made.status, &made.body["state"]), (201, &json!("recorded")), "{}", made.body);
        assert_eq!(money(&scratch, action).await, ["600.00", "0.00", "400.00"]);
        let over = scratch.post(&author, &payments, payment("Fattura 2", "400.01")).await;
        assert_eq!((over.code(), over.fault()), ((409, "insufficient_balance"), ("/amount", "range")));
        let twice = scratch.post(&other, &payments, payment("fattura 1", "1.00")).await;
        assert_eq!(twice.code(), (409, "already_exists"));
        let mut ahead = payment("Fattura 3", "1.00");
        ahead["paid_on"] = json!("2099-01-01");
        assert_eq!(scratch.post(&author, &payments, ahead).await.fault(), ("/paid_on", "in_future"));

        let approve = format!("/v1/action-payments/{}/approve", made.id());
        assert_eq!(scratch.act(&author, &approve).await.code(), (409, "approver_is_author"));
        assert_eq!(scratch.act(&scratch.stranger(Role::Ats), &approve).await.status, 404);
        assert_eq!(scratch.act(&other, &approve).await.expect(200)["state"], "approved");
        assert_eq!(money(&scratch, action).await, ["0.00", "600.00", "400.00"]);
        assert_eq!(scratch.act(&other, &approve).await.code(), (409, "transition_not_allowed"));

        // A refused one frees its amount, and its document may come again.
        let made = scratch.post(&author, &payments, payment("Fattura 4", "400.00")).await;
        let refuse = format!("/v1/action-payments/{}/refuse", made.id());
        let reason = json!({"reason": "Manca il DURC"});
        assert_eq!(scratch.post(&other, &refuse, reason).await.expect(200)["reason"], "Manca il DURC");
        assert_eq!(money(&scratch, action).await, ["0.00", "600.00", "400.00"]);
        let again = scratch.post(&author, &payments, payment("Fattura 4", "400.00")).await;
        assert_eq!(again.status, 201, "{}", again.body);

        // Not cancelled while something is to be decided; after its conclusion it still pays.
        let cancel = scratch.post(&author, &format!("/v1/actions/{action}/cancel"), json!({"reason": "x"})).await;
        assert_eq!(cancel.code(), (409, "conflict"));
        scratch.act(&author, &format!("/v1/actions/{action}/conclude")).await.expect(200);
        scratch.act(&other, &format!("/v1/action-payments/{}/approve", again.id())).await.expect(200);
        assert_eq!(money(&scratch, action).await, ["0.00", "1000.00", "0.00"]);

        let listed = scratch.get(Some(&other), &payments).await.expect(200);
        let states: Vec<_> =
            listed["items"].as_array().unwrap().iter().map(|item| item["state"].clone()).collect();
        assert_eq!(states, ["approved", "refused", "approved"]);
        assert_eq!(scratch.get(Some(&scratch.stranger(Role::Ats)), &payments).await.status, 404);
    });
}

#[test]
fn what_was_paid_is_taken_back_by_an_entry_and_no_more_than_that() {
    with_scratch(async |scratch| {
        let (author, other) = (scratch.ats(), scratch.ats());
        let action = scratch.running_action("1000.00").await;
        let id = approved(&scratch, &author, action, "Fattura 1", "600.00").await;
        let reverse = format!("/v1/action-payments/{id}/reverse");
        assert_eq!(
            scratch.post(&author, &reverse, reversal("600.01")).await.code(),
            (409, "insufficient_balance")
        );
        let entry = scratch.post(&author, &reverse, reversal("200.00")).await;
        assert_eq!((entry.status, &entry.body["reverses"]), (201, &json!(id)), "{}", entry.body);
        assert_eq!(money(&scratch, action).await, ["0.00", "600.00", "400.00"], "not before it is approved");
        let rest = scratch.post(&author, &reverse, reversal("400.01")).await;
        assert_eq!(rest.code(), (409, "insufficient_balance"), "what is claimed counts");
        let approve = format!("/v1/action-payments/{}/approve", entry.id());
        assert_eq!(scratch.act(&author, &approve).await.code(), (409, "approver_is_author"));
        scratch.act(&other, &approve).await.expect(200);
        assert_eq!(money(&scratch, action).await, ["0.00", "400.00", "600.00"]);
        let nested =
            scratch.post(&author, &format!("/v1/action-payments/{}/reverse", entry.id()), reversal("1.00")).await;
        assert_eq!(nested.code(), (409, "conflict"), "an entry that takes back is not taken back");
        let listed = scratch.get(Some(&other), &format!("/v1/actions/{action}/payments")).await.expect(200);
        assert_eq!(listed["items"][0]["taken_back"], "200.00");

        // A cancelled action keeps what it paid; the rest is the plan's again.
        scratch
            .post(&author, &format!("/v1/actions/{action}/cancel"), json!({"reason": "Fine"}))
            .await
            .expect(200);
        scratch.action("42529.60").await;
        let over = crate::scratch::action_content(scratch.plan_id, "0.01");
        assert_eq!(scratch.post(&author, "/v1/actions", over).await.code(), (409, "insufficient_balance"));
    });
}

#[test]
fn payments_that_race_never_overdraw_and_decisions_that_race_are_one() {
    with_scratch(async |scratch| {
        let author = scratch.ats();
        let action = scratch.running_action("1000.00").await;
        let payments = format!("/v1/actions/{action}/payments");
        let made = futures_util::future::join_all((0..20).map(|nth| {
            let body = payment(&format!("Fattura {nth}"), "90.00");
            let (scratch, author, payments) = (&scratch, &author, &payments);
            async move { scratch.post(author, payments, body).await }
        }))
        .await;
        let won: Vec<_> = made.iter().filter(|answer| answer.status == 201).collect();
        assert_eq!(won.len(), 11);
        assert!(made.iter().filter(|a| a.status != 201).all(|a| a.code() == (409, "insufficient_balance")));
        assert_eq!(money(&scratch, action).await, ["990.00", "0.00", "10.00"]);

        let id = won[0].id();
        let officers: Vec<_> = (0..8).map(|_| scratch.ats()).collect();
        let decided = futures_util::future::join_all(officers.iter().enumerate().map(|(nth, officer)| {
            let scratch = &scratch;
            async move {
                if nth % 2 == 0 {
                    scratch.act(officer, &format!("/v1/action-payments/{id}/approve")).await
                } else {
                    scratch
                        .post(officer, &format!("/v1/action-payments/{id}/refuse"), json!({"reason": "No"}))
                        .await
                }
            }
        }))
        .await;
        assert_eq!(decided.iter().filter(|answer| answer.status == 200).count(), 1);
        assert!(decided.iter().filter(|a| a.status != 200).all(|a| a.code() == (409, "transition_not_allowed")));
        let [pending, paid, available] = money(&scratch, action).await;
        assert_eq!(pending, "900.00");
        assert!(["0.00 100.00", "90.00 10.00"].contains(&format!("{paid} {available}").as_str()));
    });
}

#[test]
fn nobody_changes_the_books_not_even_in_the_database() {
    with_scratch(async |scratch| {
        let author = scratch.ats();
        let action = scratch.running_action("1000.00").await;
        let id = approved(&scratch, &author, action, "Fattura 1", "600.00").await;
        for sql in [
            "UPDATE action_payments SET amount = 1".to_owned(),
            "DELETE FROM action_payment_decisions".to_owned(),
            "TRUNCATE action_payments CASCADE".to_owned(),
            format!("UPDATE actions SET paid = paid + 500 WHERE id = '{action}'"),
            format!("UPDATE actions SET budget = 599.99 WHERE id = '{action}'"),
            // More taken back than was paid.
            format!(
                "INSERT INTO action_payments (id, territory_id, action_id, reverses, payee, document, document_date, paid_on, \
                 amount, recorded_by) VALUES (gen_random_uuid(), '{}', '{action}', '{id}', 'x', 'x', '2021-01-01', \
                 '2021-01-01', 600.01, gen_random_uuid())",
                scratch.territory_id
            ),
            // Decided by who recorded it.
            format!(
                "WITH p AS (INSERT INTO action_payments (id, territory_id, action_id, payee, document, document_date, paid_on, \
                 amount, recorded_by) VALUES (gen_random_uuid(), '{0}', '{action}', 'x', 'x', '2021-01-01', '2021-01-01', 1, \
                 '{0}') RETURNING id) INSERT INTO action_payment_decisions (payment_id, territory_id, outcome, decided_by) \
                 SELECT id, '{0}', 'approved', '{0}' FROM p",
                scratch.territory_id
            ),
        ] {
            assert!(scratch.try_sql(&sql).await.is_err(), "{sql}");
        }
        assert_eq!(money(&scratch, action).await, ["0.00", "600.00", "400.00"]);
    });
}
