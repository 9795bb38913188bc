//! Login sessions and their refresh tokens: each token is good once, and its reuse ends the session.

use crate::accounts::{self, Login};
use crate::opaque;
use crate::schema::login_sessions;
use crate::tokens::{FIRST_PARTY_CLIENT, Subject};
use chrono::{DateTime, TimeDelta, Utc};
use concilia_kernel::db::cached;
use concilia_kernel::{Actor, new_id, now};
use diesel::prelude::*;
use diesel::sql_types::{Binary, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A session's next refresh token, with whom the session is of.
pub(crate) struct Renewal {
    pub subject: Subject,
    pub refresh_token: String,
}

fn expiry(days: i32) -> DateTime<Utc> {
    now() + TimeDelta::days(days.into())
}

/// Opens a session with its first refresh token.
pub(crate) async fn open(conn: &mut AsyncPgConnection, login: &Login, days: i32) -> QueryResult<Renewal> {
    let (id, refresh_token) = (new_id(), opaque::generate());
    cached(
        diesel::sql_query(
            "WITH session AS (INSERT INTO login_sessions (id, territory_id, account_id) VALUES ($1, $2, $3) \
             RETURNING id) \
             INSERT INTO refresh_tokens (token_hash, login_session_id, expires_at) SELECT $4, id, $5 FROM session",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(login.territory_id)
        .bind::<SqlUuid, _>(login.id)
        .bind::<Binary, _>(opaque::hash(&refresh_token))
        .bind::<Timestamptz, _>(expiry(days)),
    )
    .execute(conn)
    .await?;
    let owner = Owner { login_session: id, account: login.id, territory: login.territory_id };
    Ok(Renewal { subject: owner.subject(conn).await?, refresh_token })
}

#[derive(QueryableByName)]
struct Owner {
    #[diesel(sql_type = SqlUuid)]
    login_session: Uuid,
    #[diesel(sql_type = SqlUuid)]
    account: Uuid,
    #[diesel(sql_type = SqlUuid)]
    territory: Uuid,
}

impl Owner {
    async fn subject(self, conn: &mut AsyncPgConnection) -> QueryResult<Subject> {
        Ok(Subject {
            id: self.account,
            client_id: FIRST_PARTY_CLIENT.to_owned(),
            territory_id: self.territory,
            login_session_id: Some(self.login_session),
            roles: accounts::roles_of(conn, self.territory, self.account).await?,
        })
    }
}

/// Exchanges a refresh token for the next one; `None` when it is not, or no longer, good. Of two that
/// offer the same token at once, the second waits for the first, finds it used, and ends the session.
pub(crate) async fn renew(conn: &mut AsyncPgConnection, token: &str, days: i32) -> QueryResult<Option<Renewal>> {
    let refresh_token = opaque::generate();
    let owner = cached(
        diesel::sql_query(
            "WITH spent AS (UPDATE refresh_tokens t SET used_at = now() \
               FROM login_sessions s JOIN accounts a ON a.id = s.account_id \
               WHERE t.token_hash = $1 AND t.used_at IS NULL AND t.expires_at > now() \
               AND s.id = t.login_session_id AND s.revoked_at IS NULL AND a.disabled_at IS NULL \
               RETURNING s.id AS login_session, s.account_id AS account, s.territory_id AS territory), \
             fresh AS (INSERT INTO refresh_tokens (token_hash, login_session_id, expires_at) \
               SELECT $2, login_session, $3 FROM spent) \
             SELECT login_session, account, territory FROM spent",
        )
        .bind::<Binary, _>(opaque::hash(token))
        .bind::<Binary, _>(opaque::hash(&refresh_token))
        .bind::<Timestamptz, _>(expiry(days)),
    )
    .get_result::<Owner>(conn)
    .await
    .optional()?;
    let Some(owner) = owner else {
        revoke_if_reused(conn, token).await?;
        return Ok(None);
    };
    Ok(Some(Renewal { subject: owner.subject(conn).await?, refresh_token }))
}

async fn revoke_if_reused(conn: &mut AsyncPgConnection, token: &str) -> QueryResult<()> {
    let revoked = cached(
        diesel::sql_query(
            "UPDATE login_sessions s SET revoked_at = now(), revoke_reason = 'token_reused' FROM refresh_tokens t \
             WHERE t.token_hash = $1 AND t.used_at IS NOT NULL AND s.id = t.login_session_id \
             AND s.revoked_at IS NULL",
        )
        .bind::<Binary, _>(opaque::hash(token)),
    )
    .execute(conn)
    .await?;
    if revoked > 0 {
        tracing::warn!("a refresh token was used twice: its session is revoked");
    }
    Ok(())
}

/// Ends the caller's session, if it has one that is open.
pub(crate) async fn log_out(conn: &mut AsyncPgConnection, actor: &Actor) -> QueryResult<()> {
    let Some(id) = actor.login_session_id else { return Ok(()) };
    let open = login_sessions::table
        .filter(login_sessions::id.eq(id))
        .filter(login_sessions::territory_id.eq(actor.territory_id))
        .filter(login_sessions::account_id.eq(actor.id))
        .filter(login_sessions::revoked_at.is_null());
    cached(
        diesel::update(open)
            .set((login_sessions::revoked_at.eq(now()), login_sessions::revoke_reason.eq("logged_out"))),
    )
    .execute(conn)
    .await?;
    Ok(())
}
