//! The agency's own actions of the first year, within the fifth of the resources that it keeps: money, events, a company
//! path, questionnaires.

use super::events::{self, Event, Group};
use super::questionnaires::{self, Questionnaire};
use super::{Year, on};
use chrono::Duration;
use concilia_actions::load;
use concilia_kernel::clock::as_of;
use concilia_kernel::extract::checked;
use concilia_kernel::{Actor, Problem, Role};
use diesel_async::AsyncPgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) struct Actions {
    training: Uuid,
    butlers: Uuid,
    monitoring: Uuid,
    path: Uuid,
}

/// Plans and starts the actions, and offers the company path.
pub(super) async fn begin(conn: &mut AsyncPgConnection, year: &Year<'_>) -> Result<Actions, Problem> {
    let training = start(conn, year, json!({
        "kind": "system", "title": "Formazione alle imprese sul lavoro agile",
        "description": "Seminari e percorsi per le imprese del territorio (azione inventata).",
        "intervention_types": ["d"], "budget": "12000.00",
        "years": [
            {"year": 2020, "planned": "3000.00", "expected_people": 40, "expected_companies": 4},
            {"year": 2021, "planned": "6000.00", "expected_people": 80, "expected_companies": 6},
            {"year": 2022, "planned": "3000.00", "expected_people": 40, "expected_companies": 4},
        ],
        "cofinancing": [
            {"organisation_id": year.organisation("camera-commercio-cremona")?, "monetary": "1000.00", "in_kind": "500.00"},
            {"organisation_id": year.organisation("apindustria-cremona")?, "monetary": "0.00", "in_kind": "800.00"},
        ],
    }))
    .await?;
    let butlers = start(conn, year, json!({
        "kind": "cross_cutting", "title": "Maggiordomo di comunità: un modello comune",
        "description": "Mette a confronto i maggiordomi di comunità di due alleanze (azione inventata).",
        "intervention_types": ["a", "c"], "budget": "9000.00",
        "years": [
            {"year": 2020, "planned": "1500.00", "expected_people": 0, "expected_companies": 0},
            {"year": 2021, "planned": "4500.00", "expected_people": 30, "expected_companies": 0},
            {"year": 2022, "planned": "3000.00", "expected_people": 30, "expected_companies": 0},
        ],
        "cofinancing": [
            {"organisation_id": year.organisation("azienda-sociale-cremonese")?, "monetary": "0.00", "in_kind": "1200.00"},
        ],
        "project_ids": [year.project("2.5"), year.project("2.6")],
    }))
    .await?;
    let monitoring = start(
        conn,
        year,
        json!({
            "kind": "system", "title": "Monitoraggio e comunicazione del piano",
            "description": "Raccolta dei dati dei progetti e informazione al territorio (azione inventata).",
            "intervention_types": ["a", "b", "c", "d", "e", "f"], "budget": "10000.00",
            "years": [
                {"year": 2020, "planned": "2000.00", "expected_people": 0, "expected_companies": 0},
                {"year": 2021, "planned": "4000.00", "expected_people": 0, "expected_companies": 0},
                {"year": 2022, "planned": "4000.00", "expected_people": 0, "expected_companies": 0},
            ],
        }),
    )
    .await?;
    let path = checked(&json!({
        "title": "Verso il lavoro agile", "description": "Quattro passi dall'analisi alla verifica (percorso inventato).",
        "steps": [
            {"kind": "assessment", "title": "Analisi dell'organizzazione"},
            {"kind": "training", "title": "Formazione dei responsabili"},
            {"kind": "regulation_support", "title": "Regolamento aziendale"},
            {"kind": "survey", "title": "Questionario ai dipendenti"},
        ],
    }))?;
    let officer = year.actors.officer(0)?;
    let path = as_of(on("2020-09-14")?, load::create_company_path(conn, officer, training, &path)).await?.id;
    Ok(Actions { training, butlers, monitoring, path })
}

pub(super) async fn first_half(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    actions: &Actions,
) -> Result<(), Problem> {
    pay(conn, year, actions.training, ("Docente inventato S.r.l.", "1500.00"), ["2020-11-23", "2020-11-30"])
        .await?;
    pay(conn, year, actions.monitoring, ("Tipografia inventata S.n.c.", "1220.00"), ["2020-12-09", "2020-12-15"])
        .await?;
    meet(conn, year, actions.butlers, ("Avvio del confronto", "2020-10-20", 11)).await?;
    let seminar = Event {
        action_id: actions.training,
        kind: "seminar",
        title: "Lavoro agile: dalla norma alla pratica",
        opens: "2020-10-01",
        days: &["2020-11-05", "2020-11-12"],
        concluded: "2020-11-16",
        groups: &[
            Group { role: Role::Employer, key: "novellini", people: 9 },
            Group { role: Role::Employer, key: "asst-crema", people: 7 },
            Group { role: Role::AllianceLead, key: "camera-commercio-cremona", people: 4 },
            Group { role: Role::Provider, key: "cosper", people: 5 },
        ],
    };
    events::hold(conn, year, &seminar).await?;
    let asked = Questionnaire {
        action_id: actions.training,
        title: "Gradimento del seminario sul lavoro agile",
        opened: "2020-11-18",
        closed: "2020-12-14",
        ratings: &[5, 4, 4, 5, 3, 4, 5, 2, 4, 5, 4, 3, 5],
    };
    questionnaires::run(conn, year, &asked).await?;
    for (key, joined) in [("novellini", "2020-10-20"), ("arix", "2020-12-01")] {
        let first = step(1, "2020-12-09", "Interviste ai responsabili di tre reparti");
        follow(conn, year, actions.path, (key, joined), &[first]).await?;
    }
    Ok(())
}

pub(super) async fn second_half(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    actions: &Actions,
) -> Result<(), Problem> {
    pay(conn, year, actions.training, ("Docente inventato S.r.l.", "2480.50"), ["2021-04-22", "2021-04-30"])
        .await?;
    pay(
        conn,
        year,
        actions.butlers,
        ("Cooperativa di ricerca inventata", "1800.00"),
        ["2021-05-11", "2021-05-20"],
    )
    .await?;
    meet(conn, year, actions.butlers, ("Strumenti comuni ai due sportelli", "2021-03-09", 14)).await?;
    record(
        conn,
        year,
        actions.monitoring,
        ("Tipografia inventata S.n.c.", "640.00"),
        ["2021-06-16", "2021-06-25"],
    )
    .await?;
    let webinar = Event {
        action_id: actions.training,
        kind: "webinar",
        title: "Accordi individuali e regolamenti aziendali",
        opens: "2021-02-22",
        days: &["2021-03-18"],
        concluded: "2021-03-19",
        groups: &[
            Group { role: Role::Employer, key: "novellini", people: 6 },
            Group { role: Role::AllianceLead, key: "camera-commercio-mantova", people: 8 },
            Group { role: Role::AllianceLead, key: "comune-borgo-virgilio", people: 5 },
        ],
    };
    events::hold(conn, year, &webinar).await?;
    let asked = Questionnaire {
        action_id: actions.training,
        title: "A che punto è il lavoro agile nella tua organizzazione?",
        opened: "2021-05-03",
        closed: "2021-06-15",
        ratings: &[5, 5, 4, 4, 3, 4, 5, 4, 4, 2, 5, 4],
    };
    questionnaires::run(conn, year, &asked).await?;
    let whole = [
        step(1, "2021-02-15", "Analisi dei processi che si possono svolgere a distanza"),
        step(2, "2021-04-14", "Formati otto responsabili"),
    ];
    follow(conn, year, actions.path, ("cisaplast", "2021-02-01"), &whole).await
}

async fn start(conn: &mut AsyncPgConnection, year: &Year<'_>, mut action: Value) -> Result<Uuid, Problem> {
    action["plan_id"] = json!(year.plan_id);
    let officer = year.actors.officer(0)?;
    let content = checked(&action)?;
    let made = as_of(on("2020-09-07")?, load::create_action(conn, officer, &content)).await?;
    Ok(as_of(on("2020-09-14")?, load::start_action(conn, officer, made.id)).await?.id)
}

/// Records a payment of an action, for another officer to decide.
async fn record(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    action_id: Uuid,
    (payee, amount): (&str, &str),
    [invoiced, paid]: [&str; 2],
) -> Result<Uuid, Problem> {
    let payment = checked(&json!({
        "payee": payee, "document": format!("Fattura inventata del {invoiced}"), "document_date": invoiced,
        "paid_on": paid, "amount": amount,
    }))?;
    let officer = year.actors.officer(0)?;
    Ok(as_of(on(paid)?, load::create_action_payment(conn, officer, action_id, &payment)).await?.id)
}

/// Pays for an action: one officer records it, the other approves it a day later.
async fn pay(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    action_id: Uuid,
    payment: (&str, &str),
    days: [&str; 2],
) -> Result<(), Problem> {
    let recorded = record(conn, year, action_id, payment, days).await?;
    let approve = load::approve_action_payment(conn, year.actors.officer(1)?, recorded);
    as_of(on(days[1])? + Duration::days(1), approve).await?;
    Ok(())
}

async fn meet(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    action_id: Uuid,
    (title, day, people): (&str, &str, i32),
) -> Result<(), Problem> {
    let officer = year.actors.officer(1)?;
    let starts_at = on(day)?;
    let meeting = checked(&json!({
        "title": title, "starts_at": starts_at, "ends_at": starts_at + Duration::hours(2),
        "place": "Cremona, sede dell'ATS",
    }))?;
    let planned =
        as_of(starts_at - Duration::days(14), load::create_action_meeting(conn, officer, action_id, &meeting));
    let meeting = planned.await?;
    let organisations = ["comune-cremona", "azienda-sociale-cremonese", "consorzio-casalasco-servizi-sociali"];
    let organisations = organisations.map(|key| year.organisation(key));
    let organisations = organisations.into_iter().collect::<Result<Vec<_>, _>>()?;
    let held = checked(&json!({"people": people, "organisation_ids": organisations}))?;
    let hold = load::hold_action_meeting(conn, officer, meeting.id, &held);
    as_of(starts_at + Duration::hours(3), hold).await?;
    Ok(())
}

fn step(position: i16, day: &'static str, outcome: &'static str) -> (&'static str, Value) {
    (day, json!({"position": position, "done_on": day, "outcome": outcome}))
}

/// A company joins the path and takes steps of it.
async fn follow(
    conn: &mut AsyncPgConnection,
    year: &Year<'_>,
    path_id: Uuid,
    (key, joined): (&str, &str),
    steps: &[(&'static str, Value)],
) -> Result<(), Problem> {
    let officer = year.actors.officer(0)?;
    let organisation_id = year.organisation(key)?;
    // Its own officer joins it, where one can log in; else the agency's.
    let by: &Actor = year.actors.holder(Role::Employer, organisation_id).unwrap_or(officer);
    let on_path = as_of(on(joined)?, load::join_company_path(conn, by, path_id, organisation_id)).await?;
    for (day, step) in steps {
        let step = checked(step)?;
        as_of(on(day)?, load::record_path_step(conn, officer, on_path.id, &step)).await?;
    }
    Ok(())
}
