//! A dated session of a service, with its places.

use crate::rules::SessionState;
use crate::schema::service_sessions;
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A dated session of a service.
#[derive(Debug, Clone, Serialize, Queryable, Selectable, ToSchema)]
#[diesel(table_name = service_sessions)]
pub struct ServiceSession {
    pub id: Uuid,
    pub service_id: Uuid,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Places in all.
    #[schema(minimum = 1, maximum = 10000, format = Int32, example = 8)]
    pub capacity: i32,
    /// Places left; none in a cancelled session.
    #[diesel(select_expression = sql::<Integer>("CASE state WHEN 'open' THEN capacity - places_taken ELSE 0 END"))]
    #[diesel(select_expression_type = SqlLiteral<Integer>)]
    #[schema(minimum = 0, maximum = 10000, format = Int32, example = 3)]
    pub free_places: i32,
    pub state: SessionState,
}
