use crate::employees::tax_code_index;
use crate::schema::workers;
use concilia_kernel::identifiers::TaxCode;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Problem, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Purpose under which `workers.tax_code_sealed` is sealed.
pub(super) const WORKER_TAX_CODE: &str = "workers.tax_code_sealed";

/// The worker behind a caller.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = workers)]
pub struct WorkerIdentity {
    pub id: Uuid,
    pub given_name: String,
    pub family_name: String,
}

/// The worker that the caller is; 404 when the caller is none.
pub async fn find_worker<C>(connection: &mut C, actor: &Actor) -> Result<WorkerIdentity, Problem>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    Ok(workers::table
        .filter(workers::territory_id.eq(actor.territory_id))
        .filter(workers::account_id.eq(actor.id))
        .select(WorkerIdentity::as_select())
        .get_result(connection)
        .await?)
}

/// The worker of an account of the territory; `NotFound` when the account has none.
pub async fn find_worker_id<C>(connection: &mut C, territory_id: Uuid, account_id: Uuid) -> QueryResult<Uuid>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    workers::table
        .filter(workers::territory_id.eq(territory_id))
        .filter(workers::account_id.eq(account_id))
        .select(workers::id)
        .get_result(connection)
        .await
}

/// The account of the worker with a tax code, if there is one.
pub(crate) async fn account_of(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    tax_code_index: &[u8],
) -> QueryResult<Option<Uuid>> {
    workers::table
        .filter(workers::territory_id.eq(territory_id))
        .filter(workers::tax_code_index.eq(tax_code_index))
        .select(workers::account_id)
        .get_result(connection)
        .await
        .optional()
}

/// A worker to be.
#[derive(Debug, Clone, Copy)]
pub struct NewWorker<'a> {
    pub id: Uuid,
    /// The account with which the worker logs in.
    pub account_id: Uuid,
    pub tax_code: &'a TaxCode,
    pub given_name: &'a str,
    pub family_name: &'a str,
}

/// Creates a worker. One per tax code and one per account: else a unique violation, hence 409.
pub async fn insert_worker(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    worker: NewWorker<'_>,
) -> QueryResult<()> {
    diesel::insert_into(workers::table)
        .values((
            workers::id.eq(worker.id),
            workers::territory_id.eq(territory_id),
            workers::account_id.eq(worker.account_id),
            workers::tax_code_index.eq(tax_code_index(vault, territory_id, worker.tax_code).to_vec()),
            workers::tax_code_sealed.eq(vault.seal(WORKER_TAX_CODE, worker.tax_code.as_str().as_bytes())),
            workers::given_name.eq(worker.given_name),
            workers::family_name.eq(worker.family_name),
            workers::created_at.eq(now()),
        ))
        .execute(connection)
        .await?;
    Ok(())
}
