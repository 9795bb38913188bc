use super::queries::{VoucherCallSpending, voucher_spending};
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Money, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What fills cost item D of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherSpending {
    /// EUR of vouchers spent on orders that families accepted.
    pub spent: Money,
    /// EUR of it on expense reports.
    pub reported: Money,
    /// EUR of it on no report yet.
    pub to_report: Money,
    /// By voucher call, the oldest first.
    #[schema(min_items = 0, max_items = 10_000)]
    pub calls: Vec<VoucherCallSpending>,
}

/// Read what the portal spent on vouchers of a project
///
/// Cost item D fills itself from the ledger of the project's voucher calls: each order that a family has accepted counts
/// once, on one report. For the agency, the lead's officers and the partners.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "The sums.", body = VoucherSpending)),
)]
#[get("/v1/projects/{project_id}/voucher-spending")]
pub async fn get_voucher_spending(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let project = concilia_planning::find_project(&mut &**reader, actor.territory_id, *project_id).await?;
    Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    let calls = voucher_spending(&mut &**reader, actor.territory_id, *project_id).await?;
    let spending = VoucherSpending {
        spent: calls.iter().map(|call| call.spent).sum(),
        reported: calls.iter().map(|call| call.reported).sum(),
        to_report: calls.iter().map(|call| call.to_report).sum(),
        calls,
    };
    Ok(HttpResponse::Ok().json(spending))
}
