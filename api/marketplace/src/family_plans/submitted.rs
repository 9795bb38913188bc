use super::family_plan::{FamilyPlan, FamilyPlanItem, FamilyPlanState, Header};
use super::queries::total_of;
use chrono::{DateTime, Utc};
use concilia_kernel::{Money, Problem};
use serde::Deserialize;
use uuid::Uuid;

/// What the statement answers of a plan that it placed, and stores for a repeated request.
#[derive(Deserialize)]
pub(super) struct Submitted {
    id: Uuid,
    store_id: Uuid,
    version: i64,
    created_at: DateTime<Utc>,
    submitted_at: DateTime<Utc>,
    lines: Vec<SubmittedLine>,
}

#[derive(Deserialize)]
struct SubmittedLine {
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

impl Submitted {
    pub(super) fn into_plan(self) -> Result<FamilyPlan, Problem> {
        let header = Header {
            id: self.id,
            store_id: self.store_id,
            state: FamilyPlanState::Submitted,
            version: self.version,
            created_at: self.created_at,
            submitted_at: Some(self.submitted_at),
        };
        let available: Vec<_> = self.lines.iter().filter_map(|line| line.voucher_id.zip(line.available)).collect();
        let items = self.lines.into_iter().map(SubmittedLine::into_item).collect::<Result<_, _>>()?;
        Ok(FamilyPlan::compose(&header, items, &available))
    }
}

impl SubmittedLine {
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
