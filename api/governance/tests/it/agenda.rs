//! The agenda as a calendar, and its feeds.

use crate::scratch::with_scratch;
use actix_web::http::Method;
use concilia_kernel::Role;

#[test]
fn the_agenda_shows_each_what_they_may_know() {
    with_scratch(async |scratch| {
        let committee = scratch.committee().await;
        let meeting = scratch.session(committee.id, None).await;
        let (territory, project) = (scratch.territory_id, scratch.project);
        scratch
            .run_sql(&format!(
                "INSERT INTO integration_requests (id, territory_id, project_id, request, due_at, requested_by) \
                 VALUES (uuid_v7(), '{territory}', '{project}', 'x', now() + interval '3 days', uuid_v7());"
            ))
            .await;
        let uid = format!("UID:meeting-{}", meeting["id"].as_str().unwrap());
        let agenda = async |actor: &concilia_kernel::Actor| {
            scratch.get(actor, "/v1/agenda.ics").await.text().replace("\r\n ", "")
        };
        let lead = scratch.person(Role::AllianceLead, scratch.members[0]).await;
        let other = scratch.person(Role::Employer, scratch.members[3]).await;
        let evaluator = committee.people[1].0.clone();
        for (actor, meeting, integration) in [
            (scratch.ats().await, true, true),
            (evaluator.clone(), true, true),
            (lead, false, true),
            (other, false, false),
        ] {
            let text = agenda(&actor).await;
            assert_eq!((text.contains(&uid), text.contains("integration-due")), (meeting, integration), "{text}");
        }
        let public = scratch.get(None, "/v1/agenda.ics?territory=HERE").await;
        assert_eq!((public.status, public.text().contains("BEGIN:VEVENT")), (200, false), "{}", public.text());

        // A feed stands for the person until it is revoked, or the person may not log in.
        let feed = scratch.post(&evaluator, "/v1/agenda-feeds", None).await.expect(201);
        let path = feed["path"].as_str().unwrap();
        let read = async || scratch.get(None, path).await;
        assert!(read().await.text().replace("\r\n ", "").contains(&uid));
        scratch.run_sql(&format!("UPDATE accounts SET disabled_at = now() WHERE id = '{}'", evaluator.id)).await;
        assert_eq!(read().await.status, 404);
        scratch.run_sql("UPDATE accounts SET disabled_at = NULL").await;
        assert_eq!(read().await.status, 200);
        let revoke = format!("/v1/agenda-feeds/{}", feed["id"].as_str().unwrap());
        let stranger = scratch.ats().await;
        assert_eq!(scratch.call(&stranger, Method::DELETE, &revoke, None, &[]).await.status, 404);
        assert_eq!(scratch.call(&evaluator, Method::DELETE, &revoke, None, &[]).await.status, 204);
        assert_eq!(read().await.status, 404);
    });
}
