use crate::{call_evaluation, final_scores, scorecards};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations of this context; the server puts them under its gate.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(scorecards::list_scorecards::list_scorecards)
        .service(scorecards::get_scorecard::get_scorecard)
        .service(scorecards::put_scorecard::put_scorecard)
        .service(scorecards::submit_scorecard::submit_scorecard)
        .service(call_evaluation::get_call_evaluation::get_call_evaluation)
        .service(call_evaluation::close_evaluation::close_evaluation)
        .service(final_scores::list_final_scores::list_final_scores)
        .service(final_scores::record_final_scores::record_final_scores);
}
