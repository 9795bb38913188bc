//! Who sees which projects.

use crate::projects::summary::{ProjectSummary, hold_project};
use crate::rules::intervention_type::InterventionType;
use crate::rules::project_state::ProjectState;
use concilia_kernel::db::cached;
use concilia_kernel::{Actor, Code, Problem, Role};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Roles that make their holder speak for an organisation in its alliances. A member of the committee does not: what its
/// organisation proposes is hidden from it.
const OFFICERS: &[Role] = &[Role::AllianceLead, Role::Provider, Role::Employer];

/// Whether the caller is an officer of the organisation, in matters of its alliances.
pub(crate) fn speaks_for(actor: &Actor, organisation_id: Uuid) -> bool {
    OFFICERS.iter().any(|role| actor.holds(*role, organisation_id))
}

/// The caller, as the queries ask for it.
struct Viewer {
    is_ats: bool,
    /// Organisations that it speaks for.
    officer_of: Vec<Uuid>,
    evaluates: bool,
    /// Every organisation that it is bound to.
    bound_to: Vec<Uuid>,
}

impl Viewer {
    fn of(actor: &Actor) -> Self {
        let of_roles =
            |roles: &[Role]| roles.iter().flat_map(|role| actor.organisations(*role)).collect::<Vec<_>>();
        Self {
            is_ats: actor.has(Role::Ats),
            officer_of: of_roles(OFFICERS),
            evaluates: actor.has(Role::Evaluator),
            bound_to: of_roles(Role::ALL),
        }
    }
}

/// The agency sees all; an alliance its own, as long as its lead did not take it out before the decision; the committee
/// what was submitted, but for what an organisation of the member leads or joins, or did before it left or was merged.
/// $1 territory, $2 to $5 the viewer, $6 the account.
const VISIBLE: &str = "p.territory_id = $1 AND ($2 \
    OR EXISTS (SELECT FROM project_partners m WHERE m.project_id = p.id AND m.organisation_id = ANY ($3) \
      AND (m.left_on IS NULL OR m.leave_reason IS NOT NULL)) \
    OR ($4 AND p.state <> 'draft' \
        AND NOT EXISTS (SELECT FROM project_partners m WHERE m.project_id = p.id AND m.organisation_id = ANY ($5)) \
        AND p.id <> ALL (ARRAY(SELECT c.project_id FROM conflicts_of_interest($1, ARRAY[$6]) c))))";

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Whether the caller may know of the project.
pub(crate) async fn is_visible<C>(conn: &mut C, actor: &Actor, project_id: Uuid) -> QueryResult<bool>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let viewer = Viewer::of(actor);
    let found: Option<Found> = cached(
        sql_query(format!("SELECT p.id FROM projects p WHERE p.id = $7 AND {VISIBLE}"))
            .bind::<SqlUuid, _>(actor.territory_id)
            .bind::<Bool, _>(viewer.is_ats)
            .bind::<Array<SqlUuid>, _>(viewer.officer_of)
            .bind::<Bool, _>(viewer.evaluates)
            .bind::<Array<SqlUuid>, _>(viewer.bound_to)
            .bind::<SqlUuid, _>(actor.id)
            .bind::<SqlUuid, _>(project_id),
    )
    .get_result(conn)
    .await
    .optional()?;
    Ok(found.is_some_and(|found| found.id == project_id))
}

/// Refuses with 404 a project that the caller may not know of.
pub(crate) async fn require_visible<C>(conn: &mut C, actor: &Actor, project_id: Uuid) -> Result<(), Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    if is_visible(conn, actor, project_id).await? { Ok(()) } else { Err(Problem::not_found()) }
}

/// Which projects to list.
#[derive(Debug, Default)]
pub(crate) struct Selection {
    pub project_call_id: Option<Uuid>,
    pub state: Option<ProjectState>,
    pub intervention_type: Option<InterventionType>,
    /// Reference of the last one seen.
    pub after: Option<String>,
    pub limit: i64,
}

/// One more than the limit, if there are, of those that the caller may know of, by reference.
pub(crate) async fn list_visible<C>(conn: &mut C, actor: &Actor, selection: Selection) -> QueryResult<Vec<Uuid>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let viewer = Viewer::of(actor);
    let found: Vec<Found> = cached(
        sql_query(format!(
            "SELECT p.id FROM projects p WHERE {VISIBLE} AND ($7 IS NULL OR p.project_call_id = $7) \
             AND ($8 IS NULL OR p.state = $8) AND ($9 IS NULL OR $9 = ANY (p.intervention_types)) \
             AND p.reference > $10 ORDER BY p.reference LIMIT $11"
        ))
        .bind::<SqlUuid, _>(actor.territory_id)
        .bind::<Bool, _>(viewer.is_ats)
        .bind::<Array<SqlUuid>, _>(viewer.officer_of)
        .bind::<Bool, _>(viewer.evaluates)
        .bind::<Array<SqlUuid>, _>(viewer.bound_to)
        .bind::<SqlUuid, _>(actor.id)
        .bind::<Nullable<SqlUuid>, _>(selection.project_call_id)
        .bind::<Nullable<Text>, _>(selection.state)
        .bind::<Nullable<Text>, _>(selection.intervention_type)
        .bind::<Text, _>(selection.after.unwrap_or_default())
        .bind::<BigInt, _>(selection.limit + 1),
    )
    .load(conn)
    .await?;
    Ok(found.into_iter().map(|found| found.id).collect())
}

/// The project, held for a change by an officer of its lead: 404 to who may not know of it, 403 to the others.
pub(crate) async fn hold_for_lead(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
) -> Result<ProjectSummary, Problem> {
    let project = hold_visible(conn, actor, project_id).await?;
    require_lead(actor, &project)?;
    Ok(project)
}

/// The project, held, if the caller may know of it.
pub(crate) async fn hold_visible(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
) -> Result<ProjectSummary, Problem> {
    require_visible(conn, actor, project_id).await?;
    hold_project(conn, actor.territory_id, project_id).await?.ok_or_else(Problem::not_found)
}

/// Refuses with 403 who is no officer of the project's lead.
pub(crate) fn require_lead(actor: &Actor, project: &ProjectSummary) -> Result<(), Problem> {
    if actor.holds(Role::AllianceLead, project.lead_organisation_id) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden).explain(
        "Solo chi opera per il capofila del progetto può farlo.",
        "Only an officer of the project's lead may do this.",
    ))
}

/// Refuses with 409 a project that its alliance may not rewrite now.
pub(crate) fn require_editable(project: &ProjectSummary) -> Result<(), Problem> {
    if project.state.is_editable() {
        return Ok(());
    }
    Err(wrong_state(
        project,
        "Un progetto nello stato «{}» non si modifica.",
        "A project in state '{}' cannot be changed.",
    ))
}

/// 409: the project's state forbids the operation; `{}` in the sentences stands for it.
pub(crate) fn wrong_state(project: &ProjectSummary, it: &str, en: &str) -> Problem {
    let state = project.state.as_str();
    Problem::new(Code::TransitionNotAllowed)
        .explain(it.replace("{}", state), en.replace("{}", state))
        .with_error(concilia_kernel::FieldError::pointer("/state", "transition_not_allowed").value(state))
}
