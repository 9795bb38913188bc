//! What stands between the socket and the handlers: the gate every request passes, the public
//! operational pages, the application.

mod app;
mod gate;
mod metrics;
mod operations;
mod rate_limit;
mod security_headers;
mod status;

pub use app::{AppState, document, install};
pub use gate::{Gate, pass};
pub use metrics::Metrics;
pub use operations::{Operations, Tag};
pub use rate_limit::RateLimiter;
pub use status::{BackgroundPulse, get_status};
