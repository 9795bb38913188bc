use crate::report::PlanCheck;
use crate::{MOST_KEYS, Unreadable, check};
use actix_web::{post, web};
use concilia_kernel::extract::JsonBytes;
use concilia_kernel::{Code, FieldError, Problem, language};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// Largest plan, in bytes: forty times the real one.
pub const PLAN_LIMIT: usize = 1024 * 1024;

/// A plan as data, in the shape of `openapi/plan.schema.json` of the product. Sections and fields may be missing.
#[derive(Debug)]
pub struct PlanDocument;

impl PartialSchema for PlanDocument {
    fn schema() -> RefOr<Schema> {
        let any = Schema::Object(ObjectBuilder::new().schema_type(SchemaType::AnyValue).build());
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(
                "A plan as data, in the shape of `openapi/plan.schema.json`. Sections and fields may be missing.",
            ))
            .additional_properties(Some(any))
            .max_properties(Some(MOST_KEYS))
            .into()
    }
}

impl ToSchema for PlanDocument {}

/// Check a plan
///
/// Compares every sum, share, percentage and rule that a plan written as data states, one against the other, and lists
/// what does not hold: which rule, where, what was expected, what was found. Nothing is stored.
///
/// A section or a figure that is missing skips the rules that need it: `checked` tells which were applied. A value of
/// the wrong type is a finding of the rule `value_unreadable`. The body has at most 1,048,576 bytes; what is not a JSON
/// object is refused with 400. `concilia check-plan` does the same to a file.
#[utoipa::path(
    tag = "planning",
    request_body(content = PlanDocument, description = "The plan as data.", example = json!({
        "plan": {"title": "Piano 2026-2028", "from": 2026, "to": 2028, "resources": {"total": "100000.00",
            "local_alliances": "80000.00", "system_actions": "20000.00", "system_actions_share": "0.20"}},
        "allocation": {"budget": "80000.00", "final_band_percentages": ["0.80"],
            "rows": [{"lead": "Comune di Esempio", "cost": "150000", "requested": "100000", "score": 60, "band": 1,
                "percentage": "0.80", "assigned": "80000.00"}],
            "totals": {"cost": "150000", "requested": "100000", "score": 60, "assigned": "80000.00"}},
    })),
    responses((status = 200, description = "What was found.", body = PlanCheck)),
)]
#[post("/v1/plan-checks")]
pub async fn check_plan(body: JsonBytes<PLAN_LIMIT>) -> Result<web::Json<PlanCheck>, Problem> {
    let language = language::current().language;
    let checked = web::block(move || check(&body).map(|report| report.answer(language)));
    Ok(web::Json(checked.await.map_err(Problem::internal)?.map_err(|unreadable| refusal(&unreadable))?))
}

fn refusal(unreadable: &Unreadable) -> Problem {
    let problem = Problem::new(Code::MalformedRequest);
    match unreadable {
        Unreadable::NotUtf8 { .. } => problem.explain("Il corpo non è UTF-8.", "The body is not UTF-8."),
        Unreadable::NotJson { line, column, .. } => problem.explain(
            format!("JSON malformato alla riga {line}, colonna {column}."),
            format!("Malformed JSON at line {line}, column {column}."),
        ),
        Unreadable::TooManyKeys => Problem::invalid("", "too_many"),
        Unreadable::NotAnObject => problem.with_error(FieldError::pointer("", "type")),
    }
}
