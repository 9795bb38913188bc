use crate::schema::vouchers;
use crate::visibility::Visibility;
use crate::voucher::{Voucher, VoucherRow, VoucherState, visible_vouchers};
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
pub struct ListVouchers {
    /// Only those of this call.
    pub voucher_call_id: Option<Uuid>,
    /// Only those in this state.
    pub state: Option<VoucherState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List vouchers
///
/// A worker sees its own, a lead's officers those of its calls, the agency all of the territory; in the order in
/// which they were awarded.
#[utoipa::path(
    tag = "benefits",
    params(ListVouchers),
    responses((status = 200, description = "Vouchers with their balances.", body = Page<Voucher>)),
)]
#[get("/v1/vouchers")]
pub async fn list_vouchers(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListVouchers>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let visibility = Visibility::of(&actor, &db).await?;
    let mut rows = visible_vouchers(&visibility).order(vouchers::id).limit(limit + 1);
    if let Some(voucher_call_id) = query.voucher_call_id {
        rows = rows.filter(vouchers::voucher_call_id.eq(voucher_call_id));
    }
    if let Some(state) = query.state {
        rows = rows.filter(vouchers::state.eq(state));
    }
    if let Some(after) = after {
        rows = rows.filter(vouchers::id.gt(after));
    }
    let reader = db.reader().await?;
    let rows: Vec<VoucherRow> = rows.load(&mut &**reader).await?;
    Ok(HttpResponse::Ok()
        .json(page(rows, limit, |voucher| voucher.id).map(|voucher| voucher.seen_by(&visibility))))
}
