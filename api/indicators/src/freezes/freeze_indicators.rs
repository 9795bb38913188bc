use crate::queries::freezes::{IndicatorFreeze, insert_freeze};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, Path};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, today};
use concilia_network::Half;
use concilia_planning::find_plan;
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Which half-year to freeze.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FreezeIndicators {
    /// The half-year: over, or on its last day.
    pub half: Half,
}

/// Freeze the indicators of a half-year
///
/// Keeps every figure of the plan up to the end of the half-year, with every record behind it. Each half-year is frozen
/// once, from its last day on; then its figures are public and never change.
#[utoipa::path(
    tag = "indicators",
    params(("plan_id" = Uuid, Path, description = "The plan."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body(content = FreezeIndicators, example = json!({"half": "2026-H1"})),
    responses((status = 201, description = "The frozen half-year.", body = IndicatorFreeze,
                headers(("Location" = String, description = "Address of its figures."))),
              (status = 409, description = "The half-year is frozen already (`already_exists`).")),
)]
#[post("/v1/plans/{plan_id}/indicator-freezes")]
pub async fn freeze_indicators(
    actor: Actor,
    db: Data<Db>,
    plan_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<FreezeIndicators>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "freeze_indicators", body.hash()).with_path(*plan_id);
    let half = body.half;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let freeze = freeze(conn, &actor, *plan_id, half).await?;
        Reply::created(format!("/v1/plans/{}/indicators?half={half}", freeze.plan_id), &freeze)
    })
    .await
}

/// Freezes a half-year, as an officer of the agency.
pub async fn freeze(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    plan_id: Uuid,
    half: Half,
) -> Result<IndicatorFreeze, Problem> {
    let plan = find_plan(conn, actor.territory_id, plan_id).await?.ok_or_else(Problem::not_found)?;
    let today = today();
    if half.last_day() > today || half.year() < i32::from(plan.from_year) {
        return Err(Problem::new(Code::ValidationFailed)
            .explain(
                format!("Il semestre {half} non è ancora concluso o precede il piano."),
                format!("Half-year {half} is not over yet, or precedes the plan."),
            )
            .with_error(FieldError::pointer("/half", "range").value(half.to_string())));
    }
    let freeze = insert_freeze(conn, &plan, half, Some(actor.id)).await?;
    let told = json!({ "plan_id": plan.id, "half": half });
    publish(conn, actor.territory_id, "indicators.frozen", freeze.id, told).await?;
    Ok(freeze)
}
