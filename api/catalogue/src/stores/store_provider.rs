//! A provider accredited in a store, as the public sees it.

use chrono::{DateTime, Utc};
use diesel::Queryable;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A provider accredited in a store.
#[derive(Debug, Clone, Serialize, Queryable, ToSchema)]
pub struct StoreProvider {
    /// The organisation: `provider_id` of its services.
    pub organisation_id: Uuid,
    #[schema(max_length = 255, example = "Koala Società Cooperativa Sociale")]
    pub name: String,
    /// Municipality of its seat.
    #[schema(required, max_length = 100, example = "Crema")]
    pub municipality: Option<String>,
    /// Since when it is accredited.
    pub accredited_at: DateTime<Utc>,
}
