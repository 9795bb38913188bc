use super::family_plan::{FamilyPlan, FamilyPlanItem, Header};
use crate::rules::BookingRule;
use crate::sealed_text::{FAMILY_NOTE, SealedText};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Money, Problem};
use diesel::QueryableByName;
use diesel::sql_types::{Array, Binary, Integer, Nullable, Numeric, SmallInt, Text, Uuid as SqlUuid};
use serde::Deserialize;
use uuid::Uuid;

/// A line of a plan as the database tells it: in a row of its own or, once placed, in the answer that it stores.
#[derive(QueryableByName, Deserialize)]
pub(super) struct PlanLine {
    #[diesel(sql_type = SmallInt)]
    line: i16,
    #[diesel(sql_type = SqlUuid)]
    provider_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    service_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    service_session_id: Option<Uuid>,
    #[diesel(sql_type = SqlUuid)]
    household_member_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    voucher_id: Option<Uuid>,
    #[diesel(sql_type = Integer)]
    quantity: i32,
    #[diesel(sql_type = Nullable<Binary>)]
    note_sealed: Option<SealedText>,
    #[diesel(sql_type = Numeric)]
    unit_price: Money,
    #[diesel(sql_type = Numeric)]
    covered: Money,
    #[diesel(sql_type = Nullable<Numeric>)]
    available: Option<Money>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    order_id: Option<Uuid>,
    #[diesel(sql_type = Array<Text>)]
    #[serde(skip)]
    warnings: Vec<BookingRule>,
}

/// A plan of these lines, its notes opened: for its family.
pub(super) fn composed(vault: &Vault, header: &Header, lines: Vec<PlanLine>) -> Result<FamilyPlan, Problem> {
    let available: Vec<_> = lines.iter().filter_map(|line| line.voucher_id.zip(line.available)).collect();
    let items = lines.into_iter().map(|line| line.into_item(vault)).collect::<Result<_, _>>()?;
    Ok(FamilyPlan::compose(header, items, &available))
}

impl PlanLine {
    fn into_item(self, vault: &Vault) -> Result<FamilyPlanItem, Problem> {
        let quantity = u32::try_from(self.quantity).map_err(Problem::internal)?;
        // Beyond the largest amount the preview warns, and nothing can be ordered.
        let total = self.unit_price.times(quantity).unwrap_or(Money::MAX);
        Ok(FamilyPlanItem {
            line: self.line,
            provider_id: self.provider_id,
            service_id: self.service_id,
            service_session_id: self.service_session_id,
            household_member_id: self.household_member_id,
            voucher_id: self.voucher_id,
            quantity: self.quantity,
            note: self.note_sealed.map(|note| note.open(vault, FAMILY_NOTE)).transpose()?,
            unit_price: self.unit_price,
            total,
            covered: self.covered,
            family_share: total - self.covered,
            order_id: self.order_id,
            warnings: self.warnings,
        })
    }
}
