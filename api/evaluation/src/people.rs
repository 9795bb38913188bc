//! Evaluators and their organisations by name.

use concilia_identity::accounts::account_names;
use concilia_network::{OrganisationName, organisation_names};
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// An evaluator of the committee.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Evaluator {
    /// Account.
    pub id: Uuid,
    /// Name.
    #[schema(min_length = 1, max_length = 200, example = "Teresa Riva")]
    pub name: String,
}

/// Names of accounts and organisations of one territory.
pub(crate) struct Names {
    accounts: HashMap<Uuid, String>,
    organisations: HashMap<Uuid, OrganisationName>,
}

impl Names {
    /// Two statements, however many there are.
    pub(crate) async fn read<C>(
        connection: &mut C,
        territory_id: Uuid,
        accounts: impl IntoIterator<Item = Uuid>,
        organisations: impl IntoIterator<Item = Uuid>,
    ) -> QueryResult<Self>
    where
        C: AsyncConnectionCore<Backend = Pg> + Send,
    {
        let accounts = distinct(accounts);
        let organisations = distinct(organisations);
        Ok(Self {
            accounts: account_names(connection, territory_id, &accounts).await?,
            organisations: organisation_names(connection, territory_id, &organisations).await?,
        })
    }

    pub(crate) fn evaluator(&self, id: Uuid) -> Evaluator {
        Evaluator { id, name: self.accounts.get(&id).cloned().unwrap_or_default() }
    }

    pub(crate) fn organisation(&self, id: Uuid) -> OrganisationName {
        let named = self.organisations.get(&id).cloned();
        named.unwrap_or_else(|| OrganisationName { id, name: String::new() })
    }
}

fn distinct(ids: impl IntoIterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
