//! Seats of the committee and who holds them.

use chrono::NaiveDate;
use concilia_identity::accounts::accounts_with_roles;
use concilia_kernel::db::cached;
use concilia_kernel::problem::Text as Words;
use concilia_kernel::{Code, FieldError, Problem, Role, new_id, now};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Date, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A seat to be entered.
#[derive(Debug)]
pub struct NewSeat<'a> {
    pub id: Uuid,
    pub territory_id: Uuid,
    /// The committee.
    pub body_id: Uuid,
    /// 1 to 200 characters.
    pub name: &'a str,
    pub organisation_id: Option<Uuid>,
    pub chair: bool,
    pub from_on: NaiveDate,
    pub titular_id: Uuid,
    pub substitute_id: Option<Uuid>,
}

/// Enters a seat with who holds it. A second chair, a second seat of an organisation, or a person who sits already, is a
/// unique violation, hence 409.
pub async fn insert_seat(connection: &mut AsyncPgConnection, seat: NewSeat<'_>) -> QueryResult<()> {
    cached(
        sql_query(
            "INSERT INTO committee_seats (id, territory_id, body_id, name, organisation_id, chair, from_on) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind::<SqlUuid, _>(seat.id)
        .bind::<SqlUuid, _>(seat.territory_id)
        .bind::<SqlUuid, _>(seat.body_id)
        .bind::<Text, _>(seat.name)
        .bind::<Nullable<SqlUuid>, _>(seat.organisation_id)
        .bind::<Bool, _>(seat.chair)
        .bind::<Date, _>(seat.from_on),
    )
    .execute(connection)
    .await?;
    hand_over(connection, (seat.territory_id, seat.body_id, seat.id), (seat.titular_id, seat.substitute_id)).await
}

/// Ends who held the seat and gives it to others.
pub(super) async fn hand_over(
    connection: &mut AsyncPgConnection,
    (territory_id, body_id, seat_id): (Uuid, Uuid, Uuid),
    (titular_id, substitute_id): (Uuid, Option<Uuid>),
) -> QueryResult<()> {
    end_holders(connection, territory_id, seat_id).await?;
    for (account, capacity) in [(Some(titular_id), "titular"), (substitute_id, "substitute")] {
        let Some(account) = account else { continue };
        cached(
            sql_query(
                "INSERT INTO seat_holders (id, territory_id, body_id, seat_id, account_id, capacity, from_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind::<SqlUuid, _>(new_id())
            .bind::<SqlUuid, _>(territory_id)
            .bind::<SqlUuid, _>(body_id)
            .bind::<SqlUuid, _>(seat_id)
            .bind::<SqlUuid, _>(account)
            .bind::<Text, _>(capacity)
            .bind::<Timestamptz, _>(now()),
        )
        .execute(connection)
        .await?;
    }
    Ok(())
}

async fn end_holders(connection: &mut AsyncPgConnection, territory_id: Uuid, seat_id: Uuid) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE seat_holders SET ended_at = greatest($3, from_at) \
             WHERE territory_id = $1 AND seat_id = $2 AND ended_at IS NULL",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(seat_id)
        .bind::<Timestamptz, _>(now()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a seat from a day on, and who held it.
pub(super) async fn end(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    seat_id: Uuid,
    ended_on: NaiveDate,
) -> QueryResult<()> {
    cached(
        sql_query(
            "UPDATE committee_seats SET ended_on = greatest($3, from_on) WHERE territory_id = $1 AND id = $2",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(seat_id)
        .bind::<Date, _>(ended_on),
    )
    .execute(connection)
    .await?;
    end_holders(connection, territory_id, seat_id).await
}

/// A seat that has not ended.
#[derive(Debug, QueryableByName)]
pub(super) struct PresentSeat {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub body_id: Uuid,
    #[diesel(sql_type = Bool)]
    pub chair: bool,
}

/// The seat, held until the transaction ends.
pub(super) async fn hold(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> QueryResult<Option<PresentSeat>> {
    cached(
        sql_query(
            "SELECT id, body_id, chair FROM committee_seats WHERE territory_id = $1 AND id = $2 AND ended_on IS NULL \
             FOR UPDATE",
        )
        .bind::<SqlUuid, _>(territory_id)
        .bind::<SqlUuid, _>(id),
    )
    .get_result(connection)
    .await
    .optional()
}

/// Refuses holders who may not sit: two persons, each an evaluator or an officer of the agency; the chair's seat is the
/// agency's.
pub(super) async fn check_holders(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    chair: bool,
    (titular, substitute): (Uuid, Option<Uuid>),
) -> Result<(), Problem> {
    if substitute == Some(titular) {
        return Err(Problem::invalid("/substitute_id", "duplicate"));
    }
    let roles: &[Role] = if chair { &[Role::Ats] } else { &[Role::Ats, Role::Evaluator] };
    let able = accounts_with_roles(connection, territory_id, roles).await?;
    let words = Words::new(
        if chair {
            "il seggio della presidenza è dell'ATS"
        } else {
            "non è un valutatore né un operatore dell'ATS"
        },
        if chair {
            "the chair's seat is the agency's"
        } else {
            "neither an evaluator nor an officer of the agency"
        },
    );
    let wanted = [("/titular_id", Some(titular)), ("/substitute_id", substitute)];
    let errors: Vec<FieldError> = wanted
        .into_iter()
        .filter(|(_, account)| account.is_some_and(|id| !able.iter().any(|holder| holder.account_id == id)))
        .map(|(pointer, _)| FieldError::pointer(pointer, "not_found").explain(&words))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
}
