use super::counts::Composition;
use super::half::Half;
use super::queries::{freeze_composition, frozen_composition};
use crate::territories::find_territory;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, Json};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, today};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use validator::Validate;

/// Which half-year to freeze.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"half": "2026-H2"}))]
pub struct FreezeNetworkComposition {
    /// The present half-year, or the one just over.
    #[schema(value_type = String, min_length = 7, max_length = 7, pattern = r"^20\d{2}-H[12]$")]
    pub half: Half,
}

/// Freeze the composition of the network
///
/// Keeps for good, under a half-year, its members: those at its end or, if it is not over, those of today. Twice a year: for
/// the present half, or for the one just over. A half is frozen once. Who is in an alliance is told as of today.
#[utoipa::path(
    tag = "network",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = FreezeNetworkComposition,
    responses(
        (status = 201, description = "The frozen composition.", body = Composition,
         headers(("Location" = String, description = "Address of the composition."))),
        (status = 409, description = "The half-year was frozen already: `already_exists`."),
        (status = 422, description = "The half-year is neither the present one nor the one before."),
    ),
)]
#[post("/v1/network-compositions")]
pub async fn freeze_network_composition(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<FreezeNetworkComposition>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "freeze_network_composition", body.hash());
    check_half(body.half, today())?;
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let frozen = freeze(conn, &actor, body.half).await?;
        let location = format!("/v1/network-composition?territory={}&half={}", frozen.territory, body.half);
        Reply::created(location, &frozen)
    })
    .await
}

/// Freezes the composition, as an officer of the agency.
pub async fn freeze(conn: &mut AsyncPgConnection, actor: &Actor, half: Half) -> Result<Composition, Problem> {
    check_half(half, today())?;
    let territory = find_territory(conn, actor.territory_id).await?.ok_or_else(Problem::not_found)?;
    let id = freeze_composition(conn, territory.id, half, Some(actor.id)).await?;
    publish(conn, territory.id, "network_composition.frozen", id, json!({"half": half})).await?;
    frozen_composition(conn, &territory, half).await?.ok_or_else(Problem::not_found)
}

/// Who is in an alliance is told as of now, so what is frozen may only bear the name of a half-year that is near.
fn check_half(half: Half, today: NaiveDate) -> Result<(), Problem> {
    let present = Half::of(today);
    if present.is_some_and(|present| half == present || half == present.previous()) {
        return Ok(());
    }
    let text = Text::new(
        "si congela solo il semestre in corso o quello appena concluso",
        "only the present half-year, or the one just over, can be frozen",
    );
    let error = FieldError::pointer("/half", "range").value(half.to_string()).explain(&text);
    Err(Problem::new(Code::ValidationFailed).with_error(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_present_half_and_the_one_before_are_frozen() {
        let today = "2026-01-01".parse().unwrap();
        let frozen = |half: &str| check_half(half.parse().unwrap(), today).is_ok();
        assert!(frozen("2026-H1") && frozen("2025-H2"));
        assert!(!frozen("2026-H2") && !frozen("2025-H1"));
    }
}
