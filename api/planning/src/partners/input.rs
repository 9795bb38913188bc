use super::PartnerRole;
use concilia_kernel::problem::Text;
use concilia_kernel::{Code, FieldError, Problem};

/// A project has one lead, who drafted it.
pub(super) fn require_no_second_lead(role: PartnerRole) -> Result<(), Problem> {
    if role != PartnerRole::Lead {
        return Ok(());
    }
    let text = Text::new("un progetto ha un solo capofila", "a project has one lead");
    Err(Problem::new(Code::ValidationFailed)
        .with_error(FieldError::pointer("/role", "duplicate").value(role.as_str()).explain(&text)))
}
