use super::body::Body;
use super::queries::{self, NewBody, insert_body};
use crate::rules::states::BodyKind;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_identity::accounts::account_names;
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, new_id};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A body to set up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "working_group", "name": "Città dei tempi", "referent_id": "0193a5d0-4444-7000-8000-000000000004"}))]
pub struct CreateBody {
    /// Kind of body.
    pub kind: BodyKind,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub name: String,
    /// Account that answers for a working group: required of one, and only of one.
    #[serde(default)]
    pub referent_id: Option<Uuid>,
}

/// Set up a body
///
/// A territory has one committee, one assembly (of all members of the network) and any number of working groups, each
/// under a referent.
#[utoipa::path(
    tag = "governance",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CreateBody,
    responses((status = 201, description = "The body.", body = Body,
                headers(("Location" = String, description = "Address of the body."))),
              (status = 409, description = "The territory has such a body already: `already_exists`.")),
)]
#[post("/v1/bodies")]
pub async fn create_body(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<CreateBody>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_body", body.hash());
    check_referent(&body)?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let made = create(conn, &actor, &body).await?;
        Reply::created(format!("/v1/bodies/{}", made.summary.id), &made)
    })
    .await
}

fn check_referent(body: &CreateBody) -> Result<(), Problem> {
    match (body.kind, body.referent_id) {
        (BodyKind::WorkingGroup, None) => Err(Problem::invalid("/referent_id", "required")),
        (BodyKind::Committee | BodyKind::Assembly, Some(_)) => {
            Err(Problem::invalid("/referent_id", "not_applicable"))
        }
        _ => Ok(()),
    }
}

/// Sets up a body, as an officer of the agency.
pub async fn create(conn: &mut AsyncPgConnection, actor: &Actor, body: &CreateBody) -> Result<Body, Problem> {
    check_referent(body)?;
    let referent: Vec<Uuid> = body.referent_id.into_iter().collect();
    if account_names(conn, actor.territory_id, &referent).await?.len() != referent.len() {
        let unknown = FieldError::pointer("/referent_id", "not_found");
        return Err(Problem::new(Code::ValidationFailed).with_error(unknown));
    }
    let id = new_id();
    let new = NewBody {
        id,
        territory_id: actor.territory_id,
        kind: body.kind,
        name: body.name.trim(),
        referent_id: body.referent_id,
        created_by: Some(actor.id),
    };
    insert_body(conn, new).await?;
    publish(conn, actor.territory_id, "body.created", id, json!({"kind": body.kind})).await?;
    queries::find(conn, actor.territory_id, id).await?.ok_or_else(Problem::not_found)
}
