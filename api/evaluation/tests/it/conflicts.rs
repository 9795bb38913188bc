//! Evaluators in conflict of interest see nothing, and a card that comes into conflict is set aside.

use crate::scratch::{Scratch, scores, with_scratch};
use concilia_evaluation::{ConflictGround, conflicted_projects, conflicts_of};
use concilia_kernel::{Actor, new_id};
use serde_json::{Value, json};
use uuid::Uuid;

async fn recused(scratch: &Scratch, project: Uuid) -> Vec<(Value, Value)> {
    let evaluation = scratch.evaluation(&scratch.ats()).await.with_status(200);
    let found = evaluation.items().iter().find(|item| item["project_id"] == json!(project)).unwrap();
    let recused = found["recused"].as_array().unwrap();
    recused.iter().map(|r| (r["evaluator"]["id"].clone(), r["ground"].clone())).collect()
}

/// Makes the evaluator a worker whom an organisation employs.
async fn employ(scratch: &Scratch, actor: &Actor, employer: Uuid) {
    let (territory, account, index) = (scratch.territory_id, actor.id, actor.id.simple());
    scratch
        .run_sql(&format!(
            "INSERT INTO workers (id, territory_id, account_id, tax_code_index, tax_code_sealed, given_name, family_name) \
               VALUES ('{}', '{territory}', '{account}', '\\x{index}', '\\x00', 'A', 'B'); \
             INSERT INTO employees (id, territory_id, employer_id, external_id, tax_code_index, tax_code_sealed, given_name, \
               family_name, employed_from, contract_type, shift_worker) \
               VALUES ('{}', '{territory}', '{employer}', '{account}', '\\x{index}', '\\x00', 'A', 'B', '2020-01-01', \
               'permanent', false)",
            new_id(),
            new_id()
        ))
        .await;
}

#[test]
fn a_project_does_not_exist_to_whoever_is_in_conflict_with_it() {
    with_scratch(async |scratch| {
        let [lead, other_lead] = scratch.leads;
        let [partner, former, clean] = scratch.seats;
        let project = scratch.project("2.1", lead).await;
        let absorbed = scratch.project("2.2", other_lead).await;
        scratch.join(project, partner).await;
        scratch.join(project, former).await;
        scratch
            .run_sql(&format!(
                "UPDATE project_partners SET left_on = '2020-06-02' WHERE organisation_id = '{former}'"
            ))
            .await;
        scratch
            .run_sql(&format!(
                "UPDATE projects SET state = 'merged', merged_into = '{project}' WHERE id = '{absorbed}'"
            ))
            .await;
        let employed = scratch.evaluator(clean).await;
        employ(&scratch, &employed, lead).await;
        let mut barred = vec![employed];
        for organisation in [lead, partner, former, other_lead] {
            barred.push(scratch.evaluator(organisation).await);
        }
        for evaluator in &barred {
            let refused = scratch.put(evaluator, project, scores("1.00", "1.00")).await;
            assert_eq!((refused.status, refused.refusal().1), (404, "not_found"));
        }
        let open = scratch.evaluator(clean).await;
        scratch.score(&open, project, "8.00", "10.00").await;

        let found = recused(&scratch, project).await;
        assert_eq!(found.len(), barred.len());
        assert!(found.contains(&(json!(barred[0].id), json!("employment"))), "{found:?}");
        let mut conn = scratch.connect().await;
        let conflicts = conflicts_of(&mut conn, scratch.territory_id, &[barred[0].id]).await.unwrap();
        assert_eq!(conflicts[0].ground, ConflictGround::Employment);
        // Asked again, nothing is logged twice; what was logged stands even when the employment ends.
        scratch.run_sql("UPDATE employees SET employed_to = '2020-02-01'").await;
        assert_eq!(recused(&scratch, project).await.len(), barred.len());
        let still = conflicted_projects(&mut conn, scratch.territory_id, barred[0].id).await.unwrap();
        assert!(still.contains(&project));
        assert!(scratch.try_sql("DELETE FROM recusals").await.is_err(), "recusals stay");
        assert!(scratch.try_sql("UPDATE recusals SET ground = 'role'").await.is_err(), "recusals stay");

        // The seats in conflict owe nothing; once closed, they still do not see it.
        let summary = scratch.close(&scratch.ats(), None).await.expect(200);
        assert_eq!((&summary["expected_scorecards"], &summary["complete_projects"]), (&json!(1), &json!(1)));
        for evaluator in &barred {
            assert_eq!(scratch.evaluation(evaluator).await.with_status(200).items(), [] as [Value; 0]);
            assert_eq!(scratch.cards(evaluator).await.items(), [] as [Value; 0]);
        }
        assert_eq!(scratch.evaluation(&open).await.with_status(200).items().len(), 1);
    });
}

#[test]
fn a_card_is_set_aside_when_its_organisation_joins_after_the_scoring() {
    with_scratch(async |scratch| {
        let (one, two) = (scratch.evaluator(scratch.seats[0]).await, scratch.evaluator(scratch.seats[1]).await);
        let ats = scratch.ats();
        let project = scratch.project("2.1", scratch.leads[0]).await;
        let other = scratch.project("2.2", scratch.leads[1]).await;
        let card = scratch.score(&one, project, "10.00", "12.50").await;
        for (evaluator, on) in [(&one, other), (&two, project), (&two, other)] {
            scratch.score(evaluator, on, "4.00", "5.00").await;
        }
        scratch.join(project, scratch.seats[0]).await;

        // Nobody has looked yet, and the evaluator already does not see it.
        assert_eq!(scratch.get(&one, &format!("/v1/scorecards/{card}")).await.status, 404);
        let seen = scratch.get(&ats, &format!("/v1/scorecards/{card}")).await.expect(200);
        assert_eq!((&seen["state"], seen["set_aside_at"].is_string()), (&json!("set_aside"), true));
        assert_eq!(recused(&scratch, project).await, [(json!(one.id), json!("role"))]);
        let mut conn = scratch.connect().await;
        let moves = concilia_kernel::transition::history(&mut conn, scratch.territory_id, card).await.unwrap();
        let last = moves.last().unwrap();
        assert_eq!((last.to_state.as_str(), last.actor_role.as_str()), ("set_aside", "system"));

        scratch.close(&ats, None).await.expect(200);
        let evaluation = scratch.evaluation(&ats).await.with_status(200);
        let item = &evaluation.items()[0];
        assert_eq!((&item["counted"], &item["set_aside"], &item["expected"]), (&json!(1), &json!(1), &json!(1)));
        assert_eq!(item["total"]["average"], "9.00");
        assert_eq!(evaluation.items()[1]["total"]["average"], "9.00");
        let kept = scratch.get(&ats, &format!("/v1/scorecards/{card}")).await.expect(200);
        assert_eq!(kept["total"], "22.50", "a card set aside is kept");
    });
}

#[test]
fn the_closing_finds_a_conflict_that_nobody_has_read() {
    with_scratch(async |scratch| {
        let (one, substitute) =
            (scratch.evaluator(scratch.seats[0]).await, scratch.evaluator(scratch.seats[0]).await);
        let ats = scratch.ats();
        let project = scratch.project("2.1", scratch.leads[0]).await;
        let card = scratch.score(&one, project, "10.00", "12.50").await;
        employ(&scratch, &one, scratch.leads[0]).await;
        let refused = scratch.close(&ats, None).await;
        assert_eq!(refused.refusal(), (409, "conflict", "/accept_incomplete", "required"), "{}", refused.body);
        assert!(refused.body["detail"].as_str().unwrap().contains("2.1"), "{}", refused.body);
        // A refusal leaves no trace; the read after it does.
        assert_eq!(recused(&scratch, project).await, [(json!(one.id), json!("employment"))]);
        let aside = scratch.get(&ats, &format!("/v1/scorecards/{card}")).await;
        assert_eq!(aside.body["state"], "set_aside");
        // The conflict is personal: the substitute of the same organisation takes the seat.
        scratch.score(&substitute, project, "5.00", "5.00").await;
        scratch.close(&ats, None).await.expect(200);
        let evaluation = scratch.evaluation(&ats).await;
        assert_eq!(evaluation.items()[0]["total"]["average"], "10.00");
    });
}
