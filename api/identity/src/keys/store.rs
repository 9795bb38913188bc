use super::{Jwk, PUBLISHED_BEFORE_SIGNING};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, TimeDelta, Utc};
use concilia_kernel::db::{schema::signing_keys, transaction};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Problem, now};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

pub(super) const PURPOSE: &str = "signing_keys.private_sealed";

/// What a key does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = signing_keys)]
pub struct SigningKey {
    pub kid: String,
    pub created_at: DateTime<Utc>,
    pub signs_from: DateTime<Utc>,
    /// `None` until it is replaced.
    pub verifies_until: Option<DateTime<Utc>>,
}

impl SigningKey {
    /// The phase of each of `keys` at `instant`: the newest that may sign is the one that does.
    pub fn phases(keys: &[Self], instant: DateTime<Utc>) -> Vec<KeyPhase> {
        let alive = |key: &&Self| key.verifies_until.is_none_or(|end| end > instant);
        let signing =
            keys.iter().filter(alive).filter(|key| key.signs_from <= instant).max_by_key(|key| key.signs_from);
        keys.iter()
            .map(|key| match key {
                key if !alive(&key) => KeyPhase::Ended,
                key if signing.is_some_and(|signing| signing.kid == key.kid) => KeyPhase::Signing,
                key if key.signs_from > instant => KeyPhase::Waiting,
                _ => KeyPhase::Verifying,
            })
            .collect()
    }
}

/// Every key, newest first.
pub async fn list_keys(conn: &mut AsyncPgConnection) -> QueryResult<Vec<SigningKey>> {
    signing_keys::table
        .order((signing_keys::signs_from.desc(), signing_keys::kid))
        .select(SigningKey::as_select())
        .load(conn)
        .await
}

/// Makes the first key, which signs at once. Returns whether there was none.
pub async fn ensure_signing_key(conn: &mut AsyncPgConnection, vault: &Vault) -> Result<bool, Problem> {
    transaction(conn, async |conn| {
        queue(conn).await?;
        let phases = SigningKey::phases(&list_keys(conn).await?, now());
        if phases.iter().any(|phase| matches!(phase, KeyPhase::Signing | KeyPhase::Waiting)) {
            return Ok(false);
        }
        insert(conn, vault, now()).await?;
        Ok(true)
    })
    .await
}

/// Makes a new key, which signs from [`PUBLISHED_BEFORE_SIGNING`] on. The others verify for `overlap`
/// more: at least the life of an access token. Keys that have ended are removed.
pub async fn rotate_keys(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    overlap: TimeDelta,
) -> Result<SigningKey, Problem> {
    transaction(conn, async |conn| {
        queue(conn).await?;
        let signs_from = now() + PUBLISHED_BEFORE_SIGNING;
        diesel::delete(signing_keys::table.filter(signing_keys::verifies_until.lt(now()))).execute(conn).await?;
        diesel::update(signing_keys::table.filter(signing_keys::verifies_until.is_null()))
            .set(signing_keys::verifies_until.eq(signs_from + overlap))
            .execute(conn)
            .await?;
        insert(conn, vault, signs_from).await
    })
    .await
}

/// Ends a key at once, as when it may be known to others: the tokens it signed are refused as soon as
/// each server reads the keys again. 409 while no other key signs: rotate and wait first.
pub async fn retire(conn: &mut AsyncPgConnection, kid: &str) -> Result<(), Problem> {
    transaction(conn, async |conn| {
        queue(conn).await?;
        let (retired, others): (Vec<_>, Vec<_>) =
            list_keys(conn).await?.into_iter().partition(|key| key.kid == kid);
        if retired.is_empty() {
            return Err(Problem::not_found());
        }
        if !SigningKey::phases(&others, now()).contains(&KeyPhase::Signing) {
            return Err(Problem::new(Code::Conflict).explain(
                "Nessun'altra chiave firma: prima ruotare le chiavi e attendere che la nuova firmi.",
                "No other key signs: rotate the keys first, and wait until the new one signs.",
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
) -> Result<SigningKey, Problem> {
    let (private, jwk) = generate()?;
    let key = diesel::insert_into(signing_keys::table)
        .values((
            signing_keys::kid.eq(&jwk.kid),
            signing_keys::private_sealed.eq(vault.seal(PURPOSE, &private)),
            signing_keys::public_jwk.eq(serde_json::to_value(&jwk).map_err(Problem::internal)?),
            signing_keys::created_at.eq(now()),
            signing_keys::signs_from.eq(signs_from),
        ))
        .returning(SigningKey::as_returning())
        .get_result(conn)
        .await?;
    Ok(key)
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

    fn instant() -> DateTime<Utc> {
        "2026-11-20T10:00:00Z".parse().unwrap()
    }

    fn key(kid: &str, signs_from: i64, verifies_until: Option<i64>) -> SigningKey {
        let at = |seconds| instant() + TimeDelta::seconds(seconds);
        SigningKey {
            kid: kid.to_owned(),
            created_at: instant(),
            signs_from: at(signs_from),
            verifies_until: verifies_until.map(at),
        }
    }

    #[test]
    fn a_rotation_hands_over_without_a_gap() {
        use KeyPhase::{Ended, Signing, Verifying, Waiting};
        let keys = [key("new", 20, None), key("old", -1000, Some(620)), key("older", -2000, Some(-10))];
        let phases = |seconds| SigningKey::phases(&keys, instant() + TimeDelta::seconds(seconds));
        assert_eq!(phases(0), [Waiting, Signing, Ended]);
        assert_eq!(phases(20), [Signing, Verifying, Ended]);
        assert_eq!(phases(620), [Signing, Ended, Ended]);
    }
}
