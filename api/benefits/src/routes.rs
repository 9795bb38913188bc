use crate::{applications, rankings, voucher_calls};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(voucher_calls::create_voucher_call::create_voucher_call)
        .service(voucher_calls::list_voucher_calls::list_voucher_calls)
        .service(voucher_calls::get_voucher_call::get_voucher_call)
        .service(voucher_calls::update_voucher_call::update_voucher_call)
        .service(voucher_calls::open_voucher_call::open_voucher_call)
        .service(voucher_calls::close_voucher_call::close_voucher_call)
        .service(applications::create_application::create_application)
        .service(applications::list_applications::list_applications)
        .service(applications::get_application::get_application)
        .service(applications::update_application::update_application)
        .service(applications::submit_application::submit_application)
        .service(applications::withdraw_application::withdraw_application)
        .service(applications::get_application_explanation::get_application_explanation)
        .service(rankings::create_ranking::create_ranking)
        .service(rankings::list_rankings::list_rankings)
        .service(rankings::get_ranking::get_ranking)
        .service(rankings::approve_ranking::approve_ranking);
}
