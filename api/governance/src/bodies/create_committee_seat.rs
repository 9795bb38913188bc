use super::body::Body;
use super::queries;
use super::seats::{NewSeat, check_holders, insert_seat};
use crate::rules::states::BodyKind;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::checks;
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Code, Db, Problem, new_id, today};
use concilia_network::existing_organisations;
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A seat to give.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Provincia di Mantova", "organisation_id": "0193a5d0-4444-7000-8000-000000000003", "chair": false,
    "titular_id": "0193a5d0-4444-7000-8000-000000000004", "substitute_id": "0193a5d0-4444-7000-8000-000000000005"
}))]
pub struct CreateCommitteeSeat {
    /// Whose it is: an organisation, or several under one name.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub name: String,
    /// The organisation, where it is one: its part in a project is a conflict of interest of the seat.
    #[serde(default)]
    pub organisation_id: Option<Uuid>,
    /// Whether it is the chair's, which is the agency's.
    pub chair: bool,
    /// Account that holds it: an evaluator, or an officer of the agency.
    pub titular_id: Uuid,
    /// Account that takes it in the titular's absence.
    #[serde(default)]
    pub substitute_id: Option<Uuid>,
}

/// Give a seat on the committee
///
/// From today. A committee has one chair's seat, held by officers of the agency; an organisation has one seat; a person
/// sits on one, as titular or as substitute. Meetings already convened go by the seats of when they were.
#[utoipa::path(
    tag = "governance",
    params(("body_id" = Uuid, Path, description = "The committee."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = CreateCommitteeSeat,
    responses((status = 201, description = "The committee with its seats.", body = Body),
              (status = 409, description = "The body is not a committee (`conflict`); there is a chair, the organisation \
                                            has a seat, or the person sits already (`already_exists`).")),
)]
#[post("/v1/bodies/{body_id}/seats")]
pub async fn create_committee_seat(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<CreateCommitteeSeat>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_committee_seat", body.hash()).with_path(id.0);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let made = give(conn, &actor, id.0, &body).await?;
        Reply::json(StatusCode::CREATED, &made)
    })
    .await
}

/// Gives a seat, as an officer of the agency.
pub async fn give(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    committee_id: Uuid,
    body: &CreateCommitteeSeat,
) -> Result<Body, Problem> {
    let committee = queries::hold(conn, actor.territory_id, committee_id).await?.ok_or_else(Problem::not_found)?;
    if committee.kind != BodyKind::Committee {
        return Err(
            Problem::new(Code::Conflict).explain("Solo il comitato ha seggi.", "Only the committee has seats.")
        );
    }
    if let Some(organisation) = body.organisation_id
        && existing_organisations(conn, actor.territory_id, &[organisation]).await?.is_empty()
    {
        return Err(Problem::invalid("/organisation_id", "not_found"));
    }
    let holders = (body.titular_id, body.substitute_id);
    check_holders(conn, actor.territory_id, body.chair, holders).await?;
    let seat = NewSeat {
        id: new_id(),
        territory_id: actor.territory_id,
        body_id: committee.id,
        name: body.name.trim(),
        organisation_id: body.organisation_id,
        chair: body.chair,
        from_on: today(),
        titular_id: body.titular_id,
        substitute_id: body.substitute_id,
    };
    let seat_id = seat.id;
    insert_seat(conn, seat).await?;
    let told = json!({"body_id": committee_id});
    publish(conn, actor.territory_id, "committee_seat.given", seat_id, told).await?;
    queries::find(conn, actor.territory_id, committee_id).await?.ok_or_else(Problem::not_found)
}
