//! The whole route table on one page.

use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        // identity
        // network
        // planning
        // eligibility
        // ledger
        .service(concilia_ledger::list_vouchers::list_vouchers)
        .service(concilia_ledger::get_voucher::get_voucher)
        .service(concilia_ledger::get_voucher_statement::get_voucher_statement)
        .service(concilia_ledger::get_call_statement::get_call_statement)
        .service(concilia_ledger::create_ledger_check::create_ledger_check)
        // benefits
        // catalogue
        .service(concilia_catalogue::stores::list_stores::list_stores)
        .service(concilia_catalogue::stores::get_store::get_store)
        .service(concilia_catalogue::stores::create_store::create_store)
        .service(concilia_catalogue::stores::update_store::update_store)
        .service(concilia_catalogue::stores::create_service_category::create_service_category)
        .service(concilia_catalogue::stores::list_service_categories::list_service_categories)
        .service(concilia_catalogue::stores::list_store_providers::list_store_providers)
        .service(concilia_catalogue::stores::accredit_provider::accredit_provider)
        .service(concilia_catalogue::services::create_service::create_service)
        .service(concilia_catalogue::services::update_service::update_service)
        .service(concilia_catalogue::services::publish_service::publish_service)
        .service(concilia_catalogue::services::withdraw_service::withdraw_service)
        .service(concilia_catalogue::services::list_services::list_services)
        .service(concilia_catalogue::services::get_service::get_service)
        .service(concilia_catalogue::services::list_provider_services::list_provider_services)
        .service(concilia_catalogue::service_sessions::list_service_sessions::list_service_sessions)
        .service(concilia_catalogue::service_sessions::create_service_session::create_service_session)
        .service(concilia_catalogue::service_sessions::cancel_service_session::cancel_service_session)
        // marketplace
        // payments
        ;
}
