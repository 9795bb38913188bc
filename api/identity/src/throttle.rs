//! Slows whoever guesses secrets: failures are counted by account (or the like) and by address, and
//! wait longer and longer.
//!
//! Call [`check`] before a secret is looked at; then [`record_failure`] or [`reset`]. Both say no
//! (429 `too_many_attempts`) when other attempts were stopped meanwhile: a crowd of parallel guesses
//! learns no more than a queue of them. Not within the transaction of a refused operation, which
//! would roll the count back.

use crate::Email;
use crate::rules::backoff::{ACCOUNT, ADDRESS, Count, Limits};
use crate::schema::login_throttles;
use chrono::{DateTime, Utc};
use concilia_kernel::db::{cached, transaction};
use concilia_kernel::extract::PeerAddress;
use concilia_kernel::vault::{INDEX_LEN, Vault};
use concilia_kernel::{Code, Problem, now};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Integer, Nullable, Timestamptz};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection, RunQueryDsl};
use std::net::{IpAddr, Ipv6Addr};
use uuid::Uuid;

/// Something whose failed attempts are counted. Only a keyed hash of it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    index: [u8; INDEX_LEN],
    limits: Limits,
}

impl Target {
    /// An account, whether it exists or not.
    pub fn account(vault: &Vault, email: &Email) -> Self {
        Self::new(vault, "login_throttles.account", email.as_str().as_bytes(), ACCOUNT)
    }

    /// An address; of IPv6, the network that one subscriber holds (64 bits).
    pub fn address(vault: &Vault, peer: PeerAddress) -> Self {
        Self::new(vault, "login_throttles.address", &network(peer), ADDRESS)
    }

    /// An API client as called from one address: its name is not secret, and a stranger elsewhere
    /// must not be able to stop it.
    pub(crate) fn client(vault: &Vault, client_id: &str, peer: PeerAddress) -> Self {
        let value = [&network(peer), client_id.as_bytes()].concat();
        Self::new(vault, "login_throttles.client", &value, ACCOUNT)
    }

    /// The activation of the person with a tax code, whether there is one or not.
    pub fn activation(vault: &Vault, tax_code: &str) -> Self {
        Self::new(vault, "login_throttles.activation", tax_code.as_bytes(), ACCOUNT)
    }

    fn new(vault: &Vault, purpose: &'static str, value: &[u8], limits: Limits) -> Self {
        Self { index: vault.blind_index(purpose, Uuid::nil(), value), limits }
    }
}

fn network(PeerAddress(address): PeerAddress) -> [u8; 16] {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & (u128::MAX << 64)).octets(),
    }
}

/// Refuses with 429 while any of `targets` has to wait.
pub async fn check<C>(conn: &mut C, targets: &[Target]) -> Result<(), Problem>
where
    C: AsyncConnectionCore<Backend = diesel::pg::Pg> + Send,
{
    let blocked_until: Option<DateTime<Utc>> = login_throttles::table
        .filter(login_throttles::subject.eq_any(indexes(targets)))
        .select(max(login_throttles::blocked_until))
        .get_result(conn)
        .await?;
    refuse_until(blocked_until)
}

/// Counts a failed attempt against each of `targets`.
pub async fn record_failure(conn: &mut AsyncPgConnection, targets: &[Target]) -> Result<(), Problem> {
    let mut targets = targets.to_vec();
    // The same order for all, so that no two wait for each other.
    targets.sort_by_key(|target| target.index);
    transaction(conn, async |conn| {
        let counted = lock(conn, &targets).await?;
        refuse_until(counted.iter().map(|row| row.blocked_until).max())?;
        let instant = now();
        let (mut failures, mut blocked_until) = (vec![], vec![]);
        for target in &targets {
            let before = counted.iter().find(|row| row.subject == target.index).map(Row::count);
            let (count, until) = target.limits.fail(before, instant);
            failures.push(count.failures);
            blocked_until.push(until);
        }
        diesel::sql_query(
            "UPDATE login_throttles t SET failures = n.failures, blocked_until = n.blocked_until, last_failure = $4 \
             FROM unnest($1, $2, $3) AS n (subject, failures, blocked_until) WHERE t.subject = n.subject",
        )
        .bind::<Array<Binary>, _>(indexes(&targets))
        .bind::<Array<Integer>, _>(failures)
        .bind::<Array<Timestamptz>, _>(blocked_until)
        .bind::<Timestamptz, _>(instant)
        .execute(conn)
        .await?;
        Ok(())
    })
    .await
}

/// Forgets the failures of a target whose secret was given right.
pub async fn reset(conn: &mut AsyncPgConnection, target: &Target) -> Result<(), Problem> {
    #[derive(QueryableByName)]
    struct Blocked {
        #[diesel(sql_type = Nullable<Timestamptz>)]
        blocked_until: Option<DateTime<Utc>>,
    }
    let blocked: Blocked = cached(
        diesel::sql_query(
            "WITH forgotten AS (DELETE FROM login_throttles WHERE subject = $1 AND blocked_until <= $2) \
             SELECT max(blocked_until) AS blocked_until FROM login_throttles WHERE subject = $1",
        )
        .bind::<Binary, _>(target.index.to_vec())
        .bind::<Timestamptz, _>(now()),
    )
    .get_result(conn)
    .await?;
    refuse_until(blocked.blocked_until)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = login_throttles)]
struct Row {
    subject: Vec<u8>,
    failures: i32,
    blocked_until: DateTime<Utc>,
    last_failure: DateTime<Utc>,
}

impl Row {
    fn count(&self) -> Count {
        Count { failures: self.failures, last_failure: self.last_failure }
    }
}

/// Locks the rows of sorted targets, made where they are missing.
async fn lock(conn: &mut AsyncPgConnection, targets: &[Target]) -> QueryResult<Vec<Row>> {
    let start = |target: &Target| {
        (
            login_throttles::subject.eq(target.index.to_vec()),
            login_throttles::failures.eq(0),
            login_throttles::blocked_until.eq(DateTime::UNIX_EPOCH),
            login_throttles::last_failure.eq(now()),
        )
    };
    diesel::insert_into(login_throttles::table)
        .values(targets.iter().map(start).collect::<Vec<_>>())
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    login_throttles::table
        .filter(login_throttles::subject.eq_any(indexes(targets)))
        .order(login_throttles::subject)
        .select(Row::as_select())
        .for_update()
        .load(conn)
        .await
}

fn indexes(targets: &[Target]) -> Vec<Vec<u8>> {
    targets.iter().map(|target| target.index.to_vec()).collect()
}

fn refuse_until(blocked_until: Option<DateTime<Utc>>) -> Result<(), Problem> {
    let wait = blocked_until.map_or(0, |until| (until - now()).num_milliseconds());
    if wait <= 0 {
        return Ok(());
    }
    let seconds = wait.cast_unsigned().div_ceil(1000);
    Err(Problem::new(Code::TooManyAttempts).retry_after(seconds).explain(
        format!("Troppi tentativi falliti: riprovare fra {seconds} secondi."),
        format!("Too many failed attempts: try again in {seconds} seconds."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> [u8; INDEX_LEN] {
        let vault = Vault::new(&[7; 32]).unwrap();
        Target::address(&vault, PeerAddress(text.parse().unwrap())).index
    }

    #[test]
    fn an_address_is_what_one_subscriber_holds() {
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("192.0.2.1"), address("::ffff:192.0.2.1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
    }

    #[test]
    fn a_wait_is_told_in_whole_seconds_and_a_past_one_is_none() {
        let in_a_moment = now() + chrono::TimeDelta::milliseconds(1500);
        assert_eq!(refuse_until(Some(in_a_moment)).unwrap_err().code(), Code::TooManyAttempts);
        assert!(refuse_until(Some(now())).is_ok());
        assert!(refuse_until(None).is_ok());
    }
}
