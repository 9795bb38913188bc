use super::{Questionnaire, author_role};
use crate::queries;
use crate::rules::states::QuestionnaireState;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::conditional::answer;
use concilia_kernel::extract::{IfNoneMatch, Path, etag_of};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Db, Problem};
use uuid::Uuid;

/// Get a questionnaire
///
/// What it asks; open to all while it takes answers. Those who ask, and the agency, see it always, with its link.
#[utoipa::path(
    tag = "actions",
    params(("questionnaire_id" = Uuid, Path, description = "The questionnaire."),
           ("If-None-Match" = Option<String>, Header, description = "Tag of a copy already held.")),
    responses((status = 200, description = "The questionnaire.", body = Questionnaire,
        headers(("ETag" = String, description = "Version of the questionnaire.")))),
)]
#[get("/v1/questionnaires/{questionnaire_id}")]
pub async fn get_questionnaire(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    held: IfNoneMatch,
) -> Result<HttpResponse, Problem> {
    let reader = db.reader().await?;
    let found = queries::questionnaires::find_of_any_territory(&mut &**reader, id.0).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let version = found.version;
    if author_role(actor.as_ref(), &found).is_some() {
        return answer(&held, &etag_of(version), &found.for_author(&vault));
    }
    if found.state != QuestionnaireState::Open {
        return Err(Problem::not_found());
    }
    // Without the link it is another representation, so another tag.
    answer(&held, &format!("\"{version}-public\""), &found.for_others())
}
