use super::attachment::{SEALED, receive};
use super::expense::Expense;
use super::queries;
use crate::reports::hold_report;
use crate::schema::{expense_attachments, expenses};
use crate::stance::Stance;
use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, put};
use aws_lc_rs::digest::{SHA256, digest};
use concilia_kernel::db::{cached, transaction};
use concilia_kernel::extract::{IfMatch, Path, Upload, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem, now};
use concilia_planning::find_project;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// Attach the document of an expense
///
/// A PDF of at most 10 MiB, by an officer of the expense's partner or of the lead, while the report is a draft; it takes
/// the place of the one before. It is kept sealed. The same file on two expenses of the territory is refused with 409
/// `document_already_reported`, unless the other was refused.
#[utoipa::path(
    tag = "funding",
    params(("expense_id" = Uuid, Path, description = "The expense."),
           ("If-Match" = String, Header, description = "Version the change starts from.")),
    request_body(content = inline(Upload), content_type = "application/pdf", description = "The document.",
        example = "%PDF-1.7"),
    responses((status = 200, description = "The expense.", body = Expense,
                headers(("ETag" = String, description = "Version of the expense."))),
              (status = 409, description = "The report is no draft (`transition_not_allowed`), the portal made the \
                                            expense (`conflict`), or the file is attached elsewhere \
                                            (`document_already_reported`).")),
)]
#[put("/v1/expenses/{expense_id}/attachment")]
pub async fn upload_expense_attachment(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    expense_id: Path<Uuid>,
    seen: IfMatch,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !media_type.is_some_and(|value| value.trim().eq_ignore_ascii_case("application/pdf")) {
        return Err(Problem::new(Code::UnsupportedMediaType)
            .explain("Il corpo deve essere application/pdf.", "The body must be application/pdf."));
    }
    // Looked at before the file is received: who may not attach it need not send it.
    let expense = writable(&db, &actor, *expense_id).await?;
    seen.check(expense.version)?;
    let file = receive(payload).await?;
    let mut conn = db.conn().await?;
    let expense = transaction(&mut conn, async |conn| {
        let report = hold_report(conn, actor.territory_id, expense.expense_report_id).await?;
        let (_, found) = queries::find(conn, actor.territory_id, expense.id).await?;
        seen.check(found.version)?;
        queries::require_draft(&report)?;
        attach(conn, &vault, actor.territory_id, found.id, &file, actor.id).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(expense.version))).json(expense))
}

async fn writable(db: &Db, actor: &Actor, id: Uuid) -> Result<Expense, Problem> {
    let conn = &mut *db.conn().await?;
    let (project_id, expense) = queries::find(conn, actor.territory_id, id).await?;
    let project = find_project(conn, actor.territory_id, project_id).await?.ok_or_else(Problem::not_found)?;
    Stance::of(conn, actor, &project).await?.writer(actor, expense.organisation_id)?;
    queries::require_typed(&expense)?;
    Ok(expense)
}

/// Attaches a file to an expense of a draft report that the transaction holds.
pub(crate) async fn attach(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    territory_id: Uuid,
    expense_id: Uuid,
    file: &[u8],
    by: Uuid,
) -> Result<Expense, Problem> {
    let hash = digest(&SHA256, file).as_ref().to_vec();
    let change = (expenses::attachment_sha256.eq(hash), expenses::version.eq(expenses::version + 1));
    cached(diesel::update(expenses::table.find(expense_id)).set(change))
        .execute(conn)
        .await
        .map_err(queries::reported_twice)?;
    let content = (
        expense_attachments::size.eq(i32::try_from(file.len()).unwrap_or(i32::MAX)),
        expense_attachments::sealed.eq(vault.seal(SEALED, file)),
        expense_attachments::uploaded_by.eq(by),
        expense_attachments::uploaded_at.eq(now()),
    );
    diesel::delete(expense_attachments::table.find(expense_id)).execute(conn).await?;
    diesel::insert_into(expense_attachments::table)
        .values((
            expense_attachments::expense_id.eq(expense_id),
            expense_attachments::territory_id.eq(territory_id),
            content,
        ))
        .execute(conn)
        .await?;
    let (_, expense) = queries::find(conn, territory_id, expense_id).await?;
    Ok(expense)
}
