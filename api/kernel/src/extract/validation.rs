//! From `validator`'s findings to a problem with JSON pointers. Its default messages echo the
//! refused value, which may be personal: only codes leave.

use crate::problem::{Code, FieldError, Problem};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

pub(super) fn check<T: Validate>(value: &T) -> Result<(), Problem> {
    let Err(errors) = value.validate() else { return Ok(()) };
    let mut found = vec![];
    collect(&errors, "", &mut found);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Err(Problem::new(Code::ValidationFailed)
        .with_errors(found.into_iter().map(|(pointer, code)| FieldError::pointer(pointer, &code))))
}

pub(super) fn check_query<T: Validate>(value: &T) -> Result<(), Problem> {
    let Err(errors) = value.validate() else { return Ok(()) };
    let mut found = vec![];
    collect(&errors, "", &mut found);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Err(Problem::new(Code::InvalidParameter).with_errors(
        found.into_iter().map(|(pointer, code)| FieldError::parameter(pointer.trim_start_matches('/'), &code)),
    ))
}

fn collect(errors: &ValidationErrors, at: &str, out: &mut Vec<(String, String)>) {
    for (field, kind) in errors.errors() {
        let at = if field == "__all__" { at.to_owned() } else { format!("{at}/{field}") };
        match kind {
            ValidationErrorsKind::Field(list) => {
                out.extend(list.iter().map(|error| (at.clone(), error.code.to_string())));
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
