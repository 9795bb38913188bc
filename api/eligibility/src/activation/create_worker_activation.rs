use super::code::ActivationCode;
use crate::employees::tax_code_index;
use crate::household::{self, HouseholdFacts};
use crate::worker::{self, NewWorker};
use actix_web::{HttpResponse, post, web::Data};
use concilia_identity::Email;
use concilia_identity::accounts::{self, NewAccount};
use concilia_identity::password::{PasswordHash, hash_password};
use concilia_identity::throttle::{self, Target};
use concilia_kernel::auth::RoleBinding;
use concilia_kernel::db::{cached, transaction};
use concilia_kernel::extract::{Json, PeerAddress};
use concilia_kernel::identifiers::TaxCode;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Db, FieldError, Problem, Role, new_id, now, outbox};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What an employee gives to become a worker of the portal.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWorkerActivation {
    /// The person's tax code (codice fiscale).
    #[schema(min_length = 16, max_length = 16, pattern = "^[A-Za-z0-9]{16}$", example = "RSSMRA80A41E897B")]
    #[validate(length(min = 16, max = 16))]
    tax_code: String,
    /// The one-time code received from the employer; case, blanks and dashes do not matter.
    #[schema(min_length = 10, max_length = 20, pattern = "^[0-9A-Za-z -]{10,20}$", example = "7K3QX-M9T2V")]
    #[validate(length(min = 10, max = 20))]
    code: String,
    /// E-mail address of the new account.
    #[schema(format = "email", min_length = 3, max_length = 254, example = "maria.rossi@example.it")]
    #[validate(length(min = 3, max = 254))]
    email: String,
    /// Password of the new account.
    #[schema(format = "password", min_length = 12, max_length = 128, example = "una frase lunga e segreta")]
    #[validate(length(min = 12, max = 128))]
    password: String,
}

/// The worker that has been activated.
#[derive(Serialize, ToSchema)]
pub struct WorkerActivation {
    /// The worker.
    pub worker_id: Uuid,
    /// With which to log in.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

/// Activate a worker
///
/// With the tax code and the one-time code from the employer, makes the person's account. A code is good
/// once. Whatever is wrong with the pair, the answer is the same 401 `invalid_credentials`; whoever fails
/// again and again has to wait. A person who already has an account, because of another employer, is
/// refused a second one with 409: the one they have serves both employers from then on.
#[utoipa::path(
    tag = "eligibility",
    request_body(content = CreateWorkerActivation, example = json!({
        "tax_code": "RSSMRA80A41E897B", "code": "7K3QX-M9T2V",
        "email": "maria.rossi@example.it", "password": "una frase lunga e segreta",
    })),
    responses(
        (status = 201, description = "The worker.", body = WorkerActivation),
        (status = 409, description = "The e-mail address or the person already has an account.",
         body = concilia_kernel::problem::ProblemDocument, content_type = "application/problem+json"),
    ),
)]
#[post("/v1/worker-activations")]
pub async fn create_worker_activation(
    db: Data<Db>,
    vault: Data<Vault>,
    peer: PeerAddress,
    body: Json<CreateWorkerActivation>,
) -> Result<HttpResponse, Problem> {
    let email = Email::parse(&body.email, "/email")?;
    let person = Target::activation(&vault, &body.tax_code.to_ascii_uppercase());
    let targets = [person, Target::address(&vault, peer)];
    throttle::check(&mut &**db.reader().await?, &targets).await?;
    let claim = claim(&db, &vault, &body).await?;
    let Some(claim) = claim else {
        let mut conn = db.conn().await?;
        throttle::record_failure(&mut conn, &targets).await?;
        return Err(Problem::new(Code::InvalidCredentials));
    };
    let password = hash_password(&body.password).await?;
    let mut conn = db.conn().await?;
    throttle::reset(&mut conn, &person).await?;
    let activated =
        transaction(&mut conn, async |conn| activate(conn, &vault, &claim, email, &password).await).await?;
    // The refusal comes after the commit: the account that the person has now serves this employer too.
    activated.map(|activated| HttpResponse::Created().json(activated)).ok_or_else(has_account)
}

fn has_account() -> Problem {
    Problem::new(Code::AlreadyExists)
        .explain(
            "La persona ha già un accesso: da ora vale anche per questo datore di lavoro.",
            "The person already has an account: from now on it serves this employer too.",
        )
        .with_error(FieldError::pointer("/tax_code", "duplicate"))
}

/// A good pair of tax code and one-time code.
struct Claim {
    tax_code: TaxCode,
    hash: Vec<u8>,
    employee: Claimant,
}

#[derive(QueryableByName)]
struct Claimant {
    #[diesel(sql_type = SqlUuid)]
    territory_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    employer_id: Uuid,
    #[diesel(sql_type = Binary)]
    tax_code_index: Vec<u8>,
    #[diesel(sql_type = Text)]
    given_name: String,
    #[diesel(sql_type = Text)]
    family_name: String,
}

/// The employee to whom the pair belongs; `None` whatever is wrong with it.
async fn claim(db: &Db, vault: &Vault, body: &CreateWorkerActivation) -> Result<Option<Claim>, Problem> {
    let (Ok(tax_code), Some(code)) = (TaxCode::parse(&body.tax_code), ActivationCode::parse(&body.code)) else {
        return Ok(None);
    };
    let hash = code.hash(vault).to_vec();
    let employee: Option<Claimant> = cached(
        diesel::sql_query(
            "SELECT e.territory_id, e.employer_id, e.tax_code_index, e.given_name, e.family_name \
             FROM activation_codes c JOIN employees e ON e.id = c.employee_id \
             WHERE c.code_hash = $1 AND c.used_at IS NULL AND c.revoked_at IS NULL AND c.expires_at > $2",
        )
        .bind::<Binary, _>(&hash)
        .bind::<Timestamptz, _>(now()),
    )
    .get_result(&mut db.conn().await?)
    .await
    .optional()?;
    Ok(employee
        .filter(|employee| {
            tax_code_index(vault, employee.territory_id, &tax_code).as_slice() == employee.tax_code_index
        })
        .map(|employee| Claim { tax_code, hash, employee }))
}

async fn activate(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    claim: &Claim,
    email: Email,
    password: &PasswordHash,
) -> Result<Option<WorkerActivation>, Problem> {
    use_code(conn, &claim.hash).await?;
    let Claimant { territory_id, employer_id, tax_code_index, given_name, family_name } = &claim.employee;
    let role = RoleBinding { role: Role::Worker, organisation_id: *employer_id };
    if let Some(account_id) = worker::account_of(conn, *territory_id, tax_code_index).await? {
        accounts::grant_role(conn, *territory_id, account_id, role).await?;
        return Ok(None);
    }
    let account_id = new_id();
    let display_name: String = format!("{given_name} {family_name}").chars().take(200).collect();
    let account = NewAccount {
        id: account_id,
        territory_id: *territory_id,
        email: &email,
        display_name: &display_name,
        password,
    };
    accounts::create_account(conn, account).await.map_err(|error| match error {
        diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _) => {
            Problem::new(Code::AlreadyExists)
                .explain(
                    "L'indirizzo e-mail è già di un altro accesso.",
                    "The e-mail address already belongs to another account.",
                )
                .with_error(FieldError::pointer("/email", "duplicate"))
        }
        other => other.into(),
    })?;
    accounts::grant_role(conn, *territory_id, account_id, role).await?;
    let worker_id = new_id();
    let worker = NewWorker { id: worker_id, account_id, tax_code: &claim.tax_code, given_name, family_name };
    worker::insert_worker(conn, vault, *territory_id, worker).await?;
    household::insert_household(conn, vault, *territory_id, new_id(), worker_id, &HouseholdFacts::default())
        .await?;
    outbox::publish(conn, *territory_id, "worker.activated", worker_id, json!({"employer_id": employer_id}))
        .await?;
    Ok(Some(WorkerActivation { worker_id, email: email.as_str().to_owned() }))
}

/// Spends the code: of two that use it at once, one finds it used.
async fn use_code(conn: &mut AsyncPgConnection, hash: &[u8]) -> Result<(), Problem> {
    let spent = cached(
        diesel::sql_query(
            "UPDATE activation_codes SET used_at = $2 \
             WHERE code_hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2",
        )
        .bind::<Binary, _>(hash)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(conn)
    .await?;
    if spent == 1 { Ok(()) } else { Err(Problem::new(Code::InvalidCredentials)) }
}
