use crate::schema::project_partners;
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

#[derive(Queryable, Selectable)]
#[diesel(table_name = project_partners)]
pub(crate) struct Row {
    pub project_id: Uuid,
    pub organisation_id: Uuid,
    pub role: PartnerRole,
}

/// The partners of several projects, lead included.
pub(crate) async fn partners_of<C>(conn: &mut C, territory_id: Uuid, projects: &[Uuid]) -> QueryResult<Vec<Row>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    project_partners::table
        .filter(project_partners::territory_id.eq(territory_id))
        .filter(project_partners::project_id.eq_any(projects))
        .select(Row::as_select())
        .load(conn)
        .await
}
