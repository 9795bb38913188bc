use super::activities::{Activity, project_activities};
use super::parts::{
    ProjectActivity, ProjectBudget, ProjectCofinancing, ProjectLead, ProjectPartner, ProjectParts, ProjectTarget,
};
use super::summary::CostItems;
use crate::partners::{CofinancingLine, PartnerOrganisation, PartnerRole, cofinancing_of, partner_organisations};
use crate::rules::check::{ActivityFacts, LineFacts, PartnerFacts, ProjectFacts};
use crate::rules::intervention_type::InterventionType;
use crate::rules::month::Month;
use crate::rules::project_state::ProjectState;
use crate::schema::{integration_requests, projects};
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::transition::{self, Transition};
use concilia_kernel::{Money, Problem};
use concilia_network::{
    OrganisationKind, OrganisationName, admitted_among, organisation_kinds, organisation_names,
};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;
use uuid::Uuid;

/// What the agency asked of an alliance after its submission.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = integration_requests)]
pub struct IntegrationRequest {
    /// Identifier.
    pub id: Uuid,
    /// What is asked.
    #[schema(min_length = 1, max_length = 4000)]
    pub request: String,
    /// Until when the project may be changed and submitted again.
    pub due_at: DateTime<Utc>,
    /// When it was asked.
    pub requested_at: DateTime<Utc>,
    /// What the alliance answered; null until it submits again.
    #[schema(required, min_length = 1, max_length = 4000)]
    pub answer: Option<String>,
    /// When it was answered.
    #[schema(required)]
    pub answered_at: Option<DateTime<Utc>>,
}

/// A project that another absorbed.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = projects)]
pub struct AbsorbedProject {
    /// Identifier.
    pub id: Uuid,
    /// Its reference.
    #[schema(min_length = 1, max_length = 40, example = "2.8")]
    pub reference: String,
    /// What it was called.
    #[schema(min_length = 1, max_length = 300)]
    pub title: String,
}

/// A project with all that is in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectDetail {
    /// Identifier.
    pub id: Uuid,
    /// Its number in the plan, unique in the territory: that of the call, a point, a number of its own.
    #[schema(min_length = 1, max_length = 40, example = "2.5")]
    pub reference: String,
    /// Where it stands.
    pub state: ProjectState,
    /// The call that it is proposed to; null for a project entered as already running.
    #[schema(required)]
    pub project_call_id: Option<Uuid>,
    #[serde(flatten)]
    pub parts: ProjectParts,
    /// What the agency asked to integrate, oldest first.
    #[schema(min_items = 0, max_items = 100)]
    pub integration_requests: Vec<IntegrationRequest>,
    /// Projects that it absorbed.
    #[schema(min_items = 0, max_items = 100)]
    pub absorbed: Vec<AbsorbedProject>,
    /// The project that absorbed it.
    #[schema(required)]
    pub merged_into: Option<Uuid>,
    /// When it was first submitted.
    #[schema(required)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it was drafted.
    pub created_at: DateTime<Utc>,
    /// Its moves, oldest first.
    #[schema(min_items = 0, max_items = 1000)]
    pub history: Vec<Transition>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = projects)]
struct Row {
    reference: String,
    state: ProjectState,
    project_call_id: Option<Uuid>,
    title: String,
    alliance: Option<String>,
    summary: Option<String>,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    intervention_types: Vec<Option<InterventionType>>,
    open_alliance: bool,
    whp_link: bool,
    zone_plan_link: bool,
    lead_organisation_id: Uuid,
    #[diesel(embed)]
    costs: CostItems,
    requested_grant: Money,
    merged_into: Option<Uuid>,
    submitted_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    version: i64,
}

/// What is known of the organisations of a project.
struct Organisations {
    names: HashMap<Uuid, OrganisationName>,
    kinds: HashMap<Uuid, OrganisationKind>,
    members: HashSet<Uuid>,
}

impl Organisations {
    fn name(&self, id: Uuid) -> Result<OrganisationName, Problem> {
        self.names.get(&id).cloned().ok_or_else(|| Problem::internal(format!("no organisation {id}")))
    }

    fn kind(&self, id: Uuid) -> Result<OrganisationKind, Problem> {
        self.kinds.get(&id).copied().ok_or_else(|| Problem::internal(format!("no organisation {id}")))
    }
}

/// The whole of several projects of the territory, in the order of `ids`; 404 if one is not there.
pub async fn project_details<C>(
    conn: &mut C,
    territory_id: Uuid,
    ids: &[Uuid],
) -> Result<Vec<ProjectDetail>, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let mut details = Vec::with_capacity(ids.len());
    for id in ids {
        details.push(load_detail(conn, territory_id, *id).await?);
    }
    Ok(details)
}

/// The whole of a project of the territory, in a fixed number of statements.
pub(crate) async fn load_detail<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> Result<ProjectDetail, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let row: Row = projects::table
        .filter(projects::territory_id.eq(territory_id))
        .filter(projects::id.eq(id))
        .select(Row::as_select())
        .get_result(conn)
        .await?;
    let partners = partner_organisations(conn, territory_id, &[id]).await?;
    let ids: Vec<Uuid> = partners.iter().map(|partner| partner.organisation_id).collect();
    let organisations = Organisations {
        names: organisation_names(conn, territory_id, &ids).await?,
        kinds: organisation_kinds(conn, territory_id, &ids).await?,
        members: admitted_among(conn, territory_id, &ids).await?,
    };
    let lines = cofinancing_of(conn, territory_id, &[id]).await?;
    let activities = project_activities(conn, territory_id, &[id]).await?;
    let integration_requests = integration_requests::table
        .filter(integration_requests::territory_id.eq(territory_id))
        .filter(integration_requests::project_id.eq(id))
        .order(integration_requests::id)
        .select(IntegrationRequest::as_select())
        .load(conn)
        .await?;
    let absorbed = projects::table
        .filter(projects::territory_id.eq(territory_id))
        .filter(projects::merged_into.eq(id))
        .order(projects::reference)
        .select(AbsorbedProject::as_select())
        .load(conn)
        .await?;
    let history = transition::history(conn, territory_id, id).await?;
    Ok(ProjectDetail {
        id,
        reference: row.reference.clone(),
        state: row.state,
        project_call_id: row.project_call_id,
        integration_requests,
        absorbed,
        merged_into: row.merged_into,
        submitted_at: row.submitted_at,
        created_at: row.created_at,
        history,
        version: row.version,
        parts: parts(row, &partners, &organisations, &lines, activities)?,
    })
}

fn parts(
    row: Row,
    partners: &[PartnerOrganisation],
    organisations: &Organisations,
    lines: &[CofinancingLine],
    activities: Vec<Activity>,
) -> Result<ProjectParts, Problem> {
    let gone: HashSet<Uuid> = partners
        .iter()
        .filter(|partner| partner.left_on.is_some())
        .map(|partner| partner.organisation_id)
        .collect();
    let lead = organisations.name(row.lead_organisation_id)?;
    let lead = ProjectLead {
        kind: organisations.kind(lead.id)?,
        is_member: organisations.members.contains(&lead.id),
        id: lead.id,
        name: lead.name,
    };
    let mut others = vec![];
    for partner in partners.iter().filter(|partner| partner.role != PartnerRole::Lead) {
        let id = partner.organisation_id;
        others.push(ProjectPartner {
            organisation: organisations.name(id)?,
            kind: organisations.kind(id)?,
            role: partner.role,
            is_member: organisations.members.contains(&id),
            mandate_on: partner.mandate_on,
            joined_on: partner.joined_on,
            left_on: partner.left_on,
            leave_reason: partner.leave_reason.clone(),
            substitutes: partner.substitutes,
        });
    }
    others.sort_by(|a, b| by_name(&a.organisation, &b.organisation));
    let mut cofinancing = vec![];
    for line in lines {
        cofinancing.push(ProjectCofinancing {
            organisation: organisations.name(line.organisation_id)?,
            monetary: line.monetary,
            in_kind: line.in_kind,
            signed_off_at: line.signed_off_at,
            counts: !gone.contains(&line.organisation_id),
        });
    }
    cofinancing.sort_by(|a, b| by_name(&a.organisation, &b.organisation));
    Ok(ProjectParts {
        title: row.title,
        alliance: row.alliance,
        summary: row.summary,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        intervention_types: row.intervention_types.into_iter().flatten().collect(),
        open_alliance: row.open_alliance,
        whp_link: row.whp_link,
        zone_plan_link: row.zone_plan_link,
        lead,
        partners: others,
        budget: budget(row.costs, row.requested_grant, &cofinancing),
        cofinancing,
        activities: activities.into_iter().map(shown).collect(),
    })
}

fn by_name(one: &OrganisationName, other: &OrganisationName) -> std::cmp::Ordering {
    one.name.cmp(&other.name).then(one.id.cmp(&other.id))
}

fn budget(costs: CostItems, requested_grant: Money, lines: &[ProjectCofinancing]) -> ProjectBudget {
    ProjectBudget {
        staff: costs.staff,
        coordination: costs.coordination,
        goods: costs.goods,
        services: costs.services,
        vouchers: costs.vouchers,
        general: costs.general,
        total: costs.total(),
        requested_grant,
        cofinancing: lines.iter().filter(|line| line.counts).map(|line| line.monetary + line.in_kind).sum(),
    }
}

fn shown(activity: Activity) -> ProjectActivity {
    let targets = activity.targets.into_iter();
    ProjectActivity {
        id: activity.id,
        number: activity.number,
        title: activity.title,
        months: activity.months.into_iter().map(Month::of).collect(),
        targets: targets
            .map(|target| ProjectTarget { year: target.year, measure: target.measure, expected: target.expected })
            .collect(),
    }
}

impl ProjectParts {
    /// The project as the rules look at it; what they find points into this.
    pub(crate) fn facts(&self) -> ProjectFacts {
        let budget = &self.budget;
        ProjectFacts {
            costs: CostItems {
                staff: budget.staff,
                coordination: budget.coordination,
                goods: budget.goods,
                services: budget.services,
                vouchers: budget.vouchers,
                general: budget.general,
            },
            requested_grant: budget.requested_grant,
            lead: PartnerFacts {
                kind: self.lead.kind,
                member: self.lead.is_member,
                mandate_on: None,
                left: false,
            },
            partners: self.partners.iter().map(ProjectPartner::facts).collect(),
            lines: self.cofinancing.iter().map(ProjectCofinancing::facts).collect(),
            intervention_types: self.intervention_types.clone(),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            activities: self.activities.iter().map(ProjectActivity::facts).collect(),
        }
    }
}

impl ProjectPartner {
    fn facts(&self) -> PartnerFacts {
        let left = self.left_on.is_some();
        PartnerFacts { kind: self.kind, member: self.is_member, mandate_on: self.mandate_on, left }
    }
}

impl ProjectCofinancing {
    fn facts(&self) -> LineFacts {
        LineFacts {
            amount: self.monetary + self.in_kind,
            signed_off: self.signed_off_at.is_some(),
            left: !self.counts,
        }
    }
}

impl ProjectActivity {
    fn facts(&self) -> ActivityFacts {
        let target_years = self.targets.iter().map(|target| target.year).collect();
        ActivityFacts { months: self.months.clone(), target_years }
    }
}
