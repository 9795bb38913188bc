//! Which bodies a caller may see, and which they run.

use crate::rules::states::BodyKind;
use concilia_kernel::db::cached;
use concilia_kernel::{Actor, Code, Problem, Role};
use concilia_network::{admitted_among, officer_organisations};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Bool, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use uuid::Uuid;

/// The bodies that the caller may see: the agency all; evaluators the committee; officers of members the assembly, and
/// the working groups they are in; a referent their own.
#[derive(Debug)]
pub(crate) struct Scope {
    pub territory_id: Uuid,
    pub bodies: Vec<Uuid>,
}

#[derive(QueryableByName)]
struct Body {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

impl Scope {
    pub(crate) async fn of<C>(connection: &mut C, actor: &Actor) -> QueryResult<Self>
    where
        C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
    {
        let (ats, committee) = (actor.has(Role::Ats), actor.has_any(&[Role::Ats, Role::Evaluator]));
        let own = officer_organisations(actor);
        let member = committee || !admitted_among(connection, actor.territory_id, &own).await?.is_empty();
        let bodies: Vec<Body> = cached(
            sql_query(
                "SELECT b.id FROM bodies b WHERE b.territory_id = $1 AND CASE b.kind \
                   WHEN 'committee' THEN $2 WHEN 'assembly' THEN $3 \
                   ELSE $4 OR b.referent_id = $5 OR EXISTS (SELECT FROM working_group_members w \
                     WHERE w.territory_id = b.territory_id AND w.body_id = b.id AND w.ended_on IS NULL \
                       AND w.organisation_id = ANY($6)) END",
            )
            .bind::<SqlUuid, _>(actor.territory_id)
            .bind::<Bool, _>(committee)
            .bind::<Bool, _>(member)
            .bind::<Bool, _>(ats)
            .bind::<SqlUuid, _>(actor.id)
            .bind::<Array<SqlUuid>, _>(&own),
        )
        .load(connection)
        .await?;
        let bodies = bodies.into_iter().map(|body| body.id).collect();
        Ok(Self { territory_id: actor.territory_id, bodies })
    }
}

/// The role under which the caller runs a body: the agency runs each of them, a referent the own working group. Others
/// are refused with 404 when they may not see it and with 403 when they may.
pub(crate) async fn require_run<C>(
    connection: &mut C,
    actor: &Actor,
    body_id: Uuid,
    (kind, referent): (BodyKind, Option<Uuid>),
) -> Result<Role, Problem>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    if actor.has(Role::Ats) {
        return Ok(Role::Ats);
    }
    if kind == BodyKind::WorkingGroup && referent == Some(actor.id) {
        let roles = [Role::Evaluator, Role::AllianceLead, Role::Provider, Role::Employer];
        return roles.into_iter().find(|role| actor.has(*role)).ok_or_else(Problem::not_found);
    }
    let scope = Scope::of(connection, actor).await?;
    Err(if scope.bodies.contains(&body_id) { Problem::new(Code::Forbidden) } else { Problem::not_found() })
}
