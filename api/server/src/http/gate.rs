//! The gate every request passes: identifier and language, the operation it asks for, who asks,
//! whether the policy lets them, how much they ask. It decides before any extractor reads the
//! request, so that 401 and 403 come before 400.

use super::metrics::Metrics;
use super::operations::{Operations, Route, allowed};
use super::rate_limit::{Allowance, Caller, RateLimiter};
use super::security_headers;
use crate::policy::Access;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError, web};
use concilia_kernel::auth::TokenVerifier;
use concilia_kernel::extract::{PeerAddress, check_if_match};
use concilia_kernel::language::{self, Language, RequestContext};
use concilia_kernel::{Actor, Code, FieldError, Problem};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

/// What the gate needs, shared by all workers.
#[derive(Clone)]
pub struct Gate {
    pub operations: std::sync::Arc<Operations>,
    pub verifier: TokenVerifier,
    pub limiter: RateLimiter,
    pub metrics: Metrics,
    pub trust_proxy: bool,
    pub cors_origins: std::sync::Arc<[String]>,
}

/// Longest path with query that is read.
const URI_LIMIT: usize = 8 * 1024;
/// Longest `Accept-Language` that is read.
const ACCEPT_LANGUAGE_LIMIT: usize = 1000;

/// The middleware.
pub async fn pass(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let Some(gate) = request.app_data::<web::Data<Gate>>().cloned() else {
        return Err(Problem::internal("the gate is not configured").into());
    };
    let context = RequestContext {
        language: Language::negotiate(header_text(&request, header::ACCEPT_LANGUAGE.as_str())),
        request_id: request_id(&request),
    };
    let id = HeaderValue::from_str(&context.request_id).ok();
    let origin = request.headers().get(header::ORIGIN).cloned();
    let route = gate.operations.at(request.match_info().unprocessed());
    let mut allowance = None;
    let mut response = language::scope(context, async {
        match gate.admit(&request, route, &mut allowance) {
            Ok(Admission::Go) => next.call(request).await.map(ServiceResponse::map_into_boxed_body),
            Ok(Admission::Preflight(methods)) => Ok(request.into_response(security_headers::preflight(&methods))),
            Err(problem) => Ok(request.into_response(problem.error_response())),
        }
    })
    .await?;
    let pattern = route.map_or("other", |route| route.pattern.as_str());
    gate.metrics.observe(response.request().method(), pattern, response.status(), started.elapsed());
    let headers = response.headers_mut();
    if let Some(id) = id {
        headers.insert(HeaderName::from_static("request-id"), id);
    }
    if let Some(allowance) = allowance {
        write_allowance(headers, allowance);
    }
    security_headers::write(headers, origin.as_ref(), &gate.cors_origins);
    Ok(response)
}

enum Admission {
    Go,
    Preflight(String),
}

impl Gate {
    fn admit(
        &self,
        request: &ServiceRequest,
        route: Option<&Route>,
        allowance: &mut Option<Allowance>,
    ) -> Result<Admission, Problem> {
        let address = self.address(request);
        if let Some(target) = request.uri().path_and_query() {
            if target.as_str().len() > URI_LIMIT {
                return Err(Problem::new(Code::UriTooLong));
            }
            if target.as_str().contains("%00") {
                return Err(Problem::new(Code::MalformedRequest)
                    .explain("Il carattere NUL non è ammesso.", "The NUL character is not allowed.")
                    .with_error(FieldError::parameter("uri", "control_character")));
            }
        }
        if request.headers().get(header::ACCEPT_LANGUAGE).is_some_and(|tags| tags.len() > ACCEPT_LANGUAGE_LIMIT) {
            return Err(Problem::new(Code::InvalidParameter)
                .with_error(FieldError::parameter("Accept-Language", "length")));
        }
        let token = bearer(request)?;
        let claims = token.map(|token| self.verifier.verify(token));
        let caller = match &claims {
            Some(Ok(claims)) => Caller::Subject(claims.sub),
            _ => Caller::Address(address),
        };
        let granted = self.limiter.admit(caller);
        *allowance = Some(granted);
        if !granted.admitted {
            return Err(Problem::new(Code::RateLimited).retry_after(granted.retry_after));
        }
        let Some(route) = route else { return Ok(Admission::Go) };
        if request.method() == Method::OPTIONS {
            return Ok(Admission::Preflight(allowed(&route.methods)));
        }
        let Some(operation) = route.methods.get(request.method()) else {
            return Err(Problem::new(Code::MethodNotAllowed).allow(allowed(&route.methods)));
        };
        request.extensions_mut().insert(route.tag.clone());
        if operation.access == Access::Public {
            request.extensions_mut().insert(PeerAddress(address));
            return Ok(Admission::Go);
        }
        let actor = claims.transpose()?.map(|claims| Actor::from_claims(&claims));
        match (&actor, operation.access) {
            (_, Access::Public | Access::PublicOrKnown) | (Some(_), Access::Authenticated) => {}
            (None, _) => return Err(Problem::new(Code::Unauthenticated)),
            (Some(actor), Access::Roles(roles)) if actor.has_any(roles) => {}
            (Some(_), Access::Roles(_)) => return Err(Problem::new(Code::Forbidden)),
        }
        check_if_match(request.request())?;
        tracing::debug!(operation = %operation.id, subject = ?actor.as_ref().map(|a| a.id), "admitted");
        if let Some(actor) = actor {
            request.extensions_mut().insert(actor);
        }
        request.extensions_mut().insert(PeerAddress(address));
        Ok(Admission::Go)
    }

    fn address(&self, request: &ServiceRequest) -> IpAddr {
        // What the proxy adds stands last, be it on a line of its own: what is before came from the caller.
        let lines = request.headers().get_all("x-forwarded-for");
        let forwarded = lines
            .last()
            .filter(|_| self.trust_proxy)
            .and_then(|line| line.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        forwarded
            .or_else(|| request.peer_addr().map(|peer| peer.ip()))
            .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

/// The bearer token, if any. Another scheme is left to the operation (the token endpoint takes Basic).
fn bearer(request: &ServiceRequest) -> Result<Option<&str>, Problem> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().map_err(|_| Problem::new(Code::InvalidToken))?;
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Ok(None),
    }
}

fn header_text<'a>(request: &'a ServiceRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// The caller's own identifier when it is a plain one, else a new one.
fn request_id(request: &ServiceRequest) -> String {
    header_text(request, "request-id")
        .filter(|id| {
            (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        })
        .map_or_else(|| concilia_kernel::new_id().to_string(), str::to_owned)
}

fn write_allowance(headers: &mut header::HeaderMap, allowance: Allowance) {
    for (name, value) in [
        ("x-ratelimit-limit", u64::from(allowance.limit)),
        ("x-ratelimit-remaining", u64::from(allowance.remaining)),
        ("x-ratelimit-reset", if allowance.admitted { 60 } else { allowance.retry_after }),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}

/// What no route matches.
pub(super) async fn unmatched() -> HttpResponse {
    Problem::not_found().error_response()
}
