use super::employments::{Employment, employments_on};
use super::identity::{WORKER_TAX_CODE, WorkerIdentity};
use crate::schema::workers;
use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem, today};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A worker, as the worker sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerProfile {
    /// The worker.
    pub id: Uuid,
    /// Given name.
    #[schema(min_length = 1, max_length = 120, example = "Maria")]
    pub given_name: String,
    /// Family name.
    #[schema(min_length = 1, max_length = 120, example = "Rossi")]
    pub family_name: String,
    /// Tax code, of which only the last four characters are shown.
    #[schema(min_length = 16, max_length = 16, pattern = r"^\*{12}[0-9A-Z]{4}$", example = "************897B")]
    pub tax_code: String,
    /// Where the worker is employed today.
    #[schema(min_items = 0, max_items = 1000)]
    pub employments: Vec<Employment>,
}

/// Read one's own profile
///
/// The worker that the caller is, with today's employments.
#[utoipa::path(
    tag = "eligibility",
    responses((status = 200, description = "The worker.", body = WorkerProfile)),
)]
#[get("/v1/worker")]
pub async fn get_worker_profile(actor: Actor, db: Data<Db>, vault: Data<Vault>) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let (worker, sealed): (WorkerIdentity, Vec<u8>) = workers::table
        .filter(workers::territory_id.eq(actor.territory_id))
        .filter(workers::account_id.eq(actor.id))
        .select((WorkerIdentity::as_select(), workers::tax_code_sealed))
        .get_result(&mut &**reader)
        .await?;
    let tax_code = vault.open(WORKER_TAX_CODE, &sealed)?;
    let shown = tax_code.get(12..).and_then(|end| std::str::from_utf8(end).ok()).unwrap_or_default();
    let employments = employments_on(&mut &**reader, actor.territory_id, worker.id, today()).await?;
    Ok(HttpResponse::Ok().json(WorkerProfile {
        id: worker.id,
        given_name: worker.given_name,
        family_name: worker.family_name,
        tax_code: format!("************{shown}"),
        employments,
    }))
}
