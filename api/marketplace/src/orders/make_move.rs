use super::stored_order::load_order;
use crate::rules::{BookingRule, Move};
use crate::sealed_text::SealedText;
use actix_web::HttpResponse;
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem, Role};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// What a caller asks: the move, of which order, and under what conditions.
pub(super) struct MoveRequest {
    /// The operation, for its idempotency key.
    pub operation: &'static str,
    pub made: &'static Move,
    pub order_id: Uuid,
    pub key: IdempotencyKey,
    pub versions: Option<IfMatch>,
    /// Hash of the body, zeros without one.
    pub hash: [u8; 32],
    pub details: Details,
}

/// What some moves carry along.
#[derive(Default)]
pub(super) struct Details {
    pub session_id: Option<Uuid>,
    pub note_sealed: Option<SealedText>,
    pub reason_sealed: Option<SealedText>,
}

#[derive(QueryableByName)]
struct Outcome {
    #[diesel(sql_type = Text, column_name = outcome)]
    kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    state: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    rule: Option<BookingRule>,
}

/// Makes the move in one transaction, with money, places, history and event, and answers the order as the caller sees
/// it. Of two moves at once one wins; the other is refused by the state it finds.
pub(super) async fn make_move(
    actor: &Actor,
    db: &Db,
    vault: &Vault,
    request: MoveRequest,
) -> Result<HttpResponse, Problem> {
    let MoveRequest { operation, made, order_id, key, versions, hash, details } = request;
    let identity = RequestIdentity::new(key, operation, hash).with_path(order_id).sealed(vault);
    let mut conn = db.conn().await?;
    once(&mut conn, actor, identity, async |conn| {
        ask(conn, actor, order_id, made, versions.as_ref(), &details).await?;
        let order = load_order(conn, order_id).await?.ok_or_else(Problem::not_found)?.seen_by(actor, vault)?;
        Ok(Reply::ok(&order)?.etag(etag_of(order.version)))
    })
    .await
}

/// Makes a move that carries nothing along, inside the caller's transaction. Refuses as the operations do.
pub async fn move_order(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    order_id: Uuid,
    made: &Move,
) -> Result<(), Problem> {
    ask(conn, actor, order_id, made, None, &Details::default()).await
}

async fn ask(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    order_id: Uuid,
    made: &Move,
    versions: Option<&IfMatch>,
    details: &Details,
) -> Result<(), Problem> {
    let query = sql_query(
        "SELECT outcome, state, rule FROM request_order_move($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind::<SqlUuid, _>(actor.territory_id)
    .bind::<SqlUuid, _>(order_id)
    .bind::<SqlUuid, _>(actor.id)
    .bind::<Array<SqlUuid>, _>(actor.organisations(Role::Provider))
    .bind::<Array<Text>, _>(made.worker)
    .bind::<Array<Text>, _>(made.provider)
    .bind::<Text, _>(made.to)
    .bind::<Text, _>(made.money.as_str())
    .bind::<Text, _>(made.places.as_str())
    .bind::<Bool, _>(made.until_deadline)
    .bind::<Nullable<SqlUuid>, _>(details.session_id)
    .bind::<Nullable<Binary>, _>(details.note_sealed.as_ref().map(SealedText::as_bytes))
    .bind::<Nullable<Binary>, _>(details.reason_sealed.as_ref().map(SealedText::as_bytes))
    .bind::<Nullable<Array<BigInt>>, _>(versions.and_then(IfMatch::versions));
    let outcome: Outcome = cached(query).get_result(conn).await?;
    refuse_unless_done(&outcome, made)
}

fn refuse_unless_done(outcome: &Outcome, made: &Move) -> Result<(), Problem> {
    match (outcome.kind.as_str(), &outcome.state, outcome.rule) {
        ("done", ..) => Ok(()),
        ("not_found", ..) => Err(Problem::not_found()),
        ("stale", ..) => Err(IfMatch::stale()),
        ("not_allowed", Some(state), _) => Err(made.refusal(state)),
        ("too_late", ..) => Err(Problem::new(Code::CancellationTooLate).explain(
            "Il termine del negozio per annullare senza costi è superato: rivolgersi al fornitore.",
            "The store's time for free cancellation is over: ask the provider.",
        )),
        (_, _, Some(rule)) => Err(rule.of_proposal()),
        (other, ..) => Err(Problem::internal(format!("unknown outcome {other}"))),
    }
}

impl MoveRequest {
    /// A move that carries nothing along.
    pub(super) fn plain(
        operation: &'static str,
        made: &'static Move,
        order_id: Uuid,
        key: IdempotencyKey,
        versions: Option<IfMatch>,
    ) -> Self {
        Self { operation, made, order_id, key, versions, hash: [0; 32], details: Details::default() }
    }
}
