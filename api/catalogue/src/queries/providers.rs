use crate::schema::store_providers;
use crate::stores::StoreProvider;
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::now;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_dsl::methods::FilterDsl;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

type Row = (SqlUuid, Text, Nullable<Text>, Timestamptz);

/// Providers accredited in a store of any territory, in the order of their names.
pub async fn page<C>(
    conn: &mut C,
    store_id: Uuid,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> QueryResult<Vec<StoreProvider>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let (name, organisation_id) = after.unwrap_or_default();
    cached(
        sql::<Row>("SELECT organisation_id, name, municipality, accredited_at FROM accredited_providers WHERE store_id = ")
            .bind::<SqlUuid, _>(store_id)
            .sql(" AND (name, organisation_id) > (")
            .bind::<Text, _>(name)
            .sql(", ")
            .bind::<SqlUuid, _>(organisation_id)
            .sql(") ORDER BY name, organisation_id LIMIT ")
            .bind::<BigInt, _>(limit),
    )
    .load(conn)
    .await
}

pub async fn find(
    conn: &mut AsyncPgConnection,
    store_id: Uuid,
    organisation_id: Uuid,
) -> QueryResult<StoreProvider> {
    cached(
        sql::<Row>("SELECT organisation_id, name, municipality, accredited_at FROM accredited_providers WHERE store_id = ")
            .bind::<SqlUuid, _>(store_id)
            .sql(" AND organisation_id = ")
            .bind::<SqlUuid, _>(organisation_id),
    )
    .get_result(conn)
    .await
}

/// Accredits a provider, anew if its accreditation was revoked; false when it already is.
pub async fn accredit(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    store_id: Uuid,
    organisation_id: Uuid,
) -> QueryResult<bool> {
    let insertion = diesel::insert_into(store_providers::table)
        .values((
            store_providers::territory_id.eq(territory_id),
            store_providers::store_id.eq(store_id),
            store_providers::organisation_id.eq(organisation_id),
        ))
        .on_conflict((store_providers::store_id, store_providers::organisation_id))
        .do_update()
        .set((store_providers::revoked_at.eq(None::<DateTime<Utc>>), store_providers::accredited_at.eq(now())));
    let revoked = store_providers::revoked_at.is_not_null();
    Ok(FilterDsl::filter(insertion, revoked).execute(conn).await? == 1)
}

/// The accreditation of an organisation in a store of the territory, unless it was revoked.
#[diesel::dsl::auto_type(no_type_alias)]
fn in_force(territory_id: Uuid, store_id: Uuid, organisation_id: Uuid) -> _ {
    store_providers::store_id
        .eq(store_id)
        .and(store_providers::organisation_id.eq(organisation_id))
        .and(store_providers::territory_id.eq(territory_id))
        .and(store_providers::revoked_at.is_null())
}

/// Revokes an accreditation; false when there is none.
pub async fn revoke(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    store_id: Uuid,
    organisation_id: Uuid,
) -> QueryResult<bool> {
    let accreditation =
        QueryDsl::filter(store_providers::table, in_force(territory_id, store_id, organisation_id));
    Ok(diesel::update(accreditation).set(store_providers::revoked_at.eq(now())).execute(conn).await? == 1)
}

/// Whether an organisation is accredited in a store of the territory.
pub async fn is_accredited(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    store_id: Uuid,
    organisation_id: Uuid,
) -> QueryResult<bool> {
    let accreditation =
        QueryDsl::filter(store_providers::table, in_force(territory_id, store_id, organisation_id));
    diesel::select(diesel::dsl::exists(accreditation)).get_result(conn).await
}
