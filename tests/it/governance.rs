//! Governance over HTTP: a committee is set up, convened, decides by its chair's vote, and its minutes are validated.

use crate::papers;
use chrono::{Duration, Utc};
use concilia_tests::{Caller, TestServer};
use serde_json::{Value, json};

async fn account(caller: &Caller) -> Value {
    caller.get("/v1/me").await.expect(200)["id"].clone()
}

fn convening(days: i64, minutes: i64) -> Value {
    let starts_at = Utc::now() + Duration::days(days) + Duration::minutes(minutes);
    json!({"starts_at": starts_at, "place": "Sede dell'ATS", "agenda": [{"title": "Valutazione dei progetti"}]})
}

#[tokio::test]
async fn a_committee_meets_and_decides() {
    let server = TestServer::start().await;
    // The invented territory: its committee is set up here.
    let chair = server.nth("ats", 1, 0).await;
    let (deputy, evaluator) = (server.nth("ats", 1, 1).await, server.nth("evaluator", 1, 0).await);
    let employer = server.nth("employer", 1, 0).await;
    let committee = chair.post("/v1/bodies", &json!({"kind": "committee", "name": "Comitato"})).await.expect(201);
    let body = format!("/v1/bodies/{}", committee["id"].as_str().unwrap());
    let candidates = chair.get("/v1/committee-candidates").await.expect(200);
    assert!(candidates["items"].as_array().unwrap().len() >= 3, "{candidates}");
    let seats = [
        json!({"name": "ATS", "chair": true, "titular_id": account(&chair).await, "substitute_id": account(&deputy).await}),
        json!({"name": "Comune", "chair": false, "titular_id": account(&evaluator).await}),
    ];
    for seat in &seats {
        chair.post(&format!("{body}/seats"), seat).await.expect(201);
    }

    // In time, or not at all.
    let meetings = format!("{body}/meetings");
    assert_eq!(chair.post(&meetings, &convening(4, 0)).await.code(422), "notice_too_short");
    assert_eq!(evaluator.post(&meetings, &convening(9, 0)).await.code(403), "forbidden");
    chair.post(&meetings, &convening(9, 0)).await.expect(201);
    let settings = chair.get("/v1/governance-settings").await;
    let etag = settings.etag().to_owned();
    let mut terms = settings.expect(200);
    assert_eq!(chair.put("/v1/governance-settings", &terms).await.code(428), "precondition_required");
    // A territory may be stricter than the rules of the field, never laxer.
    let least = [
        ("committee_notice_days", 5),
        ("assembly_notice_days", 10),
        ("opinion_notice_days", 15),
        ("committee_meetings", 2),
        ("assembly_meetings", 1),
    ];
    for (name, days) in least {
        let mut laxer = terms.clone();
        laxer[name] = json!(days - 1);
        let refused = chair.with("If-Match", &etag).put("/v1/governance-settings", &laxer).await;
        assert_eq!(refused.code(422), "validation_failed", "{name}");
        assert_eq!(refused.body["errors"][0]["pointer"], format!("/{name}"));
    }
    terms["committee_notice_days"] = json!(9);
    chair.with("If-Match", &etag).put("/v1/governance-settings", &terms).await.expect(200);
    assert_eq!(chair.post(&meetings, &convening(8, 0)).await.code(422), "notice_too_short");
    // Invitations that went out by certified mail count from their day, which the convening tells.
    let mut mailed = convening(0, 20);
    for (days, refusal) in [(8, "notice_too_short"), (91, "validation_failed"), (-1, "validation_failed")] {
        mailed["sent_at"] = json!(Utc::now() - Duration::days(days));
        assert_eq!(chair.post(&meetings, &mailed).await.code(422), refusal, "{days}");
    }
    let soon = Utc::now() + Duration::seconds(2);
    mailed["sent_at"] = json!(Utc::now() - Duration::days(10));
    mailed["starts_at"] = json!(soon);
    let meeting = chair.post(&meetings, &mailed).await.expect(201);
    tokio::time::sleep((soon - Utc::now()).to_std().unwrap_or_default()).await;
    assert_eq!((&meeting["required_days"], &meeting["notice"]), (&json!(9), &json!(1)));
    let path = format!("/v1/meetings/{}", meeting["id"].as_str().unwrap());
    assert_eq!(employer.get(&path).await.code(404), "not_found");

    // Both seats are needed; the substitute is not, as the titular is there.
    let attend = async |seat: usize, attendee: &str| {
        let invitation = &meeting["invitations"][seat]["id"];
        let body = json!({"invitation_id": invitation, "attendee": attendee, "present": true});
        chair.post(&format!("{path}/attendance"), &body).await
    };
    attend(0, "titular").await.expect(200);
    assert_eq!(attend(0, "substitute").await.code(409), "substitute_not_admitted");
    let motion = json!({"agenda_item": 1, "text": "Ammissione del progetto"});
    assert_eq!(chair.post(&format!("{path}/motions"), &motion).await.code(409), "no_quorum");
    attend(1, "titular").await.expect(200);
    let motion = chair.post(&format!("{path}/motions"), &motion).await.expect(201);
    let motion = format!("/v1/motions/{}", motion["id"].as_str().unwrap());
    let votes = format!("{motion}/votes");
    assert_eq!(deputy.post(&votes, &json!({"choice": "against"})).await.code(409), "substitute_not_admitted");
    chair.post(&votes, &json!({"choice": "in_favour"})).await.expect(201);
    evaluator.post(&votes, &json!({"choice": "against"})).await.expect(201);
    let decided = deputy.act(&format!("{motion}/close")).await.expect(200);
    assert_eq!((&decided["state"], &decided["basis"]), (&json!("carried"), &json!("casting_vote")), "{decided}");

    // Minutes, and the agenda to subscribe to.
    chair.act(&format!("{path}/close")).await.expect(200);
    let texts = json!({"texts": [{"position": 1, "text": "Il presidente illustra il progetto."}]});
    let minutes = deputy.post(&format!("{path}/minutes"), &texts).await.expect(201);
    let minutes = format!("/v1/minutes/{}", minutes["id"].as_str().unwrap());
    for person in [&chair, &evaluator] {
        person.post(&format!("{minutes}/validate"), &json!({"agreed": true})).await.expect(200);
    }
    assert_eq!(chair.act(&format!("{minutes}/close")).await.expect(200)["state"], "validated");
    let (_, paper) = papers::read(papers::file(&evaluator, &format!("{minutes}/document")).await).await;
    let [presided, wrote] = ["titular", "substitute"].map(|who| {
        let name = meeting["invitations"][0][who]["name"].as_str().unwrap();
        name.split_whitespace().collect::<String>()
    });
    let signed = format!("IlPresidente{presided}IlSegretarioverbalizzante{wrote}");
    assert!(paper.contains(&signed), "{signed} in {paper}");
    let feed = evaluator.act("/v1/agenda-feeds").await.expect(201);
    let agenda = server.anyone().get(feed["path"].as_str().unwrap()).await;
    assert!(agenda.headers["content-type"].to_str().unwrap().starts_with("text/calendar"));
    let text = agenda.body.as_str().unwrap();
    assert!(text.contains("SUMMARY:Comitato\r\n"), "{text}");
    server.stop().await;
}
