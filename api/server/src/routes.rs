//! The whole route table on one page.

use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        // identity
        // network
        // planning
        // eligibility
        // ledger
        // benefits
        // catalogue
        // marketplace
        // payments
        ;
}
