//! How many connections to PostgreSQL a server opens.

/// Connections of a worker thread beside those of its pool: one for short reads, one for family plans placed together,
/// one for orders read together.
pub const BESIDE_POOL: usize = 3;
/// Connections in the pool of the background work.
pub const POOL_OF_BACKGROUND: usize = 4;

/// Connections of the background work: it reads the input of jobs beside its pool.
pub const OF_BACKGROUND: usize = POOL_OF_BACKGROUND + 1;

/// The most that are open at a time.
pub fn at_most(workers: usize, pool_per_worker: usize) -> usize {
    workers * (pool_per_worker + BESIDE_POOL) + OF_BACKGROUND
}
