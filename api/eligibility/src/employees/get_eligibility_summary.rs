use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::db::cached;
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem, Role, today};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An employer's people in numbers, today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, QueryableByName, ToSchema)]
pub struct EligibilitySummary {
    /// Employed beyond today, or to begin later.
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub employed: i64,
    /// Whose last day of employment has come.
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub ended: i64,
    /// Employed who work in shifts.
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub shift_workers: i64,
    /// Employed who have activated an account.
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub activated: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Bool)]
    known: bool,
    #[diesel(embed)]
    summary: EligibilitySummary,
}

const SUMMARY: &str = "\
SELECT EXISTS (SELECT FROM employees WHERE territory_id = $1 AND employer_id = $2) AS known,
  count(*) FILTER (WHERE now) AS employed,
  count(*) FILTER (WHERE NOT now) AS ended,
  count(*) FILTER (WHERE now AND shift_worker) AS shift_workers,
  count(*) FILTER (WHERE now AND active) AS activated
FROM (
  SELECT e.employed_to IS NULL OR e.employed_to > $3 AS now, e.shift_worker, w.id IS NOT NULL AS active
  FROM employees e LEFT JOIN workers w ON w.territory_id = e.territory_id AND w.tax_code_index = e.tax_code_index
  WHERE e.territory_id = $1 AND e.employer_id = $2
) AS people";

/// Count an employer's people
///
/// Numbers only: for the employer, and for the officers of its territory.
#[utoipa::path(
    tag = "eligibility",
    params(("employer_id" = Uuid, Path, description = "The employer.")),
    responses((status = 200, description = "The numbers.", body = EligibilitySummary)),
)]
#[get("/v1/employers/{employer_id}/eligibility-summary")]
pub async fn get_eligibility_summary(
    actor: Actor,
    db: Data<Db>,
    employer_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    actor.require_any(&[Role::Employer, Role::Ats], *employer_id)?;
    let mut conn = db.conn().await?;
    let row: Row = cached(
        diesel::sql_query(SUMMARY)
            .bind::<SqlUuid, _>(actor.territory_id)
            .bind::<SqlUuid, _>(*employer_id)
            .bind::<Date, _>(today()),
    )
    .get_result(&mut conn)
    .await?;
    if !row.known && !actor.holds(Role::Employer, *employer_id) {
        return Err(Problem::not_found());
    }
    Ok(HttpResponse::Ok().json(row.summary))
}
