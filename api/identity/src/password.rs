//! Passwords: argon2id, computed off the worker threads and a few at a time, as each takes 19 MiB.

use argon2::password_hash::PasswordVerifier;
use argon2::{Argon2, PasswordHasher};
use concilia_kernel::{Code, Problem};
use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Fewest characters of a new password.
pub const SHORTEST: usize = 12;
/// Most characters of a password.
pub const LONGEST: usize = 128;

/// Hashes computed at a time; the others wait.
static TURNS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));

/// Longest wait for a turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is checked when there is no such account, so that its absence takes as long as a mistake.
/// No password has this hash: its bytes were drawn at random.
pub(crate) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$Y29uY2lsaWEtbm9ib2R5$4m9sVbFf3wCq0eJ1pT7hXkR2uZ8yLdNaG5iOxW6vQcM";

/// A password's argon2id hash, in PHC form.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(***)")
    }
}

/// Hashes a new password. 422 at `/password` unless it has [`SHORTEST`] to [`LONGEST`] characters;
/// 503 when too many wait.
pub async fn hash_password(password: &str) -> Result<PasswordHash, Problem> {
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(Problem::invalid("/password", "length"));
    }
    let password = password.to_owned();
    let hash =
        off_thread(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()));
    hash.await?.map(PasswordHash).map_err(|error| Problem::internal(error.to_string()))
}

/// Whether `password` is that of `hash`; as slow and false without a hash.
pub(crate) async fn verify(hash: Option<String>, password: &str) -> Result<bool, Problem> {
    let known = hash.is_some();
    let (hash, password) = (hash.unwrap_or_else(|| NOBODY.to_owned()), password.to_owned());
    let matches =
        off_thread(move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok()).await?;
    Ok(known && matches)
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let turn = turn().await?;
    let result = tokio::task::spawn_blocking(move || {
        // Held by the work itself: a caller that goes away does not make room for another.
        let _turn = turn;
        work()
    });
    result.await.map_err(Problem::internal)
}

async fn turn() -> Result<SemaphorePermit<'static>, Problem> {
    match tokio::time::timeout(PATIENCE, TURNS.acquire()).await {
        Ok(permit) => permit.map_err(Problem::internal),
        Err(_) => Err(Problem::new(Code::Unavailable).retry_after(2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::password_hash::phc;

    #[tokio::test]
    async fn a_password_is_verified_by_its_hash_only() {
        let hash = hash_password("correct horse battery").await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify(Some(hash.as_str().to_owned()), "correct horse battery").await.unwrap());
        assert!(!verify(Some(hash.as_str().to_owned()), "Correct horse battery").await.unwrap());
        assert!(!verify(None, "correct horse battery").await.unwrap());
    }

    #[tokio::test]
    async fn new_passwords_are_counted_in_characters() {
        assert!(hash_password("àèìòùàèìòù").await.is_err());
        assert!(hash_password("àèìòùàèìòùàè").await.is_ok());
        assert!(hash_password(&"x".repeat(129)).await.is_err());
    }

    #[test]
    fn nobody_costs_as_much_as_anybody() {
        let nobody = phc::PasswordHash::new(NOBODY).unwrap();
        let anybody: phc::PasswordHash = Argon2::default().hash_password(b"anybody").unwrap();
        assert_eq!(nobody.params, anybody.params);
        assert_eq!(nobody.version, anybody.version);
        assert_eq!(nobody.hash.map(|h| h.len()), anybody.hash.map(|h| h.len()));
    }
}
