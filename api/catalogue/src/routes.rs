use crate::{service_sessions, services, stores};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(stores::list_stores::list_stores)
        .service(stores::get_store::get_store)
        .service(stores::create_store::create_store)
        .service(stores::update_store::update_store)
        .service(stores::create_service_category::create_service_category)
        .service(stores::list_service_categories::list_service_categories)
        .service(stores::list_store_providers::list_store_providers)
        .service(stores::accredit_provider::accredit_provider)
        .service(stores::revoke_accreditation::revoke_accreditation)
        .service(services::create_service::create_service)
        .service(services::update_service::update_service)
        .service(services::publish_service::publish_service)
        .service(services::withdraw_service::withdraw_service)
        .service(services::list_services::list_services)
        .service(services::get_service::get_service)
        .service(services::list_provider_services::list_provider_services)
        .service(service_sessions::list_service_sessions::list_service_sessions)
        .service(service_sessions::create_service_session::create_service_session)
        .service(service_sessions::cancel_service_session::cancel_service_session);
}
