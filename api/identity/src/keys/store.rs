use super::{Jwk, PUBLISHED_BEFORE_SIGNING, VERIFIES_WHEN_REPLACED};
use crate::schema::signing_keys;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, Utc};
use concilia_kernel::db::transaction;
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Problem, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use serde::Serialize;

pub(super) const PURPOSE: &str = "signing_keys.private_sealed";

/// What a key does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPhase {
    /// Published, and signs later.
    Waiting,
    /// Signs new tokens.
    Signing,
    /// Replaced: verifies what it signed.
    Verifying,
    /// No longer accepted; removed by the next rotation.
    Ended,
}

/// A key without its private half.
#[derive(Debug, Clone, Serialize)]
pub struct KeyInfo {
    pub kid: String,
    pub phase: KeyPhase,
    pub signs_from: DateTime<Utc>,
    /// `None` until it is replaced.
    pub verifies_until: Option<DateTime<Utc>>,
}

/// Every key, newest first, and what it does now.
pub async fn list_keys(conn: &mut AsyncPgConnection) -> QueryResult<Vec<KeyInfo>> {
    Ok(in_phase(load(conn).await?, now()))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = signing_keys)]
struct Row {
    kid: String,
    signs_from: DateTime<Utc>,
    verifies_until: Option<DateTime<Utc>>,
}

async fn load(conn: &mut AsyncPgConnection) -> QueryResult<Vec<Row>> {
    signing_keys::table
        .order((signing_keys::signs_from.desc(), signing_keys::kid))
        .select(Row::as_select())
        .load(conn)
        .await
}

/// Of the keys that may sign at `instant`, the newest, which comes first, is the one that does.
fn in_phase(newest_first: Vec<Row>, instant: DateTime<Utc>) -> Vec<KeyInfo> {
    let mut signing = false;
    let phase = |row: Row| {
        let phase = if row.verifies_until.is_some_and(|end| end <= instant) {
            KeyPhase::Ended
        } else if row.signs_from > instant {
            KeyPhase::Waiting
        } else if signing {
            KeyPhase::Verifying
        } else {
            signing = true;
            KeyPhase::Signing
        };
        KeyInfo { kid: row.kid, phase, signs_from: row.signs_from, verifies_until: row.verifies_until }
    };
    newest_first.into_iter().map(phase).collect()
}

/// Makes the first key, which signs at once. Returns whether there was none.
pub async fn ensure_signing_key(conn: &mut AsyncPgConnection, vault: &Vault) -> Result<bool, Problem> {
    transaction(conn, async |conn| {
        queue(conn).await?;
        let keys = list_keys(conn).await?;
        if keys.iter().any(|key| matches!(key.phase, KeyPhase::Signing | KeyPhase::Waiting)) {
            return Ok(false);
        }
        insert(conn, vault, now()).await?;
        Ok(true)
    })
    .await
}

/// Makes a new key, which signs from [`PUBLISHED_BEFORE_SIGNING`] on, and returns its `kid`. The others
/// verify for [`VERIFIES_WHEN_REPLACED`] more. Keys that have ended are removed.
pub async fn rotate_keys(conn: &mut AsyncPgConnection, vault: &Vault) -> Result<String, Problem> {
    transaction(conn, async |conn| {
        queue(conn).await?;
        let signs_from = now() + PUBLISHED_BEFORE_SIGNING;
        diesel::delete(signing_keys::table.filter(signing_keys::verifies_until.lt(now()))).execute(conn).await?;
        diesel::update(signing_keys::table.filter(signing_keys::verifies_until.is_null()))
            .set(signing_keys::verifies_until.eq(signs_from + VERIFIES_WHEN_REPLACED))
            .execute(conn)
            .await?;
        insert(conn, vault, signs_from).await
    })
    .await
}

/// Ends a key at once, as when it may be known to others: the tokens it signed are refused as soon as
/// each server reads the keys again. 409 unless another key signs, and not only until it is replaced: rotate and wait
/// first.
pub async fn retire(conn: &mut AsyncPgConnection, kid: &str) -> Result<(), Problem> {
    transaction(conn, async |conn| {
        queue(conn).await?;
        let (retired, others): (Vec<_>, Vec<_>) = load(conn).await?.into_iter().partition(|key| key.kid == kid);
        if retired.is_empty() {
            return Err(Problem::not_found());
        }
        // One that was replaced would take over again, and end within the hour with none to follow it.
        let goes_on = |key: &KeyInfo| key.phase == KeyPhase::Signing && key.verifies_until.is_none();
        if !in_phase(others, now()).iter().any(goes_on) {
            return Err(Problem::new(Code::Conflict).explain(
                "Nessun'altra chiave firma senza scadenza: prima ruotare le chiavi e attendere che la nuova firmi.",
                "No other key signs without an end: rotate the keys first, and wait until the new one signs.",
            ));
        }
        diesel::update(signing_keys::table.find(kid))
            .set(signing_keys::verifies_until.eq(now()))
            .execute(conn)
            .await?;
        Ok(())
    })
    .await
}

/// Whoever changes the keys waits for who is changing them.
async fn queue(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute("SELECT pg_advisory_xact_lock(7265737461)").await
}

async fn insert(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    signs_from: DateTime<Utc>,
) -> Result<String, Problem> {
    let (private, jwk) = generate()?;
    diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(&jwk.kid),
            signing_keys::private_sealed.eq(vault.seal(PURPOSE, &private)),
            signing_keys::public_jwk.eq(serde_json::to_value(&jwk).map_err(Problem::internal)?),
            signing_keys::created_at.eq(now()),
            signing_keys::signs_from.eq(signs_from),
        ))
        .execute(conn)
        .await?;
    Ok(jwk.kid)
}

/// A new key pair: the private key in PKCS#8 and the public one.
pub(crate) fn generate() -> Result<(Vec<u8>, Jwk), Problem> {
    let pair = Ed25519KeyPair::generate().map_err(Problem::internal)?;
    let private = pair.to_pkcs8v1().map_err(Problem::internal)?.as_ref().to_vec();
    Ok((private, Jwk::of_public_key(pair.public_key().as_ref())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn instant() -> DateTime<Utc> {
        "2026-11-20T10:00:00Z".parse().unwrap()
    }

    fn row(signs_from: i64, verifies_until: Option<i64>) -> Row {
        let at = |seconds| instant() + TimeDelta::seconds(seconds);
        Row { kid: String::new(), signs_from: at(signs_from), verifies_until: verifies_until.map(at) }
    }

    #[test]
    fn a_rotation_hands_over_without_a_gap() {
        use KeyPhase::{Ended, Signing, Verifying, Waiting};
        let phases = |seconds| -> Vec<KeyPhase> {
            let rows = vec![row(20, None), row(-1000, Some(620)), row(-2000, Some(-10))];
            in_phase(rows, instant() + TimeDelta::seconds(seconds)).into_iter().map(|key| key.phase).collect()
        };
        assert_eq!(phases(0), [Waiting, Signing, Ended]);
        assert_eq!(phases(20), [Signing, Verifying, Ended]);
        assert_eq!(phases(620), [Signing, Ended, Ended]);
    }
}
