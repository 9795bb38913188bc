use crate::provider_statement::ProviderStatement;
use crate::queries;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::extract::{IdempotencyKey, Json, etag_of};
use concilia_kernel::idempotency::{self, Reply, RequestIdentity};
use concilia_kernel::transition::Agent;
use concilia_kernel::{Actor, Code, Db, Problem, Role};
use concilia_marketplace::settlement::take_accepted_orders;
use diesel::OptionalExtension;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateProviderStatement {
    /// The store whose accepted orders are charged.
    pub store_id: Uuid,
    /// The provider, for a caller who is an officer of several; else it is the caller's own.
    #[schema(nullable = false)]
    pub provider_id: Option<Uuid>,
}

/// Charge accepted orders
///
/// Puts all orders that families have accepted from the provider in the store, and that are on no statement yet, on
/// a new one: the oldest 500, should there be more. They become `invoiced`. Answers 409 `nothing_to_settle` when
/// there are none.
#[utoipa::path(
    tag = "payments",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body(content = CreateProviderStatement,
                 example = json!({"store_id": "01a1fade-0100-79e7-bab0-951856294dae"})),
    responses(
        (status = 201, description = "The statement.", body = ProviderStatement,
         headers(("Location" = String, description = "Address of the statement."),
                 ("ETag" = String, description = "Version of the statement."))),
        (status = 409, description = "No order to charge.", body = concilia_kernel::problem::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
#[post("/v1/provider-statements")]
pub async fn create_provider_statement(
    actor: Actor,
    db: Data<Db>,
    key: IdempotencyKey,
    body: Json<CreateProviderStatement>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_provider_statement", body.hash());
    let provider_id = provider(&actor, body.provider_id)?;
    let mut conn = db.conn().await?;
    idempotency::once(&mut conn, &actor, request, async |conn| {
        let store = concilia_catalogue::find_store(conn, actor.territory_id, body.store_id).await.optional()?;
        let store = store.ok_or_else(|| Problem::invalid("/store_id", "not_found"))?;
        let agent = Agent::of(&actor, Role::Provider);
        let most = queries::MOST_ORDERS;
        let orders = take_accepted_orders(conn, actor.territory_id, store.id, provider_id, most, agent).await?;
        if orders.is_empty() {
            return Err(Problem::new(Code::NothingToSettle).explain(
                "Nessun ordine accettato e non ancora rendicontato in questo negozio.",
                "No order of this store is accepted and not yet on a statement.",
            ));
        }
        let statement = queries::insert(conn, &actor, &store, provider_id, &orders).await?;
        queries::announce(conn, actor.territory_id, &statement, None, agent).await?;
        let location = format!("/v1/provider-statements/{}", statement.id);
        Ok(Reply::created(location, &statement)?.etag(etag_of(statement.version)))
    })
    .await
}

/// The organisation for which the caller acts.
fn provider(actor: &Actor, asked: Option<Uuid>) -> Result<Uuid, Problem> {
    let own = actor.organisations(Role::Provider);
    match (asked, own.as_slice()) {
        (Some(asked), own) if own.contains(&asked) => Ok(asked),
        (Some(_), _) => Err(Problem::invalid("/provider_id", "not_found")),
        (None, [only]) => Ok(*only),
        (None, _) => Err(Problem::invalid("/provider_id", "required")),
    }
}
