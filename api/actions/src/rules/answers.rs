//! Whether answers fit their questions.

use super::kinds::QuestionKind;
use concilia_kernel::FieldError;
use std::collections::HashSet;

/// What the rules ask of a question.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    pub position: i16,
    pub kind: QuestionKind,
    /// How many options there are to choose from.
    pub options: i16,
    pub required: bool,
}

/// An answer to one question; exactly the field that the question's kind asks for is given.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub question: i16,
    pub rating: Option<i16>,
    pub options: Option<&'a [i16]>,
    pub text: Option<&'a str>,
}

/// Everything wrong with a set of answers, by JSON pointer. Values are never shown: they are what somebody thinks.
pub fn faults(asked: &[Asked], given: &[Given<'_>]) -> Vec<FieldError> {
    let mut faults = vec![];
    let mut seen = HashSet::new();
    for (at, answer) in given.iter().enumerate() {
        let here = |field: &str, code: &str| FieldError::pointer(format!("/answers/{at}/{field}"), code);
        if !seen.insert(answer.question) {
            faults.push(here("question", "duplicate"));
            continue;
        }
        match asked.iter().find(|question| question.position == answer.question) {
            None => faults.push(here("question", "not_found")),
            Some(question) => faults.extend(fault_of(*question, answer).map(|(field, code)| here(field, code))),
        }
    }
    let missing = asked.iter().filter(|question| question.required && !seen.contains(&question.position));
    faults.extend(missing.map(|question| FieldError::pointer("/answers", "required").value(question.position)));
    faults
}

/// The field at fault and the rule it breaks.
fn fault_of(question: Asked, answer: &Given<'_>) -> Option<(&'static str, &'static str)> {
    let wanted = match question.kind {
        QuestionKind::Rating => "rating",
        QuestionKind::SingleChoice | QuestionKind::MultipleChoice => "options",
        QuestionKind::FreeText => "text",
    };
    let fields = [
        ("rating", answer.rating.is_some()),
        ("options", answer.options.is_some()),
        ("text", answer.text.is_some()),
    ];
    for (field, is_given) in fields {
        if field == wanted && !is_given {
            return Some((field, "required"));
        }
        if field != wanted && is_given {
            return Some((field, "type"));
        }
    }
    let options = answer.options.unwrap_or_default();
    if options.iter().any(|option| !(1..=question.options).contains(option)) {
        return Some(("options", "range"));
    }
    if question.kind == QuestionKind::SingleChoice && options.len() != 1 {
        return Some(("options", "length"));
    }
    let distinct: HashSet<_> = options.iter().collect();
    (distinct.len() != options.len()).then_some(("options", "duplicate"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ASKED: [Asked; 4] = [
        Asked { position: 1, kind: QuestionKind::Rating, options: 0, required: true },
        Asked { position: 2, kind: QuestionKind::SingleChoice, options: 3, required: false },
        Asked { position: 3, kind: QuestionKind::MultipleChoice, options: 3, required: false },
        Asked { position: 4, kind: QuestionKind::FreeText, options: 0, required: false },
    ];

    fn nothing(question: i16) -> Given<'static> {
        Given { question, rating: None, options: None, text: None }
    }

    fn rating(value: i16) -> Given<'static> {
        Given { rating: Some(value), ..nothing(1) }
    }

    fn codes(given: &[Given<'_>]) -> Vec<(String, String)> {
        let faults = faults(&ASKED, given).into_iter();
        faults.map(|fault| (fault.pointer.unwrap_or_default(), fault.code)).collect()
    }

    #[test]
    fn each_kind_takes_its_own_field() {
        let whole = [
            rating(5),
            Given { options: Some(&[2]), ..nothing(2) },
            Given { options: Some(&[1, 3]), ..nothing(3) },
            Given { text: Some("Bene"), ..nothing(4) },
        ];
        assert!(codes(&whole).is_empty());
        assert!(codes(&whole[..1]).is_empty(), "what is not required may be left out");
        let broken: &[(&[Given<'_>], &str, &str)] = &[
            (&[], "/answers", "required"),
            (&[rating(1), nothing(2)], "/answers/1/options", "required"),
            (&[Given { text: Some("x"), ..rating(1) }], "/answers/0/text", "type"),
            (&[rating(1), Given { options: Some(&[4]), ..nothing(2) }], "/answers/1/options", "range"),
            (&[rating(1), Given { options: Some(&[1, 2]), ..nothing(2) }], "/answers/1/options", "length"),
            (&[rating(1), Given { options: Some(&[1, 1]), ..nothing(3) }], "/answers/1/options", "duplicate"),
            (&[rating(1), rating(2)], "/answers/1/question", "duplicate"),
            (&[rating(1), nothing(9)], "/answers/1/question", "not_found"),
        ];
        for (given, pointer, code) in broken {
            assert_eq!(codes(given), [((*pointer).to_owned(), (*code).to_owned())]);
        }
    }

    proptest! {
        #[test]
        fn choices_are_taken_if_and_only_if_they_are_distinct_options(options in prop::collection::vec(-1_i16..6, 1..5)) {
            let given = [rating(3), Given { options: Some(&options), ..nothing(3) }];
            let distinct: HashSet<_> = options.iter().collect();
            let good = distinct.len() == options.len() && options.iter().all(|option| (1..=3).contains(option));
            prop_assert_eq!(faults(&ASKED, &given).is_empty(), good);
        }
    }
}
