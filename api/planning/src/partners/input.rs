use super::PartnerRole;
use chrono::NaiveDate;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Problem, now};

/// A project has one lead, who drafted it.
pub(super) fn require_no_second_lead(role: PartnerRole) -> Result<(), Problem> {
    if role != PartnerRole::Lead {
        return Ok(());
    }
    let text = Text::new("un progetto ha un solo capofila", "a project has one lead");
    Err(Problem::new(Code::ValidationFailed)
        .with_error(FieldError::pointer("/role", "duplicate").value(role.as_str()).explain(&text)))
}

/// A mandate is signed before it is recorded.
pub(super) fn require_signed(mandate_on: Option<NaiveDate>) -> Result<(), Problem> {
    match mandate_on {
        Some(day) if day > now().date_naive() => Err(Problem::new(Code::ValidationFailed)
            .with_error(FieldError::pointer("/mandate_on", "in_future").value(day.to_string()))),
        _ => Ok(()),
    }
}
