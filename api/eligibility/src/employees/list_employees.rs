use super::employee::{self, Employee, Narrowing};
use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::extract::{Path, Query};
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem, Role, today};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which employees to list.
#[derive(Debug, Deserialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListEmployeesQuery {
    /// Only those whose last day of employment has come (`true`) or has not (`false`).
    pub ended: Option<bool>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List employees
///
/// The employees of the caller's organisation, in the order of their external ids.
#[utoipa::path(
    tag = "eligibility",
    params(("employer_id" = Uuid, Path, description = "The employer."), ListEmployeesQuery),
    responses((status = 200, description = "A page of employees.", body = Page<Employee>)),
)]
#[get("/v1/employers/{employer_id}/employees")]
pub async fn list_employees(
    actor: Actor,
    db: Data<Db>,
    employer_id: Path<Uuid>,
    query: Query<ListEmployeesQuery>,
) -> Result<HttpResponse, Problem> {
    actor.require(Role::Employer, *employer_id)?;
    let after: Option<String> = decode_cursor(query.cursor.as_deref())?;
    let narrowing = Narrowing { after: after.as_deref(), ended: query.ended.map(|ended| (today(), ended)) };
    let limit = limit_or_default(query.limit);
    let reader = db.reader().await?;
    let rows = employee::list(&mut &**reader, actor.territory_id, *employer_id, narrowing, limit).await?;
    Ok(HttpResponse::Ok().json(page(rows, limit, |employee| employee.external_id.clone())))
}
