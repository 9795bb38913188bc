use crate::schema::vouchers;
use crate::visibility::Visibility;
use crate::voucher::{Voucher, visible_vouchers};
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Read a voucher
///
/// A worker reads its own, a lead's officers those of its calls, the agency all of the territory.
#[utoipa::path(
    tag = "benefits",
    params(("voucher_id" = Uuid, Path, description = "The voucher.")),
    responses((status = 200, description = "The voucher with its balances.", body = Voucher)),
)]
#[get("/v1/vouchers/{voucher_id}")]
pub async fn get_voucher(actor: Actor, db: Data<Db>, voucher_id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let visibility = Visibility::of(&actor, &db).await?;
    let reader = db.reader().await?;
    let voucher = visible_vouchers(&visibility).filter(vouchers::id.eq(*voucher_id)).first(&mut &**reader).await?;
    Ok(HttpResponse::Ok().json(voucher.seen_by(&visibility)))
}
