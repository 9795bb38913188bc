use super::create_employee_import_ndjson::ImportQuery;
use super::receive::{ImportSettings, Push, Server, receive};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Path, Query};
use concilia_kernel::jobs::Job;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Problem};
use uuid::Uuid;

/// Push employees as CSV
///
/// RFC 4180 with a header line, in UTF-8 with or without byte order mark. The header line tells the
/// delimiter (`,`, `;` as Italian spreadsheets write, or tab) and the columns, in any order: those of
/// `create_employee_import_ndjson`, where `email`, `employed_to` and `workplace` may be left out. Booleans
/// may be `true`/`false`, `1`/`0`, `sì`/`no`. A record is at most 65,536 bytes over at most 16 lines.
///
/// Rows are treated as by `create_employee_import_ndjson`. A header line that lacks a column, repeats or
/// invents one fails the job with `csv_header_invalid`; its faults are listed on line 1.
#[utoipa::path(
    tag = "eligibility",
    params(
        ("employer_id" = Uuid, Path, description = "The employer."),
        ImportQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated push harmless: the same \
            key and body give the same job.", min_length = 1, max_length = 255),
    ),
    request_body(
        content = inline(concilia_kernel::extract::Upload), content_type = "text/csv", description = "Header line and employees.",
        example = "external_id;tax_code;given_name;family_name;employed_from;contract_type;shift_worker\n\
            00042;RSSMRA80A41E897B;Maria;Rossi;01/09/2019;permanent;sì\n",
    ),
    responses(
        (status = 202, description = "The job that imports them.", body = Job,
         headers(("Location" = String, description = "Address of the job."))),
        (status = 409, description = "A push with the same key is being received.",
         body = concilia_kernel::problem::ProblemDocument, content_type = "application/problem+json"),
    ),
)]
#[post("/v1/employers/{employer_id}/employee-imports/csv")]
#[allow(clippy::too_many_arguments, reason = "each argument is an extractor")]
pub async fn create_employee_import_csv(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    settings: Option<Data<ImportSettings>>,
    employer_id: Path<Uuid>,
    query: Query<ImportQuery>,
    key: IdempotencyKey,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let push = Push {
        operation: "create_employee_import_csv",
        employer_id: employer_id.into_inner(),
        mode: query.mode(),
        media_type: "text/csv",
    };
    receive(Server { actor, db, vault, settings }, push, key, &request, payload).await
}
