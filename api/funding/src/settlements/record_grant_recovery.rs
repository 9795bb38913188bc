use crate::grant::{HeldGrant, ProjectGrant, hold_grant, load_view};
use crate::rules::recoveries::{Movement, first_uncovered_day};
use crate::schema::{grant_payments, grant_recoveries};
use crate::stance::{Author, agency};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Money, Problem, checks, new_id, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// Money that came back.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": "2019.20", "received_on": "2027-02-10", "reference": "Reversale n. 77"}))]
pub struct RecordGrantRecovery {
    /// EUR.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13,
             pattern = r"^(0\.(0[1-9]|[1-9]\d)|[1-9]\d{0,9}\.\d{2})$")]
    #[validate(custom(function = "checks::positive"))]
    pub amount: Money,
    /// Day on which it came; not in the future, and not before the payments that it comes from.
    #[schema(pattern = r"^20\d{2}-")]
    #[validate(custom(function = "checks::past_day"))]
    pub received_on: NaiveDate,
    /// Reference of the treasury's receipt, unique in the project.
    #[schema(min_length = 1, max_length = 140, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 140), custom(function = "checks::line"))]
    pub reference: String,
}

/// Record what the lead gave back
///
/// By the agency, once a settlement or a revocation says that something is to be given back; never more than that.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = RecordGrantRecovery,
    responses((status = 200, description = "The grant.", body = ProjectGrant,
                headers(("ETag" = String, description = "Version of the grant."))),
              (status = 409, description = "Less than that, or nothing, is to be given back (`grant_exceeded`), or the \
                                            reference is known (`already_exists`).")),
)]
#[post("/v1/projects/{project_id}/grant/recoveries")]
pub async fn record_grant_recovery(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<RecordGrantRecovery>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "record_grant_recovery", body.hash()).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        recover(conn, actor.territory_id, &held, &body, agency(&actor)).await?;
        let view = load_view(conn, actor.territory_id, *project_id).await?;
        Ok(Reply::ok(&view)?.etag(etag_of(view.version)))
    })
    .await
}

/// Records what came back, of a grant that the transaction holds.
pub(crate) async fn recover(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    HeldGrant { grant, project }: &HeldGrant,
    recovery: &RecordGrantRecovery,
    author: Author,
) -> Result<(), Problem> {
    let due = grant.to_give_back();
    if recovery.amount > due {
        let text = Text::new(format!("restano da restituire {due}"), format!("{due} is left to be given back"));
        let error =
            FieldError::pointer("/amount", "grant_exceeded").value(recovery.amount.to_string()).explain(&text);
        return Err(Problem::new(Code::GrantExceeded)
            .explain(format!("Restano da restituire {due}."), format!("{due} is left to be given back."))
            .with_error(error));
    }
    require_paid_before(conn, territory_id, project.id, recovery).await?;
    diesel::insert_into(grant_recoveries::table)
        .values((
            grant_recoveries::id.eq(new_id()),
            grant_recoveries::territory_id.eq(territory_id),
            grant_recoveries::project_id.eq(project.id),
            grant_recoveries::amount.eq(recovery.amount),
            grant_recoveries::received_on.eq(recovery.received_on),
            grant_recoveries::reference.eq(&recovery.reference),
            grant_recoveries::recorded_by.eq(author.id),
            grant_recoveries::recorded_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    publish(conn, territory_id, "grant.recovered", project.id, json!({ "amount": recovery.amount })).await?;
    Ok(())
}

/// Money comes back after it was paid: on no day, whatever was entered when, did the lead give back more than it had had.
async fn require_paid_before(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    project_id: Uuid,
    recovery: &RecordGrantRecovery,
) -> Result<(), Problem> {
    let paid: Vec<(Option<NaiveDate>, Money)> = grant_payments::table
        .filter(grant_payments::territory_id.eq(territory_id))
        .filter(grant_payments::project_id.eq(project_id))
        .filter(grant_payments::paid_on.is_not_null())
        .select((grant_payments::paid_on, grant_payments::amount))
        .load(conn)
        .await?;
    let paid: Vec<Movement> = paid.into_iter().filter_map(|(day, amount)| Some((day?, amount))).collect();
    let mut back: Vec<Movement> = grant_recoveries::table
        .filter(grant_recoveries::territory_id.eq(territory_id))
        .filter(grant_recoveries::project_id.eq(project_id))
        .select((grant_recoveries::received_on, grant_recoveries::amount))
        .load(conn)
        .await?;
    back.push((recovery.received_on, recovery.amount));
    let Some(day) = first_uncovered_day(&paid, &back) else { return Ok(()) };
    let text = Text::new(
        format!("al {day} il capofila avrebbe restituito più di quanto gli era stato pagato"),
        format!("by {day} the lead would have given back more than it had been paid"),
    );
    let error =
        FieldError::pointer("/received_on", "date_order").value(recovery.received_on.to_string()).explain(&text);
    Err(Problem::new(Code::ValidationFailed).with_error(error))
}
