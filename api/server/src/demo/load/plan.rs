//! Plans with their calls and projects: the published one, whole, and an invented one that the portal's project is part of.

use super::accounts::account_id;
use crate::demo::data::{Data, DataError, TerritoryData};
use crate::demo::ids;
use crate::demo::plan::{PublishedPlan, PublishedProject};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use concilia_allocation::{Act, AllocationTerms, insert_approved_allocation};
use concilia_evaluation::{LoadedScore, load_final_scores};
use concilia_kernel::clock::as_of;
use concilia_kernel::transition::Agent;
use concilia_kernel::{Money, Problem, Ratio, Role};
use concilia_planning::{
    AddressDocumentInput, CriterionInput, InterventionType, LeadKinds, LoadedActivity, LoadedPartner,
    LoadedProject, LoadedTarget, Measure, NewPlan, NewProjectCall, PartnerRole, Points, ProjectCallState,
    ProjectState, insert_plan, insert_project_call, load_project, move_project,
};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// Points that each criterion gives at most. The plan does not print them; its best project had 60.
const MAXIMUM: i64 = 10;
/// Most that a project could ask for in 2020.
const MAXIMUM_GRANT: i64 = 40_000_00;

/// A call with its projects and how they fared.
struct Round<'a> {
    call: NewProjectCall<'a>,
    projects: Vec<(LoadedProject<'a>, i64)>,
    terms: AllocationTerms,
    act: Act<'a>,
}

/// The plan 2020-2023 of ATS della Val Padana: seven projects, their scores, the allocation to the cent.
pub(super) async fn load_published(
    conn: &mut AsyncPgConnection,
    data: &Data,
    territory: &TerritoryData,
    published: &PublishedPlan,
) -> Result<Uuid, Problem> {
    let code = &territory.head.code;
    let territory_id = ids::territory(code);
    let plan_id = ids::id("plan", &format!("{code}/2020"));
    let head = &published.plan;
    let document =
        AddressDocumentInput { act: head.address_document.act.clone(), date: head.address_document.date };
    let plan = NewPlan {
        id: plan_id,
        territory_id,
        title: &head.title,
        from_year: head.from,
        to_year: head.to,
        address_document: &document,
        local_alliances: head.resources.local_alliances,
        system_actions: head.resources.system_actions,
        expected_people: head.expected.citizens,
        expected_companies: head.expected.companies,
    };
    insert_plan(conn, &plan).await?;
    let criteria = criteria(&published.criteria)?;
    let call_id = ids::id("project_call", &format!("{code}/2"));
    let call = NewProjectCall {
        id: call_id,
        territory_id,
        plan_id,
        number: 2,
        title: "Manifestazione d'interesse 2020-2023",
        state: ProjectCallState::Evaluating,
        address_document: &document,
        budget: published.allocation.budget,
        opens_at: instant(2020, 3, 2)?,
        closes_at: instant(2020, 5, 15)?,
        intervention_types: InterventionType::ALL,
        lead_kinds: LeadKinds::PublicOrNonprofit,
        coordination_limit: Ratio::hundredths(15).unwrap_or_default(),
        cofinancing_minimum: Ratio::hundredths(30).unwrap_or_default(),
        shift_threshold: Ratio::hundredths(10).unwrap_or_default(),
        maximum_grant: Some(Money::from_cents(MAXIMUM_GRANT)),
        minimum_score: None,
        criteria: &criteria,
        agent: Agent::SYSTEM,
    };
    let mut projects = vec![];
    for project in &published.projects {
        projects.push((published_project(project, territory, call_id)?, published.score(&project.lead)?));
    }
    let bands = published.band_minimums().into_iter().zip(&published.allocation.final_band_percentages);
    let bands: Vec<_> = bands
        .map(|(minimum, percentage)| json!({"minimum_score": format!("{minimum}.00"), "percentage": percentage}))
        .collect();
    let terms = json!({"method": "bands", "bands": bands, "residue": "last_band"});
    let terms = serde_json::from_value(terms).map_err(Problem::internal)?;
    let act = Act { number: "Decreto di assegnazione (inventato)", date: day(2020, 5, 29)? };
    let round = Round { call, projects, terms, act };
    as_of(instant(2020, 5, 29)?, award(conn, &round, agency_officers(data, code)?)).await?;
    Ok(plan_id)
}

/// An invented plan of the present years, with one project: the portal's. It asks for what families may spend and more.
pub(super) async fn load_current(
    conn: &mut AsyncPgConnection,
    data: &Data,
    territory: &TerritoryData,
    today: NaiveDate,
) -> Result<Uuid, Problem> {
    let head = &territory.head;
    let territory_id = ids::territory(&head.code);
    let no_day = || DataError("no day for the project".into());
    let before = |days| today.checked_sub_days(Days::new(days)).ok_or_else(no_day);
    let (starts_on, ends_on) = (before(200)?, today.checked_add_days(Days::new(530)).ok_or_else(no_day)?);
    // Its project lies within its years.
    let (from_year, to_year) = (today.year() as i16 - 1, ends_on.year() as i16);
    let title = format!("Piano territoriale di conciliazione {from_year}-{to_year} (inventato)");
    let document = AddressDocumentInput { act: "Decreto n. 1 (inventato)".to_owned(), date: before(330)? };
    let plan_id = ids::id("plan", &format!("{}/current", head.code));
    let plan = NewPlan {
        id: plan_id,
        territory_id,
        title: &title,
        from_year,
        to_year,
        address_document: &document,
        local_alliances: Money::from_cents(200_000_00),
        system_actions: Money::from_cents(50_000_00),
        expected_people: 800,
        expected_companies: 10,
    };
    insert_plan(conn, &plan).await?;
    let criteria = criteria(&["innovation".to_owned(), "sustainability".to_owned()])?;
    let call_id = ids::id("project_call", &format!("{}/1", head.code));
    let call = NewProjectCall {
        id: call_id,
        territory_id,
        plan_id,
        number: 1,
        title: "Manifestazione d'interesse (inventata)",
        state: ProjectCallState::Evaluating,
        address_document: &document,
        budget: Money::from_cents(200_000_00),
        opens_at: before(320)?.and_time(NaiveTime::MIN).and_utc(),
        closes_at: before(280)?.and_time(NaiveTime::MIN).and_utc(),
        intervention_types: InterventionType::ALL,
        lead_kinds: LeadKinds::PublicOrNonprofit,
        coordination_limit: Ratio::hundredths(15).unwrap_or_default(),
        cofinancing_minimum: Ratio::hundredths(30).unwrap_or_default(),
        shift_threshold: Ratio::hundredths(10).unwrap_or_default(),
        maximum_grant: None,
        minimum_score: None,
        criteria: &criteria,
        agent: Agent::SYSTEM,
    };
    let project = portal_project(territory, call_id, (starts_on, ends_on), before(290)?);
    let project_id = project.id;
    let terms = json!({"method": "flat_percentage", "percentage": "1.00", "residue": "keep"});
    let terms = serde_json::from_value(terms).map_err(Problem::internal)?;
    let act = Act { number: "Decreto n. 2 (inventato)", date: before(250)? };
    let round = Round { call, projects: vec![(project, 15)], terms, act };
    let officers = agency_officers(data, &head.code)?;
    award(conn, &round, officers).await?;
    run(conn, &round, officers[0]).await?;
    Ok(project_id)
}

/// Enters a round, and shares out its budget as the officers did.
async fn award(conn: &mut AsyncPgConnection, round: &Round<'_>, officers: [Agent; 2]) -> Result<(), Problem> {
    let (territory_id, call_id) = (round.call.territory_id, round.call.id);
    insert_project_call(conn, &round.call).await?;
    let mut scores = vec![];
    for (project, score) in &round.projects {
        load_project(conn, territory_id, project).await?;
        let score = Points::hundredths(score * 100).ok_or_else(|| DataError("no such score".into()))?;
        scores.push(LoadedScore { project_id: project.id, score });
    }
    let minutes = ("Verbale del comitato", round.act.date);
    load_final_scores(conn, territory_id, call_id, minutes, &scores).await?;
    let officers = (officers[0], officers[1]);
    insert_approved_allocation(conn, (territory_id, call_id), &round.terms, round.act, officers).await?;
    Ok(())
}

/// Brings what was funded to where it runs, without the papers of its grant.
async fn run(conn: &mut AsyncPgConnection, round: &Round<'_>, officer: Agent) -> Result<(), Problem> {
    for (project, _) in &round.projects {
        for step in [
            (ProjectState::Funded, ProjectState::Accepted),
            (ProjectState::Accepted, ProjectState::Signed),
            (ProjectState::Signed, ProjectState::Running),
        ] {
            let reason = Some("caricato dalla demo");
            move_project(conn, round.call.territory_id, project.id, step, officer, reason).await?;
        }
    }
    Ok(())
}

fn published_project<'a>(
    project: &'a PublishedProject,
    territory: &TerritoryData,
    call_id: Uuid,
) -> Result<LoadedProject<'a>, Problem> {
    let days = project.days()?;
    let mandate_on = day(2020, 5, 4)?;
    let organisation = |name: &str| -> Result<Uuid, DataError> {
        Ok(ids::organisation(&territory.head.code, &territory.organisation_named(name)?.key))
    };
    let mut partners = vec![];
    for partner in &project.partners {
        let line = project.cofinancing.iter().find(|(name, ..)| *name == partner.name);
        let (monetary, in_kind) =
            line.map_or((Money::ZERO, Money::ZERO), |(_, monetary, in_kind)| (*monetary, *in_kind));
        let organisation_id = organisation(&partner.name)?;
        partners.push(LoadedPartner { organisation_id, role: partner.role, mandate_on, monetary, in_kind });
    }
    let key = format!("{}/{}", territory.head.code, project.reference);
    let activities = project.activities.iter().map(|activity| LoadedActivity {
        id: ids::id("activity", &format!("{key}/{}", activity.number)),
        number: activity.number,
        title: &activity.title,
        months: activity.months(days),
        targets: activity.targets(days.0),
    });
    let budget = &project.budget;
    Ok(LoadedProject {
        id: ids::id("project", &key),
        project_call_id: call_id,
        reference: &project.reference,
        title: &project.title,
        alliance: &project.alliance,
        lead_organisation_id: organisation(&project.lead)?,
        state: ProjectState::Scored,
        starts_on: days.0,
        ends_on: days.1,
        open_alliance: project.open_alliance,
        intervention_types: &project.intervention_types,
        whp_link: project.network_links.whp,
        zone_plan_link: project.network_links.zone_plan,
        cost_staff: budget.staff,
        cost_coordination: budget.coordination,
        cost_goods: budget.goods,
        cost_services: budget.services,
        cost_vouchers: budget.vouchers,
        cost_general: budget.general,
        requested_grant: budget.requested,
        submitted_at: instant(2020, 5, 14)?,
        partners,
        activities: activities.collect(),
    })
}

/// The project that opened the store. Its budget is invented: item D is what its voucher calls hand out.
fn portal_project(
    territory: &TerritoryData,
    call_id: Uuid,
    (starts_on, ends_on): (NaiveDate, NaiveDate),
    submitted_on: NaiveDate,
) -> LoadedProject<'_> {
    let head = &territory.head;
    let partner = |key: &str, role, monetary, in_kind| LoadedPartner {
        organisation_id: ids::organisation(&head.code, key),
        role,
        mandate_on: submitted_on,
        monetary: Money::from_cents(monetary),
        in_kind: Money::from_cents(in_kind),
    };
    let mut partners = vec![partner(&head.project.lead, PartnerRole::Lead, 60_000_00, 26_000_00)];
    partners.extend(head.project.institutional.iter().map(|key| partner(key, PartnerRole::Institutional, 0, 0)));
    partners.extend(head.project.implementing.iter().map(|key| partner(key, PartnerRole::Implementing, 0, 0)));
    let key = format!("{}/{}", head.code, head.project.reference);
    LoadedProject {
        id: ids::id("project", &key),
        project_call_id: call_id,
        reference: &head.project.reference,
        title: &head.project.title,
        alliance: &head.project.title,
        lead_organisation_id: ids::organisation(&head.code, &head.project.lead),
        state: ProjectState::Scored,
        starts_on,
        ends_on,
        open_alliance: true,
        intervention_types: &[InterventionType::A, InterventionType::B],
        whp_link: false,
        zone_plan_link: true,
        cost_staff: Money::from_cents(40_000_00),
        cost_coordination: Money::from_cents(20_000_00),
        cost_goods: Money::ZERO,
        cost_services: Money::from_cents(40_000_00),
        cost_vouchers: Money::from_cents(204_000_00),
        cost_general: Money::from_cents(2_000_00),
        requested_grant: Money::from_cents(200_000_00),
        submitted_at: submitted_on.and_time(NaiveTime::MIN).and_utc(),
        partners,
        activities: vec![LoadedActivity {
            id: ids::id("activity", &format!("{key}/1")),
            number: 1,
            title: "Voucher di conciliazione sul portale",
            months: vec![],
            targets: vec![LoadedTarget { year: starts_on.year() as i16, measure: Measure::People, expected: 480 }],
        }],
    }
}

fn criteria(codes: &[String]) -> Result<Vec<CriterionInput>, DataError> {
    let maximum = Points::hundredths(MAXIMUM * 100).ok_or_else(|| DataError("no maximum".into()))?;
    let title = |code: &str| match code {
        "innovation" => "Innovatività",
        "network_relevance" => "Rilevanza della rete",
        "expected_beneficiaries" => "Beneficiari attesi",
        "integration_with_territorial_plans" => "Integrazione con la programmazione territoriale",
        "sustainability" => "Sostenibilità",
        "cofinancing" => "Cofinanziamento",
        _ => "Qualità del cofinanziamento",
    };
    Ok(codes
        .iter()
        .map(|code| CriterionInput { code: code.clone(), title: title(code).to_owned(), maximum })
        .collect())
}

/// Two officers of a territory's agency: one computes, the other approves.
fn agency_officers(data: &Data, code: &str) -> Result<[Agent; 2], DataError> {
    let mut officers = data.accounts.officers.iter().filter(|o| o.territory == code && o.role == Role::Ats);
    let mut next = || -> Result<Agent, DataError> {
        let officer = officers.next().ok_or_else(|| DataError(format!("{code} needs two officers")))?;
        Ok(Agent { id: Some(account_id(&officer.email)), role: Role::Ats.as_str() })
    };
    Ok([next()?, next()?])
}

fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate, DataError> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| DataError("no such day".into()))
}

fn instant(year: i32, month: u32, day_of_month: u32) -> Result<DateTime<Utc>, DataError> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    Ok(day(year, month, day_of_month)?.and_time(noon).and_utc())
}
