use crate::provider_statement::{ProviderStatement, ProviderStatementLine};
use crate::schema::{provider_statement_lines, provider_statements};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::{Path, etag_of};
use concilia_kernel::{Actor, Db, Money, Problem, Role};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A statement with its orders.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderStatementDetail {
    /// The statement.
    pub statement: ProviderStatement,
    /// Its orders, in the order in which they were placed.
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<ProviderStatementLine>,
}

/// Read a provider statement
///
/// The statement and its lines, for the provider, the officers of the store's lead and the agency.
#[utoipa::path(
    tag = "payments",
    params(("provider_statement_id" = Uuid, Path, description = "The statement.")),
    responses((status = 200, description = "The statement with its lines.", body = ProviderStatementDetail,
        headers(("ETag" = String, description = "Version of the statement.")))),
)]
#[get("/v1/provider-statements/{provider_statement_id}")]
pub async fn get_provider_statement(
    actor: Actor,
    db: Data<Db>,
    provider_statement_id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let rows: Vec<(ProviderStatement, (Uuid, Money, Money, Money))> = provider_statements::table
        .inner_join(
            provider_statement_lines::table
                .on(provider_statement_lines::provider_statement_id.eq(provider_statements::id)),
        )
        .filter(provider_statements::territory_id.eq(actor.territory_id))
        .filter(provider_statements::id.eq(*provider_statement_id))
        .order(provider_statement_lines::order_id)
        .select((
            ProviderStatement::as_select(),
            (
                provider_statement_lines::order_id,
                provider_statement_lines::total,
                provider_statement_lines::covered,
                provider_statement_lines::family_share,
            ),
        ))
        .load(&mut &**reader)
        .await?;
    let [(statement, _), ..] = rows.as_slice() else { return Err(Problem::not_found()) };
    let statement = statement.clone();
    if !actor.holds(Role::Provider, statement.provider_id) {
        statement.decided_by(&actor)?;
    }
    let lines = rows.into_iter().map(|(_, (order_id, total, covered, family_share))| ProviderStatementLine {
        order_id,
        total,
        covered,
        family_share,
    });
    let etag = etag_of(statement.version);
    let detail = ProviderStatementDetail { statement, lines: lines.collect() };
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).json(detail))
}
