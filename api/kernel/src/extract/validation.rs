//! From `validator`'s findings to a problem with JSON pointers. Its default messages echo the
//! refused value, which may be personal: codes and limits leave, values do not.

use crate::problem::{Code, FieldError, Problem, Text, field_detail};
use serde_json::Value;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

pub(super) fn check<T: Validate>(value: &T) -> Result<(), Problem> {
    found(value, |at, code| FieldError::pointer(at, code), Code::ValidationFailed)
}

pub(super) fn check_query<T: Validate>(value: &T) -> Result<(), Problem> {
    found(value, |at, code| FieldError::parameter(at.trim_start_matches('/'), code), Code::InvalidParameter)
}

fn found<T: Validate>(value: &T, fault: fn(&str, &str) -> FieldError, code: Code) -> Result<(), Problem> {
    let Err(errors) = value.validate() else { return Ok(()) };
    let mut found = vec![];
    collect(&errors, "", &mut found);
    found.sort_by(|(at, one), (other_at, other)| at.cmp(other_at).then_with(|| one.code.cmp(&other.code)));
    Err(Problem::new(code).with_errors(found.iter().map(|(at, error)| {
        let fault = fault(at, &error.code);
        match limits(error) {
            Some(text) => fault.explain(&text),
            None => fault,
        }
    })))
}

/// The words of a field code with the limits that the rule states.
fn limits(error: &ValidationError) -> Option<Text> {
    let of = |name| error.params.get(name).and_then(number);
    let (it, en) = match (of("equal"), of("min"), of("max")) {
        (Some(exact), ..) => (exact.clone(), exact),
        (None, Some(min), Some(max)) => (format!("da {min} a {max}"), format!("from {min} to {max}")),
        (None, Some(min), None) => (format!("almeno {min}"), format!("at least {min}")),
        (None, None, Some(max)) => (format!("al massimo {max}"), format!("at most {max}")),
        (None, None, None) => return None,
    };
    let words = field_detail(&error.code);
    Some(Text::new(format!("{words}: {it}"), format!("{words}: {en}")))
}

/// A limit as people write it: `validator` states those of decimals as floats.
fn number(limit: &Value) -> Option<String> {
    match limit {
        Value::Number(number) => Some(number.to_string().trim_end_matches(".0").to_owned()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

fn collect<'a>(errors: &'a ValidationErrors, at: &str, out: &mut Vec<(String, &'a ValidationError)>) {
    for (field, kind) in errors.errors() {
        let at = if field == "__all__" { at.to_owned() } else { format!("{at}/{field}") };
        match kind {
            ValidationErrorsKind::Field(list) => {
                out.extend(list.iter().map(|error| (at.clone(), error)));
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &at, out),
            ValidationErrorsKind::List(list) => {
                for (index, inner) in list {
                    collect(inner, &format!("{at}/{index}"), out);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Money;

    #[derive(Validate)]
    struct Body {
        #[validate(range(min = 1, max = 120))]
        months: i32,
        #[validate(length(max = 3))]
        code: &'static str,
        #[validate(range(min = 0.5))]
        share: f64,
        #[validate(custom(function = "crate::checks::positive"))]
        amount: Money,
        #[validate(custom(function = "crate::checks::line"))]
        name: &'static str,
    }

    #[test]
    fn a_broken_limit_is_told_with_the_limit_and_without_the_value() {
        let body = Body { months: 121, code: "DSA2", share: 0.25, amount: Money::ZERO, name: "" };
        let errors = body.validate().expect_err("every rule is broken");
        let mut faults = vec![];
        collect(&errors, "", &mut faults);
        faults.sort_by(|a, b| a.0.cmp(&b.0));
        let told: Vec<_> =
            faults.iter().map(|(at, error)| (at.as_str(), limits(error).map(|text| text.it))).collect();
        let expected = [
            ("/amount", Some("valore fuori dai limiti: almeno 0.01")),
            ("/code", Some("lunghezza fuori dai limiti: al massimo 3")),
            ("/months", Some("valore fuori dai limiti: da 1 a 120")),
            ("/name", None),
            ("/share", Some("valore fuori dai limiti: almeno 0.5")),
        ];
        assert_eq!(told, expected.map(|(at, text)| (at, text.map(str::to_owned))));
    }
}
