use super::family_plan::{FamilyPlan, FamilyPlanItem, FamilyPlanState, Header};
use super::queries::{already_submitted, total_of};
use crate::rules::BookingRule;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, OptionalJson, Path, etag_of};
use concilia_kernel::idempotency::RequestIdentity;
use concilia_kernel::{Actor, Code, Db, FieldError, Money, Problem};
use diesel::result::Error;
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Numeric, SmallInt, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// What the family expects of the submission.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitFamilyPlan {
    /// Most that the family is ready to add in all. Without it no item may cost the family more than the plan's last
    /// preview showed when it was written.
    #[schema(value_type = Option<String>, format = "decimal", max_length = 13, pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$", example = "12.50")]
    #[validate(custom(function = "not_negative"))]
    #[serde(default)]
    pub expected_family_share: Option<Money>,
}

fn not_negative(amount: &Money) -> Result<(), ValidationError> {
    if *amount < Money::ZERO { Err(ValidationError::new("range")) } else { Ok(()) }
}

/// Submit a family plan
///
/// All items become orders that hold money on their vouchers and a place of their sessions, or none does: a refusal
/// names the line and the rule. The family never adds more than it was shown: when a voucher covers less than that by
/// now, the answer is 409 `insufficient_balance`, and a look at the plan shows the new figures.
#[utoipa::path(
    tag = "marketplace",
    params(
        ("family_plan_id" = Uuid, Path, description = "The plan."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
         min_length = 1, max_length = 255),
        ("If-Match" = Option<String>, Header, description = "Version that is submitted, if it matters.",
         min_length = 1, max_length = 255),
    ),
    request_body(content = Option<SubmitFamilyPlan>, example = json!({"expected_family_share": "12.50"})),
    responses(
        (status = 200, description = "The plan with its orders.", body = FamilyPlan,
         headers(("ETag" = String, description = "Version of the plan."))),
        (status = 409, description = "An item cannot be ordered, or the plan has been submitted."),
        (status = 412, description = "The plan has changed since."),
    ),
)]
#[post("/v1/family-plans/{family_plan_id}/submit")]
pub async fn submit_family_plan(
    actor: Actor,
    db: Data<Db>,
    family_plan_id: Path<Uuid>,
    key: IdempotencyKey,
    versions: Option<IfMatch>,
    body: OptionalJson<SubmitFamilyPlan>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "submit_family_plan", body.hash()).with_path(*family_plan_id);
    let expected = body.value().and_then(|body| body.expected_family_share);
    let mut conn = db.conn().await?;
    let plan = submit(&mut conn, &actor, *family_plan_id, versions.as_ref(), expected, &request).await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(plan.version))).json(plan))
}

#[derive(QueryableByName)]
struct Outcome {
    #[diesel(sql_type = Text, column_name = outcome)]
    kind: String,
    #[diesel(sql_type = Nullable<SmallInt>)]
    refused_line: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    rule: Option<BookingRule>,
    #[diesel(sql_type = Nullable<Text>)]
    body: Option<String>,
}

/// One round trip: see the function in the migration.
pub(super) async fn submit(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    id: Uuid,
    versions: Option<&IfMatch>,
    expected_share: Option<Money>,
    request: &RequestIdentity,
) -> Result<FamilyPlan, Problem> {
    let query =
        sql_query("SELECT outcome, refused_line, rule, body FROM submit_family_plan($1, $2, $3, $4, $5, $6, $7)")
            .bind::<SqlUuid, _>(actor.territory_id)
            .bind::<SqlUuid, _>(actor.id)
            .bind::<SqlUuid, _>(id)
            .bind::<Nullable<Array<BigInt>>, _>(versions.and_then(IfMatch::versions))
            .bind::<Nullable<Numeric>, _>(expected_share)
            .bind::<Nullable<Text>, _>(request.key.as_deref())
            .bind::<Binary, _>(&request.hash);
    let outcome: Outcome = cached(query).get_result(conn).await.map_err(undone)?;
    written_out(outcome)
}

/// A refusal that had to undo the lines before it.
fn undone(error: Error) -> Problem {
    if let Error::DatabaseError(_, info) = &error
        && info.message() == "family_plan_refused"
        && let Some((line, rule)) = info.details().and_then(|detail| detail.split_once(' '))
        && let (Ok(line), Ok(rule)) = (line.parse(), rule.parse::<BookingRule>())
    {
        return rule.of_line(line);
    }
    error.into()
}

/// What the statement answers, and stores for a repeated request.
#[derive(Deserialize)]
struct Answer {
    id: Uuid,
    store_id: Uuid,
    version: i64,
    created_at: DateTime<Utc>,
    submitted_at: DateTime<Utc>,
    lines: Vec<AnswerLine>,
}

#[derive(Deserialize)]
struct AnswerLine {
    line: i16,
    provider_id: Uuid,
    service_id: Uuid,
    service_session_id: Option<Uuid>,
    household_member_id: Uuid,
    voucher_id: Option<Uuid>,
    quantity: i32,
    note: Option<String>,
    unit_price: Money,
    covered: Money,
    available: Option<Money>,
    order_id: Uuid,
}

fn written_out(outcome: Outcome) -> Result<FamilyPlan, Problem> {
    match (outcome.kind.as_str(), outcome.body) {
        ("done" | "replayed", Some(body)) => compose(serde_json::from_str(&body).map_err(Problem::internal)?),
        ("not_found", _) => Err(Problem::not_found()),
        ("key_reused", _) => Err(Problem::new(Code::IdempotencyKeyReused)
            .with_error(FieldError::parameter("Idempotency-Key", "idempotency_key_reused"))),
        ("not_draft", _) => Err(already_submitted()),
        ("stale", _) => Err(IfMatch::stale()),
        (other, _) => match (outcome.refused_line, outcome.rule) {
            (Some(line), Some(rule)) => Err(rule.of_line(line)),
            _ => Err(Problem::internal(format!("unknown outcome {other}"))),
        },
    }
}

fn compose(answer: Answer) -> Result<FamilyPlan, Problem> {
    let header = Header {
        id: answer.id,
        store_id: answer.store_id,
        state: FamilyPlanState::Submitted,
        version: answer.version,
        created_at: answer.created_at,
        submitted_at: Some(answer.submitted_at),
    };
    let available: Vec<_> = answer.lines.iter().filter_map(|line| line.voucher_id.zip(line.available)).collect();
    let items = answer.lines.into_iter().map(AnswerLine::into_item).collect::<Result<_, _>>()?;
    Ok(FamilyPlan::compose(&header, items, &available))
}

impl AnswerLine {
    fn into_item(self) -> Result<FamilyPlanItem, Problem> {
        let total = total_of(self.unit_price, self.quantity)?;
        Ok(FamilyPlanItem {
            line: self.line,
            provider_id: self.provider_id,
            service_id: self.service_id,
            service_session_id: self.service_session_id,
            household_member_id: self.household_member_id,
            voucher_id: self.voucher_id,
            quantity: self.quantity,
            note: self.note,
            unit_price: self.unit_price,
            total,
            covered: self.covered,
            family_share: total - self.covered,
            order_id: Some(self.order_id),
            warnings: vec![],
        })
    }
}
