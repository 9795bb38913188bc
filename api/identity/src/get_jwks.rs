use crate::keys::{Jwks, KEPT_BY_VERIFIERS};
use crate::tokens::TokenIssuer;
use actix_web::http::header;
use actix_web::{HttpResponse, get, web::Data};

/// Keys that verify access tokens
///
/// The public keys (RFC 7517) of the tokens issued here, by `kid`. New keys appear before they sign and old ones stay
/// until their tokens have expired.
#[utoipa::path(
    tag = "identity",
    responses((status = 200, description = "The key set.", body = Jwks)),
)]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(issuer: Data<TokenIssuer>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, format!("public, max-age={KEPT_BY_VERIFIERS}")))
        .json(issuer.jwks())
}
