//! API clients: machines that act for an organisation, in one role.

use crate::opaque;
use crate::schema::api_clients;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use concilia_kernel::auth::RoleBinding;
use concilia_kernel::{Role, now};
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A machine that may ask for tokens.
#[derive(Debug)]
pub struct NewApiClient<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub organisation_id: Uuid,
    /// Any but `evaluator` and `worker`, which are of people.
    pub role: Role,
    /// 1 to 64 letters, digits, dots, hyphens and underscores; unique in all territories.
    pub client_id: &'a str,
    /// What it is, in words.
    pub name: &'a str,
    /// A secret chosen beforehand; as long and as random as those made here.
    pub secret: Option<&'a str>,
}

/// Creates an API client and returns its secret, which cannot be read again.
pub async fn create_api_client(conn: &mut AsyncPgConnection, client: NewApiClient<'_>) -> QueryResult<String> {
    let secret = client.secret.map_or_else(opaque::generate, str::to_owned);
    diesel::insert_into(api_clients::table)
        .values((
            api_clients::id.eq(client.id),
            api_clients::territory_id.eq(client.territory_id),
            api_clients::organisation_id.eq(client.organisation_id),
            api_clients::client_id.eq(client.client_id),
            api_clients::secret_hash.eq(opaque::hash(&secret)),
            api_clients::role.eq(client.role),
            api_clients::name.eq(client.name),
            api_clients::created_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    Ok(secret)
}

/// Who an API client is.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = api_clients)]
pub struct ApiClient {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub organisation_id: Uuid,
    pub client_id: String,
    pub role: Role,
    pub name: String,
    secret_hash: Vec<u8>,
}

impl ApiClient {
    pub fn binding(&self) -> RoleBinding {
        RoleBinding { role: self.role, organisation_id: self.organisation_id }
    }

    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        verify_slices_are_equal(&opaque::hash(secret), &self.secret_hash).is_ok()
    }
}

/// An API client of the territory; `NotFound` for another's.
pub async fn find_api_client<C>(conn: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<ApiClient>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    api_clients::table
        .filter(api_clients::territory_id.eq(territory_id))
        .filter(api_clients::id.eq(id))
        .select(ApiClient::as_select())
        .get_result(conn)
        .await
}

/// The client of that name, unless it is disabled.
pub(crate) async fn find_by_client_id<C>(conn: &mut C, client_id: &str) -> QueryResult<Option<ApiClient>>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    api_clients::table
        .filter(api_clients::client_id.eq(client_id))
        .filter(api_clients::disabled_at.is_null())
        .select(ApiClient::as_select())
        .get_result(conn)
        .await
        .optional()
}
