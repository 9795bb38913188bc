//! Each provider answers its order; what is delivered is accepted.

use crate::cast::Cast;
use crate::family_plan::Booking;
use crate::story::{Story, eur};
use concilia_client::{Concilia, types};
use concilia_samples::Failure;

/// One order is confirmed, one proposed on another day, one rejected; returns those delivered and accepted.
pub(crate) async fn handle(
    cast: &Cast,
    worker: &Concilia,
    bookings: &[Booking<'_>],
    story: &mut Story,
) -> Result<Vec<types::Order>, Failure> {
    let [confirmed, proposed, rejected] = bookings else {
        return Err(Failure::told("the plan has not become three orders"));
    };
    confirm(cast, confirmed, story).await?;
    propose(cast, worker, proposed, story).await?;
    reject(cast, worker, rejected, story).await?;
    let mut accepted = vec![];
    for booking in [confirmed, proposed] {
        accepted.push(deliver(cast, worker, booking, story).await?);
    }
    Ok(accepted)
}

async fn confirm(cast: &Cast, booking: &Booking<'_>, story: &mut Story) -> Result<(), Failure> {
    story.step(&booking.choice.service.provider_name, "confirms its order");
    let provider = cast.provider(booking.choice.service.provider_id).await?;
    let order = provider.confirm_order().order_id(booking.order_id).send().await?;
    story.tell(format!("{}: {}, {}", order.service_title_en, order.state, eur(order.total)));
    Ok(())
}

async fn propose(cast: &Cast, worker: &Concilia, booking: &Booking<'_>, story: &mut Story) -> Result<(), Failure> {
    story.step(&booking.choice.service.provider_name, "proposes another session");
    let provider = cast.provider(booking.choice.service.provider_id).await?;
    let session_id = booking.choice.alternative.ok_or_else(|| Failure::told("no other session to propose"))?;
    let proposal =
        types::OrderProposal { service_session_id: session_id, note: Some("Would the next date do?".to_owned()) };
    let order = provider.propose_order().order_id(booking.order_id).body(proposal).send().await?;
    story.tell(format!("{}: {}", order.service_title_en, order.state));

    story.step("Worker", "accepts the proposal");
    let order = worker.accept_order_proposal().order_id(booking.order_id).send().await?;
    let date = order.starts_at.map(|starts_at| starts_at.format("%d/%m/%Y %H:%M").to_string());
    story.tell(format!("{}: {}, from {}", order.service_title_en, order.state, date.unwrap_or_default()));
    Ok(())
}

async fn reject(cast: &Cast, worker: &Concilia, booking: &Booking<'_>, story: &mut Story) -> Result<(), Failure> {
    story.step(&booking.choice.service.provider_name, "rejects its order");
    let provider = cast.provider(booking.choice.service.provider_id).await?;
    let reason = types::OrderReason { reason: "The educator is ill that day".to_owned() };
    let order = provider.reject_order().order_id(booking.order_id).body(reason).send().await?;
    story.tell(format!("{}: {}, {} released", order.service_title_en, order.state, eur(order.covered)));
    let voucher = worker.get_voucher().voucher_id(booking.choice.voucher_id).send().await?;
    story.tell(format!("the voucher has {} available, {} held", eur(voucher.available), eur(voucher.held)));
    Ok(())
}

async fn deliver(
    cast: &Cast,
    worker: &Concilia,
    booking: &Booking<'_>,
    story: &mut Story,
) -> Result<types::Order, Failure> {
    story.step(&booking.choice.service.provider_name, "starts and delivers the service");
    let provider = cast.provider(booking.choice.service.provider_id).await?;
    let order = provider.start_order().order_id(booking.order_id).send().await?;
    story.tell(format!("{}: {}", order.service_title_en, order.state));
    let order = provider.deliver_order().order_id(booking.order_id).send().await?;
    story.tell(format!("{}: {}", order.service_title_en, order.state));

    story.step("Worker", "accepts what was delivered");
    let order = worker.accept_order().order_id(booking.order_id).send().await?.into_inner();
    let (covered, family_share) = (eur(order.covered), eur(order.family_share));
    story.tell(format!(
        "{}: {}, {covered} of the voucher spent, {family_share} of the family",
        order.service_title_en, order.state
    ));
    Ok(order)
}
