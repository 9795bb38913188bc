//! What its author writes of a questionnaire.

use super::StoredQuestionnaire;
use crate::queries;
use crate::rules::kinds::{QuestionKind, QuestionnaireAudience};
use concilia_kernel::{Actor, Code, FieldError, Problem, Role, checks};
use diesel_async::AsyncPgConnection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};
use uuid::Uuid;
use validator::{Validate, ValidationError};

/// A questionnaire as its author writes it: the whole of it, at creation and at each change.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "organisation_id": "0193a5d0-6001-7000-8000-000000000003", "action_id": null, "event_id": null,
    "audience": "workers", "title": "Quanto ti ha aiutato il voucher?", "description": "Cinque minuti, in forma anonima.",
    "questions": [{"kind": "rating", "question": "Quanto sei soddisfatta o soddisfatto?", "options": [], "required": true},
                  {"kind": "free_text", "question": "Che cosa cambieresti?", "options": [], "required": false}]
}))]
pub struct QuestionnaireContent {
    /// Organisation that asks: one for which the caller is the agency's officer or an alliance's lead. Cannot change
    /// later.
    pub organisation_id: Uuid,
    /// The action that it is about; null for none.
    #[serde(default)]
    pub action_id: Option<Uuid>,
    /// The event whose participants it asks; given for that audience, and only there. Only the agency asks them.
    #[serde(default)]
    pub event_id: Option<Uuid>,
    pub audience: QuestionnaireAudience,
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 200), custom(function = "checks::line"))]
    pub title: String,
    /// What it is for.
    #[schema(
        min_length = 1,
        max_length = 2000,
        pattern = r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
    )]
    #[validate(length(min = 1, max = 2000), custom(function = "checks::text"))]
    pub description: String,
    /// Its questions, in order.
    #[schema(min_items = 1, max_items = 50)]
    #[validate(length(min = 1, max = 50), nested)]
    pub questions: Vec<QuestionContent>,
}

/// A question.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionContent {
    pub kind: QuestionKind,
    /// The question.
    #[schema(min_length = 1, max_length = 500, pattern = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")]
    #[validate(length(min = 1, max = 500), custom(function = "checks::line"))]
    pub question: String,
    /// What to choose from, each once, 1 to 200 characters: two or more for a choice, none for other kinds.
    #[serde(default)]
    #[schema(schema_with = options_schema)]
    #[validate(length(max = 20), custom(function = "options"))]
    pub options: Vec<String>,
    /// Whether it must be answered.
    pub required: bool,
}

/// The schema of what `options` takes.
pub(super) fn options_schema() -> Array {
    let option = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(200))
        .pattern(Some(r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"));
    ArrayBuilder::new()
        .description(Some("What to choose from, each once: two or more for a choice, none for other kinds."))
        .items(option)
        .max_items(Some(20))
        .unique_items(true)
        .build()
}

fn options(options: &[String]) -> Result<(), ValidationError> {
    for option in options {
        checks::line(option)?;
        if option.chars().count() > 200 {
            return Err(ValidationError::new("length"));
        }
    }
    checks::distinct(options)
}

impl QuestionnaireContent {
    /// The rules that look at several fields together.
    pub fn check_together(&self) -> Result<(), Problem> {
        let mut errors = vec![];
        if (self.audience == QuestionnaireAudience::EventParticipants) != self.event_id.is_some() {
            let code = if self.event_id.is_none() { "required" } else { "not_applicable" };
            errors.push(FieldError::pointer("/event_id", code));
        }
        for (at, question) in self.questions.iter().enumerate() {
            let is_choice = matches!(question.kind, QuestionKind::SingleChoice | QuestionKind::MultipleChoice);
            if is_choice != (question.options.len() >= 2) || (!is_choice && !question.options.is_empty()) {
                errors.push(FieldError::pointer(format!("/questions/{at}/options"), "length"));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(Problem::new(Code::ValidationFailed).with_errors(errors)) }
    }

    /// The role under which the caller asks, and what the questionnaire refers to.
    pub async fn check_references(
        &self,
        connection: &mut AsyncPgConnection,
        actor: &Actor,
    ) -> Result<Role, Problem> {
        let roles = [Role::Ats, Role::AllianceLead];
        let role = roles.into_iter().find(|role| actor.holds(*role, self.organisation_id));
        let role = role.ok_or_else(|| Problem::invalid("/organisation_id", "not_found"))?;
        if let Some(action_id) = self.action_id {
            let found = queries::actions::find(connection, actor.territory_id, action_id).await?;
            found.ok_or_else(|| Problem::invalid("/action_id", "not_found"))?;
        }
        if let Some(event_id) = self.event_id {
            let found = queries::events::find(connection, actor.territory_id, event_id).await?;
            found.filter(|_| role == Role::Ats).ok_or_else(|| Problem::invalid("/event_id", "not_found"))?;
        }
        Ok(role)
    }

    /// Refuses a change of who asks.
    pub fn check_against(&self, questionnaire: &StoredQuestionnaire) -> Result<(), Problem> {
        if self.organisation_id == questionnaire.organisation_id {
            return Ok(());
        }
        Err(Problem::invalid("/organisation_id", "immutable"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn accepted(change: impl FnOnce(&mut Value)) -> bool {
        let mut value = json!({
            "organisation_id": Uuid::nil(), "audience": "workers", "title": "T", "description": "D",
            "questions": [{"kind": "single_choice", "question": "Q", "options": ["a", "b"], "required": true}],
        });
        change(&mut value);
        serde_json::from_value::<QuestionnaireContent>(value)
            .is_ok_and(|content| content.validate().is_ok() && content.check_together().is_ok())
    }

    #[test]
    fn each_rule_of_the_content_is_held() {
        assert!(accepted(|_| ()));
        let question = |kind: &str, options: Value| json!([{"kind": kind, "question": "Q", "options": options, "required": true}]);
        assert!(accepted(|it| it["questions"] = question("rating", json!([]))));
        let broken: &[(&str, Value)] = &[
            ("audience", json!("event_participants")),
            ("event_id", json!(Uuid::nil())),
            ("questions", json!([])),
            ("questions", question("single_choice", json!(["a"]))),
            ("questions", question("multiple_choice", json!([]))),
            ("questions", question("multiple_choice", json!(["a", "a"]))),
            ("questions", question("multiple_choice", json!(["a", " "]))),
            ("questions", question("multiple_choice", json!(["a", "b".repeat(201)]))),
            ("questions", question("rating", json!(["a"]))),
            ("questions", question("free_text", json!(["a", "b"]))),
        ];
        for (field, value) in broken {
            assert!(!accepted(|it| it[*field] = value.clone()), "{field} = {value}");
        }
    }
}
