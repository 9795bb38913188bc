//! Meetings of the first year: convened in time, attended, with votes and validated minutes.

use super::bodies::{Bodies, Group};
use super::{Year, on};
use chrono::Duration;
use concilia_governance::load::{self, Invitation, Meeting};
use concilia_kernel::clock::as_of;
use concilia_kernel::extract::checked;
use concilia_kernel::{Actor, Problem};
use diesel_async::AsyncPgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

/// When a meeting is convened and held, when its minutes are sent and validated.
struct Days {
    convened: &'static str,
    held: &'static str,
    minutes: &'static str,
    validated: &'static str,
}

/// What the committee votes on, and who is against.
struct Vote<'a> {
    text: &'a str,
    project: Option<&'a str>,
    against: &'a [&'a str],
}

pub(super) async fn first_half(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    bodies: &Bodies<'_>,
) -> Result<(), Problem> {
    let july = Days { convened: "2020-07-06", held: "2020-07-14", minutes: "2020-07-16", validated: "2020-07-28" };
    let vote = Vote {
        text: "Avvio dei progetti finanziati e calendario dei rendiconti",
        project: None,
        against: &["CGIL"],
    };
    committee(conn, year, bodies.committee, (&july, &["ASST di Crema"]), &vote).await?;
    let november =
        Days { convened: "2020-11-16", held: "2020-11-24", minutes: "2020-11-27", validated: "2020-12-09" };
    let vote =
        Vote { text: "Presa d'atto del primo rendiconto del progetto 2.4", project: Some("2.4"), against: &[] };
    committee(conn, year, bodies.committee, (&november, &["Provincia di Mantova"]), &vote).await?;
    let assembly =
        Days { convened: "2020-11-26", held: "2020-12-10", minutes: "2020-12-14", validated: "2020-12-28" };
    let agenda = ["Stato di avanzamento del piano", "Composizione della rete"];
    let officer = year.actors.officer(0)?;
    gathering(conn, officer, bodies.assembly, (&assembly, &agenda), 4).await?;
    for (held, convened) in [("2020-09-22", "2020-09-10"), ("2020-11-17", "2020-11-05")] {
        working_group(conn, &bodies.companies, (convened, held)).await?;
    }
    working_group(conn, &bodies.families, ("2020-09-24", "2020-10-06")).await
}

pub(super) async fn second_half(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    bodies: &Bodies<'_>,
) -> Result<(), Problem> {
    let january =
        Days { convened: "2021-01-14", held: "2021-01-26", minutes: "2021-01-28", validated: "2021-02-09" };
    let vote = Vote {
        text: "Parere sullo spostamento tra voci chiesto dal progetto 2.7",
        project: Some("2.7"),
        against: &["Provincia di Cremona", "CGIL"],
    };
    committee(conn, year, bodies.committee, (&january, &["ASST di Mantova"]), &vote).await?;
    let april =
        Days { convened: "2021-04-08", held: "2021-04-20", minutes: "2021-04-22", validated: "2021-05-04" };
    let vote = Vote { text: "Questionario di gradimento alle imprese", project: None, against: &[] };
    committee(conn, year, bodies.committee, (&april, &["CGIL", "ASST di Cremona"]), &vote).await?;
    for (held, convened) in [("2021-02-16", "2021-02-04"), ("2021-05-18", "2021-05-06")] {
        working_group(conn, &bodies.companies, (convened, held)).await?;
    }
    for (held, convened) in [("2021-01-19", "2021-01-07"), ("2021-03-23", "2021-03-11")] {
        working_group(conn, &bodies.families, (convened, held)).await?;
    }
    Ok(())
}

/// The committee meets and votes once. Where a titular is absent the substitute comes, if there is one.
async fn committee(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    committee: Uuid,
    (days, absent): (&Days, &[&str]),
    vote: &Vote<'_>,
) -> Result<(), Problem> {
    let chair = year.actors.officer(0)?;
    let project_id = vote.project.map(|reference| year.project(reference));
    let agenda = json!([
        {"title": vote.text, "project_id": project_id}, {"title": "Varie ed eventuali"},
    ]);
    let meeting = convene(conn, chair, committee, (days.convened, days.held), &agenda).await?;
    let mut present = vec![];
    for seat in &meeting.invitations {
        let person = match (absent.contains(&seat.name.as_str()), &seat.titular, &seat.substitute) {
            (false, Some(titular), _) => Some(("titular", titular.id)),
            (true, _, Some(substitute)) => Some(("substitute", substitute.id)),
            _ => None,
        };
        if let Some((capacity, account_id)) = person {
            attend(conn, chair, &meeting, (seat, days.held), json!({"attendee": capacity})).await?;
            present.push((seat, account_id));
        }
    }
    let motion = checked(&json!({"agenda_item": 1, "text": vote.text, "project_id": project_id}))?;
    let motion = at(days.held, 20, load::create_motion(conn, chair, meeting.summary.id, &motion)).await?;
    for (seat, account_id) in &present {
        if motion.recusals.iter().any(|recusal| recusal.invitation_id == seat.id) {
            continue;
        }
        let choice = if vote.against.contains(&seat.name.as_str()) { "against" } else { "in_favour" };
        let choice = serde_json::from_value(json!(choice)).map_err(Problem::internal)?;
        let (voter, of) = (year.actors.person(*account_id)?, (meeting.summary.id, motion.id));
        at(days.held, 30, load::cast_vote(conn, voter, of, choice)).await?;
    }
    at(days.held, 40, load::close_motion(conn, chair, motion.id, None)).await?;
    let voters: Vec<&Actor> = present.iter().map(|(_, id)| year.actors.person(*id)).collect::<Result<_, _>>()?;
    minutes(conn, year.actors.officer(1)?, &meeting, days, &voters).await
}

/// The assembly meets: of every few members one sends somebody.
async fn gathering(
    conn: &mut AsyncPgConnection,
    officer: &Actor,
    assembly: Uuid,
    (days, agenda): (&Days, &[&str]),
    one_of: usize,
) -> Result<(), Problem> {
    let agenda: Vec<Value> = agenda.iter().map(|title| json!({ "title": title })).collect();
    let meeting = convene(conn, officer, assembly, (days.convened, days.held), &json!(agenda)).await?;
    for invitation in meeting.invitations.iter().step_by(one_of) {
        attend(conn, officer, &meeting, (invitation, days.held), json!({"attendee": "delegate"})).await?;
    }
    minutes(conn, officer, &meeting, days, &[]).await
}

/// A working group meets under its referent.
async fn working_group(
    conn: &mut AsyncPgConnection,
    group: &Group<'_>,
    (convened, held): (&'static str, &'static str),
) -> Result<(), Problem> {
    let agenda = json!([{"title": "Confronto tra i progetti"}, {"title": "Materiali comuni"}]);
    let meeting = convene(conn, group.referent, group.id, (convened, held), &agenda).await?;
    for invitation in meeting.invitations.iter().skip(1) {
        attend(conn, group.referent, &meeting, (invitation, held), json!({"attendee": "delegate"})).await?;
    }
    at(held, 60, load::close_meeting(conn, group.referent, meeting.summary.id, None)).await?;
    Ok(())
}

async fn convene(
    conn: &mut AsyncPgConnection,
    by: &Actor,
    body_id: Uuid,
    (convened, held): (&str, &str),
    agenda: &Value,
) -> Result<Meeting, Problem> {
    let meeting = checked(&json!({
        "starts_at": on(held)?, "duration_minutes": 120, "place": "Mantova, sede dell'ATS", "agenda": agenda,
    }))?;
    as_of(on(convened)?, load::convene_meeting(conn, by, body_id, &meeting)).await
}

async fn attend(
    conn: &mut AsyncPgConnection,
    by: &Actor,
    meeting: &Meeting,
    (invitation, held): (&Invitation, &str),
    mut presence: Value,
) -> Result<(), Problem> {
    presence["invitation_id"] = json!(invitation.id);
    presence["present"] = json!(true);
    let presence = checked(&presence)?;
    at(held, 5, load::record_attendance(conn, by, meeting.summary.id, &presence)).await?;
    Ok(())
}

/// Closes the meeting, sends its minutes, to which those who were there agree, and validates them.
async fn minutes(
    conn: &mut AsyncPgConnection,
    by: &Actor,
    meeting: &Meeting,
    days: &Days,
    present: &[&Actor],
) -> Result<(), Problem> {
    at(days.held, 120, load::close_meeting(conn, by, meeting.summary.id, None)).await?;
    let texts = json!({"texts": [{"position": 1, "text": "Il presidente illustra il punto; segue la discussione (testo inventato)."}]});
    let texts = checked(&texts)?;
    let sent = as_of(on(days.minutes)?, load::generate_minutes(conn, by, meeting.summary.id, &texts)).await?;
    let agreed = checked(&json!({"agreed": true}))?;
    for person in present {
        let answer = load::validate_minutes(conn, person, sent.summary.id, &agreed);
        as_of(on(days.minutes)? + Duration::days(1), answer).await?;
    }
    as_of(on(days.validated)?, load::close_minutes(conn, by, sent.summary.id, None)).await?;
    Ok(())
}

/// Runs what is done some minutes into a meeting.
async fn at<T>(day: &str, minutes: i64, act: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    as_of(on(day)? + Duration::minutes(minutes), act).await
}
