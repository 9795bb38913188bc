use crate::applications::{CHILD_SEAL, HOUSEHOLD_SEAL};
use crate::queries::ranking_inputs;
use crate::rules::facts::Entry;
use crate::rules::ranking::inputs_hash;
use crate::rules::terms::Terms;
use crate::voucher_calls::VoucherCall;
use concilia_kernel::Problem;
use concilia_kernel::vault::Vault;
use diesel_async::AsyncPgConnection;

/// What a ranking is computed from.
pub struct Inputs {
    pub terms: Terms,
    pub entries: Vec<Entry>,
    pub hash: [u8; 32],
}

/// The frozen inputs of a closed call, opened.
pub async fn read(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    call: &VoucherCall,
) -> Result<Inputs, Problem> {
    let sealed = ranking_inputs::load(connection, call.territory_id, call.id).await?;
    let entries = sealed.into_iter().map(|line| {
        Ok(Entry {
            application_line_id: line.application_line_id,
            household: line.worker_id,
            protocol_number: line.protocol_number,
            line: line.line,
            submitted_at: line.submitted_at,
            declared_household: vault.open_json(HOUSEHOLD_SEAL, &line.household_sealed)?,
            child: vault.open_json(CHILD_SEAL, &line.child_sealed)?,
        })
    });
    let entries = entries.collect::<Result<Vec<_>, Problem>>()?;
    let terms = call.terms();
    let hash = inputs_hash(&terms, &entries).map_err(Problem::internal)?;
    Ok(Inputs { terms, entries, hash })
}
