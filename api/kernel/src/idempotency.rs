//! `Idempotency-Key`: the answer is stored with the effect, in one transaction.
//!
//! Same key and request: the stored answer. Same key, other request: 422. Requests with the same key
//! that run together queue on the key's row; one that waits too long answers 409.
//! Answers that hold personal data are stored sealed ([`RequestIdentity::sealed`]).

use crate::db::{cached, transaction};
use crate::problem::{Code, FieldError, Problem};
use crate::vault::Vault;
use crate::{Actor, extract::IdempotencyKey};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use diesel::sql_types::{Binary, Bool, Jsonb, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, sql_query};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// An answer that can be stored and given again.
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    head: Head,
    body: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Head {
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
}

impl Reply {
    pub fn json<T: Serialize>(status: StatusCode, value: &T) -> Result<Self, Problem> {
        let body = serde_json::to_string(value).map_err(Problem::internal)?;
        Ok(Self { status, head: Head::default(), body })
    }

    pub fn ok<T: Serialize>(value: &T) -> Result<Self, Problem> {
        Self::json(StatusCode::OK, value)
    }

    pub fn created<T: Serialize>(location: impl Into<String>, value: &T) -> Result<Self, Problem> {
        Ok(Self::json(StatusCode::CREATED, value)?.location(location))
    }

    pub fn accepted<T: Serialize>(location: impl Into<String>, value: &T) -> Result<Self, Problem> {
        Ok(Self::json(StatusCode::ACCEPTED, value)?.location(location))
    }

    fn location(mut self, location: impl Into<String>) -> Self {
        self.head.location = Some(location.into());
        self
    }

    #[must_use]
    pub fn etag(mut self, etag: impl Into<String>) -> Self {
        self.head.etag = Some(etag.into());
        self
    }

    pub fn into_response(self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status);
        if let Some(location) = self.head.location {
            response.insert_header((header::LOCATION, location));
        }
        if let Some(etag) = self.head.etag {
            response.insert_header((header::ETAG, etag));
        }
        response.content_type("application/json").body(self.body)
    }
}

/// What identifies a request to its caller: the operation and everything it was asked.
#[derive(Clone)]
pub struct RequestIdentity {
    pub key: Option<String>,
    pub operation: &'static str,
    /// SHA-256 of the body and of whatever else tells requests apart.
    pub hash: Vec<u8>,
    vault: Option<Vault>,
}

/// Purpose under which stored answers are sealed.
const SEALED_BODY: &str = "idempotency_keys.response_body";

impl RequestIdentity {
    pub fn new(key: IdempotencyKey, operation: &'static str, hash: [u8; 32]) -> Self {
        Self { key: key.0, operation, hash: hash.to_vec(), vault: None }
    }

    /// Seals the stored answer, for operations whose answer holds personal data.
    #[must_use]
    pub fn sealed(mut self, vault: &Vault) -> Self {
        self.vault = Some(vault.clone());
        self
    }

    /// Tells apart requests that differ in their path as well.
    #[must_use]
    pub fn with_path(mut self, id: uuid::Uuid) -> Self {
        self.hash.extend_from_slice(id.as_bytes());
        self
    }
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Text)]
    operation: String,
    #[diesel(sql_type = Binary)]
    request_hash: Vec<u8>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    response_status: Option<i16>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    response_head: Option<serde_json::Value>,
    #[diesel(sql_type = Nullable<Text>)]
    response_body: Option<String>,
}

/// Runs `effect` in a transaction, once per key. A refusal rolls back and leaves the key free.
pub async fn once<F>(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    request: RequestIdentity,
    effect: F,
) -> Result<HttpResponse, Problem>
where
    F: AsyncFnOnce(&mut AsyncPgConnection) -> Result<Reply, Problem>,
{
    let reply = transaction(conn, async |conn| {
        let Some(key) = &request.key else { return effect(conn).await };
        if let Some(reply) = claim(conn, actor.id, key, &request).await? {
            return Ok(reply);
        }
        let reply = effect(conn).await?;
        store(conn, actor.id, key, &reply, request.vault.as_ref()).await?;
        Ok(reply)
    })
    .await?;
    Ok(reply.into_response())
}

/// Takes the key, or returns the answer that another request stored under it.
async fn claim(
    connection: &mut AsyncPgConnection,
    subject: uuid::Uuid,
    key: &str,
    request: &RequestIdentity,
) -> Result<Option<Reply>, Problem> {
    let waited = |error: diesel::result::Error| match &error {
        diesel::result::Error::DatabaseError(_, info) if info.message().contains("lock timeout") => {
            Problem::new(Code::IdempotencyKeyInUse).retry_after(1)
        }
        _ => error.into(),
    };
    let inserted = cached(
        sql_query(
            "WITH patience AS (SELECT set_config('lock_timeout', '8000', true)) \
             INSERT INTO idempotency_keys (subject_id, key, operation, request_hash) \
             SELECT $1, $2, $3, $4 FROM patience ON CONFLICT DO NOTHING",
        )
        .bind::<SqlUuid, _>(subject)
        .bind::<Text, _>(key)
        .bind::<Text, _>(request.operation)
        .bind::<Binary, _>(&request.hash),
    )
    .execute(connection)
    .await
    .map_err(waited)?;
    if inserted == 1 {
        return Ok(None);
    }
    let stored: Stored = cached(
        sql_query(
            "SELECT operation, request_hash, response_status, response_head, response_body \
             FROM idempotency_keys WHERE subject_id = $1 AND key = $2",
        )
        .bind::<SqlUuid, _>(subject)
        .bind::<Text, _>(key),
    )
    .get_result(connection)
    .await?;
    replay(stored, request).map(Some)
}

/// Whether an answer of this caller is stored under the key.
pub async fn is_taken(connection: &mut AsyncPgConnection, actor: &Actor, key: &str) -> Result<bool, Problem> {
    #[derive(QueryableByName)]
    struct Taken {
        #[diesel(sql_type = Bool)]
        taken: bool,
    }
    let found: Taken = cached(
        sql_query("SELECT EXISTS (SELECT FROM idempotency_keys WHERE subject_id = $1 AND key = $2) AS taken")
            .bind::<SqlUuid, _>(actor.id)
            .bind::<Text, _>(key),
    )
    .get_result(connection)
    .await?;
    Ok(found.taken)
}

fn replay(stored: Stored, request: &RequestIdentity) -> Result<Reply, Problem> {
    if stored.operation != request.operation || stored.request_hash != request.hash {
        return Err(Problem::new(Code::IdempotencyKeyReused)
            .with_error(FieldError::parameter("Idempotency-Key", "idempotency_key_reused")));
    }
    let status = stored.response_status.and_then(|s| StatusCode::from_u16(s.cast_unsigned()).ok());
    let (Some(status), Some(body)) = (status, stored.response_body) else {
        return Err(Problem::new(Code::IdempotencyKeyInUse).retry_after(1));
    };
    let head = stored.response_head.and_then(|head| serde_json::from_value(head).ok()).unwrap_or_default();
    let body = match &request.vault {
        Some(vault) => {
            let sealed = STANDARD_NO_PAD.decode(body).map_err(Problem::internal)?;
            String::from_utf8(vault.open(SEALED_BODY, &sealed)?).map_err(Problem::internal)?
        }
        None => body,
    };
    Ok(Reply { status, head, body })
}

async fn store(
    connection: &mut AsyncPgConnection,
    subject: uuid::Uuid,
    key: &str,
    reply: &Reply,
    vault: Option<&Vault>,
) -> Result<(), Problem> {
    let body = match vault {
        Some(vault) => Cow::Owned(STANDARD_NO_PAD.encode(vault.seal(SEALED_BODY, reply.body.as_bytes()))),
        None => Cow::Borrowed(reply.body.as_str()),
    };
    let head = serde_json::to_value(&reply.head).map_err(Problem::internal)?;
    cached(
        sql_query(
            "UPDATE idempotency_keys SET response_status = $3, response_head = $4, response_body = $5 \
             WHERE subject_id = $1 AND key = $2",
        )
        .bind::<SqlUuid, _>(subject)
        .bind::<Text, _>(key)
        .bind::<SmallInt, _>(reply.status.as_u16().cast_signed())
        .bind::<Jsonb, _>(head)
        .bind::<Text, _>(body.as_ref()),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes answers older than a week: a caller that repeats a request does so within minutes.
pub async fn forget_old(connection: &mut AsyncPgConnection) -> Result<usize, Problem> {
    let removed = sql_query("DELETE FROM idempotency_keys WHERE created_at < now() - interval '7 days'");
    Ok(removed.execute(connection).await?)
}
