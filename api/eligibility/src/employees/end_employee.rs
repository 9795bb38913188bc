use super::employee::{self, Employee, EmployeePath};
use super::lock_employees;
use crate::schema::employees;
use actix_web::{HttpResponse, post, web::Data};
use chrono::{Datelike, NaiveDate};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::{Actor, Db, Problem, Role, now};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// The end of an employment.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndEmployee {
    /// Last day of employment, past or to come, up to 2199; not before the first.
    #[schema(example = "2026-12-31")]
    employed_to: NaiveDate,
}

/// End an employment
///
/// Sets the last day of employment. The same day again changes nothing.
#[utoipa::path(
    tag = "eligibility",
    params(
        ("employer_id" = Uuid, Path, description = "The employer."),
        ("external_id" = String, Path, description = "The employer's own identifier of the person.",
         min_length = 1, max_length = 64),
    ),
    request_body(content = EndEmployee, example = json!({"employed_to": "2026-12-31"})),
    responses((status = 200, description = "The employee.", body = Employee)),
)]
#[post("/v1/employers/{employer_id}/employees/{external_id}/end")]
pub async fn end_employee(
    actor: Actor,
    db: Data<Db>,
    path: Path<EmployeePath>,
    body: Json<EndEmployee>,
) -> Result<HttpResponse, Problem> {
    actor.require(Role::Employer, path.employer_id)?;
    if body.employed_to.year() >= 2200 {
        return Err(Problem::invalid("/employed_to", "range"));
    }
    let mut conn = db.conn().await?;
    let ended = transaction(&mut conn, async |conn| {
        lock_employees(conn, path.employer_id).await?;
        let found = employee::find(conn, actor.territory_id, path.employer_id, &path.external_id).await?;
        if body.employed_to < found.employed_from {
            return Err(Problem::invalid("/employed_to", "date_order"));
        }
        if found.employed_to == Some(body.employed_to) {
            return Ok(found);
        }
        let instant = now();
        diesel::update(employees::table)
            .filter(employees::territory_id.eq(actor.territory_id))
            .filter(employees::employer_id.eq(path.employer_id))
            .filter(employees::external_id.eq(&path.external_id))
            .set((employees::employed_to.eq(body.employed_to), employees::updated_at.eq(instant)))
            .execute(conn)
            .await?;
        Ok(Employee { employed_to: Some(body.employed_to), updated_at: instant, ..found })
    })
    .await?;
    Ok(HttpResponse::Ok().json(ended))
}
