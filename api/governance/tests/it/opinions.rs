//! Opinions asked of the assembly.

use crate::scratch::{convening, with_scratch};
use chrono::Duration;
use concilia_kernel::clock::italian_day;
use concilia_kernel::{Role, now};
use serde_json::{Value, json};

#[test]
fn a_quarter_of_the_members_asks_in_time_and_the_assembly_answers() {
    with_scratch(async |scratch| {
        // 5 members: 2 signatures.
        let ats = scratch.ats().await;
        let one = scratch.person(Role::Employer, scratch.members[0]).await;
        let two = scratch.person(Role::Provider, scratch.members[1]).await;
        let ask = |organisation: uuid::Uuid| {
            Some(json!({"organisation_id": organisation, "subject": "Orari", "text": "Si chiede un parere."}))
        };
        let foreign = scratch.post(&one, "/v1/opinion-requests", ask(scratch.members[1])).await;
        assert_eq!(foreign.code(), (422, "validation_failed"));
        let asked = scratch.post(&one, "/v1/opinion-requests", ask(scratch.members[0])).await;
        let path = format!("/v1/opinion-requests/{}", asked.id());
        assert_eq!(asked.expect(201)["state"], "collecting");
        let sign = |organisation: uuid::Uuid| Some(json!({"organisation_id": organisation}));
        let twice = scratch.post(&one, &format!("{path}/sign"), sign(scratch.members[0])).await;
        assert_eq!(twice.code(), (409, "already_exists"));
        let filed = scratch.post(&two, &format!("{path}/sign"), sign(scratch.members[1])).await.expect(200);
        assert_eq!((&filed["state"], &filed["needed"]), (&json!("filed"), &json!(2)));
        assert_eq!(filed["receivable_at"], Value::Null);

        let assembly =
            scratch.post(&ats, "/v1/bodies", Some(json!({"kind": "assembly", "name": "Conferenza"}))).await;
        let meetings = format!("/v1/bodies/{}/meetings", assembly.id());
        let convene = async |days| {
            let noon = (italian_day(now()) + Duration::days(days)).and_hms_opt(12, 0, 0).unwrap().and_utc();
            let content = convening(noon, None);
            scratch.post(&ats, &meetings, Some(content)).await.expect(201)["id"].as_str().unwrap().to_owned()
        };
        let early = convene(14).await;
        assert_eq!(scratch.get(&two, &path).await.expect(200)["receivable_at"], Value::Null);
        let late = convene(15).await;
        assert_eq!(scratch.get(&two, &path).await.expect(200)["receivable_at"], json!(late));
        let answer = |meeting: &str| Some(json!({"meeting_id": meeting, "opinion": "Parere favorevole."}));
        assert_eq!(scratch.post(&ats, &format!("{path}/answer"), answer(&late)).await.status, 422, "not held yet");
        scratch.run_sql("UPDATE meetings SET state = 'held', held_at = now(), quorate = true").await;
        assert_eq!(scratch.post(&ats, &format!("{path}/answer"), answer(&early)).await.status, 422);
        let answered = scratch.post(&ats, &format!("{path}/answer"), answer(&late)).await.expect(200);
        assert_eq!((&answered["state"], &answered["meeting_id"]), (&json!("answered"), &json!(late)));
        scratch.run_sql("UPDATE memberships SET state = 'excluded', ended_at = now(), reason = 'x'").await;
        assert_eq!(scratch.get(&two, &path).await.status, 404, "no longer a member");
    });
}
