use super::{Questionnaire, author_role};
use crate::queries;
use crate::queries::questionnaires::Selection;
use crate::rules::kinds::QuestionnaireAudience;
use crate::rules::states::QuestionnaireState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::extract::Query;
use concilia_kernel::page::{decode_cursor, limit_or_default, page};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Db, Page, Problem, Role};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

/// Which questionnaires to list.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuestionnaires {
    /// Only questionnaires in this state.
    pub state: Option<QuestionnaireState>,
    /// Only questionnaires that ask these people.
    pub audience: Option<QuestionnaireAudience>,
    /// Only questionnaires about this action.
    pub action_id: Option<Uuid>,
    /// Opaque cursor: `next` of the page before.
    #[validate(length(min = 1, max = 1024))]
    #[param(min_length = 1, max_length = 1024, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<String>,
    /// Items per page, 1 to 200; 50 unless told.
    #[validate(range(min = 1, max = 200))]
    #[param(minimum = 1, maximum = 200, format = Int32, default = 50)]
    pub limit: Option<i64>,
}

/// List the questionnaires
///
/// Those of the caller's territory that take answers, oldest first; those who ask, and the agency, see theirs in every
/// state. One with a public link is seen by those who ask only: others need the link.
#[utoipa::path(
    tag = "actions",
    params(ListQuestionnaires),
    responses((status = 200, description = "A page of questionnaires.", body = Page<Questionnaire>)),
)]
#[get("/v1/questionnaires")]
pub async fn list_questionnaires(
    actor: Actor,
    db: Data<Db>,
    vault: Data<Vault>,
    query: Query<ListQuestionnaires>,
) -> Result<HttpResponse, Problem> {
    let after: Option<Uuid> = decode_cursor(query.cursor.as_deref())?;
    let limit = limit_or_default(query.limit);
    let selection = Selection {
        is_ats: actor.has(Role::Ats),
        leads: actor.organisations(Role::AllianceLead),
        state: query.state,
        audience: query.audience,
        action_id: query.action_id,
    };
    let reader = db.reader().await?;
    let found =
        queries::questionnaires::list(&mut &**reader, actor.territory_id, &selection, after, limit).await?;
    let found = page(found, limit, |row| row.id).map(|row| {
        if author_role(Some(&actor), &row).is_some() { row.for_author(&vault) } else { row.for_others() }
    });
    Ok(HttpResponse::Ok().json(found))
}
