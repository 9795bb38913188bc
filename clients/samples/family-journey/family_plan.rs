//! The plan, and the orders it becomes.

use crate::cast::Cast;
use crate::catalogue::Choice;
use crate::story::{Story, eur};
use concilia_client::{Concilia, types};
use concilia_samples::Failure;
use uuid::Uuid;

/// A choice that has become an order.
pub(crate) struct Booking<'a> {
    pub(crate) order_id: Uuid,
    pub(crate) choice: &'a Choice,
}

pub(crate) async fn submit<'a>(
    cast: &Cast,
    worker: &Concilia,
    choices: &'a [Choice],
    story: &mut Story,
) -> Result<Vec<Booking<'a>>, Failure> {
    story.step("Worker", "writes a family plan");
    let store = crate::voucher_call::store(cast, worker).await?;
    let input = types::FamilyPlanInput { store_id: store.id, items: choices.iter().map(item).collect() };
    let plan = worker.create_family_plan().body(input).send().await?.into_inner();
    for (item, choice) in plan.items.iter().zip(choices) {
        story.tell(format!(
            "{}: {} x {} = {}, voucher {}, family {}",
            choice.service.title_en,
            item.quantity,
            eur(item.unit_price),
            eur(item.total),
            eur(item.covered),
            eur(item.family_share)
        ));
    }
    story.tell(format!(
        "total {}, vouchers {}, family {}",
        eur(plan.total),
        eur(plan.covered),
        eur(plan.family_share)
    ));

    story.step("Worker", "submits the plan");
    let ready_to_add = types::SubmitFamilyPlan { expected_family_share: Some(plan.family_share.decimal()) };
    let plan = worker.submit_family_plan().family_plan_id(plan.id).body(ready_to_add).send().await?.into_inner();
    let ordered = |(item, choice): (&types::FamilyPlanItem, &'a Choice)| {
        let order_id = item.order_id.ok_or_else(|| Failure::told("an item that was not ordered"))?;
        Ok(Booking { order_id, choice })
    };
    let bookings = plan.items.iter().zip(choices).map(ordered).collect::<Result<Vec<_>, Failure>>()?;
    story.tell(format!("{} orders placed, {} held on the vouchers", bookings.len(), eur(plan.covered)));
    Ok(bookings)
}

fn item(choice: &Choice) -> types::FamilyPlanItemInput {
    types::FamilyPlanItemInput {
        service_id: choice.service.id,
        service_session_id: Some(choice.session.id),
        household_member_id: choice.child_id,
        voucher_id: Some(choice.voucher_id),
        quantity: choice.quantity,
        note: None,
    }
}
