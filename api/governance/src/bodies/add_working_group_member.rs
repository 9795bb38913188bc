use super::body::Body;
use super::queries;
use crate::rules::states::BodyKind;
use crate::scope::require_run;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::{Actor, Code, Db, Problem, new_id, today};
use concilia_network::is_admitted_member;
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Who is to be in a working group: a member of the network or a guest, one of the two.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"guest_name": "Università di Brescia"}))]
pub struct AddWorkingGroupMember {
    /// A member of the network.
    #[serde(default)]
    pub organisation_id: Option<Uuid>,
    /// An organisation outside the network.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub guest_name: Option<String>,
}

/// Add an organisation to a working group
///
/// From today. A working group may include guests from outside the network. The agency and the group's referent may.
#[utoipa::path(
    tag = "governance",
    params(("body_id" = Uuid, Path, description = "The working group."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = AddWorkingGroupMember,
    responses((status = 201, description = "The working group with its members.", body = Body),
              (status = 409, description = "The body is not a working group (`conflict`), or the organisation is in it \
                                            already (`already_exists`).")),
)]
#[post("/v1/bodies/{body_id}/members")]
pub async fn add_working_group_member(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<AddWorkingGroupMember>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "add_working_group_member", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let changed = join(conn, &actor, id.0, &body).await?;
        Reply::json(StatusCode::CREATED, &changed)
    })
    .await
}

/// Adds an organisation to a group, as the agency or the group's referent.
pub async fn join(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    group_id: Uuid,
    body: &AddWorkingGroupMember,
) -> Result<Body, Problem> {
    let group = queries::hold(conn, actor.territory_id, group_id).await?.ok_or_else(Problem::not_found)?;
    require_run(conn, actor, group.id, (group.kind, group.referent_id)).await?;
    if group.kind != BodyKind::WorkingGroup {
        return Err(Problem::new(Code::Conflict).explain(
            "Si aggiungono organizzazioni solo ai gruppi di lavoro.",
            "Organisations are added to working groups only.",
        ));
    }
    match (body.organisation_id, &body.guest_name) {
        (None, None) => return Err(Problem::invalid("/organisation_id", "required")),
        (Some(_), Some(_)) => return Err(Problem::invalid("/guest_name", "not_applicable")),
        (Some(organisation), None) if !is_admitted_member(conn, actor.territory_id, organisation).await? => {
            return Err(Problem::invalid("/organisation_id", "not_found"));
        }
        _ => {}
    }
    let guest = body.guest_name.as_deref().map(str::trim);
    let whose = (actor.territory_id, group.id, new_id());
    queries::insert_member(conn, whose, (body.organisation_id, guest), today()).await?;
    queries::find(conn, actor.territory_id, group_id).await?.ok_or_else(Problem::not_found)
}
