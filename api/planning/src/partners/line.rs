use super::queries::find_line;
use crate::projects::ProjectSummary;
use crate::projects::visibility::{hold_visible, speaks_for};
use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use concilia_kernel::extract::etag_of;
use concilia_kernel::{Actor, Money, Problem, Role};
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What an organisation puts into a project.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CofinancingLineView {
    /// The project.
    pub project_id: Uuid,
    /// The organisation.
    pub organisation_id: Uuid,
    /// EUR in money.
    pub monetary: Money,
    /// EUR of valued staff hours.
    pub in_kind: Money,
    /// When it was signed off by an officer of the organisation; null until then, and after each change.
    #[schema(required)]
    pub signed_off_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    #[schema(ignore)]
    pub version: i64,
}

/// The line of an organisation; an empty one, of version 0, where it has put in nothing yet.
pub(super) async fn load_line<C>(
    conn: &mut C,
    (territory_id, project_id, organisation_id): (Uuid, Uuid, Uuid),
) -> QueryResult<CofinancingLineView>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let line = find_line(conn, (territory_id, project_id, organisation_id)).await?;
    Ok(CofinancingLineView {
        project_id,
        organisation_id,
        monetary: line.map_or(Money::ZERO, |line| line.monetary),
        in_kind: line.map_or(Money::ZERO, |line| line.in_kind),
        signed_off_at: line.and_then(|line| line.signed_off_at),
        version: line.map_or(0, |line| line.version),
    })
}

/// The project, held for a change of an organisation's line: by an officer of that organisation, or of the lead where
/// `lead_may`. To any other the line is not there.
pub(super) async fn hold_for_line(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    organisation_id: Uuid,
    lead_may: bool,
) -> Result<ProjectSummary, Problem> {
    let project = hold_visible(conn, actor, project_id).await?;
    let leads = lead_may && actor.holds(Role::AllianceLead, project.lead_organisation_id);
    if leads || speaks_for(actor, organisation_id) { Ok(project) } else { Err(Problem::not_found()) }
}

/// A line as it is after a change.
pub(super) fn answered_line(line: &CofinancingLineView) -> HttpResponse {
    HttpResponse::Ok().insert_header(("ETag", etag_of(line.version))).json(line)
}
