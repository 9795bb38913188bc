//! Is the service up? `/status` for people and gateways (Italian guideline), `/health/*` for orchestrators.

use actix_web::{HttpResponse, get, web::Data};
use concilia_kernel::problem::ProblemDocument;
use concilia_kernel::{Db, Problem, language};
use diesel_async::SimpleAsyncConnection;
use serde::Serialize;
use std::sync::Weak;
use utoipa::ToSchema;

/// State of the service, in the form of a problem whether up or down.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// Always `about:blank`.
    #[serde(rename = "type")]
    #[schema(format = "uri", max_length = 255, example = "about:blank")]
    type_: &'static str,
    /// `OK` when up.
    #[schema(max_length = 64, example = "OK")]
    title: &'static str,
    /// HTTP status, repeated.
    #[schema(format = Int32, minimum = 100, maximum = 599, example = 200)]
    #[serde(rename = "status")]
    code: u16,
    /// In words.
    #[schema(max_length = 255, example = "Il servizio è attivo.")]
    detail: &'static str,
}

/// State of the service
///
/// Answers 200 when the service and its database are up, 503 with Retry-After otherwise. Never cached: no-store.
#[utoipa::path(
    tag = "operations",
    responses(
        (status = 200, description = "Up.", body = Status, content_type = "application/problem+json"),
        (status = 503, description = "Down; retry after the stated seconds.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
#[get("/status")]
pub async fn get_status(db: Data<Db>) -> Result<HttpResponse, Problem> {
    reach(&db).await?;
    let detail = match language::current().language {
        language::Language::Italian => "Il servizio è attivo.",
        language::Language::English => "The service is up.",
    };
    let status = Status { type_: "about:blank", title: "OK", code: 200, detail };
    let body = serde_json::to_string(&status).map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type("application/problem+json").body(body))
}

#[get("/health/live")]
pub(super) async fn live() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Whether the thread of the background work goes on: what it holds is gone with it.
#[derive(Debug, Clone)]
pub struct BackgroundPulse(pub Weak<()>);

#[get("/health/ready")]
pub(super) async fn ready(db: Data<Db>, background: Data<BackgroundPulse>) -> Result<HttpResponse, Problem> {
    if background.0.strong_count() == 0 {
        return Err(Problem::unavailable(60, "the background work has stopped"));
    }
    reach(&db).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn reach(db: &Db) -> Result<(), Problem> {
    let mut conn = db.conn().await?;
    conn.batch_execute("SELECT 1").await.map_err(|error| Problem::unavailable(5, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, http::StatusCode};
    use concilia_kernel::db::PoolSettings;
    use std::time::Duration;

    #[actix_web::test]
    async fn a_server_without_its_background_is_not_ready() {
        let statement_timeout = Duration::from_secs(1);
        let db = Db::new(PoolSettings { url: String::new(), per_worker: 1, statement_timeout }).unwrap();
        let app =
            App::new().app_data(Data::new(db)).app_data(Data::new(BackgroundPulse(Weak::new()))).service(ready);
        let response =
            call_service(&init_service(app).await, TestRequest::get().uri("/health/ready").to_request()).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
