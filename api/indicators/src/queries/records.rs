//! The records behind a figure.

use crate::rules::IndicatorCode;
use crate::source::Source;
use concilia_kernel::text_enum;
use concilia_planning::Plan;
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryResult, QueryableByName, sql_query};
use diesel_async::{AsyncConnectionCore, RunQueryDsl};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

text_enum! {
    /// Which side of a figure a record counts for.
    pub enum Side {
        /// What was reached.
        Numerator = "numerator",
        /// Of how much.
        Denominator = "denominator",
    }
}

/// A record as it counts for a figure.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct RecordRow {
    #[diesel(sql_type = Text)]
    pub indicator: IndicatorCode,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub project_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub dimension: String,
    #[diesel(sql_type = Text)]
    pub side: Side,
    #[diesel(sql_type = Text)]
    pub record_kind: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub record_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    pub label: String,
    #[diesel(sql_type = Text)]
    pub amount: String,
}

/// Which records.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    pub indicator: Option<IndicatorCode>,
    pub project_id: Option<Uuid>,
    pub dimension: Option<String>,
    pub side: Option<Side>,
}

/// Place in the list; records have no order of their own that lasts, so the whole of them is numbered.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Offset(pub u32);

/// The records from a place on, one more than `limit` if there are.
pub(crate) async fn records<C>(
    conn: &mut C,
    plan: &Plan,
    source: Source,
    selection: &Selection,
    from: Offset,
    limit: i64,
) -> QueryResult<Vec<RecordRow>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    sql_query(
        "SELECT r.indicator, r.project_id, r.dimension, r.side, r.record_kind, r.record_id, r.label, r.amount::text AS amount \
           FROM indicator_records($1, $2, $3, $4) r \
          WHERE ($5 IS NULL OR r.indicator = $5) AND ($6 IS NULL OR r.project_id = $6) \
            AND ($7 IS NULL OR r.dimension = $7) AND ($8 IS NULL OR r.side = $8) \
          ORDER BY r.indicator, r.project_reference NULLS FIRST, r.dimension, r.side DESC, r.label, r.record_kind, r.record_id \
         OFFSET $9 LIMIT $10",
    )
    .bind::<SqlUuid, _>(plan.territory_id)
    .bind::<SqlUuid, _>(plan.id)
    .bind::<Nullable<Date>, _>(source.until())
    .bind::<Nullable<SqlUuid>, _>(source.freeze_id())
    .bind::<Nullable<Text>, _>(selection.indicator)
    .bind::<Nullable<SqlUuid>, _>(selection.project_id)
    .bind::<Nullable<Text>, _>(selection.dimension.as_deref())
    .bind::<Nullable<Text>, _>(selection.side)
    .bind::<BigInt, _>(i64::from(from.0))
    .bind::<BigInt, _>(limit + 1)
    .load(conn)
    .await
}
