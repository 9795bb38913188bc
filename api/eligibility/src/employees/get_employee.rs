use super::employee::{self, Employee, EmployeePath};
use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Problem, Role};

/// Read an employee
///
/// One employee of the caller's organisation, by the employer's own identifier.
#[utoipa::path(
    tag = "eligibility",
    params(
        ("employer_id" = Uuid, Path, description = "The employer."),
        ("external_id" = String, Path, description = "The employer's own identifier of the person.",
         min_length = 1, max_length = 64),
    ),
    responses((status = 200, description = "The employee.", body = Employee)),
)]
#[get("/v1/employers/{employer_id}/employees/{external_id}")]
pub async fn get_employee(actor: Actor, db: Data<Db>, path: Path<EmployeePath>) -> Result<HttpResponse, Problem> {
    actor.require(Role::Employer, path.employer_id)?;
    let reader = db.reader().await?;
    let found = employee::find(&mut &**reader, actor.territory_id, path.employer_id, &path.external_id).await?;
    Ok(HttpResponse::Ok().json(found))
}
