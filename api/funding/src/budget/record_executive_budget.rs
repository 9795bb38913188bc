use super::input::{ExecutiveBudgetInput, checked};
use super::queries::{BudgetReason, NewBudget, current_budget, insert_budget};
use super::row::CofinancingPart;
use crate::grant::{HeldGrant, ProjectGrant, hold_grant, load_view, touch};
use crate::stance::{Author, require_lead};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::outbox::publish;
use concilia_kernel::{Actor, Code, Db, Problem};
use concilia_planning::{ProjectState, partner_organisations};
use diesel_async::AsyncPgConnection;
use serde_json::json;
use uuid::Uuid;

/// Record the executive budget
///
/// By an officer of the lead, once the grant is accepted and until somebody signs the agreement: the budget proposed,
/// fitted to the grant that was assigned. Its cost items come to the grant and the co-financing together; co-financing
/// reaches its minimum share of the total, cut to the cent; coordination stays within its limit. Refused with 422 and
/// every rule that it breaks. Recorded again, it replaces the one before, which stays on record.
#[utoipa::path(
    tag = "funding",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = String, Header, description = "Version of the grant that the change starts from.")),
    request_body = ExecutiveBudgetInput,
    responses((status = 200, description = "The grant with its budget.", body = ProjectGrant,
                headers(("ETag" = String, description = "Version of the grant."))),
              (status = 409, description = "The project is not `accepted`, or its agreement has a signature: \
                                            `transition_not_allowed`, `conflict`.")),
)]
#[put("/v1/projects/{project_id}/executive-budget")]
pub async fn record_executive_budget(
    actor: Actor,
    db: Data<Db>,
    project_id: Path<Uuid>,
    seen: IfMatch,
    body: Json<ExecutiveBudgetInput>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let view = transaction(&mut conn, async |conn| {
        let held = hold_grant(conn, actor.territory_id, *project_id).await?;
        let author = require_lead(&actor, &held.project)?;
        seen.check(held.grant.version)?;
        record(conn, actor.territory_id, &held, &body, author).await?;
        load_view(conn, actor.territory_id, *project_id).await
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag_of(view.version))).json(view))
}

/// Records the executive budget of a grant that the transaction holds.
pub(crate) async fn record(
    conn: &mut AsyncPgConnection,
    territory_id: Uuid,
    held: &HeldGrant,
    input: &ExecutiveBudgetInput,
    author: Author,
) -> Result<(), Problem> {
    let HeldGrant { grant, project } = held;
    if project.state != ProjectState::Accepted {
        return Err(Problem::new(Code::TransitionNotAllowed).explain(
            format!("Il progetto è nello stato «{}»: il bilancio esecutivo si registra dopo l'accettazione e prima della firma.", project.state),
            format!("The project is in state '{}': the executive budget is recorded after acceptance and before the signature.", project.state),
        ));
    }
    if crate::agreements::is_signed_by_anyone(conn, territory_id, project.id).await? {
        return Err(Problem::new(Code::Conflict)
            .explain("La convenzione porta già una firma.", "The agreement bears a signature already."));
    }
    let partners = partner_organisations(conn, territory_id, &[project.id]).await?;
    let budget = checked(input, grant, &partners, "")?;
    let before = current_budget(conn, territory_id, project.id).await?;
    let parts: Vec<CofinancingPart> = input.cofinancing.iter().map(CofinancingPart::from).collect();
    let new = NewBudget {
        territory_id,
        project_id: project.id,
        number: before.map_or(1, |before| before.number + 1),
        reason: BudgetReason::Executive,
        budget,
        partners: &parts,
        note: input.note.as_deref(),
        recorded_by: author.id,
    };
    insert_budget(conn, &new).await?;
    touch(conn, grant).await?;
    let told = json!({ "number": new.number, "total": budget.costs.total() });
    publish(conn, territory_id, "project.executive_budget_recorded", project.id, told).await?;
    Ok(())
}
