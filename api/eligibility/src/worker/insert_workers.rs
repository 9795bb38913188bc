use super::NewWorker;
use super::identity::WORKER_TAX_CODE;
use crate::employees::tax_code_index;
use crate::schema::workers;
use concilia_kernel::now;
use concilia_kernel::vault::Vault;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Rows per statement: far from PostgreSQL's 65,535 parameters.
const PIECE: usize = 1000;

/// Creates many workers, as [`crate::insert_worker`] creates one.
pub async fn insert_workers(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    new: &[NewWorker<'_>],
) -> QueryResult<()> {
    for piece in new.chunks(PIECE) {
        let rows = piece.iter().map(|worker| {
            (
                workers::id.eq(worker.id),
                workers::territory_id.eq(territory_id),
                workers::account_id.eq(worker.account_id),
                workers::tax_code_index.eq(tax_code_index(vault, territory_id, worker.tax_code).to_vec()),
                workers::tax_code_sealed.eq(vault.seal(WORKER_TAX_CODE, worker.tax_code.as_str().as_bytes())),
                workers::given_name.eq(worker.given_name),
                workers::family_name.eq(worker.family_name),
                workers::created_at.eq(now()),
            )
        });
        diesel::insert_into(workers::table).values(rows.collect::<Vec<_>>()).execute(connection).await?;
    }
    Ok(())
}
