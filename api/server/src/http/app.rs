//! The application of one worker thread, and the document it serves.

use super::gate::{self, Gate};
use super::status::BackgroundPulse;
use super::{metrics, status};
use crate::{contract, policy, routes};
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use concilia_kernel::Db;
use concilia_kernel::db::{DbError, PoolSettings};
use concilia_kernel::vault::Vault;
use concilia_marketplace::family_plans::SubmissionQueue;
use concilia_marketplace::orders::OrderReads;
use serde_json::Value;
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

/// Everything the worker threads share.
#[derive(Clone)]
pub struct AppState {
    pub gate: Gate,
    pub pool: PoolSettings,
    pub vault: Vault,
    pub identity: concilia_identity::IdentityState,
    pub background: BackgroundPulse,
    /// The contract, as served.
    pub contract: Arc<str>,
}

#[derive(OpenApi)]
struct Contract;

/// The contract: what the handlers declare, finished by the document modifier.
pub fn document() -> Value {
    let (_, raw) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Contract::openapi())
        .configure(routes::configure)
        .split_for_parts();
    let raw = serde_json::to_value(raw).unwrap_or_default();
    contract::finish(raw, &policy::access)
}

/// The database as one worker thread sees it, and where its requests meet to ask it together.
fn install_database(config: &mut web::ServiceConfig, settings: &PoolSettings) -> Result<(), DbError> {
    let db = Db::new(settings.clone())?;
    config
        .app_data(web::Data::new(SubmissionQueue::start(db.clone(), settings.clone())?))
        .app_data(web::Data::new(OrderReads::start(db.clone(), settings.clone())?))
        .app_data(web::Data::new(db));
    Ok(())
}

/// Routes and shared state of one worker thread.
pub fn install(state: &AppState) -> impl FnOnce(&mut web::ServiceConfig) + use<> {
    let state = state.clone();
    move |config| {
        if let Err(error) = install_database(config, &state.pool) {
            tracing::error!(%error, "no pool");
        }
        let contract = Arc::clone(&state.contract);
        config
            .app_data(web::Data::new(state.gate.metrics.clone()))
            .app_data(web::Data::new(state.vault.clone()))
            .app_data(web::Data::new(state.background.clone()))
            .configure(|config| state.identity.install(config))
            .app_data(web::PayloadConfig::new(concilia_kernel::extract::JSON_LIMIT))
            .service(status::live)
            .service(status::ready)
            .service(metrics::get_metrics)
            .route(
                "/openapi.json",
                web::get().to(move || {
                    let body = web::Bytes::from(contract.as_bytes().to_vec());
                    std::future::ready(
                        HttpResponse::Ok()
                            .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
                            .content_type("application/json")
                            .body(body),
                    )
                }),
            )
            .service(
                utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}")
                    .config(utoipa_swagger_ui::Config::new(["/openapi.json"]).persist_authorization(true)),
            )
            .service(web::redirect("/", "/docs/"))
            .service(web::redirect("/docs", "/docs/"))
            .configure(|config| {
                let mut typed = utoipa_actix_web::service_config::ServiceConfig::new(config);
                routes::configure(&mut typed);
            })
            .default_service(web::to(gate::unmatched));
    }
}
