use super::AdmissibleAmount;
use crate::queries::admissible_amounts;
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::problem::Text;
use concilia_kernel::{Actor, Code, Db, FieldError, Money, Problem, checks};
use concilia_planning::{
    ProjectCallState, ProjectState, ProjectSummary, find_project, hold_project, share_project_call,
};
use diesel_async::AsyncPgConnection;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// What is admissible of a project's request.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": "18500.00", "reason": "Spese di rappresentanza non ammissibili"}))]
pub struct SetAdmissibleAmount {
    /// EUR admissible, not above the request. The whole request undoes a lower amount.
    #[schema(value_type = String, format = "decimal", min_length = 4, max_length = 13, example = "18500.00",
             pattern = r"^(0|[1-9]\d{0,9})\.\d{2}$")]
    #[validate(custom(function = "checks::not_negative"))]
    pub amount: Money,
    /// Why; it is part of the allocation's explanation.
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::line"))]
    pub reason: String,
}

/// Set the admissible amount of a project
///
/// Says, with a reason, that less than the whole request is admissible. Allocations work on that amount. Every amount
/// ever set stays on record. A run already computed does not change: it can then no longer be approved.
#[utoipa::path(
    tag = "allocation",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = Option<String>, Header, description = "Version of the amount that is replaced.")),
    request_body = SetAdmissibleAmount,
    responses((status = 200, description = "The amount set.", body = AdmissibleAmount,
                headers(("ETag" = String, description = "Version of the amount."))),
              (status = 409, description = "The project is of no call, its call is still open, or it is past the \
                                            award: `conflict`.")),
)]
#[put("/v1/projects/{project_id}/admissible-amount")]
pub async fn set_admissible_amount(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    body: Json<SetAdmissibleAmount>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let amount = transaction(&mut conn, async |conn| {
        let project = hold_with_call(conn, actor.territory_id, id.0).await?;
        require_within(&project, body.amount)?;
        let last = last_of(conn, &project, actor.territory_id).await?;
        if let Some(seen) = seen {
            seen.check(last.as_ref().map_or(0, |last| i64::from(last.number)))?;
        }
        let asked = (body.amount, body.reason.as_str());
        if let Some(last) = last.filter(|last| (last.amount, last.reason.as_str()) == asked) {
            return Ok(last);
        }
        admissible_amounts::insert(conn, (actor.territory_id, project.id), asked, Some(actor.id)).await?;
        last_of(conn, &project, actor.territory_id).await?.ok_or_else(Problem::not_found)
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag_of(amount.number.into()))).json(amount))
}

async fn last_of(
    connection: &mut AsyncPgConnection,
    project: &ProjectSummary,
    territory_id: Uuid,
) -> Result<Option<AdmissibleAmount>, Problem> {
    Ok(admissible_amounts::of_projects(connection, territory_id, &[project.id]).await?.pop())
}

/// The project, held after its call, if an allocation may still look at it.
async fn hold_with_call(
    connection: &mut AsyncPgConnection,
    territory_id: Uuid,
    id: Uuid,
) -> Result<ProjectSummary, Problem> {
    let refused = |it: String, en: String| Problem::new(Code::Conflict).explain(it, en);
    let project = find_project(connection, territory_id, id).await?.ok_or_else(Problem::not_found)?;
    let call = match project.project_call_id {
        Some(call_id) => share_project_call(connection, territory_id, call_id).await?,
        None => None,
    };
    let project = hold_project(connection, territory_id, id).await?.ok_or_else(Problem::not_found)?;
    let Some(call) = call else {
        return Err(refused("Il progetto non è di un avviso.".into(), "The project is of no call.".into()));
    };
    if !matches!(call.state, ProjectCallState::Closed | ProjectCallState::Evaluating | ProjectCallState::Awarded) {
        return Err(refused(
            format!("L'avviso è nello stato «{}».", call.state),
            format!("The call is in state '{}'.", call.state),
        ));
    }
    let looked_at = [
        ProjectState::Submitted,
        ProjectState::IntegrationRequested,
        ProjectState::Admissible,
        ProjectState::Scored,
        ProjectState::Funded,
        ProjectState::NotFunded,
    ];
    if !looked_at.contains(&project.state) {
        return Err(refused(
            format!("Il progetto {} è nello stato «{}».", project.reference, project.state),
            format!("Project {} is in state '{}'.", project.reference, project.state),
        ));
    }
    Ok(project)
}

fn require_within(project: &ProjectSummary, amount: Money) -> Result<(), Problem> {
    if amount <= project.requested_grant {
        return Ok(());
    }
    let requested = project.requested_grant;
    Err(Problem::new(Code::ValidationFailed).with_error(
        FieldError::pointer("/amount", "range").value(amount.to_string()).explain(&Text::new(
            format!("il contributo richiesto è di EUR {requested}"),
            format!("the grant requested is EUR {requested}"),
        )),
    ))
}
