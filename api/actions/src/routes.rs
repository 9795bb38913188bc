use crate::{
    actions, attendance, certificates, company_paths, events, meetings, participations, payments, questionnaires,
    sign_ups,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(actions::create_action::create_action)
        .service(actions::update_action::update_action)
        .service(actions::list_actions::list_actions)
        .service(actions::get_action::get_action)
        .service(actions::start_action::start_action)
        .service(actions::conclude_action::conclude_action)
        .service(actions::cancel_action::cancel_action)
        .service(payments::create_action_payment::create_action_payment)
        .service(payments::reverse_action_payment::reverse_action_payment)
        .service(payments::approve_action_payment::approve_action_payment)
        .service(payments::refuse_action_payment::refuse_action_payment)
        .service(payments::list_action_payments::list_action_payments)
        .service(meetings::create_action_meeting::create_action_meeting)
        .service(meetings::hold_action_meeting::hold_action_meeting)
        .service(meetings::cancel_action_meeting::cancel_action_meeting)
        .service(meetings::list_action_meetings::list_action_meetings)
        .service(events::create_event::create_event)
        .service(events::update_event::update_event)
        .service(events::publish_event::publish_event)
        .service(events::conclude_event::conclude_event)
        .service(events::cancel_event::cancel_event)
        .service(events::list_events::list_events)
        .service(events::get_event::get_event)
        .service(sign_ups::create_event_sign_ups::create_event_sign_ups)
        .service(sign_ups::list_event_sign_ups::list_event_sign_ups)
        .service(sign_ups::get_event_sign_up::get_event_sign_up)
        .service(sign_ups::cancel_event_sign_up::cancel_event_sign_up)
        .service(certificates::get_event_certificate::get_event_certificate)
        .service(attendance::get_event_attendance::get_event_attendance)
        .service(attendance::update_event_attendance::update_event_attendance)
        .service(company_paths::create_company_path::create_company_path)
        .service(company_paths::list_company_paths::list_company_paths)
        .service(company_paths::get_company_path::get_company_path)
        .service(company_paths::close_company_path::close_company_path)
        .service(participations::join_company_path::join_company_path)
        .service(participations::list_path_participations::list_path_participations)
        .service(participations::get_path_participation::get_path_participation)
        .service(participations::record_path_step::record_path_step)
        .service(participations::withdraw_path_participation::withdraw_path_participation)
        .service(questionnaires::create_questionnaire::create_questionnaire)
        .service(questionnaires::update_questionnaire::update_questionnaire)
        .service(questionnaires::list_questionnaires::list_questionnaires)
        .service(questionnaires::get_questionnaire::get_questionnaire)
        .service(questionnaires::open_questionnaire::open_questionnaire)
        .service(questionnaires::close_questionnaire::close_questionnaire)
        .service(questionnaires::create_questionnaire_token::create_questionnaire_token)
        .service(questionnaires::answer_questionnaire::answer_questionnaire)
        .service(questionnaires::get_questionnaire_results::get_questionnaire_results);
}
