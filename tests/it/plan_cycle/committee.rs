//! A committee of the territory with as many seats as a test needs, in session when it is told.

use super::world::{Person, World, id_of, instant, text};
use chrono::{DateTime, Duration, Utc};
use concilia_kernel::clock::italian_day;
use concilia_tests::{Answer, Caller};
use serde_json::{Value, json};

/// Days from the convening of a meeting to it: as many as any body asks for, and one for the change of clocks.
const NOTICE: i64 = 11;

pub struct Seat {
    pub titular: Person,
    pub substitute: Option<Person>,
}

pub struct Committee<'w> {
    pub world: &'w World,
    /// Its address.
    pub body: String,
    /// The chair's first.
    pub seats: Vec<Seat>,
}

/// A meeting that is at hand.
pub struct Session<'w> {
    pub world: &'w World,
    pub path: String,
    pub quorum: i64,
    /// The invitations in the order of the seats.
    invitations: Vec<Value>,
}

impl<'w> Committee<'w> {
    /// Seats of those organisations besides the chair's; who sits there has a substitute where `true` says so.
    pub async fn of(world: &'w World, seats: &[(&str, bool)]) -> Self {
        let body = world.body("committee").await;
        let id = id_of(&body);
        world
            .run(&format!(
                "UPDATE committee_seats SET ended_on = from_on WHERE body_id = '{id}' AND ended_on IS NULL; \
                 UPDATE seat_holders SET ended_at = greatest(now(), from_at) WHERE body_id = '{id}' AND ended_at IS NULL"
            ))
            .await;
        let mut committee = Self { world, body, seats: vec![] };
        let agency = world.organisation("ATS della Val Padana").await;
        let chair = (world.enrol(&[("ats", &agency)]).await, Some(world.enrol(&[("ats", &agency)]).await));
        committee.seat("Presidenza", None, true, chair).await;
        for (name, with_substitute) in seats {
            let organisation = world.organisation(name).await;
            let titular = world.evaluator(name).await;
            let substitute = if *with_substitute { Some(world.evaluator(name).await) } else { None };
            committee.seat(name, Some(&organisation), false, (titular, substitute)).await;
        }
        committee
    }

    pub async fn seat(
        &mut self,
        name: &str,
        organisation: Option<&str>,
        chair: bool,
        (titular, substitute): (Person, Option<Person>),
    ) {
        let seat = json!({"name": name, "organisation_id": organisation, "chair": chair, "titular_id": titular.id,
            "substitute_id": substitute.as_ref().map(|person| &person.id)});
        self.world.ats.post(&format!("{}/seats", self.body), &seat).await.expect(201);
        self.seats.push(Seat { titular, substitute });
    }

    /// A meeting that begins soon, convened with its notice.
    pub async fn session(&self, project: Option<&str>) -> Session<'w> {
        let agenda = json!([{"title": "Progetto", "project_id": project}]);
        let meeting = at_hand(self.world, &self.body, &agenda).await;
        let invitations = meeting["invitations"].as_array().expect("invitations");
        let of = |person: &Person| {
            let of_seat = invitations.iter().find(|one| one["titular"]["id"] == json!(person.id));
            of_seat.expect("an invitation")["id"].clone()
        };
        Session {
            world: self.world,
            path: format!("/v1/meetings/{}", text(&meeting["id"])),
            quorum: meeting["quorum"].as_i64().expect("a quorum"),
            invitations: self.seats.iter().map(|seat| of(&seat.titular)).collect(),
        }
    }
}

/// A meeting of a body that has just begun, of which the invitations went out by certified mail in time.
pub async fn at_hand(world: &World, body: &str, agenda: &Value) -> Value {
    let (sent, soon) = (Utc::now() - Duration::days(NOTICE), Utc::now() + Duration::seconds(2));
    let convening =
        json!({"sent_at": instant(sent), "starts_at": instant(soon), "place": "Sede dell'ATS", "agenda": agenda});
    let meeting = world.ats.post(&format!("{body}/meetings"), &convening).await.expect(201);
    tokio::time::sleep((soon - Utc::now()).to_std().unwrap_or_default()).await;
    meeting
}

impl Session<'_> {
    pub async fn attend(&self, seat: usize, attendee: &str, present: bool) -> Answer {
        let body = json!({"invitation_id": self.invitations[seat], "attendee": attendee, "present": present});
        self.world.ats.post(&format!("{}/attendance", self.path), &body).await
    }

    /// The titulars of those seats come.
    pub async fn come(&self, seats: impl IntoIterator<Item = usize>) {
        for seat in seats {
            self.attend(seat, "titular", true).await.expect(200);
        }
    }

    pub async fn try_motion(&self) -> Answer {
        let body = json!({"agenda_item": 1, "text": "Si approva"});
        self.world.ats.post(&format!("{}/motions", self.path), &body).await
    }

    /// Puts a motion to the vote, and answers its address.
    pub async fn motion(&self) -> String {
        let motion = self.try_motion().await.expect(201);
        format!("/v1/motions/{}", text(&motion["id"]))
    }

    /// Ends the meeting; those of these seats, whose titulars are there, agree to its minutes, which are validated.
    pub async fn validate(&self, committee: &Committee<'_>, seats: impl IntoIterator<Item = usize>) {
        let ats = &self.world.ats;
        ats.act(&format!("{}/close", self.path)).await.expect(200);
        let texts = json!({"texts": [{"position": 1, "text": "Si discute."}]});
        let minutes = ats.post(&format!("{}/minutes", self.path), &texts).await.expect(201);
        let minutes = format!("/v1/minutes/{}", text(&minutes["id"]));
        for seat in seats {
            let titular = &committee.seats[seat].titular.caller;
            titular.post(&format!("{minutes}/validate"), &json!({"agreed": true})).await.expect(200);
        }
        ats.act(&format!("{minutes}/close")).await.expect(200);
    }

    /// Closes the vote: its state and why, with how many were present, recused, in favour and against.
    pub async fn decide(&self, motion: &str) -> (String, String, [i64; 4]) {
        let decided = self.world.ats.act(&format!("{motion}/close")).await.expect(200);
        let counts = ["present", "recused", "in_favour", "against"];
        let counts = counts.map(|name| decided[name].as_i64().expect("a count"));
        (text(&decided["state"]), text(&decided["basis"]), counts)
    }
}

pub async fn vote(voter: &Caller, motion: &str, choice: &str) -> Answer {
    voter.post(&format!("{motion}/votes"), &json!({"choice": choice})).await
}

/// The first instant of the day, in Italy, that is so many days from today.
pub fn midnight_in(days: i64) -> DateTime<Utc> {
    let day = italian_day(Utc::now()) + Duration::days(days);
    let noon = day.and_hms_opt(12, 0, 0).expect("a noon").and_utc();
    let hours = (12..15).map(|hours| noon - Duration::hours(hours));
    hours.filter(|instant| italian_day(*instant) == day).min().expect("a midnight")
}
