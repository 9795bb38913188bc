//! Headers that every answer carries: no sniffing, no framing, cross-origin reads as configured.

use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderMap, HeaderValue};

pub(super) fn write(headers: &mut HeaderMap, origin: Option<&HeaderValue>, origins: &[String]) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("frame-ancestors 'none'"));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let any = origins.iter().any(|allowed| allowed == "*");
    let listed = origin.filter(|origin| origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()));
    if any {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    } else if let Some(origin) = listed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(
            "Content-Disposition, ETag, Location, Request-Id, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, \
             X-RateLimit-Reset",
        ),
    );
}

/// The answer to `OPTIONS` on a known path.
pub(super) fn preflight(methods: &str) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ALLOW, methods))
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, methods))
        .insert_header((
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, Accept-Language, Idempotency-Key, If-Match, If-None-Match, Request-Id",
        ))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}
