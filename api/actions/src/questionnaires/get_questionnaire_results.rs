use super::{QuestionnaireResults, hold_for_author};
use crate::queries;
use crate::rules::disclosure::{last_group, shown};
use crate::rules::states::QuestionnaireState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::Path;
use concilia_kernel::{Actor, Code, Db, Problem};
use uuid::Uuid;

/// Get the results of a questionnaire
///
/// From five answers up, and question by question only where five answered: fewer say who said what. While it is open
/// they move by whole groups of five, and they never move by fewer than five from what was seen before. For those who
/// ask and the agency.
#[utoipa::path(
    tag = "actions",
    params(("questionnaire_id" = Uuid, Path, description = "The questionnaire.")),
    responses((status = 200, description = "The results.", body = QuestionnaireResults),
              (status = 409, description = "Fewer than five have answered: `too_few_answers`.")),
)]
#[get("/v1/questionnaires/{questionnaire_id}/results")]
pub async fn get_questionnaire_results(
    actor: Actor,
    db: Data<Db>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let results = transaction(&mut conn, async |conn| {
        let (found, _) = hold_for_author(conn, &actor, id.0).await?;
        let is_open = found.state == QuestionnaireState::Open;
        let held = shown(found.answers, found.answers_shown, is_open);
        let held = held.ok_or_else(|| Problem::new(Code::TooFewAnswers))?;
        if is_open && held > found.answers_shown {
            queries::results::remember_shown(conn, found.territory_id, found.id, held).await?;
        }
        let group = last_group(held, found.answers);
        let counted = queries::results::count(conn, found.territory_id, found.id, group).await?;
        let texts = queries::results::texts(conn, found.territory_id, found.id, group).await?;
        Ok(QuestionnaireResults::of(found.id, held, found.questions.0, &counted, &texts))
    })
    .await?;
    Ok(HttpResponse::Ok().json(results))
}
