//! Whole catalogues at once, for the demo and for imports: set-based, in pieces of a bounded size.

use crate::rules::{Inclusion, InterventionType, Place, ServiceState, Unit};
use crate::schema::{service_categories, service_sessions, services, store_providers, stores};
use crate::vat_rate::VatRate;
use chrono::{DateTime, Utc};
use concilia_kernel::Money;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Rows per statement: far from PostgreSQL's 65,535 parameters at the widest row.
const PIECE: usize = 1000;

/// A store, with the default terms of the portal.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = stores)]
pub struct NewStore {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub project_id: Uuid,
    /// The project's lead.
    pub lead_organisation_id: Uuid,
    pub slug: String,
    pub name_it: String,
    pub name_en: String,
    pub description_it: String,
    pub description_en: String,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = service_categories)]
pub struct NewCategory {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub store_id: Uuid,
    pub code: String,
    pub name_it: String,
    pub name_en: String,
    pub position: i16,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = store_providers)]
pub struct NewStoreProvider {
    pub territory_id: Uuid,
    pub store_id: Uuid,
    pub organisation_id: Uuid,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = services)]
pub struct NewService {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub store_id: Uuid,
    pub provider_id: Uuid,
    pub category_id: Uuid,
    pub title_it: String,
    pub title_en: String,
    pub description_it: String,
    pub description_en: String,
    pub intervention_type: InterventionType,
    pub minimum_age: i16,
    pub maximum_age: i16,
    pub place: Place,
    pub municipality: Option<String>,
    pub address: Option<String>,
    pub unit: Unit,
    pub price: Money,
    pub vat_rate: VatRate,
    pub inclusion: Inclusion,
    pub state: ServiceState,
}

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = service_sessions)]
pub struct NewServiceSession {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub service_id: Uuid,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// 1 to 10,000; small groups have 8.
    pub capacity: i32,
}

pub async fn insert_stores(conn: &mut AsyncPgConnection, rows: &[NewStore]) -> QueryResult<()> {
    for piece in rows.chunks(PIECE) {
        diesel::insert_into(stores::table).values(piece).execute(conn).await?;
    }
    Ok(())
}

pub async fn insert_categories(conn: &mut AsyncPgConnection, rows: &[NewCategory]) -> QueryResult<()> {
    for piece in rows.chunks(PIECE) {
        diesel::insert_into(service_categories::table).values(piece).execute(conn).await?;
    }
    Ok(())
}

pub async fn insert_store_providers(conn: &mut AsyncPgConnection, rows: &[NewStoreProvider]) -> QueryResult<()> {
    for piece in rows.chunks(PIECE) {
        diesel::insert_into(store_providers::table).values(piece).execute(conn).await?;
    }
    Ok(())
}

pub async fn insert_services(conn: &mut AsyncPgConnection, rows: &[NewService]) -> QueryResult<()> {
    for piece in rows.chunks(PIECE) {
        diesel::insert_into(services::table).values(piece).execute(conn).await?;
    }
    Ok(())
}

pub async fn insert_service_sessions(conn: &mut AsyncPgConnection, rows: &[NewServiceSession]) -> QueryResult<()> {
    for piece in rows.chunks(PIECE) {
        diesel::insert_into(service_sessions::table).values(piece).execute(conn).await?;
    }
    Ok(())
}
