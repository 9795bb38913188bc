use crate::schema::{service_categories, stores};
use crate::stores::{ServiceCategory, Store, StoreInput, StoreRow};
use concilia_kernel::db::cached;
use concilia_kernel::{new_id, now};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

/// A store may have so many categories.
pub const CATEGORIES_MAXIMUM: i64 = 100;

/// Stores of the whole portal in the order of their slugs.
pub async fn page<C>(conn: &mut C, after: Option<&str>, limit: i64) -> QueryResult<Vec<Store>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let rows: Vec<StoreRow> = cached(
        stores::table
            .filter(stores::slug.gt(after.unwrap_or_default()))
            .order(stores::slug)
            .limit(limit)
            .select(StoreRow::as_select()),
    )
    .load(conn)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let categories: Vec<(Uuid, ServiceCategory)> = cached(
        service_categories::table
            .filter(service_categories::store_id.eq_any(ids))
            .order((service_categories::position, service_categories::code))
            .select((service_categories::store_id, ServiceCategory::as_select())),
    )
    .load(conn)
    .await?;
    let mut of_store: HashMap<Uuid, Vec<ServiceCategory>> = HashMap::new();
    for (store_id, category) in categories {
        of_store.entry(store_id).or_default().push(category);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let categories = of_store.remove(&row.id).unwrap_or_default();
            row.with(categories)
        })
        .collect())
}

/// A store of any territory: stores are public.
pub async fn find<C>(conn: &mut C, store_id: Uuid) -> QueryResult<Store>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let row: StoreRow =
        cached(stores::table.find(store_id).select(StoreRow::as_select())).get_result(conn).await?;
    let categories = categories(conn, store_id).await?;
    Ok(row.with(categories))
}

async fn categories<C>(conn: &mut C, store_id: Uuid) -> QueryResult<Vec<ServiceCategory>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        service_categories::table
            .filter(service_categories::store_id.eq(store_id))
            .order((service_categories::position, service_categories::code))
            .select(ServiceCategory::as_select()),
    )
    .load(conn)
    .await
}

/// Locks a store of the territory until the transaction ends.
pub async fn lock(conn: &mut AsyncPgConnection, territory_id: Uuid, store_id: Uuid) -> QueryResult<StoreRow> {
    stores::table
        .filter(stores::territory_id.eq(territory_id).and(stores::id.eq(store_id)))
        .for_no_key_update()
        .select(StoreRow::as_select())
        .get_result(conn)
        .await
}

pub async fn insert(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    lead_organisation_id: Uuid,
    input: &StoreInput,
) -> QueryResult<Store> {
    let row: StoreRow = diesel::insert_into(stores::table)
        .values((
            stores::id.eq(new_id()),
            stores::territory_id.eq(territory_id),
            stores::project_id.eq(input.project_id),
            stores::lead_organisation_id.eq(lead_organisation_id),
            stores::slug.eq(&input.slug),
            stores::name_it.eq(&input.name_it),
            stores::name_en.eq(&input.name_en),
            stores::description_it.eq(&input.description_it),
            stores::description_en.eq(&input.description_en),
            stores::answer_days.eq(input.answer_days),
            stores::silent_acceptance_days.eq(input.silent_acceptance_days),
            stores::free_cancellation_hours.eq(input.free_cancellation_hours),
        ))
        .returning(StoreRow::as_returning())
        .get_result(conn)
        .await?;
    Ok(row.with(vec![]))
}

pub async fn update(conn: &mut AsyncPgConnection, store_id: Uuid, input: &StoreInput) -> QueryResult<Store> {
    let row: StoreRow = diesel::update(stores::table.find(store_id))
        .set((
            stores::slug.eq(&input.slug),
            stores::name_it.eq(&input.name_it),
            stores::name_en.eq(&input.name_en),
            stores::description_it.eq(&input.description_it),
            stores::description_en.eq(&input.description_en),
            stores::answer_days.eq(input.answer_days),
            stores::silent_acceptance_days.eq(input.silent_acceptance_days),
            stores::free_cancellation_hours.eq(input.free_cancellation_hours),
            stores::version.eq(stores::version + 1),
            stores::updated_at.eq(now()),
        ))
        .returning(StoreRow::as_returning())
        .get_result(conn)
        .await?;
    let categories = categories(conn, store_id).await?;
    Ok(row.with(categories))
}

pub async fn count_categories(conn: &mut AsyncPgConnection, store_id: Uuid) -> QueryResult<i64> {
    service_categories::table.filter(service_categories::store_id.eq(store_id)).count().get_result(conn).await
}

/// Adds a category and marks the store as changed, since a store shows its categories.
pub async fn insert_category(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    store_id: Uuid,
    (code, name_it, name_en, position): (&str, &str, &str, i16),
) -> QueryResult<ServiceCategory> {
    diesel::update(stores::table.find(store_id))
        .set((stores::version.eq(stores::version + 1), stores::updated_at.eq(now())))
        .execute(conn)
        .await?;
    diesel::insert_into(service_categories::table)
        .values((
            service_categories::id.eq(new_id()),
            service_categories::territory_id.eq(territory_id),
            service_categories::store_id.eq(store_id),
            service_categories::code.eq(code),
            service_categories::name_it.eq(name_it),
            service_categories::name_en.eq(name_en),
            service_categories::position.eq(position),
        ))
        .returning(ServiceCategory::as_returning())
        .get_result(conn)
        .await
}

/// Categories of a store of any territory, in the store's order; `None` when there is no such store.
pub async fn category_page<C>(
    conn: &mut C,
    store_id: Uuid,
    after: Option<(i16, String)>,
    limit: i64,
) -> QueryResult<Vec<ServiceCategory>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    let (position, code) = after.unwrap_or((-1, String::new()));
    cached(
        service_categories::table
            .filter(service_categories::store_id.eq(store_id))
            .filter(
                service_categories::position
                    .gt(position)
                    .or(service_categories::position.eq(position).and(service_categories::code.gt(code))),
            )
            .order((service_categories::position, service_categories::code))
            .limit(limit)
            .select(ServiceCategory::as_select()),
    )
    .load(conn)
    .await
}

/// Whether there is such a store, in any territory.
pub async fn exists<C>(conn: &mut C, store_id: Uuid) -> QueryResult<bool>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(diesel::select(diesel::dsl::exists(stores::table.find(store_id)))).get_result(conn).await
}
