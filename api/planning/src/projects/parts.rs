//! What a project consists of, as it is read, compared and kept in its versions.

use crate::partners::PartnerRole;
use crate::rules::intervention_type::InterventionType;
use crate::rules::month::Month;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::Money;
use concilia_network::{OrganisationKind, OrganisationName};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Measure;

/// The organisation that answers for a project.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectLead {
    /// Identifier.
    pub id: Uuid,
    /// Legal name.
    #[schema(min_length = 1, max_length = 300, example = "Comune di Cremona")]
    pub name: String,
    /// Kind of organisation.
    pub kind: OrganisationKind,
    /// Whether it is a member of the network.
    pub is_member: bool,
}

/// An organisation of the alliance, besides the lead.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectPartner {
    /// The organisation.
    pub organisation: OrganisationName,
    /// Kind of organisation.
    pub kind: OrganisationKind,
    /// What it does in the project.
    pub role: PartnerRole,
    /// Whether it is a member of the network.
    pub is_member: bool,
    /// Day on which it signed its mandate to the lead; null until then.
    #[schema(required)]
    pub mandate_on: Option<NaiveDate>,
    /// Day on which it joined; null when it was there from the start.
    #[schema(required)]
    pub joined_on: Option<NaiveDate>,
    /// Day on which it left; null while it takes part.
    #[schema(required)]
    pub left_on: Option<NaiveDate>,
    /// Why it left.
    #[schema(required, min_length = 1, max_length = 1000)]
    pub leave_reason: Option<String>,
    /// The partner whose place it took.
    #[schema(required)]
    pub substitutes: Option<Uuid>,
}

/// The budget of a project, in EUR.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ProjectBudget {
    /// A: staff, internal and external.
    pub staff: Money,
    /// Part of A that goes to coordination, monitoring and reporting.
    pub coordination: Money,
    /// B: goods and software.
    pub goods: Money,
    /// C: services bought.
    pub services: Money,
    /// D: vouchers and reimbursements to families.
    pub vouchers: Money,
    /// E: general costs.
    pub general: Money,
    /// A + B + C + D + E.
    pub total: Money,
    /// Asked of the agency.
    pub requested_grant: Money,
    /// Sum of the co-financing lines of the partners that take part.
    pub cofinancing: Money,
}

/// What a partner, or the lead, puts in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectCofinancing {
    /// The organisation.
    pub organisation: OrganisationName,
    /// EUR in money.
    pub monetary: Money,
    /// EUR of valued staff hours.
    pub in_kind: Money,
    /// When it was signed off by an officer of the organisation; null until then, and after each change.
    #[schema(required)]
    pub signed_off_at: Option<DateTime<Utc>>,
    /// Whether the organisation still takes part; if not, the line counts no more.
    pub counts: bool,
}

/// An activity of a project.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectActivity {
    /// Identifier, kept when the activity is moved or changed.
    pub id: Uuid,
    /// 1, 2, 3 and so on in the project.
    #[schema(format = Int32, minimum = 1, maximum = 99)]
    pub number: i16,
    /// What is done.
    #[schema(min_length = 1, max_length = 300, example = "Percorsi maggiordomi di comunità")]
    pub title: String,
    /// Months in which it runs, in order.
    #[schema(min_items = 0, max_items = 120)]
    pub months: Vec<Month>,
    /// What it is expected to reach, by year.
    #[schema(min_items = 0, max_items = 100)]
    pub targets: Vec<ProjectTarget>,
}

/// What an activity is expected to reach in a year.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ProjectTarget {
    /// The year.
    #[schema(format = Int32, minimum = 2000, maximum = 2099, example = 2020)]
    pub year: i16,
    /// What is counted.
    pub measure: Measure,
    /// How many.
    #[schema(format = Int32, minimum = 1, maximum = 10_000_000, example = 200)]
    pub expected: i32,
}

/// The content of a project: what its alliance writes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProjectParts {
    /// What it is called.
    #[schema(min_length = 1, max_length = 300, example = "ALICE. Attivare leve, innescare circoli di energia")]
    pub title: String,
    /// Name of the alliance; null for a project entered as already running.
    #[schema(required, min_length = 1, max_length = 300, example = "Alleanza locale Ambito di Cremona")]
    pub alliance: Option<String>,
    /// What it is about.
    #[schema(required, min_length = 1, max_length = 4000)]
    pub summary: Option<String>,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Types of intervention.
    #[schema(min_items = 0, max_items = 6)]
    pub intervention_types: Vec<InterventionType>,
    /// Whether it may gain partners while it runs.
    pub open_alliance: bool,
    /// Whether it is tied to the network of workplaces that promote health (WHP).
    pub whp_link: bool,
    /// Whether it is tied to the zone plan.
    pub zone_plan_link: bool,
    /// The organisation that answers for it.
    pub lead: ProjectLead,
    /// The others, by name; those that left too.
    #[schema(min_items = 0, max_items = 500)]
    pub partners: Vec<ProjectPartner>,
    /// What it costs and who pays.
    pub budget: ProjectBudget,
    /// What each organisation puts in, by name.
    #[schema(min_items = 0, max_items = 500)]
    pub cofinancing: Vec<ProjectCofinancing>,
    /// What is done and when.
    #[schema(min_items = 0, max_items = 99)]
    pub activities: Vec<ProjectActivity>,
}
