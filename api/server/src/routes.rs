//! The whole route table on one page.

use concilia_eligibility as eligibility;
use utoipa_actix_web::service_config::ServiceConfig;

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        // identity
        .service(concilia_identity::create_session::create_session)
        .service(concilia_identity::delete_session::delete_session)
        .service(concilia_identity::create_token::create_token)
        .service(concilia_identity::get_jwks::get_jwks)
        .service(concilia_identity::get_oauth_metadata::get_oauth_metadata)
        .service(concilia_network::get_me::get_me)
        // network
        .service(concilia_network::list_territories::list_territories)
        .service(concilia_network::list_organisations::list_organisations)
        .service(concilia_network::get_organisation::get_organisation)
        // planning
        .service(concilia_planning::list_projects::list_projects)
        .service(concilia_planning::get_project::get_project)
        // eligibility
        .service(eligibility::imports::create_employee_import_ndjson::create_employee_import_ndjson)
        .service(eligibility::imports::create_employee_import_csv::create_employee_import_csv)
        .service(eligibility::employees::list_employees::list_employees)
        .service(eligibility::employees::get_employee::get_employee)
        .service(eligibility::employees::upsert_employee::upsert_employee)
        .service(eligibility::employees::end_employee::end_employee)
        .service(eligibility::employees::create_activation_code::create_activation_code)
        .service(eligibility::employees::get_eligibility_summary::get_eligibility_summary)
        .service(eligibility::jobs::list_jobs::list_jobs)
        .service(eligibility::jobs::get_job::get_job)
        .service(eligibility::jobs::list_job_errors::list_job_errors)
        .service(eligibility::activation::create_worker_activation::create_worker_activation)
        .service(eligibility::worker::get_worker_profile::get_worker_profile)
        .service(eligibility::household::get_household::get_household)
        .service(eligibility::household::update_household::update_household)
        .service(eligibility::household::list_household_members::list_household_members)
        .service(eligibility::household::create_household_member::create_household_member)
        .service(eligibility::household::get_household_member::get_household_member)
        .service(eligibility::household::update_household_member::update_household_member)
        .service(eligibility::household::remove_household_member::remove_household_member)
        // ledger
        .service(concilia_ledger::list_vouchers::list_vouchers)
        .service(concilia_ledger::get_voucher::get_voucher)
        .service(concilia_ledger::get_voucher_statement::get_voucher_statement)
        .service(concilia_ledger::get_call_statement::get_call_statement)
        .service(concilia_ledger::create_ledger_check::create_ledger_check)
        // benefits
        .service(concilia_benefits::voucher_calls::create_voucher_call::create_voucher_call)
        .service(concilia_benefits::voucher_calls::list_voucher_calls::list_voucher_calls)
        .service(concilia_benefits::voucher_calls::get_voucher_call::get_voucher_call)
        .service(concilia_benefits::voucher_calls::update_voucher_call::update_voucher_call)
        .service(concilia_benefits::voucher_calls::open_voucher_call::open_voucher_call)
        .service(concilia_benefits::voucher_calls::close_voucher_call::close_voucher_call)
        .service(concilia_benefits::applications::create_application::create_application)
        .service(concilia_benefits::applications::list_applications::list_applications)
        .service(concilia_benefits::applications::get_application::get_application)
        .service(concilia_benefits::applications::update_application::update_application)
        .service(concilia_benefits::applications::submit_application::submit_application)
        .service(concilia_benefits::applications::withdraw_application::withdraw_application)
        .service(concilia_benefits::applications::get_application_explanation::get_application_explanation)
        .service(concilia_benefits::rankings::create_ranking::create_ranking)
        .service(concilia_benefits::rankings::list_rankings::list_rankings)
        .service(concilia_benefits::rankings::get_ranking::get_ranking)
        .service(concilia_benefits::rankings::approve_ranking::approve_ranking)
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
        .service(concilia_payments::create_provider_statement::create_provider_statement)
        .service(concilia_payments::list_provider_statements::list_provider_statements)
        .service(concilia_payments::get_provider_statement::get_provider_statement)
        .service(concilia_payments::approve_provider_statement::approve_provider_statement)
        .service(concilia_payments::mark_provider_statement_paid::mark_provider_statement_paid)
        ;
}
