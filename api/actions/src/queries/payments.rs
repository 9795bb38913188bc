use crate::payments::{ActionPayment, NewActionPayment};
use crate::rules::states::ActionPaymentState;
use concilia_kernel::db::cached;
use concilia_kernel::{Money, new_id};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

const SELECT: &str = "SELECT p.id, p.action_id, p.reverses, p.payee, p.document, p.document_date, p.paid_on, p.amount, \
    p.note, coalesce(d.outcome, 'recorded') AS state, p.recorded_by, p.recorded_at, d.decided_by, d.decided_at, d.reason, \
    coalesce((SELECT sum(r.amount) FROM action_payments r JOIN action_payment_decisions x ON x.payment_id = r.id \
              WHERE r.reverses = p.id AND x.outcome = 'approved'), 0) AS taken_back \
    FROM action_payments p LEFT JOIN action_payment_decisions d ON d.payment_id = p.id ";

pub async fn find<C>(connection: &mut C, territory_id: Uuid, id: Uuid) -> QueryResult<Option<ActionPayment>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!("{SELECT} WHERE p.territory_id = $1 AND p.id = $2"))
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// A page of the entries of an action, in the order of recording.
pub async fn list<C>(
    connection: &mut C,
    territory_id: Uuid,
    action_id: Uuid,
    after: Option<Uuid>,
    limit: i64,
) -> QueryResult<Vec<ActionPayment>>
where
    C: AsyncConnectionCore<Backend = Pg> + Send,
{
    cached(
        sql_query(format!(
            "{SELECT} WHERE p.territory_id = $1 AND p.action_id = $2 AND ($3 IS NULL OR p.id > $3) \
             ORDER BY p.id LIMIT $4"
        ))
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(action_id)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit + 1),
    )
    .load(connection)
    .await
}

/// Whether the action, which the transaction holds, has a payment of this document that was not refused.
pub async fn is_recorded(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    action_id: Uuid,
    payment: &NewActionPayment,
) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Bool)]
        found: bool,
    }
    let found: Found = cached(
        sql_query(
            "SELECT EXISTS (SELECT FROM action_payments p LEFT JOIN action_payment_decisions d ON d.payment_id = p.id \
               WHERE p.territory_id = $1 AND p.action_id = $2 AND p.reverses IS NULL AND lower(p.payee) = lower($3) \
               AND lower(p.document) = lower($4) AND p.document_date = $5 \
               AND d.outcome IS DISTINCT FROM 'refused') AS found",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(action_id)
        .bind::<Text, _>(payment.payee.trim_matches(' '))
        .bind::<Text, _>(payment.document.trim_matches(' '))
        .bind::<Date, _>(payment.document_date),
    )
    .get_result(connection)
    .await?;
    Ok(found.found)
}

/// EUR of a payment that entries take back, or will if they are approved.
pub async fn claimed_back(connection: &mut AsyncPgConnection, territory_id: Uuid, id: Uuid) -> QueryResult<Money> {
    #[derive(QueryableByName)]
    struct Sum {
        #[diesel(sql_type = Numeric)]
        sum: Money,
    }
    let sum: Sum = cached(
        sql_query(
            "SELECT coalesce(sum(p.amount), 0) AS sum FROM action_payments p \
             LEFT JOIN action_payment_decisions d ON d.payment_id = p.id \
             WHERE p.territory_id = $1 AND p.reverses = $2 AND d.outcome IS DISTINCT FROM 'refused'",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await?;
    Ok(sum.sum)
}

pub async fn insert(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    action_id: Uuid,
    reverses: Option<Uuid>,
    payment: &NewActionPayment,
    recorded_by: Uuid,
) -> QueryResult<Uuid> {
    let id = new_id();
    cached(
        sql_query(
            "INSERT INTO action_payments (id, territory_id, action_id, reverses, payee, document, document_date, paid_on, \
               amount, note, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(action_id)
        .bind::<Nullable<SqlUuid>, _>(reverses)
        .bind::<Text, _>(payment.payee.trim_matches(' '))
        .bind::<Text, _>(payment.document.trim_matches(' '))
        .bind::<Date, _>(payment.document_date)
        .bind::<Date, _>(payment.paid_on)
        .bind::<Numeric, _>(payment.amount)
        .bind::<Nullable<Text>, _>(payment.note.as_deref())
        .bind::<SqlUuid, _>(recorded_by),
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// Decides a recorded entry of an action that the transaction holds.
pub async fn decide(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
    outcome: ActionPaymentState,
    reason: Option<&str>,
    decided_by: Uuid,
) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO action_payment_decisions (payment_id, territory_id, outcome, reason, decided_by) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(territory_id)
        .bind::<Text, _>(outcome)
        .bind::<Nullable<Text>, _>(reason)
        .bind::<SqlUuid, _>(decided_by),
    )
    .execute(connection)
    .await?;
    Ok(())
}
