use super::queries::{self, NewCard};
use super::{Scorecard, Viewer, require_scoring, with_names};
use crate::call_evaluation::is_closed;
use crate::conflicts::require_no_conflict;
use crate::rules::grid::faults;
use crate::rules::states::{SCORECARD, ScorecardState};
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{IfMatch, Json, Path, etag_of};
use concilia_kernel::problem::{FieldError, Problem};
use concilia_kernel::transition::{Agent, record};
use concilia_kernel::{Actor, Code, Db, Role, checks, new_id};
use concilia_planning::{Points, ProjectState, find_project, share_project_call};
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// A scorecard as its evaluator writes it: the whole of it, each time.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "scores": [{"criterion": "innovation", "points": "8.50", "comment": "Rete nuova per il territorio."}]
}))]
pub struct PutScorecard {
    /// Points for criteria of the call's grid, each once. A draft may lack some; a card that is submitted lacks none.
    #[schema(min_items = 0, max_items = 30)]
    #[validate(length(max = 30), nested)]
    pub scores: Vec<ScoreInput>,
}

/// Points for one criterion, as they are given.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreInput {
    /// Code of the criterion in the grid.
    #[schema(min_length = 2, max_length = 60, pattern = "^[a-z0-9]+(_[a-z0-9]+)*$", example = "innovation")]
    #[validate(length(min = 2, max = 60), custom(function = "checks::code"))]
    pub criterion: String,
    /// Points, from zero to the criterion's maximum.
    pub points: Points,
    /// Why; null to say nothing.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 2000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 2000), custom(function = "checks::text"))]
    pub comment: Option<String>,
}

/// Write one's scorecard
///
/// Creates or rewrites the caller's draft for an admissible project of a call under evaluation. Projects with which the
/// caller is in conflict of interest do not exist to it: an organisation that the caller is bound to, by a role or as a
/// worker, leads or joins the project, or did, or is or was in a project merged into it.
#[utoipa::path(
    tag = "evaluation",
    params(("project_id" = Uuid, Path, description = "The project."),
           ("If-Match" = Option<String>, Header, description = "Version the change starts from; required once the card \
                                                                exists.")),
    request_body = PutScorecard,
    responses((status = 200, description = "The changed draft.", body = Scorecard,
                headers(("ETag" = String, description = "Version of the card."))),
              (status = 201, description = "The draft, new.", body = Scorecard,
                headers(("Location" = String, description = "Address of the card."),
                        ("ETag" = String, description = "Version of the card."))),
              (status = 409, description = "The call is not being evaluated or its scoring is closed or the project is \
                                            not admissible (`conflict`), or the card has been submitted \
                                            (`transition_not_allowed`).")),
)]
#[put("/v1/projects/{project_id}/scorecard")]
pub async fn put_scorecard(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
    seen: Option<IfMatch>,
    body: Json<PutScorecard>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let (created, card) =
        transaction(&mut conn, async |conn| write(conn, &actor, id.0, seen.as_ref(), &body.scores).await).await?;
    let mut response = HttpResponse::build(if created { StatusCode::CREATED } else { StatusCode::OK });
    if created {
        response.insert_header((header::LOCATION, format!("/v1/scorecards/{}", card.id)));
    }
    Ok(response.insert_header((header::ETAG, etag_of(card.version))).json(card))
}

async fn write(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_id: Uuid,
    seen: Option<&IfMatch>,
    scores: &[ScoreInput],
) -> Result<(bool, Scorecard), Problem> {
    let territory_id = actor.territory_id;
    let project = find_project(conn, territory_id, project_id).await?.ok_or_else(Problem::not_found)?;
    require_no_conflict(conn, territory_id, actor.id, project_id).await?;
    let call_id = project.project_call_id.ok_or_else(Problem::not_found)?;
    let call = share_project_call(conn, territory_id, call_id).await?.ok_or_else(Problem::not_found)?;
    require_scoring(&call, is_closed(conn, territory_id, call_id).await?)?;
    if project.state != ProjectState::Admissible {
        return Err(Problem::new(Code::Conflict).explain(
            format!("Si valutano i progetti ammissibili; questo è nello stato «{}».", project.state),
            format!("Admissible projects are scored; this one is in state '{}'.", project.state),
        ));
    }
    let found = faults(&call.criteria.0, scores.iter().map(|score| (score.criterion.as_str(), score.points)));
    if !found.is_empty() {
        return Err(Problem::new(Code::ValidationFailed).with_errors(found));
    }
    let held = queries::hold(conn, territory_id, project_id, actor.id, None).await?;
    let (created, card_id) = if let Some(card) = held.first() {
        let seen = seen.ok_or_else(|| {
            Problem::new(Code::PreconditionRequired).with_error(FieldError::parameter("If-Match", "required"))
        })?;
        seen.check(card.version)?;
        SCORECARD.check(card.state, ScorecardState::Submitted)?;
        (false, card.id)
    } else {
        if seen.is_some() {
            return Err(IfMatch::stale());
        }
        (true, create(conn, actor, call_id, project_id).await?)
    };
    queries::write_points(conn, territory_id, (call_id, card_id), &call.criteria.0, scores).await?;
    let viewer = Viewer::of(actor);
    let row = queries::find(conn, viewer, card_id).await?.ok_or_else(Problem::not_found)?;
    let card = with_names(conn, viewer, vec![row]).await?.pop().ok_or_else(Problem::not_found)?;
    Ok((created, card))
}

/// A draft for the seat that the caller fills. A token may be older than the loss of the role.
async fn create(
    conn: &mut AsyncPgConnection,
    actor: &Actor,
    project_call_id: Uuid,
    project_id: Uuid,
) -> Result<Uuid, Problem> {
    let seat = queries::seat_of(conn, actor.territory_id, actor.id).await?;
    let new = NewCard {
        id: new_id(),
        territory_id: actor.territory_id,
        project_call_id,
        project_id,
        account_id: actor.id,
        organisation_id: seat.ok_or_else(|| Problem::new(Code::Forbidden))?,
    };
    queries::insert(conn, new).await?;
    let made = (None, ScorecardState::Draft.as_str());
    let agent = Agent::of(actor, Role::Evaluator);
    record(conn, actor.territory_id, (SCORECARD.aggregate, new.id), made, agent, None).await?;
    Ok(new.id)
}
