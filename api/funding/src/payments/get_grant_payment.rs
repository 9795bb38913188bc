use super::payment::GrantPayment;
use super::queries;
use crate::stance::Stance;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::transition::{Transition, history};
use concilia_kernel::{Actor, Db, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A payment with its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantPaymentDetail {
    /// The payment.
    pub payment: GrantPayment,
    /// Its moves, the oldest first.
    #[schema(min_items = 1, max_items = 10)]
    pub history: Vec<Transition>,
}

/// Read a payment of a grant
///
/// With its history, for the agency, the lead's officers and the partners.
#[utoipa::path(
    tag = "funding",
    params(("grant_payment_id" = Uuid, Path, description = "The payment.")),
    responses((status = 200, description = "The payment with its history.", body = GrantPaymentDetail,
        headers(("ETag" = String, description = "Version of the payment.")))),
)]
#[get("/v1/grant-payments/{grant_payment_id}")]
pub async fn get_grant_payment(
    actor: Actor,
    db: Data<Db>,
    grant_payment_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let payment = queries::find(&mut &**reader, actor.territory_id, *grant_payment_id).await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, payment.project_id).await?;
    Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    let history = history(&mut &**reader, actor.territory_id, payment.id).await?;
    let tag = etag_of(payment.version);
    Ok(HttpResponse::Ok().insert_header((header::ETAG, tag)).json(GrantPaymentDetail { payment, history }))
}
