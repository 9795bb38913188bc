//! Providers are paid what vouchers owe them.

use crate::cast::Cast;
use crate::story::{Story, eur};
use concilia_client::types;
use concilia_samples::Failure;

pub(crate) async fn settle(cast: &Cast, orders: &[types::Order], story: &mut Story) -> Result<(), Failure> {
    for order in orders {
        settle_one(cast, order, story).await?;
    }
    Ok(())
}

async fn settle_one(cast: &Cast, order: &types::Order, story: &mut Story) -> Result<(), Failure> {
    story.step(&order.provider_name, "makes its statement of accepted orders");
    let provider = cast.provider(order.provider_id).await?;
    let what = types::CreateProviderStatement { store_id: order.store_id, provider_id: None };
    let statement = provider.create_provider_statement().body(what).send().await?.into_inner();
    story.tell(format!("orders: {}, owed by vouchers: {}", statement.orders, eur(statement.covered)));
    let detail = provider.get_provider_statement().provider_statement_id(statement.id).send().await?;
    let line = detail.lines.iter().find(|line| line.order_id == order.id);
    let line = line.ok_or_else(|| Failure::told("the order is not on the statement"))?;
    story.tell(format!("of which {} for this order", eur(line.covered)));
    if line.covered != order.covered {
        return Err(Failure::told(format!("the statement owes {}, the order {}", line.covered, order.covered)));
    }

    story.step("Second officer of the lead", "approves the statement");
    let approver = cast.officer(1).await?;
    let approved = approver.approve_provider_statement().provider_statement_id(statement.id).send().await?;
    story.tell(format!("statement {}", approved.state));

    story.step("Officer of the lead", "marks it paid");
    let payment = types::MarkProviderStatementPaid { payment_reference: format!("JOURNEY {}", cast.serial) };
    let officer = cast.officer(0).await?;
    let paid =
        officer.mark_provider_statement_paid().provider_statement_id(statement.id).body(payment).send().await?;
    let reference = paid.payment_reference.as_deref().unwrap_or("missing");
    story.tell(format!("statement {}, {}, reference {reference}", paid.state, eur(paid.covered)));
    Ok(())
}
