use crate::{
    approve_provider_statement, create_provider_statement, get_provider_statement, list_provider_statements,
    mark_provider_statement_paid,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_provider_statement::create_provider_statement)
        .service(list_provider_statements::list_provider_statements)
        .service(get_provider_statement::get_provider_statement)
        .service(approve_provider_statement::approve_provider_statement)
        .service(mark_provider_statement_paid::mark_provider_statement_paid);
}
