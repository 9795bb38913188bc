use super::{Allocation, AllocationRow};
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, Query, etag_of};
use concilia_kernel::page::page;
use concilia_kernel::{Actor, Db, PageQuery, Problem, Role};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An allocation with a page of its rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllocationWithRows {
    /// The run.
    #[serde(flatten)]
    pub allocation: Allocation,
    /// Projects of this page, from the best score.
    #[schema(min_items = 0, max_items = 200)]
    pub items: Vec<AllocationRow>,
    /// Cursor of the next page; null on the last one.
    #[schema(required, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub next: Option<String>,
}

/// Get an allocation
///
/// The run and a page of its projects. The agency sees every run; evaluators and leads those that are or were in force.
#[utoipa::path(
    tag = "allocation",
    params(("allocation_id" = Uuid, Path, description = "The allocation."), PageQuery),
    responses((status = 200, description = "The allocation.", body = AllocationWithRows,
        headers(("ETag" = String, description = "Version of the allocation.")))),
)]
#[get("/v1/allocations/{allocation_id}")]
pub async fn get_allocation(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    query: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after: Option<i32> = query.after()?;
    let limit = query.limit();
    let reader = db.reader().await?;
    let (mut runs, mut listed) = (&**reader, &**reader);
    let (allocation, rows) = futures_util::try_join!(
        queries::allocations::find(&mut runs, actor.territory_id, actor.has(Role::Ats), id.0),
        queries::allocation_rows::list(&mut listed, actor.territory_id, id.0, after, Some(limit)),
    )?;
    let allocation = allocation.ok_or_else(Problem::not_found)?;
    let rows = page(rows, limit, |row| row.position).map(AllocationRow::from);
    let tag = etag_of(allocation.version);
    let answer = AllocationWithRows { allocation, items: rows.items, next: rows.next };
    Ok(HttpResponse::Ok().insert_header(("ETag", tag)).json(answer))
}
