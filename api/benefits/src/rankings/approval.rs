use super::{Ranking, inputs};
use crate::queries::{applications, ranking_rows, rankings, voucher_calls};
use crate::rules::states::{RANKING, RankingState, VOUCHER_CALL, VoucherCallState};
use crate::voucher_calls::VoucherCall;
use concilia_kernel::outbox::publish;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Problem};
use concilia_ledger::{AwardTerms, award};
use diesel_async::AsyncPgConnection;
use serde_json::json;

/// Approves a run that the transaction holds with its call: it becomes final, its vouchers are awarded,
/// its applications decided, and the call's vouchers may be spent. Never by who computed it, and only
/// if its inputs still are what it was computed from.
pub async fn approve(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    call: &VoucherCall,
    ranking: &Ranking,
    agent: Agent,
) -> Result<Ranking, Problem> {
    let territory_id = call.territory_id;
    RANKING.check(ranking.state, RankingState::Final)?;
    VOUCHER_CALL.check(call.state, VoucherCallState::Spending)?;
    if agent.id.is_some() && agent.id == ranking.computed_by {
        return Err(Problem::new(Code::ApproverIsAuthor).explain(
            "Chi ha calcolato la graduatoria non può approvarla.",
            "Whoever computed the ranking cannot approve it.",
        ));
    }
    if inputs::read(connection, vault, call).await?.hash[..] != ranking.inputs_hash[..] {
        return Err(Problem::new(Code::Conflict).explain(
            "I dati di partenza non sono più quelli della graduatoria: calcolarla di nuovo.",
            "The inputs are no longer those of the ranking: compute it again.",
        ));
    }
    rankings::approve(connection, territory_id, ranking.id, agent.id).await?;
    voucher_calls::set_state(connection, territory_id, call.id, VoucherCallState::Spending).await?;
    applications::decide(connection, territory_id, ranking.id, agent.id, agent.role).await?;
    let vouchers = ranking_rows::awarded(connection, territory_id, ranking.id).await?;
    if !vouchers.is_empty() {
        award(connection, &award_terms(call, ranking), &vouchers, agent, "ranking approved").await?;
    }
    let ranked = (Some(RankingState::Computed.as_str()), RankingState::Final.as_str());
    record(connection, territory_id, (RANKING.aggregate, ranking.id), ranked, agent, None).await?;
    let spent = (Some(VoucherCallState::Closed.as_str()), VoucherCallState::Spending.as_str());
    record(connection, territory_id, (VOUCHER_CALL.aggregate, call.id), spent, agent, None).await?;
    let told = json!({
        "voucher_call_id": call.id, "number": ranking.number, "awarded": ranking.totals.awarded,
        "awarded_amount": ranking.totals.awarded_amount,
    });
    publish(connection, territory_id, "ranking.approved", ranking.id, told).await?;
    rankings::hold(connection, territory_id, ranking.id).await?.ok_or_else(Problem::not_found)
}

fn award_terms(call: &VoucherCall, ranking: &Ranking) -> AwardTerms {
    AwardTerms {
        territory_id: call.territory_id,
        voucher_call_id: call.id,
        ranking_id: ranking.id,
        lead_organisation_id: call.lead_organisation_id,
        project_id: call.project_id,
        spendable_categories: call.spendable_categories.clone(),
        spend_by: call.spend_by,
    }
}
