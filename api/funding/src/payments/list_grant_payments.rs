use super::payment::GrantPayment;
use crate::rules::states::GrantPaymentState;
use crate::schema::grant_payments;
use crate::stance::own_projects;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListGrantPayments {
    /// Only those of this project.
    pub project_id: Option<Uuid>,
    /// Only those in this state.
    pub state: Option<GrantPaymentState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the payments of grants
///
/// The agency sees all of the territory, others those of the projects they lead or take part in; the newest first.
#[utoipa::path(
    tag = "funding",
    params(ListGrantPayments),
    responses((status = 200, description = "A page of payments.", body = Page<GrantPayment>)),
)]
#[get("/v1/grant-payments")]
pub async fn list_grant_payments(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListGrantPayments>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let own = own_projects(&mut &**reader, &actor).await?;
    let mut rows = grant_payments::table
        .filter(grant_payments::territory_id.eq(actor.territory_id))
        .select(GrantPayment::as_select())
        .order(grant_payments::id.desc())
        .limit(limit + 1)
        .into_boxed();
    if let Some(own) = own {
        rows = rows.filter(grant_payments::project_id.eq_any(own));
    }
    if let Some(project_id) = query.project_id {
        rows = rows.filter(grant_payments::project_id.eq(project_id));
    }
    if let Some(state) = query.state {
        rows = rows.filter(grant_payments::state.eq(state));
    }
    if let Some(after) = after {
        rows = rows.filter(grant_payments::id.lt(after));
    }
    let rows: Vec<GrantPayment> = rows.load(&mut &**reader).await?;
    Ok(HttpResponse::Ok().json(page(rows, limit, |payment| payment.id)))
}
