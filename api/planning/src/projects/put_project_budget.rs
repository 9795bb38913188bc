use super::detail::{ProjectDetail, load_detail};
use super::queries::update_budget;
use super::update_project::answered;
use super::visibility::{hold_for_lead, require_editable};
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path};
use concilia_kernel::{Actor, Db, Money, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// The budget of a project by cost item, in EUR; each amount from 0.00 to 99,999,999.99.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "staff": "14142.85", "coordination": "8550.00", "goods": "0.00", "services": "42000.00", "vouchers": "0.00",
    "general": "1000.00", "requested_grant": "40000.00"
}))]
pub struct ProjectBudgetInput {
    /// A: staff, internal and external.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 11, pattern = r"^(0|[1-9]\d{0,7})\.\d{2}$")]
    #[validate(custom(function = "an_amount"))]
    pub staff: Money,
    /// Part of A that goes to coordination, monitoring and reporting.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 11, pattern = r"^(0|[1-9]\d{0,7})\.\d{2}$")]
    #[validate(custom(function = "an_amount"))]
    pub coordination: Money,
    /// B: goods and software.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 11, pattern = r"^(0|[1-9]\d{0,7})\.\d{2}$")]
    #[validate(custom(function = "an_amount"))]
    pub goods: Money,
    /// C: services bought.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 11, pattern = r"^(0|[1-9]\d{0,7})\.\d{2}$")]
    #[validate(custom(function = "an_amount"))]
    pub services: Money,
    /// D: vouchers and reimbursements to families.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 11, pattern = r"^(0|[1-9]\d{0,7})\.\d{2}$")]
    #[validate(custom(function = "an_amount"))]
    pub vouchers: Money,
    /// E: general costs.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 11, pattern = r"^(0|[1-9]\d{0,7})\.\d{2}$")]
    #[validate(custom(function = "an_amount"))]
    pub general: Money,
    /// Asked of the agency.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 11, pattern = r"^(0|[1-9]\d{0,7})\.\d{2}$")]
    #[validate(custom(function = "an_amount"))]
    pub requested_grant: Money,
}

/// Any number of such amounts that a budget adds up stays an amount of money.
#[allow(clippy::trivially_copy_pass_by_ref)] // validator hands out references
fn an_amount(amount: &Money) -> Result<(), ValidationError> {
    let good = (0..=9_999_999_999).contains(&amount.cents());
    if good { Ok(()) } else { Err(ValidationError::new("range")) }
}

/// Write the budget of a project
///
/// Rewrites the cost items and the requested grant of a draft, or of a project of which integrations are asked. The
/// amounts need not add up yet: `check_project` shows what does not, and `submit_project` refuses it.
#[utoipa::path(
    tag = "planning",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body = ProjectBudgetInput,
    responses((status = 200, description = "The changed project.", body = ProjectDetail,
                headers(("ETag" = String, description = "Version of the project."))),
              (status = 409, description = "The project can no longer be changed: `transition_not_allowed`.")),
)]
#[put("/v1/projects/{project_id}/budget")]
pub async fn put_project_budget(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: IfMatch,
    body: Json<ProjectBudgetInput>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let project = transaction(&mut conn, async |conn| {
        let held = hold_for_lead(conn, &actor, id.0).await?;
        seen.check(held.version)?;
        require_editable(&held)?;
        update_budget(conn, actor.territory_id, held.id, &body).await?;
        load_detail(conn, actor.territory_id, held.id).await
    })
    .await?;
    Ok(answered(&project))
}
