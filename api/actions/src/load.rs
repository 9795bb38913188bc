//! What the agency does with its actions, entered without a request, such as a year that is loaded. Each function judges as
//! its operation does; run within [`concilia_kernel::clock::as_of`], by the day of the act. Operations that only the
//! policy guards are the caller's to guard here.

pub use crate::actions::create_action::create as create_action;
pub use crate::actions::start_action::start as start_action;
pub use crate::attendance::update_event_attendance::{EventAttendanceContent, record_attendance};
pub use crate::company_paths::create_company_path::{NewCompanyPath, offer as create_company_path};
pub use crate::events::conclude_event::conclude as conclude_event;
pub use crate::events::create_event::create as create_event;
pub use crate::events::publish_event::publish as publish_event;
pub use crate::meetings::create_action_meeting::{NewActionMeeting, plan as create_action_meeting};
pub use crate::meetings::hold_action_meeting::{HeldActionMeeting, hold as hold_action_meeting};
pub use crate::participations::join_company_path::join as join_company_path;
pub use crate::participations::record_path_step::{NewPathStep, take_step as record_path_step};
pub use crate::payments::approve_action_payment::approve as approve_action_payment;
pub use crate::payments::create_action_payment::record_payment as create_action_payment;
pub use crate::questionnaires::answer_questionnaire::{QuestionnaireAnswers, answer as answer_questionnaire};
pub use crate::questionnaires::close_questionnaire::close as close_questionnaire;
pub use crate::questionnaires::create_questionnaire::create as create_questionnaire;
pub use crate::questionnaires::create_questionnaire_token::{TakeQuestionnaireToken, take_token};
pub use crate::questionnaires::open_questionnaire::open as open_questionnaire;
pub use crate::sign_ups::create_event_sign_ups::{NewEventSignUps, sign_up as create_event_sign_ups};
