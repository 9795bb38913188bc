//! Training events: sign-up, the waiting list, attendance and certificates.

use crate::scratch::{Answer, Scratch, event_content, with_scratch};
use concilia_kernel::{Role, new_id};
use diesel::sql_types::Text;
use diesel::{QueryableByName, sql_query};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

pub fn sign_up_id(answer: &Answer) -> Uuid {
    let id = answer.body["items"][0]["id"].as_str().and_then(|id| id.parse().ok());
    id.unwrap_or_else(|| panic!("no sign-up in {}", answer.body))
}

fn state(answer: &Answer) -> &str {
    answer.body["items"][0]["state"].as_str().unwrap_or_default()
}

#[test]
fn an_event_is_written_published_and_seen_by_all() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let mut content = event_content();
        let made = scratch.post(&ats, "/v1/events", content.clone()).await;
        assert_eq!((made.status, made.etag.as_deref()), (201, Some("\"1\"")), "{}", made.body);
        let path = format!("/v1/events/{}", made.id());
        assert_eq!(scratch.get(None, &path).await.status, 404, "a draft is the agency's");
        assert_eq!(scratch.get(Some(&scratch.stranger(Role::Ats)), &path).await.status, 404);
        assert_eq!(scratch.get(None, "/v1/events").await.expect(200)["items"], json!([]));
        assert_eq!(scratch.sign_up(&scratch.worker(), made.id()).await.status, 404);

        // Sessions keep their identifiers through changes.
        let session = made.body["sessions"][0]["id"].clone();
        content["sessions"] = json!([
            {"starts_at": "2097-03-10T13:00:00Z", "ends_at": "2097-03-10T15:00:00Z"},
            {"id": session, "starts_at": "2097-03-04T13:00:00Z", "ends_at": "2097-03-04T15:00:00Z"}]);
        let changed = scratch.put(&ats, &path, "\"1\"", content.clone()).await.expect(200);
        assert_eq!(
            (&changed["sessions"][0]["id"], &changed["starts_at"]),
            (&session, &json!("2097-03-04T13:00:00Z"))
        );
        content["sessions"][1]["id"] = json!(new_id());
        let unknown = scratch.put(&ats, &path, "\"2\"", content.clone()).await;
        assert_eq!((unknown.status, unknown.fault()), (422, ("/sessions/1/id", "not_found")));
        content["action_id"] = json!(new_id());
        content["sessions"] = json!([{"starts_at": "2097-03-10T13:00:00Z", "ends_at": "2097-03-10T15:00:00Z"}]);
        let unknown = scratch.put(&ats, &path, "\"2\"", content).await;
        assert_eq!((unknown.status, unknown.fault()), (422, ("/action_id", "not_found")));

        let published = scratch.act(&ats, &format!("{path}/publish")).await;
        assert_eq!((published.status, &published.body["online_url"]), (200, &json!("https://meet.example/abc")));
        let seen = scratch.get(None, &path).await;
        assert_eq!(seen.body["online_url"], json!(null), "the link is for those with a place");
        assert_ne!(seen.etag, published.etag);
        let listed = scratch.get(None, "/v1/events?from=2097-03-04&to=2097-03-04&kind=course").await.expect(200);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(listed["items"][0]["online_url"], json!(null));
        let none = scratch.get(None, "/v1/events?from=2097-03-05").await.expect(200);
        assert_eq!(none["items"], json!([]));
    });
}

#[test]
fn places_go_to_the_first_and_the_waiting_list_moves_by_itself() {
    with_scratch(async |scratch| {
        let event = scratch.published_event(|_| ()).await;
        let people: Vec<_> = (0..4).map(|_| scratch.worker()).collect();
        let mut sign_ups = vec![];
        for person in &people {
            let made = scratch.sign_up(person, event).await;
            assert_eq!(made.status, 201, "{}", made.body);
            sign_ups.push((sign_up_id(&made), state(&made).to_owned()));
        }
        let states: Vec<_> = sign_ups.iter().map(|(_, state)| state.as_str()).collect();
        assert_eq!(states, ["confirmed", "confirmed", "waiting", "waiting"]);
        assert_eq!(scratch.sign_up(&people[0], event).await.code(), (409, "already_exists"));
        let own = async |nth: usize| {
            scratch.get(Some(&people[nth]), &format!("/v1/event-sign-ups/{}", sign_ups[nth].0)).await.expect(200)
        };
        assert_eq!(
            (&own(0).await["online_url"], &own(3).await["waiting_position"]),
            (&json!("https://meet.example/abc"), &json!(2))
        );
        assert_eq!(own(2).await["online_url"], json!(null));

        // The first place that frees goes to the first who waits.
        let cancel = format!("/v1/event-sign-ups/{}/cancel", sign_ups[0].0);
        assert_eq!(scratch.act(&people[1], &cancel).await.status, 404, "another's sign-up");
        assert_eq!(scratch.act(&people[0], &cancel).await.expect(200)["state"], "cancelled");
        assert_eq!(scratch.act(&people[0], &cancel).await.code(), (409, "transition_not_allowed"));
        assert_eq!((&own(2).await["state"], &own(3).await["waiting_position"]), (&json!("confirmed"), &json!(1)));
        let seen = scratch.get(None, &format!("/v1/events/{event}")).await;
        assert_eq!((&seen.body["free_places"], &seen.body["waiting"]), (&json!(0), &json!(1)));

        // So do places that are added, and nobody loses one.
        let ats = scratch.ats();
        let now = scratch.get(Some(&ats), &format!("/v1/events/{event}")).await;
        let mut content = event_content();
        content["sessions"][0]["id"] = now.body["sessions"][0]["id"].clone();
        content["capacity"] = json!(1);
        let tag = now.etag.clone().unwrap();
        let lowered = scratch.put(&ats, &format!("/v1/events/{event}"), &tag, content.clone()).await;
        assert_eq!((lowered.code(), lowered.fault()), ((409, "no_places_left"), ("/capacity", "range")));
        content["capacity"] = json!(5);
        let raised = scratch.put(&ats, &format!("/v1/events/{event}"), &tag, content).await.expect(200);
        assert_eq!((&raised["free_places"], &raised["waiting"]), (&json!(2), &json!(0)));
        assert_eq!(own(3).await["state"], "confirmed");

        // Who gave up may come again, behind the others.
        assert_eq!(state(&scratch.sign_up(&people[0], event).await), "confirmed");
        let mine =
            scratch.get(Some(&people[0]), &format!("/v1/event-sign-ups?event_id={event}")).await.expect(200);
        assert_eq!(mine["items"].as_array().map(Vec::len), Some(2));
        let all = scratch.get(Some(&ats), "/v1/event-sign-ups?state=confirmed").await.expect(200);
        assert_eq!(all["items"].as_array().map(Vec::len), Some(4));
        let foreign = scratch.stranger(Role::Ats);
        assert_eq!(scratch.get(Some(&foreign), "/v1/event-sign-ups").await.expect(200)["items"], json!([]));
    });
}

#[test]
fn fifty_at_once_on_the_last_place_get_one() {
    with_scratch(async |scratch| {
        let event = scratch.published_event(|event| event["capacity"] = json!(1)).await;
        let people: Vec<_> = (0..50).map(|_| scratch.worker()).collect();
        let made =
            futures_util::future::join_all(people.iter().map(|person| scratch.sign_up(person, event))).await;
        assert!(made.iter().all(|answer| answer.status == 201), "{made:?}");
        let confirmed: Vec<_> = made.iter().filter(|answer| state(answer) == "confirmed").collect();
        assert_eq!(confirmed.len(), 1);
        let positions = waiting_positions(&scratch, event).await;
        assert_eq!(positions, (1..=49).collect::<Vec<_>>());

        // The one gives up while others do: in the end one has it, and nobody is lost.
        let leavers: Vec<_> = made.iter().zip(&people).take(30).collect();
        let left = futures_util::future::join_all(leavers.iter().map(|(answer, person)| {
            let path = format!("/v1/event-sign-ups/{}/cancel", sign_up_id(answer));
            let (scratch, person) = (&scratch, *person);
            async move { scratch.act(person, &path).await }
        }))
        .await;
        assert!(left.iter().all(|answer| answer.status == 200), "{left:?}");
        let seen = scratch.get(None, &format!("/v1/events/{event}")).await.expect(200);
        assert_eq!((&seen["free_places"], &seen["waiting"]), (&json!(0), &json!(19)));
        let forced = format!("UPDATE event_sign_ups SET state = 'confirmed' WHERE event_id = '{event}'");
        assert!(scratch.try_sql(&forced).await.unwrap_err().contains("events_not_oversold"));
    });
}

async fn waiting_positions(scratch: &Scratch, event: Uuid) -> Vec<i64> {
    let path = format!("/v1/event-sign-ups?event_id={event}&state=waiting&limit=200");
    let waiting = scratch.get(Some(&scratch.ats()), &path).await.expect(200);
    let mut positions: Vec<_> = waiting["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["waiting_position"].as_i64().unwrap())
        .collect();
    positions.sort_unstable();
    positions
}

#[test]
fn an_officer_signs_up_the_people_of_its_organisation() {
    with_scratch(async |scratch| {
        let event = scratch.published_event(|_| ()).await;
        let sign_ups = format!("/v1/events/{event}/sign-ups");
        let people = |emails: &[&str]| -> Vec<Value> {
            emails.iter().map(|email| json!({"name": "Persona", "email": email})).collect()
        };
        let officer = scratch.actor(Role::Employer, scratch.company_id);
        let body = |emails: &[&str], organisation: Option<Uuid>| json!({"organisation_id": organisation, "participants": people(emails)});
        let made = scratch
            .post(&officer, &sign_ups, body(&["a@x.it", "b@x.it", "c@x.it"], Some(scratch.company_id)))
            .await;
        let states: Vec<_> = made.body["items"].as_array().unwrap().iter().map(|item| &item["state"]).collect();
        assert_eq!(states, ["confirmed", "confirmed", "waiting"], "{}", made.body);

        let worker = scratch.worker();
        let refused = scratch.post(&worker, &sign_ups, body(&["d@x.it"], Some(scratch.company_id))).await;
        assert_eq!(
            (refused.status, refused.fault()),
            (422, ("/organisation_id", "not_found")),
            "a worker is no officer"
        );
        let many = scratch.post(&worker, &sign_ups, body(&["d@x.it", "e@x.it"], None)).await;
        assert_eq!((many.status, many.fault()), (422, ("/participants", "too_many")));
        let twice = scratch.post(&worker, &sign_ups, body(&["A@X.it"], None)).await;
        assert_eq!(twice.code(), (409, "already_exists"), "one person, one place, however the address is written");
        assert!(!twice.body.to_string().to_lowercase().contains("a@x.it"));
        let pair = scratch.post(&officer, &sign_ups, body(&["z@x.it", "Z@x.it"], Some(scratch.company_id))).await;
        assert_eq!((pair.status, pair.fault()), (422, ("/participants", "duplicate")));

        // A colleague in the same organisation sees and cancels them; the agency's other territory does not.
        let colleague = scratch.actor(Role::Provider, scratch.company_id);
        let listed = scratch.get(Some(&colleague), "/v1/event-sign-ups").await.expect(200);
        assert_eq!(listed["items"].as_array().map(Vec::len), Some(3));
        assert_eq!(listed["items"][0]["participant"]["email"], "a@x.it");
        let first = sign_up_id(&made);
        scratch.act(&colleague, &format!("/v1/event-sign-ups/{first}/cancel")).await.expect(200);
        assert_eq!(scratch.get(Some(&worker), &format!("/v1/event-sign-ups/{first}")).await.status, 404);

        // A repeated request signs nobody up twice, and its stored answer is sealed.
        let keyed = [("idempotency-key", "once")];
        let body = body(&["k@x.it"], Some(scratch.company_id));
        for _ in 0..2 {
            let again = scratch
                .call(Some(&officer), actix_web::http::Method::POST, &sign_ups, Some(body.clone()), &keyed)
                .await;
            assert_eq!(again.status, 201, "{}", again.body);
        }
        assert!(!whole_database(&scratch).await.contains("k@x.it"));
    });
}

/// Everything that this context and the kernel keep of sign-ups, as text.
async fn whole_database(scratch: &Scratch) -> String {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        row: String,
    }
    let mut conn = scratch.connect().await;
    let rows: Vec<Row> = sql_query(
        "SELECT t::text AS row FROM event_sign_ups t UNION ALL SELECT t::text FROM outbox t \
         UNION ALL SELECT t::text FROM transitions t UNION ALL SELECT t::text FROM idempotency_keys t",
    )
    .load(&mut conn)
    .await
    .unwrap();
    let text: Vec<String> = rows.into_iter().map(|row| row.row).collect();
    assert!(text.len() > 3, "there is something to search");
    // A sealed text shows as hexadecimal; so would one that is not sealed.
    text.join("\n").replace(&hex("k@x.it"), "k@x.it")
}

fn hex(text: &str) -> String {
    #[allow(clippy::format_collect, reason = "one short text")]
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_window_and_the_states_are_held() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let worker = scratch.worker();
        let late =
            scratch.published_event(|event| event["sign_up_opens_at"] = json!("2097-01-01T00:00:00Z")).await;
        assert_eq!(scratch.sign_up(&worker, late).await.code(), (409, "sign_up_closed"), "not open yet");
        let mut over = event_content();
        over["sign_up_closes_at"] = json!("2021-01-01T00:00:00Z");
        let over = scratch.post(&ats, "/v1/events", over).await.id();
        assert_eq!(scratch.act(&ats, &format!("/v1/events/{over}/publish")).await.code(), (409, "conflict"));

        let event = scratch.published_event(|_| ()).await;
        let made = scratch.sign_up(&worker, event).await;
        let cancelled = scratch.post(&ats, &format!("/v1/events/{event}/cancel"), json!({"reason": "Neve"})).await;
        assert_eq!((cancelled.status, &cancelled.body["free_places"]), (200, &json!(2)), "{}", cancelled.body);
        let gone = scratch.get(Some(&worker), &format!("/v1/event-sign-ups/{}", sign_up_id(&made))).await;
        assert_eq!(gone.expect(200)["state"], "cancelled");
        assert_eq!(scratch.sign_up(&scratch.worker(), event).await.code(), (409, "sign_up_closed"));
        assert_eq!(scratch.get(None, &format!("/v1/events/{event}")).await.expect(200)["state"], "cancelled");

        let begun = scratch.published_event(|_| ()).await;
        let made = scratch.sign_up(&worker, begun).await;
        scratch.let_it_pass(begun).await;
        let cancel = format!("/v1/event-sign-ups/{}/cancel", sign_up_id(&made));
        assert_eq!(scratch.act(&worker, &cancel).await.code(), (409, "cancellation_too_late"));
    });
}

#[test]
fn attendance_becomes_certificates_without_a_gap() {
    with_scratch(async |scratch| {
        let ats = scratch.ats();
        let four_hours = |event: &mut Value| {
            event["capacity"] = json!(5);
            event["sessions"] = json!([
                {"starts_at": "2097-03-03T13:00:00Z", "ends_at": "2097-03-03T16:00:00Z"},
                {"starts_at": "2097-03-10T13:00:00Z", "ends_at": "2097-03-10T14:00:00Z"}]);
        };
        let event = scratch.published_event(four_hours).await;
        let people: Vec<_> = (0..3).map(|_| scratch.worker()).collect();
        let mut ids = vec![];
        for person in &people {
            ids.push(sign_up_id(&scratch.sign_up(person, event).await));
        }
        let path = format!("/v1/events/{event}");
        let sessions = scratch.get(None, &path).await.expect(200)["sessions"].clone();
        let attendance =
            |nth: usize| format!("{path}/sessions/{}/attendance", sessions[nth]["id"].as_str().unwrap());
        let early = scratch.put(&ats, &attendance(0), "\"1\"", json!({"present": []})).await;
        assert_eq!(early.code(), (409, "conflict"), "not before it begins");
        scratch.let_it_pass(event).await;
        assert_eq!(
            scratch.act(&ats, &format!("{path}/conclude")).await.code(),
            (409, "conflict"),
            "nothing recorded"
        );

        // Three of the four hours are enough, one is not.
        let unknown = scratch.put(&ats, &attendance(0), "\"1\"", json!({"present": [ids[0], new_id()]})).await;
        assert_eq!((unknown.status, unknown.fault()), (422, ("/present/1", "not_found")));
        scratch.put(&ats, &attendance(0), "\"1\"", json!({"present": [ids[0], ids[1]]})).await.expect(200);
        assert_eq!(scratch.put(&ats, &attendance(0), "\"1\"", json!({"present": []})).await.status, 412);
        let fixed = scratch.put(&ats, &attendance(0), "\"2\"", json!({"present": [ids[1]]})).await.expect(200);
        assert_eq!(fixed["present"], json!([ids[1]]));
        scratch.put(&ats, &attendance(1), "\"1\"", json!({"present": [ids[0], ids[1]]})).await.expect(200);
        let read = scratch.get(Some(&ats), &attendance(1)).await;
        assert_eq!(
            (read.body["present"].as_array().map(Vec::len), read.etag.as_deref()),
            (Some(2), Some("\"2\""))
        );
        assert_eq!(scratch.get(Some(&scratch.stranger(Role::Ats)), &attendance(1)).await.status, 404);
        let cancel = scratch.post(&ats, &format!("{path}/cancel"), json!({"reason": "x"})).await;
        assert_eq!(cancel.code(), (409, "conflict"), "it took place");

        assert_eq!(scratch.act(&ats, &format!("{path}/conclude")).await.expect(200)["state"], "concluded");
        let after = scratch.put(&ats, &attendance(1), "\"2\"", json!({"present": []})).await;
        assert_eq!(after.code(), (409, "conflict"), "attendance is final");
        let number = async |nth: usize| {
            let path = format!("/v1/event-sign-ups/{}", ids[nth]);
            scratch.get(Some(&people[nth]), &path).await.expect(200)["certificate_number"].clone()
        };
        assert_eq!((number(0).await, number(2).await), (json!(null), json!(null)));
        let year = concilia_kernel::now().format("%Y").to_string();
        assert_eq!(number(1).await, format!("{year}/000001"));
    });
}

#[test]
fn events_that_end_together_share_one_run_of_numbers() {
    with_scratch(async |scratch| {
        let mut events = vec![];
        for _ in 0..6 {
            let event = scratch.published_event(|_| ()).await;
            let one = sign_up_id(&scratch.sign_up(&scratch.worker(), event).await);
            let two = sign_up_id(&scratch.sign_up(&scratch.worker(), event).await);
            let session =
                scratch.get(None, &format!("/v1/events/{event}")).await.expect(200)["sessions"][0]["id"].clone();
            scratch.let_it_pass(event).await;
            let attendance = format!("/v1/events/{event}/sessions/{}/attendance", session.as_str().unwrap());
            scratch.put(&scratch.ats(), &attendance, "\"1\"", json!({"present": [one, two]})).await.expect(200);
            events.push(event);
        }
        let officers: Vec<_> = (0..12).map(|_| scratch.ats()).collect();
        let ended = futures_util::future::join_all(officers.iter().enumerate().map(|(nth, officer)| {
            let path = format!("/v1/events/{}/conclude", events[nth % 6]);
            let scratch = &scratch;
            async move { scratch.act(officer, &path).await }
        }))
        .await;
        assert_eq!(ended.iter().filter(|answer| answer.status == 200).count(), 6, "each once");
        let lost = ended.iter().filter(|answer| answer.status != 200);
        assert!(lost.clone().all(|answer| answer.code() == (409, "transition_not_allowed")));
        let all = scratch.get(Some(&scratch.ats()), "/v1/event-sign-ups?limit=200").await.expect(200);
        let mut numbers: Vec<i64> = all["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["certificate_number"].as_str().unwrap()[5..].parse().unwrap())
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    });
}
