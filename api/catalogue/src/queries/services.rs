use crate::rules::{Inclusion, SERVICE_STATES, ServiceState};
use crate::schema::{service_categories, services};
use crate::services::{Service, ServiceInput};
use concilia_kernel::db::cached;
use concilia_kernel::transition::Agent;
use concilia_kernel::{new_id, now};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[rustfmt::skip]
type Row = (
    SqlUuid, SqlUuid, SqlUuid, Text, Text, Text, Text, Text, Text, Text, SmallInt, SmallInt,
    Text, Nullable<Text>, Nullable<Text>, Text, Numeric, SmallInt, Array<Nullable<Text>>, Text,
    Timestamptz, Timestamptz, SqlUuid, BigInt, SqlUuid,
);

/// The columns of [`Service`], in its order.
const SELECT: &str = "SELECT s.id, s.store_id, s.provider_id, s.provider_name, s.category, s.title_it, s.title_en, \
    s.description_it, s.description_en, s.intervention_type, s.minimum_age, s.maximum_age, \
    s.place, s.municipality, s.address, s.unit, s.price, s.vat_rate, s.inclusion, s.state, \
    s.created_at, s.updated_at, s.territory_id, s.version, t.lead_organisation_id \
    FROM catalogue_services s JOIN stores t ON t.id = s.store_id WHERE ";

/// A service of any territory and in any state: the caller decides whether it may be seen.
pub async fn find<C>(conn: &mut C, service_id: Uuid) -> QueryResult<Service>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(sql::<Row>(SELECT).sql("s.id = ").bind::<SqlUuid, _>(service_id)).get_result(conn).await
}

/// Services of some providers of the territory in any state, in the order of their Italian titles.
pub async fn page_of_providers(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    providers: &[Uuid],
    state: Option<ServiceState>,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> QueryResult<Vec<Service>> {
    let (title, id) = after.unwrap_or_default();
    cached(
        sql::<Row>(SELECT)
            .sql("s.territory_id = ")
            .bind::<SqlUuid, _>(territory_id)
            .sql(" AND s.provider_id = ANY(")
            .bind::<Array<SqlUuid>, _>(providers)
            .sql(") AND s.state = coalesce(")
            .bind::<Nullable<Text>, _>(state)
            .sql(", s.state) AND (s.title_it, s.id) > (")
            .bind::<Text, _>(title)
            .sql(", ")
            .bind::<SqlUuid, _>(id)
            .sql(") ORDER BY s.title_it, s.id LIMIT ")
            .bind::<BigInt, _>(limit),
    )
    .load(conn)
    .await
}

/// What a change of a service must know and hold still.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = services)]
pub struct LockedService {
    pub id: Uuid,
    pub store_id: Uuid,
    pub provider_id: Uuid,
    pub state: ServiceState,
    pub version: i64,
}

/// Locks a service of the territory until the transaction ends.
pub async fn lock(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    service_id: Uuid,
) -> QueryResult<LockedService> {
    services::table
        .filter(services::territory_id.eq(territory_id).and(services::id.eq(service_id)))
        .for_no_key_update()
        .select(LockedService::as_select())
        .get_result(conn)
        .await
}

/// The category of a store by its code.
pub async fn category_id(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    store_id: Uuid,
    code: &str,
) -> QueryResult<Option<Uuid>> {
    service_categories::table
        .filter(service_categories::territory_id.eq(territory_id))
        .filter(service_categories::store_id.eq(store_id))
        .filter(service_categories::code.eq(code))
        .select(service_categories::id)
        .get_result(conn)
        .await
        .optional()
}

/// Writes a service as a draft.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    category_id: Uuid,
    input: &ServiceInput,
) -> QueryResult<Uuid> {
    diesel::insert_into(services::table)
        .values((
            services::id.eq(new_id()),
            services::territory_id.eq(territory_id),
            services::store_id.eq(input.store_id),
            services::provider_id.eq(input.provider_id),
            services::state.eq(ServiceState::Draft),
            Content::of(category_id, input),
        ))
        .returning(services::id)
        .get_result(conn)
        .await
}

pub async fn update(
    conn: &mut AsyncPgConnection,
    service_id: Uuid,
    category_id: Uuid,
    input: &ServiceInput,
) -> QueryResult<()> {
    diesel::update(services::table.find(service_id))
        .set((
            Content::of(category_id, input),
            services::version.eq(services::version + 1),
            services::updated_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn set_state(conn: &mut AsyncPgConnection, service_id: Uuid, state: ServiceState) -> QueryResult<()> {
    diesel::update(services::table.find(service_id))
        .set((
            services::state.eq(state),
            services::version.eq(services::version + 1),
            services::updated_at.eq(now()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Withdraws what a provider has published in a store, with its history.
pub async fn withdraw_all(
    conn: &mut AsyncPgConnection,
    store_id: Uuid,
    provider_id: Uuid,
    agent: Agent,
    reason: &str,
) -> QueryResult<usize> {
    let query = sql_query(
        "WITH withdrawn AS ( \
           UPDATE services SET state = 'withdrawn', version = version + 1, updated_at = now() \
            WHERE store_id = $1 AND provider_id = $2 AND state = 'published' RETURNING id, territory_id) \
         INSERT INTO transitions (id, territory_id, aggregate, aggregate_id, from_state, to_state, actor_id, actor_role, reason) \
         SELECT uuid_v7(), territory_id, $3, id, 'published', 'withdrawn', $4, $5, $6 FROM withdrawn",
    );
    let query = query
        .bind::<SqlUuid, _>(store_id)
        .bind::<SqlUuid, _>(provider_id)
        .bind::<Text, _>(SERVICE_STATES.aggregate)
        .bind::<Nullable<SqlUuid>, _>(agent.id)
        .bind::<Text, _>(agent.role)
        .bind::<Text, _>(reason);
    cached(query).execute(conn).await
}

/// The columns that a provider writes.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = services, treat_none_as_null = true)]
struct Content<'a> {
    category_id: Uuid,
    title_it: &'a str,
    title_en: &'a str,
    description_it: &'a str,
    description_en: &'a str,
    intervention_type: crate::rules::InterventionType,
    minimum_age: i16,
    maximum_age: i16,
    place: crate::rules::Place,
    municipality: Option<String>,
    address: Option<String>,
    unit: crate::rules::Unit,
    price: concilia_kernel::Money,
    vat_rate: crate::vat_rate::VatRate,
    inclusion: Inclusion,
}

impl<'a> Content<'a> {
    fn of(category_id: Uuid, input: &'a ServiceInput) -> Self {
        Self {
            category_id,
            title_it: &input.title_it,
            title_en: &input.title_en,
            description_it: &input.description_it,
            description_en: &input.description_en,
            intervention_type: input.intervention_type,
            minimum_age: input.minimum_age,
            maximum_age: input.maximum_age,
            place: input.place,
            municipality: input.municipality.clone(),
            address: input.address.clone(),
            unit: input.unit,
            price: input.price,
            vat_rate: input.vat_rate,
            inclusion: Inclusion::from(input.inclusion.clone()),
        }
    }
}
