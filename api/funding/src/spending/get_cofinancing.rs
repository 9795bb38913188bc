use super::queries::{SourceSum, sums_by_partner};
use crate::budget::{CofinancingPart, current_budget};
use crate::grant::find_grant;
use crate::rules::cofinancing::Position;
use crate::rules::cost_item::ExpenseSource;
use crate::stance::Stance;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Db, Money, Problem, Ratio};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// How far co-financing has come against its minimum, on one reading of the books.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct CofinancingPosition {
    /// EUR spent in all.
    pub total: Money,
    /// EUR of it charged to the grant.
    pub grant: Money,
    /// EUR of it borne by the partners in money.
    pub monetary: Money,
    /// EUR of it put in by the partners as valued hours.
    pub in_kind: Money,
    /// EUR: `monetary` and `in_kind`.
    pub cofinancing: Money,
    /// EUR that co-financing should be at least: the minimum share of `total`, cut to the cent.
    pub minimum: Money,
    /// EUR missing to the minimum; zero when it is reached.
    pub missing: Money,
    /// Share of `total` that co-financing is, cut to the ten-thousandth; zero where nothing is spent.
    pub share: Ratio,
}

/// What a partner has promised and put in.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub struct PartnerCofinancing {
    /// The partner.
    pub organisation_id: Uuid,
    /// EUR in money, in the budget in force.
    pub planned_monetary: Money,
    /// EUR in kind, in the budget in force.
    pub planned_in_kind: Money,
    /// EUR in money, in validated reports.
    pub validated_monetary: Money,
    /// EUR in kind, in validated reports.
    pub validated_in_kind: Money,
}

/// The co-financing of a project, as it really is now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cofinancing {
    /// The project.
    pub project_id: Uuid,
    /// Least share of the total that co-financing must reach.
    pub minimum_share: Ratio,
    /// On validated reports alone.
    pub validated: CofinancingPosition,
    /// With the reports that are not validated yet, as accepted where decided, else as reported.
    pub with_reports_under_way: CofinancingPosition,
    /// By partner.
    #[schema(min_items = 0, max_items = 500)]
    pub partners: Vec<PartnerCofinancing>,
}

/// Read the co-financing of a project
///
/// Followed live against its minimum share, cut to the cent, on what has really been spent; until the project ends it
/// may be below, at the settlement what is missing cuts the grant. For the agency, the lead's officers and the partners.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project.")),
    responses((status = 200, description = "Where co-financing stands.", body = Cofinancing)),
)]
#[get("/v1/projects/{project_id}/cofinancing-position")]
pub async fn get_cofinancing(actor: Actor, db: Data<Db>, project_id: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let territory_id = actor.territory_id;
    let reader = db.reader().await?;
    let project = concilia_planning::find_project(&mut &**reader, territory_id, *project_id).await?;
    Stance::of(&mut &**reader, &actor, &project.ok_or_else(Problem::not_found)?).await?;
    let held = find_grant(&mut &**reader, territory_id, *project_id).await?;
    let budget = current_budget(&mut &**reader, territory_id, *project_id).await?;
    let sums = sums_by_partner(&mut &**reader, territory_id, *project_id).await?;
    let share = held.grant.cofinancing_minimum;
    let planned = budget.map(|budget| budget.partners).unwrap_or_default();
    Ok(HttpResponse::Ok().json(Cofinancing {
        project_id: *project_id,
        minimum_share: share,
        validated: position(&sums, share, |sum| sum.validated),
        with_reports_under_way: position(&sums, share, |sum| sum.validated + sum.under_way),
        partners: by_partner(&planned, &sums),
    }))
}

fn position(sums: &[SourceSum], share: Ratio, amount: impl Fn(&SourceSum) -> Money) -> CofinancingPosition {
    let of = |source| sums.iter().filter(|sum| sum.source == source).map(&amount).sum::<Money>();
    let (grant, monetary, in_kind) =
        (of(ExpenseSource::Grant), of(ExpenseSource::Monetary), of(ExpenseSource::InKind));
    let Position { total, cofinancing, minimum, missing, share } = Position::of(grant, monetary + in_kind, share);
    CofinancingPosition { total, grant, monetary, in_kind, cofinancing, minimum, missing, share }
}

fn by_partner(planned: &[CofinancingPart], sums: &[SourceSum]) -> Vec<PartnerCofinancing> {
    let mut partners: BTreeMap<Uuid, PartnerCofinancing> = BTreeMap::new();
    for part in planned {
        let partner = partners.entry(part.organisation_id).or_default();
        partner.planned_monetary = part.monetary;
        partner.planned_in_kind = part.in_kind;
    }
    for sum in sums {
        match sum.source {
            ExpenseSource::Grant => {}
            ExpenseSource::Monetary => {
                partners.entry(sum.organisation_id).or_default().validated_monetary = sum.validated;
            }
            ExpenseSource::InKind => {
                partners.entry(sum.organisation_id).or_default().validated_in_kind = sum.validated;
            }
        }
    }
    partners
        .into_iter()
        .map(|(organisation_id, partner)| PartnerCofinancing { organisation_id, ..partner })
        .collect()
}
