//! Results, as far as they may be shown.

use super::Question;
use crate::queries::results::{Counted, Told};
use crate::rules::disclosure::FEWEST;
use crate::rules::kinds::QuestionKind;
use concilia_kernel::Ratio;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a questionnaire's answers say together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "questionnaire_id": "0193a5d0-6008-7000-8000-000000000001", "answers": 25,
    "satisfaction": {"positive": 20, "ratings": 25, "share": "0.80", "target": "0.70", "is_reached": true},
    "questions": [{"position": 1, "kind": "rating", "question": "Quanto sei soddisfatta o soddisfatto?", "answers": 25,
                   "ratings": [1, 1, 3, 8, 12], "options": null, "texts": null}]
}))]
pub struct QuestionnaireResults {
    /// The questionnaire.
    pub questionnaire_id: Uuid,
    /// Answers that these results hold. While it is open, whole groups of five; results never differ from those seen
    /// before by fewer than five.
    #[schema(format = Int32, minimum = 5)]
    pub answers: i32,
    /// Share of positive ratings over all rating questions; null where none has five ratings.
    #[schema(required)]
    pub satisfaction: Option<Satisfaction>,
    /// Question by question.
    #[schema(min_items = 1, max_items = 50)]
    pub questions: Vec<QuestionResults>,
}

/// How many are satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Satisfaction {
    /// Ratings of 4 or 5.
    #[schema(minimum = 0)]
    pub positive: i64,
    /// Ratings in all.
    #[schema(minimum = 1)]
    pub ratings: i64,
    /// Positive ratings over all, cut to four decimals.
    pub share: Ratio,
    /// What the plan aims at: 0.70.
    pub target: Ratio,
    /// Whether the share, uncut, reaches the target.
    pub is_reached: bool,
}

impl Satisfaction {
    /// The 70% of the plan's indicator, in hundredths.
    const TARGET: i64 = 70;

    /// `None` without ratings.
    pub fn of(positive: i64, ratings: i64) -> Option<Self> {
        let share = Ratio::ten_thousandths((positive * 10_000).checked_div(ratings)?)?;
        let target = Ratio::hundredths(Self::TARGET)?;
        Some(Self { positive, ratings, share, target, is_reached: positive * 100 >= ratings * Self::TARGET })
    }
}

/// What the answers to a question say together. Every count is null for a question with fewer than five answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionResults {
    /// Place of the question, from 1.
    #[schema(format = Int32, minimum = 1, maximum = 50)]
    pub position: i16,
    pub kind: QuestionKind,
    /// The question.
    #[schema(min_length = 1, max_length = 500)]
    pub question: String,
    /// How many answered it.
    #[schema(required, format = Int32, minimum = 5)]
    pub answers: Option<i32>,
    /// How many gave 1, 2, 3, 4 and 5; for ratings.
    #[schema(required, min_items = 5, max_items = 5)]
    pub ratings: Option<Vec<i32>>,
    /// How many chose each option; for choices.
    #[schema(required, min_items = 2, max_items = 20)]
    pub options: Option<Vec<OptionResult>>,
    /// The texts, shuffled each time; at most 200 of them, drawn by lot. For free texts.
    #[schema(required, min_items = 5, max_items = 200)]
    pub texts: Option<Vec<String>>,
}

/// How many chose an option.
#[derive(Debug, Serialize, ToSchema)]
pub struct OptionResult {
    /// The option.
    #[schema(min_length = 1, max_length = 200)]
    pub option: String,
    /// How many chose it.
    #[schema(format = Int32, minimum = 0)]
    pub count: i32,
}

impl QuestionnaireResults {
    pub fn of(
        questionnaire_id: Uuid,
        answers: i32,
        questions: Vec<Question>,
        counted: &[Counted],
        texts: &[Told],
    ) -> Self {
        let results: Vec<QuestionResults> =
            questions.into_iter().map(|question| QuestionResults::of(question, counted, texts)).collect();
        let shown = results.iter().filter_map(|result| result.ratings.as_deref());
        let (mut positive, mut ratings) = (0, 0);
        for counts in shown {
            ratings += counts.iter().map(|count| i64::from(*count)).sum::<i64>();
            positive += counts[3..].iter().map(|count| i64::from(*count)).sum::<i64>();
        }
        let satisfaction = Satisfaction::of(positive, ratings);
        Self { questionnaire_id, answers, satisfaction, questions: results }
    }
}

impl QuestionResults {
    fn of(question: Question, counted: &[Counted], texts: &[Told]) -> Self {
        let position = question.position;
        let count = |value: i16| {
            let row = counted.iter().find(|row| row.position == position && row.value == Some(value));
            row.map_or(0, |row| row.count)
        };
        let answers = counted.iter().find(|row| row.position == position && row.value.is_none());
        let answers = answers.map(|row| row.count).filter(|count| *count >= FEWEST);
        let shown = |kind: bool| answers.filter(|_| kind);
        let is_choice = matches!(question.kind, QuestionKind::SingleChoice | QuestionKind::MultipleChoice);
        let ratings = shown(question.kind == QuestionKind::Rating).map(|_| (1..=5).map(count).collect());
        let told = texts.iter().filter(|row| row.position == position).map(|row| row.answer_text.clone());
        let texts = shown(question.kind == QuestionKind::FreeText).map(|_| told.collect());
        let options = shown(is_choice).map(|_| {
            let options = question.options.into_iter().zip(1..);
            options.map(|(option, place)| OptionResult { option, count: count(place) }).collect()
        });
        Self { position, kind: question.kind, question: question.question, answers, ratings, options, texts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(position: i16, kind: QuestionKind) -> Question {
        let options = if kind == QuestionKind::SingleChoice { vec!["a".into(), "b".into()] } else { vec![] };
        Question { position, kind, question: "Q".into(), options, required: false }
    }

    fn count(position: i16, value: Option<i16>, count: i32) -> Counted {
        Counted { position, value, count }
    }

    #[test]
    fn seventy_percent_is_reached_exactly() {
        let satisfied = Satisfaction::of(7, 10).unwrap();
        assert!(satisfied.is_reached);
        assert_eq!(satisfied.share.to_string(), "0.70");
        let short = Satisfaction::of(69_999, 100_000).unwrap();
        assert!(!short.is_reached, "{} is cut, not rounded", short.share);
        assert_eq!(Satisfaction::of(0, 0), None);
    }

    #[test]
    fn a_question_that_few_answered_says_nothing() {
        let questions = vec![
            question(1, QuestionKind::Rating),
            question(2, QuestionKind::Rating),
            question(3, QuestionKind::SingleChoice),
            question(4, QuestionKind::FreeText),
        ];
        let counted = [
            count(1, None, 6),
            count(1, Some(4), 3),
            count(1, Some(1), 3),
            count(2, None, 4),
            count(2, Some(5), 4),
            count(3, None, 5),
            count(3, Some(2), 5),
            count(4, None, 4),
        ];
        let texts = [Told { position: 4, answer_text: "secret".into() }];
        let results = QuestionnaireResults::of(Uuid::nil(), 6, questions, &counted, &texts);
        let shown = serde_json::to_value(&results).unwrap();
        assert_eq!(shown["questions"][0]["ratings"], serde_json::json!([3, 0, 0, 3, 0]));
        assert_eq!(shown["questions"][1]["answers"], serde_json::Value::Null);
        assert_eq!(shown["questions"][1]["ratings"], serde_json::Value::Null);
        assert_eq!(shown["questions"][2]["options"][1]["count"], 5);
        assert_eq!(shown["questions"][3]["texts"], serde_json::Value::Null);
        assert_eq!(shown["satisfaction"]["ratings"], 6, "the question with four ratings is left out");
        assert!(!shown.to_string().contains("secret"));
    }
}
