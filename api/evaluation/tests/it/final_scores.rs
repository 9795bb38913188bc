//! The committee's scores are recorded once the scoring is closed, and corrected without being changed.

use crate::scratch::{Answer, Scratch, with_scratch};
use concilia_evaluation::{LoadedScore, final_scores, load_final_scores};
use concilia_kernel::{Actor, Role, new_id};
use concilia_planning::{ProjectState, find_project};
use serde_json::{Value, json};
use uuid::Uuid;

async fn record(scratch: &Scratch, actor: &Actor, reason: Option<&str>, scores: Value) -> Answer {
    let body = json!({"minutes": {"act": "Verbale n. 2", "date": "2020-06-10"}, "correction_reason": reason, "scores": scores});
    scratch.post(actor, &format!("/v1/project-calls/{}/final-scores", scratch.call_id), Some(body)).await
}

#[test]
fn scores_follow_the_closing_stay_within_the_grid_and_move_their_projects() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let (one, two) =
            (scratch.project("2.1", scratch.leads[0]).await, scratch.project("2.2", scratch.leads[1]).await);
        let score = |project, score: &str| json!({"project_id": project, "score": score});
        let early = record(&scratch, &ats, None, json!([score(one, "20.00")])).await;
        assert_eq!(early.refusal().1, "conflict");
        scratch.close(&ats, Some("Punteggio collegiale")).await.expect(200);

        let beyond = record(&scratch, &ats, None, json!([score(one, "22.50"), score(two, "22.51")])).await;
        assert_eq!(beyond.refusal(), (422, "validation_failed", "/scores/1/score", "range"));
        let unknown = record(&scratch, &ats, None, json!([score(scratch.call_id, "1.00")])).await;
        assert_eq!(unknown.refusal(), (422, "validation_failed", "/scores/0/project_id", "not_found"));
        let twice = record(&scratch, &ats, None, json!([score(one, "1.00"), score(one, "2.00")])).await;
        assert_eq!(twice.refusal(), (422, "validation_failed", "/scores", "duplicate"));
        let stranger = record(&scratch, &scratch.stranger(Role::Ats), None, json!([score(one, "1.00")])).await;
        assert_eq!(stranger.status, 404);

        let recorded =
            record(&scratch, &ats, None, json!([score(one, "22.50"), score(two, "0.00")])).await.expect(200);
        assert_eq!((&recorded["scored"], &recorded["corrected"]), (&json!(2), &json!(0)));
        let mut conn = scratch.connect().await;
        for project in [one, two] {
            let found = find_project(&mut conn, scratch.territory_id, project).await.unwrap().unwrap();
            assert_eq!(found.state, ProjectState::Scored);
        }

        // A correction names the score that it corrects and why.
        let correction = |corrects: u8| json!([{"project_id": two, "score": "12.25", "corrects": corrects}]);
        let unseen = record(&scratch, &ats, Some("Errore materiale"), json!([score(two, "12.25")])).await;
        assert_eq!(unseen.refusal(), (409, "conflict", "/scores/0/corrects", "conflict"));
        let silent = record(&scratch, &ats, None, correction(1)).await;
        assert_eq!(silent.refusal(), (422, "validation_failed", "/correction_reason", "required"));
        let (a, b) = tokio::join!(
            record(&scratch, &ats, Some("Errore materiale"), correction(1)),
            record(&scratch, &ats, Some("Errore materiale"), correction(1))
        );
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", a.body, b.body);
        let mut last = final_scores(&mut conn, scratch.territory_id, scratch.call_id).await.unwrap();
        last.sort_unstable();
        let last: Vec<_> = last.into_iter().map(|(project, score)| (project, score.to_string())).collect();
        assert_eq!(last, [(one, "22.50".to_owned()), (two, "12.25".to_owned())]);
        let path = format!("/v1/project-calls/{}/final-scores", scratch.call_id);
        let listed = scratch.get(&ats, &path).await.with_status(200);
        let history: Vec<_> = listed.items().iter().map(|s| (&s["number"], &s["superseded"])).collect();
        assert_eq!(history, [(&json!(1), &json!(false)), (&json!(1), &json!(true)), (&json!(2), &json!(false))]);
        assert_eq!(listed.items()[2]["correction_reason"], "Errore materiale");
        let barred = scratch.evaluator(scratch.leads[1]).await;
        assert_eq!(scratch.get(&barred, &path).await.with_status(200).items().len(), 1);

        for change in [
            "UPDATE final_scores SET score = 1".to_owned(),
            "DELETE FROM final_scores".to_owned(),
            format!(
                "INSERT INTO final_scores (id, territory_id, project_call_id, project_id, number, score, minutes_act, \
                 minutes_date, correction_reason) SELECT gen_random_uuid(), territory_id, project_call_id, project_id, 2, 22.51, \
                 'V', '2020-06-10', 'x' FROM final_scores WHERE project_id = '{one}'"
            ),
        ] {
            assert!(scratch.try_sql(&change).await.is_err(), "{change}");
        }
        scratch.run_sql("UPDATE project_calls SET state = 'awarded'").await;
        assert_eq!(record(&scratch, &ats, Some("Tardi"), correction(2)).await.refusal().1, "conflict");
    });
}

/// Writes the validated minutes of a meeting, with one item on its agenda.
fn validated_minutes(territory: Uuid, meeting: Uuid) -> String {
    format!(
        "INSERT INTO minutes (id, territory_id, meeting_id, number, state, content, due_at, generated_at, closed_at) \
           VALUES (uuid_v7(), '{territory}', '{meeting}', 1, 'validated', '{{}}', now(), now(), now()); \
         INSERT INTO agenda_items (territory_id, meeting_id, position, title) \
           VALUES ('{territory}', '{meeting}', 1, 'Progetto')"
    )
}

/// Writes a motion of a meeting on a project (`ids`: its territory and itself), closed in the given state and minute.
fn closed_motion(ids: &str, meeting: Uuid, state: &str, minute: i32) -> String {
    format!(
        "INSERT INTO motions (territory_id, project_id, id, meeting_id, agenda_item, text, state, basis, present, \
           recused, in_favour, against, abstained, ballot, opened_at, closed_at) \
         VALUES ({ids}, uuid_v7(), '{meeting}', 1, 'Si approva', '{state}', 'casting_vote', 2, 0, 1, 1, 0, '[]', \
           '2020-06-10T09:00Z', timestamptz '2020-06-10T09:00Z' + interval '1 minute' * {minute})"
    )
}

#[test]
fn a_meeting_that_could_not_decide_scored_nothing() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let project = scratch.project("2.1", scratch.leads[0]).await;
        scratch.close(&ats, Some("Punteggio collegiale")).await.expect(200);
        let (committee, assembly) = (new_id(), new_id());
        let territory = scratch.territory_id;
        scratch
            .run_sql(&format!(
                "INSERT INTO bodies (id, territory_id, kind, name) VALUES \
                   ('{committee}', '{territory}', 'committee', 'Comitato'), \
                   ('{assembly}', '{territory}', 'assembly', 'Conferenza')"
            ))
            .await;
        let meeting = async |body: Uuid, held: &str, quorate: &str| {
            let (id, state) = (new_id(), if held == "NULL" { "convened" } else { "held" });
            scratch
                .run_sql(&format!(
                    "INSERT INTO meetings (id, territory_id, body_id, state, starts_at, duration_minutes, place, notice, \
                       sent_at, required_days, quorate, held_at) VALUES ('{id}', '{territory}', '{body}', '{state}', \
                       '2020-06-10T09:00Z', 120, 'Sede', 1, '2020-06-01', 5, {quorate}, {held})"
                ))
                .await;
            id
        };
        let named = async |meeting: Option<Uuid>| {
            let body = json!({"minutes": {"act": "Verbale n. 2", "date": "2020-06-10"}, "meeting_id": meeting,
                "scores": [{"project_id": project, "score": "20.00"}]});
            let path = format!("/v1/project-calls/{}/final-scores", scratch.call_id);
            scratch.post(&ats, &path, Some(body)).await
        };
        for useless in [
            new_id(),
            meeting(committee, "NULL", "NULL").await,
            meeting(committee, "now()", "false").await,
            meeting(assembly, "now()", "true").await,
        ] {
            let refused = named(Some(useless)).await;
            assert_eq!(refused.refusal(), (422, "validation_failed", "/meeting_id", "not_found"));
            let written = scratch
                .try_sql(&format!(
                    "INSERT INTO final_scores (id, territory_id, project_call_id, project_id, number, score, minutes_act, \
                     minutes_date, meeting_id) VALUES (gen_random_uuid(), '{territory}', '{}', '{project}', 1, 1, 'V', \
                     '2020-06-10', '{useless}')",
                    scratch.call_id
                ))
                .await;
            assert!(written.is_err(), "the database has the last word");
        }
        // Its minutes are validated before what it decided is recorded, and what it rejected is not.
        let (good, ids) = (meeting(committee, "now()", "true").await, format!("'{territory}', '{project}'"));
        assert_eq!(
            named(Some(good)).await.refusal(),
            (422, "validation_failed", "/meeting_id", "minutes_not_validated")
        );
        let write = format!(
            "INSERT INTO final_scores (territory_id, project_id, id, project_call_id, number, score, minutes_act, \
               minutes_date, meeting_id) VALUES ({ids}, gen_random_uuid(), '{}', 1, 1, 'V', '2020-06-10', '{good}')",
            scratch.call_id
        );
        assert!(scratch.try_sql(&write).await.unwrap_err().contains("not validated"));
        scratch.run_sql(&validated_minutes(territory, good)).await;
        // No minutes are older than their meeting, by the day that calendars in Italy show.
        let moved =
            |hour: &str| format!("UPDATE meetings SET starts_at = '2020-06-10T{hour}Z' WHERE id = '{good}'");
        scratch.run_sql(&moved("22:30")).await;
        assert_eq!(named(Some(good)).await.refusal(), (422, "validation_failed", "/minutes/date", "date_order"));
        assert!(scratch.try_sql(&write).await.unwrap_err().contains("precede"));
        scratch.run_sql(&moved("21:30")).await;
        let vote = async |meeting, state, minute| {
            scratch.run_sql(&closed_motion(&ids, meeting, state, minute)).await;
        };
        // The last word of the committee counts, in whichever meeting it was said and whichever is named, or none.
        let (other, foreign) =
            (meeting(committee, "now()", "true").await, meeting(assembly, "now()", "true").await);
        for meeting in [other, foreign] {
            scratch.run_sql(&validated_minutes(territory, meeting)).await;
        }
        vote(good, "carried", 1).await;
        vote(good, "rejected", 2).await;
        for meeting in [Some(good), Some(other), None] {
            let refused = named(meeting).await;
            let (status, code, pointer, fault) = refused.refusal();
            assert_eq!(
                (status, code, pointer, fault),
                (422, "validation_failed", "/scores/0/project_id", "motion_rejected"),
                "{meeting:?}"
            );
        }
        for names in [&write, &write.replace(&format!("'{good}'"), "NULL")] {
            assert!(scratch.try_sql(names).await.unwrap_err().contains("rejected"));
        }
        // Another body does not speak for it.
        vote(foreign, "carried", 3).await;
        assert_eq!(named(None).await.refusal().3, "motion_rejected");
        vote(other, "carried", 4).await;
        vote(foreign, "rejected", 5).await;
        named(None).await.expect(200);
    });
}

#[test]
fn two_officers_recording_the_same_scores_end_in_one_record() {
    with_scratch(async |scratch| {
        let ats = [scratch.ats(), scratch.ats()];
        let project = scratch.project("2.1", scratch.leads[0]).await;
        scratch.close(&ats[0], Some("Punteggio collegiale")).await.expect(200);
        let score = |points: &str| json!([{"project_id": project, "score": points}]);
        let (a, b) = tokio::join!(
            record(&scratch, &ats[0], None, score("20.00")),
            record(&scratch, &ats[1], None, score("21.00"))
        );
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", a.body, b.body);
        let mut conn = scratch.connect().await;
        assert_eq!(final_scores(&mut conn, scratch.territory_id, scratch.call_id).await.unwrap().len(), 1);
    });
}

#[test]
fn scores_of_the_past_are_loaded_with_their_minutes() {
    with_scratch(async |scratch| {
        let project = scratch.project("2.1", scratch.leads[0]).await;
        let mut conn = scratch.connect().await;
        let minutes = ("Verbale n. 2", "2020-06-10".parse().unwrap());
        let loaded = [LoadedScore { project_id: project, score: "20.00".parse().unwrap() }];
        load_final_scores(&mut conn, scratch.territory_id, scratch.call_id, minutes, &loaded).await.unwrap();
        let again = load_final_scores(&mut conn, scratch.territory_id, scratch.call_id, minutes, &loaded).await;
        assert!(again.is_err());
        let found = final_scores(&mut conn, scratch.territory_id, scratch.call_id).await.unwrap();
        assert_eq!(found, [(project, "20.00".parse().unwrap())]);
    });
}
