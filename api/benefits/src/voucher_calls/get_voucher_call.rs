use super::VoucherCall;
use crate::queries;
use crate::visibility::Viewer;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::conditional::answer;
use concilia_kernel::extract::{IfNoneMatch, Path, etag_of};
use concilia_kernel::{Db, Problem};
use uuid::Uuid;

/// Get a voucher call
///
/// What the call offers, to whom, by which criteria, until when; open to all once it is no longer a draft.
#[utoipa::path(
    tag = "benefits",
    params(("voucher_call_id" = Uuid, Path, description = "The call."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The call.", body = VoucherCall,
        headers(("ETag" = String, description = "Version of the call.")))),
)]
#[get("/v1/voucher-calls/{voucher_call_id}")]
pub async fn get_voucher_call(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let viewer = Viewer::of(actor.as_ref());
    let call =
        queries::voucher_calls::find(&mut &**reader, &viewer, id.0).await?.ok_or_else(Problem::not_found)?;
    answer(&held, &etag_of(call.version), &call)
}
