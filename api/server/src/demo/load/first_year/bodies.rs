//! The bodies of the network: the committee with its seats, the assembly, two working groups.

use super::{Year, on};
use crate::demo::data::DataError;
use crate::demo::load::accounts::account_id;
use concilia_governance::load;
use concilia_kernel::clock::as_of;
use concilia_kernel::extract::checked;
use concilia_kernel::{Actor, Problem, Role};
use diesel_async::AsyncPgConnection;
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) struct Bodies<'a> {
    pub(super) committee: Uuid,
    pub(super) assembly: Uuid,
    pub(super) companies: Group<'a>,
    pub(super) families: Group<'a>,
}

/// A working group with the account that answers for it.
pub(super) struct Group<'a> {
    pub(super) id: Uuid,
    pub(super) referent: &'a Actor,
}

/// Seats on the committee: name, organisation, titular, substitute. The chair's, the agency's, comes first.
const SEATS: [(&str, &str, &str, Option<&str>); 9] = [
    (
        "ATS della Val Padana",
        "ats-val-padana",
        "marina.bosio@ats-valpadana.example",
        Some("enrico.sartori@ats-valpadana.example"),
    ),
    (
        "Provincia di Mantova",
        "provincia-mantova",
        "teresa.riva@provincia-mantova.example",
        Some("bruno.carra@provincia-mantova.example"),
    ),
    (
        "ASST di Mantova",
        "asst-mantova",
        "carlo.benatti@asst-mantova.example",
        Some("ilaria.gozzi@asst-mantova.example"),
    ),
    ("ASST di Cremona", "asst-cremona", "antonio.feraboli@asst-cremona.example", None),
    ("ASST di Crema", "asst-crema", "franca.bolzoni@asst-crema.example", None),
    ("CCIAA di Cremona", "camera-commercio-cremona", "stefano.ghidini@camera-cremona.example", None),
    ("Provincia di Cremona", "provincia-cremona", "lidia.parmigiani@provincia-cremona.example", None),
    ("CGIL", "cgil", "daniela.zani@cgil.example", None),
    ("Forum del Terzo settore", "forum-terzo-settore", "giacomo.lena@forum-terzo-settore.example", None),
];

/// Sets the bodies up, before the first meeting of each.
pub(super) async fn constitute<'a>(
    conn: &mut AsyncPgConnection,
    year: &'a Year<'a>,
) -> Result<Bodies<'a>, Problem> {
    let name = "Comitato di programmazione, valutazione e monitoraggio";
    let committee = body(conn, year, &json!({"kind": "committee", "name": name})).await?;
    for ((name, key, titular, substitute), chair) in SEATS.into_iter().zip([true].into_iter().chain([false; 8])) {
        let seat = checked(&json!({
            "name": name, "organisation_id": year.organisation(key)?, "chair": chair,
            "titular_id": account_id(titular), "substitute_id": substitute.map(account_id),
        }))?;
        let officer = year.actors.officer(0)?;
        as_of(on("2020-03-09")?, load::create_committee_seat(conn, officer, committee, &seat)).await?;
    }
    let assembly =
        body(conn, year, &json!({"kind": "assembly", "name": "Conferenza degli enti aderenti"})).await?;
    let companies = group(
        conn,
        year,
        "Lavoro agile e imprese",
        "camera-commercio-mantova",
        &[
            "camera-commercio-mantova",
            "camera-commercio-cremona",
            "apindustria-cremona",
            "confcooperative-cremona",
            "promoimpresa-borsa-merci",
        ],
    );
    let companies = companies.await?;
    let families = group(
        conn,
        year,
        "Servizi alle famiglie e maggiordomo di comunità",
        "comune-cremona",
        &[
            "comune-cremona",
            "azienda-sociale-cremonese",
            "consorzio-casalasco-servizi-sociali",
            "cosper",
            "azienda-speciale-consortile-socialis",
        ],
    );
    let families = families.await?;
    Ok(Bodies { committee, assembly, companies, families })
}

async fn body(conn: &mut AsyncPgConnection, year: &Year<'_>, body: &Value) -> Result<Uuid, Problem> {
    let body = checked(body)?;
    let made = as_of(on("2020-03-02")?, load::create_body(conn, year.actors.officer(0)?, &body)).await?;
    Ok(made.summary.id)
}

/// A working group under an officer of an alliance's lead, with a guest from outside the network.
async fn group<'a>(
    conn: &mut AsyncPgConnection,
    year: &'a Year<'a>,
    name: &str,
    referent: &str,
    members: &[&str],
) -> Result<Group<'a>, Problem> {
    let referent = year.actors.holder(Role::AllianceLead, year.organisation(referent)?)?;
    let new = checked(&json!({"kind": "working_group", "name": name, "referent_id": referent.id}))?;
    let made = as_of(on("2020-07-07")?, load::create_body(conn, year.actors.officer(0)?, &new)).await?;
    let id = made.summary.id;
    let members = members.iter().map(|key| Ok(json!({"organisation_id": year.organisation(key)?})));
    let guest = json!({"guest_name": "Associazione per i tempi della città (inventata)"});
    for member in members.chain([Ok(guest)]) {
        let member = checked(&member.map_err(|error: DataError| Problem::from(error))?)?;
        as_of(on("2020-07-08")?, load::add_working_group_member(conn, referent, id, &member)).await?;
    }
    Ok(Group { id, referent })
}
