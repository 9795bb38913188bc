//! What is repeated, how often, and after how long.

use crate::problem::retry_after;
use reqwest::{Method, Request, Response, StatusCode};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

/// How often a call is repeated when the server asks for patience or the connection breaks.
///
/// Only calls that may be repeated are: reads, `PUT`, `DELETE`, and any call with an `Idempotency-Key`, whose key stays
/// the same. A body that is streamed cannot be sent twice.
#[derive(Debug, Clone, Copy)]
pub struct Retry {
    /// Repetitions after the first attempt.
    pub repetitions: u32,
    /// Wait before the first repetition; it doubles at each further one.
    pub first_wait: Duration,
    /// Longest wait. A server that asks for more gets no further attempt.
    pub longest_wait: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { repetitions: 4, first_wait: Duration::from_millis(200), longest_wait: Duration::from_secs(30) }
    }
}

impl Retry {
    /// Every call is made once.
    pub fn never() -> Self {
        Self { repetitions: 0, ..Self::default() }
    }

    pub(crate) async fn run<F, R>(&self, request: Request, send: F) -> reqwest::Result<Response>
    where
        F: Fn(Request) -> R,
        R: Future<Output = reqwest::Result<Response>>,
    {
        let mut request = request;
        for repetition in 0..self.repetitions {
            let Some(copy) = may_repeat(&request).then(|| request.try_clone()).flatten() else { break };
            let outcome = send(request).await;
            let Some(wait) = self.wait(&outcome, repetition) else { return outcome };
            tokio::time::sleep(wait).await;
            request = copy;
        }
        send(request).await
    }

    /// How long to wait before repeating; `None` when the outcome stands.
    fn wait(&self, outcome: &reqwest::Result<Response>, repetition: u32) -> Option<Duration> {
        let asked = match outcome {
            Ok(response) => match response.status() {
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => retry_after(response.headers()),
                _ => return None,
            },
            Err(error) if error.is_builder() || error.is_redirect() || error.is_decode() => return None,
            Err(_) => None,
        };
        match asked {
            Some(asked) => (asked <= self.longest_wait).then_some(asked),
            None => Some(jittered(self.first_wait.saturating_mul(1 << repetition.min(16))).min(self.longest_wait)),
        }
    }
}

fn may_repeat(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD | Method::PUT | Method::DELETE)
        || request.headers().contains_key(IDEMPOTENCY_KEY)
}

pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Between half and the whole of `wait`, so that clients which failed together do not come back together.
fn jittered(wait: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish() % 1_000;
    wait / 2 + wait.mul_f64(random as f64 / 2_000.0)
}
