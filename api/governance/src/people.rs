//! People named where they act.

use concilia_identity::accounts::account_names;
use diesel::QueryResult;
use diesel::pg::Pg;
use diesel_async::AsyncConnectionCore;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// A person who acts for a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonName {
    /// The account.
    pub id: Uuid,
    /// Name of the person.
    #[schema(max_length = 200, example = "Anna Bianchi")]
    pub name: String,
}

/// The names of accounts of the territory.
pub(crate) struct People(HashMap<Uuid, String>);

impl People {
    pub(crate) async fn load<C>(
        connection: &mut C,
        territory_id: Uuid,
        accounts: impl IntoIterator<Item = Option<Uuid>>,
    ) -> QueryResult<Self>
    where
        C: AsyncConnectionCore<Backend = Pg> + Send,
    {
        let mut ids: Vec<Uuid> = accounts.into_iter().flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(Self(HashMap::new()));
        }
        Ok(Self(account_names(connection, territory_id, &ids).await?))
    }

    pub(crate) fn name(&self, account: Option<Uuid>) -> Option<PersonName> {
        let id = account?;
        Some(PersonName { id, name: self.0.get(&id)?.clone() })
    }
}
