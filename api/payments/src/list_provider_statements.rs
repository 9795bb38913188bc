use crate::provider_statement::{ProviderStatement, ProviderStatementState};
use crate::schema::provider_statements;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::{Actor, Db, Page, Problem, Role};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListProviderStatements {
    /// Only those of this store.
    pub store_id: Option<Uuid>,
    /// Only those of this provider.
    pub provider_id: Option<Uuid>,
    /// Only those in this state.
    pub state: Option<ProviderStatementState>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List provider statements
///
/// A provider sees its own, a lead's officers those of its stores, the agency all of the territory; the newest first.
#[utoipa::path(
    tag = "payments",
    params(ListProviderStatements),
    responses((status = 200, description = "Statements without their lines.", body = Page<ProviderStatement>)),
)]
#[get("/v1/provider-statements")]
pub async fn list_provider_statements(
    actor: Actor,
    db: Data<Db>,
    query: Query<ListProviderStatements>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let mut rows = provider_statements::table
        .filter(provider_statements::territory_id.eq(actor.territory_id))
        .select(ProviderStatement::as_select())
        .order(provider_statements::id.desc())
        .limit(limit + 1)
        .into_boxed();
    if !actor.has(Role::Ats) {
        let own = provider_statements::provider_id.eq_any(actor.organisations(Role::Provider));
        let led = provider_statements::lead_organisation_id.eq_any(actor.organisations(Role::AllianceLead));
        rows = rows.filter(own.or(led));
    }
    if let Some(store_id) = query.store_id {
        rows = rows.filter(provider_statements::store_id.eq(store_id));
    }
    if let Some(provider_id) = query.provider_id {
        rows = rows.filter(provider_statements::provider_id.eq(provider_id));
    }
    if let Some(state) = query.state {
        rows = rows.filter(provider_statements::state.eq(state));
    }
    if let Some(after) = after {
        rows = rows.filter(provider_statements::id.lt(after));
    }
    let reader = db.reader().await?;
    let rows: Vec<ProviderStatement> = rows.load(&mut &**reader).await?;
    Ok(HttpResponse::Ok().json(page(rows, limit, |statement| statement.id)))
}
