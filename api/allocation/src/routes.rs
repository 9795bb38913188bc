use crate::{admissible, allocations, awards, decree};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(admissible::set_admissible_amount::set_admissible_amount)
        .service(admissible::list_admissible_amounts::list_admissible_amounts)
        .service(allocations::create_allocation::create_allocation)
        .service(allocations::simulate_allocation::simulate_allocation)
        .service(allocations::suggest_allocation::suggest_allocation)
        .service(allocations::list_allocations::list_allocations)
        .service(allocations::get_allocation::get_allocation)
        .service(allocations::get_allocation_explanation::get_allocation_explanation)
        .service(allocations::approve_allocation::approve_allocation)
        .service(allocations::discard_allocation::discard_allocation)
        .service(awards::list_call_awards::list_call_awards)
        .service(decree::get_allocation_pdf::get_allocation_pdf)
        .service(decree::get_allocation_xlsx::get_allocation_xlsx);
}
