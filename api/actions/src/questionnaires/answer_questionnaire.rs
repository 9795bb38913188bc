use super::create_questionnaire_token::closed;
use super::token;
use crate::queries;
use crate::rules::answers::{Asked, Given, faults};
use crate::rules::disclosure::group_of;
use crate::rules::states::QuestionnaireState;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use concilia_kernel::db::transaction;
use concilia_kernel::extract::{Json, Path};
use concilia_kernel::vault::Vault;
use concilia_kernel::{Code, Db, Problem, checks};
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// Answers to a questionnaire.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "token": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "answers": [{"question": 1, "rating": 5, "options": null, "text": null}]
}))]
pub struct QuestionnaireAnswers {
    /// The token taken with `create_questionnaire_token`.
    #[schema(min_length = 43, max_length = 43, pattern = "^[A-Za-z0-9_-]+$")]
    #[validate(length(min = 43, max = 43))]
    pub token: String,
    /// The answers, one for each question that is answered.
    #[schema(min_items = 0, max_items = 50)]
    #[validate(length(max = 50), nested)]
    pub answers: Vec<QuestionAnswer>,
}

/// The answer to one question: exactly the field that its kind asks for.
#[derive(Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionAnswer {
    /// Place of the question, from 1.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    #[validate(range(min = 1, max = 50))]
    pub question: i16,
    /// For a rating: 1, worst, to 5, best.
    #[serde(default)]
    #[schema(format = Int32, minimum = 1, maximum = 5)]
    #[validate(range(min = 1, max = 5))]
    pub rating: Option<i16>,
    /// For a choice: places of the options chosen, from 1; exactly one for a single choice.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 20)]
    #[validate(length(min = 1, max = 20), custom(function = "places"))]
    pub options: Option<Vec<i16>>,
    /// For a free text.
    #[serde(default)]
    #[schema(
        min_length = 1,
        max_length = 1000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 1000), custom(function = "checks::text"))]
    pub text: Option<String>,
}

fn places(options: &[i16]) -> Result<(), ValidationError> {
    if options.iter().all(|place| (1..=20).contains(place)) { Ok(()) } else { Err(ValidationError::new("range")) }
}

/// Answer a questionnaire
///
/// Without a login, once for each token: a second time is refused. The answers are stored with nothing that leads to who
/// gave them: no account, no time, no order but in groups of five.
#[utoipa::path(
    tag = "actions",
    params(("questionnaire_id" = Uuid, Path, description = "The questionnaire.")),
    request_body = QuestionnaireAnswers,
    responses((status = 204, description = "The answers are stored."),
              (status = 409, description = "It takes no more answers (`conflict`), or the token was spent \
                                            (`already_exists`).")),
)]
#[post("/v1/questionnaires/{questionnaire_id}/answers")]
pub async fn answer_questionnaire(
    db: Data<Db>,
    vault: Data<Vault>,
    id: Path<Uuid>,
    body: Json<QuestionnaireAnswers>,
) -> Result<HttpResponse, Problem> {
    let mut conn = db.conn().await?;
    transaction(&mut conn, async |conn| answer(conn, &vault, id.0, &body).await).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Stores answers given with a token.
pub async fn answer(
    conn: &mut AsyncPgConnection,
    vault: &Vault,
    questionnaire_id: Uuid,
    body: &QuestionnaireAnswers,
) -> Result<(), Problem> {
    let found = queries::questionnaires::find_of_any_territory(conn, questionnaire_id).await?;
    let found = found.filter(|found| found.state != QuestionnaireState::Draft).ok_or_else(Problem::not_found)?;
    let spent = token::spend(vault, found.territory_id, found.id, &body.token);
    let spent = spent.ok_or_else(|| Problem::invalid("/token", "token_invalid"))?;
    let asked = found.questions.0.iter().map(|question| Asked {
        position: question.position,
        kind: question.kind,
        options: i16::try_from(question.options.len()).unwrap_or(0),
        required: question.required,
    });
    let given: Vec<Given<'_>> = body.answers.iter().map(QuestionAnswer::given).collect();
    let faults = faults(&asked.collect::<Vec<_>>(), &given);
    if !faults.is_empty() {
        return Err(Problem::new(Code::ValidationFailed).with_errors(faults));
    }
    let nth = queries::questionnaires::count_answer(conn, found.territory_id, found.id).await?;
    let group = group_of(nth.ok_or_else(closed)?);
    if !queries::questionnaires::insert_spent_token(conn, found.territory_id, found.id, &spent).await? {
        return Err(Problem::new(Code::AlreadyExists)
            .explain("Con questo codice si è già risposto.", "This token was spent already."));
    }
    let values = serde_json::to_value(&body.answers).map_err(Problem::internal)?;
    queries::questionnaires::insert_answer(conn, found.territory_id, found.id, group, values).await?;
    Ok(())
}

impl QuestionAnswer {
    fn given(&self) -> Given<'_> {
        Given {
            question: self.question,
            rating: self.rating,
            options: self.options.as_deref(),
            text: self.text.as_deref(),
        }
    }
}
