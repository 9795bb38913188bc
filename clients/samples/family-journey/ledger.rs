//! The final ledger, and whether it balances to the cent.

use crate::cast::Cast;
use crate::story::{Story, eur};
use crate::voucher_call::{Award, Call};
use concilia_client::{Concilia, List, Money, TryStreamExt, types};
use concilia_samples::Failure;

pub(crate) async fn check(
    cast: &Cast,
    worker: &Concilia,
    call: &Call,
    awards: &[Award<'_>],
    orders: &[types::Order],
    story: &mut Story,
) -> Result<(), Failure> {
    for award in awards {
        story.step("Worker", &format!("reads the statement of {}'s voucher", award.child.name));
        let mine = orders.iter().filter(|order| order.voucher_id == Some(award.voucher.id));
        check_voucher(worker, award, mine.map(|order| order.covered).sum(), story).await?;
    }
    story.step("Officer of the lead", "reads the statement of the call");
    let officer = cast.officer(0).await?;
    let statement = officer.get_call_statement().voucher_call_id(call.id).send().await?;
    tell_call(&statement, story);
    let awarded = awards.iter().map(|award| award.voucher.value).sum();
    let paid = orders.iter().map(|order| order.covered).sum();
    let vouchers = statement.available + statement.held + statement.spent + statement.paid;
    same("funded and the budget of the call", statement.funded, call.budget)?;
    same("funded and all accounts", statement.funded, statement.budget + vouchers)?;
    same("awarded and the vouchers", statement.awarded, awarded)?;
    same("awarded and the accounts of vouchers", statement.awarded, vouchers + statement.returned)?;
    same("paid and the accepted orders", statement.paid, paid)?;
    story.tell("everything balances");
    Ok(())
}

async fn check_voucher(worker: &Concilia, award: &Award<'_>, paid: Money, story: &Story) -> Result<(), Failure> {
    let statement = || worker.get_voucher_statement().voucher_id(award.voucher.id);
    let entries: Vec<types::StatementEntry> = statement().items().try_collect().await?;
    let mut balance = Money::ZERO;
    for entry in &entries {
        balance = balance + change(entry);
        story.tell(format!(
            "{}  {:<8} {:<9} > {:<9} {:>12}  available {:>12}  {}",
            entry.occurred_at.format("%d/%m/%Y %H:%M:%S"),
            entry.kind.to_string(),
            entry.credit_account.to_string(),
            entry.debit_account.to_string(),
            eur(entry.amount),
            eur(entry.balance),
            entry.reason
        ));
        same("the running balance and the entries", entry.balance, balance)?;
    }
    let totals = statement().send().await?.into_inner().totals;
    same("available and the entries", totals.available, balance)?;
    same("the voucher and its value", totals.awarded, award.voucher.value)?;
    let parts = totals.available + totals.held + totals.spent + totals.paid + totals.returned;
    same("the voucher and its parts", totals.awarded, parts)?;
    same("paid and the accepted orders", totals.paid, paid)?;
    story.tell(format!(
        "awarded {} = available {} + held {} + spent {} + paid {} + returned {}",
        totals.awarded, totals.available, totals.held, totals.spent, totals.paid, totals.returned
    ));
    Ok(())
}

/// What an entry does to what is available: debits raise an account, credits lower it.
fn change(entry: &types::StatementEntry) -> Money {
    if entry.debit_account == types::Account::Available {
        entry.amount
    } else if entry.credit_account == types::Account::Available {
        -entry.amount
    } else {
        Money::ZERO
    }
}

fn tell_call(statement: &types::CallStatement, story: &Story) {
    let amounts = [
        ("funded", statement.funded),
        ("budget left", statement.budget),
        ("awarded", statement.awarded),
        ("available", statement.available),
        ("held", statement.held),
        ("spent", statement.spent),
        ("paid", statement.paid),
        ("returned", statement.returned),
    ];
    for (name, amount) in amounts {
        story.tell(format!("{name:<12}{:>12}", eur(amount)));
    }
}

fn same(what: &str, left: Money, right: Money) -> Result<(), Failure> {
    if left == right { Ok(()) } else { Err(Failure::told(format!("{what} do not balance: {left} and {right}"))) }
}
