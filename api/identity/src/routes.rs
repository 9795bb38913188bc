use crate::{create_session, create_token, delete_session, get_jwks, get_oauth_metadata};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_session::create_session)
        .service(delete_session::delete_session)
        .service(create_token::create_token)
        .service(get_jwks::get_jwks)
        .service(get_oauth_metadata::get_oauth_metadata);
}
