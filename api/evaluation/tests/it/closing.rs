//! The scoring is closed when it is complete, or with a reason, and once.

use crate::scratch::with_scratch;
use serde_json::json;

#[test]
fn an_incomplete_scoring_is_closed_with_a_reason_only() {
    with_scratch(async |scratch| {
        let (one, two) = (scratch.evaluator(scratch.seats[0]).await, scratch.evaluator(scratch.seats[1]).await);
        let ats = scratch.ats();
        let project = scratch.project("2.1", scratch.leads[0]).await;
        let waiting = scratch.project("2.2", scratch.leads[1]).await;
        scratch
            .run_sql(&format!("UPDATE projects SET state = 'integration_requested' WHERE id = '{waiting}'"))
            .await;
        scratch.score(&one, project, "8.00", "10.00").await;

        let undecided = scratch.close(&ats, Some("Urgenza")).await;
        assert_eq!(undecided.refusal().1, "conflict");
        assert!(undecided.body["detail"].as_str().unwrap().contains("2.2"), "{}", undecided.body);
        scratch.run_sql(&format!("UPDATE projects SET state = 'inadmissible' WHERE id = '{waiting}'")).await;
        let missing = scratch.close(&ats, None).await;
        assert_eq!(missing.refusal(), (409, "conflict", "/accept_incomplete", "required"));
        let closed = scratch.close(&ats, Some("Secondo valutatore assente")).await.expect(200);
        assert_eq!(closed["incomplete_reason"], "Secondo valutatore assente");
        assert_eq!((&closed["projects"], &closed["complete_projects"]), (&json!(1), &json!(0)));

        // What was due stays as it stood, whoever is evaluator later.
        scratch.run_sql(&format!("DELETE FROM role_bindings WHERE account_id = '{}'", two.id)).await;
        let evaluation = scratch.evaluation(&ats).await;
        let counts = ["expected", "missing", "counted"].map(|name| evaluation.items()[0][name].clone());
        assert_eq!(counts, [2, 1, 1].map(|count| json!(count)));
        assert_eq!(scratch.close(&ats, Some("Ancora")).await.refusal().1, "conflict");
        assert!(scratch.try_sql("DELETE FROM evaluation_closure_projects").await.is_err());
        assert!(scratch.try_sql("UPDATE evaluation_closures SET incomplete_reason = NULL").await.is_err());
    });
}

#[test]
fn two_officers_closing_at_once_end_in_one_closing() {
    with_scratch(async |scratch| {
        let one = scratch.evaluator(scratch.seats[0]).await;
        let project = scratch.project("2.1", scratch.leads[0]).await;
        scratch.score(&one, project, "8.00", "10.00").await;
        let (a, b) = (scratch.ats(), scratch.ats());
        let (a, b) = tokio::join!(scratch.close(&a, None), scratch.close(&b, None));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", a.body, b.body);
        assert_eq!(if a.status == 409 { a } else { b }.refusal().1, "conflict");
        let mut conn = scratch.connect().await;
        let moves =
            concilia_kernel::transition::history(&mut conn, scratch.territory_id, scratch.call_id).await.unwrap();
        assert_eq!(moves.iter().filter(|m| m.to_state == "closed").count(), 1);
    });
}

#[test]
fn a_card_submitted_while_the_scoring_closes_is_in_or_out_never_lost() {
    with_scratch(async |scratch| {
        let (one, two) = (scratch.evaluator(scratch.seats[0]).await, scratch.evaluator(scratch.seats[1]).await);
        let ats = scratch.ats();
        let project = scratch.project("2.1", scratch.leads[0]).await;
        scratch.score(&one, project, "8.00", "10.00").await;
        let card = scratch.put(&two, project, crate::scratch::scores("6.00", "8.00")).await.created();
        let (given, closed) = tokio::join!(scratch.submit(&two, card), scratch.close(&ats, Some("Termine")));
        closed.expect(200);
        let evaluation = scratch.evaluation(&ats).await;
        let (average, missing) = (&evaluation.items()[0]["total"]["average"], &evaluation.items()[0]["missing"]);
        match given.status {
            200 => assert_eq!((average, missing), (&json!("16.00"), &json!(0))),
            409 => assert_eq!((average, missing), (&json!("18.00"), &json!(1))),
            other => panic!("{other}: {}", given.body),
        }
    });
}
