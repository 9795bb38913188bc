//! A store as others see it, and what its lead writes.

use crate::checks;
use crate::schema::{service_categories, stores};
use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A store of a funded project on the shared portal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Store {
    pub id: Uuid,
    /// Project whose funds the store spends.
    pub project_id: Uuid,
    /// Organisation that answers for the store: the project's lead.
    pub lead_organisation_id: Uuid,
    /// Name of the store in its address.
    #[schema(min_length = 3, max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", example = "periltuotempo")]
    pub slug: String,
    /// Name in Italian.
    #[schema(min_length = 1, max_length = 120, example = "Per il tuo tempo")]
    pub name_it: String,
    /// Name in English.
    #[schema(min_length = 1, max_length = 120, example = "For your time")]
    pub name_en: String,
    /// What the store offers and to whom, in Italian.
    #[schema(max_length = 4000)]
    pub description_it: String,
    /// What the store offers and to whom, in English.
    #[schema(max_length = 4000)]
    pub description_en: String,
    /// Days a provider has to answer an order before it lapses.
    #[schema(minimum = 1, maximum = 90, format = Int32, example = 7)]
    pub answer_days: i16,
    /// Days after which a delivery that the family leaves unanswered counts as accepted.
    #[schema(minimum = 1, maximum = 90, format = Int32, example = 14)]
    pub silent_acceptance_days: i16,
    /// Hours before the start until which a family cancels at no cost.
    #[schema(minimum = 0, maximum = 720, format = Int32, example = 48)]
    pub free_cancellation_hours: i16,
    /// Categories of its services, in the store's order.
    #[schema(min_items = 0, max_items = 100)]
    pub categories: Vec<ServiceCategory>,
    /// When the store was opened.
    pub created_at: DateTime<Utc>,
    /// When the store was last changed.
    pub updated_at: DateTime<Utc>,
    #[serde(skip)]
    pub version: i64,
}

/// A store's row, before its categories join it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = stores)]
pub struct StoreRow {
    pub id: Uuid,
    pub project_id: Uuid,
    pub lead_organisation_id: Uuid,
    pub slug: String,
    pub name_it: String,
    pub name_en: String,
    pub description_it: String,
    pub description_en: String,
    pub answer_days: i16,
    pub silent_acceptance_days: i16,
    pub free_cancellation_hours: i16,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub version: i64,
}

impl StoreRow {
    pub fn with(self, categories: Vec<ServiceCategory>) -> Store {
        Store {
            id: self.id,
            project_id: self.project_id,
            lead_organisation_id: self.lead_organisation_id,
            slug: self.slug,
            name_it: self.name_it,
            name_en: self.name_en,
            description_it: self.description_it,
            description_en: self.description_en,
            answer_days: self.answer_days,
            silent_acceptance_days: self.silent_acceptance_days,
            free_cancellation_hours: self.free_cancellation_hours,
            categories,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

/// A category of a store's services.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = service_categories)]
pub struct ServiceCategory {
    pub id: Uuid,
    /// Stable name within the store.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "after_school")]
    pub code: String,
    /// Name in Italian.
    #[schema(min_length = 1, max_length = 120, example = "Doposcuola")]
    pub name_it: String,
    /// Name in English.
    #[schema(min_length = 1, max_length = 120, example = "After-school")]
    pub name_en: String,
    /// Place among the store's categories, lowest first.
    #[schema(minimum = 0, maximum = 1000, format = Int32, example = 4)]
    pub position: i16,
}

/// What a store's lead writes: the whole of it, at opening and at each change.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreInput {
    /// Project whose funds the store spends. Fixed once the store is open.
    pub project_id: Uuid,
    /// Name of the store in its address, unique on the portal.
    #[schema(min_length = 3, max_length = 60, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", example = "periltuotempo")]
    #[validate(length(min = 3, max = 60), custom(function = "checks::slug"))]
    pub slug: String,
    /// Name in Italian.
    #[schema(min_length = 1, max_length = 120, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 120), custom(function = "checks::line"))]
    pub name_it: String,
    /// Name in English.
    #[schema(min_length = 1, max_length = 120, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 120), custom(function = "checks::line"))]
    pub name_en: String,
    /// What the store offers and to whom, in Italian.
    #[schema(max_length = 4000, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
    #[validate(length(max = 4000), custom(function = "checks::text"))]
    pub description_it: String,
    /// What the store offers and to whom, in English.
    #[schema(max_length = 4000, pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
    #[validate(length(max = 4000), custom(function = "checks::text"))]
    pub description_en: String,
    /// Days a provider has to answer an order before it lapses.
    #[serde(default = "default_answer_days")]
    #[schema(minimum = 1, maximum = 90, format = Int32, default = 7)]
    #[validate(range(min = 1, max = 90))]
    pub answer_days: i16,
    /// Days after which a delivery that the family leaves unanswered counts as accepted.
    #[serde(default = "default_silent_acceptance_days")]
    #[schema(minimum = 1, maximum = 90, format = Int32, default = 14)]
    #[validate(range(min = 1, max = 90))]
    pub silent_acceptance_days: i16,
    /// Hours before the start until which a family cancels at no cost.
    #[serde(default = "default_free_cancellation_hours")]
    #[schema(minimum = 0, maximum = 720, format = Int32, default = 48)]
    #[validate(range(min = 0, max = 720))]
    pub free_cancellation_hours: i16,
}

fn default_answer_days() -> i16 {
    7
}

fn default_silent_acceptance_days() -> i16 {
    14
}

fn default_free_cancellation_hours() -> i16 {
    48
}

/// What other contexts need to know of a store.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = stores)]
pub struct StoreSummary {
    pub id: Uuid,
    pub territory_id: Uuid,
    pub project_id: Uuid,
    /// Organisation whose `alliance_lead` officers run the store.
    pub lead_organisation_id: Uuid,
    /// Days a provider has to answer an order, 1 to 90.
    pub answer_days: i16,
    /// Days after which an unanswered delivery counts as accepted, 1 to 90.
    pub silent_acceptance_days: i16,
    /// Hours before the start until which cancelling is free, 0 to 720.
    pub free_cancellation_hours: i16,
}

/// A store of the territory; `NotFound` for an unknown or foreign one.
pub async fn find_store<C>(conn: &mut C, territory_id: Uuid, store_id: Uuid) -> QueryResult<StoreSummary>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        stores::table
            .filter(stores::territory_id.eq(territory_id).and(stores::id.eq(store_id)))
            .select(StoreSummary::as_select()),
    )
    .get_result(conn)
    .await
}

/// A store by its name on the portal, whatever its territory: slugs are unique and public.
pub async fn find_store_by_slug<C>(conn: &mut C, slug: &str) -> QueryResult<StoreSummary>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(stores::table.filter(stores::slug.eq(slug)).select(StoreSummary::as_select())).get_result(conn).await
}
