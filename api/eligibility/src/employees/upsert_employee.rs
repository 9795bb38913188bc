use super::employee::{self, Employee};
use super::{ContractType, EmployeeBatch, EmployeePath, TaxCodes, lock_employees};
use crate::imports::{Field, Raw, RawRow, check};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, put, web::Data};
use chrono::NaiveDate;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, FieldError, Problem, Role};
use serde::Deserialize;
use std::borrow::Cow;
use utoipa::ToSchema;
use validator::Validate;

/// An employee as the employer's system of record has it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpsertEmployee {
    /// Tax code (codice fiscale) of the person; omocodia and lower case are admitted.
    #[schema(
        min_length = 16,
        max_length = 16,
        example = "RSSMRA80A41E897B",
        pattern = "^[A-Za-z]{6}[0-9L-NP-Vl-np-v]{2}[A-EHLMPR-Ta-ehlmpr-t][0-9L-NP-Vl-np-v]{2}[A-IL-MZa-il-mz][0-9L-NP-Vl-np-v]{3}[A-Za-z]$"
    )]
    #[validate(length(max = 64))]
    tax_code: String,
    /// Given name.
    #[schema(
        min_length = 1,
        max_length = 120,
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$",
        example = "Maria"
    )]
    #[validate(length(min = 1, max = 120))]
    given_name: String,
    /// Family name.
    #[schema(
        min_length = 1,
        max_length = 120,
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$",
        example = "Rossi"
    )]
    #[validate(length(min = 1, max = 120))]
    family_name: String,
    /// E-mail address at work.
    #[schema(format = "email", max_length = 254)]
    #[validate(length(max = 254))]
    email: Option<String>,
    /// First day of employment, 1900 to 2199.
    #[schema(example = "2019-09-01")]
    employed_from: NaiveDate,
    /// Last day of employment, once known; not before `employed_from`.
    employed_to: Option<NaiveDate>,
    /// Form of employment.
    contract_type: ContractType,
    /// Whether the person works in shifts.
    shift_worker: bool,
    /// Where the person works.
    #[schema(max_length = 200, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    #[validate(length(max = 200))]
    workplace: Option<String>,
}

impl UpsertEmployee {
    /// As a row of a push, so that one set of rules serves both.
    fn row<'a>(&'a self, external_id: &'a str) -> RawRow<'a> {
        let mut row = RawRow::default();
        let text = |text: &'a str| Raw::Text(Cow::Borrowed(text));
        row.set(Field::ExternalId, text(external_id));
        row.set(Field::TaxCode, text(&self.tax_code));
        row.set(Field::GivenName, text(&self.given_name));
        row.set(Field::FamilyName, text(&self.family_name));
        row.set(Field::Email, self.email.as_deref().map_or(Raw::Missing, text));
        row.set(Field::EmployedFrom, Raw::Text(self.employed_from.to_string().into()));
        row.set(Field::EmployedTo, self.employed_to.map_or(Raw::Missing, |day| Raw::Text(day.to_string().into())));
        row.set(Field::ContractType, text(self.contract_type.as_str()));
        row.set(Field::ShiftWorker, Raw::Bool(self.shift_worker));
        row.set(Field::Workplace, self.workplace.as_deref().map_or(Raw::Missing, text));
        row
    }
}

/// Push one employee
///
/// Creates the employee or replaces all that is known of it. The employer's HR system is the system of
/// record, and what it says last holds: the request is idempotent and asks for no `If-Match`. The
/// same content again changes nothing.
#[utoipa::path(
    tag = "eligibility",
    params(
        ("employer_id" = Uuid, Path, description = "The employer."),
        ("external_id" = String, Path, description = "The employer's own identifier of the person.",
         min_length = 1, max_length = 64,
         pattern = r"^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$"),
    ),
    request_body(content = UpsertEmployee, example = json!({
        "tax_code": "RSSMRA80A41E897B", "given_name": "Maria", "family_name": "Rossi",
        "email": "maria.rossi@example.it", "employed_from": "2019-09-01", "employed_to": null,
        "contract_type": "permanent", "shift_worker": true, "workplace": "Mantova",
    })),
    responses(
        (status = 200, description = "The employee, changed or as it was.", body = Employee),
        (status = 201, description = "The employee, new.", body = Employee,
         headers(("Location" = String, description = "Address of the employee."))),
        (status = 409, description = "The tax code is another employee's.",
         body = concilia_kernel::problem::ProblemDocument, content_type = "application/problem+json"),
    ),
)]
#[put("/v1/employers/{employer_id}/employees/{external_id}")]
pub async fn upsert_employee(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    path: Path<EmployeePath>,
    body: Json<UpsertEmployee>,
) -> Result<HttpResponse, Problem> {
    actor.require(Role::Employer, path.employer_id)?;
    let row = body.row(&path.external_id);
    let mut faults = vec![];
    let Some(row) = check(&row, &mut faults) else {
        return Err(Problem::new(Code::ValidationFailed).with_errors(faults.iter().map(
            |fault| match &fault.field {
                Some(field) if field == Field::ExternalId.as_str() => {
                    FieldError::parameter("external_id", fault.code)
                }
                field => FieldError::pointer(format!("/{}", field.as_deref().unwrap_or_default()), fault.code),
            },
        )));
    };
    let mut batch = EmployeeBatch::default();
    batch.push(&vault, actor.territory_id, 1, &row);
    let mut conn = db.conn().await?;
    let (created, employee) = transaction(&mut conn, async |conn| {
        lock_employees(conn, path.employer_id).await?;
        let outcome = batch.write(conn, actor.territory_id, path.employer_id, TaxCodes::Checked).await?;
        if !outcome.taken.is_empty() {
            return Err(Problem::new(Code::AlreadyExists)
                .with_error(FieldError::pointer("/tax_code", "tax_code_of_another_employee")));
        }
        let employee = employee::find(conn, actor.territory_id, path.employer_id, row.external_id).await?;
        Ok((outcome.created == 1, employee))
    })
    .await?;
    let mut answer = HttpResponse::build(if created { StatusCode::CREATED } else { StatusCode::OK });
    if created {
        answer.insert_header((header::LOCATION, location(&path)));
    }
    Ok(answer.json(employee))
}

/// Address of an employee, whose identifier may hold any character.
fn location(path: &EmployeePath) -> String {
    let external_id = path.external_id.trim().bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    });
    format!("/v1/employers/{}/employees/{}", path.employer_id, external_id.collect::<String>())
}
