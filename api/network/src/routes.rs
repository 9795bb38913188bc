use crate::{composition, get_me, get_organisation, list_organisations, list_territories, memberships, reserved};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_me::get_me)
        .service(list_territories::list_territories)
        .service(list_organisations::list_organisations)
        .service(get_organisation::get_organisation)
        .service(memberships::get_membership_statement::get_membership_statement)
        .service(memberships::request_membership::request_membership)
        .service(memberships::list_memberships::list_memberships)
        .service(memberships::get_membership::get_membership)
        .service(memberships::admit_membership::admit_membership)
        .service(memberships::refuse_membership::refuse_membership)
        .service(memberships::withdraw_membership::withdraw_membership)
        .service(memberships::exclude_membership::exclude_membership)
        .service(composition::get_network_composition::get_network_composition)
        .service(composition::list_network_compositions::list_network_compositions)
        .service(composition::freeze_network_composition::freeze_network_composition)
        .service(reserved::list_notices::list_notices)
        .service(reserved::create_notice::create_notice)
        .service(reserved::list_network_documents::list_network_documents)
        .service(reserved::upload_network_document::upload_network_document)
        .service(reserved::get_network_document::get_network_document);
}
