//! A limit per caller: account, API client, or address where there is no token.

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter as Governor};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    Subject(Uuid),
    Address(IpAddr),
}

type Limiter = Governor<Caller, DefaultKeyedStateStore<Caller>, DefaultClock, StateInformationMiddleware>;

/// Shared by all workers of the process.
#[derive(Clone)]
pub struct RateLimiter {
    limiter: Arc<Limiter>,
    limit: u32,
}

/// What is left to a caller, for the response's headers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    pub limit: u32,
    pub remaining: u32,
    /// Seconds until a refused caller may try again; 0 when admitted.
    pub retry_after: u64,
    pub admitted: bool,
}

impl RateLimiter {
    /// `limit` requests a minute, all of which may come at once.
    pub fn per_minute(limit: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN));
        let limiter = Governor::dashmap_with_clock(quota, DefaultClock::default())
            .with_middleware::<StateInformationMiddleware>();
        Self { limiter: Arc::new(limiter), limit }
    }

    pub(super) fn admit(&self, caller: Caller) -> Allowance {
        match self.limiter.check_key(&caller) {
            Ok(state) => Allowance {
                limit: self.limit,
                remaining: state.remaining_burst_capacity(),
                retry_after: 0,
                admitted: true,
            },
            Err(refusal) => Allowance {
                limit: self.limit,
                remaining: 0,
                retry_after: refusal.wait_time_from(DefaultClock::default().now()).as_secs() + 1,
                admitted: false,
            },
        }
    }

    /// Forgets callers that have been quiet for long.
    pub fn forget_idle(&self) {
        self.limiter.retain_recent();
    }
}
