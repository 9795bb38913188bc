use super::Ranking;
use super::inputs;
use crate::queries::ranking_rows;
use crate::queries::rankings::{self, NewRanking};
use crate::rules::ranking::{rank, totals};
use crate::rules::states::{RANKING, RankingState, VoucherCallState};
use crate::voucher_calls::VoucherCall;
use concilia_kernel::problem::Text;
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, FieldError, Problem, new_id};
use diesel_async::AsyncPgConnection;

/// Purpose under which explanations are sealed.
pub const EXPLANATION_SEAL: &str = "ranking_rows.explanation_sealed";

/// A ranking, and whether it was there already.
pub struct Computed {
    pub ranking: Ranking,
    pub is_new: bool,
}

/// Ranks a closed call that the transaction holds. The last run is answered again when nothing it was
/// computed from has changed; otherwise a new one supersedes it.
pub async fn compute(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    call: &VoucherCall,
    agent: Agent,
) -> Result<Computed, Problem> {
    if call.state != VoucherCallState::Closed {
        return Err(Problem::new(Code::Conflict)
            .explain(
                format!("La graduatoria si calcola ad avviso chiuso; questo è nello stato «{}».", call.state),
                format!("A call is ranked once closed; this one is in state '{}'.", call.state),
            )
            .with_error(
                FieldError::pointer("/state", "call_not_closed")
                    .value(call.state.as_str())
                    .explain(&Text::new("l'avviso non è chiuso", "the call is not closed")),
            ));
    }
    let inputs = inputs::read(connection, vault, call).await?;
    let last = rankings::last(connection, call.territory_id, call.id).await?;
    if let Some(ranking) = last.as_ref().filter(|last| last.inputs_hash == inputs.hash) {
        return Ok(Computed { ranking: ranking.clone(), is_new: false });
    }
    if let Some(last) = &last {
        supersede(connection, last, agent).await?;
    }
    let lines = rank(&inputs.terms, &inputs.entries);
    let new = NewRanking {
        id: new_id(),
        territory_id: call.territory_id,
        voucher_call_id: call.id,
        number: last.map_or(1, |last| last.number + 1),
        inputs_hash: &inputs.hash,
        rules: serde_json::to_value(&inputs.terms).map_err(Problem::internal)?,
        totals: totals(&lines),
        available: inputs.terms.available(),
        computed_by: agent.id,
    };
    rankings::insert(connection, &new).await?;
    let sealed = lines.into_iter().map(|line| {
        let explanation = vault.seal_json(EXPLANATION_SEAL, &line.explanation)?;
        Ok((line, explanation))
    });
    let sealed = sealed.collect::<Result<Vec<_>, Problem>>()?;
    ranking_rows::insert(connection, call.territory_id, new.id, &sealed).await?;
    let made = (None, RankingState::Computed.as_str());
    record(connection, call.territory_id, (RANKING.aggregate, new.id), made, agent, None).await?;
    let ranking = rankings::hold(connection, call.territory_id, new.id).await?.ok_or_else(Problem::not_found)?;
    Ok(Computed { ranking, is_new: true })
}

async fn supersede(connection: &mut AsyncPgConnection, last: &Ranking, agent: Agent) -> Result<(), Problem> {
    let (from, to) = (last.state, RankingState::Superseded);
    RANKING.check(from, to)?;
    rankings::supersede(connection, last.territory_id, last.id).await?;
    let moved = (Some(from.as_str()), to.as_str());
    record(connection, last.territory_id, (RANKING.aggregate, last.id), moved, agent, None).await?;
    Ok(())
}
