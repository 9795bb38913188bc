use crate::schema::project_partners;
use chrono::NaiveDate;
use concilia_kernel::text_enum;
use concilia_network::OrganisationName;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

text_enum! {
    /// What an organisation does in a project.
    pub enum PartnerRole {
        /// Answers for the project to the agency.
        Lead = "lead",
        /// Public body that supports it.
        Institutional = "institutional",
        /// Runs actions and has a share of the budget.
        Implementing = "implementing",
        /// Takes part without a budget.
        Network = "network",
    }
}

/// An organisation in a project.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Partner {
    /// The organisation.
    pub organisation: OrganisationName,
    /// What it does in the project.
    pub role: PartnerRole,
}

/// Adds an organisation of the territory to a project. It is in a project once; a project has one lead,
/// whom [`crate::insert_project`] adds.
pub async fn insert_partner(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    (organisation_id, role): (Uuid, PartnerRole),
) -> QueryResult<()> {
    diesel::insert_into(project_partners::table)
        .values((
            project_partners::territory_id.eq(territory_id),
            project_partners::project_id.eq(project_id),
            project_partners::organisation_id.eq(organisation_id),
            project_partners::role.eq(role),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// An organisation's part in a project, with its dates.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = project_partners)]
pub struct PartnerOrganisation {
    pub project_id: Uuid,
    pub organisation_id: Uuid,
    pub role: PartnerRole,
    /// When it signed its mandate to the lead.
    pub mandate_on: Option<NaiveDate>,
    /// When it joined; `None` when it was there from the start.
    pub joined_on: Option<NaiveDate>,
    /// When it left; `None` while it takes part.
    pub left_on: Option<NaiveDate>,
    /// Why it left; `None` of one that the lead took out before the project was decided on.
    pub leave_reason: Option<String>,
    /// The partner whose place it took.
    pub substitutes: Option<Uuid>,
}

impl PartnerOrganisation {
    /// Whether the lead took it out of what it had submitted with it: it is on record for the conflicts of interest
    /// alone, and what became of the project is no matter of its officers.
    pub fn was_taken_out(&self) -> bool {
        self.left_on.is_some() && self.leave_reason.is_none()
    }
}

/// The organisations in several projects, lead included, and those that left, by project and organisation.
pub async fn partner_organisations<C>(
    conn: &mut C,
    territory_id: Uuid,
    projects: &[Uuid],
) -> QueryResult<Vec<PartnerOrganisation>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    project_partners::table
        .filter(project_partners::territory_id.eq(territory_id))
        .filter(project_partners::project_id.eq_any(projects))
        .order((project_partners::project_id, project_partners::organisation_id))
        .select(PartnerOrganisation::as_select())
        .load(conn)
        .await
}

/// The projects in which one of `organisations` takes part or took part, lead included, but for those that it was taken
/// out of.
pub async fn projects_of_organisations<C>(
    conn: &mut C,
    territory_id: Uuid,
    organisations: &[Uuid],
) -> QueryResult<Vec<Uuid>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    project_partners::table
        .filter(project_partners::territory_id.eq(territory_id))
        .filter(project_partners::organisation_id.eq_any(organisations))
        .filter(project_partners::left_on.is_null().or(project_partners::leave_reason.is_not_null()))
        .select(project_partners::project_id)
        .distinct()
        .load(conn)
        .await
}
