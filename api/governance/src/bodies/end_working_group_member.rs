use super::body::Body;
use super::queries;
use crate::scope::require_run;
use actix_web::post;
use actix_web::web::{self, Data};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem, today};
use serde::Deserialize;
use uuid::Uuid;

/// Where a member of a working group is found.
#[derive(Debug, Deserialize)]
pub struct MemberPath {
    body_id: Uuid,
    working_group_member_id: Uuid,
}

/// Take an organisation out of a working group
///
/// From today. The agency and the group's referent may.
#[utoipa::path(
    tag = "governance",
    params(("body_id" = Uuid, Path, description = "The working group."),
           ("working_group_member_id" = Uuid, Path, description = "The member of the group.")),
    responses((status = 200, description = "The working group with its members.", body = Body)),
)]
#[post("/v1/bodies/{body_id}/members/{working_group_member_id}/end")]
pub async fn end_working_group_member(
    actor: Actor,
    db: Data<Db>,
    path: Path<MemberPath>,
) -> Result<web::Json<Body>, Problem> {
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| {
        let group = queries::hold(conn, actor.territory_id, path.body_id).await?.ok_or_else(Problem::not_found)?;
        require_run(conn, &actor, group.id, (group.kind, group.referent_id)).await?;
        let whose = (actor.territory_id, group.id, path.working_group_member_id);
        if !queries::end_member(conn, whose, today()).await? {
            return Err(Problem::not_found());
        }
        queries::find(conn, actor.territory_id, group.id).await?.map(web::Json).ok_or_else(Problem::not_found)
    })
    .await
}
