use super::{StoredQuestionnaire, token};
use crate::queries;
use crate::queries::sign_ups::Owner;
use crate::rules::kinds::QuestionnaireAudience;
use crate::rules::states::{QuestionnaireState, SignUpState};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::auth::OptionalActor;
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Actor, Code, Db, Problem, Role};
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

/// By what right a token is taken.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"link": null, "sign_up_id": null}))]
pub struct TakeQuestionnaireToken {
    /// What the public link carries, for that audience.
    #[serde(default)]
    #[schema(min_length = 22, max_length = 22, pattern = "^[A-Za-z0-9_-]+$")]
    #[validate(length(min = 22, max = 22), custom(function = "link_text"))]
    pub link: Option<String>,
    /// A sign-up of the caller's with a place, for the participants of an event.
    #[serde(default)]
    pub sign_up_id: Option<Uuid>,
}

fn link_text(text: &str) -> Result<(), validator::ValidationError> {
    let good = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if good { Ok(()) } else { Err(validator::ValidationError::new("pattern")) }
}

/// A token to answer with, once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"token": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}))]
pub struct QuestionnaireToken {
    /// Goes with the answers. It is not kept here, so it is given once: it cannot be given again.
    #[schema(min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]+$")]
    pub token: String,
}

/// Take a token to answer a questionnaire
///
/// One for each worker, and one for each sign-up with a place at the event; whoever holds the public link takes one for
/// each answer. Only that one was taken is kept, not which: answers are given with the token, without a login, and
/// nothing leads from them to who took it.
#[utoipa::path(
    tag = "actions",
    params(("questionnaire_id" = Uuid, Path, description = "The questionnaire.")),
    request_body = TakeQuestionnaireToken,
    responses((status = 201, description = "The token.", body = QuestionnaireToken),
              (status = 409, description = "It takes no answers (`conflict`), or the token was taken already \
                                            (`already_exists`).")),
)]
#[post("/v1/questionnaires/{questionnaire_id}/tokens")]
pub async fn create_questionnaire_token(
    OptionalActor(actor): OptionalActor,
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    body: Json<TakeQuestionnaireToken>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    let token =
        transaction(&mut conn, async |conn| take_token(conn, &vault, actor.as_ref(), id.0, &body).await).await?;
    Ok(HttpResponse::Created().json(QuestionnaireToken { token }))
}

/// Takes a token, as one whom the questionnaire asks.
pub async fn take_token(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    actor: Option<&Actor>,
    questionnaire_id: Uuid,
    body: &TakeQuestionnaireToken,
) -> Result<String, Problem> {
    let found = queries::questionnaires::find_of_any_territory(conn, questionnaire_id).await?;
    let found = found.filter(|found| found.state != QuestionnaireState::Draft).ok_or_else(Problem::not_found)?;
    if found.state != QuestionnaireState::Open {
        return Err(closed());
    }
    if let Some(taker) = taker(conn, vault, actor, &found, body).await? {
        let index = token::taker_index(vault, found.territory_id, found.id, taker);
        let new = queries::questionnaires::insert_taker(conn, found.territory_id, found.id, &index).await?;
        if !new {
            return Err(Problem::new(Code::AlreadyExists)
                .explain("Il codice è già stato ritirato.", "The token was taken already."));
        }
    }
    Ok(token::issue(vault, found.territory_id, found.id))
}

pub(super) fn closed() -> Problem {
    Problem::new(Code::Conflict)
        .explain("Il questionario non raccoglie più risposte.", "The questionnaire takes no more answers.")
}

/// Who takes the token, where each takes one; `None` for the public.
async fn taker(
    connection: &mut AsyncPgConnection,
    vault: &Vault,
    actor: Option<&Actor>,
    questionnaire: &StoredQuestionnaire,
    body: &TakeQuestionnaireToken,
) -> Result<Option<Uuid>, Problem> {
    let actor = actor.filter(|actor| actor.territory_id == questionnaire.territory_id);
    let refused = || {
        Problem::new(Code::NotEligible).explain(
            "Il questionario non è rivolto a chi lo chiede.",
            "The questionnaire does not ask the caller.",
        )
    };
    match questionnaire.audience {
        QuestionnaireAudience::PublicLink => {
            let given = body.link.as_deref().unwrap_or_default();
            let good = token::is_link(vault, questionnaire.territory_id, questionnaire.id, given);
            if good { Ok(None) } else { Err(Problem::invalid("/link", "not_found")) }
        }
        QuestionnaireAudience::Workers => {
            let worker = actor.filter(|actor| actor.has(Role::Worker)).ok_or_else(refused)?;
            Ok(Some(worker.id))
        }
        QuestionnaireAudience::EventParticipants => {
            let actor = actor.ok_or_else(refused)?;
            let unknown = || Problem::invalid("/sign_up_id", "not_found");
            let sign_up_id = body.sign_up_id.ok_or_else(unknown)?;
            // The agency sees every sign-up, but answers for none that it did not make.
            let owner = Owner { is_ats: false, ..Owner::of(actor) };
            let sign_up = queries::sign_ups::find(connection, &owner, sign_up_id).await?.ok_or_else(unknown)?;
            let has_place = sign_up.state == SignUpState::Confirmed;
            let is_there = Some(sign_up.event_id) == questionnaire.event_id && has_place;
            if is_there { Ok(Some(sign_up.id)) } else { Err(unknown()) }
        }
    }
}
