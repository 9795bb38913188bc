use crate::tokens::TokenIssuer;
use actix_web::http::header;
use actix_web::{HttpResponse, get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

/// What an OAuth client needs to know of this server (RFC 8414).
#[derive(Serialize, ToSchema)]
#[schema(as = OauthMetadata)]
pub struct Metadata {
    /// `iss` of the tokens.
    #[schema(format = "uri", max_length = 2048, example = "https://api.concilia.example")]
    issuer: String,
    /// Where tokens are issued.
    #[schema(format = "uri", max_length = 2048)]
    token_endpoint: String,
    /// Where the keys that verify tokens are.
    #[schema(format = "uri", max_length = 2048)]
    jwks_uri: String,
    /// None: there is no authorization endpoint.
    #[schema(value_type = Vec<String>, min_items = 0, max_items = 0, max_length = 40)]
    response_types_supported: [&'static str; 0],
    /// Grants of the token endpoint.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 2, max_length = 40)]
    grant_types_supported: [&'static str; 2],
    /// How a client says who it is: machines with their secret, our own front end with none.
    #[schema(value_type = Vec<String>, min_items = 3, max_items = 3, max_length = 40)]
    token_endpoint_auth_methods_supported: [&'static str; 3],
    /// Where the contract is read by people.
    #[schema(format = "uri", max_length = 2048)]
    service_documentation: String,
    /// Languages of the texts.
    #[schema(value_type = Vec<String>, min_items = 2, max_items = 2, max_length = 40)]
    ui_locales_supported: [&'static str; 2],
}

/// Authorization server metadata
///
/// Where tokens are asked for, and how (RFC 8414).
#[utoipa::path(
    tag = "identity",
    responses((status = 200, description = "The metadata.", body = Metadata)),
)]
#[get("/.well-known/oauth-authorization-server")]
pub async fn get_oauth_metadata(issuer: Data<TokenIssuer>) -> HttpResponse {
    let base = &issuer.settings().issuer;
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(Metadata {
        issuer: base.clone(),
        token_endpoint: format!("{base}/oauth/token"),
        jwks_uri: format!("{base}/.well-known/jwks.json"),
        response_types_supported: [],
        grant_types_supported: ["client_credentials", "refresh_token"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
        service_documentation: format!("{base}/docs/"),
        ui_locales_supported: ["it", "en"],
    })
}
