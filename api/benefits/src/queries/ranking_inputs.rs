use chrono::{DateTime, Utc};
use concilia_kernel::db::cached;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Binary, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// One line of a submitted application, as sealed.
#[derive(Debug, QueryableByName)]
pub struct SealedLine {
    #[diesel(sql_type = SqlUuid)]
    pub application_line_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub worker_id: Uuid,
    #[diesel(sql_type = Text)]
    pub protocol_number: String,
    #[diesel(sql_type = SmallInt)]
    pub line: i16,
    #[diesel(sql_type = Timestamptz)]
    pub submitted_at: DateTime<Utc>,
    #[diesel(sql_type = Binary)]
    pub household_sealed: Vec<u8>,
    #[diesel(sql_type = Binary)]
    pub child_sealed: Vec<u8>,
}

/// Every line submitted to the call and not withdrawn, whatever a ranking made of it since. They are
/// frozen once the call is closed, so the same lines come back for ever.
pub async fn load(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    voucher_call_id: Uuid,
) -> QueryResult<Vec<SealedLine>> {
    cached(
        sql_query(
            "SELECT l.id AS application_line_id, a.worker_id, a.protocol_number, l.line, a.submitted_at, \
               a.facts_sealed AS household_sealed, l.facts_sealed AS child_sealed \
             FROM applications a JOIN application_lines l ON l.application_id = a.id \
             WHERE a.territory_id = $1 AND a.voucher_call_id = $2 AND a.state NOT IN ('draft', 'withdrawn') \
             ORDER BY a.protocol_number, l.line",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(voucher_call_id),
    )
    .load(connection)
    .await
}
