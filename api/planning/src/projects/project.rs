use super::summary::{ProjectSummary, find_projects};
use crate::partners::{Partner, PartnerRole, partner_organisations};
use crate::rules::intervention_type::InterventionType;
use crate::rules::project_state::ProjectState;
use chrono::{DateTime, NaiveDate, Utc};
use concilia_kernel::Money;
use concilia_network::{OrganisationName, organisation_names};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::AsyncConnectionCore;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A project, as it is listed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Project {
    /// Identifier.
    pub id: Uuid,
    /// Its number in the plan, unique in the territory.
    #[schema(min_length = 1, max_length = 40, example = "2.5")]
    pub reference: String,
    /// What it is called.
    #[schema(min_length = 1, max_length = 300, example = "Conciliare le responsabilità")]
    pub title: String,
    /// Name of its alliance; null for a project entered as already running.
    #[schema(required, min_length = 1, max_length = 300)]
    pub alliance: Option<String>,
    /// Where it stands.
    pub state: ProjectState,
    /// The call that it is proposed to; null for a project entered as already running.
    #[schema(required)]
    pub project_call_id: Option<Uuid>,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Types of intervention.
    #[schema(min_items = 0, max_items = 6)]
    pub intervention_types: Vec<InterventionType>,
    /// EUR that it costs in all.
    pub total: Money,
    /// EUR asked of the agency.
    pub requested_grant: Money,
    /// When it was first submitted.
    #[schema(required)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// The organisation that answers for it.
    pub lead: OrganisationName,
    /// The others that take part, by name.
    #[schema(min_items = 0, max_items = 500)]
    pub partners: Vec<Partner>,
}

/// Several projects by reference, each with the organisations that take part: three statements, however many there are.
pub(crate) async fn load_projects<C>(conn: &mut C, territory_id: Uuid, ids: &[Uuid]) -> QueryResult<Vec<Project>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let summaries = find_projects(conn, territory_id, ids).await?;
    let rows = partner_organisations(conn, territory_id, ids).await?;
    let mut organisations: Vec<Uuid> = rows.iter().map(|row| row.organisation_id).collect();
    organisations.sort_unstable();
    organisations.dedup();
    let names = organisation_names(conn, territory_id, &organisations).await?;
    let mut leads: HashMap<Uuid, OrganisationName> = HashMap::new();
    let mut partners: HashMap<Uuid, Vec<Partner>> = HashMap::new();
    for row in rows.into_iter().filter(|row| row.left_on.is_none()) {
        let Some(organisation) = names.get(&row.organisation_id).cloned() else { continue };
        if row.role == PartnerRole::Lead {
            leads.insert(row.project_id, organisation);
        } else {
            partners.entry(row.project_id).or_default().push(Partner { organisation, role: row.role });
        }
    }
    let whole = |summary: ProjectSummary| {
        let mut partners = partners.remove(&summary.id).unwrap_or_default();
        partners.sort_by(|a, b| a.organisation.name.cmp(&b.organisation.name));
        Some(Project {
            lead: leads.remove(&summary.id)?,
            id: summary.id,
            reference: summary.reference,
            title: summary.title,
            alliance: summary.alliance,
            state: summary.state,
            project_call_id: summary.project_call_id,
            starts_on: summary.starts_on,
            ends_on: summary.ends_on,
            intervention_types: summary.intervention_types,
            total: summary.total,
            requested_grant: summary.requested_grant,
            submitted_at: summary.submitted_at,
            partners,
        })
    };
    Ok(summaries.into_iter().filter_map(whole).collect())
}
