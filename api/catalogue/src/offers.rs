//! What an order needs to know of services and sessions, for the contexts above.

use crate::rules::{ServiceState, SessionState, Unit};
use crate::schema::{service_sessions, services};
use crate::vat_rate::VatRate;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use uuid::Uuid;

/// A service on the terms of this moment; an order keeps its own copy of the price.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = services)]
pub struct Offer {
    pub id: Uuid,
    pub store_id: Uuid,
    pub provider_id: Uuid,
    pub category_id: Uuid,
    pub title_it: String,
    pub title_en: String,
    /// Ages served, in completed years, both included.
    pub minimum_age: i16,
    pub maximum_age: i16,
    pub unit: Unit,
    /// Price of one unit, VAT included.
    pub price: Money,
    pub vat_rate: VatRate,
    /// Only a published service is booked.
    pub state: ServiceState,
}

/// A session on the terms of this moment. Free places are a hint: only `take_places` decides.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = service_sessions)]
pub struct SessionOffer {
    pub id: Uuid,
    pub service_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    #[diesel(select_expression = service_sessions::capacity - service_sessions::places_taken)]
    pub free_places: i32,
    pub state: SessionState,
}

/// Services of the territory by id, in any state; unknown and foreign ones are missing from the answer.
pub async fn find_offers<C>(conn: &mut C, territory_id: Uuid, services: &[Uuid]) -> QueryResult<Vec<Offer>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        services::table
            .filter(services::territory_id.eq(territory_id).and(services::id.eq_any(services)))
            .select(Offer::as_select()),
    )
    .load(conn)
    .await
}

/// Sessions of the territory by id, in any state; unknown and foreign ones are missing from the answer.
pub async fn find_sessions<C>(
    conn: &mut C,
    territory_id: Uuid,
    sessions: &[Uuid],
) -> QueryResult<Vec<SessionOffer>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        service_sessions::table
            .filter(service_sessions::territory_id.eq(territory_id).and(service_sessions::id.eq_any(sessions)))
            .select(SessionOffer::as_select()),
    )
    .load(conn)
    .await
}
