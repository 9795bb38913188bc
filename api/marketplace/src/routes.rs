use crate::{family_plans, orders};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(family_plans::list_family_plans::list_family_plans)
        .service(family_plans::create_family_plan::create_family_plan)
        .service(family_plans::get_family_plan::get_family_plan)
        .service(family_plans::update_family_plan::update_family_plan)
        .service(family_plans::remove_family_plan::remove_family_plan)
        .service(family_plans::submit_family_plan::submit_family_plan)
        .service(orders::list_orders::list_orders)
        .service(orders::get_order::get_order)
        .service(orders::confirm_order::confirm_order)
        .service(orders::reject_order::reject_order)
        .service(orders::propose_order::propose_order)
        .service(orders::accept_order_proposal::accept_order_proposal)
        .service(orders::decline_order_proposal::decline_order_proposal)
        .service(orders::start_order::start_order)
        .service(orders::deliver_order::deliver_order)
        .service(orders::accept_order::accept_order)
        .service(orders::cancel_order::cancel_order);
}
