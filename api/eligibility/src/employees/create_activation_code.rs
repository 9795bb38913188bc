use super::EmployeePath;
use crate::activation::code::ActivationCode;
use crate::schema::{activation_codes, employees};
use actix_web::http::header;
use actix_web::{HttpResponse, post, web::Data};
use chrono::{DateTime, Duration, Utc};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::Path;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem, Role, new_id, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How long a code is good.
const DAYS: i64 = 30;

/// A one-time code to hand to the employee. It is shown this once and kept nowhere.
#[derive(Serialize, ToSchema)]
pub struct NewActivationCode {
    /// Ten characters of Crockford's base 32, in two groups.
    #[schema(
        min_length = 11,
        max_length = 11,
        pattern = "^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$",
        example = "7K3QX-M9T2V"
    )]
    pub code: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Make an activation code
///
/// With the tax code and this code the employee activates an account as a worker, once. A new code
/// revokes the one before, so that a request repeated by mistake leaves one good code.
#[utoipa::path(
    tag = "eligibility",
    params(
        ("employer_id" = Uuid, Path, description = "The employer."),
        ("external_id" = String, Path, description = "The employer's own identifier of the person.",
         min_length = 1, max_length = 64),
    ),
    responses((status = 201, description = "The code.", body = NewActivationCode)),
)]
#[post("/v1/employers/{employer_id}/employees/{external_id}/activation-codes")]
pub async fn create_activation_code(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    path: Path<EmployeePath>,
) -> Result<HttpResponse, Problem> {
    actor.require(Role::Employer, path.employer_id)?;
    let mut conn = db.conn().await?;
    let made = transaction(&mut conn, async |conn| {
        // The row's lock lets one code at a time be made for an employee.
        let employee_id = employees::table
            .filter(employees::territory_id.eq(actor.territory_id))
            .filter(employees::employer_id.eq(path.employer_id))
            .filter(employees::external_id.eq(&path.external_id))
            .select(employees::id)
            .for_no_key_update()
            .get_result::<Uuid>(conn)
            .await?;
        make(conn, &vault, &actor, employee_id).await
    })
    .await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(made))
}

async fn make(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    actor: &Actor,
    employee_id: Uuid,
) -> Result<NewActivationCode, Problem> {
    let live = activation_codes::table
        .filter(activation_codes::employee_id.eq(employee_id))
        .filter(activation_codes::used_at.is_null())
        .filter(activation_codes::revoked_at.is_null());
    diesel::update(live).set(activation_codes::revoked_at.eq(now())).execute(conn).await?;
    let code = ActivationCode::generate()?;
    let expires_at = now() + Duration::days(DAYS);
    diesel::insert_into(activation_codes::table)
        .values((
            activation_codes::id.eq(new_id()),
            activation_codes::territory_id.eq(actor.territory_id),
            activation_codes::employee_id.eq(employee_id),
            activation_codes::code_hash.eq(code.hash(vault).to_vec()),
            activation_codes::created_by.eq(actor.id),
            activation_codes::created_at.eq(now()),
            activation_codes::expires_at.eq(expires_at),
        ))
        .execute(conn)
        .await?;
    Ok(NewActivationCode { code: code.grouped(), expires_at })
}
