//! `/metrics` in the Prometheus text format: requests and their time, by route and status class.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, get, web};
use concilia_kernel::Problem;
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};
use std::time::Duration;

#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
}

impl Metrics {
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("concilia_http_requests_total", "Requests answered."),
            &["method", "route", "status"],
        )?;
        let seconds = HistogramVec::new(
            HistogramOpts::new("concilia_http_request_seconds", "Time to answer, in seconds.")
                .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0]),
            &["route"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        Ok(Self { registry, requests, seconds })
    }

    pub(super) fn observe(&self, method: &Method, route: &str, status: StatusCode, elapsed: Duration) {
        self.requests.with_label_values(&[label_of(method), route, status.as_str()]).inc();
        self.seconds.with_label_values(&[route]).observe(elapsed.as_secs_f64());
    }
}

/// A method may be any word that a caller makes up, and each word would be a series that stays.
fn label_of(method: &Method) -> &str {
    match *method {
        Method::GET
        | Method::POST
        | Method::PUT
        | Method::PATCH
        | Method::DELETE
        | Method::HEAD
        | Method::OPTIONS => method.as_str(),
        _ => "other",
    }
}

#[get("/metrics")]
pub(super) async fn get_metrics(metrics: web::Data<Metrics>) -> Result<HttpResponse, Problem> {
    let mut text = Vec::new();
    TextEncoder::new().encode(&metrics.registry.gather(), &mut text).map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text))
}
