use crate::provider_statement::{ProviderStatement, ProviderStatementState};
use crate::queries;
use crate::schema::provider_statements;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::cached;
use concilia_kernel::extract::{IdempotencyKey, IfMatch, Path};
use concilia_kernel::idempotency::{self, RequestIdentity};
use concilia_kernel::{Actor, Code, Db, Problem, now};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

/// Approve a provider statement
///
/// By an officer of the store's lead or of the agency, never by the statement's author (409 `approver_is_author`).
/// `If-Match` is optional: the state already guards the step, and the header adds that the approver has seen this
/// version.
#[utoipa::path(
    tag = "payments",
    params(
        ("provider_statement_id" = Uuid, Path, description = "The statement."),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
         min_length = 1, max_length = 255),
        ("If-Match" = Option<String>, Header, description = "Version that was read; 412 if it is no longer the last.",
         max_length = 255),
    ),
    responses(
        (status = 200, description = "The statement, approved.", body = ProviderStatement,
         headers(("ETag" = String, description = "Version of the statement."))),
        (status = 409, description = "Its state does not allow it, or the approver is its author.",
         body = concilia_kernel::problem::ProblemDocument, content_type = "application/problem+json"),
        (status = 412, description = "It has changed.", body = concilia_kernel::problem::ProblemDocument,
         content_type = "application/problem+json"),
    ),
)]
#[post("/v1/provider-statements/{provider_statement_id}/approve")]
pub async fn approve_provider_statement(
    actor: Actor,
    db: Data<Db>,
    provider_statement_id: Path<Uuid>,
    key: IdempotencyKey,
    seen: Option<IfMatch>,
) -> Result<HttpResponse, Problem> {
    let request =
        RequestIdentity::new(key, "approve_provider_statement", [0; 32]).with_path(*provider_statement_id);
    let mut conn = db.conn().await?;
    idempotency::once(&mut conn, &actor, request, async |conn| {
        let statement = queries::lock(conn, actor.territory_id, *provider_statement_id).await?;
        let agent = statement.decided_by(&actor)?;
        statement.check_move(ProviderStatementState::Approved, seen.as_ref())?;
        if statement.created_by == actor.id {
            return Err(Problem::new(Code::ApproverIsAuthor));
        }
        let approved = cached(
            diesel::update(provider_statements::table.find(statement.id))
                .set((
                    provider_statements::state.eq(ProviderStatementState::Approved),
                    provider_statements::approved_by.eq(actor.id),
                    provider_statements::approved_at.eq(now()),
                    provider_statements::version.eq(provider_statements::version + 1),
                ))
                .returning(ProviderStatement::as_returning()),
        )
        .get_result::<ProviderStatement>(conn)
        .await?;
        queries::announce(conn, actor.territory_id, &approved, Some(statement.state), agent).await?;
        approved.reply()
    })
    .await
}
