use super::agreement::{Agreement, is_signed_by_anyone, last_agreement};
use super::document::{Contents, draw};
use crate::budget::current_budget;
use crate::grant::{HeldGrant, hold_grant};
use crate::input::Act;
use crate::schema::agreements;
use crate::stance::{Author, agency};
use crate::tranches::tranches_of;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use aws_lc_rs::digest::{SHA256, digest};
use concilia_kernel::extract::{IdempotencyKey, Json, Path, etag_of};
use concilia_kernel::idempotency::{Reply, RequestIdentity, once};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Code, Db, Problem, new_id, now};
use concilia_planning::ProjectState;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::json;
use uuid::Uuid;

/// Make the agreement
///
/// By the agency, once the executive budget, the CUP and the tranches are there: generates the document, with the act
/// that approves it, for both parties to sign. Made again, it takes the place of one that nobody signed: as is needed
/// once the budget, the CUP or the tranches have changed.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated request harmless.",
            min_length = 1, max_length = 255)),
    request_body = Act,
    responses((status = 201, description = "The agreement.", body = Agreement,
                headers(("Location" = String, description = "Address of the agreement."),
                        ("ETag" = String, description = "Version of the agreement."))),
              (status = 409, description = "The project is not `accepted` (`transition_not_allowed`), something the \
                                            agreement needs is missing, or a signature is there: `conflict`.")),
)]
#[post("/v1/projects/{project_id}/agreements")]
pub async fn create_agreement(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    key: IdempotencyKey,
    body: Json<Act>,
) -> Result<HttpResponse, Problem> {
    let request = RequestIdentity::new(key, "create_agreement", body.hash()).with_path(*project_id);
    let mut conn = db.conn().await?;
    once(&mut conn, &actor, request, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        let agreement = make(conn, actor.territory_id, &held, &body, agency(&actor)).await?;
        let location = format!("/v1/agreements/{}", agreement.id);
        Ok(Reply::created(location, &agreement)?.etag(etag_of(agreement.version)))
    })
    .await
}

/// Makes the agreement of a grant that the transaction holds.
pub(crate) async fn make(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    held: &HeldGrant,
    act: &Act,
    author: Author,
) -> Result<Agreement, Problem> {
    let HeldGrant { grant, project } = held;
    if project.state != ProjectState::Accepted {
        return Err(Problem::new(Code::TransitionNotAllowed).explain(
            format!("Il progetto è nello stato «{}»: la convenzione si fa dopo l'accettazione.", project.state),
            format!("The project is in state '{}': the agreement is made after acceptance.", project.state),
        ));
    }
    if is_signed_by_anyone(conn, territory_id, project.id).await? {
        return Err(Problem::new(Code::Conflict)
            .explain("La convenzione porta già una firma.", "The agreement bears a signature already."));
    }
    let missing = |it: &str, en: &str| {
        Problem::new(Code::Conflict)
            .explain(format!("Alla convenzione manca {it}."), format!("The agreement lacks {en}."))
    };
    let budget = current_budget(conn, territory_id, project.id).await?;
    let budget = budget.ok_or_else(|| missing("il bilancio esecutivo", "the executive budget"))?;
    let cup = grant.cup.as_deref().ok_or_else(|| missing("il CUP", "the CUP"))?;
    let tranches = tranches_of(conn, territory_id, project.id).await?;
    if tranches.is_empty() {
        return Err(missing("il piano dei pagamenti", "the schedule of the tranches"));
    }
    let contents = Contents::read(conn, territory_id, held, cup, (budget, tranches), act).await?;
    let budget_number = contents.budget.number;
    let document = draw(contents).await?;
    let before = last_agreement(conn, territory_id, project.id).await?;
    let agreement: Agreement = diesel::insert_into(agreements::table)
        .values((
            agreements::id.eq(new_id()),
            agreements::territory_id.eq(territory_id),
            agreements::project_id.eq(project.id),
            agreements::number.eq(before.map_or(1, |before| before.number + 1)),
            agreements::act.eq(&act.act),
            agreements::act_date.eq(act.act_date),
            agreements::budget_number.eq(budget_number),
            agreements::document_sha256.eq(digest(&SHA256, &document).as_ref()),
            agreements::document.eq(document),
            agreements::created_by.eq(author.id),
            agreements::created_at.eq(now()),
        ))
        .returning(Agreement::as_returning())
        .get_result(conn)
        .await?;
    let told = json!({ "project_id": project.id, "number": agreement.number });
    publish(conn, territory_id, "agreement.created", agreement.id, told).await?;
    Ok(agreement)
}
