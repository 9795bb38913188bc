//! Training events of the first year: sign-ups, attendance, certificates.

use super::{Year, on};
use crate::demo::data::DataError;
use crate::demo::dice::Dice;
use chrono::{DateTime, Duration, Utc};
use concilia_actions::load;
use concilia_kernel::clock::as_of;
use concilia_kernel::extract::checked;
use concilia_kernel::{Problem, Role};
use diesel_async::AsyncPgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

/// An event, in sessions of two hours.
pub(super) struct Event<'a> {
    pub(super) action_id: Uuid,
    pub(super) kind: &'a str,
    pub(super) title: &'a str,
    /// From when people sign up, until a day before it starts.
    pub(super) opens: &'a str,
    pub(super) days: &'a [&'a str],
    pub(super) concluded: &'a str,
    pub(super) groups: &'a [Group<'a>],
}

/// People whom an officer of an organisation signs up.
pub(super) struct Group<'a> {
    pub(super) role: Role,
    pub(super) key: &'a str,
    pub(super) people: usize,
}

/// Of a hundred who signed up, how many come to a session.
const COMING: usize = 85;

/// Publishes an event, signs people up, records who came, concludes it: certificates follow.
pub(super) async fn hold(conn: &mut AsyncPgConnection, year: &Year<'_>, event: &Event<'_>) -> Result<(), Problem> {
    let officer = year.actors.officer(0)?;
    let opens = on(event.opens)?;
    let starts: Vec<DateTime<Utc>> = event.days.iter().map(|day| on(day)).collect::<Result<_, _>>()?;
    let first = starts.first().ok_or_else(|| DataError("an event without sessions".into()))?;
    let sessions: Vec<Value> =
        starts.iter().map(|start| json!({"starts_at": start, "ends_at": *start + Duration::hours(2)})).collect();
    let content = checked(&json!({
        "action_id": event.action_id, "kind": event.kind, "title": event.title,
        "description": "Incontri per le imprese e gli enti della rete (evento inventato).", "place": "online",
        "capacity": 40, "sign_up_opens_at": opens, "sign_up_closes_at": *first - Duration::days(1),
        "certificate_share": "0.75", "sessions": sessions,
    }))?;
    let made = as_of(opens - Duration::days(3), load::create_event(conn, officer, &content)).await?;
    let made = as_of(opens - Duration::days(2), load::publish_event(conn, officer, made.id)).await?;
    let mut dice = Dice::of(&format!("event/{}", event.title));
    let mut signed_up: Vec<Uuid> = vec![];
    for group in event.groups {
        let organisation_id = year.organisation(group.key)?;
        let by = year.actors.holder(group.role, organisation_id)?;
        let people: Vec<Value> =
            (1..=group.people).map(|nth| participant(year, group.key, nth)).collect::<Result<_, _>>()?;
        let people = checked(&json!({"organisation_id": organisation_id, "participants": people}))?;
        let vault = &year.loader.vault;
        let sign_up = load::create_event_sign_ups(conn, vault, by, made.id, &people);
        signed_up.extend(as_of(opens + Duration::days(4), sign_up).await?.into_iter().map(|one| one.id));
    }
    for session in &made.sessions.0 {
        let present: Vec<Uuid> = signed_up.iter().copied().filter(|_| dice.chance(COMING)).collect();
        let present = checked(&json!({"present": present}))?;
        let record = load::record_attendance(conn, officer, (made.id, session.id), (&present, None));
        as_of(session.ends_at, record).await?;
    }
    as_of(on(event.concluded)?, load::conclude_event(conn, officer, made.id)).await?;
    Ok(())
}

/// Somebody of an organisation: the same person each time, so that who comes to two events is counted once.
fn participant(year: &Year<'_>, key: &str, nth: usize) -> Result<Value, DataError> {
    let names = &year.loader.data.names;
    let mut dice = Dice::of(&format!("participant/{key}/{nth}"));
    let given = if dice.chance(60) { dice.pick(&names.female) } else { dice.pick(&names.male) };
    let (given, family) = given.zip(dice.pick(&names.family)).ok_or_else(|| DataError("no names".into()))?;
    Ok(json!({"name": format!("{given} {family}"), "email": format!("partecipante{nth}@{key}.example")}))
}
